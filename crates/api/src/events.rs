//! The event feed: thin events in order, up to what can be read everywhere.
#![expect(unused_qualifications, reason = "the code that utoipa writes for `params(…)`")]

mod wait;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use jiff::Timestamp;
use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::time::Instant;
use register::version::Version;
use serde::Serialize;
use store::EventRow;
use utoipa::{IntoParams, ToSchema};

use crate::admission::Admission;
use crate::app::App;
use crate::auth::{Access, Permission};
use crate::parameters::Fields;
use crate::problem::{self, Code, Faults, Problem, ProblemDetails};

/// The most events in one answer, and the number when the client does not say.
const PAGE_MAX: i64 = 1000;

/// The longest that a client can wait for the next event, in seconds.
const WAIT_MAX_S: i64 = 60;

/// One event: something happened to one person. It does not say what the person looks like now;
/// look the person up for that.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventDocument {
    /// The event's number, a 64-bit integer written as a string. Numbers grow; a number that is
    /// missing belongs to an event of no concern to this rights package and is never a loss.
    #[schema(nullable, required = false)]
    sequence_number: String,
    /// The person's id, to look the person up with.
    #[schema(nullable, required = false, value_type = Option<String>)]
    person_id: PersonId,
    /// What happened: the name of an event type. New names may come.
    #[schema(nullable, required = false)]
    event_type: &'static str,
    /// The identity number that the event was announced with. The person may have another by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    nin: Option<IdentityNumber>,
    /// When the event was written down here. Only with `includeEventTime`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    event_time: Option<Instant>,
}

/// A page of events.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventDocumentSearchResult {
    /// The events, in the order of their numbers. Empty means that the reader has caught up.
    #[schema(nullable, required = false)]
    results: Vec<EventDocument>,
    /// The place of the first event in this answer: always 0. Go on by sequence number instead.
    #[schema(deprecated, required = false)]
    start_index: i32,
    /// The place of the last event in this answer, counted from 0; -1 when there is none. Go on
    /// by sequence number instead.
    #[schema(deprecated, required = false)]
    end_index: i32,
}

/// Which events are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct EventQuery {
    /// The lowest number to return; the event with just this number is included. Absent: from the
    /// first event. To go on, ask from the last number received plus one.
    #[param(value_type = Option<i64>)]
    sequence_number: i64,
    /// The event types to return, all when absent. The key is repeated, or one key holds several
    /// names with commas between; upper and lower case make no difference.
    #[param(value_type = Option<Vec<EventType>>, style = Form, explode)]
    event_types: Vec<EventType>,
    /// The most events to return, 1 to 1000; 1000 when absent.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 1000, default = 1000)]
    max_limit: i64,
    /// How long to wait for an event when there is none to return, in whole seconds up to 60; not
    /// at all when absent. The answer comes as soon as there is an event, and it may come early
    /// without one, as when the server is about to stop: ask again from the same number.
    #[param(value_type = Option<i32>, minimum = 0, maximum = 60, default = 0)]
    wait_seconds: i64,
    /// Whether to say of each event when it was written down here.
    #[param(value_type = Option<bool>, default = false)]
    include_event_time: bool,
}

impl EventQuery {
    fn read<A: Access>(query: Option<String>) -> Result<EventQuery, Problem> {
        let fields = Fields::parse(query.unwrap_or_default().as_bytes()).known_in(A::VERSION);
        let mut faults = Faults::default();
        let numbers = least_number(A::VERSION)..=i64::MAX;
        let default = *numbers.start().max(&0);
        let query = EventQuery {
            sequence_number: fields.number("sequenceNumber", numbers, default, &mut faults),
            event_types: fields.event_types(&mut faults),
            max_limit: fields.number("maxLimit", 1..=PAGE_MAX, PAGE_MAX, &mut faults),
            wait_seconds: fields.number("waitSeconds", 0..=WAIT_MAX_S, 0, &mut faults),
            include_event_time: fields.boolean("includeEventTime", &mut faults),
        };
        faults.check()?;
        Ok(query)
    }

    fn wait(&self) -> Duration {
        Duration::from_secs(self.wait_seconds.unsigned_abs())
    }
}

/// The lowest number that can be asked from: version 2 publishes a bound, version 3 has none.
pub(crate) fn least_number(version: Version) -> i64 {
    match version {
        Version::V2 => 1,
        Version::V3 => i64::MIN,
    }
}

/// Which of an event's newer fields an answer has.
#[derive(Clone, Copy)]
struct Shown {
    nin: bool,
    time: bool,
}

impl Shown {
    fn new<A: Access>(time: bool) -> Shown {
        Shown { nin: A::VERSION >= Version::V3, time }
    }
}

