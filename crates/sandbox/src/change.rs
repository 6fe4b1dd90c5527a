//! Changes to persons: what each kind does to documents, and the events it gives in which order.
//!
//! Pure: who is concerned, the time and everything random come in; documents and announcements go
//! out. [`plan`] picks who is concerned, [`maker`] does both and commits.

mod bond;
mod edit;
mod home;
mod identity;
mod life;
mod maker;
mod plan;

pub(crate) use maker::Maker;
pub(crate) use plan::PlanError;

use crate::calendar::Moment;
use crate::freg::wire::Folkeregisterperson;
use crate::population::{FullName, Home, Lane};

/// A person a change concerns.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) entity: u64,
    pub(crate) person: Folkeregisterperson,
}

/// A change with all it needs.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Birth {
        mother: Subject,
        father: Option<Subject>,
        child: u64,
        lane: Lane,
    },
    Death {
        person: Subject,
        spouse: Option<Subject>,
    },
    Move {
        household: Vec<Subject>,
        to: Home,
    },
    Marriage {
        first: Subject,
        second: Subject,
    },
    Rename {
        person: Subject,
        name: FullName,
    },
    Protect {
        person: Subject,
        grade: &'static str,
        leaks: bool,
    },
    Unprotect {
        person: Subject,
        home: Home,
    },
    GiveNationalNumber {
        person: Subject,
        number: String,
        home: Home,
    },
    Merge {
        survivor: Subject,
        other: Subject,
    },
    Split {
        kept: Subject,
        restored: Subject,
    },
    Erase {
        person: Subject,
    },
    Emigrate {
        person: Subject,
        country: usize,
    },
    /// A move whose event was lost, told of later by an event that tells nothing.
    Refresh {
        person: Subject,
        to: Home,
    },
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
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// New documents by person, older before newer.
    pub(crate) documents: Vec<(u64, Folkeregisterperson)>,
    pub(crate) announcements: Vec<Announcement>,
    /// Who was merged into whom, with the numbers that now lead to the survivor.
    pub(crate) merged: Option<(u64, u64, Vec<String>)>,
    /// Who came back, with the numbers that lead there again.
    pub(crate) split: Option<(u64, Vec<String>)>,
}

impl Outcome {
    /// Adds a document and the events that point at it, about the number it has in use.
    fn tell(&mut self, subject: Subject, kinds: &[&'static str], at: Moment) {
        let number = subject.person.number().to_owned();
        self.documents.push((subject.entity, subject.person));
        let document = Some(self.documents.len() - 1);
        self.announcements.extend(kinds.iter().map(|kind| Announcement {
            number: number.clone(),
            kind,
            document,
            at,
        }));
    }
}

/// What happens when a change happens at `now`.
pub(crate) fn apply(change: Change, now: Moment) -> Outcome {
    match change {
        Change::Birth { mother, father, child, lane } => {
            life::birth(mother, father, child, lane, now)
        }
        Change::Death { person, spouse } => life::death(person, spouse, now),
        Change::Emigrate { person, country } => life::emigrate(person, country, now),
        Change::Move { household, to } => home::move_all(household, &to, now),
        Change::Refresh { person, to } => home::refresh(person, &to, now),
        Change::Protect { person, grade, leaks } => home::protect(person, grade, leaks, now),
        Change::Unprotect { person, home } => home::unprotect(person, &home, now),
        Change::Marriage { first, second } => bond::marry(first, second, now),
        Change::Rename { person, name } => bond::rename(person, name, now),
        Change::GiveNationalNumber { person, number, home } => {
            identity::give_national_number(person, number, &home, now)
        }
        Change::Merge { survivor, other } => identity::merge(survivor, &other, now),
        Change::Split { kept, restored } => identity::split(kept, restored, now),
        Change::Erase { person } => identity::erase(person, now),
    }
}

/// The kinds of change that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Birth,
    Death,
    Move,
    Marriage,
    Name,
    ProtectionStrict,
    ProtectionConfidential,
    ProtectionOff,
    NationalNumber,
    Merge,
    Split,
    Correction,
    Emigration,
    Refresh,
}

/// Each kind with its name in the control interface and how often it happens, in parts of a
/// hundred or so.
pub(crate) const KINDS: &[(Kind, &str, u64)] = &[
    (Kind::Move, "move", 34),
    (Kind::Birth, "birth", 14),
    (Kind::Death, "death", 9),
    (Kind::Marriage, "marriage", 8),
    (Kind::Name, "name", 8),
    (Kind::Correction, "correction", 7),
    (Kind::NationalNumber, "d-number-to-foedselsnummer", 5),
    (Kind::Emigration, "emigration", 4),
    (Kind::Merge, "merge", 3),
    (Kind::Split, "split", 2),
    (Kind::ProtectionConfidential, "protection", 2),
    (Kind::ProtectionStrict, "strict-protection", 1),
    (Kind::ProtectionOff, "protection-off", 1),
    (Kind::Refresh, "refresh", 2),
];

impl Kind {
    /// The kind with this name.
    pub(crate) fn from_name(name: &str) -> Option<Kind> {
        KINDS.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

#[cfg(test)]
mod tests;
