//! From a plan to what one transaction writes: enriching, rendering, compressing and sealing, in
//! parallel.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use rayon::prelude::*;
use register::event::{EventType, visible_to_restricted};
use register::geography::{Geography, enrich};
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::part::InformationPart;
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};
use register::search::{self, SearchRows};
use register::time::{Day, Instant};
use sources::freg::document::ListedNumber;
use store::{
    EventWrite, NumberWrite, ParkedWrite, PersonState, PersonWrite, PositionMove, ServedBlobs,
    SourceWrite, StoredContact, StoredPerson, WriteBatch, blob,
};

use super::ApplyError;
use super::contact::{self, contact_number};
use super::differ::differs;
use super::document::{PreparedDocument, prepare_stored};
use super::identity::{Body, Tracked};
use super::plan::{Parked, Plan};
use crate::Keys;

/// The version of the code that renders: mapping, enrichment, rights, form and what a person is
/// found by, together. Raised with every change that makes what is stored differ from what would be
/// rendered now.
pub const RENDERED_BY: i32 = 4;

/// What a person is rendered with, besides its document.
pub struct Surroundings {
    /// Where things lie.
    pub geography: Arc<Geography>,
    /// The day on which what holds now is looked up there.
    pub today: Day,
    /// The instant at which notices may be sent or not.
    pub now: Instant,
    /// The contact details of the numbers in use.
    pub contacts: HashMap<IdentityNumber, StoredContact>,
    /// What sealed values are opened and sealed with.
    pub keys: Keys,
}

/// A person as both packages are served it, and as both find it.
pub struct Served {
    /// What full access sees.
    pub full: Vec<u8>,
    /// What restricted access sees.
    pub restricted: Vec<u8>,
    /// A digest of the contact details in it.
    pub contact_digest: Option<i64>,
    /// What the person is found by: what each package is served, and nothing else.
    pub search: SearchRows,
}

/// Where the source document of a person is sealed to: the bytes open nowhere else.
pub fn source_associated_data(person: PersonId) -> Vec<u8> {
    [b"source_document/".as_slice(), person.0.as_bytes()].concat()
}

/// Where a parked record is sealed to.
pub fn parked_associated_data(topic: &str, partition: i32, offset: i64) -> Vec<u8> {
    format!("parked/{topic}/{partition}/{offset}").into_bytes()
}

/// The persons that are rendered from the document that is stored, and those whose stored forms
/// tell whether there is anything to tell.
pub fn from_stored(plan: &Plan) -> Vec<PersonId> {
    let stored = plan
        .persons
        .iter()
        .filter(|tracked| matches!(tracked.body, Body::Stored) || tracked.unannounced);
    stored.map(|tracked| tracked.state.id).collect()
}

/// The numbers whose contact details may be served with what the plan renders.
pub fn contact_numbers(plan: &Plan) -> Vec<&str> {
    let rendered = plan
        .persons
        .iter()
        .filter(|tracked| matches!(tracked.body, Body::Document(_) | Body::Stored));
    rendered.map(|tracked| tracked.state.primary_number.as_str()).collect()
}

/// Renders a plan.
///
/// # Errors
/// When something stored cannot be opened, or a form cannot be compressed or sealed.
pub fn write_batch(
    plan: Plan,
    stored: &HashMap<PersonId, StoredPerson>,
    parked: Vec<(Parked, Vec<u8>)>,
    positions: Vec<PositionMove>,
    around: &Surroundings,
) -> Result<WriteBatch, ApplyError> {
    let written = plan.persons.into_par_iter().map(|tracked| written(tracked, stored, around));
    let written = written.collect::<Result<Vec<_>, _>>()?;
    let unchanged = written.iter().filter(|written| written.same).map(|written| written.person.id);
    let mut events = plan.events;
    silence(&mut events, &unchanged.collect());
    events.extend(written.iter().filter_map(|written| written.contact_event.clone()));
    let persons = written.into_iter().map(|written| written.person).collect();
    let numbers = plan.numbers.into_iter().map(|moved| NumberWrite {
        number: moved.number,
        person_id: moved.person,
        as_of: moved.as_of,
        continued_as: moved.continued_as,
    });
    let keys = &around.keys;
    let parked = parked.into_iter().map(|(record, payload)| parked_write(record, &payload, keys));
    Ok(WriteBatch {
        persons,
        numbers: numbers.collect(),
        events,
        parked: parked.collect::<Result<Vec<_>, _>>()?,
        positions,
        ..WriteBatch::default()
    })
}

