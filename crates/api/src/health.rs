//! The second listener: whether the process lives, whether it should get requests, and its metrics.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde::Serialize;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::config::ApiConfig;
use crate::listener::{Listener, Slots};
use crate::serve::{ApiError, listen};

/// Renders the metrics in Prometheus' text form.
pub(crate) type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

/// Room for the balancers, the metrics and an operator or two.
const CONNECTIONS_MAX: usize = 64;

/// Who knows whether the process should get requests, or does what it is for.
#[derive(Clone)]
pub(crate) enum Role {
    /// The API.
    Api(Arc<App>),
    /// A role without one, which says what is wrong with it.
    Other(Arc<dyn Fn() -> Vec<String> + Send + Sync>),
}

#[derive(Clone)]
struct Health {
    role: Role,
    metrics_text: MetricsText,
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    reasons: Vec<String>,
}

/// A listener for health and metrics on a socket that is bound.
pub(crate) fn listener(
    socket: tokio::net::TcpListener,
    role: Role,
    metrics_text: MetricsText,
    config: &ApiConfig,
) -> Listener {
    let router = Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Health { role, metrics_text });
    Listener::new(socket, router, config, Slots::new(CONNECTIONS_MAX, CONNECTIONS_MAX))
}

/// Serves health and metrics of a role that has no API, until `shutdown`: it is ready while `faults`
/// tells none.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve_health(
    address: SocketAddr,
    faults: impl Fn() -> Vec<String> + Send + Sync + 'static,
    metrics_text: impl Fn() -> String + Send + Sync + 'static,
    shutdown: CancellationToken,
) -> Result<JoinHandle<()>, ApiError> {
    let socket = listen(address).await?;
    let role = Role::Other(Arc::new(faults));
    let listener = listener(socket, role, Arc::new(metrics_text), &ApiConfig::default());
    Ok(tokio::spawn(listener.run(shutdown)))
}

/// The process answers, and that is all it says: a restart does not help a missing database.
async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "live": true }))
}

async fn ready(State(health): State<Health>) -> Response {
    let reasons = match health.role {
        Role::Api(app) => app.unready().await.into_iter().map(str::to_owned).collect(),
        Role::Other(faults) => faults(),
    };
    let ready = reasons.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, reasons })).into_response()
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    if let Role::Api(app) = &health.role {
        app.guard.record_gauges();
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (health.metrics_text)())
}
