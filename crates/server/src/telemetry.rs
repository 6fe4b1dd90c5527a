//! Logs and metrics. Logs go to the error stream, so that a command's answer is alone on the other.

use std::io::IsTerminal;
use std::net::SocketAddr;

use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line, for a log store.
    Json,
    /// One readable line.
    #[default]
    Human,
}

/// Our own lines. librdkafka warns of each setting that is rarely used, at every start.
const DEFAULT_FILTER: &str = "info,librdkafka=error";

/// Settings of the logs.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `json` or `human`.
    pub format: LogFormat,
    /// Which lines are written, in tracing's filter language.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Human, filter: DEFAULT_FILTER.to_owned() }
    }
}

/// Starts the logs.
///
/// # Errors
/// When the filter cannot be read, or logs were started before.
pub fn start_logs(config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.filter).context("log.filter cannot be read")?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Human => lines.with_target(false).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("logs could not be started: {error}"))
}

/// Where the roles without an HTTP API of their own show their metrics.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// Address of the listener of `/metrics` and `/health/ready`; nobody listens when it is left
    /// out. The API has them on its own second listener.
    pub listen: Option<SocketAddr>,
}

/// Bounds of every histogram of seconds: from a lookup in memory to a stuck database.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Starts the metrics; the handle renders them for `/metrics`.
///
/// # Errors
/// When metrics were started before.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .context("the bounds of the histograms are refused")?
        .install_recorder()
        .context("metrics could not be started")
}

/// Starts the metrics of a role that has no HTTP API, on a listener of their own, which also says
/// whether there are `faults`.
///
/// # Errors
/// When the address cannot be listened on, or metrics were started before.
pub async fn serve_metrics(
    config: MetricsConfig,
    faults: impl Fn() -> Vec<String> + Send + Sync + 'static,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let Some(listen) = config.listen else {
        return Ok(());
    };
    let metrics = start_metrics()?;
    api::serve_health(listen, faults, move || metrics.render(), shutdown)
        .await
        .context("metrics.listen cannot be used")?;
    Ok(())
}
