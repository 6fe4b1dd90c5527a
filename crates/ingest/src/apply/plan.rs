//! From a batch of records to what is to be written: a pure state machine.
//!
//! Input: the records in order, what the store knows of the numbers they mention, and how far the
//! change feed has been applied. Output: persons, numbers, events, parks. No I/O, no clock; new ids
//! are an argument, so that a seeded simulation can run it.

mod input;
mod parking;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

use register::event::{EventType, visible_to_restricted};
use register::id::{IdentityNumber, PersonId};
use register::part::PartSet;
use sources::freg::event::{carries_document, public_type};
use store::{EventWrite, ParkReason};

use super::document::PreparedDocument;
use super::identity::{Applied, NumberMove, Tracked, Working};
pub use input::{Change, Content, Incoming, Input, Known, Place, Waited, mentioned};
pub use parking::{Parked, every_address, parked_by_reason};

/// What a batch comes to.
pub struct Plan {
    /// Persons to write, new ones in the order in which they were met.
    pub persons: Vec<Tracked>,
    /// Numbers that move.
    pub numbers: Vec<NumberMove>,
    /// Events in order; each gets the next number.
    pub events: Vec<EventWrite>,
    /// Records set aside.
    pub parked: Vec<Parked>,
    /// The last FREG sequence that is applied once the plan is written.
    pub last_sequence: Option<i64>,
    /// Figures for the log line and the metrics.
    pub counts: Counts,
}

impl Plan {
    /// Every write of a person row takes a number: where no public event gave one, an internal one.
    pub(super) fn with_silent_events(mut self) -> Plan {
        let told: HashSet<PersonId> = self.events.iter().map(|event| event.person_id).collect();
        let written = self.persons.iter().map(|tracked| tracked.state.id);
        self.events.extend(written.filter(|id| !told.contains(id)).map(|person_id| EventWrite {
            person_id,
            event_type: None,
            visible_restricted: false,
            nin: None,
            source_sequence: None,
        }));
        self
    }
}

/// What happened to the records of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents that changed a person.
    pub changed: u64,
    /// Documents that were as the person already was.
    pub unchanged: u64,
    /// Documents older than what their person has.
    pub outdated: u64,
    /// Events that had been applied before.
    pub repeated: u64,
    /// Duplicates that FREG ended and that we never had as a person of their own.
    pub unknown_duplicates: u64,
}

/// Why a batch cannot be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A record between FREG and us is gone. Going on would lose a change for ever.
    #[error(
        "records are missing from the change topic: the last applied has sequence {applied}, the \
         next says that {previous} came before it; restore the topic, or collect again with \
         `persontjenesten ingest skip-gap`"
    )]
    RecordsMissing {
        /// The last sequence applied.
        applied: i64,
        /// The sequence that the next record names as its predecessor.
        previous: i64,
    },
}

/// Plans a batch; `last_sequence` is how far the change feed has been applied.
///
/// # Errors
/// [`PlanError::RecordsMissing`] when the change topic has lost a record.
pub fn plan(
    inputs: Vec<Input>,
    known: Known,
    last_sequence: Option<i64>,
    new_id: &mut dyn FnMut() -> PersonId,
) -> Result<Plan, PlanError> {
    Planner::new(known, last_sequence, new_id).take(inputs)
}

/// Plans what comes out of the park: `inputs` are all the records that wait for the persons of
/// `waited`, who no longer wait unless one of them has to be parked again: for the person for whom
/// it waited, should it not be known any more whose it is. Where the change feed is has nothing to
/// do with it: these events have been passed, and not been told.
///
/// # Errors
/// None of its own; see [`plan`].
pub fn drain(
    inputs: Vec<Input>,
    known: Known,
    waited: Waited,
    new_id: &mut dyn FnMut() -> PersonId,
) -> Result<Plan, PlanError> {
    let mut planner = Planner::new(known, None, new_id);
    for person in &waited.persons {
        planner.working.release(*person);
    }
    planner.waited = Some(waited);
    planner.take(inputs)
}

struct Planner<'a> {
    working: Working,
    /// Numbers of persons who have a felles hjelpenummer alone: they are no affair of FREG's
    /// documents, should one list them.
    others: HashSet<IdentityNumber>,
    /// Numbers that a parked record came with.
    parked_numbers: HashSet<IdentityNumber>,
    last_sequence: Option<i64>,
    /// Who waited, when the records come out of the park.
    waited: Option<Waited>,
    events: Vec<EventWrite>,
    parked: Vec<Parked>,
    counts: Counts,
    new_id: &'a mut dyn FnMut() -> PersonId,
}

