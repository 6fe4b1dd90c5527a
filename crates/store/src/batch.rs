//! What one transaction writes.

use std::collections::{HashMap, HashSet};

use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::part::PartSet;
use register::search::SearchRows;
use register::time::Instant;

use crate::enrichment::Enrichment;
use crate::error::StoreError;
use crate::rerender::RerenderMove;

/// Everything that one transaction writes.
#[derive(Clone, Debug, Default)]
pub struct WriteBatch {
    /// Each person at most once, and each with at least one event.
    pub persons: Vec<PersonWrite>,
    /// In order; a later entry for the same number wins over one of the same age.
    pub numbers: Vec<NumberWrite>,
    /// In order; they get dense numbers in this order.
    pub events: Vec<EventWrite>,
    /// Records that could not be applied.
    pub parked: Vec<ParkedWrite>,
    /// What becomes of records that were parked before.
    pub unparked: Unparked,
    /// What the register of contact details says; each number at most once.
    pub contacts: Vec<ContactWrite>,
    /// Numbers whose leave to send notices time has ended; told once.
    pub flipped: Vec<IdentityNumber>,
    /// How far enrichment is with this batch.
    pub enrichment: Option<Enrichment>,
    /// How far rendering everybody anew is with this batch.
    pub rerender: Option<RerenderMove>,
    /// Each partition at most once. One that is not where expected fences the whole batch.
    pub positions: Vec<PositionMove>,
}

/// A person as it is to stand.
#[derive(Clone, Debug)]
pub struct PersonWrite {
    /// The person's id for ever.
    pub id: PersonId,
    /// True for the first row of this person: it takes the next ordinal.
    pub new: bool,
    /// True for somebody known by a felles hjelpenummer alone, who is not in the population
    /// register and stands in its list only for those who ask. Settled by the first row.
    pub alternate: bool,
    /// The number in use, else the last one in use.
    pub primary_number: IdentityNumber,
    /// True when the person has been merged into another.
    pub stub: bool,
    /// The source's sequence that the document stands for.
    pub as_of: i64,
    /// The hash of the content; none before the first document that could be read.
    pub content_hash: Option<[u8; 32]>,
    /// The address parts that restricted access does not see.
    pub masked_parts: PartSet,
    /// Those that it did not see before the document that `as_of` is the age of.
    pub masked_before: PartSet,
    /// True while something newer lies in the park.
    pub parked: bool,
    /// True while what is parked may be an address protection.
    pub protection_uncertain: bool,
    /// A digest of the contact details that are served; none when there are none.
    pub contact_digest: Option<i64>,
    /// The served forms; none leaves them as they are. A new person must have them.
    pub served: Option<ServedBlobs>,
    /// What becomes of the source document.
    pub source: SourceWrite,
    /// What the person is found by; none leaves it as it is.
    pub search: Option<SearchRows>,
}

/// The two served forms of a person, compressed by [`crate::blob::compress`].
#[derive(Clone, PartialEq, Eq)]
pub struct ServedBlobs {
    /// What full access sees.
    pub full: Vec<u8>,
    /// What restricted access sees.
    pub restricted: Vec<u8>,
    /// The version of the code that rendered them, so that a later one finds what to render again.
    pub rendered_by: i32,
}

impl std::fmt::Debug for ServedBlobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (full, restricted) = (self.full.len(), self.restricted.len());
        write!(f, "ServedBlobs({full} + {restricted} bytes, rendered by {})", self.rendered_by)
    }
}

/// What becomes of a person's source document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceWrite {
    /// It stays.
    Keep,
    /// These sealed bytes take its place, with the person's `as_of`.
    Replace(Vec<u8>),
    /// It goes: the person has become a stub.
    Remove,
}

/// Where a number leads from now on. An entry that is older than what is stored changes nothing.
#[derive(Clone, Debug)]
pub struct NumberWrite {
    /// The number.
    pub number: IdentityNumber,
    /// The person, or nowhere.
    pub person_id: Option<PersonId>,
    /// The source's sequence that says so.
    pub as_of: i64,
    /// The number that is used instead of a felles hjelpenummer that has been replaced: lookups go
    /// to whom it leads to, if to anybody, rather than to `person_id`.
    pub continued_as: Option<IdentityNumber>,
}

/// What the register of contact details says of a number. One that is older than what is stored
/// changes nothing.
#[derive(Clone, Debug)]
pub struct ContactWrite {
    /// The number.
    pub number: IdentityNumber,
    /// The change that it is at least as new as.
    pub as_of: i64,
    /// What was said, sealed.
    pub sealed: Vec<u8>,
    /// When the passing of time alone ends the leave to send notices.
    pub flips_at: Option<Instant>,
}

/// An event to be numbered.
#[derive(Clone, Debug)]
pub struct EventWrite {
    /// The person it is about.
    pub person_id: PersonId,
    /// What happened; none for an internal `Rendered`, which takes a number and is never shown.
    pub event_type: Option<EventType>,
    /// Whether restricted access may see it.
    pub visible_restricted: bool,
    /// The number the source announced it with.
    pub nin: Option<IdentityNumber>,
    /// The source's own number of it.
    pub source_sequence: Option<i64>,
}

