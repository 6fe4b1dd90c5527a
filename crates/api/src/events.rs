//! The event feed: thin events in order, up to what can be read everywhere.
#![expect(unused_qualifications, reason = "the code that utoipa writes for `params(…)`")]

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Json;
use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use serde::Serialize;
use store::EventRow;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::{Access, Permission};
use crate::parameters::Fields;
use crate::problem::{self, Code, Faults, Problem, ProblemDetails};

/// The most events in one answer, and the number when the client does not say.
const PAGE_MAX: i64 = 1000;

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
}

impl EventQuery {
    fn read(query: Option<String>) -> Result<EventQuery, Problem> {
        let fields = Fields::parse(query.unwrap_or_default().as_bytes());
        let mut faults = Faults::default();
        let query = EventQuery {
            sequence_number: fields.number("sequenceNumber", i64::MIN..=i64::MAX, 0, &mut faults),
            event_types: fields.event_types(&mut faults),
            max_limit: fields.number("maxLimit", 1..=PAGE_MAX, PAGE_MAX, &mut faults),
        };
        faults.check()?;
        Ok(query)
    }
}

impl From<EventRow> for EventDocument {
    fn from(row: EventRow) -> EventDocument {
        EventDocument {
            sequence_number: row.sequence.to_string(),
            person_id: row.person_id,
            event_type: row.event_type.name(),
            nin: row.nin,
        }
    }
}

impl From<Vec<EventRow>> for EventDocumentSearchResult {
    fn from(rows: Vec<EventRow>) -> EventDocumentSearchResult {
        // At most a thousand, so the place of the last one always fits.
        let count = i32::try_from(rows.len()).unwrap_or(i32::MAX);
        EventDocumentSearchResult {
            results: rows.into_iter().map(EventDocument::from).collect(),
            start_index: 0,
            end_index: count - 1,
        }
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
    responses(
        (status = 200, description = "The newest event", body = EventDocument),
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
) -> Result<Json<EventDocument>, Problem> {
    let latest = app.store.latest_event(A::PACKAGE).await?;
    Ok(Json(latest.ok_or(Code::EventNotFound)?.into()))
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
    RawQuery(query): RawQuery,
) -> Result<Json<EventDocumentSearchResult>, Problem> {
    let EventQuery { sequence_number, event_types, max_limit } = EventQuery::read(query)?;
    let found = app.store.events(sequence_number, &event_types, max_limit, A::PACKAGE).await?;
    Ok(Json(found.into()))
}
