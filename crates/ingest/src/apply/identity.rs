//! Whose document is it: the identity rules, over the persons that a batch touches.
//!
//! A person keeps one random id for ever, while FREG's numbers come, go and move. Each person has
//! one *primary number*: the one in use, else the last in use. The rules, in order:
//!
//! 1. a document belongs to the person whose primary number it lists as in use (a stub too: that
//!    is how a split revives one, unless a newer document has given the number to another);
//! 2. else, if a newer document has claimed a number that it lists as in use, it is an old one
//!    delivered again and belongs to that person, where its age stops it;
//! 3. else to the live person whose primary number it lists at all (D-number → fødselsnummer);
//! 4. else, if it lists ended numbers only, to the person whom a document as new has given one of
//!    them, and then to the stub that had one of them as primary;
//! 5. else it is a new person.
//!
//! Every other live person whose primary number it lists becomes a stub, and its numbers resolve to
//! the document's person. Documents are only as good as their age: one that is older than what a
//! person or a number was last given changes neither.

mod owner;

use std::collections::HashMap;
use std::sync::Arc;

use register::id::{IdentityNumber, PersonId};
use register::part::PartSet;
use sources::freg::document::ListedNumber;
use store::{MappedNumber, PersonState};

use super::document::PreparedDocument;

/// What becomes of a person's served form in this batch. What else bears on it, as a protection
/// that may be waiting, stands in the person's state.
#[derive(Clone)]
pub enum Body {
    /// It stays as it is; only the sequence number moves.
    Keep,
    /// It is rendered from this document.
    Document(Arc<PreparedDocument>),
    /// It is rendered again from the document that is stored.
    Stored,
    /// It becomes a discontinued entry.
    Stub,
}

/// One person that the batch reads or writes.
pub struct Tracked {
    /// What the store holds, moved forward by the batch.
    pub state: PersonState,
    /// True when the batch creates the person.
    pub new: bool,
    /// True when the row must be written.
    pub written: bool,
    /// What is to be served.
    pub body: Body,
    /// True when a document has changed it that no event of FREG's told of.
    pub unannounced: bool,
}

impl Tracked {
    /// Somebody whom the batch has not touched yet.
    pub fn known(state: PersonState) -> Self {
        Self { state, new: false, written: false, body: Body::Keep, unannounced: false }
    }
}

/// What applying a document did.
pub struct Applied {
    /// The document's person.
    pub person: PersonId,
    /// True when the person did not exist before.
    pub created: bool,
    /// True when the document is at least as new as the person and differs from what it had.
    pub changed: bool,
    /// Persons that this document turned into stubs.
    pub discontinued: Vec<PersonId>,
}

#[derive(Clone, PartialEq, Eq)]
struct Claim {
    person: PersonId,
    as_of: i64,
}

/// A number that the batch maps to another person, or to none.
pub struct NumberMove {
    /// The number.
    pub number: IdentityNumber,
    /// Its person from now on.
    pub person: Option<PersonId>,
    /// The age of the document that says so; of a number of nobody, of the last that said whose.
    pub as_of: i64,
    /// The number that is used instead of it.
    pub continued_as: Option<IdentityNumber>,
}

/// The persons of one batch.
#[derive(Default)]
pub struct Working {
    persons: HashMap<PersonId, Tracked>,
    /// Who holds a number as primary, in the order of their ordinals.
    primaries: HashMap<IdentityNumber, Vec<PersonId>>,
    claims: HashMap<IdentityNumber, Claim>,
    /// Numbers that lead nowhere any more, with the age of the last document that said whose.
    retired: HashMap<IdentityNumber, i64>,
    moves: HashMap<IdentityNumber, (Option<PersonId>, i64)>,
}

impl Working {
    /// Takes in what the store knows of the numbers that the batch mentions.
    pub fn new(states: Vec<PersonState>, retired: Vec<MappedNumber>) -> Self {
        let mut working = Self::default();
        let retired = retired.into_iter().map(|gone| (gone.number, gone.as_of));
        working.retired.extend(retired);
        for state in states {
            working.add(state, false);
        }
        working
    }

