//! KRR, the register of contact details and reservations, on its real wire format: look-ups of many
//! and the feed of changes.
//!
//! [`contact`] is what it holds on a number, [`derive`] what that is at the start, [`register`]
//! what has changed since, [`follow`] what FREG's changes lead to, and [`wire`] how it is written.

pub(crate) mod contact;
pub(crate) mod derive;
mod follow;
mod refusal;
mod register;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use contact::{Channel, Contact, Status};
pub(crate) use follow::following;
pub(crate) use refusal::Refusal;
pub(crate) use register::Krr;
pub(crate) use wire::{Shown, write};

use std::collections::HashSet;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Extension, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::freg::fault::{Disorder, WithoutNumber};
use crate::{Sandbox, now};

/// Where the register's interface begins.
pub(crate) const BASE: &str = "/krr/rest/v2";
/// The scope that opens addresses.
pub(crate) const CONTACT_SCOPE: &str = "krr:global/kontaktinformasjon.read";
/// The scope that opens mailboxes.
pub(crate) const MAILBOX_SCOPE: &str = "krr:global/digitalpost.read";
/// The scope of the feed.
pub(crate) const FEED_SCOPE: &str = "krr:global/hentendring.read";
/// The most numbers in a look-up.
const NUMBERS_MAX: usize = 1000;

/// The routes of the register, each behind the token check.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    let feed = Router::new()
        .route("/krr/hentEndringer", post(post_changes))
        .layer(from_fn_with_state(FEED_SCOPE, check_scope));
    let routes = Router::new()
        .route("/personer", post(post_persons))
        .merge(feed)
        .layer(from_fn_with_state(sandbox.clone(), check))
        .fallback(|| async { Refusal::not_found() })
        .method_not_allowed_fallback(|| async { Refusal::method_not_allowed() });
    Router::new().nest(BASE, routes).with_state(sandbox)
}

/// The scopes of the token of a call.
#[derive(Clone)]
struct Scopes(Vec<&'static str>);

/// What every call must have: a token with at least one scope that opens something, and JSON.
async fn check(State(sandbox): State<Arc<Sandbox>>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let Some(scopes) = token.and_then(|token| sandbox.maskinporten.scopes(token)) else {
        return Refusal::unauthorized().into_response();
    };
    let shown = Shown {
        contact: scopes.contains(&CONTACT_SCOPE),
        mailbox: scopes.contains(&MAILBOX_SCOPE),
    };
    if !shown.contact && !shown.mailbox {
        return Refusal::forbidden().into_response();
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Refusal::unsupported_media_type().into_response();
    }
    request.extensions_mut().insert(shown);
    request.extensions_mut().insert(Scopes(scopes));
    next.run(request).await
}

/// That the token has one scope more.
async fn check_scope(
    State(scope): State<&'static str>,
    Extension(Scopes(scopes)): Extension<Scopes>,
    request: Request,
    next: Next,
) -> Response {
    if !scopes.contains(&scope) {
        return Refusal::forbidden().into_response();
    }
    next.run(request).await
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::bad_request())
}

/// Runs what takes a while beside the server's own threads.
async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Refusal::broken())
}

#[derive(Deserialize)]
struct PersonsAsked {
    personidentifikatorer: Vec<String>,
}

/// `POST personer`: one to a thousand numbers; each is answered once, known or not.
async fn post_persons(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(shown): Extension<Shown>,
    bare: Option<Extension<WithoutNumber>>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let mut numbers = read::<PersonsAsked>(&body)?.personidentifikatorer;
    let is_number =
        |number: &String| number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit());
    if !(1..=NUMBERS_MAX).contains(&numbers.len()) || !numbers.iter().all(is_number) {
        return Err(Refusal::bad_request());
    }
    let mut seen = HashSet::new();
    numbers.retain(|number| seen.insert(number.clone()));
    let work = move || {
        let now = now();
        sandbox.krr.settle(now);
        let records = numbers.iter().map(|number| sandbox.krr.record(number));
        records.map(|record| write(&record, shown, now)).collect()
    };
    let persons = without_number(run(work).await?, bare.is_some());
    Ok(Json(json!({ "personer": persons })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChangesAsked {
    fra_endrings_id: i64,
}

/// `POST krr/hentEndringer`: a page of those who changed after an id.
async fn post_changes(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(shown): Extension<Shown>,
    bare: Option<Extension<WithoutNumber>>,
    disorder: Option<Extension<Disorder>>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let from = read::<ChangesAsked>(&body)?.fra_endrings_id;
    if from < 0 {
        return Err(Refusal::bad_request());
    }
    let work = move || {
        let now = now();
        sandbox.krr.settle(now);
        let page = sandbox.krr.page(from);
        let list = page.list.iter().map(|contact| write(contact, shown, now)).collect();
        (list, page.to, page.last)
    };
    let (list, to, last) = run(work).await?;
    let list = without_number(list, bare.is_some());
    let list = match disorder {
        None => list,
        Some(Extension(Disorder::OutOfOrder)) => list.into_iter().rev().collect(),
        Some(Extension(Disorder::Duplicates)) => {
            list.into_iter().flat_map(|person| [person.clone(), person]).collect()
        }
    };
    Ok(Json(json!({
        "list": list,
        "fraEndringsId": from,
        "tilEndringsId": to,
        "sisteEndringsId": last,
    })))
}

/// The list, with nobody's number on the first if it shall be `bare`.
fn without_number(mut list: Vec<Map<String, Value>>, bare: bool) -> Vec<Map<String, Value>> {
    if let Some(first) = list.first_mut().filter(|_| bare) {
        first.remove("personidentifikator");
    }
    list
}
