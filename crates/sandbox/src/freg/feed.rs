//! The feed of events and the number of the newest one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::Sandbox;
use crate::calendar::hex128;
use crate::freg::refusal::Refusal;
use crate::freg::values;
use crate::world::Event;

/// Events in a page.
pub(crate) const PAGE: usize = 1000;

#[derive(Serialize)]
struct Entry<'a> {
    sekvensnummer: i64,
    hendelse: Hendelse<'a>,
}

#[derive(Serialize)]
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
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let from: i64 = values(&query, "seq")
        .first()
        .and_then(|text| text.parse().ok())
        .filter(|from| *from >= 0)
        .ok_or_else(|| Refusal::bad_request("FREG-002", "Ugyldig eller manglende seq"))?;
    let events = sandbox
        .world
        .events(from, PAGE)
        .map_err(|_| Refusal::not_acceptable("FREG-006", "Ulovlig sekvensnummer"))?;
    let last = events.last().map_or(from - 1, |event| event.sequence);
    let tag = format!("\"{from}-{last}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let page: Vec<Entry<'_>> = events.iter().map(Entry::from).collect();
    Ok(([(ETAG, tag)], Json(page)).into_response())
}

/// `GET hendelser/siste/sekvensnummer`: a bare number.
pub(crate) async fn get_last_sequence(State(sandbox): State<Arc<Sandbox>>) -> Json<i64> {
    Json(sandbox.world.last_sequence())
}
