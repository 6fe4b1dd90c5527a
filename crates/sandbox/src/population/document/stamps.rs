//! The register's metadata in all the spellings it is found in.

use crate::calendar::{Day, Moment, Spelling};
use crate::dice::Dice;
use crate::freg::wire::{Meta, Text};
use crate::population::layout::TODAY;

/// Writes metadata: when an item was registered, by whom, why, and from when it holds.
pub(super) struct Stamps {
    pub(super) dice: Dice,
}

/// When the old register's data were moved into today's.
const MIGRATION: Day = Day::of(2019, 11, 4);

/// Who registers, unless the reason says more.
const SOURCES: &[&str] = &[
    "folkeregisteret",
    "folkeregistermyndigheten",
    "Synutopia",
    "skatteetaten",
    "FREG automatisk",
    "dsf-folkeregister-synkronisering",
];

/// Reasons that have sources of their own.
const SOURCES_BY_REASON: &[(&str, &[&str])] = &[
    ("Vergemål", &["Statens Sivilrettsforvaltning"]),
    ("Adresseoppdatering", &["Matrikkelen", "DP055_veinummer"]),
    ("Kommuneregulering", &["Matrikkelen", "FREG automatisk"]),
    ("Tildele d-nummer", &["skatteetaten", "DP065_dnummer_midlertidig", "Synutopia"]),
    ("Person med d-nummer", &["DP065_dnummer_midlertidig"]),
    ("Navn på barn", &["forelder", "folkeregisteret"]),
    ("Foreldreansvar", &["forelder", "folkeregisteret"]),
];

/// What became of many reasons in the move from the old register.
const MIGRATED_REASONS: &[&str] =
    &["Årsakskode fra DSF: ", "Grunnbefolkning", "Patch", "Historisk"];

impl Stamps {
    /// Metadata of an item that holds from the start of a day.
    pub(super) fn meta(&mut self, from: Day, current: bool, reason: &'static str) -> Meta {
        let migrated = from < MIGRATION;
        let registered = if migrated {
            MIGRATION.plus(self.dice.between(0, 700))
        } else {
            from.plus(self.dice.between(0, 9)).min(TODAY)
        };
        let second = self.dice.below(86_400) as u32;
        let nanos = self.dice.below(1_000_000_000) as u32;
        let registered = Moment::at(registered, second, nanos);
        let source = match self.dice.below(100) {
            0 => None,
            1 => Some(""),
            _ if migrated => Some("KILDE_DSF"),
            _ => {
                let own = SOURCES_BY_REASON.iter().find(|row| row.0 == reason);
                Some(self.dice.pick(own.map_or(SOURCES, |row| row.1)))
            }
        };
        let reason = match self.dice.below(100) {
            0..8 if migrated => None,
            8..20 if migrated => Some(self.dice.pick(MIGRATED_REASONS)),
            _ => Some(reason),
        };
        Meta {
            ajourholdstidspunkt: Some(registered.write(Spelling::any(&mut self.dice)).into()),
            er_gjeldende: current,
            kilde: source.map(Text::Borrowed),
            aarsak: reason.map(Text::Borrowed),
            gyldighetstidspunkt: Some(self.midnight(from)),
            opphoerstidspunkt: None,
        }
    }

    /// Metadata of an item that ended without being replaced.
    pub(super) fn ended(&mut self, from: Day, end: Day, reason: &'static str) -> Meta {
        let opphoerstidspunkt = Some(self.midnight(end));
        Meta { opphoerstidspunkt, ..self.meta(from, false, reason) }
    }

    /// Metadata of an item that has no history; some from the old register have no times at all.
    pub(super) fn timeless(&mut self, from: Day, reason: &'static str) -> Meta {
        let meta = self.meta(from, true, reason);
        if from < MIGRATION && self.dice.chance(80) {
            return Meta { ajourholdstidspunkt: None, gyldighetstidspunkt: None, ..meta };
        }
        meta
    }

    /// Metadata of an item that holds until `end`, if that has come.
    pub(super) fn until(&mut self, from: Day, end: Option<Day>, reason: &'static str) -> Meta {
        match end.filter(|end| *end <= TODAY) {
            Some(end) => self.ended(from, end, reason),
            None => self.meta(from, true, reason),
        }
    }

    /// The register does not promise to list what is current first.
    pub(super) fn disorder<T>(&mut self, items: &mut [T]) {
        if items.len() > 1 && self.dice.chance(120) {
            items.reverse();
        }
    }

    /// Norwegian midnight, mostly without a fraction.
    fn midnight(&mut self, day: Day) -> Text {
        let mut spelling = Spelling::any(&mut self.dice);
        if self.dice.chance(700) {
            spelling.fraction = 0;
        }
        Moment::midnight(day).write(spelling).into()
    }
}
