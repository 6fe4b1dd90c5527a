//! Which lane of number space each index has, and the way back, by arithmetic alone.
//!
//! Indexes come in blocks of fifteen: a family or several over up to three generations, and those
//! who stand alone. A block has a base day and one of twenty variants; the variant decides which
//! [`Template`] of a family it is. A slot of the block is born on the base day shuffled inside a
//! window, plus the slot's offset in that variant. Slot and variant decide the individual digits,
//! so a number tells slot and variant, those tell the base day, and these three the block. Nothing
//! is stored for any person.

mod template;

use template::TRIPLETS_ONE_IN;
pub(crate) use template::{TEMPLATES, Template};

use crate::calendar::Day;
use crate::dice::Dice;
use crate::population::number::{Lane, RANKS, Sex};

/// Persons in a block.
pub(crate) const SLOTS: u64 = 15;
/// Variants of birth days; each has a block of either sex pattern.
const VARIANTS: u64 = 10;
/// The days a block is shuffled over; siblings are further apart than that.
const WINDOW: i32 = 512;
/// The base days: 42 windows, nearly 59 years.
const DAYS: i32 = 42 * WINDOW;
const BLOCKS: u64 = DAYS as u64 * VARIANTS * 2;
/// The most persons a population can have.
pub const PERSONS_MAX: u64 = BLOCKS * SLOTS;
/// Coprime to the number of blocks and near its golden section: neighbours are born far apart.
const STRIDE: u64 = 265_801;

const BASE: Day = Day::of(1912, 1, 1);
/// The day the population stands at: the last that anyone is born on but by a change.
pub(crate) const TODAY: Day = Day::of(2026, 7, 1);
/// Slots of partners who are nobody's children are born before this day.
const ADULTS: Day = Day::of(2004, 1, 1);

#[derive(Clone, Copy, Debug, Default)]
struct Shift {
    days: i32,
    factor: i32,
    addend: i32,
    /// For a child who is one of triplets in some families: days after the first in the others.
    gap: i32,
}

impl Shift {
    /// Where a day of the range goes. Days whose number is a multiple of [`TRIPLETS_ONE_IN`] stay;
    /// the others go on by the gap, and once more if they would fall on one that stays.
    fn ahead(self, day: i32) -> i32 {
        let stays = |day: i32| self.gap == 0 || day.rem_euclid(TRIPLETS_ONE_IN) == 0;
        match () {
            () if stays(day) => day,
            () if stays(day + self.gap) => day + 2 * self.gap,
            () => day + self.gap,
        }
    }

    /// The day that went there, around the range.
    fn back(self, day: i32) -> i32 {
        let came = [0, 1, 2].map(|gaps| (day - gaps * self.gap).rem_euclid(DAYS));
        came.into_iter().find(|from| (self.ahead(*from) - day) % DAYS == 0).unwrap_or(day)
    }
}

/// The arithmetic of one seed.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    seed: u64,
    start: u64,
    stride_back: u64,
    shifts: [[Shift; VARIANTS as usize]; SLOTS as usize],
}

/// Where an index stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) lane: Lane,
    /// Born on the far side of the range: too old to be the child or partner the slot stands for.
    pub(crate) folded: bool,
    /// The variant of the block, which has its own [`Template`].
    pub(crate) variant: usize,
}

impl Layout {
    /// The layout of a seed; a few hundred numbers, whatever the population's size.
    pub(crate) fn new(seed: u64) -> Layout {
        let mut shifts = [[Shift::default(); VARIANTS as usize]; SLOTS as usize];
        for variant in 0..VARIANTS as usize {
            for slot in 0..SLOTS as usize {
                shifts[slot][variant] = shift(seed, slot, variant, &shifts);
            }
        }
        let start = Dice::new(&[seed, 0xB10C]).below(BLOCKS);
        Layout { seed, start, stride_back: inverse(STRIDE, BLOCKS), shifts }
    }

