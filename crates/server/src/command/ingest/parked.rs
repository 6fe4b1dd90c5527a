//! `ingest parked`: what could not be applied, and what is to become of it.

use std::time::Duration;

use ::ingest::park;
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use store::{ParkSelection, ParkedEntry, Store};
use tokio_util::sync::CancellationToken;

use super::patience::{Patience, until_done};
use crate::config::Config;
use crate::shutdown;

/// Records that are read at a time.
const PAGE: i64 = 1_000;

/// What to do about parked records.
#[derive(Args)]
pub struct ParkedArguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    list: ListArguments,
}

#[derive(Subcommand)]
enum Action {
    /// Show what waits in the park.
    List(ListArguments),
    /// Try records again, each with all that waits for the same person.
    Retry(RetryArguments),
    /// Leave records out, and try again what waits behind them. Where an address protection may
    /// have been in one, the person's addresses stay hidden until FREG's next document.
    Skip(SkipArguments),
}

#[derive(Args, Clone)]
struct ListArguments {
    /// Show national numbers.
    #[arg(long)]
    numbers: bool,
    /// Write JSON: one line for each record.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct RetryArguments {
    /// Their names in the park.
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<i64>,
    /// Everything that is parked.
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    /// Fetch FREG's documents of today for them first.
    #[arg(long)]
    fetch: bool,
}

#[derive(Args)]
struct SkipArguments {
    /// Their names in the park.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,
    /// Why; it is kept with the record in the park's history.
    #[arg(long)]
    reason: String,
}

/// Lists, retries or skips.
///
/// # Errors
/// When the store does not answer, or nothing does what was decided.
pub async fn run(arguments: ParkedArguments, config: Config) -> anyhow::Result<()> {
    let shutdown = shutdown::on_signal()?;
    let store = crate::command::connect(&config, "parked").await?;
    let done = match arguments.action {
        None => list(&store, &arguments.list).await,
        Some(Action::List(arguments)) => list(&store, &arguments).await,
        Some(Action::Retry(arguments)) => retry(&store, &config, arguments, &shutdown).await,
        Some(Action::Skip(arguments)) => skip(&store, arguments, &shutdown).await,
    };
    store.close().await;
    done
}

async fn list(store: &Store, arguments: &ListArguments) -> anyhow::Result<()> {
    let (mut after, mut shown) = (0, 0);
    loop {
        let page = store.parked(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for entry in &page {
            if arguments.json {
                println!("{}", as_json(entry, arguments.numbers));
                continue;
            }
            if shown == 0 {
                println!(
                    "{}",
                    row(["ID", "AGE", "REASON", "SEQUENCE", "TRIED", "PERSON", "RECORD"])
                );
            }
            shown += 1;
            println!("{}", line(entry, arguments.numbers));
        }
    }
    if !arguments.json && shown == 0 {
        println!("nothing is parked");
    }
    Ok(())
}

fn row(columns: [&str; 7]) -> String {
    let [id, age, reason, sequence, tried, person, record] = columns;
    format!("{id:>8}  {age:>9}  {reason:<19}  {sequence:>10}  {tried:>5}  {person:<36}  {record}")
}

fn line(entry: &ParkedEntry, numbers: bool) -> String {
    let (topic, partition, offset) = &entry.place;
    let person = entry.person_id.map_or_else(|| "unknown".to_owned(), |id| id.0.to_string());
    let number = entry.number.as_ref().filter(|_| numbers);
    let number = number.map(|number| format!("  {}", number.as_str())).unwrap_or_default();
    let decision = entry.decision.map(|decision| format!("  {decision:?}")).unwrap_or_default();
    let columns = [
        &entry.id.to_string(),
        &age(entry.age),
        &format!("{:?}", entry.reason),
        &entry.source_sequence.map(|sequence| sequence.to_string()).unwrap_or_default(),
        &entry.attempts.to_string(),
        &person,
        &format!("{topic}/{partition}@{offset}{number}{decision}"),
    ];
    row(columns.map(String::as_str))
}

fn as_json(entry: &ParkedEntry, numbers: bool) -> Value {
    let (topic, partition, offset) = &entry.place;
    let mut value = json!({
        "id": entry.id,
        "person": entry.person_id.map(|id| id.0.to_string()),
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "sequence": entry.source_sequence,
        "reason": format!("{:?}", entry.reason),
        "age_s": entry.age.as_secs(),
        "attempts": entry.attempts,
        "decision": entry.decision.map(|decision| format!("{decision:?}")),
    });
    if let Some(number) = entry.number.as_ref().filter(|_| numbers) {
        value["number"] = json!(number.as_str());
    }
    value
}

/// An age as a person says it: `42 s`, `17 min`, `5 h`, `3 days`.
pub fn age(age: Duration) -> String {
    let s = age.as_secs();
    let units = [(86_400, "days"), (3_600, "h"), (60, "min")];
    let unit = units.into_iter().find(|(size, _)| s >= 2 * size);
    unit.map_or_else(|| format!("{s} s"), |(size, name)| format!("{} {name}", s / size))
}

async fn retry(
    store: &Store,
    config: &Config,
    arguments: RetryArguments,
    shutdown: &CancellationToken,
) -> anyhow::Result<()> {
    let selection =
        if arguments.all { ParkSelection::All } else { ParkSelection::Ids(arguments.ids) };
    if arguments.fetch {
        super::usable(config)?;
        let ids = ids_of(store, &selection).await?;
        let keys = config.keys.keys()?;
        let fetched = park::fetch(&config.ingest, store, &keys, &ids, shutdown).await;
        let fetched = fetched.context("documents cannot be fetched")?;
        eprintln!(
            "{} records have FREG's document of today, {} have none to have",
            fetched.renewed, fetched.without
        );
    }
    let ids = store.retry_parked(&selection).await?;
    outcome(store, &ids, shutdown).await
}

async fn ids_of(store: &Store, selection: &ParkSelection) -> anyhow::Result<Vec<i64>> {
    if let ParkSelection::Ids(ids) = selection {
        return Ok(ids.clone());
    }
    let (mut ids, mut after) = (Vec::new(), 0);
    loop {
        let page = store.parked(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(ids) };
        after = last.id;
        ids.extend(page.iter().map(|entry| entry.id));
    }
}

async fn skip(
    store: &Store,
    arguments: SkipArguments,
    shutdown: &CancellationToken,
) -> anyhow::Result<()> {
    let reason = arguments.reason.trim();
    ensure!(!reason.is_empty(), "--reason is empty: say why the records are left out");
    let ids = store.skip_parked(&arguments.ids, reason).await?;
    outcome(store, &ids, shutdown).await
}

/// Waits until the writer has done what was decided, and says what came of it.
async fn outcome(store: &Store, ids: &[i64], shutdown: &CancellationToken) -> anyhow::Result<()> {
    if ids.is_empty() {
        println!("no such record is parked");
        return Ok(());
    }
    let still = async || {
        let still = store.still_parked(ids).await?;
        let undone = still.iter().filter(|(_, decided)| *decided).count();
        anyhow::Ok((undone, still.len()))
    };
    let remaining = until_done(Patience::new("parked records", ids.len()), still, shutdown).await?;
    println!("{} of {} records have left the park", ids.len() - remaining, ids.len());
    ensure!(remaining == 0, "{remaining} cannot be applied: see `ingest parked list`");
    Ok(())
}
