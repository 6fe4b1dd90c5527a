//! Where a member has lived: which home in which years, and how the old addresses ended.

use crate::calendar::Day;
use crate::population::address::{Home, REFORMS};
use crate::population::household::{Bond, Family, Standing};
use crate::population::layout::{SLOTS, TODAY};
use crate::population::place::site::houses;

/// The register begins here; older addresses are unknown to it.
const REGISTER_BEGINS: Day = Day::of(1964, 10, 1);
/// No document lists more addresses than this.
const ADDRESSES_MAX: usize = 7;

/// A home someone lived in from a day on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Residence {
    pub(crate) home: Home,
    /// The day of moving in.
    pub(crate) moved: Day,
    /// The day this form of the address began: later than `moved` after a municipal reform.
    pub(crate) from: Day,
}

/// A member's residences, newest first.
pub(crate) fn residences(family: &Family, slot: usize) -> Vec<Residence> {
    if family.members[slot].is_temporary() {
        return Vec::new();
    }
    let until = family.members[slot].until();
    let stays = stays(family, slot);
    let mut found = Vec::new();
    for (number, (from, owner)) in stays.iter().enumerate() {
        let end = stays.get(number + 1).map_or(until, |next| next.0.min(until));
        let Some(owner) = owner else { continue };
        let homes = homes(family, *owner, *from, end);
        for (number, (start, home)) in homes.iter().enumerate() {
            let left = homes.get(number + 1).map_or(end, |next| next.0).min(until);
            add_with_reforms(&mut found, *home, *start, left);
        }
    }
    found.reverse();
    found.truncate(ADDRESSES_MAX);
    found
}

/// The slot whose home the member lives in today, or lived in last.
pub(crate) fn home_owner(family: &Family, slot: usize) -> usize {
    let until = family.members[slot].until();
    let stays = stays(family, slot);
    stays.iter().rev().filter(|stay| stay.0 < until).find_map(|stay| stay.1).unwrap_or(slot)
}

/// Whose home a member lived in from which day, oldest first; nobody's while abroad.
fn stays(family: &Family, slot: usize) -> Vec<(Day, Option<usize>)> {
    let member = &family.members[slot];
    let born = member.lane.born;
    let mut dice = family.dice(0x57A, slot as u64);
    let mut moves_out = born.plus_years(18).plus(dice.between(100, 3200));
    let together = || family.couples_of(slot).filter(|couple| couple.bond != Bond::Apart);
    if let Some(couple) = together().next() {
        moves_out = moves_out.min(couple.since.plus(-200));
    }
    let mut stays = match parental_home(family, slot) {
        Some(owner) => vec![(born, Some(owner)), (moves_out, Some(slot))],
        None => vec![(member.known_from(), Some(slot))],
    };
    for couple in together().filter(|couple| couple.b == slot) {
        stays.push((couple.since, Some(couple.a)));
        stays.extend(couple.separated.map(|day| (day, Some(slot))));
    }
    if let Standing::Returned { left, back } = member.standing {
        let home = stays.iter().rfind(|stay| stay.0 < back).and_then(|stay| stay.1);
        stays.retain(|stay| stay.0 < left || stay.0 > back);
        stays.extend([(left, None), (back, home)]);
        stays.sort_by_key(|stay| stay.0);
    }
    stays.retain(|(day, _)| *day <= TODAY);
    stays
}

/// The home a member grew up in: the mother's if the parents never lived together.
fn parental_home(family: &Family, slot: usize) -> Option<usize> {
    let first = family.parents(slot).next()?;
    let couple = family.template.parents_of(slot).and_then(|at| family.couples[at].as_ref())?;
    let mother = family.parents(slot).find(|parent| parent.role == "mor").unwrap_or(first);
    Some(if couple.bond == Bond::Apart { mother.slot } else { couple.a })
}

/// The homes of an owner between two days, each from the day it holds for the visitor.
fn homes(family: &Family, owner: usize, from: Day, end: Day) -> Vec<(Day, Home)> {
    let mut dice = family.dice(0x407E, owner as u64);
    let mut start = family.members[owner].lane.born.plus_years(20);
    let houses = houses(family.block * SLOTS);
    let mut homes = vec![(from, Home::within(&mut dice, houses))];
    for _ in 0..dice.below(6) {
        let home = Home::within(&mut dice, houses);
        start = start.plus(dice.between(400, 3600));
        if start <= from {
            homes[0].1 = home;
        } else if start < end {
            homes.push((start, home));
        }
    }
    homes
}

/// Adds a residence, split where a reform gave the municipality another number while it was lived
/// in. An address that was left keeps the number it had.
fn add_with_reforms(found: &mut Vec<Residence>, home: Home, moved: Day, end: Day) {
    let moved = moved.max(REGISTER_BEGINS);
    if moved >= end {
        return;
    }
    found.push(Residence { home, moved, from: moved });
    for reform in REFORMS {
        let renumbered = home.municipality(reform) != home.municipality(reform.plus(-1));
        if renumbered && moved < reform && reform < end {
            found.push(Residence { home, moved, from: reform });
        }
    }
}
