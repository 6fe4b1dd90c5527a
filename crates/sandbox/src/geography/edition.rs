//! The two editions of the geography files, and what differs between them.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::population::site::Filed;

/// Which edition is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Edition {
    /// The one a sandbox starts with.
    #[default]
    First,
    /// A few units in other districts, one with another name, some new addresses.
    Next,
}

/// The edition that is served now.
#[derive(Debug, Default)]
pub(crate) struct Editions(Mutex<Edition>);

impl Editions {
    /// The edition that is served.
    pub(crate) fn current(&self) -> Edition {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves another from now on.
    pub(crate) fn serve(&self, edition: Edition) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = edition;
    }
}

impl Edition {
    /// Whether the address file has an address.
    pub(super) fn has(self, filed: Filed) -> bool {
        match filed {
            Filed::Always => true,
            Filed::Later => self == Edition::Next,
            Filed::Never => false,
        }
    }

    /// The day on which the files were taken out.
    pub(super) fn taken_on(self) -> Day {
        match self {
            Edition::First => Day::of(2026, 6, 28),
            Edition::Next => Day::of(2026, 10, 4),
        }
    }
}

/// Something about a unit that becomes another on a day.
pub(super) struct Turn {
    /// The city and the unit's number within it.
    pub(super) unit: (&'static str, i64),
    /// What it was: of a move the district's code, of a renaming the name.
    pub(super) before: &'static str,
    pub(super) after: &'static str,
    pub(super) on: Day,
    /// The first edition that tells of it.
    pub(super) since: Edition,
}

const fn turn(
    unit: (&'static str, i64),
    [before, after]: [&'static str; 2],
    year: i32,
    since: Edition,
) -> Turn {
    Turn { unit, before, after, on: Day::of(year, 1, 1), since }
}

/// Units that go from one district to another. The last is to come, as Oslo may be divided anew.
pub(super) const MOVES: &[Turn] = &[
    turn(("0301", 8101), ["030108", "030103"], 2025, Edition::First),
    turn(("0301", 8103), ["030102", "030109"], 2026, Edition::Next),
    turn(("4601", 8101), ["460107", "460102"], 2026, Edition::Next),
    turn(("0301", 8102), ["030108", "030103"], 2028, Edition::First),
];

/// Units that get another name.
pub(super) const RENAMINGS: &[Turn] =
    &[turn(("1103", 8101), ["Kampen 9", "Kampen Øst"], 2026, Edition::Next)];

/// What an edition knows of a unit in such a table.
pub(super) fn of(
    turns: &'static [Turn],
    unit: (&str, i64),
    edition: Edition,
) -> Option<&'static Turn> {
    turns.iter().find(|turn| turn.unit == unit && turn.since <= edition)
}
