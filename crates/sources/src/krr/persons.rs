//! The list of persons in an answer: each once, as they stood on the wire.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};
use std::fmt;

use register::id::IdentityNumber;
use register::time::Instant;
use serde_json::value::RawValue;

use super::record::Record;

/// One person of an answer.
pub struct Listed {
    /// Whom it is about (`personidentifikator`).
    pub number: IdentityNumber,
    /// The person as it stood on the wire; [`Record::read`] reads it.
    pub record: Box<RawValue>,
}

/// The persons of an answer. Their order means nothing.
#[derive(Default)]
pub struct Persons {
    /// Each person once, by the newest of what the answer said.
    pub listed: Vec<Listed>,
    /// Who came more than once. Dates decide then, and they cannot know of something that was
    /// taken away; a lookup by number does.
    pub repeated: BTreeSet<IdentityNumber>,
    /// What stood in a person's place and names nobody, to be laid aside and looked into.
    pub unreadable: Vec<Box<RawValue>>,
}

impl Persons {
    /// Takes each person once. Of several the newest counts: the one with the latest of all its
    /// dates, and of equals the one that stands later. One without any date cannot be compared, and
    /// counts if it stands later.
    pub(super) fn newest_of(list: Vec<Box<RawValue>>) -> Persons {
        let mut persons = Persons::default();
        // Where each person stands, and the latest date up to here.
        let mut seen: HashMap<IdentityNumber, (usize, Option<Instant>)> = HashMap::new();
        for raw in list {
            let Ok(record) = Record::read(raw.get().as_bytes()) else {
                persons.unreadable.push(raw);
                continue;
            };
            let (number, date) = (record.number(), record.newest_date());
            match seen.entry(number.clone()) {
                Entry::Vacant(place) => {
                    place.insert((persons.listed.len(), date));
                    persons.listed.push(Listed { number: number.clone(), record: raw });
                }
                Entry::Occupied(mut place) => {
                    let (place, latest) = place.get_mut();
                    if date.is_none() || date >= *latest {
                        persons.listed[*place].record = raw;
                    }
                    *latest = date.max(*latest);
                    persons.repeated.insert(number.clone());
                }
            }
        }
        persons
    }
}

impl fmt::Debug for Listed {
    /// Shows nothing of the person.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Listed").finish_non_exhaustive()
    }
}

impl fmt::Debug for Persons {
    /// Shows how many there are.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter
            .debug_struct("Persons")
            .field("listed", &self.listed.len())
            .field("repeated", &self.repeated.len())
            .field("unreadable", &self.unreadable.len())
            .finish()
    }
}
