//! `selfcheck`: asks a running register, through its public API, whether it does what it is for.
//!
//! It knows the sandbox behind it, so it can compare what is served with what FREG has, and make
//! changes happen and wait for them to arrive.

mod alternates;
mod changes;
mod enrichment;
mod lookups;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use serde_json::{Map, Value, json};

use self::enrichment::Figures;
use self::world::World;

/// What to check.
#[derive(Args)]
pub struct SelfcheckArguments {
    /// The API's public base URL.
    #[arg(long)]
    api: String,
    /// The sandbox that the register is fed from.
    #[arg(long)]
    sandbox: String,
    /// The report that `bulk --report` wrote; its figures are passed on.
    #[arg(long)]
    bulk_report: Option<PathBuf>,
}

/// Runs every check, also after one has failed, and prints one line of JSON last.
///
/// # Errors
/// When the checks cannot begin: no sandbox, no token.
pub async fn run(arguments: SelfcheckArguments) -> anyhow::Result<ExitCode> {
    let report = arguments.bulk_report.as_ref().map(read_report).transpose()?;
    let world = World::connect(&arguments.api, &arguments.sandbox).await?;
    let mut checks = Checks::default();
    checks.add("lookup_by_number", lookups::by_number(&world)).await;
    checks.add("lookup_by_id", lookups::by_id(&world)).await;
    checks.add("bulk", lookups::bulk(&world)).await;
    checks.add("history", lookups::history(&world)).await;
    checks.add("restricted_access", lookups::restricted_access(&world)).await;
    checks.add("enrichment_settles", enrichment::settled(&world)).await;
    checks.add("urban_districts", enrichment::districts(&world)).await;
    checks.add("contacts", enrichment::contacts(&world)).await;
    checks.add("contact_change", enrichment::contact_change(&world)).await;
    checks.add("address_protection", changes::protection(&world)).await;
    checks.add("refusals", lookups::refusals(&world)).await;
    checks.add("d_number_becomes_foedselsnummer", changes::new_number(&world)).await;
    checks.add("merge", changes::merge(&world)).await;
    let lag = checks.add("change_becomes_event", changes::a_move(&world)).await;
    let persons = report.as_ref().and_then(|report| report["persons"].as_i64());
    let events = checks.add("event_feed", changes::feed(&world, persons)).await;
    let alternates = checks.add("felles_hjelpenummer", alternates::check(&world)).await;
    let figures = checks.add("everybody_counted", enrichment::figures(&world)).await;
    Ok(checks.finish(Found { persons, alternates, events, lag, figures }, report))
}

fn read_report(file: &PathBuf) -> anyhow::Result<Value> {
    let shown = || format!("the report {} cannot be read", file.display());
    let text = std::fs::read_to_string(file).with_context(shown)?;
    serde_json::from_str(&text).with_context(shown)
}

/// Figures that checks came upon; none from one that failed.
struct Found {
    persons: Option<i64>,
    alternates: Option<i64>,
    events: Option<i64>,
    lag: Option<u64>,
    figures: Option<Figures>,
}

/// What the checks came to.
#[derive(Default)]
struct Checks {
    outcomes: Map<String, Value>,
    failed: bool,
}

impl Checks {
    async fn add<T>(
        &mut self,
        name: &str,
        check: impl Future<Output = anyhow::Result<T>>,
    ) -> Option<T> {
        let started = Instant::now();
        let outcome = check.await;
        let elapsed_ms = started.elapsed().as_millis();
        let shown = match &outcome {
            Ok(_) => {
                eprintln!("  ok      {name} ({elapsed_ms} ms)");
                json!("ok")
            }
            Err(error) => {
                self.failed = true;
                eprintln!("  FAILED  {name}: {error:#}");
                json!(format!("{error:#}"))
            }
        };
        self.outcomes.insert(name.to_owned(), shown);
        outcome.ok()
    }

    fn finish(self, found: Found, report: Option<Value>) -> ExitCode {
        let Found { persons, alternates, events, lag, figures } = found;
        let line = json!({
            "ok": !self.failed,
            "persons": persons,
            "ain_persons": alternates,
            "events": events,
            "urban_districts": figures.map(|figures| figures.urban_districts),
            "contacts": figures.map(|figures| figures.contacts),
            "bulk_docs_per_s": report.map_or(Value::Null, |report| report["bulk_docs_per_s"].clone()),
            "feed_lag_ms": lag,
            "checks": self.outcomes,
        });
        println!("{line}");
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
