//! Families: who is in a block, when they paired and parted, died, came and went.

use crate::calendar::Day;
use crate::dice::Dice;
use crate::population::layout::{
    ALONE_FROM, CHILDREN, COUPLES, D_SLOTS, Layout, Place, SLOTS, TODAY,
};
use crate::population::name::{COUNTRIES, Country};
use crate::population::number::{Lane, Sex};

/// What the register knows of a person's tie to Norway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Standing {
    /// Born here and living here.
    Native,
    /// Moved here on a day; may have had a D-number before.
    Immigrant { arrived: Day, had_d: bool },
    /// Left the country on a day.
    Emigrated { left: Day },
    /// Has a D-number only, with this status word, since a day.
    Temporary { since: Day, status: &'static str },
}

/// One person of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) lane: Lane,
    /// Without family here: from abroad, or of unknown parents.
    pub(crate) alone: bool,
    pub(crate) standing: Standing,
    pub(crate) country: Option<&'static Country>,
    pub(crate) died: Option<Day>,
}

impl Member {
    /// The day after which nothing of the person's life is registered.
    pub(crate) fn until(&self) -> Day {
        let left = match self.standing {
            Standing::Emigrated { left } => Some(left),
            _ => None,
        };
        left.into_iter().chain(self.died).min().unwrap_or(TODAY)
    }

    /// Living in Norway today.
    pub(crate) fn is_resident(&self) -> bool {
        let here = matches!(self.standing, Standing::Native | Standing::Immigrant { .. });
        here && self.died.is_none()
    }
}

/// How two people are bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bond {
    /// They never shared a home, but may have children.
    Apart,
    Cohabiting,
    Married,
    /// Registered partners, as same-sex couples were from 1993 to 2008.
    Registered,
}

/// Two members and their story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Couple {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) bond: Bond,
    pub(crate) since: Day,
    pub(crate) separated: Option<Day>,
    pub(crate) divorced: Option<Day>,
}

impl Couple {
    /// The other one.
    pub(crate) fn partner(&self, slot: usize) -> usize {
        if slot == self.a { self.b } else { self.a }
    }

    /// Married or registered partners, at some time.
    pub(crate) fn is_formal(&self) -> bool {
        matches!(self.bond, Bond::Married | Bond::Registered)
    }
}

/// A child's parent with the role the register gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parent {
    pub(crate) slot: usize,
    pub(crate) role: &'static str,
}

/// A whole block.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) seed: u64,
    pub(crate) block: u64,
    pub(crate) members: [Member; SLOTS as usize],
    pub(crate) couples: [Option<Couple>; COUPLES.len()],
}

impl Family {
    /// The family of a block. A block that the population does not fill holds strangers only, so
    /// that nobody is related to a person who does not exist.
    pub(crate) fn of(layout: &Layout, seed: u64, block: u64, whole: bool) -> Family {
        let places: [Place; SLOTS as usize] = std::array::from_fn(|slot| layout.place(block, slot));
        let members = std::array::from_fn(|slot| {
            let dice = Dice::new(&[seed, 0x9E0, block, slot as u64]);
            member(dice, slot, places[slot], whole)
        });
        let couples = std::array::from_fn(|number| {
            let dice = Dice::new(&[seed, 0xC0, block, number as u64]);
            couple(dice, COUPLES[number], &members)
        });
        Family { seed, block, members, couples }
    }

    /// Dice for one purpose of one member or home.
    pub(crate) fn dice(&self, what: u64, which: u64) -> Dice {
        Dice::new(&[self.seed, what, self.block, which])
    }

    /// The couple a member is half of.
    pub(crate) fn couple_of(&self, slot: usize) -> Option<&Couple> {
        self.couples.iter().flatten().find(|couple| couple.a == slot || couple.b == slot)
    }

    /// A child's registered parents: none for those who stand alone, one now and then.
    pub(crate) fn parents(&self, child: usize) -> impl Iterator<Item = Parent> {
        let couple = CHILDREN
            .iter()
            .find(|(slot, _)| *slot == child && !self.members[child].alone)
            .and_then(|(_, couple)| self.couples[*couple].as_ref());
        let one_only = self.dice(0xFA7, child as u64).chance(50);
        let roles = couple.map(|couple| {
            let sex = |slot: usize| self.members[slot].lane.sex;
            let (a, b) = match (sex(couple.a), sex(couple.b)) {
                (Sex::Female, Sex::Female) => ("mor", Some("medmor")),
                (Sex::Female, Sex::Male) => ("mor", Some("far")),
                (Sex::Male, Sex::Female) => ("far", Some("mor")),
                (Sex::Male, Sex::Male) => ("far", None),
            };
            // With one parent registered it is the mother, if there is one.
            let a_stays = !one_only || b != Some("mor");
            let b_stays = !one_only || b == Some("mor");
            let a = a_stays.then_some(Parent { slot: couple.a, role: a });
            let b = b.filter(|_| b_stays).map(|role| Parent { slot: couple.b, role });
            [a, b]
        });
        roles.into_iter().flatten().flatten()
    }