/// A record that could not be applied, kept until it can.
#[derive(Clone, Debug)]
pub struct ParkedWrite {
    /// The person, when it is known.
    pub person_id: Option<PersonId>,
    /// The number it came with, if any.
    pub number: Option<IdentityNumber>,
    /// Where the record lies in Kafka.
    pub topic: String,
    /// Its partition.
    pub partition: i32,
    /// Its offset.
    pub record_offset: i64,
    /// The source's number of it.
    pub source_sequence: Option<i64>,
    /// Why it is parked.
    pub reason: ParkReason,
    /// The record, sealed.
    pub sealed: Vec<u8>,
}

/// What becomes of parked records that were tried again or are left out.
#[derive(Clone, Debug, Default)]
pub struct Unparked {
    /// The names of those that leave the park.
    pub gone: Vec<i64>,
    /// Those that cannot be applied this time either.
    pub stay: Vec<StillParked>,
}

/// A parked record that was tried again in vain.
#[derive(Clone, Debug)]
pub struct StillParked {
    /// Its name in the park.
    pub id: i64,
    /// The person, when it is known by now.
    pub person_id: Option<PersonId>,
    /// Why it waits on.
    pub reason: ParkReason,
}

/// Why a record is parked. The numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParkReason {
    /// The document cannot be read.
    UnreadableDocument = 1,
    /// The document names no number.
    NoNumber = 2,
    /// It is readable, but something older about the person lies in the park.
    BehindParked = 3,
    /// The record cannot be opened or is not one of ours.
    UnreadableRecord = 4,
    /// The source had no document for an event that needs one.
    NoDocument = 5,
    /// The event names a number that leads to no person, and brought no document.
    NoPerson = 6,
    /// A felles hjelpenummer that is the number of somebody in the population register.
    NumberTaken = 7,
}

impl ParkReason {
    const ALL: [Self; 7] = [
        Self::UnreadableDocument,
        Self::NoNumber,
        Self::BehindParked,
        Self::UnreadableRecord,
        Self::NoDocument,
        Self::NoPerson,
        Self::NumberTaken,
    ];

    /// The reason that is stored as this number.
    pub(crate) fn from_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| *reason as i16 == code)
    }
}

/// How far a partition has come with this batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PositionMove {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// Where this writer left the position.
    pub expected: i64,
    /// The offset of the next record to apply.
    pub next: i64,
    /// The source's sequence of the last record; none keeps what is stored.
    pub last_sequence: Option<i64>,
}

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// The number of the first event; one past the last event there was when the batch had none.
    pub first_sequence: i64,
    /// The number of the last event there is now.
    pub last_sequence: i64,
    /// How many persons were written.
    pub persons: u64,
}

/// The numbers that a person's events of one batch got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// Of its last event.
    pub(crate) full: i64,
    /// Of its last event that restricted access sees.
    pub(crate) restricted: Option<i64>,
}

impl WriteBatch {
    /// Refuses a batch that contradicts itself, before anything is sent.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let announced: HashSet<PersonId> =
            self.events.iter().map(|event| event.person_id).collect();
        let mut persons = HashSet::with_capacity(self.persons.len());
        for person in &self.persons {
            if !persons.insert(person.id) {
                return Err(StoreError::Batch("a person is written twice"));
            }
            if !announced.contains(&person.id) {
                return Err(StoreError::Batch("a person is written without an event"));
            }
            if person.new && person.served.is_none() {
                return Err(StoreError::Batch("a new person has no served forms"));
            }
        }
        let mut contacts = HashSet::with_capacity(self.contacts.len());
        if !self.contacts.iter().all(|contact| contacts.insert(&contact.number)) {
            return Err(StoreError::Batch("a contact is written twice"));
        }
        let mut partitions = HashSet::with_capacity(self.positions.len());
        for position in &self.positions {
            if !partitions.insert((&position.topic, position.partition)) {
                return Err(StoreError::Batch("a position is moved twice"));
            }
        }
        Ok(())
    }

    /// The last word on each number.
    pub(crate) fn settled_numbers(&self) -> Vec<&NumberWrite> {
        let mut settled: HashMap<&str, &NumberWrite> = HashMap::with_capacity(self.numbers.len());
        for write in &self.numbers {
            let held = settled.entry(write.number.as_str()).or_insert(write);
            if write.as_of >= held.as_of {
                *held = write;
            }
        }
        settled.into_values().collect()
    }

    /// The numbers that each person's events get when the first event gets `first`.
    pub(crate) fn numbered(&self, first: i64) -> HashMap<PersonId, Numbered> {
        let mut numbered: HashMap<PersonId, Numbered> = HashMap::with_capacity(self.persons.len());
        for (sequence, event) in (first..).zip(&self.events) {
            let person = numbered.entry(event.person_id).or_default();
            person.full = sequence;
            if event.is_visible_restricted() {
                person.restricted = Some(sequence);
            }
        }
        numbered
    }
}

impl EventWrite {
    /// An internal event is shown to nobody.
    pub(crate) fn is_visible_restricted(&self) -> bool {
        self.visible_restricted && self.event_type.is_some()
    }
}
