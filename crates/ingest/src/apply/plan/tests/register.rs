//! A register in memory that takes in plans as the store would, and short ways to write records.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::part::PartSet;
use register::person::Person;
use sources::freg::document::ListedNumber;
use store::{MappedNumber, ParkReason, PersonState};
use uuid::Uuid;

use crate::apply::document::PreparedDocument;
use crate::apply::identity::Body;
use crate::apply::plan::{
    Change, Content, Incoming, Input, Known, Place, Plan, PlanError, Waited, drain, plan,
};

/// A register in memory that takes in plans as the store would.
#[derive(Default)]
pub(super) struct Register {
    pub(super) persons: BTreeMap<u128, PersonState>,
    /// What each person is served from: a document's hash, or nothing for a stub.
    pub(super) served: BTreeMap<u128, Option<[u8; 32]>>,
    pub(super) numbers: BTreeMap<String, (Option<PersonId>, i64)>,
    pub(super) events: Vec<(u128, Option<EventType>, bool)>,
    pub(super) parked: Vec<(i64, ParkReason)>,
    pub(super) parked_numbers: HashSet<IdentityNumber>,
    pub(super) last_sequence: Option<i64>,
    pub(super) ids: u128,
}

impl Register {
    pub(super) fn apply(&mut self, inputs: Vec<Input>) {
        self.try_apply(inputs).expect("no record is missing");
    }

    pub(super) fn try_apply(&mut self, inputs: Vec<Input>) -> Result<(), PlanError> {
        let last_sequence = self.last_sequence;
        let parked_numbers = self.parked_numbers.clone();
        let plan = self
            .planned(parked_numbers, |known, new_id| plan(inputs, known, last_sequence, new_id))?;
        let last_sequence = plan.last_sequence;
        self.absorb(plan);
        self.last_sequence = last_sequence;
        Ok(())
    }

    /// Tries again all that is parked: `inputs` are the records, in order.
    pub(super) fn drain(&mut self, inputs: Vec<Input>) {
        self.leave_park(inputs, HashSet::new());
    }

    /// Leaves out all that is parked.
    pub(super) fn skip(&mut self) {
        self.leave_park(Vec::new(), self.waiting());
    }

    fn waiting(&self) -> HashSet<PersonId> {
        let parked = self.persons.values().filter(|state| state.parked);
        parked.map(|state| state.id).collect()
    }

    fn leave_park(&mut self, inputs: Vec<Input>, left_out: HashSet<PersonId>) {
        self.parked.clear();
        self.parked_numbers.clear();
        let waited = Waited { persons: self.waiting(), left_out, ..Waited::default() };
        let plan =
            self.planned(HashSet::new(), |known, new_id| drain(inputs, known, waited, new_id));
        self.absorb(plan.expect("no record is missing"));
    }

    fn planned(
        &mut self,
        parked_numbers: HashSet<IdentityNumber>,
        plan: impl FnOnce(Known, &mut dyn FnMut() -> PersonId) -> Result<Plan, PlanError>,
    ) -> Result<Plan, PlanError> {
        let states = self
            .persons
            .values()
            .map(|state| PersonState { numbers: self.numbers_of(state.id), ..state.clone() });
        let retired = self.numbers.iter().filter(|(_, (person, _))| person.is_none());
        let retired = retired.map(|(number, (_, as_of))| MappedNumber {
            number: IdentityNumber::new(number.clone()),
            as_of: *as_of,
        });
        let mut ids = self.ids;
        let mut new_id = || {
            ids += 1;
            PersonId(Uuid::from_u128(ids))
        };
        let known = Known { states: states.collect(), retired: retired.collect(), parked_numbers };
        let plan = plan(known, &mut new_id)?;
        self.ids = ids;
        Ok(plan)
    }