/// A person's row, and what bears on what is told.
struct Written {
    person: PersonWrite,
    /// Told besides FREG's events: other contact details.
    contact_event: Option<EventWrite>,
    /// True when a document without an event has changed nothing that is served.
    same: bool,
}

/// What no event of FREG's told of and is served as before is not told by us either.
fn silence(events: &mut [EventWrite], persons: &HashSet<PersonId>) {
    let is_ours = |event: &EventWrite| {
        event.event_type == Some(EventType::PersonIsUpdated) && event.source_sequence.is_none()
    };
    for event in events.iter_mut().filter(|event| is_ours(event)) {
        if persons.contains(&event.person_id) {
            event.event_type = None;
            event.visible_restricted = false;
        }
    }
}

fn written(
    tracked: Tracked,
    stored: &HashMap<PersonId, StoredPerson>,
    around: &Surroundings,
) -> Result<Written, ApplyError> {
    let Tracked { mut state, new, body, unannounced, .. } = tracked;
    let stored = stored.get(&state.id);
    let (served, source) = match body {
        Body::Keep => (None, SourceWrite::Keep),
        Body::Stub => (Some(serve(Person::stub(), &[], &state, around)?), SourceWrite::Remove),
        Body::Document(document) => {
            let document = Arc::unwrap_or_clone(document);
            let bound_to = source_associated_data(state.id);
            let sealed = around.keys.sealer.seal(&document.json, &bound_to)?;
            let served = serve(document.person, &document.numbers, &state, around)?;
            (Some(served), SourceWrite::Replace(sealed))
        }
        Body::Stored => (Some(serve_stored(stored, &mut state, around)?), SourceWrite::Keep),
    };
    let before = state.contact_digest;
    state.contact_digest = served.as_ref().map_or(before, |served| served.contact_digest);
    let is_told = !new && !state.stub && state.contact_digest != before;
    let contact_event = is_told.then(|| contact_event(&state));
    let same = match (&served, stored) {
        (Some(served), Some(stored)) if unannounced => {
            differs(stored, &served.full, &served.restricted, state.masked_parts)?.is_nothing()
        }
        _ => false,
    };
    let person = person_write(state, new, served, source)?;
    Ok(Written { person, contact_event, same })
}

fn contact_event(state: &PersonState) -> EventWrite {
    let event_type = EventType::ChangeInCommonContactRegisterInformation;
    let masked = state.masked_parts;
    EventWrite {
        person_id: state.id,
        event_type: Some(event_type),
        visible_restricted: visible_to_restricted(event_type, masked, masked),
        nin: Some(state.primary_number.clone()),
        source_sequence: None,
    }
}

/// A person's row as it is to stand.
///
/// # Errors
/// When a form cannot be compressed.
pub fn person_write(
    state: PersonState,
    new: bool,
    served: Option<Served>,
    source: SourceWrite,
) -> Result<PersonWrite, ApplyError> {
    Ok(PersonWrite {
        id: state.id,
        new,
        alternate: state.alternate,
        primary_number: state.primary_number,
        stub: state.stub,
        as_of: state.as_of,
        content_hash: state.content_hash,
        masked_parts: state.masked_parts,
        masked_before: state.masked_before,
        parked: state.parked,
        protection_uncertain: state.protection_uncertain,
        contact_digest: state.contact_digest,
        served: served.as_ref().map(compress).transpose()?,
        source,
        search: served.map(|served| served.search),
    })
}

