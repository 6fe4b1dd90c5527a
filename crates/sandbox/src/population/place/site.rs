//! Every address there is, those of the streets door by door and those of the farms.
//!
//! An address is decided by its place in the list alone, so that the population and the land
//! register's file agree on it without either being stored.

use crate::dice::{Dice, mix};
use crate::population::rates;

use super::{Area, COMMON_STREETS, Municipality, PLACES};

/// The house numbers that the streets have in every population.
pub(crate) const HOUSES_MIN: u64 = 8;
const HOUSES_MAX: u64 = 140;
/// How many persons a house number more in every street is for.
const PERSONS_A_NUMBER: u64 = 2_500;
/// Farms of a municipality, for each house number of its streets.
const FARMS_A_NUMBER: u64 = 3;
/// The number within its municipality of the unit for those whose unit nobody knows.
pub(crate) const UNSPECIFIED: i64 = 9999;

/// How many house numbers the streets have where so many persons live: towns grow with their
/// people, so a person's address does not depend on how many come after.
pub(crate) fn houses(persons: u64) -> u64 {
    (persons / PERSONS_A_NUMBER).clamp(HOUSES_MIN, HOUSES_MAX)
}

/// An address of the land register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Site {
    place: usize,
    lot: Lot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Lot {
    /// A door in a street. Entrance 0 has no letter, 1 is A.
    Door { street: u64, house: u64, entrance: u64 },
    /// An address without a street.
    Farm(u64),
}

/// Land, title, leasehold and sub-number.
pub(crate) type Property = [i64; 4];

/// Whether an address is in the land register's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filed {
    Always,
    /// Only in the next edition.
    Later,
    Never,
}

impl Site {
    /// A door of a house in a street; `which` chooses among the house's doors.
    pub(crate) fn door(place: usize, street: u64, house: u64, which: u64) -> Site {
        let entrances = entrances(place, street, house);
        let entrance = entrances[which as usize % entrances.len()];
        Site { place, lot: Lot::Door { street, house, entrance } }
    }

    /// One of the farms that there are with so many house numbers.
    pub(crate) fn farm(place: usize, houses: u64, which: u64) -> Site {
        Site { place, lot: Lot::Farm(which % (houses * FARMS_A_NUMBER)) }
    }

    /// A door in the farm's postal area; a door's own.
    pub(crate) fn near(&self) -> Site {
        match self.lot {
            Lot::Door { .. } => *self,
            Lot::Farm(farm) => {
                let areas = self.municipality().areas.len() as u64;
                Site::door(self.place, farm % areas, 1 + farm % HOUSES_MIN, 0)
            }
        }
    }

    /// Where the municipality is among the places.
    pub(crate) fn place(&self) -> usize {
        self.place
    }

    pub(crate) fn municipality(&self) -> &'static Municipality {
        &PLACES[self.place]
    }

    /// The postal area. A street lies in one.
    pub(crate) fn area(&self) -> &'static Area {
        let areas = self.municipality().areas;
        let (Lot::Door { street: number, .. } | Lot::Farm(number)) = self.lot;
        &areas[number as usize % areas.len()]
    }

    /// The street's name, of a door.
    pub(crate) fn street(&self) -> Option<&'static str> {
        let Lot::Door { street, .. } = self.lot else { return None };
        let own = self.municipality().streets;
        let street = street as usize;
        Some(own.get(street).copied().unwrap_or_else(|| COMMON_STREETS[street - own.len()]))
    }

    /// The municipality's code for the street, of a door.
    pub(crate) fn code(&self) -> Option<u64> {
        let Lot::Door { street, .. } = self.lot else { return None };
        Some(1000 + street * 37 + self.place as u64 * 11)
    }

    /// The house number, of a door.
    pub(crate) fn house(&self) -> Option<u64> {
        let Lot::Door { house, .. } = self.lot else { return None };
        Some(house)
    }

    /// The house letter, of a door that has one.
    pub(crate) fn letter(&self) -> Option<char> {
        let Lot::Door { entrance, .. } = self.lot else { return None };
        [None, Some('A'), Some('B'), Some('C')][entrance as usize]
    }

    /// The property: a farm's address is that; a house stands on one.
    pub(crate) fn property(&self) -> Property {
        match self.lot {
            Lot::Door { street, house, .. } => [301 + street as i64, house as i64, 0, 0],
            Lot::Farm(farm) => {
                let title = farm / 220 * 40 + mix(farm ^ self.place as u64) % 40 + 1;
                let leasehold = if farm.is_multiple_of(5) { 3 } else { 0 };
                [(farm % 220) as i64 + 1, title as i64, leasehold, (farm % 2) as i64]
            }
        }
    }

    /// The grunnkrets within the municipality: the same for every door of a house.
    pub(crate) fn unit(&self) -> i64 {
        let house = Site { lot: self.lot.without_entrance(), ..*self };
        if house.falls(0x0F0, rates::SITE_UNSPECIFIED) {
            return UNSPECIFIED;
        }
        let units = self.area().units;
        let which = match self.lot {
            Lot::Door { house, .. } => house + self.code().unwrap_or(0),
            Lot::Farm(farm) => farm / self.municipality().areas.len() as u64,
        };
        units[which as usize % units.len()]
    }

    /// The key in the land register.
    pub(crate) fn id(&self) -> u64 {
        // An odd factor scatters the keys, and no two become one.
        let scattered = self.packed().wrapping_mul(0x9E37_79B1) % (1 << 29);
        10_000_000 + scattered
    }

    /// Whether the land register's file has the address.
    pub(crate) fn filed(&self) -> Filed {
        match self.falls(0x1F1, rates::SITE_UNFILED) {
            false => Filed::Always,
            true if self.packed().is_multiple_of(2) => Filed::Later,
            true => Filed::Never,
        }
    }

    /// The address as a number below 2^24.
    fn packed(&self) -> u64 {
        let (street, house, entrance) = match self.lot {
            Lot::Door { street, house, entrance } => (street, house, entrance),
            Lot::Farm(farm) => (FARMS, farm, 0),
        };
        ((self.place as u64 * (FARMS + 1) + street) * HOUSES_END + house) * 4 + entrance
    }

    fn falls(&self, salt: u64, rate: u64) -> bool {
        mix(self.packed() | salt << 32) % 100_000 < rate
    }
}

