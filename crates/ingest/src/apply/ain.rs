//! Persons with a felles hjelpenummer: their records read, and what a batch of them comes to. Pure,
//! as the plan of FREG's records is.
//!
//! A record holds a whole state and its version, so the newest readable one is all that matters.
//! It never waits behind one that cannot be read, and it mends what that one left behind. Nobody of
//! the population register is ever touched.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use register::event::{EventType, visible_to_restricted};
use register::id::{IdentityNumber, PersonId};
use register::part::PartSet;
use store::{EventWrite, ParkReason, PersonState};

use super::ApplyError;
use super::document::{PreparedDocument, prepare_alternate};
use super::identity::{Body, NumberMove, Tracked};
use super::plan::{Counts, Parked, Place, Plan, every_address};
use super::read::{RawRecord, plain};
use crate::Keys;
use crate::record::AinRecord;

/// How new a felles hjelpenummer's place in the number map is: no document of FREG is newer, and so
/// none ever takes the number over. The age of the state itself stands with the person.
const AS_OF: i64 = i64::MAX;

/// A record of a felles hjelpenummer.
pub struct AinInput {
    /// Which record it was.
    pub place: Place,
    /// What it says; none if it is no record at all.
    pub word: Option<AinWord>,
}

/// What a record says of a felles hjelpenummer.
pub struct AinWord {
    /// The number.
    pub number: IdentityNumber,
    /// Which of the number's states it is.
    pub version: i64,
    /// The state; none if it cannot be read.
    pub content: Option<AinState>,
}

/// A state that can be applied.
pub struct AinState {
    /// The person.
    pub document: Arc<PreparedDocument>,
    /// The number that is used instead.
    pub continued_as: Option<IdentityNumber>,
}

/// What a batch comes to.
pub struct AinPlan {
    /// What is to be written.
    pub plan: Plan,
    /// Persons met for the first time.
    pub created: u64,
    /// States of the same version as one that says something else, which stays.
    pub conflicting: u64,
}

impl AinPlan {
    /// What became of the records, by the metric's labels.
    pub fn outcomes(&self) -> [(&'static str, u64); 6] {
        let Plan { counts, parked, .. } = &self.plan;
        [
            ("created", self.created),
            ("changed", counts.changed - self.created),
            ("unchanged", counts.unchanged),
            ("outdated", counts.outdated),
            ("conflicting", self.conflicting),
            ("parked", parked.len() as u64),
        ]
    }
}

/// Reads a record. A state that speaks of another number than its record is as unreadable as one of
/// another form.
///
/// # Errors
/// When the value cannot be opened, which is a fault of keys. What is in it is another's to mend, and
/// must not stop what FREG has to tell.
pub fn read(raw: &RawRecord, keys: &Keys) -> Result<AinInput, ApplyError> {
    Ok(parse(raw.place.clone(), &plain(raw, keys)?))
}

/// Reads a record that has been opened.
pub fn parse(place: Place, value: &[u8]) -> AinInput {
    AinInput { place, word: serde_json::from_slice(value).ok().map(word) }
}

fn word(AinRecord { number, version, person }: AinRecord) -> AinWord {
    let number = IdentityNumber::new(number);
    let prepared = prepare_alternate(person.get()).ok();
    let own = prepared.filter(|(document, _)| document.numbers[0].number == number);
    let content =
        own.map(|(document, continued_as)| AinState { document: Arc::new(document), continued_as });
    AinWord { number, version, content }
}

/// Plans a batch, from what the store knows of its numbers. `waiting` are those whose parked records
/// the batch holds, all of them: they no longer wait unless one is parked again.
pub fn plan(
    inputs: Vec<AinInput>,
    states: Vec<PersonState>,
    waiting: &HashSet<PersonId>,
    new_id: &mut dyn FnMut() -> PersonId,
) -> AinPlan {
    let mut planner = Planner::default();
    for mut state in states {
        if !state.alternate {
            planner.taken.insert(state.primary_number);
            continue;
        }
        let released = state.parked && waiting.contains(&state.id);
        state.parked &= !released;
        let tracked = Tracked { written: released, ..Tracked::known(state) };
        planner.persons.insert(tracked.state.primary_number.clone(), tracked);
    }
    for input in inputs {
        planner.input(input, new_id);
    }
    planner.finish()
}

#[derive(Default)]
struct Planner {
    /// By their felles hjelpenummer.
    persons: HashMap<IdentityNumber, Tracked>,
    /// Numbers of persons of the population register.
    taken: HashSet<IdentityNumber>,
    moves: HashMap<IdentityNumber, NumberMove>,
    events: Vec<EventWrite>,
    parked: Vec<Parked>,
    counts: Counts,
    created: u64,
    conflicting: u64,
}

impl Planner {
    fn input(&mut self, input: AinInput, new_id: &mut dyn FnMut() -> PersonId) {
        let AinInput { place, word } = input;
        let Some(AinWord { number, version, content }) = word else {
            return self.park(place, None, ParkReason::UnreadableRecord);
        };
        if self.taken.contains(&number) {
            return self.park(place, None, ParkReason::NumberTaken);
        }
        let known = self.persons.get(&number).map(|tracked| &tracked.state);
        if known.is_some_and(|state| version < state.as_of) {
            self.counts.outdated += 1;
            return;
        }
        match content {
            None => self.unreadable(place, &number, version),
            Some(state) => match known {
                None => self.create(&number, version, state, new_id()),
                Some(_) => self.replace(&number, version, state),
            },
        }
    }

