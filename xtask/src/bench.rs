//! `cargo xtask bench`: how long things take, measured against services of its own.

mod ingest;
mod usage;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::checkout::Checkout;
use crate::instance::Instance;
use crate::postgres::Durability;
use crate::process::{cargo, exit_code};
use crate::progress::step;
use crate::{postgres, services, setup};

/// What is measured.
#[derive(Subcommand)]
pub enum Bench {
    /// Searches among a million synthetic persons: the store's part, without HTTP.
    Search(Options),
    /// A full load of a million persons and a long change feed, from the sources to served rows.
    Ingest(Options),
}

/// How it is measured and told.
#[derive(Args)]
pub struct Options {
    /// End with one line of JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// How many persons there are.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..))]
    persons: u32,
}

/// Runs a measurement.
pub fn run(checkout: &Checkout, bench: &Bench) -> Result<ExitCode> {
    let instance = Instance::open(checkout, "bench")?;
    instance.stop_left_over()?;
    setup::ensure(checkout)?;
    match bench {
        Bench::Search(options) => search(checkout, &instance, options),
        Bench::Ingest(options) => ingest::run(checkout, &instance, options),
    }
}

fn search(checkout: &Checkout, instance: &Instance, options: &Options) -> Result<ExitCode> {
    // Its own, with the settings of the demo: what others do on a shared server is not measured.
    let server =
        step("Starting Postgres", || postgres::start(checkout, instance, Durability::Counted))?;
    let mut command = cargo();
    // The profile of the demo: nearly all the time is the server's, and what it is built of is there.
    command.args(["run", "-q", "-p", "store", "--example", "search_bench", "--"]);
    command.arg(options.persons.to_string()).args(options.json.then_some("--json"));
    let status = instance.run("bench", command.env(services::DATABASE, &server.url))?;
    drop(server);
    postgres::remove_data(checkout, instance)?;
    Ok(exit_code(status))
}