    /// Lane and role of slot `slot` in block `block`.
    pub(crate) fn place(&self, block: u64, slot: usize) -> Place {
        let spot = (block * STRIDE + self.start) % BLOCKS;
        let (base, variant) = ((spot / 20) as i32, (spot % 20 / 2) as usize);
        let shift = self.shifts[slot][variant];
        let (window, inside) = (base / WINDOW, base % WINDOW);
        let shuffled = (inside * shift.factor + shift.addend) % WINDOW;
        let unfolded = BASE.plus(shift.ahead(window * WINDOW + shuffled) + shift.days);
        let folded = unfolded >= end(slot, variant);
        let born = if folded { unfolded.plus(-DAYS) } else { unfolded };
        let flat = slot as u64 * VARIANTS + variant as u64;
        let sex = sex(spot & 1 == 1, self.flipped(slot, base, variant));
        let lane = Lane { born, sex, decade: (flat / RANKS) as u8, rank: (flat % RANKS) as u8 };
        Place { lane, folded, variant }
    }

    /// The index whose lane this is, if the population reaches that far.
    pub(crate) fn index(&self, lane: Lane) -> Option<u64> {
        let flat = u64::from(lane.decade) * RANKS + u64::from(lane.rank);
        let (slot, variant) = ((flat / VARIANTS) as usize, (flat % VARIANTS) as usize);
        let shift = self.shifts.get(slot)?[variant];
        if u64::from(lane.rank) >= RANKS {
            return None;
        }
        let day = shift.back((lane.born.0 - BASE.0 - shift.days).rem_euclid(DAYS));
        let (window, shuffled) = (day / WINDOW, day % WINDOW);
        let back = inverse(shift.factor as u64, WINDOW as u64) as i32;
        let inside = (shuffled + WINDOW - shift.addend) * back % WINDOW;
        let base = window * WINDOW + inside;
        let odd = sex(true, self.flipped(slot, base, variant)) == lane.sex;
        let spot = base as u64 * 20 + variant as u64 * 2 + u64::from(odd);
        let block = (spot + BLOCKS - self.start) % BLOCKS * self.stride_back % BLOCKS;
        let index = block * SLOTS + slot as u64;
        // A day outside the slot's range folds onto another's; only the true one leads here.
        (self.place(block, slot).lane == lane).then_some(index)
    }

    /// Whether this slot takes the other sex than its block's pattern says. Partners differ but for
    /// one couple in fifty.
    fn flipped(&self, slot: usize, base: i32, variant: usize) -> bool {
        let first = TEMPLATES[variant].leader_of(slot);
        let leader = first.unwrap_or(slot);
        let key = |what: u64| [self.seed, what, base as u64 * VARIANTS + variant as u64];
        let own = Dice::new(&key(0x5E0 + leader as u64)).chance(500);
        let same = first.is_some() && Dice::new(&key(0x5F0 + slot as u64)).chance(20);
        own ^ (first.is_some() && !same)
    }
}

fn sex(odd: bool, flipped: bool) -> Sex {
    if odd ^ flipped { Sex::Male } else { Sex::Female }
}

fn end(slot: usize, variant: usize) -> Day {
    let template = &TEMPLATES[variant];
    let adult = template.has(slot) && template.parents_of(slot).is_none();
    if adult { ADULTS } else { TODAY.plus(1) }
}

/// How far a slot is born from its block's base day in a variant. Twins share theirs.
fn shift(
    seed: u64,
    slot: usize,
    variant: usize,
    known: &[[Shift; VARIANTS as usize]; SLOTS as usize],
) -> Shift {
    let template = &TEMPLATES[variant];
    if template.twins.contains(&slot) {
        return known[slot - 1][variant];
    }
    if let Some((_, first, gap)) = template.triplets.iter().find(|row| row.0 == slot) {
        return Shift { gap: *gap, ..known[*first][variant] };
    }
    let of = |slot: usize| known[slot][variant].days;
    let mut dice = Dice::new(&[seed, 0x0FF5E7, slot as u64, variant as u64]);
    let days = match (template.parents_of(slot), template.leader_of(slot)) {
        (Some(couple), _) => {
            let (a, b) = template.couples[couple];
            let mut elder = template.children.iter().filter(|(other, of)| {
                *other < slot && (*of == couple || template.couples[*of].0 == a)
            });
            match elder.next_back() {
                Some((other, of_couple)) if *of_couple == couple => {
                    of(*other) + dice.between(820, 1400)
                }
                Some((other, _)) => of(*other) + dice.between(1900, 2900),
                None => of(a).max(of(b)) + dice.between(8800, 10_250),
            }
        }
        (None, Some(first)) => of(first) + dice.between(-900, 1300),
        (None, None) if slot == 0 => template.later * 365,
        (None, None) if template.has(slot) => template.later * 365 + dice.between(-1500, 1500),
        (None, None) => dice.between(0, DAYS),
    };
    let factor = dice.between(0, WINDOW / 2) * 2 + 1;
    Shift { days, factor, addend: dice.between(0, WINDOW), gap: 0 }
}

