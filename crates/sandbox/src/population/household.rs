//! Families: who is in a block, when they paired and parted, died, came and went.

use crate::calendar::Day;
use crate::dice::Dice;
use crate::population::layout::{Layout, Place, SLOTS, TEMPLATES, TODAY, Template};
use crate::population::name::{COUNTRIES, Country};
use crate::population::number::{Lane, Series, Sex, Style};
use crate::population::rates;

/// What the register knows of a person's tie to Norway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Standing {
    /// Born here and living here.
    Native,
    /// Born here, moved away and came back.
    Returned { left: Day, back: Day },
    /// Moved here on a day; may have had a D-number before.
    Immigrant { arrived: Day, had_d: bool },
    /// Left the country on a day, having been born here or come on a day.
    Emigrated { arrived: Option<Day>, left: Day },
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
    /// Since when nobody knows where the person is.
    pub(crate) missing: Option<Day>,
}

impl Member {
    /// The day after which nothing of the person's life is registered.
    pub(crate) fn until(&self) -> Day {
        let left = match self.standing {
            Standing::Emigrated { left, .. } => Some(left),
            _ => None,
        };
        left.into_iter().chain(self.died).min().unwrap_or(TODAY.plus(1))
    }

    /// The day the register first knew the person.
    pub(crate) fn known_from(&self) -> Day {
        match self.standing {
            Standing::Immigrant { arrived, .. } => arrived,
            Standing::Emigrated { arrived: Some(arrived), .. } => arrived,
            Standing::Temporary { since, .. } => since,
            _ => self.lane.born,
        }
    }

    /// Living in Norway today.
    pub(crate) fn is_resident(&self) -> bool {
        let away = matches!(self.standing, Standing::Temporary { .. } | Standing::Emigrated { .. });
        !away && self.died.is_none() && self.missing.is_none()
    }

    /// Whether the person has a D-number only.
    pub(crate) fn is_temporary(&self) -> bool {
        matches!(self.standing, Standing::Temporary { .. })
    }

    /// Age in whole years.
    pub(crate) fn age(&self) -> i32 {
        TODAY.years_since(self.lane.born)
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
    /// The day they stopped living together, if not by a death.
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
    /// Whether the population reaches to the end of the block.
    pub(crate) whole: bool,
    pub(crate) template: &'static Template,
    pub(crate) members: [Member; SLOTS as usize],
    pub(crate) couples: [Option<Couple>; COUPLES_MAX],
}

/// No template has more couples.
const COUPLES_MAX: usize = 5;

impl Family {
    /// The family of a block. A block that the population does not fill holds strangers only, so
    /// that nobody is related to a person who does not exist.
    pub(crate) fn of(layout: &Layout, seed: u64, block: u64, whole: bool) -> Family {
        let places: [Place; SLOTS as usize] = std::array::from_fn(|slot| layout.place(block, slot));
        let template = &TEMPLATES[places[0].variant];
        let members = std::array::from_fn(|slot| {
            let dice = Dice::new(&[seed, 0x9E0, block, slot as u64]);
            let alone = !whole || places[slot].folded || !template.has(slot);
            member(dice, &places[slot], alone, template.leader_of(slot).is_some())
        });
        let mut couples = [None; COUPLES_MAX];
        for (number, (a, b)) in template.couples.iter().enumerate() {
            let dice = Dice::new(&[seed, 0xC0, block, number as u64]);
            let before = couples[..number].iter().flatten().find(|c: &&Couple| c.a == *a).copied();
            let again = template.couples[number + 1..].iter().any(|(first, _)| first == a);
            couples[number] = couple(dice, (*a, *b), &members, before, again);
        }
        Family { seed, block, whole, template, members, couples }
    }

    /// Dice for one purpose of one member or home.
    pub(crate) fn dice(&self, what: u64, which: u64) -> Dice {
        Dice::new(&[self.seed, what, self.block, which])
    }

    /// The couples a member is half of, the first before the second.
    pub(crate) fn couples_of(&self, slot: usize) -> impl Iterator<Item = &Couple> {
        self.couples.iter().flatten().filter(move |couple| couple.a == slot || couple.b == slot)
    }

    /// The day the first of the two died.
    pub(crate) fn first_death(&self, couple: &Couple) -> Option<Day> {
        let died = |slot: usize| self.members[slot].died;
        died(couple.a).into_iter().chain(died(couple.b)).min()
    }