    fn add(&mut self, state: PersonState, new: bool) {
        for MappedNumber { number, as_of } in &state.numbers {
            self.claims.insert(number.clone(), Claim { person: state.id, as_of: *as_of });
        }
        let id = state.id;
        self.primaries.entry(state.primary_number.clone()).or_default().push(id);
        self.persons.insert(id, Tracked { new, written: new, ..Tracked::known(state) });
        self.sort_primary_holders(id);
    }

    fn sort_primary_holders(&mut self, id: PersonId) {
        let number = &self.persons[&id].state.primary_number;
        let persons = &self.persons;
        if let Some(holders) = self.primaries.get_mut(number) {
            holders.sort_by_key(|holder| persons[holder].state.ordinal);
        }
    }

    /// The tracked person.
    ///
    /// # Panics
    /// When the id is not of this batch, which would be a fault in the caller.
    pub fn person(&mut self, id: PersonId) -> &mut Tracked {
        self.persons.get_mut(&id).expect("ids come from this working set")
    }

    /// The state of a person, if it is of this batch.
    pub fn get(&self, id: PersonId) -> Option<&PersonState> {
        self.persons.get(&id).map(|tracked| &tracked.state)
    }

    /// Nothing waits for the person any more. Whether its addresses are protected is known when a
    /// document has been applied, not before.
    pub fn release(&mut self, id: PersonId) {
        if let Some(tracked) = self.persons.get_mut(&id) {
            tracked.written = true;
            tracked.state.parked = false;
        }
    }

    /// True when an earlier record of the person waits in the park.
    pub fn is_parked(&self, id: PersonId) -> bool {
        self.persons[&id].state.parked
    }

    /// True when a document bears on somebody for whom an earlier record waits: whose it is, or whom
    /// it would merge away.
    pub fn bears_on_parked(&self, listed: &[ListedNumber]) -> bool {
        listed
            .iter()
            .filter_map(|listed| self.live_holder(&listed.number))
            .any(|id| self.is_parked(id))
    }

    /// What restricted access could not see of the person before this event. A document rides on
    /// the first of the events that it holds, so the others are told when it is there already.
    pub fn masked_before(&self, id: PersonId, sequence: i64) -> PartSet {
        let state = &self.persons[&id].state;
        if sequence <= state.as_of { state.masked_before } else { state.masked_parts }
    }

    /// The person that an event on this number is about: who holds it as primary, live before stub,
    /// else the person that it resolves to.
    pub fn by_number(&self, number: &IdentityNumber) -> Option<PersonId> {
        self.live_holder(number)
            .or_else(|| self.claims.get(number).map(|claim| claim.person))
            .or_else(|| self.holders(number).next().map(|holder| holder.state.id))
    }

    /// The person, live or stub, whose *primary* is this number; never through the number map.
    pub fn by_primary(&self, number: &IdentityNumber) -> Option<PersonId> {
        let stub = || self.holders(number).next().map(|holder| holder.state.id);
        self.live_holder(number).or_else(stub)
    }

    fn holders(&self, number: &IdentityNumber) -> impl Iterator<Item = &Tracked> {
        self.primaries.get(number).into_iter().flatten().map(|id| &self.persons[id])
    }

    fn live_holder(&self, number: &IdentityNumber) -> Option<PersonId> {
        self.holders(number).find(|holder| !holder.state.stub).map(|holder| holder.state.id)
    }