/// In [`Site::packed`], the street of what has none, and a number that no house has.
const FARMS: u64 = 63;
const HOUSES_END: u64 = 512;

impl Lot {
    fn without_entrance(self) -> Lot {
        match self {
            Lot::Door { street, house, .. } => Lot::Door { street, house, entrance: 0 },
            farm => farm,
        }
    }
}

/// The doors of a house. Most have one; some have letters, and then the bare number may be none.
fn entrances(place: usize, street: u64, house: u64) -> &'static [u64] {
    const DOORS: [&[u64]; 10] =
        [&[0], &[0], &[0], &[0], &[0], &[0], &[0, 1], &[1, 2], &[1, 2], &[1, 2, 3]];
    let mut dice = Dice::new(&[0xD002, place as u64, street, house]);
    dice.pick(&DOORS)
}

/// How many streets a place has.
pub(crate) fn streets(place: usize) -> u64 {
    (PLACES[place].streets.len() + COMMON_STREETS.len()) as u64
}

/// Every address there is with so many house numbers, place by place.
pub(crate) fn sites(houses: u64) -> impl Iterator<Item = Site> {
    (0..PLACES.len()).flat_map(move |place| {
        let doors = (0..streets(place)).flat_map(move |street| {
            (1..=houses).flat_map(move |house| {
                let entrances = entrances(place, street, house).iter();
                entrances.map(move |entrance| Site {
                    place,
                    lot: Lot::Door { street, house, entrance: *entrance },
                })
            })
        });
        let farms = 0..houses * FARMS_A_NUMBER;
        doors.chain(farms.map(move |farm| Site { place, lot: Lot::Farm(farm) }))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_addresses_share_a_key_a_door_or_a_property() {
        let (mut ids, mut doors, mut farms) = (HashSet::new(), HashSet::new(), HashSet::new());
        for site in sites(HOUSES_MAX) {
            assert!(ids.insert(site.id()), "{site:?}");
            let new = match site.code() {
                Some(code) => doors.insert((site.place, code, site.house(), site.letter())),
                None => farms.insert((site.place, site.property())),
            };
            assert!(new, "{site:?}");
            assert!(site.property()[0] > 300 || site.code().is_none());
        }
        assert!(ids.len() > 300_000, "{}", ids.len());
    }

    #[test]
    fn the_addresses_of_a_smaller_population_are_among_those_of_a_larger_one() {
        let large: HashSet<Site> = sites(houses(50_000)).collect();
        let small: HashSet<Site> = sites(houses(5_000)).collect();
        assert!(small.is_subset(&large) && small.len() * 2 < large.len());
        assert!(small.len() > 10_000, "{}", small.len());
    }

    #[test]
    fn doors_of_a_house_lie_in_one_unit_and_every_unit_has_doors() {
        let mut units = std::collections::HashMap::new();
        for site in sites(HOUSES_MIN) {
            let unit = units.entry((site.place, site.property())).or_insert(site.unit());
            assert_eq!(*unit, site.unit());
        }
        let used: HashSet<_> = units.iter().map(|((place, _), unit)| (*place, *unit)).collect();
        for (number, place) in PLACES.iter().enumerate() {
            for unit in place.areas.iter().flat_map(|area| area.units) {
                assert!(used.contains(&(number, *unit)), "{} {unit}", place.number);
            }
        }
    }
}
