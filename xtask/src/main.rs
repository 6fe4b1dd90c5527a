//! Everything that a person types to build, try and test the register. It depends on no crate of
//! the workspace and on no C library, so that it runs where nothing else builds yet.

mod bench;
mod browser;
mod checkout;
mod clients;
mod demo;
mod dictionary;
mod instance;
mod kafka;
mod lab;
mod layering;
mod postgres;
mod process;
mod progress;
mod register;
mod scan;
mod services;
mod setup;
mod sqlx;
mod test;
#[cfg(test)]
mod tidy;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::checkout::Checkout;
use crate::process::Interrupted;

/// What a person types in this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up and run the whole register on this machine until Ctrl-C.
    Demo(demo::Options),
    /// Set up, check, and run every test.
    Test(test::Options),
    /// Keep Postgres and Kafka running for plain `cargo test`.
    Up,
    /// Stop what `up` started and throw its data away.
    Down,
    /// A Postgres and a Kafka that fail when they are told to, for tests of failures: one command on
    /// each line of the input, `stop` or `start` and `postgres` or `kafka`; ends with the input.
    Lab,
    /// Format, lints, layering and committed generated files; needs no services.
    Check,
    /// Measure how long things take.
    Bench {
        /// What is measured.
        #[command(subcommand)]
        bench: bench::Bench,
    },
    /// Check which crate uses which.
    Layering,
    /// Write the committed descriptions of the store's queries anew.
    Sqlx,
    /// Write the committed OpenAPI documents anew.
    Openapi,
    /// Look at the developer's page of a running API in headless Chromium.
    Browser(browser::Options),
    /// Generate clients from the OpenAPI documents, compile them, and run them against the demo.
    Clients(clients::Options),
    /// Train the dictionaries that everything stored is compressed with, on the sandbox's persons.
    Dictionary {
        /// The new version. One that has ever served is never trained again.
        version: u32,
    },
}

fn main() -> ExitCode {
    match process::stop_on_signals().and_then(|()| run(Arguments::parse().task)) {
        Ok(code) => code,
        Err(error) if error.chain().any(|cause| cause.is::<Interrupted>()) => {
            eprintln!("Stopped");
            // As a shell says it of a command ended by Ctrl-C.
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<ExitCode> {
    let checkout = Checkout::find()?;
    match task {
        Task::Demo(options) => demo::run(&checkout, &options),
        Task::Test(options) => test::test(&checkout, &options),
        Task::Up => services::up(&checkout),
        Task::Down => services::down(&checkout),
        Task::Lab => lab::run(&checkout),
        Task::Check => test::check(&checkout),
        Task::Bench { bench } => bench::run(&checkout, &bench),
        Task::Layering => layering::check(&checkout).map(|()| ExitCode::SUCCESS),
        Task::Sqlx => sqlx::write(&checkout),
        Task::Openapi => test::write_openapi(),
        Task::Browser(options) => browser::run(&checkout, &options),
        Task::Clients(options) => clients::run(&checkout, &options),
        Task::Dictionary { version } => dictionary::train(&checkout, version),
    }
}
