//! A person's names through life: family names pass on, marriages and wishes change them.

use crate::calendar::Day;
use crate::freg::wire::{Navn, Personnavn};
use crate::population::household::{Bond, Family, Standing};
use crate::population::layout::COUPLES;
use crate::population::name::{COUNTRIES, Country, FullName, family as family_name, given};

use super::Sheet;

/// The country an emigrant went to.
pub(super) fn destination(family: &Family, slot: usize) -> &'static Country {
    &COUNTRIES[family.dice(0xDE5, slot as u64).below(COUNTRIES.len() as u64) as usize]
}

impl Sheet<'_> {
    /// Current name first.
    pub(super) fn names(&mut self) -> Vec<Navn> {
        let history = history(self.family, self.slot);
        let capitals = self.stamps.dice.chance(250);
        let newest = history.len() - 1;
        let mut items = Vec::with_capacity(history.len());
        for (at, (from, name, reason)) in history.into_iter().enumerate().rev() {
            let name = if capitals { name.in_capitals() } else { name };
            items.push(self.name_item(from, name, at == newest, reason));
        }
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
    let partner = COUPLES.iter().any(|(_, b)| *b == slot);
    if family.members[slot].alone || partner { own(slot) } else { own(0) }
}

/// Names with the day each began, oldest first.
fn history(family: &Family, slot: usize) -> Vec<(Day, FullName, &'static str)> {
    let member = &family.members[slot];
    let mut dice = family.dice(0x4A3E, slot as u64);
    let first = given(&mut dice, member.lane.sex, member.country);
    let own = born_family_name(family, slot);
    let middle = match dice.below(100) {
        0..14 => Some(born_family_name(family, 1).to_owned()),
        14..16 => Some("D".to_owned()),
        _ => None,
    };
    let from = match member.standing {
        Standing::Immigrant { arrived, .. } => arrived,
        Standing::Temporary { since, .. } => since,
        _ => member.lane.born,
    };
    let born = FullName { given: first, middle, family: own.to_owned() };
    let mut names = vec![(from, born.clone(), "Navn på barn")];
    let married = family.couple_of(slot).filter(|couple| couple.bond == Bond::Married);
    if let Some(couple) = married.filter(|couple| couple.b == slot && dice.chance(550)) {
        let taken = born_family_name(family, couple.a);
        if taken != own {
            let middle = dice.chance(300).then(|| own.to_owned());
            let name = FullName { family: taken.to_owned(), middle, ..born };
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
