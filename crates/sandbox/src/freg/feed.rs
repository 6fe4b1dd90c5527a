//! The feed of events and the number of the newest one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, RawQuery, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::Sandbox;
use crate::calendar::hex128;
use crate::freg::fault::Disorder;
use crate::freg::refusal::Refusal;
use crate::freg::values;
use crate::world::Event;

/// Events in a page.
pub(crate) const PAGE: usize = 1000;

#[derive(Clone, Serialize)]
struct Entry<'a> {
    sekvensnummer: i64,
    hendelse: Hendelse<'a>,
}

#[derive(Clone, Serialize)]
struct Hendelse<'a> {
    folkeregisteridentifikator: &'a str,
    hendelsetype: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hendelsesdokument: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persondokument: Option<String>,
    ajourholdstidspunkt: &'a str,
}

impl<'a> From<&'a Event> for Entry<'a> {
    fn from(event: &'a Event) -> Entry<'a> {
        Entry {
            sekvensnummer: event.sequence,
            hendelse: Hendelse {
                folkeregisteridentifikator: &event.number,
                hendelsetype: event.kind,
                hendelsesdokument: event.event_document.as_deref(),
                persondokument: event.person_document.map(hex128),
                ajourholdstidspunkt: &event.at,
            },
        }
    }
}

/// `GET hendelser/feed?seq=`: up to a thousand events from a sequence on, it included.
pub(crate) async fn get_page(
    State(sandbox): State<Arc<Sandbox>>,
    RawQuery(query): RawQuery,
    disorder: Option<Extension<Disorder>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let from: i64 = values(&query, "seq")
        .first()
        .and_then(|text| text.parse().ok())
        .filter(|from| *from >= 0)
        .ok_or_else(|| Refusal::bad_request("FREG-002", "Ugyldig eller manglende seq"))?;
    let read = tokio::task::spawn_blocking(move || sandbox.world.events(from, PAGE)).await;
    let read = read.map_err(|_| {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Refusal::for_outsiders(status, "FREG-999", "Intern feil")
    })?;
    let events = read.map_err(|_| Refusal::not_acceptable("FREG-006", "Ulovlig sekvensnummer"))?;
    let last = events.last().map_or(from - 1, |event| event.sequence);
    let tag = format!("\"{from}-{last}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let page = events.iter().map(Entry::from).collect();
    let page = disturb(page, disorder.map(|Extension(disorder)| disorder));
    Ok(([(ETAG, tag)], Json(page)).into_response())
}

/// The page as a bad day has it.
fn disturb(mut page: Vec<Entry<'_>>, disorder: Option<Disorder>) -> Vec<Entry<'_>> {
    match disorder {
        None => page,
        Some(Disorder::OutOfOrder) => {
            page.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
            page
        }
        Some(Disorder::Duplicates) => {
            let twice = |at: usize| if at.is_multiple_of(3) { 2 } else { 1 };
            let entries = page.into_iter().enumerate();
            entries.flat_map(|(at, entry)| std::iter::repeat_n(entry, twice(at))).collect()
        }
    }
}

/// `GET hendelser/siste/sekvensnummer`: a bare number.
pub(crate) async fn get_last_sequence(State(sandbox): State<Arc<Sandbox>>) -> Json<i64> {
    Json(sandbox.world.last_sequence())
}
