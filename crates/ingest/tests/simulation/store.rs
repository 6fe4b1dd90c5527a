//! The store of the simulation: what [`store::Store`] promises, in memory.

use std::collections::{BTreeMap, HashMap, HashSet};

use ingest::apply::identity::Body;
use ingest::apply::plan::{self, Known, Plan};
use ingest::record::SnapshotRecord;
use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use store::{Cursor, MappedNumber, PersonState};

use crate::log::{Record, Topic};

/// An event as it is stored.
#[derive(Clone, Debug)]
pub struct Event {
    pub number: i64,
    pub person: PersonId,
    pub event_type: Option<EventType>,
    pub number_told: Option<IdentityNumber>,
    pub source_sequence: Option<i64>,
}

/// A record in the park.
#[derive(Clone)]
pub struct Parked {
    pub id: i64,
    pub person: Option<PersonId>,
    pub number: Option<IdentityNumber>,
    pub topic: Topic,
    pub offset: i64,
    pub record: Record,
}

/// What one transaction writes.
pub struct Write {
    pub plan: Plan,
    /// Where each topic was and is.
    pub moves: Vec<(Topic, i64, i64)>,
    /// The position that every transaction moves.
    pub commits: i64,
    /// Records that the plan parks, by topic and offset.
    pub records: HashMap<(Topic, i64), Record>,
    /// Parked records that were tried again: they leave, but for those that the plan parks.
    pub tried: Vec<Parked>,
}

/// Everything that a restored backup brings back.
#[derive(Clone, Default)]
pub struct Store {
    pub persons: BTreeMap<PersonId, PersonState>,
    /// The hash of what each person is served from; none for a stub.
    pub served: BTreeMap<PersonId, Option<[u8; 32]>>,
    pub numbers: BTreeMap<String, (Option<PersonId>, i64)>,
    pub events: Vec<Event>,
    pub park: Vec<Parked>,
    pub positions: HashMap<Topic, i64>,
    pub commits: i64,
    pub last_sequence: Option<i64>,
    pub cursor: Option<Cursor>,
    /// Where the extracts begin that have been loaded.
    pub loads: Vec<i64>,
    pub last_event: i64,
    pub parked_ever: i64,
}

impl Store {
    /// What a plan has to know: here, everything.
    pub fn known(&self) -> Known {
        let states = self.persons.values().map(|state| {
            let own = self.numbers.iter().filter(|(_, (person, _))| *person == Some(state.id));
            let numbers = own.map(|(number, (_, as_of))| mapped(number, *as_of)).collect();
            PersonState { numbers, ..state.clone() }
        });
        let retired = self.numbers.iter().filter(|(_, (person, _))| person.is_none());
        let parked = self.park.iter();
        Known {
            states: states.collect(),
            retired: retired.map(|(number, (_, as_of))| mapped(number, *as_of)).collect(),
            parked_numbers: parked.filter_map(|record| record.number.clone()).collect(),
        }
    }

    /// A record of the park and those of these persons and numbers, with everything that waits for
    /// the same persons or numbers.
    pub fn parked_together(
        &self,
        id: i64,
        persons: &HashSet<PersonId>,
        numbers: &HashSet<IdentityNumber>,
    ) -> Vec<Parked> {
        let of_persons = self.park.iter().filter(|record| {
            record.id == id
                || record.person.is_some_and(|person| persons.contains(&person))
                || record.number.as_ref().is_some_and(|number| numbers.contains(number))
        });
        let mut chosen: HashSet<i64> = of_persons.map(|record| record.id).collect();
        loop {
            let seen: Vec<&Parked> =
                self.park.iter().filter(|record| chosen.contains(&record.id)).collect();
            let waits = |record: &Parked| {
                seen.iter().any(|other| {
                    record.id == other.id
                        || (record.person.is_some() && record.person == other.person)
                        || (record.number.is_some() && record.number == other.number)
                })
            };
            let more: HashSet<i64> =
                self.park.iter().filter(|record| waits(record)).map(|record| record.id).collect();
            if more.len() == chosen.len() {
                return self
                    .park
                    .iter()
                    .filter(|record| more.contains(&record.id))
                    .cloned()
                    .collect();
            }
            chosen = more;
        }
    }

