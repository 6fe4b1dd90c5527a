//! What KRR does after FREG: a new number takes the record over, and the dead are taken out.
//!
//! It happens when FREG has made some more changes or some seconds have passed, whichever is first,
//! and shows at the next call.

use super::contact::{Contact, Status};
use super::derive::key;
use super::register::Krr;
use crate::calendar::Moment;
use crate::change::Outcome;
use crate::dice::Dice;
use crate::freg::wire::Folkeregisterperson;

/// After so many more changes in FREG.
const STEPS: u64 = 3;
/// Or after so many seconds.
const SECONDS: i64 = 5;
/// Events after which somebody may have another number in use, or none.
const FOLLOWED: [&str; 4] = [
    "endringIIdentifikasjonsnummer",
    "personErBosatt",
    "personErViderefoertSomGjeldendeVedSammenslaaing",
    "personErDoed",
];

/// A person whose record will follow.
pub(crate) struct Waiting {
    person: Folkeregisterperson,
    steps: u64,
    until: Moment,
}

impl Waiting {
    pub(super) fn due(self, steps: u64, now: Moment) -> Waiting {
        Waiting { steps: steps + STEPS, until: now.plus(SECONDS), ..self }
    }

    pub(super) fn is_due(&self, steps: u64, now: Moment) -> bool {
        self.steps <= steps || self.until <= now
    }
}

/// The persons of a change in FREG whose records will follow.
pub(crate) fn following(outcome: &Outcome, now: Moment) -> Vec<Waiting> {
    let told = outcome.announcements.iter().filter(|news| FOLLOWED.contains(&news.kind));
    let mut documents: Vec<usize> = told.filter_map(|news| news.document).collect();
    documents.dedup();
    let person = |at: usize| outcome.documents[at].1.clone();
    documents.into_iter().map(|at| Waiting { person: person(at), steps: 0, until: now }).collect()
}

impl Krr {
    /// Notes a change in FREG, and lets what is due happen.
    pub(crate) fn follow(&self, following: Vec<Waiting>, now: Moment) {
        self.step(now, following.into_iter());
        self.settle(now);
    }

    /// Lets what is due happen.
    pub(crate) fn settle(&self, now: Moment) {
        for waiting in self.due(now) {
            self.commit(self.after(&waiting.person));
        }
    }

    /// What becomes of a person's records: the old numbers' first.
    fn after(&self, person: &Folkeregisterperson) -> Vec<Contact> {
        let number = person.number();
        let record = self.record(number);
        let mut dice = Dice::new(&[self.world.population.seed(), 0xF0110, key(number)]);
        if person.doedsfall.is_some() {
            let stays = !record.is_active() || dice.chance(150);
            return if stays { Vec::new() } else { vec![deleted(&record)] };
        }
        if !person.uses(number) {
            return Vec::new();
        }
        let others = person.identifikasjonsnummer.iter().map(|item| &item.foedsels_eller_d_nummer);
        let others = others.filter(|other| *other != number).map(|other| self.record(other));
        let old: Vec<_> = others.filter(|other| other.is_active()).collect();
        let mut made = Vec::new();
        if let (Some(old), Status::NotRegistered) = (old.first(), record.status) {
            made.push(Contact { number: number.to_owned(), ..Contact::clone(old) });
        }
        // Now and then nobody takes the old record out.
        let gone = old.iter().filter(|_| !dice.chance(200)).map(|old| deleted(old));
        gone.chain(made).collect()
    }
}

fn deleted(contact: &Contact) -> Contact {
    let mut contact = contact.clone();
    contact.delete();
    contact
}