    /// A child's registered parents: none for those who stand alone, one now and then.
    pub(crate) fn parents(&self, child: usize) -> impl Iterator<Item = Parent> {
        let couple = (!self.members[child].alone)
            .then(|| self.template.parents_of(child))
            .flatten()
            .and_then(|couple| self.couples[couple].as_ref());
        let one_only = self.dice(0xFA7, child as u64).falls(rates::ONE_PARENT);
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
        let own = move |couple: usize| {
            let (a, b) = self.template.couples[couple];
            a == parent || b == parent
        };
        self.template.children.iter().filter_map(move |(child, couple)| {
            if !own(*couple) {
                return None;
            }
            let mine = self.parents(*child).find(|found| found.slot == parent)?;
            Some((*child, mine.role))
        })
    }

    /// How a member's numbers are written.
    fn style(&self, slot: usize) -> Style {
        let mut dice = self.dice(0x57E1, slot as u64);
        let month = match dice.below(100_000) {
            roll if roll < rates::MONTH_65 => 65,
            roll if roll < rates::MONTH_65 + rates::MONTH_40 => 40,
            _ => 80,
        };
        let newer = dice.falls(rates::NUMBER_OF_2032);
        Style { month, remainder: if newer { 1 + dice.below(3) as u8 } else { 0 } }
    }

    /// The number of a series in the member's lane.
    pub(crate) fn number_in(&self, slot: usize, series: Series) -> String {
        let number = self.members[slot].lane.styled(series, self.style(slot));
        number.expect("a member's lane has one of the ranks that always exist")
    }

    /// The number a member uses today.
    pub(crate) fn number(&self, slot: usize) -> String {
        let d = self.members[slot].is_temporary();
        self.number_in(slot, if d { Series::D } else { Series::National })
    }

