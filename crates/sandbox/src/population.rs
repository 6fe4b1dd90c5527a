//! The synthetic population: every person decided by seed and index, none of them stored.

mod address;
mod document;
mod history;
mod household;
mod layout;
mod name;
mod number;
pub(crate) mod place;
mod rates;

pub use layout::PERSONS_MAX;

pub(crate) use address::{Home, grade};
pub(crate) use document::{foreign, strict_post};
pub(crate) use layout::TODAY;
pub(crate) use name::{COUNTRIES, Country, family as family_name, given as given_name};
pub(crate) use number::{DECADES, Lane, RANKS, Series, Sex, check_digits};
pub(crate) use place::site;

use crate::dice::mix;
use crate::freg::wire::Folkeregisterperson;
use household::Family;
use layout::{Layout, SLOTS};

/// Persons of a seed, made when asked for. A million of them takes no more memory than one.
#[derive(Clone, Debug)]
pub struct Population {
    seed: u64,
    persons: u64,
    layout: Layout,
}

/// An odd number: multiplying by it mixes 64 bits and can be undone.
const SPREAD: u64 = 0xD6E8_FEB8_6659_FD93;
/// [`SPREAD`]'s inverse modulo 2^64, by Newton's iteration.
const UNSPREAD: u64 = {
    let mut inverse = SPREAD;
    let mut round = 0;
    while round < 6 {
        inverse = inverse.wrapping_mul(2_u64.wrapping_sub(SPREAD.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
};

impl Population {
    /// The population of a seed; `persons` above [`PERSONS_MAX`] counts as that.
    pub fn new(seed: u64, persons: u64) -> Population {
        Population { seed, persons: persons.min(PERSONS_MAX), layout: Layout::new(seed) }
    }

    /// How many persons there are.
    pub fn persons(&self) -> u64 {
        self.persons
    }

    /// The seed.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// The person with this index, below [`Population::persons`].
    pub(crate) fn person(&self, index: u64) -> Folkeregisterperson {
        document::write(&self.family(index / SLOTS), (index % SLOTS) as usize)
    }

    /// The person's document as the register sends it, with all elements and all history.
    pub fn document(&self, index: u64) -> Vec<u8> {
        self.person(index).to_json()
    }

    /// The number the person with this index uses.
    pub fn number(&self, index: u64) -> String {
        self.family(index / SLOTS).number((index % SLOTS) as usize)
    }

    /// The only index whose person can have this number, now, before or after.
    pub(crate) fn index_of(&self, number: &str) -> Option<u64> {
        let (lane, _) = Lane::of(number)?;
        let lane =
            if u64::from(lane.rank) < RANKS { lane } else { document::lane_after_correction(lane) };
        self.layout.index(lane).filter(|index| *index < self.persons)
    }

    /// The identifier of the person's first document.
    pub(crate) fn document_id(&self, index: u64) -> u128 {
        let low = (index ^ mix(self.seed)).wrapping_mul(SPREAD);
        (u128::from(mix(low ^ self.seed.rotate_left(32))) << 64) | u128::from(low)
    }

    /// The index whose first document has this identifier.
    pub(crate) fn index_of_document(&self, id: u128) -> Option<u64> {
        let index = (id as u64).wrapping_mul(UNSPREAD) ^ mix(self.seed);
        (index < self.persons && self.document_id(index) == id).then_some(index)
    }

    fn family(&self, block: u64) -> Family {
        let whole = (block + 1) * SLOTS <= self.persons;
        Family::of(&self.layout, self.seed, block, whole)
    }
}

#[cfg(test)]
mod tests;
