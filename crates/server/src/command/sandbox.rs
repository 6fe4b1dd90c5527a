//! `sandbox`: the external test environment, and what shall happen in it.

use std::fmt::Write as _;
use std::net::SocketAddr;

use ::sandbox::{Listed, SandboxConfig};
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{shutdown, telemetry};

/// The sandbox, or a change in one that runs.
#[derive(Args)]
pub struct SandboxArguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The address that others reach it by; that of the listener when left out.
    #[arg(long, default_value = "")]
    public_url: String,
    /// How many persons the population has at the start.
    #[arg(long, default_value_t = 10_000)]
    persons: u64,
    /// Everything in the sandbox follows from this number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many changes happen by themselves each second, drawn as in a week of the country.
    #[arg(long, default_value_t = 0.0)]
    changes_per_second: f64,
}

#[derive(Subcommand)]
enum Action {
    /// Make a change happen to one person, or to many one after the other.
    #[command(after_help = listing("Kinds", ::sandbox::change_kinds()))]
    Change {
        /// What happens; the kinds are listed below.
        kind: String,
        /// How many times, to somebody else each time unless a number is given.
        #[arg(long)]
        count: Option<u32>,
        /// The person's number; one is picked when it is left out.
        #[arg(long, alias = "person")]
        number: Option<String>,
        /// For what happens by itself later: in how many seconds.
        #[arg(long)]
        seconds: Option<u32>,
        #[command(flatten)]
        running: Running,
    },
    /// Correct many persons at once.
    #[command(after_help = listing("Corrections", ::sandbox::corrections()))]
    MassCorrection {
        /// What is corrected; the corrections are listed below.
        element: String,
        /// How many persons at most; all whom it concerns when left out.
        count: Option<u64>,
        #[command(flatten)]
        running: Running,
    },
    /// Play several changes that belong together, in their order.
    #[command(after_help = listing("Scenarios", ::sandbox::scenarios()))]
    Scenario {
        /// Which one; the scenarios are listed below.
        name: String,
        #[command(flatten)]
        running: Running,
    },
}

/// A sandbox that runs.
#[derive(Args)]
struct Running {
    /// Where the sandbox is.
    #[arg(long, default_value = "http://127.0.0.1:8090")]
    url: String,
}

/// A name a line, each with what it stands for.
fn listing(title: &str, names: impl Iterator<Item = Listed>) -> String {
    let names: Vec<Listed> = names.collect();
    let width = names.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = format!("{title}:");
    for (name, about) in names {
        let _ = write!(text, "\n  {name:width$}  {about}");
    }
    text
}

/// Runs the sandbox until a signal, or makes happen what is asked for.
///
/// # Errors
/// What kept it from listening, or the sandbox's own words on the change.
pub async fn run(arguments: SandboxArguments) -> anyhow::Result<()> {
    if let Some(action) = arguments.action {
        println!("{:#}", act(&reqwest::Client::new(), action).await?);
        return Ok(());
    }
    telemetry::start_logs(&telemetry::LogConfig::default())?;
    let shutdown = shutdown::on_signal()?;
    let (ready, listening) = oneshot::channel();
    tokio::spawn(async move {
        if let Ok(address) = listening.await {
            tracing::info!(%address, "the sandbox listens");
        }
    });
    let config = SandboxConfig {
        listen: arguments.listen,
        public_url: arguments.public_url,
        persons: arguments.persons,
        seed: arguments.seed,
        changes_per_second: arguments.changes_per_second,
    };
    ::sandbox::serve(config, shutdown, ready).await.context("the sandbox stopped")
}

/// The number is in the body, never in an address: that would be logged.
async fn act(http: &reqwest::Client, action: Action) -> anyhow::Result<Value> {
    let (path, body, running) = match action {
        Action::Change { kind, count, number, seconds, running } => {
            let body =
                json!({ "kind": kind, "count": count, "number": number, "seconds": seconds });
            ("changes", body, running)
        }
        Action::MassCorrection { element, count, running } => {
            ("corrections", json!({ "name": element, "count": count }), running)
        }
        Action::Scenario { name, running } => ("scenarios", json!({ "name": name }), running),
    };
    ask(http, &running.url, path, &body).await
}

/// Makes one change happen.
///
/// # Errors
/// When the sandbox is away, or refuses the change; its own words say why.
pub async fn change(
    http: &reqwest::Client,
    sandbox_url: &str,
    kind: &str,
    number: Option<&str>,
) -> anyhow::Result<Value> {
    ask(http, sandbox_url, "changes", &json!({ "kind": kind, "number": number })).await
}

async fn ask(
    http: &reqwest::Client,
    sandbox_url: &str,
    path: &str,
    body: &Value,
) -> anyhow::Result<Value> {
    let address = format!("{sandbox_url}/sandbox/{path}");
    let answer = http.post(&address).json(body).send().await;
    let answer = answer.with_context(|| format!("no answer from {address}"))?;
    let status = answer.status();
    let text = answer.text().await?;
    ensure!(status.is_success(), "the sandbox refused the change ({status}): {text}");
    Ok(serde_json::from_str(&text)?)
}
