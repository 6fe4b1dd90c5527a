//! Versions of documents, and the identifiers of those that are made when asked for.

use crate::change::Mass;
use crate::dice::mix;
use crate::freg::wire::Folkeregisterperson;

/// A version of one person's document.
#[derive(Debug)]
pub(crate) struct Version {
    /// The person's place in the register: an index of the population; the new-born come after.
    pub(crate) entity: u64,
    pub(crate) document: u128,
    pub(crate) person: Folkeregisterperson,
    /// Its place among the versions that changes made; zero for one that none made.
    pub(crate) serial: u64,
    /// How many masses had happened when it was made: those after it are done to it again.
    pub(crate) masses: usize,
}

/// An odd number: multiplying by it mixes 64 bits and can be undone.
const SPREAD: u64 = 0xA24B_AED4_963E_E407;
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
/// The bits below those that tell the mass.
const ENTITY_BITS: u32 = 32;

/// The identifier of the document that a mass made of a person's.
pub(super) fn mass_document(seed: u64, mass: usize, entity: u64) -> u128 {
    let plain = (mass as u64) << ENTITY_BITS | entity;
    let low = (plain ^ mix(seed ^ 0xD0C)).wrapping_mul(SPREAD);
    (u128::from(mix(low ^ seed.rotate_left(17))) << 64) | u128::from(low)
}

/// The mass and the person whose document this can be, if it is a mass's.
pub(super) fn mass_of_document(seed: u64, document: u128) -> Option<(usize, u64)> {
    let plain = (document as u64).wrapping_mul(UNSPREAD) ^ mix(seed ^ 0xD0C);
    let (mass, entity) = ((plain >> ENTITY_BITS) as usize, plain & u64::from(u32::MAX));
    (mass_document(seed, mass, entity) == document).then_some((mass, entity))
}

impl Version {
    /// The version after a mass, if that concerns the person.
    pub(super) fn after(&self, mass: &Mass, seed: u64) -> Option<Version> {
        let position = mass.position(self.entity)?;
        let mut person = self.person.clone();
        mass.redo(seed, position, &mut person);
        let document = mass_document(seed, mass.index, self.entity);
        let (entity, masses) = (self.entity, mass.index + 1);
        Some(Version { entity, document, person, serial: 0, masses })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_leads_back_to_mass_and_person() {
        for (mass, entity) in [(0, 0), (3, 2_000_000), (70_000, u64::from(u32::MAX))] {
            let document = mass_document(42, mass, entity);
            assert_eq!(mass_of_document(42, document), Some((mass, entity)));
            assert_eq!(mass_of_document(43, document), None);
            assert_eq!(mass_of_document(42, document ^ 1), None);
        }
    }
}