    /// Applies a document: finds its person, moves numbers, makes stubs, and replaces the whole
    /// person unless the document is older than what it has.
    pub fn apply(
        &mut self,
        document: &Arc<PreparedDocument>,
        as_of: i64,
        new_id: &mut dyn FnMut() -> PersonId,
    ) -> Applied {
        let found = self.owner(&document.numbers, as_of);
        let created = found.is_none();
        let id = found.unwrap_or_else(|| self.create(document, as_of, new_id()));
        let known = self.persons[&id].state.as_of;
        if as_of < known {
            let discontinued = Vec::new();
            return Applied { person: id, created, changed: false, discontinued };
        }
        let changed = self.replace(id, document, as_of);
        let discontinued = self.discontinue_others(id, document, as_of);
        // A document that is delivered again has had its turn.
        if created || changed || known < as_of {
            self.move_numbers(id, &document.numbers, as_of);
        }
        Applied { person: id, created, changed, discontinued }
    }

    fn create(&mut self, document: &PreparedDocument, as_of: i64, id: PersonId) -> PersonId {
        let state = PersonState {
            // Newer than every stored one; the store gives the real ordinal, in this order.
            ordinal: i64::MAX - 1_000_000 + self.persons.len() as i64,
            ..PersonState::new(id, primary_of(&document.numbers, None), as_of)
        };
        self.add(state, true);
        id
    }

    fn replace(&mut self, id: PersonId, document: &Arc<PreparedDocument>, as_of: i64) -> bool {
        let primary = self.free_primary(id, &document.numbers);
        let renamed = self.set_primary(id, primary);
        let tracked = self.person(id);
        let changed = tracked.state.stub || tracked.state.content_hash != Some(document.hash);
        // What waited in the park may have been a protection. This document is newer.
        let revealed = std::mem::take(&mut tracked.state.protection_uncertain);
        tracked.written |= changed || revealed || tracked.state.as_of != as_of;
        if tracked.state.as_of < as_of {
            tracked.state.masked_before = tracked.state.masked_parts;
        }
        tracked.state.as_of = as_of;
        if changed {
            tracked.state.stub = false;
            tracked.state.content_hash = Some(document.hash);
        }
        if changed || revealed {
            tracked.state.masked_parts = document.masked_parts;
        }
        // With another primary number go other contact details.
        if changed || revealed || renamed {
            tracked.body = Body::Document(Arc::clone(document));
        }
        changed
    }

    /// The primary number that a document gives, unless another live person holds it: two live
    /// persons never share one.
    fn free_primary(&self, id: PersonId, listed: &[ListedNumber]) -> IdentityNumber {
        let current = &self.persons[&id].state.primary_number;
        let wanted = primary_of(listed, Some(current));
        match self.live_holder(&wanted) {
            Some(holder) if holder != id => current.clone(),
            _ => wanted,
        }
    }

    /// Returns false when it is the primary number already.
    fn set_primary(&mut self, id: PersonId, number: IdentityNumber) -> bool {
        let tracked = self.person(id);
        if tracked.state.primary_number == number {
            return false;
        }
        tracked.written = true;
        let old = std::mem::replace(&mut tracked.state.primary_number, number.clone());
        if let Some(holders) = self.primaries.get_mut(&old) {
            holders.retain(|holder| *holder != id);
        }
        self.primaries.entry(number).or_default().push(id);
        self.sort_primary_holders(id);
        true
    }

    fn discontinue_others(
        &mut self,
        owner: PersonId,
        document: &PreparedDocument,
        as_of: i64,
    ) -> Vec<PersonId> {
        let others: Vec<PersonId> = document
            .numbers
            .iter()
            .flat_map(|listed| self.holders(&listed.number))
            .filter(|holder| holder.state.id != owner && !holder.state.stub)
            .filter(|holder| holder.state.as_of < as_of)
            .map(|holder| holder.state.id)
            .collect();
        for other in &others {
            self.discontinue(*other, as_of);
        }
        others
    }

    /// Makes a person a stub. Returns false when it is one already.
    pub fn discontinue(&mut self, id: PersonId, as_of: i64) -> bool {
        let tracked = self.person(id);
        if tracked.state.stub {
            return false;
        }
        tracked.written = true;
        tracked.state.stub = true;
        tracked.state.as_of = tracked.state.as_of.max(as_of);
        tracked.state.content_hash = None;
        tracked.state.masked_parts = PartSet::default();
        tracked.state.masked_before = PartSet::default();
        tracked.state.protection_uncertain = false;
        tracked.body = Body::Stub;
        true
    }

