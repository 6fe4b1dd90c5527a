//! The tables themselves, and what they answer.

use std::fmt;

use super::address::{DoorKey, Index, PropertyKey};
use super::code::{District, Unit};
use super::dated::Dated;
use super::digest::{Digest, Version, Words};
use crate::time::Day;

/// Everything known about where things lie. Made by a [`Builder`](super::Builder), never changed.
pub struct Geography {
    pub(super) counties: Dated<Box<str>>,
    pub(super) municipalities: Dated<Box<str>>,
    pub(super) units: Dated<Box<str>>,
    pub(super) districts: Dated<Box<str>>,
    pub(super) unit_districts: Dated<u32>,
    pub(super) served_units: Dated<u32>,
    pub(super) served_districts: Dated<u32>,
    pub(super) ids: Index<u64>,
    pub(super) doors: Index<DoorKey>,
    pub(super) properties: Index<PropertyKey>,
}

/// How much is known. A source that has shrunk since the last time is suspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Rows of counties' names.
    pub counties: usize,
    /// Rows of municipalities' names.
    pub municipalities: usize,
    /// Rows of units' names.
    pub units: usize,
    /// Rows of districts' names.
    pub districts: usize,
    /// Rows that say which district a unit lies in.
    pub unit_districts: usize,
    /// Exceptions to who gives services.
    pub exceptions: usize,
    /// Ids of addresses.
    pub ids: usize,
    /// Doors.
    pub doors: usize,
    /// Properties with an address.
    pub properties: usize,
}

/// Millions of rows: only how many there are.
impl fmt::Debug for Geography {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Geography").field(&self.sizes()).finish()
    }
}

impl Geography {
    /// How much is known.
    pub fn sizes(&self) -> Sizes {
        Sizes {
            counties: self.counties.rows().len(),
            municipalities: self.municipalities.rows().len(),
            units: self.units.rows().len(),
            districts: self.districts.rows().len(),
            unit_districts: self.unit_districts.rows().len(),
            exceptions: self.served_units.rows().len() + self.served_districts.rows().len(),
            ids: self.ids.len(),
            doors: self.doors.len(),
            properties: self.properties.len(),
        }
    }

    /// Which geography this is. Reads every row: half a second for the whole country.
    pub fn version(&self) -> Version {
        let mut digest = Digest::new();
        self.counties.words(&mut digest);
        self.municipalities.words(&mut digest);
        self.units.words(&mut digest);
        self.districts.words(&mut digest);
        self.unit_districts.words(&mut digest);
        self.served_units.words(&mut digest);
        self.served_districts.words(&mut digest);
        self.ids.words(&mut digest);
        self.doors.words(&mut digest);
        self.properties.words(&mut digest);
        digest.version()
    }

    /// Bytes that the indices of addresses take; the other tables are small beside them.
    pub fn address_bytes(&self) -> usize {
        self.ids.bytes() + self.doors.bytes() + self.properties.bytes()
    }

    /// The district that a unit lies in on the day.
    pub fn district(&self, unit: Unit, day: Day) -> Option<District> {
        self.unit_districts.in_force(unit.number(), day).copied().and_then(District::from_number)
    }

    /// The district that gives services in a unit, which lies in this district, on the day:
    /// nothing where the district gives none and nobody has said who does.
    pub fn serving_district(&self, unit: Unit, lies_in: District, day: Day) -> Option<District> {
        let by_unit = self.served_units.in_force(unit.number(), day);
        let exception = by_unit.or_else(|| self.served_districts.in_force(lies_in.number(), day));
        match exception {
            None => Some(lies_in),
            Some(0) => None,
            Some(&serving) => District::from_number(serving),
        }
    }

    /// The units on the day that lie in a district but that nobody is said to serve. Whoever keeps
    /// the exceptions has to add these.
    pub fn unserved_units(&self, day: Day) -> Vec<Unit> {
        let rows = self.unit_districts.rows().chunk_by(|a, b| a.code == b.code);
        let units = rows.filter_map(|rows| Unit::from_number(rows[0].code));
        let unserved = |unit: &Unit| {
            let lies_in = self.district(*unit, day);
            lies_in.is_some_and(|district| self.serving_district(*unit, district, day).is_none())
        };
        units.filter(unserved).collect()
    }

    /// The districts on the day that give services by an exception, but that have no name then:
    /// a wrong code in the exceptions, or one that has been abolished since.
    pub fn unknown_serving_districts(&self, day: Day) -> Vec<District> {
        let rows = self.served_units.rows().iter().chain(self.served_districts.rows());
        let serving = rows.filter(|row| row.valid.holds(day) && row.value != 0);
        let mut unknown: Vec<_> = serving
            .filter(|row| self.districts.in_force(row.value, day).is_none())
            .filter_map(|row| District::from_number(row.value))
            .collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }
}
