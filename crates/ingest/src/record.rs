//! What our Kafka topics carry: one record for each of FREG's events, for each bulk document, for
//! each number that KRR speaks of, and for each state of a felles hjelpenummer.
//!
//! A value is sealed ([`store::seal`]) with the topic and the record's key as associated data, so
//! that a value copied to another key cannot be opened. The key is a keyed hash of the number.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::seal::{SealError, Sealer};

/// FREG's change feed in its own total order: one partition.
pub const CHANGES_TOPIC: &str = "freg.changes";
/// The documents of a bulk extract: several partitions, no order between them.
pub const SNAPSHOT_TOPIC: &str = "freg.snapshot";
/// What KRR says of each number: several partitions, in order for each number.
pub const CONTACTS_TOPIC: &str = "krr.contacts";
/// Persons with a felles hjelpenummer, from the service that gives them out: in order for each
/// number.
pub const AIN_TOPIC: &str = "nhn.ain";

/// One event of FREG's feed, in feed order.
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// FREG's `sekvensnummer`.
    pub sequence: i64,
    /// The sequence of the event before it in FREG's feed. A record that names one later than the
    /// last applied tells that a record of ours is lost; `None` is the first after a bulk load.
    pub previous_sequence: Option<i64>,
    /// FREG's `folkeregisteridentifikator`.
    pub number: String,
    /// FREG's `hendelsetype`, as spelled in the feed.
    pub event_type: String,
    /// The person's document, on the number's first event of a page.
    pub document: Carried,
}

/// One document of a bulk extract.
#[derive(Clone, Serialize, Deserialize)]
pub struct SnapshotRecord {
    /// FREG's `dokumentidentifikator`, to order the document again if it cannot be read.
    pub document_id: String,
    /// The document, or why there is none.
    pub document: Carried,
}

/// What KRR says of one number, from a lookup or from its feed.
#[derive(Clone, Serialize, Deserialize)]
pub struct ContactRecord {
    /// KRR's `personidentifikator`.
    pub number: String,
    /// KRR's change id that the record is at least as new as.
    pub as_of: i64,
    /// KRR's JSON, untouched.
    pub json: Box<RawValue>,
}

/// All that is known of one person with a felles hjelpenummer.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AinRecord {
    /// The felles hjelpenummer.
    pub number: String,
    /// Counts the states of this number: each is newer than those with a lower one.
    pub version: i64,
    /// The state, in the form that [`sources::ain`] reads.
    pub person: Box<RawValue>,
}

/// The document that rides on a record, if any.
#[derive(Clone, Serialize, Deserialize)]
pub enum Carried {
    /// It rides on an earlier event of the same number, or the event has none by its nature.
    Elsewhere,
    /// A whole person document as FREG sent it.
    Document {
        /// The FREG sequence that the document is at least as new as.
        as_of: i64,
        /// FREG's JSON, untouched.
        json: Box<RawValue>,
    },
    /// FREG answered, but not with a document.
    Missing {
        /// The FREG sequence at which it was asked for.
        as_of: i64,
    },
}

/// Why a record cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The value cannot be sealed or opened with our keys.
    #[error("the value cannot be sealed or opened")]
    Seal(#[from] SealError),
    /// The value is no record of this version.
    #[error("the value is no record of this version")]
    Format,
}

/// Seals a record to its topic and key.
///
/// # Errors
/// When there is no key to seal with.
pub fn seal_record<R: Serialize>(
    sealer: &Sealer,
    topic: &str,
    key: &[u8],
    record: &R,
) -> Result<Vec<u8>, RecordError> {
    // serde_json's own text can quote a value, so it is dropped.
    let plain = serde_json::to_vec(record).map_err(|_| RecordError::Format)?;
    Ok(sealer.seal(&plain, &associated_data(topic, key))?)
}

/// Opens a value, as JSON.
///
/// # Errors
/// When no key opens it for this topic and key.
pub fn open_value(
    sealer: &Sealer,
    topic: &str,
    key: &[u8],
    value: &[u8],
) -> Result<Vec<u8>, RecordError> {
    Ok(sealer.open(value, &associated_data(topic, key))?)
}

/// Opens a record.
///
/// # Errors
/// As [`open_value`], and when what is inside is no such record.
pub fn open_record<R: DeserializeOwned>(
    sealer: &Sealer,
    topic: &str,
    key: &[u8],
    value: &[u8],
) -> Result<R, RecordError> {
    read_record(&open_value(sealer, topic, key, value)?)
}

/// Reads a record from what a value holds.
///
/// # Errors
/// When it is no such record.
pub fn read_record<R: DeserializeOwned>(plain: &[u8]) -> Result<R, RecordError> {
    serde_json::from_slice(plain).map_err(|_| RecordError::Format)
}

fn associated_data(topic: &str, key: &[u8]) -> Vec<u8> {
    [topic.as_bytes(), b"/", key].concat()
}
