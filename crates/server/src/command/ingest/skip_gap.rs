//! `ingest skip-gap`: applying goes past records that are gone from Kafka.

use ::ingest::gap::{self, Passed};
use anyhow::ensure;
use clap::Args;
use store::PassedPartition;

use crate::config::Config;

/// Which records, and why.
#[derive(Args)]
pub struct SkipGapArguments {
    /// The topic; `ingest status` says of which one records are gone.
    #[arg(long)]
    topic: String,
    /// What has happened to them; it is kept in the table `passed_over`.
    #[arg(long)]
    reason: String,
}

/// Lets applying go past them, and says what makes up for them.
///
/// # Errors
/// When ingest runs, nothing is gone, or a service does not answer.
pub async fn run(arguments: SkipGapArguments, config: Config) -> anyhow::Result<()> {
    let SkipGapArguments { topic, reason } = arguments;
    ensure!(!reason.trim().is_empty(), "--reason is empty: say what has happened to the records");
    let store = crate::command::connect(&config, "skip-gap").await?;
    let passed = gap::pass(&config.ingest, &store, &topic, reason.trim()).await;
    store.close().await;
    let Passed { partitions, collected_again_from, to_do } = passed?;
    for PassedPartition { partition, from, to } in partitions {
        println!("{topic}, partition {partition}: goes on at {to}; {from} came next");
    }
    if let Some(sequence) = collected_again_from {
        println!("FREG's feed is collected again from {sequence}: nothing is left out");
    }
    println!("start `persontjenesten ingest`; then {to_do}");
    Ok(())
}
