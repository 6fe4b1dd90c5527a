//! The addresses of the country, and in which unit each of them lies.
//!
//! A person's address names its place in up to three ways, and each has an index: the address's id,
//! the door in a street, and the property. An index is two sorted columns, so that an address costs
//! 12 to 16 bytes in each.

use super::code::{Municipality, Unit};
use super::digest::{Digest, Words};

/// One address of the country, as the land register has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address's id in the land register.
    pub id: Option<u64>,
    /// The municipality it lies in.
    pub municipality: Municipality,
    /// The door in a street, of a street address.
    pub door: Option<Door>,
    /// The property it stands on. Street addresses have one too.
    pub property: Option<Property>,
    /// The unit it lies in.
    pub unit: Unit,
}

/// A door in a street.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    /// The municipality's code for the street.
    pub code: u32,
    /// House number.
    pub number: u32,
    /// House letter; its case does not matter.
    pub letter: Option<char>,
}

/// A property, and which address on it. Zero is none, for the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Land number.
    pub land: u32,
    /// Title number.
    pub title: u32,
    /// Leasehold number.
    pub leasehold: u32,
    /// Sub-number, which tells addresses on one property apart.
    pub sub: u32,
}

/// Municipality, street, number and letter in one number: 14, 17, 17 and 16 bits.
pub(super) type DoorKey = u64;
/// Municipality and land number, title number, leasehold and sub-number.
pub(super) type PropertyKey = [u32; 3];

impl Door {
    /// The key of the door, unless a number is larger than any that exists.
    pub(super) fn key(&self, municipality: Municipality) -> Option<DoorKey> {
        let letter = match self.letter {
            Some(letter) => upper(letter)?,
            None => 0,
        };
        let fits = self.code < 1 << 17 && self.number < 1 << 17;
        let place = u64::from(municipality.number()) << 50;
        let door = u64::from(self.code) << 33 | u64::from(self.number) << 16 | u64::from(letter);
        fits.then_some(place | door)
    }
}

/// The letter without its case. A letter whose capital is more than one does not name a door.
fn upper(letter: char) -> Option<u16> {
    let mut capital = letter.to_uppercase();
    let first = capital.next()?;
    if capital.next().is_some() { None } else { u16::try_from(u32::from(first)).ok() }
}

impl Property {
    /// The key of the property, unless a number is larger than any that exists.
    pub(super) fn key(&self, municipality: Municipality) -> Option<PropertyKey> {
        let fits = self.land < 1 << 18 && self.leasehold < 1 << 16 && self.sub < 1 << 16;
        let place = municipality.number() << 18 | self.land;
        fits.then_some([place, self.title, self.leasehold << 16 | self.sub])
    }
}

/// Keys in order, and beside each the number of its unit, or zero where several are claimed.
pub(super) struct Index<K> {
    keys: Vec<K>,
    units: Vec<u32>,
}

/// Marks a claim that gives way to one without the mark. Units have eight digits: 27 bits.
const WEAK: u32 = 1 << 31;

/// Where a key of one kind is said to lie.
#[derive(Debug)]
pub(super) struct Claims<K>(Vec<(K, u32)>);

impl<K: Ord + Copy> Claims<K> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// The key lies in the unit.
    pub(super) fn add(&mut self, key: K, unit: Unit) {
        self.0.push((key, unit.number()));
    }

    /// The key lies in the unit, if nobody knows better.
    pub(super) fn add_weak(&mut self, key: K, unit: Unit) {
        self.0.push((key, unit.number() | WEAK));
    }

    /// The index, and how many of its keys are claimed for several units. Those are in none: who
    /// guessed would be wrong about where somebody gets their home nursing.
    pub(super) fn index(mut self) -> (Index<K>, u64) {
        self.0.sort_unstable();
        let distinct = self.0.chunk_by(|a, b| a.0 == b.0).count();
        let mut index =
            Index { keys: Vec::with_capacity(distinct), units: Vec::with_capacity(distinct) };
        let mut ambiguous = 0;
        for claims in self.0.chunk_by(|a, b| a.0 == b.0) {
            let (key, unit) = claims[0];
            let rivals = claims.iter().filter(|claim| claim.1 & WEAK == unit & WEAK);
            let agreed = rivals.map(|claim| claim.1).all(|rival| rival == unit);
            index.keys.push(key);
            index.units.push(if agreed { unit & !WEAK } else { 0 });
            ambiguous += u64::from(!agreed);
        }
        (index, ambiguous)
    }
}

impl<K: Ord + Copy> Index<K> {
    /// The unit that the key lies in.
    pub(super) fn get(&self, key: K) -> Option<Unit> {
        let place = self.keys.binary_search(&key).ok()?;
        Unit::from_number(self.units[place]).filter(|unit| unit.number() != 0)
    }

    /// Number of keys.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Every key in order, with the number of its unit.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, u32)> {
        self.keys.iter().copied().zip(self.units.iter().copied())
    }

    /// Bytes that the two columns take.
    pub(super) fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<K>() + self.units.capacity() * size_of::<u32>()
    }
}

impl<K: Words> Words for Index<K> {
    fn words(&self, digest: &mut Digest) {
        digest.number(self.keys.len() as u64);
        self.keys.iter().for_each(|key| key.words(digest));
        self.units.iter().for_each(|unit| unit.words(digest));
    }
}
