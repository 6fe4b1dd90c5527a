//! Rendering a person anew from its stored document, when something else than the document has
//! changed: geography, contact details, the time, or the code.
//!
//! What comes out is compared with what is stored, part by part, and only a difference is written
//! and told.

use register::event::{EventType, made_here};
use register::person::Person;
use store::{EventWrite, PersonWrite, SourceWrite, StoredPerson};

use super::ApplyError;
use super::differ::differs;
use super::render::{Surroundings, person_write, serve, source_document};

/// Who is written of those that are rendered anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes {
    /// Those that are to be served otherwise.
    Differing,
    /// Everybody: the row is to name the code of today, and what the person is found by is to be
    /// what that code says.
    Everybody,
}

/// What rendering a person anew came to.
pub enum Refreshed {
    /// It is served as it would be rendered now; there may be a row to write all the same.
    Same(Option<Box<Change>>),
    /// There is no document that can be read: what is served stays.
    Unreadable,
    /// It is to be served otherwise.
    Changed(Box<Change>),
}

/// A person that is to be written.
pub struct Change {
    /// The row.
    pub person: PersonWrite,
    /// What is told, at least one event.
    pub events: Vec<EventWrite>,
}

/// How many persons were rendered anew, by what came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshes {
    /// Served otherwise now.
    pub changed: usize,
    /// Served as before.
    pub same: usize,
    /// Without a document that can be read.
    pub unreadable: usize,
}

/// Renders a person anew.
///
/// # Errors
/// When something stored cannot be opened with our keys, or a form cannot be compressed.
pub fn refresh(
    stored: StoredPerson,
    writes: Writes,
    around: &Surroundings,
) -> Result<Refreshed, ApplyError> {
    let mut state = stored.state.clone();
    let served = if state.stub {
        serve(Person::stub(), &[], &state, around)?
    } else {
        let document = source_document(&stored, &around.keys)?;
        let Some(document) = document else { return Ok(Refreshed::Unreadable) };
        state.masked_parts = document.masked_as(state.protection_uncertain);
        serve(document.person, &document.numbers, &state, around)?
    };
    let differs = differs(&stored, &served.full, &served.restricted, state.masked_parts)?;
    let is_same = differs.is_nothing();
    if is_same && writes == Writes::Differing {
        return Ok(Refreshed::Same(None));
    }
    state.contact_digest = served.contact_digest;
    let event = |event_type: Option<EventType>| EventWrite {
        person_id: state.id,
        event_type,
        visible_restricted: event_type.is_some_and(|event| differs.is_told_to_restricted(event)),
        nin: Some(state.primary_number.clone()),
        source_sequence: None,
    };
    let mut events: Vec<EventWrite> = made_here(differs.full.union(differs.restricted))
        .into_iter()
        .map(Some)
        .map(event)
        .collect();
    if events.is_empty() {
        events.push(event(None));
    }
    let person = person_write(state, false, Some(served), SourceWrite::Keep)?;
    let change = Box::new(Change { person, events });
    Ok(if is_same { Refreshed::Same(Some(change)) } else { Refreshed::Changed(change) })
}
