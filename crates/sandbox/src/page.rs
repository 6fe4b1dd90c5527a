//! What the developer's page of the API needs in order to call it: persons worth looking at, and
//! the headers that prove a call.
//!
//! The page runs in a browser, at the API's address, so both answers may be read from anywhere.
//! They give nothing away: the clients' private keys are to be had from `/sandbox/clients` by
//! everybody, and no API but one that takes this sandbox for HelseID accepts what is signed here.
//! The sandbox itself calls nobody.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Sandbox;
use crate::freg::wire::{Folkeregisterperson, current};
use crate::helseid::{HelseIdSimulator, now_s};

/// How many persons are looked through for those worth looking at.
const LOOKED_THROUGH: u64 = 20_000;

/// How many persons are told of each kind.
const OF_EACH: usize = 4;

/// Tells whether a person is of a kind.
type Is = fn(&Folkeregisterperson) -> bool;

/// What makes a person worth looking at, the rarest first: a person is told once.
const TRAITS: &[(&str, Is)] = &[
    ("strictly-confidential", |person| grade(person) == "strengtFortrolig"),
    ("confidential", |person| grade(person) == "fortrolig"),
    ("false-identity", |person| person.falsk_identitet.is_some()),
    ("guardian", |person| current(&person.vergemaal_eller_fremtidsfullmakt).is_some()),
    ("shared", |person| current(&person.delt_bosted).is_some()),
    ("dead", |person| person.doedsfall.is_some()),
    ("d-number", |person| matches!(person.number().as_bytes().first(), Some(b'4'..=b'7'))),
    ("emigrated", |person| person.status_word() == "utflyttet"),
    ("plain", |person| person.status_word() == "bosatt"),
];

/// The routes under `/sandbox/page`.
pub(crate) fn router(sandbox: Arc<Sandbox>, simulator: Arc<HelseIdSimulator>) -> Router {
    let persons = Router::new().route("/sandbox/page/persons", get(get_persons));
    let headers = Router::new().route("/sandbox/page/headers", post(post_headers));
    persons.with_state(sandbox).merge(headers.with_state(simulator))
}

/// An answer that a page of any origin may read.
fn readable(answer: impl IntoResponse) -> Response {
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], answer).into_response()
}

async fn get_persons(State(sandbox): State<Arc<Sandbox>>) -> Response {
    // Making twenty thousand documents takes some tenths of a second.
    let found = tokio::task::spawn_blocking(move || worth_looking_at(&sandbox)).await;
    match found {
        Ok(persons) => readable(Json(json!({ "persons": persons }))),
        Err(_) => readable(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// Some persons of each kind, kind by kind.
fn worth_looking_at(sandbox: &Sandbox) -> Vec<Value> {
    let world = &sandbox.world;
    let mut found: Vec<Vec<Value>> = vec![Vec::new(); TRAITS.len()];
    for index in 0..world.entities().min(LOOKED_THROUGH) {
        if found.iter().all(|kind| kind.len() == OF_EACH) {
            break;
        }
        let Some(version) = world.version(index).filter(|_| world.survivor(index).is_none()) else {
            continue;
        };
        let person = &version.person;
        let Some(place) = TRAITS.iter().position(|(_, is)| is(person)) else {
            continue;
        };
        if found[place].len() < OF_EACH {
            let (number, name) = (person.number(), full_name(person));
            found[place].push(json!({ "number": number, "name": name, "trait": TRAITS[place].0 }));
        }
    }
    found.into_iter().flatten().collect()
}

fn grade(person: &Folkeregisterperson) -> &str {
    current(&person.adressebeskyttelse).map_or("", |item| &item.graderingsnivaa)
}

fn full_name(person: &Folkeregisterperson) -> String {
    let Some(name) = current(&person.navn) else {
        return person.number().to_owned();
    };
    let middle = name.mellomnavn.as_deref();
    let words = [Some(&*name.fornavn), middle, Some(&*name.etternavn)];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// One call that the page wants to make.
#[derive(Deserialize)]
struct Wish {
    /// `full-access` or `restricted-access`.
    package: String,
    method: String,
    /// The address as the API knows itself by, without the query.
    url: String,
}

async fn post_headers(State(simulator): State<Arc<HelseIdSimulator>>, body: Bytes) -> Response {
    let Ok(Wish { package, method, url }) = serde_json::from_slice(&body) else {
        return readable(StatusCode::BAD_REQUEST);
    };
    match simulator.call_headers(&package, &method, &url, now_s()) {
        Ok(Some(headers)) => readable(Json(headers)),
        Ok(None) => readable(StatusCode::BAD_REQUEST),
        Err(_) => readable(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

#[cfg(test)]
mod tests;