    /// A parent's children with the role this parent has for each.
    pub(crate) fn children(&self, parent: usize) -> impl Iterator<Item = (usize, &'static str)> {
        CHILDREN.iter().filter_map(move |(child, _)| {
            let mine = self.parents(*child).find(|found| found.slot == parent)?;
            Some((*child, mine.role))
        })
    }
}

fn member(mut dice: Dice, slot: usize, place: Place, whole: bool) -> Member {
    let alone = !whole || place.folded || slot >= ALONE_FROM;
    let born = place.lane.born;
    let d_person = slot == D_SLOTS.0 || (slot == D_SLOTS.1 && dice.chance(500));
    let age = TODAY.years_since(born);
    let foreign = d_person || (alone && dice.chance(600));
    let standing = if d_person {
        temporary(&mut dice, born)
    } else if foreign {
        let youngest = if age > 20 { 18 } else { 0 };
        let arrived = born.plus_years(youngest).plus(dice.between(30, 9000));
        let arrived = if arrived < TODAY { arrived } else { TODAY.plus(-dice.between(40, 300)) };
        Standing::Immigrant { arrived: arrived.max(born.plus(20)), had_d: dice.chance(450) }
    } else if alone && age > 20 && dice.chance(220) {
        let left = born.plus_years(19).plus(dice.between(0, 9000));
        if left < TODAY { Standing::Emigrated { left } } else { Standing::Native }
    } else {
        Standing::Native
    };
    let country = foreign.then(|| &COUNTRIES[dice.below(COUNTRIES.len() as u64) as usize]);
    Member { lane: place.lane, alone, standing, country, died: death(&mut dice, born, standing) }
}

fn temporary(dice: &mut Dice, born: Day) -> Standing {
    let since = TODAY.plus(-dice.between(30, 6500)).max(born.plus(60));
    let old = TODAY.years_since(since) >= 5;
    let status = match dice.below(100) {
        0..6 => "ikkeBosatt",
        6..9 => "opphoert",
        9..14 => "aktiv",
        _ if old => "inaktiv",
        _ => "midlertidig",
    };
    Standing::Temporary { since, status }
}

/// Most die between 60 and 105; nobody dies before having been registered for a while.
fn death(dice: &mut Dice, born: Day, standing: Standing) -> Option<Day> {
    let years = if dice.chance(25) {
        dice.between(41, 60)
    } else {
        58 + dice.between(0, 25) + dice.between(0, 24)
    };
    let died = born.plus_years(years).plus(dice.between(0, 365));
    let known = match standing {
        Standing::Native => died < TODAY,
        Standing::Immigrant { arrived, .. } => died < TODAY && died > arrived.plus(400),
        Standing::Emigrated { left } => died < TODAY && died > left.plus(400),
        Standing::Temporary { .. } => false,
    };
    known.then_some(died)
}

fn couple(mut dice: Dice, (a, b): (usize, usize), members: &[Member]) -> Option<Couple> {
    if members[a].alone || members[b].alone {
        return None;
    }
    let younger = members[a].lane.born.max(members[b].lane.born);
    let since = younger.plus_years(21).plus(dice.between(0, 5400));
    let first_death = members[a].died.into_iter().chain(members[b].died).min();
    let end = first_death.unwrap_or(TODAY);
    let same_sex = members[a].lane.sex == members[b].lane.sex;
    let bond = match (dice.below(100), same_sex) {
        _ if since >= end.plus(-60) => Bond::Apart,
        (0..12, _) => Bond::Apart,
        (12..36, _) => Bond::Cohabiting,
        (_, false) => Bond::Married,
        (_, true) if since < Day::of(1993, 8, 1) => Bond::Cohabiting,
        (_, true) if since < Day::of(2009, 1, 1) => Bond::Registered,
        (_, true) => Bond::Married,
    };
    let parted = since.plus(dice.between(700, 9000));
    let splits = matches!(bond, Bond::Married | Bond::Registered) && dice.chance(330);
    let separated = (splits && parted < end).then_some(parted);
    let divorced = separated.map(|day| day.plus(dice.between(366, 900))).filter(|day| *day < end);
    Some(Couple { a, b, bond, since, separated, divorced })
}