    fn move_numbers(&mut self, owner: PersonId, listed: &[ListedNumber], as_of: i64) {
        for listed in listed {
            if self.may_take(owner, listed, as_of) {
                self.claim(&listed.number, Some(owner), as_of);
            }
        }
        let dropped: Vec<(IdentityNumber, i64)> = self
            .claims
            .iter()
            .filter(|(_, claim)| claim.person == owner && claim.as_of <= as_of)
            .filter(|(number, _)| !listed.iter().any(|listed| listed.number == **number))
            .map(|(number, claim)| (number.clone(), claim.as_of))
            .collect();
        for (number, listed_last) in dropped {
            // This document says whose the number is not, no more. A number that a corrected
            // document no longer lists goes back to whom it was primary, with the age of that
            // person; else it leads nowhere, as of the last that was said of whose it is: what is
            // newer than that, if older than this, may be somebody's whom a split brings back.
            let back = self.holders(&number).find(|holder| holder.state.id != owner);
            let back = back.map(|holder| (holder.state.id, holder.state.as_of));
            self.claim(&number, back.map(|back| back.0), back.map_or(listed_last, |back| back.1));
        }
    }

    /// A number follows the newest document that lists it; of two of the same age, the one that
    /// lists it as in use. That it leads nowhere is what a document of its last owner's says, not
    /// that it is nobody's.
    fn may_take(&self, owner: PersonId, listed: &ListedNumber, as_of: i64) -> bool {
        let Some(claim) = self.claims.get(&listed.number) else { return true };
        let holder = self.persons.get(&claim.person);
        let held_as_primary = holder.is_some_and(|holder| {
            !holder.state.stub && holder.state.primary_number == listed.number
        });
        claim.person == owner
            || claim.as_of < as_of
            || (claim.as_of == as_of && (listed.in_use || !held_as_primary))
    }

    fn claim(&mut self, number: &IdentityNumber, person: Option<PersonId>, as_of: i64) {
        let new = person.map(|person| Claim { person, as_of });
        if self.claims.get(number) == new.as_ref() {
            return;
        }
        match new {
            Some(claim) => {
                self.retired.remove(number);
                self.claims.insert(number.clone(), claim);
            }
            None => {
                self.claims.remove(number);
                self.retired.insert(number.clone(), as_of);
            }
        }
        self.moves.insert(number.clone(), (person, as_of));
    }

    /// What the batch leaves to be written: the persons, in the order of their ordinals, and the
    /// numbers that moved.
    pub fn into_writes(self) -> (Vec<Tracked>, Vec<NumberMove>) {
        let mut persons: Vec<Tracked> =
            self.persons.into_values().filter(|tracked| tracked.written).collect();
        persons.sort_by_key(|tracked| tracked.state.ordinal);
        let mut moves: Vec<NumberMove> = self
            .moves
            .into_iter()
            .map(|(number, (person, as_of))| NumberMove {
                number,
                person,
                as_of,
                continued_as: None,
            })
            .collect();
        moves.sort_by(|a, b| a.number.as_str().cmp(b.number.as_str()));
        (persons, moves)
    }
}

/// The number in use (the one the person has already, if several are), else the one the person has
/// if it is still listed, else the first that is listed.
fn primary_of(listed: &[ListedNumber], current: Option<&IdentityNumber>) -> IdentityNumber {
    let has = |listed: &&ListedNumber| Some(&listed.number) == current;
    let in_use = || listed.iter().filter(|listed| listed.in_use);
    let chosen = in_use()
        .find(has)
        .or_else(|| in_use().find(|listed| listed.current))
        .or_else(|| in_use().next())
        .or_else(|| listed.iter().find(has))
        .or_else(|| listed.first());
    chosen.expect("a document without a number is refused when it is read").number.clone()
}
