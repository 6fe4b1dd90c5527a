//! `sandbox`: the external test environment, and one change in it.

use std::net::SocketAddr;

use ::sandbox::SandboxConfig;
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
    /// How many changes happen by themselves each second.
    #[arg(long, default_value_t = 0.0)]
    changes_per_second: f64,
}

#[derive(Subcommand)]
enum Action {
    /// Make one change happen to one person.
    Change {
        /// What happens: birth, death, move, marriage, name, protection …
        kind: String,
        /// The person's number; one is picked when it is left out.
        #[arg(long)]
        number: Option<String>,
        /// Where the sandbox is.
        #[arg(long, default_value = "http://127.0.0.1:8090")]
        url: String,
    },
}

/// Runs the sandbox until a signal, or makes the change.
///
/// # Errors
/// What kept it from listening, or the sandbox's own words on the change.
pub async fn run(arguments: SandboxArguments) -> anyhow::Result<()> {
    if let Some(Action::Change { kind, number, url }) = arguments.action {
        let happened = change(&reqwest::Client::new(), &url, &kind, number.as_deref()).await?;
        println!("{happened:#}");
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

/// Makes one change happen. The number is in the body: a URL would be logged.
///
/// # Errors
/// When the sandbox is away, or refuses the change; its own words say why.
pub async fn change(
    http: &reqwest::Client,
    sandbox_url: &str,
    kind: &str,
    number: Option<&str>,
) -> anyhow::Result<Value> {
    let mut body = json!({ "kind": kind });
    if let Some(number) = number {
        body["number"] = json!(number);
    }
    let address = format!("{sandbox_url}/sandbox/changes");
    let answer = http.post(&address).json(&body).send().await;
    let answer = answer.with_context(|| format!("no answer from {address}"))?;
    let status = answer.status();
    let text = answer.text().await?;
    ensure!(status.is_success(), "the sandbox refused the change ({status}): {text}");
    Ok(serde_json::from_str(&text)?)
}
