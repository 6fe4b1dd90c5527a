//! What a person is to the register: numbers, status, sex, and how well the identity is known.

use crate::calendar::Day;
use crate::freg::wire::{Identifikasjonsnummer, Identitetsgrunnlag, Kjoenn, Status, Text};
use crate::population::household::{Family, Standing};
use crate::population::layout::TODAY;
use crate::population::number::{Lane, Series, Sex};
use crate::population::rates;

use super::Sheet;

/// The number a member had before the registered sex was corrected; few have one.
fn number_before_correction(family: &Family, slot: usize) -> Option<String> {
    let lane = family.members[slot].lane;
    let temporary = family.members[slot].is_temporary();
    let corrected = family.dice(0x1D, slot as u64).falls(rates::NUMBER_CORRECTED);
    if lane.rank != 0 || temporary || !corrected {
        return None;
    }
    Lane { sex: lane.sex.other(), rank: 3, ..lane }.number(Series::National)
}

/// The lane of the person whose number from before a correction has this lane, if anyone has.
pub(crate) fn lane_after_correction(lane: Lane) -> Lane {
    Lane { sex: lane.sex.other(), rank: 0, ..lane }
}

impl Sheet<'_> {
    /// The one in use first.
    pub(super) fn numbers(&mut self) -> Vec<Identifikasjonsnummer> {
        let (from, reason) = (self.member.known_from(), self.entry_reason());
        let number = self.family.number(self.slot);
        let (kind, ceased) = match self.member.standing {
            Standing::Temporary { status, .. } => ("dNummer", status == "opphoert"),
            _ => ("foedselsnummer", false),
        };
        let status = if ceased { "opphoert" } else { "iBruk" };
        let item = |meta, number: String, status: &'static str, kind: &'static str| {
            Identifikasjonsnummer {
                meta,
                status: status.into(),
                foedsels_eller_d_nummer: number.into(),
                identifikatortype: kind.into(),
            }
        };
        let mut numbers = vec![item(self.stamps.meta(from, true, reason), number, status, kind)];
        if let Some(old) = number_before_correction(self.family, self.slot) {
            numbers.push(item(self.stamps.meta(from, false, reason), old, "opphoert", kind));
        }
        if let Standing::Immigrant { arrived, had_d: true } = self.member.standing {
            let d = self.family.number_in(self.slot, Series::D);
            let meta = self.stamps.meta(arrived.plus(-200), false, "Tildele d-nummer");
            numbers.push(item(meta, d, "opphoert", "dNummer"));
        }
        numbers
    }

    /// Each status with the day it began, oldest first.
    fn status_history(&self) -> Vec<(Day, &'static str, &'static str)> {
        let born = self.member.lane.born;
        let from = self.member.known_from();
        let moved_in = (from, "bosatt", self.entry_reason());
        let mut history = match self.member.standing {
            Standing::Native if born > TODAY.plus(-15) => {
                vec![(born, "foedselsregistrert", "Fødsel")]
            }
            Standing::Native => vec![moved_in],
            Standing::Returned { left, back } => {
                vec![moved_in, (left, "utflyttet", "Utflytting"), (back, "bosatt", "Innvandring")]
            }
            Standing::Immigrant { had_d: true, .. } => {
                vec![(from.plus(-200), "midlertidig", "Tildele d-nummer"), moved_in]
            }
            Standing::Immigrant { .. } => vec![moved_in],
            Standing::Emigrated { left, .. } => vec![moved_in, (left, "utflyttet", "Utflytting")],
            Standing::Temporary { since, status } => {
                let first = (since, "midlertidig", "Tildele d-nummer");
                match status {
                    "midlertidig" => vec![first],
                    "inaktiv" => {
                        vec![first, (since.plus_years(5), status, "Person med d-nummer")]
                    }
                    "opphoert" => vec![first, (since.plus(29), status, "Opphøre person")],
                    _ => vec![(since, status, "Tildele d-nummer")],
                }
            }
        };
        history.extend(self.member.died.map(|day| (day, "doed", "Dødsfall")));
        history.extend(self.member.missing.map(|day| (day, "forsvunnet", "Patch")));
        history
    }

    pub(super) fn statuses(&mut self) -> Vec<Status> {
        let history = self.status_history();
        let newest = history.len() - 1;
        let items = history.iter().enumerate().rev().map(|(at, (from, status, reason))| Status {
            meta: self.stamps.meta(*from, at == newest, reason),
            status: Text::Borrowed(status),
        });
        let mut items: Vec<Status> = items.collect();
        self.stamps.disorder(&mut items);
        items
    }

    pub(super) fn sex(&mut self) -> Vec<Kjoenn> {
        if self.member.is_temporary() && self.stamps.dice.chance(350) {
            return Vec::new();
        }
        let word = |sex| if sex == Sex::Female { "kvinne" } else { "mann" };
        let (from, reason) = (self.member.known_from(), self.entry_reason());
        let sex = self.member.lane.sex;
        let mut items =
            vec![Kjoenn { meta: self.stamps.meta(from, true, reason), kjoenn: word(sex).into() }];
        if number_before_correction(self.family, self.slot).is_some() {
            let meta = self.stamps.meta(from, false, reason);
            items.push(Kjoenn { meta, kjoenn: word(sex.other()).into() });
        }
        items
    }

    pub(super) fn identity_check(&mut self) -> Vec<Identitetsgrunnlag> {
        let (from, reason) = (self.member.known_from(), self.entry_reason());
        let checked = from.plus(self.stamps.dice.between(30, 900));
        let word = match (self.member.country, self.stamps.dice.below(10)) {
            _ if self.stamps.dice.falls(rates::UNIQUE_IDENTITY) => "unik",
            (None, _) | (Some(_), 0..4) => "kontrollert",
            (Some(_), 4..8) => "ikkeKontrollert",
            (Some(_), _) => "ingenStatus",
        };
        let item = |meta, word: &'static str| Identitetsgrunnlag {
            meta,
            identitetsgrunnlagstatus: word.into(),
        };
        // Those from abroad are checked some time after they were registered.
        if self.member.country.is_some() && word == "kontrollert" && checked < TODAY {
            let now = item(self.stamps.meta(checked, true, "Patch"), word);
            return vec![now, item(self.stamps.meta(from, false, reason), "ikkeKontrollert")];
        }
        vec![item(self.stamps.meta(from, true, reason), word)]
    }
}