/// Who an event is told about, and what was hidden before.
#[derive(Clone)]
struct Told {
    person: PersonId,
    number: IdentityNumber,
    sequence: Option<i64>,
    masked_before: PartSet,
}

impl<'a> Planner<'a> {
    fn new(
        known: Known,
        last_sequence: Option<i64>,
        new_id: &'a mut dyn FnMut() -> PersonId,
    ) -> Self {
        let Known { states, retired, parked_numbers } = known;
        let (others, states): (Vec<_>, Vec<_>) =
            states.into_iter().partition(|state| state.alternate);
        Self {
            working: Working::new(states, retired),
            others: others.into_iter().map(|state| state.primary_number).collect(),
            parked_numbers,
            last_sequence,
            waited: None,
            events: Vec::new(),
            parked: Vec::new(),
            counts: Counts::default(),
            new_id,
        }
    }

    fn take(mut self, inputs: Vec<Input>) -> Result<Plan, PlanError> {
        for Input { place, content } in inputs {
            match content.without(&self.others) {
                Content::Change(change) => self.change(place, change)?,
                Content::Snapshot(document) => self.snapshot(place, document),
            }
        }
        Ok(self.finish())
    }

    /// True when the event was applied before.
    fn advance(&mut self, change: &Change) -> Result<bool, PlanError> {
        if self.waited.is_some() {
            return Ok(false);
        }
        let Some(applied) = self.last_sequence else {
            self.last_sequence = Some(change.sequence);
            return Ok(false);
        };
        if change.sequence <= applied {
            return Ok(true);
        }
        match change.previous_sequence {
            Some(previous) if previous > applied => {
                Err(PlanError::RecordsMissing { applied, previous })
            }
            _ => {
                self.last_sequence = Some(change.sequence);
                Ok(false)
            }
        }
    }

    fn change(&mut self, place: Place, change: Change) -> Result<(), PlanError> {
        let repeated = self.advance(&change)?;
        self.counts.repeated += u64::from(repeated);
        if repeated && matches!(change.document, Incoming::Elsewhere) {
            return Ok(());
        }
        if let Some(reason) = self.must_park(&change) {
            // An event that is delivered again is not told again, but its document may be the one
            // that later events of its page rely on.
            let sequence = (!repeated).then_some(change.sequence);
            self.park_change(place, &change, sequence, reason);
            return Ok(());
        }
        if !carries_document(&change.event_type) {
            self.duplicate_ended(&change);
            return Ok(());
        }
        let applied = match &change.document {
            Incoming::Document { as_of, document } => {
                self.apply(document, *as_of, !repeated && brings_somebody(&change))
            }
            _ => None,
        };
        match &applied {
            applied if !repeated => self.announce_change(place, &change, applied.as_ref()),
            Some(applied) => self.announce_silent(applied),
            None => {}
        }
        if let Some(applied) = applied {
            self.tell_discontinued(&applied, Some(change.sequence));
        }
        Ok(())
    }

    /// A person that is new to us is told as created or, when the event that brought it is another
    /// (it overtook the extract, or FREG lost the first one), as populated before anything else.
    fn announce_change(&mut self, place: Place, change: &Change, applied: Option<&Applied>) {
        let person = applied.map(|applied| applied.person);
        let Some(person) = person.or_else(|| self.working.by_number(&change.number)) else {
            self.park_change(place, change, Some(change.sequence), ParkReason::NoPerson);
            return;
        };
        let told = Told {
            person,
            number: change.number.clone(),
            sequence: Some(change.sequence),
            masked_before: self.working.masked_before(person, change.sequence),
        };
        let event_type = public_type(&change.event_type);
        if applied.is_some_and(|applied| applied.created)
            && event_type != EventType::PersonIsCreated
        {
            self.tell(EventType::PersonPopulated, told.clone());
        }
        self.tell(event_type, told);
    }

    /// FREG ends a duplicate: an event without a document, which speaks of the person whose
    /// *primary* number it names. Looked up by the number map it would end the survivor.
    fn duplicate_ended(&mut self, change: &Change) {
        let Some(person) = self.working.by_primary(&change.number) else {
            self.counts.unknown_duplicates += 1;
            return;
        };
        let state = &self.working.person(person).state;
        // A newer document lists the number as the person's own: FREG has taken the end back since.
        if !state.stub && state.as_of > change.sequence {
            self.counts.outdated += 1;
            return;
        }
        let masked_before = state.masked_parts;
        if self.working.discontinue(person, change.sequence) {
            let number = change.number.clone();
            let told = Told { person, number, sequence: Some(change.sequence), masked_before };
            self.tell(EventType::PersonIsDiscontinuedAsDuplicate, told);
        }
    }

