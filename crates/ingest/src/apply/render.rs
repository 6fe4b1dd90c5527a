//! From a plan to what one transaction writes: rendering, compressing and sealing, in parallel.

use std::collections::HashMap;

use rayon::prelude::*;
use register::id::PersonId;
use register::package::Package;
use register::person::Person;
use register::render::{Circumstances, render};
use store::{
    NumberWrite, ParkedWrite, PersonWrite, PositionMove, ServedBlobs, SourceWrite, WriteBatch, blob,
};

use super::ApplyError;
use super::document::prepare;
use super::identity::{Body, Tracked};
use super::plan::{Parked, Plan};
use crate::Keys;

/// The version of the code that renders: mapping, rights and form together. Raised with every
/// change that makes stored forms differ from what would be rendered now.
pub const RENDERED_BY: i32 = 2;

/// Where the source document of a person is sealed to: the bytes open nowhere else.
pub fn source_associated_data(person: PersonId) -> Vec<u8> {
    [b"source_document/".as_slice(), person.0.as_bytes()].concat()
}

/// Where a parked record is sealed to.
pub fn parked_associated_data(topic: &str, partition: i32, offset: i64) -> Vec<u8> {
    format!("parked/{topic}/{partition}/{offset}").into_bytes()
}

/// The persons whose stored document is needed to hide their addresses.
pub fn to_mask(plan: &Plan) -> Vec<PersonId> {
    let masked = plan.persons.iter().filter(|tracked| matches!(tracked.body, Body::Masked(None)));
    masked.map(|tracked| tracked.state.id).collect()
}

/// Renders a plan.
///
/// # Errors
/// When a stored document cannot be opened or read again, or a form cannot be compressed or sealed.
pub fn write_batch(
    plan: Plan,
    stored: &HashMap<PersonId, Vec<u8>>,
    parked: Vec<(Parked, Vec<u8>)>,
    positions: Vec<PositionMove>,
    keys: &Keys,
) -> Result<WriteBatch, ApplyError> {
    let persons = plan.persons.par_iter().map(|tracked| person_write(tracked, stored, keys));
    let persons = persons.collect::<Result<Vec<_>, _>>()?;
    let numbers = plan.numbers.into_iter().map(|moved| NumberWrite {
        number: moved.number,
        person_id: moved.person,
        as_of: moved.as_of,
    });
    let parked = parked.into_iter().map(|(record, payload)| parked_write(record, &payload, keys));
    Ok(WriteBatch {
        persons,
        numbers: numbers.collect(),
        events: plan.events,
        parked: parked.collect::<Result<Vec<_>, _>>()?,
        positions,
    })
}

fn person_write(
    tracked: &Tracked,
    stored: &HashMap<PersonId, Vec<u8>>,
    keys: &Keys,
) -> Result<PersonWrite, ApplyError> {
    let state = &tracked.state;
    let (served, source) = match &tracked.body {
        Body::Keep => (None, SourceWrite::Keep),
        Body::Stub => (Some(serve(&Person::stub(), false)?), SourceWrite::Remove),
        Body::Document(document) | Body::Masked(Some(document)) => {
            let masked = matches!(tracked.body, Body::Masked(_));
            let sealed = keys.sealer.seal(&document.json, &source_associated_data(state.id))?;
            (Some(serve(&document.person, masked)?), SourceWrite::Replace(sealed))
        }
        Body::Masked(None) => (Some(mask(state.id, stored)?), SourceWrite::Keep),
    };
    Ok(PersonWrite {
        id: state.id,
        new: tracked.new,
        primary_number: state.primary_number.clone(),
        stub: state.stub,
        as_of: state.as_of,
        content_hash: state.content_hash,
        masked_parts: state.masked_parts,
        masked_before: state.masked_before,
        parked: state.parked,
        protection_uncertain: state.protection_uncertain,
        served,
        source,
    })
}

/// Serves the stored document again with every address hidden. A person without a document that
/// can be read is served with nothing, rather than with an address that may be protected.
fn mask(id: PersonId, stored: &HashMap<PersonId, Vec<u8>>) -> Result<ServedBlobs, ApplyError> {
    let json = stored.get(&id).and_then(|json| std::str::from_utf8(json).ok());
    match json.map(prepare) {
        Some(Ok(document)) => serve(&document.person, true),
        Some(Err(_)) | None => serve(&Person::default(), true),
    }
}

fn serve(person: &Person, protection_uncertain: bool) -> Result<ServedBlobs, ApplyError> {
    let circumstances = Circumstances { protection_uncertain };
    let form = |package| {
        let rendered = render(person, package, &circumstances);
        blob::compress(package, &rendered).map_err(ApplyError::Compress)
    };
    Ok(ServedBlobs {
        full: form(Package::FullAccess)?,
        restricted: form(Package::RestrictedAccess)?,
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