    /// Those who live here, are grown, and have a number in use: whom others can rely on.
    pub(crate) fn grown_residents(&self) -> impl Iterator<Item = usize> {
        (0..self.members.len()).filter(|slot| {
            let member = &self.members[*slot];
            self.whole && member.is_resident() && (20..80).contains(&member.age())
        })
    }
}

fn member(mut dice: Dice, place: &Place, alone: bool, partner: bool) -> Member {
    let born = place.lane.born;
    let standing = if alone {
        standing_alone(&mut dice, born)
    } else {
        standing_in_family(&mut dice, born, partner)
    };
    let foreign = match standing {
        Standing::Immigrant { .. } | Standing::Temporary { .. } => true,
        Standing::Emigrated { arrived, .. } => arrived.is_some(),
        _ => false,
    };
    let country = foreign.then(|| &COUNTRIES[dice.below(COUNTRIES.len() as u64) as usize]);
    let died = death(&mut dice, born, standing);
    let here = matches!(standing, Standing::Native | Standing::Immigrant { .. });
    let missing = (alone && here && died.is_none() && dice.falls(rates::MISSING))
        .then(|| TODAY.plus(-dice.between(20, 4000)))
        .filter(|day| match standing {
            Standing::Immigrant { arrived, .. } => *day > arrived.plus(300),
            _ => *day > born.plus_years(18),
        });
    Member { lane: place.lane, alone, standing, country, died, missing }
}

/// Those without family are the ones who come and go.
fn standing_alone(dice: &mut Dice, born: Day) -> Standing {
    let grown = born.plus_years(19).plus(dice.between(0, 9000));
    // Hardly a child born here stands alone.
    let child = TODAY.years_since(born) < 19;
    match dice.below(100) {
        0..55 => temporary(dice, born),
        roll if roll < 72 || (child && roll < 96) => {
            let youngest = if TODAY.years_since(born) > 20 { 18 } else { 0 };
            let arrived = born.plus_years(youngest).plus(dice.between(30, 9000));
            let late = TODAY.plus(-dice.between(40, 300));
            let arrived = if arrived < TODAY { arrived } else { late };
            let had_d = dice.falls(rates::HAD_D_NUMBER);
            Standing::Immigrant { arrived: arrived.max(born.plus(20)).min(TODAY), had_d }
        }
        72..82 if grown.plus(1500) < TODAY => {
            let came = grown.plus(-dice.between(100, 2000));
            Standing::Emigrated { arrived: Some(came), left: grown.plus(dice.between(300, 1500)) }
        }
        82..93 if grown < TODAY => Standing::Emigrated { arrived: None, left: grown },
        93..96 if grown.plus(1400) < TODAY => {
            Standing::Returned { left: grown, back: grown.plus(dice.between(200, 1400)) }
        }
        _ => Standing::Native,
    }
}

/// A partner may have come from abroad, before the two met.
fn standing_in_family(dice: &mut Dice, born: Day, partner: bool) -> Standing {
    let grown = born.plus_years(19).plus(dice.between(0, 1000));
    if partner && dice.falls(rates::PARTNER_FROM_ABROAD) {
        return Standing::Immigrant { arrived: grown, had_d: dice.falls(rates::HAD_D_NUMBER) };
    }
    let away = grown.plus(dice.between(0, 3000));
    let back = away.plus(dice.between(200, 1400));
    match dice.below(100_000) {
        roll if roll < rates::RETURNED && back < TODAY => Standing::Returned { left: away, back },
        roll if roll < rates::RETURNED + rates::FAMILY_EMIGRATED && away < TODAY => {
            Standing::Emigrated { arrived: None, left: away }
        }
        _ => Standing::Native,
    }
}

fn temporary(dice: &mut Dice, born: Day) -> Standing {
    let since = TODAY.plus(-dice.between(30, 6500)).max(born.plus(60)).min(TODAY);
    let old = TODAY.years_since(since) >= 5;
    let status = match dice.below(100) {
        0..6 => "ikkeBosatt",
        6..9 if since.plus(30) < TODAY => "opphoert",
        9..14 => "aktiv",
        _ if old => "inaktiv",
        _ => "midlertidig",
    };
    Standing::Temporary { since, status }
}

/// Most die between 54 and 103; nobody dies before having been registered for a while.
fn death(dice: &mut Dice, born: Day, standing: Standing) -> Option<Day> {
    let years = if dice.chance(40) {
        dice.between(30, 60)
    } else {
        54 + dice.between(0, 25) + dice.between(0, 25)
    };
    let died = born.plus_years(years).plus(dice.between(0, 365));
    let from = match standing {
        Standing::Native => born,
        Standing::Returned { back, .. } => back.plus(100),
        Standing::Immigrant { arrived, .. } => arrived.plus(400),
        Standing::Emigrated { left, .. } => left.plus(400),
        Standing::Temporary { status: "inaktiv", since } => since.plus_years(5),
        Standing::Temporary { .. } => return None,
    };
    (died < TODAY && died > from).then_some(died)
}

fn couple(
    mut dice: Dice,
    (a, b): (usize, usize),
    members: &[Member],
    before: Option<Couple>,
    again: bool,
) -> Option<Couple> {
    if members[a].alone || members[b].alone {
        return None;
    }
    let younger = members[a].lane.born.max(members[b].lane.born);
    let met = younger.plus_years(21).plus(dice.between(0, 5400));
    let deaths = |couple: (usize, usize)| {
        members[couple.0].died.into_iter().chain(members[couple.1].died).min()
    };
    // Whoever marries again does so after the first marriage has ended.
    let free = before.map(|first| {
        let left = if first.is_formal() { first.divorced } else { first.separated };
        let ended = left.or(deaths((first.a, first.b)));
        ended.unwrap_or(TODAY).plus(dice.between(300, 2500))
    });
    let since = free.map_or(met, |free| free.max(met));
    let end = deaths((a, b)).unwrap_or(TODAY);
    let same_sex = members[a].lane.sex == members[b].lane.sex;
    let bond = match (dice.below(100), same_sex) {
        _ if since >= end.plus(-60) => Bond::Apart,
        (0..6, _) => Bond::Apart,
        (6..19, _) => Bond::Cohabiting,
        (_, false) => Bond::Married,
        (_, true) if since < Day::of(1993, 8, 1) => Bond::Cohabiting,
        (_, true) if since < Day::of(2009, 1, 1) => Bond::Registered,
        (_, true) => Bond::Married,
    };
    let parted = since.plus(dice.between(700, if again { 2500 } else { 9000 }));
    let splits = bond != Bond::Apart && (again || dice.chance(270));
    let separated = (splits && parted < end).then_some(parted);
    let formal = matches!(bond, Bond::Married | Bond::Registered);
    let wait = dice.between(366, 900);
    let divorced = separated.map(|day| day.plus(wait)).filter(|day| formal && *day < end);
    Some(Couple { a, b, bond, since, separated, divorced })
}
