//! Rendering a person anew from its stored document, when something else than the document has
//! changed: geography, contact details, the time, or the code.
//!
//! What comes out is compared with what is stored, part by part, and only a difference is written
//! and told.

use register::event::{EventType, made_here, visible_to_restricted};
use register::part::PartSet;
use register::render::{Circumstances, ServedForm, differing_parts, masked_parts};
use store::{EventWrite, PersonWrite, SourceWrite, StoredPerson, blob};

use super::ApplyError;
use super::document::prepare_stored;
use super::render::{Surroundings, person_write, serve, source_associated_data};

/// What rendering a person anew came to.
pub enum Refreshed {
    /// It is served as it would be rendered now.
    Same,
    /// There is no document that can be read: what is served stays.
    Unreadable,
    /// It is to be served otherwise.
    Changed(Box<Change>),
}

/// A person that is to be served otherwise.
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
pub fn refresh(stored: StoredPerson, around: &Surroundings) -> Result<Refreshed, ApplyError> {
    let StoredPerson { mut state, full, restricted, source } = stored;
    let bound_to = source_associated_data(state.id);
    let Some(sealed) = source else { return Ok(Refreshed::Unreadable) };
    let json = around.keys.sealer.open(&sealed, &bound_to)?;
    let document = prepare_stored(&json, state.alternate);
    let Some(document) = document else { return Ok(Refreshed::Unreadable) };
    let masked_before = state.masked_parts;
    state.masked_parts = if state.protection_uncertain {
        masked_parts(&document.person, &Circumstances { protection_uncertain: true })
    } else {
        document.masked_parts
    };
    let served = serve(document.person, &document.numbers, &state, around)?;
    let differs = Differs {
        full: differing(&full, &served.full)?,
        restricted: differing(&restricted, &served.restricted)?,
        masked: [masked_before, state.masked_parts],
    };
    if differs.is_nothing() {
        return Ok(Refreshed::Same);
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
    Ok(Refreshed::Changed(Box::new(Change { person, events })))
}

/// What differs between what is served and what is to be.
struct Differs {
    full: PartSet,
    restricted: PartSet,
    /// What restricted access does not see, before and after.
    masked: [PartSet; 2],
}

impl Differs {
    fn is_nothing(&self) -> bool {
        let [before, after] = self.masked;
        self.full.is_empty() && self.restricted.is_empty() && before == after
    }

    /// Where what restricted access sees is the same, there is nothing to tell it: that there was
    /// something to tell would itself be telling.
    fn is_told_to_restricted(&self, event: EventType) -> bool {
        let [before, after] = self.masked;
        visible_to_restricted(event, before, after)
            && !event.announces().intersection(self.restricted).is_empty()
    }
}

fn differing(stored: &[u8], rendered: &[u8]) -> Result<PartSet, ApplyError> {
    let stored = blob::decompress(stored).map_err(ApplyError::Blob)?;
    let stored = ServedForm::read(&stored).map_err(ApplyError::Form)?;
    let rendered = ServedForm::read(rendered).map_err(ApplyError::Form)?;
    Ok(differing_parts(&stored, &rendered))
}
