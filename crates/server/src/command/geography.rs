//! `ingest geography`: loads the tables of where things lie, with a report first.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ::ingest::clock::Clock;
use ::ingest::geography::{self, GeographyProgress, GeographyReport, Outcome, Step, UpdateOptions};
use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::watch;

use crate::config::Config;
use crate::shutdown;

/// How to load geography.
#[derive(Args)]
pub struct GeographyArguments {
    /// Say what would change, and change nothing.
    #[arg(long)]
    report_only: bool,
    /// Load what would be refused. What cannot be read as a whole cannot be forced either.
    #[arg(long)]
    force: bool,
    /// Write the report to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Read SSB's tables from this folder: 104, 131, 1, 103 and 1-103, as .json or .csv.
    #[arg(long, value_name = "DIR")]
    klass_dir: Option<PathBuf>,
    /// Read the addresses from this archive of Kartverket's.
    #[arg(long, value_name = "FILE.zip")]
    addresses: Option<PathBuf>,
}

/// Loads geography, or says why not.
///
/// # Errors
/// What could not be fetched or read, and a refusal; nothing has changed then.
pub async fn run(arguments: GeographyArguments, config: Config) -> anyhow::Result<()> {
    let shutdown = shutdown::on_signal()?;
    let keys = config.keys.keys()?;
    let faults = config.ingest.geography.faults();
    anyhow::ensure!(faults.is_empty(), "ingest.{}", faults.join("\ningest."));
    let store = super::connect(&config, "geography").await?;
    let (sender, receiver) = watch::channel(GeographyProgress::default());
    let shown = tokio::spawn(show(receiver));
    let started = Instant::now();
    let options = UpdateOptions {
        report_only: arguments.report_only,
        force: arguments.force,
        klass_dir: arguments.klass_dir,
        addresses: arguments.addresses,
        today: Clock::default().now().day(),
    };
    let config = &config.ingest.geography;
    let loaded = geography::update(config, &store, &keys, &options, &sender, &shutdown).await;
    drop(sender);
    shown.await?;
    store.close().await;
    let report = loaded.context("geography was not loaded")?;
    print!("{report}");
    eprintln!("geography: {:.1} s", started.elapsed().as_secs_f64());
    if let Some(file) = arguments.report {
        write(&report, &file)?;
    }
    anyhow::ensure!(
        report.outcome != Outcome::Refused,
        "geography was refused: see above; --force loads it all the same"
    );
    Ok(())
}

fn write(report: &GeographyReport, file: &PathBuf) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report).context("the report is no JSON")?;
    std::fs::write(file, text)
        .with_context(|| format!("the report cannot be written to {}", file.display()))
}

/// A bar on a terminal, a line every few seconds elsewhere.
async fn show(mut progress: watch::Receiver<GeographyProgress>) {
    let bar = ProgressBar::new(0);
    let style =
        ProgressStyle::with_template("{prefix:>12} {bar:40} {human_pos}/{human_len}, {elapsed}");
    let bar = if let Ok(style) = style { bar.with_style(style) } else { bar };
    let mut last_line = Instant::now();
    while progress.changed().await.is_ok() {
        let GeographyProgress { step, done, total } = *progress.borrow_and_update();
        let what = name(step);
        bar.set_prefix(what);
        bar.set_length(total.unwrap_or(done));
        bar.set_position(done);
        if bar.is_hidden() && last_line.elapsed() > Duration::from_secs(5) {
            last_line = Instant::now();
            let total = total.map(|total| format!(" of {total}")).unwrap_or_default();
            eprintln!("geography: {what}, {done}{total}");
        }
    }
    bar.finish_and_clear();
}

fn name(step: Step) -> &'static str {
    match step {
        Step::Klass => "asking Klass",
        Step::Archive => "downloading",
        Step::Reading => "reading",
        Step::Persons => "persons",
        Step::Writing => "writing",
    }
}
