//! From Kafka's bytes to inputs of the plan: opened, parsed and mapped, with no I/O.

use std::sync::Arc;
use std::time::SystemTime;

use register::id::IdentityNumber;

use super::ApplyError;
use super::document::prepare;
use super::metrics;
use super::plan::{Change, Content, Incoming, Input, Place};
use crate::Keys;
use crate::record::{
    Carried, ChangeRecord, RecordError, SnapshotRecord, open_record, open_value, read_record,
};

/// A record as it came.
pub struct RawRecord {
    /// Where it was.
    pub place: Place,
    /// Its key, which its value is sealed to.
    pub key: Vec<u8>,
    /// Its sealed value.
    pub value: Vec<u8>,
    /// When it was published, as the broker has it.
    pub published: Option<SystemTime>,
}

/// Reads a record.
///
/// # Errors
/// When the value cannot be opened or is no record of ours. That is a fault of keys or of versions,
/// not of one person: it must stop the partition, not park a record.
pub fn read(raw: &RawRecord, changes_topic: &str, keys: &Keys) -> Result<Input, ApplyError> {
    let place = raw.place.clone();
    let content = if &*place.topic == changes_topic {
        change(open(raw, keys)?)
    } else {
        snapshot(open(raw, keys)?)
    };
    Ok(Input { place, content })
}

/// Reads a record that has been opened: an event, or a document of an extract.
///
/// # Errors
/// When it is no record of ours.
pub fn parse(place: Place, value: &[u8], is_event: bool) -> Result<Input, ApplyError> {
    let content =
        if is_event { read_record(value).map(change) } else { read_record(value).map(snapshot) };
    match content {
        Ok(content) => Ok(Input { place, content }),
        Err(source) => Err(ApplyError::Record { place, source }),
    }
}

/// A record of an event, opened, as one of its document alone.
///
/// # Errors
/// When it is no record of an event.
pub fn document_alone(place: &Place, value: &[u8]) -> Result<Vec<u8>, ApplyError> {
    let alone = |ChangeRecord { document, .. }| {
        let record = SnapshotRecord { document_id: String::new(), document };
        serde_json::to_vec(&record).map_err(|_| RecordError::Format)
    };
    let value = read_record(value).and_then(alone);
    value.map_err(|source| ApplyError::Record { place: place.clone(), source })
}

fn change(record: ChangeRecord) -> Content {
    Content::Change(Change {
        sequence: record.sequence,
        previous_sequence: record.previous_sequence,
        number: IdentityNumber::new(record.number),
        event_type: record.event_type,
        document: incoming(record.document),
    })
}

fn snapshot(record: SnapshotRecord) -> Content {
    Content::Snapshot(incoming(record.document))
}

/// Opens a record's value.
///
/// # Errors
/// As for [`read`].
pub fn open<R: serde::de::DeserializeOwned>(raw: &RawRecord, keys: &Keys) -> Result<R, ApplyError> {
    open_record(&keys.sealer, &raw.place.topic, &raw.key, &raw.value)
        .map_err(|source| ApplyError::Record { place: raw.place.clone(), source })
}

fn incoming(carried: Carried) -> Incoming {
    let (as_of, json) = match carried {
        Carried::Elsewhere => return Incoming::Elsewhere,
        Carried::Missing { .. } => return Incoming::Missing,
        Carried::Document { as_of, json } => (as_of, json),
    };
    match prepare(json.get()) {
        Ok(document) => {
            metrics::unknown_values(&document.unknown);
            Incoming::Document { as_of, document: Arc::new(document) }
        }
        Err(_) => Incoming::Unreadable { as_of },
    }
}

/// The record's value in clear, to be sealed to its place in the park.
///
/// # Errors
/// As for [`read`].
pub fn plain(raw: &RawRecord, keys: &Keys) -> Result<Vec<u8>, ApplyError> {
    open_value(&keys.sealer, &raw.place.topic, &raw.key, &raw.value)
        .map_err(|source| ApplyError::Record { place: raw.place.clone(), source })
}
