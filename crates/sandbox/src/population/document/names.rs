//! A person's names through life: family names pass on, marriages and wishes change them.

use crate::calendar::Day;
use crate::dice::Dice;
use crate::freg::wire::{Navn, Personnavn};
use crate::population::household::{Bond, Family};
use crate::population::layout::TODAY;
use crate::population::name::{COUNTRIES, Country, FullName, family as family_name, given};
use crate::population::number::Sex;
use crate::population::rates;

use super::Sheet;

/// Until when a child may be without a name of its own.
const NAMELESS_DAYS: i32 = 60;

/// The country an emigrant went to, or came back from.
pub(super) fn destination(family: &Family, slot: usize) -> &'static Country {
    &COUNTRIES[family.dice(0xDE5, slot as u64).below(COUNTRIES.len() as u64) as usize]
}

/// Somebody who is not in the register.
pub(super) fn stranger(dice: &mut Dice) -> Personnavn {
    let sex = if dice.chance(500) { Sex::Female } else { Sex::Male };
    let abroad = dice.chance(500).then(|| &COUNTRIES[dice.below(COUNTRIES.len() as u64) as usize]);
    Personnavn {
        fornavn: given(dice, sex, abroad).into(),
        mellomnavn: dice.chance(200).then(|| family_name(dice, abroad).into()),
        etternavn: family_name(dice, abroad).into(),
    }
}

/// The name a member has now.
pub(super) fn present(family: &Family, slot: usize) -> Personnavn {
    let name = history(family, slot).pop().map(|row| row.1);
    name.map_or_else(Personnavn::default, |name| Personnavn {
        fornavn: name.given.into(),
        mellomnavn: name.middle.map(Into::into),
        etternavn: name.family.into(),
    })
}

impl Sheet<'_> {
    /// Current name first, mostly.
    pub(super) fn names(&mut self) -> Vec<Navn> {
        let history = history(self.family, self.slot);
        let capitals = self.stamps.dice.falls(rates::NAME_IN_CAPITALS);
        let newest = history.len() - 1;
        let mut items = Vec::with_capacity(history.len());
        for (at, (from, name, reason)) in history.into_iter().enumerate().rev() {
            let name = if capitals { name.in_capitals() } else { name };
            items.push(self.name_item(from, name, at == newest, reason));
        }
        self.stamps.disorder(&mut items);
        items
    }

    fn name_item(
        &mut self,
        from: Day,
        name: FullName,
        current: bool,
        reason: &'static str,
    ) -> Navn {
        let dice = &mut self.stamps.dice;
        let short = dice.chance(300).then(|| {
            let whole = format!("{} {}", name.family, name.given);
            whole.chars().take(40).collect::<String>().into()
        });
        let original = dice.chance(10).then(|| Personnavn {
            fornavn: name.given.clone().into(),
            mellomnavn: None,
            etternavn: name.family.clone().into(),
        });
        let empty_middle = name.middle.is_none() && dice.chance(15);
        Navn {
            meta: self.stamps.meta(from, current, reason),
            fornavn: name.given.into(),
            mellomnavn: name.middle.map(Into::into).or(empty_middle.then(|| "".into())),
            etternavn: name.family.into(),
            forkortet_navn: short,
            originalt_navn: original,
        }
    }
}

/// The family name a member was born with, or brought along.
fn born_family_name(family: &Family, slot: usize) -> &'static str {
    let country = family.members[slot].country;
    let own = |slot: usize| family_name(&mut family.dice(0xFA, slot as u64), country);
    match family.template.parents_of(slot).filter(|_| !family.members[slot].alone) {
        // A child has the name of the parent who keeps the home, and so on back.
        Some(couple) => born_family_name(family, family.template.couples[couple].0),
        None => own(slot),
    }
}

/// The given name; a child that is days old may still have its mother's, with a mark.
fn first_name(family: &Family, slot: usize, dice: &mut Dice) -> String {
    let member = &family.members[slot];
    let name = given(dice, member.lane.sex, member.country);
    if TODAY.plus(-NAMELESS_DAYS) > member.lane.born || dice.chance(400) {
        return name;
    }
    let mark = if member.lane.sex == Sex::Female { "*PIKE" } else { "*GUTT" };
    match family.parents(slot).find(|parent| parent.role == "mor") {
        Some(mother) => format!("{} {mark}", present(family, mother.slot).fornavn.to_uppercase()),
        None => name,
    }
}

/// Names with the day each began, oldest first.
fn history(family: &Family, slot: usize) -> Vec<(Day, FullName, &'static str)> {
    let member = &family.members[slot];
    let mut dice = family.dice(0x4A3E, slot as u64);
    let first = first_name(family, slot, &mut dice);
    let own = born_family_name(family, slot);
    let middle = match dice.below(100) {
        0..14 => Some(family_name(&mut family.dice(0xFA3, slot as u64), None).to_owned()),
        14..16 => Some("D".to_owned()),
        _ => None,
    };
    let mut born = FullName { given: first, middle, family: own.to_owned() };
    if dice.falls(rates::LONG_NAME) {
        born.given =
            format!("{} Wilhelmina-Konstanse Fredrikke Ædelbjørg Tordenskiold", born.given);
        born.family = format!("{own} af Øvre Sæterstrand-Åmotsdalen");
    }
    let mut names = vec![(member.known_from(), born.clone(), "Navn på barn")];
    for couple in family.couples_of(slot) {
        let takes = couple.bond == Bond::Married && couple.b == slot && dice.chance(550);
        let taken = born_family_name(family, couple.a);
        if takes && taken != own && couple.since > member.known_from() {
            let middle = dice.chance(300).then(|| own.to_owned());
            let name = FullName { family: taken.to_owned(), middle, ..born.clone() };
            names.push((couple.since, name, "Vigsel"));
        }
    }
    if dice.chance(45) {
        let middle = family_name(&mut dice, None).to_owned();
        let day = names[names.len() - 1].0.plus(dice.between(300, 7000));
        let last = names[names.len() - 1].1.clone();
        if day < member.until() && last.middle.as_deref() != Some(&middle) {
            names.push((day, FullName { middle: Some(middle), ..last }, "Navn"));
        }
    }
    names
}
