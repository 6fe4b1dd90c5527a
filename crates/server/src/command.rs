//! The subcommands. Each is one role; none has logic that belongs in a crate below.

mod call;
mod dictionary;
mod doctor;
mod geography;
mod ingest;
mod reconcile;
mod sandbox;
mod selfcheck;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use ::store::Store;
use anyhow::Context;
use clap::{CommandFactory, Subcommand};
use register::version::Version;

use crate::config::{COMMENTED_DEFAULTS, Config, reference};
use crate::{shutdown, telemetry};

/// The name of the binary, which completions are for.
const PROGRAM: &str = "persontjenesten";

/// What this process is to be.
#[derive(Subcommand)]
pub enum Command {
    /// Serve lookups and events.
    Api,
    /// Collect FREG's change feed and apply it.
    Ingest(ingest::IngestArguments),
    /// Load the whole register from an extract; goes on where an earlier run was stopped.
    Bulk(ingest::BulkArguments),
    /// Compare the register with FREG and KRR, and put right what differs.
    Reconcile(reconcile::ReconcileArguments),
    /// Bring the database to this version's schema.
    Migrate,
    /// Run the external test environment, or make a change happen in it.
    Sandbox(sandbox::SandboxArguments),
    /// Call the API once, as a client of the running demo or of HelseID.
    Call(call::CallArguments),
    /// Look at everything that the register needs, and say what is wrong and what to do.
    Doctor(doctor::DoctorArguments),
    /// Check a running register and its sandbox through the public API; the last line is JSON.
    Selfcheck(selfcheck::SelfcheckArguments),
    /// Train the dictionaries that everything stored is compressed with, on synthetic persons.
    Dictionary(dictionary::DictionaryArguments),
    /// Print completions for a shell: `source <(persontjenesten completions bash)`.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the API's contract.
    Openapi {
        /// As version 2, which is served beside it, describes it.
        #[arg(long)]
        v2: bool,
    },
    /// Print every setting with its default and a comment.
    Config {
        /// As the page `docs/configuration.md` instead of TOML.
        #[arg(long)]
        markdown: bool,
    },
}

/// Runs a subcommand.
///
/// # Errors
/// Whatever kept it from doing what it is for.
pub async fn run(command: Command, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    match command {
        Command::Completions { shell } => {
            let mut command = crate::Arguments::command();
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, PROGRAM, &mut script);
            std::io::stdout().write_all(&script).context("the script cannot be written")?;
        }
        Command::Openapi { v2 } => {
            let version = if v2 { Version::V2 } else { Version::V3 };
            print!("{}", api::to_json(&api::openapi(version)));
        }
        Command::Config { markdown: true } => print!("{}", reference::markdown(COMMENTED_DEFAULTS)),
        Command::Config { markdown: false } => print!("{COMMENTED_DEFAULTS}"),
        Command::Sandbox(arguments) => sandbox::run(arguments).await?,
        Command::Call(arguments) => return call::run(arguments, file).await,
        Command::Doctor(arguments) => return doctor::run(arguments, file).await,
        Command::Selfcheck(arguments) => return selfcheck::run(arguments).await,
        Command::Dictionary(arguments) => {
            dictionary::run(arguments, configured(file)?).await?;
        }
        Command::Migrate => {
            let config = configured(file)?;
            Store::migrate(&config.store.url).await.context("the schema was not migrated")?;
        }
        Command::Api => serve(configured(file)?).await?,
        Command::Ingest(arguments) => ingest::run(arguments, configured(file)?).await?,
        Command::Bulk(arguments) => ingest::bulk(arguments, configured(file)?).await?,
        Command::Reconcile(arguments) => reconcile::run(arguments, configured(file)?).await?,
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