    /// Whether a writer is where it believes to be.
    pub fn is_expected(&self, write: &Write) -> bool {
        let at = |topic: &Topic| self.positions.get(topic).copied().unwrap_or(0);
        self.commits == write.commits
            && write.moves.iter().all(|(topic, expected, _)| at(topic) == *expected)
    }

    /// Writes, whole.
    pub fn write(&mut self, write: Write) {
        let Write { plan, moves, records, tried, .. } = write;
        self.commits += 1;
        self.positions.extend(moves.into_iter().map(|(topic, _, next)| (topic, next)));
        if plan.last_sequence.is_some() {
            self.last_sequence = plan.last_sequence;
        }
        let told: HashSet<PersonId> = plan
            .events
            .iter()
            .filter(|event| event.event_type.is_some())
            .map(|event| event.person_id)
            .collect();
        for tracked in plan.persons {
            let id = tracked.state.id;
            let served = match &tracked.body {
                Body::Document(document) => Some(Some(document.hash)),
                Body::Stub => Some(None),
                Body::Keep | Body::Stored => None,
            };
            if let Some(served) = served {
                let changed = self.served.insert(id, served) != Some(served);
                assert!(!changed || told.contains(&id), "a change that is not told");
            }
            let known = self.persons.get(&id).map(|state| state.ordinal);
            assert_eq!(tracked.new, known.is_none(), "a person is new once");
            let ordinal = known.unwrap_or(self.persons.len() as i64 + 1);
            self.persons.insert(id, PersonState { ordinal, ..tracked.state });
        }
        for moved in plan.numbers {
            let number = moved.number.as_str().to_owned();
            self.numbers.insert(number, (moved.person, moved.as_of));
        }
        for event in plan.events {
            self.last_event += 1;
            self.events.push(Event {
                number: self.last_event,
                person: event.person_id,
                event_type: event.event_type,
                number_told: event.nin,
                source_sequence: event.source_sequence,
            });
        }
        self.set_aside(plan.parked, records, tried);
        self.check();
    }

    /// What was tried again leaves the park, and what the plan parks is there.
    fn set_aside(
        &mut self,
        parked: Vec<plan::Parked>,
        records: HashMap<(Topic, i64), Record>,
        tried: Vec<Parked>,
    ) {
        let mut again: HashMap<(Topic, i64), Parked> =
            tried.into_iter().map(|record| ((record.topic, record.offset), record)).collect();
        self.park.retain(|record| !again.contains_key(&(record.topic, record.offset)));
        for parked in parked {
            let topic =
                if &*parked.place.topic == "changes" { Topic::Changes } else { Topic::Snapshot };
            let place = (topic, parked.place.offset);
            let before = again.remove(&place);
            let record = match &before {
                Some(before) => before.record.clone(),
                None => records[&place].clone(),
            };
            // Of an event that is not to be told there is only the document.
            let record = match record {
                Record::Change(change) if parked.sequence.is_none() => {
                    let document_id = String::new();
                    Record::Snapshot(SnapshotRecord { document_id, document: change.document })
                }
                record => record,
            };
            self.parked_ever += 1;
            self.park.push(Parked {
                id: before.as_ref().map_or(self.parked_ever, |before| before.id),
                person: parked.person.or(before.and_then(|before| before.person)),
                number: parked.number,
                topic,
                offset: place.1,
                record,
            });
        }
        self.park.sort_by_key(|record| record.id);
    }

    /// What holds after every transaction.
    fn check(&self) {
        let mut live = HashSet::new();
        for (id, state) in &self.persons {
            let first = state.stub || live.insert(state.primary_number.clone());
            assert!(first, "two live persons share a primary number");
            assert_eq!(state.stub, self.served[id].is_none(), "a stub is served as one");
            let waits = self.park.iter().any(|record| record.person == Some(*id));
            assert_eq!(state.parked, waits, "who waits is marked");
        }
    }
}

fn mapped(number: &str, as_of: i64) -> MappedNumber {
    MappedNumber { number: IdentityNumber::new(number.to_owned()), as_of }
}
