//! Rows in, a geography out.

use super::address::{Address, Claims, DoorKey, PropertyKey};
use super::code::{Code, District, Unit};
use super::dated::{Dated, Row, Validity};
use super::lookup::Geography;
use super::service::{Exception, ServedArea};

/// What a code is called, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCode<const DIGITS: u32> {
    /// The code.
    pub code: Code<DIGITS>,
    /// Its name, with every language that the name has.
    pub name: String,
    /// When it is called that.
    pub valid: Validity,
}

/// Which district a unit lies in, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitDistrict {
    /// The unit.
    pub unit: Unit,
    /// The district.
    pub district: District,
    /// When it lies there.
    pub valid: Validity,
}

/// What did not become part of a geography, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows that contradict another row about the same code from the same day.
    pub conflicts: u64,
    /// Units said to lie in a district of another municipality, or that are nowhere (`xxxx9999`).
    pub misplaced_units: u64,
    /// Addresses said to lie in a unit of another municipality.
    pub misplaced_addresses: u64,
    /// Addresses with a street code, number or letter, or a property number, that none can have.
    pub impossible_addresses: u64,
    /// Address ids claimed for several units.
    pub ambiguous_ids: u64,
    /// Doors claimed for several units.
    pub ambiguous_doors: u64,
    /// Properties whose addresses lie in several units. Large properties do.
    pub ambiguous_properties: u64,
}

/// Collects rows, in any order; repeated rows count once.
#[derive(Debug)]
pub struct Builder {
    counties: Vec<Row<Box<str>>>,
    municipalities: Vec<Row<Box<str>>>,
    units: Vec<Row<Box<str>>>,
    districts: Vec<Row<Box<str>>>,
    unit_districts: Vec<Row<u32>>,
    served_units: Vec<Row<u32>>,
    served_districts: Vec<Row<u32>>,
    ids: Claims<u64>,
    doors: Claims<DoorKey>,
    properties: Claims<PropertyKey>,
    report: Report,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            counties: Vec::new(),
            municipalities: Vec::new(),
            units: Vec::new(),
            districts: Vec::new(),
            unit_districts: Vec::new(),
            served_units: Vec::new(),
            served_districts: Vec::new(),
            ids: Claims::new(),
            doors: Claims::new(),
            properties: Claims::new(),
            report: Report::default(),
        }
    }
}

impl Builder {
    /// A county's name.
    pub fn county(&mut self, row: NamedCode<2>) {
        self.counties.push(row.into());
    }

    /// A municipality's name.
    pub fn municipality(&mut self, row: NamedCode<4>) {
        self.municipalities.push(row.into());
    }

    /// A unit's name.
    pub fn unit(&mut self, row: NamedCode<8>) {
        self.units.push(row.into());
    }

    /// A district's name.
    pub fn district(&mut self, row: NamedCode<6>) {
        self.districts.push(row.into());
    }

    /// The district of a unit. One that cannot be is counted and left out.
    pub fn unit_district(&mut self, row: UnitDistrict) {
        let UnitDistrict { unit, district, valid } = row;
        if unit.is_unspecified() || unit.municipality() != district.municipality() {
            self.report.misplaced_units += 1;
            return;
        }
        let row = Row { code: unit.number(), valid, value: district.number() };
        self.unit_districts.push(row);
    }

    /// An exception to who gives services.
    pub fn exception(&mut self, exception: Exception) {
        let rows = match exception.area {
            ServedArea::District(_) => &mut self.served_districts,
            ServedArea::Unit(_) => &mut self.served_units,
        };
        rows.push(exception.row());
    }

    /// An address. A street address tells about its property only where the property has no
    /// address of its own that tells otherwise.
    pub fn address(&mut self, address: &Address) {
        let &Address { id, municipality, door, property, unit } = address;
        if unit.municipality() != municipality {
            self.report.misplaced_addresses += 1;
            return;
        }
        if let Some(id) = id {
            self.ids.add(id, unit);
        }
        match door.map(|door| door.key(municipality)) {
            Some(Some(key)) => self.doors.add(key, unit),
            Some(None) => self.report.impossible_addresses += 1,
            None => {}
        }
        match property.map(|property| property.key(municipality)) {
            Some(Some(key)) if door.is_none() => self.properties.add(key, unit),
            Some(Some(key)) => self.properties.add_weak(key, unit),
            Some(None) => self.report.impossible_addresses += 1,
            None => {}
        }
    }

    /// The geography, and what did not become part of it.
    pub fn build(self) -> (Geography, Report) {
        let mut report = self.report;
        let (counties, conflicts) = Dated::new(self.counties);
        report.conflicts += conflicts;
        let (municipalities, conflicts) = Dated::new(self.municipalities);
        report.conflicts += conflicts;
        let (units, conflicts) = Dated::new(self.units);
        report.conflicts += conflicts;
        let (districts, conflicts) = Dated::new(self.districts);
        report.conflicts += conflicts;
        let (unit_districts, conflicts) = Dated::new(self.unit_districts);
        report.conflicts += conflicts;
        let (served_units, conflicts) = Dated::new(self.served_units);
        report.conflicts += conflicts;
        let (served_districts, conflicts) = Dated::new(self.served_districts);
        report.conflicts += conflicts;
        // One after the other: each frees its rows before the next is sorted.
        let (ids, ambiguous) = self.ids.index();
        report.ambiguous_ids = ambiguous;
        let (doors, ambiguous) = self.doors.index();
        report.ambiguous_doors = ambiguous;
        let (properties, ambiguous) = self.properties.index();
        report.ambiguous_properties = ambiguous;
        let geography = Geography {
            counties,
            municipalities,
            units,
            districts,
            unit_districts,
            served_units,
            served_districts,
            ids,
            doors,
            properties,
        };
        (geography, report)
    }
}

impl<const DIGITS: u32> From<NamedCode<DIGITS>> for Row<Box<str>> {
    fn from(row: NamedCode<DIGITS>) -> Self {
        Row { code: row.code.number(), valid: row.valid, value: row.name.into_boxed_str() }
    }
}
