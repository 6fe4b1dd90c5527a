//! Parental responsibility: for the child and for each who is responsible, told by both.

use crate::calendar::Day;
use crate::freg::wire::{Foreldreansvar, Personnavn, RelatertBiPerson};
use crate::population::household::Family;
use crate::population::layout::TODAY;
use crate::population::rates;

use super::{Sheet, names};

/// For so many years after coming of age a child's document still shows who was responsible.
const SHOWN_AFTER: i32 = 4;

/// Who was responsible for a child in a time of its life.
struct Charge {
    word: &'static str,
    from: Day,
    /// The day it ended, with or without others taking over.
    end: Option<Day>,
    replaced: bool,
    /// Members of the family.
    holders: Vec<usize>,
    reason: &'static str,
}

impl Sheet<'_> {
    /// For a child its own, for a grown-up those of each child it is or was responsible for.
    pub(super) fn responsibilities(&mut self) -> Vec<Foreldreansvar> {
        let family = self.family;
        let mut items = Vec::new();
        if self.member.age() < 18 + SHOWN_AFTER {
            for charge in charges(family, self.slot) {
                self.of_child(&charge, &mut items);
            }
        }
        for (child, _) in family.template.children {
            let young = family.members[*child].age() < 18 + SHOWN_AFTER;
            let mine = young && *child != self.slot && family.may_answer_for(self.slot, *child);
            for charge in mine.then(|| charges(family, *child)).into_iter().flatten() {
                if charge.holders.contains(&self.slot) {
                    items.push(self.item(&charge, *child, Some(self.slot)));
                }
            }
        }
        items.extend(self.child_outside_the_register());
        items
    }

    fn of_child(&mut self, charge: &Charge, items: &mut Vec<Foreldreansvar>) {
        for holder in &charge.holders {
            items.push(self.item(charge, self.slot, Some(*holder)));
        }
        if !charge.holders.is_empty() {
            return;
        }
        let mut item = self.item(charge, self.slot, None);
        if charge.word == "andre" {
            if self.stamps.dice.chance(500) {
                let number = self.stamps.dice.between(874_000_000, 988_000_000).to_string();
                item.ansvarlig_organisasjon = Some(number.into());
            } else {
                let someone = names::stranger(&mut self.stamps.dice);
                let born = self.member.lane.born.plus_years(-33);
                item.ansvarlig_uten_identifikator = Some(outsider(someone, born, "mann"));
            }
        }
        items.push(item);
    }

    fn item(&mut self, charge: &Charge, child: usize, holder: Option<usize>) -> Foreldreansvar {
        let Charge { from, end, reason, .. } = *charge;
        let meta = match end {
            Some(_) if charge.replaced => self.stamps.meta(from, false, reason),
            end => self.stamps.until(from, end, reason),
        };
        Foreldreansvar {
            meta,
            ansvar: charge.word.into(),
            ansvarssubjekt: Some(self.family.number(child).into()),
            ansvarlig: holder.map(|holder| self.family.number(holder).into()),
            ..Foreldreansvar::default()
        }
    }

    /// Someone from abroad may have a child there, whom the register knows by name only.
    fn child_outside_the_register(&mut self) -> Option<Foreldreansvar> {
        let parent = self.member.country.is_some() && (25..50).contains(&self.member.age());
        let parent = parent && self.member.is_resident();
        if !parent || !self.stamps.dice.chance(30) {
            return None;
        }
        let born = TODAY.plus_years(-self.stamps.dice.between(1, 7));
        let child = names::stranger(&mut self.stamps.dice);
        Some(Foreldreansvar {
            meta: self.stamps.meta(born, true, "Foreldreansvar"),
            ansvar: "felles".into(),
            ansvarlig: Some(self.family.number(self.slot).into()),
            ansvarssubjekt_uten_identifikator: Some(outsider(child, born, "kvinne")),
            ..Foreldreansvar::default()
        })
    }
}

/// Somebody without a number, described.
fn outsider(name: Personnavn, born: Day, sex: &'static str) -> RelatertBiPerson {
    RelatertBiPerson {
        navn: Some(name),
        foedselsdato: Some(born.iso().into()),
        statsborgerskap: Some("SWE".into()),
        kjoenn: Some(sex.into()),
    }
}

impl Family {
    /// Whether a member can be responsible for a child: parents are, and sometimes the eldest of
    /// the family.
    fn may_answer_for(&self, slot: usize, child: usize) -> bool {
        slot == 0 || self.parents(child).any(|parent| parent.slot == slot)
    }
}

/// Who has been responsible for a child: both parents at first, later often one of them; for a few
/// neither. Ends when the child comes of age.
fn charges(family: &Family, child: usize) -> Vec<Charge> {
    let member = &family.members[child];
    let born = member.known_from();
    let of_age = member.lane.born.plus_years(18);
    if member.is_temporary() || member.country.is_some() && born >= of_age {
        return Vec::new();
    }
    let mut dice = family.dice(0xA25, child as u64);
    let (others, one_later) = (dice.falls(rates::RESPONSIBLE_OTHERS), dice.chance(300));
    let unknown = dice.chance(400);
    // Most who come alone are with somebody whom the register does not know as responsible.
    let unregistered = member.country.is_some() && !dice.chance(250);
    let known = |slot: &usize| {
        let parent = &family.members[*slot];
        parent.died.is_none_or(|died| died > of_age) && parent.missing.is_none()
    };
    let parents: Vec<_> = family.parents(child).filter(|parent| known(&parent.slot)).collect();
    let charge = |word, from, end: Option<Day>, holders| Charge {
        word,
        from,
        end: end.or((of_age <= TODAY).then_some(of_age)),
        replaced: end.is_some(),
        holders,
        reason: if from == born { "Fødsel" } else { "Foreldreansvar" },
    };
    if parents.is_empty() && unregistered {
        return Vec::new();
    }
    if others || parents.is_empty() {
        let eldest = &family.members[0];
        let grandparent = family.whole && eldest.is_resident() && !eldest.alone && child != 0;
        let holders = if grandparent && !member.alone { vec![0] } else { Vec::new() };
        let word = if holders.is_empty() && unknown { "ukjent" } else { "andre" };
        return vec![charge(word, born, None, holders)];
    }
    let all: Vec<usize> = parents.iter().map(|parent| parent.slot).collect();
    if let [only] = parents[..] {
        return vec![charge(only.role, born, None, all)];
    }
    let mother = parents.iter().find(|parent| parent.role == "mor").unwrap_or(&parents[0]);
    let couple = family.template.parents_of(child).and_then(|at| family.couples[at].as_ref());
    let parted = couple.and_then(|couple| couple.separated);
    match parted.filter(|day| one_later && *day > born.plus(90) && *day < of_age.min(TODAY)) {
        Some(day) => vec![
            charge(mother.role, day, None, vec![mother.slot]),
            charge("felles", born, Some(day), all),
        ],
        None if couple.is_some_and(|couple| couple.separated.is_none()) || !one_later => {
            vec![charge("felles", born, None, all)]
        }
        None => vec![charge(mother.role, born, None, vec![mother.slot])],
    }
}
