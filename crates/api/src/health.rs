//! The second listener: whether the process lives, whether it should get requests, and its metrics.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use serde::Serialize;

use crate::app::App;

/// Renders the metrics in Prometheus' text form.
pub(crate) type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

#[derive(Clone)]
struct Health {
    app: Arc<App>,
    metrics_text: MetricsText,
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    reasons: Vec<&'static str>,
}

/// The routes of the second listener.
pub(crate) fn router(app: Arc<App>, metrics_text: MetricsText) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Health { app, metrics_text })
}

/// The process answers, and that is all it says: a restart does not help a missing database.
async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "live": true }))
}

async fn ready(State(health): State<Health>) -> Response {
    let reasons = health.app.unready().await;
    let ready = reasons.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, reasons })).into_response()
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    health.app.guard.record_gauges();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (health.metrics_text)())
}