/// The number that multiplied by `number` leaves one modulo `modulus`; they must be coprime.
fn inverse(number: u64, modulus: u64) -> u64 {
    let (mut old, mut new) = (modulus as i64, (number % modulus) as i64);
    let (mut old_factor, mut factor) = (0_i64, 1_i64);
    while new != 0 {
        let quotient = old / new;
        (old, new) = (new, old - quotient * new);
        (old_factor, factor) = (factor, old_factor - quotient * factor);
    }
    debug_assert_eq!(old, 1, "only coprime numbers have an inverse");
    old_factor.rem_euclid(modulus as i64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_leads_back_to_its_index_and_only_to_it() {
        for seed in [0, 1, 42] {
            let layout = Layout::new(seed);
            let mut seen = std::collections::HashSet::new();
            for block in (0..200).chain([BLOCKS / 2, BLOCKS - 1]) {
                for slot in 0..SLOTS as usize {
                    let lane = layout.place(block, slot).lane;
                    assert_eq!(layout.index(lane), Some(block * SLOTS + slot as u64));
                    assert!(seen.insert((
                        lane.born,
                        lane.sex == Sex::Male,
                        lane.decade,
                        lane.rank
                    )));
                }
            }
        }
    }

    #[test]
    fn a_lane_of_nobody_leads_nowhere() {
        let layout = Layout::new(5);
        let lane = layout.place(3, 0).lane;
        for born in [TODAY.plus(1), Day::of(2026, 12, 5), Day::of(1900, 1, 1)] {
            assert_eq!(layout.index(Lane { born, ..lane }), None);
        }
        assert_eq!(layout.index(Lane { rank: 3, ..lane }), None);
    }

    #[test]
    fn parents_are_grown_and_siblings_are_months_apart_or_twins() {
        let layout = Layout::new(9);
        let mut twins = 0;
        for block in 0..3000 {
            let at = |slot| layout.place(block, slot);
            let template = &TEMPLATES[at(0).variant];
            for (child, couple) in template.children {
                let (a, b) = template.couples[*couple];
                for parent in [a, b] {
                    let grown = at(*child).lane.born.years_since(at(parent).lane.born) >= 18;
                    assert!(at(*child).folded || (!at(parent).folded && grown), "{block} {child}");
                }
                for (other, _) in template.children.iter().filter(|(other, of)| {
                    other < child && of == couple && at(*other).folded == at(*child).folded
                }) {
                    let gap = at(*child).lane.born.0 - at(*other).lane.born.0;
                    twins += usize::from(gap == 0);
                    assert!(gap == 0 || gap.abs() > 290, "{gap}");
                }
            }
        }
        assert!(twins > 30, "{twins}");
    }

    #[test]
    fn some_are_born_today_and_nobody_later() {
        let layout = Layout::new(5);
        let born = |day: Day| {
            let lanes = (0..50).map(|decade| Lane { born: day, sex: Sex::Male, decade, rank: 1 });
            lanes.filter(|lane| layout.index(*lane).is_some()).count()
        };
        assert!(born(TODAY) > 5);
        assert_eq!(born(TODAY.plus(1)), 0);
    }

    #[test]
    fn templates_are_sound() {
        for template in &TEMPLATES {
            for (a, b) in template.couples {
                assert!(a < b, "the first is laid out before the second");
                assert_eq!(template.couples.iter().filter(|pair| pair.1 == *b).count(), 1);
                assert_eq!(template.leader_of(*a), None, "nobody is first here and second there");
            }
            for (child, couple) in template.children {
                let (a, b) = template.couples[*couple];
                assert!(*child > a && *child > b && *child < SLOTS as usize);
                assert_eq!(template.leader_of(*child), None);
            }
            assert!(
                template
                    .twins
                    .iter()
                    .all(|twin| { template.parents_of(*twin) == template.parents_of(twin - 1) })
            );
        }
    }
}