impl EventDocument {
    fn new(row: EventRow, shown: Shown) -> EventDocument {
        let time = Timestamp::from_microsecond(row.registered_at_us).ok().map(Instant::from);
        EventDocument {
            sequence_number: row.sequence.to_string(),
            person_id: row.person_id,
            event_type: row.event_type.name(),
            nin: row.nin.filter(|_| shown.nin),
            event_time: time.filter(|_| shown.time),
        }
    }
}

impl EventDocumentSearchResult {
    fn new(rows: Vec<EventRow>, shown: Shown) -> EventDocumentSearchResult {
        // At most a thousand, so the place of the last one always fits.
        let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        EventDocumentSearchResult {
            results: rows.into_iter().map(|row| EventDocument::new(row, shown)).collect(),
            start_index: 0,
            end_index: count - 1,
        }
    }
}

/// What may be said with the question for the newest event.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
struct LatestQuery {
    /// Whether to say when the event was written down here.
    #[param(value_type = Option<bool>, default = false)]
    include_event_time: bool,
}

impl LatestQuery {
    fn read<A: Access>(query: Option<String>) -> Result<LatestQuery, Problem> {
        let fields = Fields::parse(query.unwrap_or_default().as_bytes()).known_in(A::VERSION);
        let mut faults = Faults::default();
        let include_event_time = fields.boolean("includeEventTime", &mut faults);
        faults.check()?;
        Ok(LatestQuery { include_event_time })
    }
}

/// Get the newest event
///
/// Returns the last event of the feed that this rights package may see. Whoever builds a copy of
/// the register stores its number first, copies the persons, and then reads the feed from there.
#[utoipa::path(
    get,
    path = "/event/latest",
    operation_id = "get_latest_event",
    params(
        LatestQuery,
        (
            "If-None-Match" = Option<String>, Header,
            description = "The `ETag` of an answer that the client has. If the newest event is \
                           still that one, the answer is 304 and has no body."
        ),
    ),
    responses(
        (
            status = 200,
            description = "The newest event",
            body = EventDocument,
            headers(("ETag" = String, description = "Changes with every new event")),
        ),
        (status = 304, description = "The newest event is the one that the client has"),
        (
            status = 404,
            description = "There is no event yet",
            body = ProblemDetails,
            content_type = problem::MEDIA_TYPE,
        ),
    ),
)]
pub(crate) async fn get_latest_event<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let LatestQuery { include_event_time } = LatestQuery::read::<A>(query)?;
    let latest = app.store.latest_event(A::PACKAGE).await?.ok_or(Code::EventNotFound)?;
    if A::VERSION == Version::V2 {
        return Ok(Json(EventDocument::new(latest, Shown::new::<A>(false))).into_response());
    }
    let tag = format!("\"{}\"", latest.sequence);
    let mut response = if is_held(&headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(EventDocument::new(latest, Shown::new::<A>(include_event_time))).into_response()
    };
    // Digits between quotes: always a header value.
    let tag = HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\""));
    response.headers_mut().insert(ETAG, tag);
    Ok(response)
}

/// Whether `If-None-Match` names this tag, in the weak comparison of RFC 9110 §13.1.2.
fn is_held(headers: &HeaderMap, tag: &str) -> bool {
    let sent = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = sent.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == tag)
}

/// Get events in order
///
/// Returns events from a number on, in the order of their numbers, at most 1000 at a time. An
/// event is shown only when the data it announces can be read by every lookup, so a person who is
/// looked up after an event is never older than the event. A page is filled with events that this
/// rights package may see: an empty page means that the reader has caught up, whatever is filtered
/// or hidden. Ask again from the same number.
#[utoipa::path(
    get,
    path = "/event",
    operation_id = "get_events",
    params(EventQuery),
    responses((status = 200, description = "The events", body = EventDocumentSearchResult)),
)]
pub(crate) async fn get_events<A: Access>(
    _: Permission<A>,
    State(app): State<Arc<App>>,
    admission: Admission,
    RawQuery(query): RawQuery,
) -> Result<Json<EventDocumentSearchResult>, Problem> {
    let query = EventQuery::read::<A>(query)?;
    let found = wait::events(&app, &admission, &query, A::PACKAGE).await?;
    let shown = Shown::new::<A>(query.include_event_time);
    Ok(Json(EventDocumentSearchResult::new(found, shown)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_those_that_are_held() {
        for (sent, expected) in [
            (vec![], false),
            (vec!["\"7\""], true),
            (vec!["W/\"7\""], true),
            (vec!["\"6\", \"7\""], true),
            (vec!["\"6\"", "\"7\""], true),
            (vec!["*"], true),
            (vec!["\"77\"", "7", "W/7", ""], false),
        ] {
            let mut headers = HeaderMap::new();
            for value in &sent {
                headers.append(IF_NONE_MATCH, value.parse().expect("a header value"));
            }
            assert_eq!(is_held(&headers, "\"7\""), expected, "{sent:?}");
        }
    }
}
