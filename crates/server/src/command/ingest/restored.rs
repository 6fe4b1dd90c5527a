//! `ingest restored`: after a backup has been restored, events are numbered beyond what was seen.

use ::ingest::restored::{Continued, go_on_after};
use clap::Args;

use crate::config::Config;

/// How far clients have come.
#[derive(Args)]
pub struct RestoredArguments {
    /// The highest event number that any client can have seen, or a higher one: numbers that are
    /// left out cost nothing, and one that is given out twice cannot be taken back.
    #[arg(long, value_name = "N")]
    last_event: i64,
}

/// Lets the numbering go on.
///
/// # Errors
/// When ingest runs, the number is too low, or a service does not answer.
pub async fn run(arguments: RestoredArguments, config: Config) -> anyhow::Result<()> {
    let store = crate::command::connect(&config, "restored").await?;
    let done = go_on_after(&config.ingest, &store, arguments.last_event).await;
    store.close().await;
    let Continued { backup, last_event } = done?;
    println!("the backup's last event is {backup}; the next event will be {}", last_event + 1);
    if backup < last_event {
        println!(
            "start `persontjenesten ingest`; tell whoever keeps a copy both numbers, and what \
             docs/events.md says of a disaster"
        );
    }
    Ok(())
}
