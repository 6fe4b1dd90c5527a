//! What is set aside, and what comes of it: who waits, and whose addresses are hidden until then.

use std::collections::HashMap;

use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::part::{AddressConfidentiality, PartSet};
use register::person::Person;
use register::render::{Circumstances, masked_parts};
use register::rights::person_grade;
use sources::freg::event::{must_refetch, public_type};
use store::{ParkReason, PersonState};

use super::input::{Change, Incoming, Place};
use super::{Planner, Told};
use crate::apply::document::PreparedDocument;
use crate::apply::identity::Body;

/// A record that is set aside, with the person it belongs to if that is known.
pub struct Parked {
    /// The record.
    pub place: Place,
    /// Its person.
    pub person: Option<PersonId>,
    /// The number it names; a snapshot record names none outside its document.
    pub number: Option<IdentityNumber>,
    /// FREG's sequence of the event that is to be told; none for a document alone.
    pub sequence: Option<i64>,
    /// Why.
    pub reason: ParkReason,
}

impl Planner<'_> {
    /// A record is set aside when it cannot be applied, or when an earlier one of the same person
    /// was: order within a person is kept, also in the park.
    pub(super) fn must_park(&self, change: &Change) -> Option<ParkReason> {
        match &change.document {
            Incoming::Unreadable { .. } => return Some(ParkReason::UnreadableDocument),
            Incoming::Missing => return Some(ParkReason::NoDocument),
            Incoming::Elsewhere | Incoming::Document { .. } => {}
        }
        let by_document = match &change.document {
            Incoming::Document { as_of, document } => self.working.owner(&document.numbers, *as_of),
            _ => None,
        };
        let behind = |person| self.working.is_parked(person);
        let is_behind = by_document.is_some_and(behind)
            || self.working.by_number(&change.number).is_some_and(behind)
            || self.parked_numbers.contains(&change.number)
            || matches!(&change.document, Incoming::Document { document, .. }
                if self.listed_in_park(document).is_some()
                    || self.working.bears_on_parked(&document.numbers));
        is_behind.then_some(ParkReason::BehindParked)
    }

    pub(super) fn park_change(
        &mut self,
        place: Place,
        change: &Change,
        sequence: Option<i64>,
        reason: ParkReason,
    ) {
        let person = self.parked_person(change).or_else(|| self.waited_for(&place));
        if let Some(person) = person
            && let Some(as_of) = may_protect(change)
        {
            self.hide_addresses(person, as_of, &change.number);
        }
        // What waits may wait for another person than the one who has the number then.
        self.parked_numbers.insert(change.number.clone());
        self.park(place, person, Some(change.number.clone()), sequence, reason);
    }

    fn parked_person(&self, change: &Change) -> Option<PersonId> {
        let by_document = match &change.document {
            Incoming::Document { as_of, document } => self.working.owner(&document.numbers, *as_of),
            _ => None,
        };
        by_document.or_else(|| self.working.by_number(&change.number))
    }

    fn waited_for(&self, place: &Place) -> Option<PersonId> {
        self.waited.as_ref()?.whose.get(place).copied()
    }

    /// What waits in a park may be an address protection: until it is known not to be, every
    /// address of the person is hidden, and whoever keeps a copy is told to look again. What is no
    /// newer than the person is (`as_of`) is known already.
    fn hide_addresses(&mut self, person: PersonId, as_of: i64, number: &IdentityNumber) {
        let PersonState { protection_uncertain, stub, as_of: known, .. } =
            &self.working.person(person).state;
        if *protection_uncertain || *stub || as_of <= *known {
            return;
        }
        let tracked = self.working.person(person);
        let masked_before = tracked.state.masked_parts;
        tracked.state.protection_uncertain = true;
        tracked.state.masked_parts = every_address();
        if matches!(tracked.body, Body::Keep) {
            tracked.body = Body::Stored;
        }
        // No event of FREG's: the one that waits is told when it is applied.
        let told = Told { person, number: number.clone(), sequence: None, masked_before };
        self.tell(EventType::PersonIsUpdated, told);
    }

    /// Parks a document of an extract that must wait. False when it need not.
    pub(super) fn is_parked_behind(
        &mut self,
        place: &Place,
        as_of: i64,
        document: &PreparedDocument,
    ) -> bool {
        let owner = self.working.owner(&document.numbers, as_of);
        let waiting = owner.filter(|owner| {
            self.working.is_parked(*owner) || self.working.bears_on_parked(&document.numbers)
        });
        let (person, number) = if let Some(person) = waiting {
            let number = self.working.person(person).state.primary_number.clone();
            if is_protected(document) {
                self.hide_addresses(person, as_of, &number);
            }
            (Some(person), number)
        } else if let Some(number) = self.listed_in_park(document).cloned() {
            (owner.or_else(|| self.waited_for(place)), number)
        } else {
            return false;
        };
        self.park(place.clone(), person, Some(number), None, ParkReason::BehindParked);
        true
    }

    fn park(
        &mut self,
        place: Place,
        person: Option<PersonId>,
        number: Option<IdentityNumber>,
        sequence: Option<i64>,
        reason: ParkReason,
    ) {
        if let Some(person) = person {
            let tracked = self.working.person(person);
            tracked.written = true;
            tracked.state.parked = true;
        }
        self.parked.push(Parked { place, person, number, sequence, reason });
    }

    pub(super) fn park_snapshot(&mut self, place: Place, reason: ParkReason) {
        let person = self.waited_for(&place);
        self.park(place, person, None, None, reason);
    }

    /// A number of the document for which a record waits.
    fn listed_in_park<'d>(&self, document: &'d PreparedDocument) -> Option<&'d IdentityNumber> {
        let numbers = document.numbers.iter().map(|listed| &listed.number);
        numbers.into_iter().find(|number| self.parked_numbers.contains(*number))
    }

    /// Nothing waits any more that may be a protection, and no document of the person's was newer:
    /// what waited was another's by the time it was applied.
    pub(super) fn reveal(&mut self, person: PersonId) {
        let Some(PersonState { stub: false, parked: false, protection_uncertain: true, .. }) =
            self.working.get(person)
        else {
            return;
        };
        let tracked = self.working.person(person);
        tracked.state.protection_uncertain = false;
        let masked_before = tracked.state.masked_parts;
        if matches!(tracked.body, Body::Keep) {
            tracked.body = Body::Stored;
        }
        let number = tracked.state.primary_number.clone();
        let told = Told { person, number, sequence: None, masked_before };
        self.tell(EventType::PersonIsUpdated, told);
    }
}

/// How new an address protection is that a record that is set aside may hold: by its type, by what
/// its document says, or because nobody can tell.
fn may_protect(change: &Change) -> Option<i64> {
    let by_type = public_type(&change.event_type) == EventType::ChangeInAddressProtection;
    match &change.document {
        Incoming::Unreadable { as_of } => Some(*as_of),
        Incoming::Document { as_of, document } => {
            (by_type || is_protected(document)).then_some(*as_of)
        }
        Incoming::Missing => {
            (by_type || must_refetch(&change.event_type)).then_some(change.sequence)
        }
        Incoming::Elsewhere => by_type.then_some(change.sequence),
    }
}

fn is_protected(document: &PreparedDocument) -> bool {
    person_grade(&document.person) != AddressConfidentiality::Unclassified
}

/// What restricted access does not see while a protection may be waiting in the park.
pub fn every_address() -> PartSet {
    masked_parts(&Person::default(), &Circumstances { protection_uncertain: true })
}

/// Groups parked records by reason, for the log line of a batch.
pub fn parked_by_reason(parked: &[Parked]) -> HashMap<ParkReason, usize> {
    let mut counts = HashMap::new();
    for record in parked {
        *counts.entry(record.reason).or_default() += 1;
    }
    counts
}
