//! The sandbox's own interface: what is in it, and what shall happen next.

mod changes;
mod contacts;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::change::kinds;
use crate::freg::extract::Pace;
use crate::freg::fault::{Fault, FaultKind};
use crate::freg::{BASE, values};
use crate::{Sandbox, krr};

/// The most persons in one list.
const LIST_MAX: u64 = 1000;

/// The routes under `/sandbox`.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/sandbox/status", get(get_status))
        .route("/sandbox/persons", get(get_persons))
        .route("/sandbox/persons/{index}", get(get_person))
        .route("/sandbox/kinds", get(changes::get_kinds))
        .route("/sandbox/changes", post(changes::post_change))
        .route("/sandbox/corrections", post(changes::post_correction))
        .route("/sandbox/scenarios", post(changes::post_scenario))
        .route("/sandbox/faults", post(post_fault).get(get_faults).delete(delete_faults))
        .route("/sandbox/extract", put(put_extract))
        .route("/sandbox/contacts", get(contacts::get_contacts))
        .route("/sandbox/contacts/record", post(contacts::post_record))
        .route("/sandbox/krr", put(contacts::put_krr))
        .with_state(sandbox)
}

/// An answer that says what was wrong.
type Fails = (StatusCode, Json<Value>);

fn fails(status: StatusCode, message: impl ToString) -> Fails {
    (status, Json(json!({ "error": message.to_string() })))
}

/// Reads a body, and says which field is wrong. Values are never echoed.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Fails> {
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("the body cannot be read at column {}", error.column());
        fails(StatusCode::BAD_REQUEST, place)
    })
}

async fn get_status(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let world = &sandbox.world;
    let kinds: Vec<&str> = kinds().map(|kind| kind.name).collect();
    Json(json!({
        "seed": world.population.seed(),
        "persons": world.entities(),
        "populationAtStart": world.population.persons(),
        "lastSequence": world.last_sequence(),
        "fregUrl": format!("{}{BASE}", sandbox.public_url),
        "krrUrl": format!("{}{}", sandbox.public_url, krr::BASE),
        "lastContactChange": sandbox.krr.last_id(),
        "changeKinds": kinds,
        "scan": world.scan().map(|scan| {
            json!({ "correction": scan.correction, "persons": scan.persons })
        }),
    }))
}

async fn get_persons(
    State(sandbox): State<Arc<Sandbox>>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Fails> {
    let query = query.unwrap_or_default();
    let number = |name: &str, default: u64| match values(&query, name).first() {
        None => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| fails(StatusCode::BAD_REQUEST, format!("{name} is not a number"))),
    };
    let offset = number("offset", 0)?;
    let limit = number("limit", 20)?.min(LIST_MAX);
    let total = sandbox.world.entities();
    let range = offset.min(total)..offset.saturating_add(limit).min(total);
    let persons: Vec<Value> = range
        .filter(|index| sandbox.world.survivor(*index).is_none())
        .filter_map(|index| {
            let version = sandbox.world.version(index)?;
            let person = &version.person;
            Some(json!({
                "index": index,
                "number": person.number(),
                "status": person.status_word(),
            }))
        })
        .collect();
    Ok(Json(json!({ "total": total, "persons": persons })))
}

async fn get_person(
    State(sandbox): State<Arc<Sandbox>>,
    Path(index): Path<u64>,
) -> Result<Json<Value>, Fails> {
    let version = sandbox.world.version(index);
    let version = version.ok_or_else(|| fails(StatusCode::NOT_FOUND, "no such person"))?;
    Ok(Json(json!({
        "index": index,
        "number": version.person.number(),
        "mergedInto": sandbox.world.survivor(index),
        "document": version.person,
    })))
}

async fn post_fault(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Result<Response, Fails> {
    let fault: Fault = read(&body)?;
    match fault.kind {
        FaultKind::SequenceHole => sandbox.world.skip_sequences(fault.count),
        FaultKind::LateTimestamp => sandbox.world.stamp_late(fault.count),
        FaultKind::ForgottenEvents => sandbox.world.forget_oldest(fault.count),
        _ => sandbox.faults.add(fault),
    }
    Ok((StatusCode::CREATED, Json(sandbox.faults.waiting())).into_response())
}

async fn get_faults(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Fault>> {
    Json(sandbox.faults.waiting())
}

async fn delete_faults(State(sandbox): State<Arc<Sandbox>>) -> StatusCode {
    sandbox.faults.clear();
    StatusCode::NO_CONTENT
}

async fn put_extract(
    State(sandbox): State<Arc<Sandbox>>,
    body: Bytes,
) -> Result<Json<Pace>, Fails> {
    let pace: Pace = read(&body)?;
    sandbox.extracts.set_pace(pace);
    Ok(Json(pace))
}
