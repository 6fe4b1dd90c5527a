//! `reconcile`: is the register what FREG and KRR say, and what has that come to over time?

mod page;
mod summary;

use std::path::PathBuf;

use ::ingest::reconcile::{self, Options, Whom};
use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use store::{ComparedWith, ComparisonCounts, Store};

use self::summary::{Summary, as_json};
use crate::config::Config;
use crate::shutdown;

/// Whom to compare, with whom, and what to do about it.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ReconcileArguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    compare: CompareArguments,
}

#[derive(Subcommand)]
enum Action {
    /// Show what comparing has come to, day by day.
    Report(ReportArguments),
}

#[derive(Args)]
struct CompareArguments {
    /// Only with one of the sources.
    #[arg(long)]
    with: Option<Source>,
    /// So many persons, going on where the last comparison ended [default: as the schedule].
    #[arg(long)]
    persons: Option<u32>,
    /// Everybody once, by number.
    #[arg(long, conflicts_with = "persons")]
    everybody: bool,
    /// Everybody once, by a new extract of FREG: finds also whom the register does not have.
    #[arg(long, conflicts_with_all = ["persons", "everybody", "with"])]
    extract: bool,
    /// The most persons that are looked up in a minute [default: as the schedule; no limit with
    /// --extract].
    #[arg(long)]
    persons_per_minute: Option<u32>,
    /// Put nothing right.
    #[arg(long)]
    report_only: bool,
    /// Write one line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Source {
    Freg,
    Krr,
}

#[derive(Args)]
struct ReportArguments {
    /// How many days back.
    #[arg(long, default_value_t = 90)]
    days: u32,
    /// Write one line of JSON.
    #[arg(long, conflicts_with = "html")]
    json: bool,
    /// Write a page to this file, which needs nothing else to be looked at.
    #[arg(long)]
    html: Option<PathBuf>,
}

/// Compares, or shows what comparing has come to.
///
/// # Errors
/// When the store does not answer, or a source refuses us.
pub async fn run(arguments: ReconcileArguments, config: Config) -> anyhow::Result<()> {
    let store = super::connect(&config, "reconcile").await?;
    let done = match arguments.action {
        Some(Action::Report(arguments)) => report(&arguments, &store).await,
        None => compare(&arguments.compare, &store, &config).await,
    };
    store.close().await;
    done
}

async fn compare(
    arguments: &CompareArguments,
    store: &Store,
    config: &Config,
) -> anyhow::Result<()> {
    let shutdown = shutdown::on_signal()?;
    let keys = config.keys.keys()?;
    super::ingest::usable(config)?;
    let options = options(arguments, config);
    let mut found = Vec::new();
    if arguments.extract {
        let counts = reconcile::by_extract(&config.ingest, store, &keys, options, &shutdown).await;
        found.push((ComparedWith::Freg, counts.context("the comparison broke off")?));
    } else {
        for (source, with) in [(Source::Freg, ComparedWith::Freg), (Source::Krr, ComparedWith::Krr)]
        {
            if arguments.with.is_some_and(|only| only != source) {
                continue;
            }
            let ingest = &config.ingest;
            let counts = reconcile::by_number(ingest, store, &keys, with, options, &shutdown).await;
            let counts = counts.context("the comparison broke off")?;
            found.extend(counts.map(|counts| (with, counts)));
        }
    }
    show(&found, arguments.json);
    Ok(())
}

fn options(arguments: &CompareArguments, config: &Config) -> Options {
    let schedule = &config.ingest.reconcile;
    let whom = match arguments.everybody {
        true => Whom::Everybody,
        false => Whom::Next(arguments.persons.unwrap_or(schedule.window_persons)),
    };
    let rate = (!arguments.extract).then_some(schedule.persons_per_minute);
    Options {
        whom,
        persons_per_minute: arguments.persons_per_minute.or(rate),
        repair: !arguments.report_only,
    }
}

fn show(found: &[(ComparedWith, ComparisonCounts)], json: bool) {
    if json {
        let found: Vec<_> = found.iter().map(|(with, counts)| as_json(*with, counts)).collect();
        println!("{}", json!({ "compared": found }));
        return;
    }
    for (with, counts) in found {
        let ComparisonCounts { compared, missing, extra, differing, undecided, repaired, .. } =
            counts;
        println!(
            "{}: {compared} persons compared, {missing} missing, {extra} extra, {differing} \
             differing, {undecided} undecided, {repaired} documents published to put it right",
            with.name().to_uppercase()
        );
        for (element, persons) in &counts.by_element {
            println!("  {element}: {persons}");
        }
    }
}

async fn report(arguments: &ReportArguments, store: &Store) -> anyhow::Result<()> {
    let runs = store.reconciliations(arguments.days).await?;
    let summary = Summary::of(&runs);
    if let Some(file) = &arguments.html {
        let page = page::page(&summary, &runs, arguments.days);
        std::fs::write(file, page)
            .with_context(|| format!("the page cannot be written to {}", file.display()))?;
        println!("{} runs are shown in {}", runs.len(), file.display());
    } else if arguments.json {
        println!("{}", summary::report(&summary, &runs));
    } else {
        print!("{}", summary::table(&summary));
    }
    Ok(())
}