    fn snapshot(&mut self, place: Place, document: Incoming) {
        let (as_of, document) = match document {
            Incoming::Document { as_of, document } => (as_of, document),
            Incoming::Unreadable { .. } => {
                return self.park_snapshot(place, ParkReason::UnreadableDocument);
            }
            Incoming::Missing | Incoming::Elsewhere => {
                return self.park_snapshot(place, ParkReason::NoDocument);
            }
        };
        if self.is_parked_behind(&place, as_of, &document) {
            return;
        }
        let Some(applied) = self.apply(&document, as_of, false) else {
            return;
        };
        self.announce_silent(&applied);
        self.tell_discontinued(&applied, None);
    }

    /// A document that no event brings, or one that was told before and has been fetched anew.
    /// Somebody new is told as populated, somebody whom it changes as updated, if what is served
    /// comes out different: that is seen when it is rendered.
    fn announce_silent(&mut self, applied: &Applied) {
        if !applied.changed {
            return;
        }
        let tracked = self.working.person(applied.person);
        tracked.unannounced |= !applied.created;
        let (event_type, masked_before) = if applied.created {
            (EventType::PersonPopulated, tracked.state.masked_parts)
        } else {
            (EventType::PersonIsUpdated, tracked.state.masked_before)
        };
        let number = tracked.state.primary_number.clone();
        let told = Told { person: applied.person, number, sequence: None, masked_before };
        self.tell(event_type, told);
    }

    /// Nothing for an old document of numbers that are nobody's any more, unless its event says that
    /// it `brings` somebody.
    fn apply(
        &mut self,
        document: &Arc<PreparedDocument>,
        as_of: i64,
        brings: bool,
    ) -> Option<Applied> {
        if !brings && self.working.is_retired(&document.numbers, as_of) {
            self.counts.outdated += 1;
            return None;
        }
        let applied = self.working.apply(document, as_of, self.new_id);
        self.count(&applied, as_of);
        Some(applied)
    }

    fn count(&mut self, applied: &Applied, as_of: i64) {
        let outdated = self.working.person(applied.person).state.as_of > as_of;
        self.counts.changed += u64::from(applied.changed);
        self.counts.outdated += u64::from(outdated);
        self.counts.unchanged += u64::from(!applied.changed && !outdated);
    }

    /// A merge is told about the discontinued person when it happens, not when FREG's own event
    /// about it arrives: that event may be lost, and finds nothing left to tell.
    fn tell_discontinued(&mut self, applied: &Applied, sequence: Option<i64>) {
        for &person in &applied.discontinued {
            let number = self.working.person(person).state.primary_number.clone();
            let masked_before = PartSet::default();
            let told = Told { person, number, sequence, masked_before };
            self.tell(EventType::PersonIsDiscontinuedAsDuplicate, told);
        }
    }

    fn tell(&mut self, event_type: EventType, told: Told) {
        let tracked = self.working.person(told.person);
        tracked.written = true;
        let masked_after = tracked.state.masked_parts;
        self.events.push(EventWrite {
            person_id: told.person,
            event_type: Some(event_type),
            visible_restricted: visible_to_restricted(event_type, told.masked_before, masked_after),
            nin: Some(told.number),
            source_sequence: told.sequence,
        });
    }

    fn finish(mut self) -> Plan {
        if let Some(waited) = self.waited.take() {
            let mut persons: Vec<_> = waited.persons.difference(&waited.left_out).collect();
            persons.sort_unstable();
            persons.into_iter().for_each(|person| self.reveal(*person));
        }
        let (persons, numbers) = self.working.into_writes();
        let plan = Plan {
            persons,
            numbers,
            events: self.events,
            parked: self.parked,
            last_sequence: self.last_sequence,
            counts: self.counts,
        };
        plan.with_silent_events()
    }
}

/// True for the events by which FREG says that there is a person from now on. The survivor of a
/// merge that FREG undoes may have been fetched when it no longer had the number: a document that is
/// newer than the other's, and says only whose the number is not.
fn brings_somebody(change: &Change) -> bool {
    let event_type = public_type(&change.event_type);
    matches!(event_type, EventType::PersonIsCreated | EventType::PersonIsRestoredBySplitting)
}
