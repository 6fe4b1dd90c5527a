//! Who stands how in KRR, what it holds on a number, and how large the pages of its feed are.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Fails, LIST_MAX, fails, read};
use crate::calendar::Moment;
use crate::freg::values;
use crate::krr::{Contact, Shown, Status, write};
use crate::{Sandbox, now};

/// The most persons that are looked at for a list.
const LOOKED_AT_MAX: u64 = 100_000;
/// Who expires soon does so within a day.
const SOON_S: i64 = 86_400;
/// The most persons in a page of the feed.
const PAGE_MAX: usize = 10_000;

type Stands = fn(&Contact, Moment) -> bool;

/// The ways of standing in KRR that can be asked for; every record is in one of them.
const STATES: [(&str, Stands); 6] = [
    ("active", |contact, now| contact.can_be_notified(now) && !expires_soon(contact, now)),
    ("expiring", |contact, now| contact.can_be_notified(now) && expires_soon(contact, now)),
    ("expired", |contact, now| {
        contact.is_active() && contact.reserved.is_none() && !contact.can_be_notified(now)
    }),
    ("reserved", |contact, _| contact.is_active() && contact.reserved.is_some()),
    ("deleted", |contact, _| contact.status == Status::Deleted),
    ("not-registered", |contact, _| contact.status == Status::NotRegistered),
];

fn expires_soon(contact: &Contact, now: Moment) -> bool {
    !contact.can_be_notified(now.plus(SOON_S))
}

/// `GET /sandbox/contacts?state=&limit=`: numbers in use whose record is so just now.
pub(super) async fn get_contacts(
    State(sandbox): State<Arc<Sandbox>>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Fails> {
    let query = query.unwrap_or_default();
    let asked = values(&query, "state");
    let asked = asked.first().map(|state| state.as_ref()).unwrap_or_default();
    let Some((state, stands)) = STATES.into_iter().find(|row| row.0 == asked) else {
        let names = STATES.map(|row| row.0).join(", ");
        return Err(fails(StatusCode::BAD_REQUEST, format!("state must be one of {names}")));
    };
    let limit = values(&query, "limit").first().map_or(Ok(20), |text| text.parse::<u64>());
    let limit = limit.map_err(|_| fails(StatusCode::BAD_REQUEST, "limit is not a number"))?;
    let work = move || numbers(&sandbox, stands, limit.min(LIST_MAX) as usize);
    let numbers = run(work).await?;
    Ok(Json(json!({ "state": state, "numbers": numbers })))
}

fn numbers(sandbox: &Sandbox, stands: Stands, limit: usize) -> Vec<String> {
    let (world, now) = (&sandbox.world, now());
    sandbox.krr.settle(now);
    let entities = 0..world.entities().min(LOOKED_AT_MAX);
    let living = entities.filter(|entity| world.survivor(*entity).is_none());
    let persons = living.filter_map(|entity| world.version(entity));
    let numbers = persons.filter_map(|version| {
        let number = version.person.number();
        version.person.uses(number).then(|| number.to_owned())
    });
    numbers.filter(|number| stands(&sandbox.krr.record(number), now)).take(limit).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordAsked {
    number: String,
}

/// `POST /sandbox/contacts/record`: the record of a number with every field, as the look-up has it
/// just now.
pub(super) async fn post_record(
    State(sandbox): State<Arc<Sandbox>>,
    body: Bytes,
) -> Result<Json<Map<String, Value>>, Fails> {
    let RecordAsked { number } = read(&body)?;
    let work = move || {
        let now = now();
        sandbox.krr.settle(now);
        write(&sandbox.krr.record(&number), Shown::ALL, now)
    };
    Ok(Json(run(work).await?))
}

/// How the feed is cut.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cut {
    /// Persons in a page.
    page: usize,
}

/// `PUT /sandbox/krr`.
pub(super) async fn put_krr(
    State(sandbox): State<Arc<Sandbox>>,
    body: Bytes,
) -> Result<Json<Cut>, Fails> {
    let cut: Cut = read(&body)?;
    if !(1..=PAGE_MAX).contains(&cut.page) {
        let message = format!("page must be from 1 to {PAGE_MAX}");
        return Err(fails(StatusCode::BAD_REQUEST, message));
    }
    sandbox.krr.set_page(cut.page);
    Ok(Json(cut))
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fails> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| fails(StatusCode::INTERNAL_SERVER_ERROR, "looking it up failed"))
}