    /// No number goes to the park: what FREG tells of one must never wait behind it.
    fn park(&mut self, place: Place, person: Option<PersonId>, reason: ParkReason) {
        self.parked.push(Parked { place, person, number: None, sequence: None, reason });
    }

    /// What cannot be read may be a protection: until a readable state as new as this one comes,
    /// every address is hidden, and whoever keeps a copy is told to look again.
    fn unreadable(&mut self, place: Place, number: &IdentityNumber, version: i64) {
        let Some(tracked) = self.persons.get_mut(number) else {
            return self.park(place, None, ParkReason::UnreadableDocument);
        };
        let state = &mut tracked.state;
        let person = state.id;
        let is_told = !state.protection_uncertain && !state.stub;
        tracked.written |= state.as_of != version || !state.parked;
        (state.as_of, state.parked, state.content_hash) = (version, true, None);
        if is_told {
            state.protection_uncertain = true;
            let masked_before = std::mem::replace(&mut state.masked_parts, every_address());
            if matches!(tracked.body, Body::Keep) {
                tracked.body = Body::Stored;
            }
            self.tell(number, EventType::UpdatedAlternateIdentificationNumber, masked_before);
        }
        self.park(place, Some(person), ParkReason::UnreadableDocument);
    }

    fn create(&mut self, number: &IdentityNumber, version: i64, state: AinState, id: PersonId) {
        let person = PersonState {
            // Newer than every stored one; the store gives the real ordinal, in this order.
            ordinal: i64::MAX - 1_000_000 + self.persons.len() as i64,
            alternate: true,
            ..PersonState::new(id, number.clone(), version)
        };
        let tracked = Tracked { new: true, written: true, ..Tracked::known(person) };
        self.persons.insert(number.clone(), tracked);
        self.created += 1;
        self.take(number, version, state);
        let masked = self.persons[number].state.masked_parts;
        self.tell(number, EventType::CreatedAlternateIdentificationNumber, masked);
    }

    fn replace(&mut self, number: &IdentityNumber, version: i64, state: AinState) {
        let Some(tracked) = self.persons.get_mut(number) else { return };
        let known = &mut tracked.state;
        let is_same = known.content_hash == Some(state.document.hash);
        if is_same {
            self.counts.unchanged += 1;
            tracked.written |= known.as_of != version;
            known.as_of = version;
            return;
        }
        if version == known.as_of && known.content_hash.is_some() {
            self.conflicting += 1;
            return;
        }
        let masked_before = known.masked_parts;
        self.take(number, version, state);
        self.tell(number, EventType::UpdatedAlternateIdentificationNumber, masked_before);
    }

    /// Makes a person what the state says. One whose number was replaced becomes a stub, as does
    /// one that FREG has merged into another.
    fn take(&mut self, number: &IdentityNumber, version: i64, new: AinState) {
        let Some(tracked) = self.persons.get_mut(number) else { return };
        let AinState { document, continued_as } = new;
        let state = &mut tracked.state;
        tracked.written = true;
        state.as_of = version;
        state.content_hash = Some(document.hash);
        state.stub = continued_as.is_some();
        state.masked_before = state.masked_parts;
        (state.parked, state.protection_uncertain) = (false, false);
        if state.stub {
            state.masked_parts = PartSet::default();
            tracked.body = Body::Stub;
        } else {
            state.masked_parts = document.masked_parts;
            tracked.body = Body::Document(document);
        }
        let person = Some(state.id);
        let moved = NumberMove { number: number.clone(), person, as_of: AS_OF, continued_as };
        self.moves.insert(number.clone(), moved);
        self.counts.changed += 1;
    }

    fn tell(&mut self, number: &IdentityNumber, event_type: EventType, masked_before: PartSet) {
        let state = &self.persons[number].state;
        self.events.push(EventWrite {
            person_id: state.id,
            event_type: Some(event_type),
            visible_restricted: visible_to_restricted(
                event_type,
                masked_before,
                state.masked_parts,
            ),
            nin: Some(number.clone()),
            source_sequence: None,
        });
    }

    fn finish(self) -> AinPlan {
        let written = self.persons.into_values().filter(|tracked| tracked.written);
        let mut persons: Vec<Tracked> = written.collect();
        persons.sort_by_key(|tracked| tracked.state.ordinal);
        let mut numbers: Vec<NumberMove> = self.moves.into_values().collect();
        numbers.sort_by(|a, b| a.number.as_str().cmp(b.number.as_str()));
        let plan = Plan {
            persons,
            numbers,
            events: self.events,
            parked: self.parked,
            last_sequence: None,
            counts: self.counts,
        };
        AinPlan {
            plan: plan.with_silent_events(),
            created: self.created,
            conflicting: self.conflicting,
        }
    }
}
