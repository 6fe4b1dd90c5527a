//! What a tester can do to HelseID: change its key, withdraw older ones, and send it away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::HelseIdSimulator;

/// What has been ordered, and what has been counted.
#[derive(Default)]
pub(super) struct Controls {
    away: AtomicBool,
    key_fetches: AtomicU64,
}

impl Controls {
    /// Counts one fetch of the key set.
    pub fn keys_are_fetched(&self) {
        self.key_fetches.fetch_add(1, Ordering::Relaxed);
    }
}

pub(super) fn routes() -> Router<Arc<HelseIdSimulator>> {
    Router::new()
        .route("/sandbox/helseid", get(get_state))
        .route("/sandbox/helseid/rotate", post(rotate_keys))
        .route("/sandbox/helseid/withdraw", post(withdraw_keys))
        .route("/sandbox/helseid/away", post(go_away).delete(come_back))
}

/// Answers 503 for HelseID while it is away, as its balancer would.
pub(super) async fn answer_or_be_away(
    State(simulator): State<Arc<HelseIdSimulator>>,
    request: Request,
    next: Next,
) -> Response {
    if simulator.controls.away.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    next.run(request).await
}

async fn get_state(State(simulator): State<Arc<HelseIdSimulator>>) -> Json<Value> {
    let controls = &simulator.controls;
    Json(json!({
        "away": controls.away.load(Ordering::SeqCst),
        "key_fetches": controls.key_fetches.load(Ordering::Relaxed),
    }))
}

/// Signs with a new key from now on; the one before stays published, so that its tokens still hold.
async fn rotate_keys(
    State(simulator): State<Arc<HelseIdSimulator>>,
) -> Result<Json<Value>, StatusCode> {
    let rotated = tokio::task::spawn_blocking(move || simulator.keys.rotate()).await;
    match rotated {
        Ok(Ok(kid)) => Ok(Json(json!({ "kid": kid }))),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

async fn withdraw_keys(State(simulator): State<Arc<HelseIdSimulator>>) -> StatusCode {
    simulator.keys.withdraw_older();
    StatusCode::NO_CONTENT
}

async fn go_away(State(simulator): State<Arc<HelseIdSimulator>>) -> StatusCode {
    simulator.controls.away.store(true, Ordering::SeqCst);
    StatusCode::NO_CONTENT
}

async fn come_back(State(simulator): State<Arc<HelseIdSimulator>>) -> StatusCode {
    simulator.controls.away.store(false, Ordering::SeqCst);
    StatusCode::NO_CONTENT
}
