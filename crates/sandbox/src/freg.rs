//! The population register's consumer interface, on its real wire format.

pub(crate) mod extract;
pub(crate) mod fault;
pub(crate) mod feed;
pub(crate) mod lookup;
pub(crate) mod part;
pub(crate) mod refusal;
pub(crate) mod wire;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, AUTHORIZATION};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::Sandbox;
use refusal::Refusal;

/// Where the rights package for public bodies with a legal basis begins.
pub(crate) const BASE: &str = "/folkeregisteret/offentlig-med-hjemmel/api/v1";

/// The routes of the register, each behind the token check.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    let routes = Router::new()
        .route("/hendelser/feed", get(feed::get_page))
        .route("/hendelser/siste/sekvensnummer", get(feed::get_last_sequence))
        .route("/personer/{personidentifikator}", get(lookup::get_person))
        .route("/personer/arkiv/{dokumentidentifikator}", get(lookup::get_archived))
        .route("/personer/bulkoppslag", post(lookup::post_bulk))
        .route("/personer/bulkoppslag/arkiv", post(lookup::post_bulk_archived))
        .route("/uttrekk/komplett", get(extract::get_order))
        .route("/uttrekk/{jobbid}/batch/{batchnr}", get(extract::get_batch))
        .layer(from_fn_with_state(sandbox.clone(), check))
        .fallback(|| async { Refusal::not_found("FREG-010", "Ukjent ressurs") });
    Router::new().nest(BASE, routes).with_state(sandbox)
}

/// What every call must have: a token, and an answer format that there is.
async fn check(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    if !token.is_some_and(|token| sandbox.maskinporten.is_valid(token)) {
        return Refusal::unauthorized().into_response();
    }
    if !accepts_json(headers) {
        return Refusal::not_acceptable("FREG-004", "Ugyldig Accept").into_response();
    }
    next.run(request).await
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_none_or(|accepted| {
        accepted.split(',').any(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            ["*/*", "application/*", "application/json", "text/plain"].contains(&kind)
        })
    })
}

/// The values of a query parameter, in order.
pub(crate) fn values<'a>(query: &'a str, name: &str) -> Vec<std::borrow::Cow<'a, str>> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value).collect()
}