/// Serves the stored document again. A person without a document that can be read is served with
/// nothing, rather than with an address that may be protected.
fn serve_stored(
    stored: Option<&StoredPerson>,
    state: &mut PersonState,
    around: &Surroundings,
) -> Result<Served, ApplyError> {
    let document = stored.map(|stored| source_document(stored, &around.keys)).transpose()?;
    match document.flatten() {
        Some(document) => {
            state.masked_parts = document.masked_as(state.protection_uncertain);
            serve(document.person, &document.numbers, state, around)
        }
        None => serve(Person::default(), &[], state, around),
    }
}

/// The stored document of a person, if there is one that can be read.
///
/// # Errors
/// When it cannot be opened with our keys.
pub fn source_document(
    stored: &StoredPerson,
    keys: &Keys,
) -> Result<Option<PreparedDocument>, ApplyError> {
    let Some(sealed) = &stored.source else { return Ok(None) };
    let json = keys.sealer.open(sealed, &source_associated_data(stored.state.id))?;
    Ok(prepare_stored(&json, stored.state.alternate))
}

/// Enriches a person as FREG gave it, joins the contact details of its number in use, and renders
/// it for both packages.
///
/// # Errors
/// When the contact details cannot be opened.
pub fn serve(
    mut person: Person,
    listed: &[ListedNumber],
    state: &PersonState,
    around: &Surroundings,
) -> Result<Served, ApplyError> {
    enrich(&mut person, &around.geography, around.today);
    let contact = contact_number(state, listed).and_then(|number| around.contacts.get(number));
    if let Some(contact) = contact {
        let information = contact::serve(contact, around.now, &around.keys)?;
        person.common_contact_register_information = information;
    }
    let circumstances = Circumstances { protection_uncertain: state.protection_uncertain };
    let full = render(&person, Package::FullAccess, &circumstances);
    let restricted = render(&person, Package::RestrictedAccess, &circumstances);
    let contact_digest = if contact.is_some() { contact_digest(&full)? } else { None };
    let mut search = search::rows(&person, &circumstances);
    search.facets = search.facets.with_alternate(state.alternate);
    Ok(Served { full, restricted, contact_digest, search })
}

fn contact_digest(full: &[u8]) -> Result<Option<i64>, ApplyError> {
    let form = ServedForm::read(full).map_err(ApplyError::Form)?;
    let items = form.items(InformationPart::CommonContactRegisterInformation);
    let digest = items.map(|items| digest(&SHA256, items));
    let start = digest.as_ref().and_then(|digest| digest.as_ref().first_chunk());
    Ok(start.map(|start| i64::from_be_bytes(*start)))
}

/// Compresses what is served.
///
/// # Errors
/// When a form cannot be compressed.
pub fn compress(served: &Served) -> Result<ServedBlobs, ApplyError> {
    let compress = |package, form| blob::compress(package, form).map_err(ApplyError::Blob);
    Ok(ServedBlobs {
        full: compress(Package::FullAccess, &served.full)?,
        restricted: compress(Package::RestrictedAccess, &served.restricted)?,
        rendered_by: RENDERED_BY,
    })
}

fn parked_write(record: Parked, payload: &[u8], keys: &Keys) -> Result<ParkedWrite, ApplyError> {
    let Parked { place, person, number, sequence, reason } = record;
    let bound_to = parked_associated_data(&place.topic, place.partition, place.offset);
    Ok(ParkedWrite {
        person_id: person,
        number,
        topic: place.topic.to_string(),
        partition: place.partition,
        record_offset: place.offset,
        source_sequence: sequence,
        reason,
        sealed: keys.sealer.seal(payload, &bound_to)?,
    })
}
