//! HelseID as a client and an API meet it: metadata, keys, and the token endpoint with
//! private_key_jwt, DPoP and the nonce round trip.
//!
//! It differs from the real one where a test environment must: the clients are ready made, their
//! private keys can be fetched from `/sandbox/clients`, and on demand the signing key changes, older
//! keys are withdrawn, or HelseID is away (`/sandbox/helseid/…`).

mod call_headers;
mod clients;
mod control;
mod discovery;
mod issuer_keys;
mod nonce;
mod token;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use helseid::{KeyFault, ReplayMemory};
use serde_json::Value;

use clients::Client;
use control::Controls;
use issuer_keys::IssuerKeys;
use nonce::Nonces;

/// The audience of every token: the Person API's short name.
pub const AUDIENCE: &str = "nhn:hgd-persontjenesten-api";

/// Enough for any test: ids live a minute.
const REMEMBERED_IDS: usize = 200_000;

/// The simulated HelseID.
pub struct HelseIdSimulator {
    issuer: String,
    token_url: String,
    keys: IssuerKeys,
    clients: Vec<Client>,
    nonces: Nonces,
    used_assertions: ReplayMemory,
    used_proofs: ReplayMemory,
    controls: Controls,
}

impl HelseIdSimulator {
    /// A HelseID with this issuer, which is the address clients reach it by; a trailing slash is cut
    /// off. Makes its RSA keys, which takes about a second of CPU: call it off the async threads.
    ///
    /// # Errors
    /// [`KeyFault::Library`] if no keys can be made.
    pub fn new(issuer: &str) -> Result<Self, KeyFault> {
        let issuer = issuer.trim_end_matches('/').to_owned();
        Ok(Self {
            token_url: format!("{issuer}/connect/token"),
            keys: IssuerKeys::new()?,
            clients: clients::ready_made()?,
            nonces: Nonces::new()?,
            used_assertions: ReplayMemory::new(REMEMBERED_IDS),
            used_proofs: ReplayMemory::new(REMEMBERED_IDS),
            controls: Controls::default(),
            issuer,
        })
    }

    /// The issuer of every token, without a trailing slash.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The ready-made clients with their private keys, as `/sandbox/clients` gives them.
    ///
    /// # Errors
    /// [`KeyFault::Library`].
    pub fn clients(&self) -> Result<Value, KeyFault> {
        self.clients.iter().map(Client::describe).collect()
    }
}

/// The routes of the simulator, to be merged with those of the other ones.
pub fn router(simulator: Arc<HelseIdSimulator>) -> axum::Router {
    axum::Router::new()
        .route("/.well-known/openid-configuration", get(get_discovery))
        .route("/.well-known/openid-configuration/jwks", get(get_keys))
        .route("/connect/token", post(token::post_token))
        .route_layer(from_fn_with_state(simulator.clone(), control::answer_or_be_away))
        .route("/sandbox/clients", get(get_clients))
        .merge(control::routes())
        .with_state(simulator)
}

async fn get_discovery(State(simulator): State<Arc<HelseIdSimulator>>) -> Json<Value> {
    Json(discovery::document(&simulator.issuer))
}

async fn get_keys(State(simulator): State<Arc<HelseIdSimulator>>) -> Json<Value> {
    simulator.controls.keys_are_fetched();
    Json(simulator.keys.jwks())
}

async fn get_clients(
    State(simulator): State<Arc<HelseIdSimulator>>,
) -> Result<Json<Value>, StatusCode> {
    simulator.clients().map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// Seconds since 1970.
pub(crate) fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
