//! What the plan reads: records, opened and with their documents prepared.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use register::id::{IdentityNumber, PersonId};
use store::{MappedNumber, PersonState};

use crate::apply::document::PreparedDocument;

/// One record, read and its document prepared.
pub struct Input {
    /// Which record it was, so that it can be parked and found again.
    pub place: Place,
    /// What it says.
    pub content: Content,
}

/// A record's place in Kafka.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The topic.
    pub topic: Arc<str>,
    /// The partition.
    pub partition: i32,
    /// The record's offset.
    pub offset: i64,
}

/// What a record says.
pub enum Content {
    /// One of FREG's events.
    Change(Change),
    /// One document of a bulk extract.
    Snapshot(Incoming),
}

/// One of FREG's events.
pub struct Change {
    /// FREG's `sekvensnummer`.
    pub sequence: i64,
    /// The event before it in FREG's feed.
    pub previous_sequence: Option<i64>,
    /// The number that the event names.
    pub number: IdentityNumber,
    /// FREG's `hendelsetype`.
    pub event_type: String,
    /// The document that rides on it.
    pub document: Incoming,
}

/// The document of a record.
pub enum Incoming {
    /// None here: it rides on another event, or there is none by nature.
    Elsewhere,
    /// FREG had none to give.
    Missing,
    /// It cannot be read.
    Unreadable {
        /// The FREG sequence that it is at least as new as.
        as_of: i64,
    },
    /// It can be applied.
    Document {
        /// The FREG sequence that it is at least as new as.
        as_of: i64,
        /// The document.
        document: Arc<PreparedDocument>,
    },
}

/// What the store knows of the numbers that a batch mentions.
#[derive(Default)]
pub struct Known {
    /// The persons they lead to.
    pub states: Vec<PersonState>,
    /// Those that lead nowhere any more.
    pub retired: Vec<MappedNumber>,
    /// Those that a parked record came with.
    pub parked_numbers: HashSet<IdentityNumber>,
}

/// Who waits in the park, of what is tried again together.
#[derive(Default)]
pub struct Waited {
    /// Everybody for whom a record waits, or whom one bears on.
    pub persons: HashSet<PersonId>,
    /// For whom each record waits.
    pub whose: HashMap<Place, PersonId>,
    /// For whom a record is left out.
    pub left_out: HashSet<PersonId>,
}

impl Content {
    /// The same without these numbers in its document.
    pub(super) fn without(self, numbers: &HashSet<IdentityNumber>) -> Content {
        match self {
            Content::Change(change) => {
                let document = change.document.without(numbers);
                Content::Change(Change { document, ..change })
            }
            Content::Snapshot(document) => Content::Snapshot(document.without(numbers)),
        }
    }
}

impl Incoming {
    /// A document that lists no other number is nobody's whom we could tell apart from another.
    fn without(self, numbers: &HashSet<IdentityNumber>) -> Incoming {
        let Incoming::Document { as_of, mut document } = self else { return self };
        if document.numbers.iter().any(|listed| numbers.contains(&listed.number)) {
            let kept = Arc::make_mut(&mut document);
            kept.numbers.retain(|listed| !numbers.contains(&listed.number));
        }
        if document.numbers.is_empty() {
            return Incoming::Unreadable { as_of };
        }
        Incoming::Document { as_of, document }
    }
}

/// The numbers whose persons a batch needs to know.
pub fn mentioned(inputs: &[Input]) -> HashSet<IdentityNumber> {
    let mut numbers = HashSet::new();
    for input in inputs {
        let document = match &input.content {
            Content::Change(change) => {
                numbers.insert(change.number.clone());
                &change.document
            }
            Content::Snapshot(document) => document,
        };
        if let Incoming::Document { document, .. } = document {
            numbers.extend(document.numbers.iter().map(|listed| listed.number.clone()));
        }
    }
    numbers
}
