//! Contact details: read from their records, kept sealed, and joined to whom they are served with.

use std::collections::HashMap;

use jiff::Timestamp;
use register::id::IdentityNumber;
use register::part::{CommonContactRegisterInformation, NotificationStatus};
use register::time::Instant;
use sources::freg::document::ListedNumber;
use sources::krr::record::{Mapped, Record};
use store::{ContactWrite, PersonState, StoredContact};

use super::ApplyError;
use super::metrics;
use super::read::{RawRecord, open};
use crate::Keys;
use crate::record::ContactRecord;

/// A record of contact details that can be kept.
pub struct ContactInput {
    /// Whom it is about.
    pub number: IdentityNumber,
    /// The change that it is at least as new as.
    pub as_of: i64,
    /// KRR's JSON.
    pub json: Vec<u8>,
    /// When the passing of time alone ends the leave to send notices.
    pub changes_at: Option<Instant>,
}

/// What a number's contact details are sealed to: the bytes open nowhere else.
pub fn contact_associated_data(number: &IdentityNumber, keys: &Keys) -> Vec<u8> {
    format!("contact/{}", keys.record_key(number.as_str())).into_bytes()
}

/// Reads a record. Nothing for one whose content cannot be read or speaks of somebody else: what
/// was known before stays.
///
/// # Errors
/// When the value cannot be opened or is no record of ours: a fault of keys or of versions.
pub fn read(raw: &RawRecord, keys: &Keys) -> Result<Option<ContactInput>, ApplyError> {
    let ContactRecord { number, as_of, json } = open(raw, keys)?;
    let number = IdentityNumber::new(number);
    let record = Record::read(json.get().as_bytes()).ok();
    let Some(record) = record.filter(|record| *record.number() == number) else {
        metrics::contact("unreadable");
        let (partition, offset) = (raw.place.partition, raw.place.offset);
        tracing::warn!(partition, offset, "contact details cannot be read; the older ones stay");
        return Ok(None);
    };
    // Whether notices may be sent is no matter here.
    let Mapped { information, unknown } = record.into_information(Timestamp::UNIX_EPOCH.into());
    metrics::unknown_values(&unknown);
    let (json, changes_at) = (json.get().as_bytes().to_vec(), information.changes_at());
    Ok(Some(ContactInput { number, as_of, json, changes_at }))
}

/// The newest of each number, of two of the same age the later one.
pub fn settle(inputs: impl IntoIterator<Item = ContactInput>) -> Vec<ContactInput> {
    let mut settled: HashMap<IdentityNumber, ContactInput> = HashMap::new();
    for input in inputs {
        let held = settled.get(&input.number);
        if held.is_none_or(|held| held.as_of <= input.as_of) {
            settled.insert(input.number.clone(), input);
        }
    }
    let mut settled: Vec<ContactInput> = settled.into_values().collect();
    settled.sort_by(|a, b| a.number.as_str().cmp(b.number.as_str()));
    settled
}

/// Seals a record for the table of contact details; time will tell of it at `flips_at`.
///
/// # Errors
/// When there is no key to seal with.
pub fn seal(
    input: &ContactInput,
    flips_at: Option<Instant>,
    keys: &Keys,
) -> Result<ContactWrite, ApplyError> {
    let bound_to = contact_associated_data(&input.number, keys);
    Ok(ContactWrite {
        number: input.number.clone(),
        as_of: input.as_of,
        sealed: keys.sealer.seal(&input.json, &bound_to)?,
        flips_at,
    })
}

/// Whether a record says what is stored already.
///
/// # Errors
/// When what is stored cannot be opened with our keys.
pub fn is_said_again(
    stored: &StoredContact,
    input: &ContactInput,
    keys: &Keys,
) -> Result<bool, ApplyError> {
    let bound_to = contact_associated_data(&stored.number, keys);
    Ok(keys.sealer.open(&stored.sealed, &bound_to)? == input.json)
}

/// The number whose contact details a person is served: the one in use in the document, and only
/// if it is the person's primary one.
pub fn contact_number<'s>(
    state: &'s PersonState,
    listed: &[ListedNumber],
) -> Option<&'s IdentityNumber> {
    let number = &state.primary_number;
    let in_use = listed.iter().any(|listed| listed.in_use && listed.number == *number);
    (in_use && !state.stub).then_some(number)
}

/// Opens stored contact details and says what holds now. When time ends the leave to send notices
/// was worked out as they were sealed. Where it has ended it once, it stays ended, though the clock
/// of another machine may show an earlier time.
///
/// # Errors
/// When they cannot be opened with our keys.
pub fn serve(
    stored: &StoredContact,
    now: Instant,
    keys: &Keys,
) -> Result<Option<CommonContactRegisterInformation>, ApplyError> {
    let bound_to = contact_associated_data(&stored.number, keys);
    let json = keys.sealer.open(&stored.sealed, &bound_to)?;
    let Ok(record) = Record::read(&json) else {
        metrics::contact("unreadable");
        return Ok(None);
    };
    let status = match stored.flips_at {
        Some(end) if now < end => NotificationStatus::CanBeNotified,
        _ => NotificationStatus::CanNotBeNotified,
    };
    Ok(Some(record.into_served(status)))
}
