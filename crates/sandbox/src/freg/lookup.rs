//! Look-ups: one person or many, by number or by document.

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::Sandbox;
use crate::dice::mix;
use crate::freg::fault::WithoutNumber;
use crate::freg::part::Parts;
use crate::freg::refusal::Refusal;
use crate::freg::values;
use crate::freg::wire::Folkeregisterperson;
use crate::world::{Version, World};

/// The most identifiers in one call.
pub(crate) const BULK_MAX: usize = 1000;

const NOT_FOUND: &str = "Fant ikke person";
const CEASED: &str = "Identifikatoren er opphørt eller ukjent";
const NO_DOCUMENT: &str = "Fant ikke dokument";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumbersAsked {
    #[serde(rename = "foedselsEllerDNummer")]
    keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentsAsked {
    #[serde(rename = "dokumentidentifikator")]
    keys: Vec<String>,
}

/// One answer in a bulk answer; the message is an object in a field of the same name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Oppslag<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    foedsels_eller_d_nummer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dokumentidentifikator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folkeregisterperson: Option<&'a Folkeregisterperson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feilmelding: Option<Feilmelding>,
}

#[derive(Serialize)]
struct Feilmelding {
    feilmelding: &'static str,
}

/// How a bulk call names persons.
#[derive(Clone, Copy)]
enum Key {
    Number { as_ordered: bool },
    Document,
}

/// `GET personer/{personidentifikator}`.
pub(crate) async fn get_person(
    State(sandbox): State<Arc<Sandbox>>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
    fault: Option<Extension<WithoutNumber>>,
) -> Result<Response, Refusal> {
    let parts = Parts::read(&query.unwrap_or_default())?;
    let found = sandbox.world.find(&number);
    let found = found.ok_or_else(|| Refusal::not_found("FREG-001", NOT_FOUND))?;
    Ok(one(&found, &parts, fault.is_some()))
}

/// `GET personer/arkiv/{dokumentidentifikator}`.
pub(crate) async fn get_archived(
    State(sandbox): State<Arc<Sandbox>>,
    Path(document): Path<String>,
    RawQuery(query): RawQuery,
    fault: Option<Extension<WithoutNumber>>,
) -> Result<Response, Refusal> {
    let parts = Parts::read(&query.unwrap_or_default())?;
    let document = read_document_id(&document)
        .ok_or_else(|| Refusal::bad_request("FREG-003", "Ugyldig dokumentidentifikator"))?;
    let found = sandbox.world.archived(document);
    let found = found.ok_or_else(|| Refusal::not_found("FREG-001", NO_DOCUMENT))?;
    Ok(one(&found, &parts, fault.is_some()))
}

fn one(version: &Version, parts: &Parts, without_number: bool) -> Response {
    let person = chosen(&version.person, parts, without_number);
    json(person.to_json())
}

fn chosen(
    person: &Folkeregisterperson,
    parts: &Parts,
    without_number: bool,
) -> Folkeregisterperson {
    let mut person = person.clone();
    parts.keep(&mut person);
    if without_number {
        person.identifikasjonsnummer.clear();
    }
    person
}

/// `POST personer/bulkoppslag`: by number.
pub(crate) async fn post_bulk(
    State(sandbox): State<Arc<Sandbox>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    fault: Option<Extension<WithoutNumber>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let as_ordered = match values(&query, "somBestilt").first().map(|value| value.as_ref()) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::bad_request("FREG-002", "Ugyldig somBestilt")),
    };
    check_content_type(&headers)?;
    let asked: NumbersAsked = serde_json::from_slice(&body).map_err(|_| unreadable())?;
    bulk(sandbox, asked.keys, Key::Number { as_ordered }, &query, fault.is_some()).await
}

/// `POST personer/bulkoppslag/arkiv`: by document.
pub(crate) async fn post_bulk_archived(
    State(sandbox): State<Arc<Sandbox>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    fault: Option<Extension<WithoutNumber>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    check_content_type(&headers)?;
    let asked: DocumentsAsked = serde_json::from_slice(&body).map_err(|_| unreadable())?;
    let query = query.unwrap_or_default();
    bulk(sandbox, asked.keys, Key::Document, &query, fault.is_some()).await
}

/// Without a content type the register takes a body for XML.
fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let json = kind.is_some_and(|kind| kind.trim_start().starts_with("application/json"));
    json.then_some(()).ok_or_else(unreadable)
}

fn unreadable() -> Refusal {
    Refusal::bad_request("FREG-002", "Ugyldig forespørsel")
}

async fn bulk(
    sandbox: Arc<Sandbox>,
    keys: Vec<String>,
    key: Key,
    query: &str,
    without_number: bool,
) -> Result<Response, Refusal> {
    let parts = Parts::read(query)?;
    if keys.len() > BULK_MAX {
        return Err(Refusal::bad_request("FREG-007", "For mange identifikatorer"));
    }
    let work = move || answer(&sandbox.world, keys, key, &parts, without_number);
    let body = tokio::task::spawn_blocking(work).await.map_err(|_| {
        let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        Refusal::for_outsiders(status, "FREG-999", "Intern feil")
    })?;
    Ok(json(body))
}

/// The bulk answer. Unless ordered, answers come in another order than asked and once for each key.
fn answer(
    world: &World,
    mut keys: Vec<String>,
    key: Key,
    parts: &Parts,
    mut without_number: bool,
) -> Vec<u8> {
    if !matches!(key, Key::Number { as_ordered: true }) {
        let mut seen = HashSet::new();
        keys.retain(|key| seen.insert(key.clone()));
        keys.sort_by_cached_key(|key| {
            key.bytes().fold(7, |hash, byte| mix(hash ^ u64::from(byte)))
        });
    }
    let mut out = Vec::with_capacity(keys.len() * 6 * 1024 + 32);
    out.extend_from_slice(br#"{"oppslag":["#);
    for (position, text) in keys.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        let found = find(world, text, key);
        let drop_number = without_number && found.is_ok();
        without_number &= !drop_number;
        let person = found.as_ref().ok().map(|found| chosen(&found.person, parts, drop_number));
        let oppslag = Oppslag {
            foedsels_eller_d_nummer: matches!(key, Key::Number { .. }).then_some(text),
            dokumentidentifikator: matches!(key, Key::Document).then_some(text),
            folkeregisterperson: person.as_ref(),
            feilmelding: found.err().map(|feilmelding| Feilmelding { feilmelding }),
        };
        serde_json::to_writer(&mut out, &oppslag).expect("an answer of strings always serialises");
    }
    out.extend_from_slice(b"]}");
    out
}

fn find(world: &World, text: &str, key: Key) -> Result<Arc<Version>, &'static str> {
    match key {
        Key::Document => {
            read_document_id(text).and_then(|id| world.archived(id)).ok_or(NO_DOCUMENT)
        }
        Key::Number { as_ordered: false } => world.find(text).ok_or(NOT_FOUND),
        Key::Number { as_ordered: true } => {
            world.find(text).filter(|found| found.person.uses(text)).ok_or(CEASED)
        }
    }
}

/// 32 hex digits.
fn read_document_id(text: &str) -> Option<u128> {
    let hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| u128::from_str_radix(text, 16).ok())?
}

fn json(body: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
