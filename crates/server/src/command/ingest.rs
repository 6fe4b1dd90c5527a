//! `ingest` and `bulk`: the halves that fill the register.

mod parked;
mod patience;
mod rerender;
mod restored;
mod skip_gap;
mod status;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ::ingest::bulk::{BulkProgress, BulkStage};
use ::ingest::stopped::{self, Standing};
use ::ingest::{Keys, apply, collect, contacts, reconcile};
use anyhow::Context;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use store::Store;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::{shutdown, telemetry};

/// Which halves of ingest this process runs: all of them when none is named.
#[derive(Args)]
pub struct IngestArguments {
    #[command(subcommand)]
    work: Option<Work>,
}

/// What this process does, when it is not everything that goes on and on.
#[derive(Subcommand)]
enum Work {
    #[command(flatten)]
    Half(Half),
    /// Load the tables of where things lie from SSB and Kartverket, and end.
    Geography(super::geography::GeographyArguments),
    /// Show how far everything is, what waits, and who does it.
    Status(status::StatusArguments),
    /// Show what could not be applied, try it again, or leave it out.
    Parked(parked::ParkedArguments),
    /// Render everybody anew from the stored documents, after a change of the code.
    Rerender(rerender::RerenderArguments),
    /// After a backup has been restored: number events beyond those that clients have seen.
    Restored(restored::RestoredArguments),
    /// Let applying go past records that are gone from Kafka, and collect again what can be.
    SkipGap(skip_gap::SkipGapArguments),
    /// Publish persons with a felles hjelpenummer, and end.
    Ain(AinArguments),
}

/// A half of ingest.
#[derive(Clone, Copy, PartialEq, Eq, Subcommand)]
enum Half {
    /// From FREG to Kafka.
    Collect,
    /// From Kafka to Postgres.
    Apply,
    /// From KRR to Kafka: contact details.
    Contacts,
    /// Compare the register with FREG and KRR, window after window.
    Reconcile,
}

/// Which persons with a felles hjelpenummer.
#[derive(Args)]
struct AinArguments {
    /// One JSON object on each line, as `docs/ain.md` describes them; `-` is standard input.
    file: PathBuf,
}

/// How to load in bulk.
#[derive(Args)]
pub struct BulkArguments {
    /// Order a new extract even though one has been loaded to its end.
    #[arg(long)]
    force_new: bool,
    /// Return when everything is published, without waiting until it is applied.
    #[arg(long)]
    publish_only: bool,
    /// Write what was done to this file, as JSON.
    #[arg(long)]
    report: Option<PathBuf>,
}

/// Runs the halves until a signal. One that ends for good is told, and takes no other with it.
///
/// # Errors
/// What keeps all of them from beginning.
pub async fn run(arguments: IngestArguments, config: Config) -> anyhow::Result<()> {
    let only = match arguments.work {
        Some(Work::Geography(arguments)) => return super::geography::run(arguments, config).await,
        Some(Work::Status(arguments)) => return status::run(arguments, config).await,
        Some(Work::Parked(arguments)) => return parked::run(arguments, config).await,
        Some(Work::Rerender(arguments)) => return rerender::run(arguments, config).await,
        Some(Work::Restored(arguments)) => return restored::run(arguments, config).await,
        Some(Work::SkipGap(arguments)) => return skip_gap::run(arguments, config).await,
        Some(Work::Ain(arguments)) => return ain(&arguments, &config).await,
        Some(Work::Half(half)) => Some(half),
        None => None,
    };
    let shutdown = shutdown::on_signal()?;
    let keys = config.keys.keys()?;
    usable(&config)?;
    let standing = Standing::default();
    let faults = standing.clone();
    let stopped = move || faults.stopped();
    telemetry::serve_metrics(config.metrics, stopped, shutdown.clone()).await?;
    let store = super::connect(&config, "ingest").await?;
    keep(only, &config, &store, &keys, &standing, &shutdown).await;
    store.close().await;
    Ok(())
}

/// Does what was asked for until shutdown.
async fn keep(
    only: Option<Half>,
    config: &Config,
    store: &Store,
    keys: &Keys,
    standing: &Standing,
    shutdown: &CancellationToken,
) {
    let asked = |half| only.is_none_or(|only| only == half);
    let half = |task| stopped::Half { task, store, standing };
    let config = &config.ingest;
    tokio::join!(
        when(
            asked(Half::Collect),
            half("collect").keep(shutdown, || collect::run(config, store, keys, shutdown))
        ),
        when(
            asked(Half::Contacts),
            half("contacts").keep(shutdown, || contacts::run(config, store, keys, shutdown))
        ),
        when(
            asked(Half::Apply),
            half("apply").keep(shutdown, || apply::run(config, store, keys, shutdown))
        ),
        when(
            asked(Half::Reconcile),
            half("reconcile").keep(shutdown, || reconcile::run(config, store, keys, shutdown))
        ),
    );
}

