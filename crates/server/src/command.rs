//! The subcommands. Each is one role; none has logic that belongs in a crate below.

mod call;
mod dictionary;
mod ingest;
mod sandbox;
mod selfcheck;

use std::path::Path;
use std::process::ExitCode;

use ::store::Store;
use anyhow::Context;
use clap::Subcommand;

use crate::config::{COMMENTED_DEFAULTS, Config};
use crate::{shutdown, telemetry};

/// What this process is to be.
#[derive(Subcommand)]
pub enum Command {
    /// Serve lookups and events.
    Api,
    /// Collect FREG's change feed and apply it.
    Ingest(ingest::IngestArguments),
    /// Load the whole register from an extract; goes on where an earlier run was stopped.
    Bulk(ingest::BulkArguments),
    /// Bring the database to this version's schema.
    Migrate,
    /// Run the external test environment, or make a change happen in it.
    Sandbox(sandbox::SandboxArguments),
    /// Call the API once, signed as a client of the sandbox.
    Call(call::CallArguments),
    /// Check a running register and its sandbox through the public API; the last line is JSON.
    Selfcheck(selfcheck::SelfcheckArguments),
    /// Train the dictionaries of the served forms on the sandbox's population.
    Dictionary(dictionary::DictionaryArguments),
    /// Print the API's contract.
    Openapi,
    /// Print every setting with its default and a comment.
    Config,
}

/// Runs a subcommand.
///
/// # Errors
/// Whatever kept it from doing what it is for.
pub async fn run(command: Command, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    match command {
        Command::Openapi => print!("{}", api::to_json(&api::openapi())),
        Command::Config => print!("{COMMENTED_DEFAULTS}"),
        Command::Sandbox(arguments) => sandbox::run(arguments).await?,
        Command::Call(arguments) => call::run(arguments).await?,
        Command::Selfcheck(arguments) => return selfcheck::run(arguments).await,
        Command::Dictionary(arguments) => dictionary::run(&arguments)?,
        Command::Migrate => {
            let config = configured(file)?;
            Store::migrate(&config.store.url).await.context("the schema was not migrated")?;
        }
        Command::Api => serve(configured(file)?).await?,
        Command::Ingest(arguments) => ingest::run(arguments, configured(file)?).await?,
        Command::Bulk(arguments) => ingest::bulk(arguments, configured(file)?).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn configured(file: Option<&Path>) -> anyhow::Result<Config> {
    let config = Config::load(file)?;
    telemetry::start_logs(&config.log)?;
    Ok(config)
}

async fn connect(config: &Config, role: &str) -> anyhow::Result<Store> {
    let mut store = config.store.clone();
    store.application_name = format!("persontjenesten-{role}");
    Store::connect(&store).await.context("the store cannot be used")
}

async fn serve(config: Config) -> anyhow::Result<()> {
    let shutdown = shutdown::on_signal()?;
    let metrics = telemetry::start_metrics()?;
    let store = connect(&config, "api").await?;
    api::serve(config.api, store.clone(), move || metrics.render(), shutdown).await?;
    store.close().await;
    Ok(())
}
