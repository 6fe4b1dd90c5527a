//! Changes to persons: what each kind does to documents, and the events it gives in which order.
//!
//! [`contact`] is the kinds that happen in KRR and not in FREG. [`table`] has every kind, [`mass`] the corrections of many persons at once, [`scenario`] the
//! stories that need several changes in a certain order. [`scene`] picks who is concerned, and
//! [`maker`] makes it happen.

mod bond;
mod contact;
mod edit;
mod home;
mod identity;
mod life;
mod maker;
mod mass;
mod need;
mod scenario;
mod scene;
mod table;
mod value;

pub(crate) use contact::EXPIRES;
pub(crate) use edit::Hand;
pub(crate) use maker::{Done, Maker};
pub(crate) use mass::{CORRECTIONS, Correction, Mass};
pub(crate) use scenario::{Played, SCENARIOS, Scenario};
pub(crate) use scene::PlanError;
pub(crate) use table::kinds;

use crate::calendar::Moment;
use crate::freg::wire::Folkeregisterperson;
use crate::krr::Contact;
use need::Need;
use scene::Scene;

/// A person a change concerns.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) entity: u64,
    pub(crate) person: Folkeregisterperson,
}

/// An event to come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Announcement {
    pub(crate) number: String,
    pub(crate) kind: &'static str,
    /// Which of the outcome's documents it points at.
    pub(crate) document: Option<usize>,
    pub(crate) at: Moment,
}

/// What a change leads to.
#[derive(Clone, Default)]
pub(crate) struct Outcome {
    /// New documents by person, older before newer.
    pub(crate) documents: Vec<(u64, Folkeregisterperson)>,
    pub(crate) announcements: Vec<Announcement>,
    /// Numbers that from now on lead to a person.
    pub(crate) leads: Vec<(String, u64)>,
    /// Who was merged into whom.
    pub(crate) merged: Option<(u64, u64)>,
    /// Who came back by a split.
    pub(crate) restored: Option<u64>,
    /// The number of the person it is about, when that is not the first document's.
    pub(crate) about: Option<String>,
    /// New records in KRR, in their order.
    pub(crate) contacts: Vec<Contact>,
    /// Records that KRR changes without telling so.
    pub(crate) silent_contacts: Vec<Contact>,
}

impl Outcome {
    /// Adds a document and the events that point at it, about the number it has in use.
    fn tell(&mut self, subject: Subject, kinds: &[&'static str], at: Moment) {
        let number = subject.person.number().to_owned();
        self.tell_of(&number, subject, kinds, at);
    }

    /// As [`Outcome::tell`], about this number.
    fn tell_of(&mut self, number: &str, subject: Subject, kinds: &[&'static str], at: Moment) {
        self.documents.push((subject.entity, subject.person));
        let document = Some(self.documents.len() - 1);
        self.announcements.extend(kinds.iter().map(|kind| Announcement {
            number: number.to_owned(),
            kind,
            document,
            at,
        }));
    }

    /// Adds an event without a document.
    fn tell_bare(&mut self, number: String, kind: &'static str, at: Moment) {
        self.announcements.push(Announcement { number, kind, document: None, at });
    }
}

type Planned = Result<Outcome, PlanError>;

/// What a kind of change does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    /// Edits one person's document; every event of the kind then points at it.
    Alone(Need, fn(&mut Folkeregisterperson, &mut Hand<'_>)),
    /// Anything more.
    Story(fn(&mut Scene<'_>) -> Planned),
}

/// A kind of change that can be asked for.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its name in the control interface.
    pub(crate) name: &'static str,
    /// What happens, in a line.
    pub(crate) about: &'static str,
    /// The types of the events it gives.
    pub(crate) events: &'static [&'static str],
    /// How often it happens in a week of the whole country.
    pub(crate) weekly: u32,
    pub(crate) does: Does,
}

impl Kind {
    /// The kind with this name.
    pub(crate) fn from_name(name: &str) -> Option<&'static Kind> {
        kinds().find(|kind| kind.name == name)
    }
}

#[cfg(test)]
mod tests;