    pub(super) fn absorb(&mut self, plan: Plan) {
        for tracked in plan.persons {
            let key = tracked.state.id.0.as_u128();
            match &tracked.body {
                Body::Document(document) => {
                    self.served.insert(key, Some(document.hash));
                }
                Body::Stub => {
                    self.served.insert(key, None);
                }
                Body::Keep | Body::Stored => {}
            }
            let known = self.persons.get(&key).map(|state| state.ordinal);
            let ordinal = known.unwrap_or(self.persons.len() as i64 + 1);
            assert_eq!(tracked.new, known.is_none(), "a person is new once");
            self.persons.insert(key, PersonState { ordinal, ..tracked.state });
        }
        for moved in plan.numbers {
            self.numbers.insert(moved.number.as_str().to_owned(), (moved.person, moved.as_of));
        }
        for event in plan.events {
            let person = event.person_id.0.as_u128();
            assert!(self.persons.contains_key(&person), "an event has a person");
            self.events.push((person, event.event_type, event.visible_restricted));
        }
        for record in plan.parked {
            self.parked_numbers.extend(record.number);
            self.parked.push((record.place.offset, record.reason));
        }
        self.check();
    }

    /// What holds after every batch.
    pub(super) fn check(&self) {
        let mut live = HashSet::new();
        for (key, state) in &self.persons {
            let first = live.insert(state.primary_number.clone());
            assert!(state.stub || first, "two live persons share a primary number");
            assert_eq!(state.stub, self.served[key].is_none(), "a stub is served as one");
            if state.stub {
                live.remove(&state.primary_number);
            }
        }
    }

    pub(super) fn numbers_of(&self, id: PersonId) -> Vec<MappedNumber> {
        let own = self.numbers.iter().filter(|(_, (person, _))| *person == Some(id));
        own.map(|(number, (_, as_of))| MappedNumber {
            number: IdentityNumber::new(number.clone()),
            as_of: *as_of,
        })
        .collect()
    }

    /// Which person, counted from 1 in the order of creation, a number leads to.
    pub(super) fn leads_to(&self, number: &str) -> Option<u128> {
        self.numbers.get(number).and_then(|(person, _)| *person).map(|id| id.0.as_u128())
    }

    pub(super) fn state(&self, person: u128) -> &PersonState {
        &self.persons[&person]
    }

    pub(super) fn public_events(&self) -> Vec<(u128, &'static str)> {
        let named = |(person, event, _): &(u128, Option<EventType>, bool)| {
            event.map(|event| (*person, event.name()))
        };
        self.events.iter().filter_map(named).collect()
    }
}

pub(super) fn number(text: &str) -> IdentityNumber {
    IdentityNumber::new(text.to_owned())
}

/// A document that lists numbers, `+` before those in use; its content is told by its text.
pub(super) fn document(numbers: &str) -> Arc<PreparedDocument> {
    let listed = numbers.split(' ').filter(|text| !text.starts_with('/')).map(|text| {
        let in_use = text.starts_with('+');
        let name = text.trim_start_matches('+');
        ListedNumber { number: number(name), in_use, current: in_use }
    });
    let mut hash = [0; 32];
    for (at, byte) in numbers.bytes().enumerate() {
        hash[at % 32] ^= byte.rotate_left((at / 32) as u32);
    }
    Arc::new(PreparedDocument {
        numbers: listed.collect(),
        person: Person::default(),
        masked_parts: PartSet::default(),
        hash,
        json: numbers.as_bytes().to_vec(),
        unknown: Vec::new(),
    })
}

pub(super) fn with(as_of: i64, numbers: &str) -> Incoming {
    Incoming::Document { as_of, document: document(numbers) }
}

pub(super) fn change(sequence: i64, on: &str, event_type: &str, document: Incoming) -> Input {
    let content = Content::Change(Change {
        sequence,
        previous_sequence: Some(sequence - 1),
        number: number(on),
        event_type: event_type.to_owned(),
        document,
    });
    Input { place: place(sequence), content }
}

pub(super) fn snapshot(as_of: i64, numbers: &str) -> Input {
    Input { place: place(0), content: Content::Snapshot(with(as_of, numbers)) }
}

pub(super) fn place(offset: i64) -> Place {
    Place { topic: Arc::from("topic"), partition: 0, offset }
}