async fn when(asked: bool, work: impl Future<Output = ()>) {
    if asked {
        work.await;
    }
}

/// Nothing is published unless every line can be used. Of the settings it needs Kafka's and the keys
/// alone.
async fn ain(arguments: &AinArguments, config: &Config) -> anyhow::Result<()> {
    let keys = config.keys.keys()?;
    let file = &arguments.file;
    let lines = if file.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(file)
    };
    let lines = lines.with_context(|| format!("{} cannot be read", file.display()))?;
    let records = ::ingest::ain::read(&lines).context("nothing was published")?;
    ::ingest::ain::publish(&config.ingest, &keys, &records).await?;
    println!("{} records published to {}", records.len(), config.ingest.kafka.ain_topic);
    Ok(())
}

/// Loads in bulk.
///
/// # Errors
/// What stopped it; what was published stays published, and the next run goes on there.
pub async fn bulk(arguments: BulkArguments, config: Config) -> anyhow::Result<()> {
    let shutdown = shutdown::on_signal()?;
    let keys = config.keys.keys()?;
    usable(&config)?;
    let store = super::connect(&config, "bulk").await?;
    let (sender, receiver) = watch::channel(BulkProgress::default());
    let shown = tokio::spawn(show(receiver));
    let started = Instant::now();
    let options = ::ingest::bulk::BulkOptions {
        force_new: arguments.force_new,
        publish_only: arguments.publish_only,
    };
    let loaded =
        ::ingest::bulk::run(&config.ingest, &store, &keys, options, &sender, &shutdown).await;
    drop(sender);
    shown.await?;
    let report = loaded.context("the bulk load did not come to its end")?;
    let elapsed = started.elapsed();
    let totals = store.totals().await?;
    store.close().await;
    let documents_per_s = report.published_now as f64 / elapsed.as_secs_f64().max(0.001);
    eprintln!(
        "bulk load: {} documents in {:.1} s ({documents_per_s:.0} a second), {} persons in the \
         register, {} parked",
        report.published_now,
        elapsed.as_secs_f64(),
        totals.persons,
        totals.parked,
    );
    if let Some(file) = arguments.report {
        let report = json!({
            "documents": report.documents_published,
            "from_sequence": report.from_sequence,
            "publishing_ms": report.publishing.as_millis() as u64,
            "elapsed_ms": elapsed.as_millis() as u64,
            "bulk_docs_per_s": documents_per_s.round(),
            "persons": totals.persons,
            "events": totals.last_sequence,
            "parked": totals.parked,
        });
        std::fs::write(&file, report.to_string())
            .with_context(|| format!("the report cannot be written to {}", file.display()))?;
    }
    Ok(())
}

/// Nothing is wrong with the settings of ingest, as far as can be seen without calling anybody.
///
/// # Errors
/// Every fault at once.
pub fn usable(config: &Config) -> anyhow::Result<()> {
    let faults = config.ingest.faults();
    anyhow::ensure!(
        faults.is_empty(),
        "the configuration has {} fault(s):\n  - ingest.{}",
        faults.len(),
        faults.join("\n  - ingest.")
    );
    Ok(())
}

/// Two bars on a terminal, a line every few seconds elsewhere.
async fn show(mut progress: watch::Receiver<BulkProgress>) {
    let bars = indicatif::MultiProgress::new();
    let published = bars.add(bar("published"));
    let applied = bars.add(bar("applied"));
    let is_terminal = !published.is_hidden();
    let mut last_line = Instant::now();
    while progress.changed().await.is_ok() {
        let now = *progress.borrow_and_update();
        let total = now.documents_total.unwrap_or(now.documents_published);
        let done = match now.stage {
            BulkStage::Ordered | BulkStage::Publishing => 0,
            BulkStage::Applying => total - now.records_waiting,
            BulkStage::MakingSearchable | BulkStage::Done => total,
        };
        for (bar, count) in [(&published, now.documents_published), (&applied, done)] {
            bar.set_length(total.max(0) as u64);
            bar.set_position(count.max(0) as u64);
        }
        if !is_terminal && last_line.elapsed() > Duration::from_secs(5) {
            last_line = Instant::now();
            eprintln!(
                "bulk load: {} documents published, {} records waiting to be applied",
                now.documents_published, now.records_waiting
            );
        }
    }
    published.abandon();
    applied.abandon();
}

fn bar(name: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{prefix:>10} {bar:40} {human_pos}/{human_len} documents, {per_sec}, {elapsed}",
    );
    let bar = ProgressBar::new(0).with_prefix(name);
    if let Ok(style) = style { bar.with_style(style) } else { bar }
}
