//! Districts that do not give services themselves.
//!
//! A district is both a place and an office that gives health and social services. In Oslo two
//! places have no office: those who live in Sentrum belong to St. Hanshaugen, and Marka is divided
//! among its neighbours by unit. That is agreed between offices and not published as data, so it
//! is a table of exceptions that whoever runs the register keeps.

use super::code::{Code, District, Unit};
use super::dated::{Row, Validity};

/// What an exception is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServedArea {
    /// A whole district.
    District(District),
    /// A unit; goes before what is said of its district.
    Unit(Unit),
}

/// Who gives services in an area, where it is not the district that the area lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The area.
    pub area: ServedArea,
    /// The district that serves it. Nothing means: not the area's own, and nobody has said which.
    pub served_by: Option<District>,
    /// When that holds.
    pub valid: Validity,
}

impl Exception {
    /// What is known of Oslo as it has been divided since 2004: St. Hanshaugen (030104) serves
    /// Sentrum (030116), and Marka (030117) has no office of its own. Who serves which unit of
    /// Marka has to be configured; until then its people have no serving district.
    pub fn oslo(valid: Validity) -> Vec<Self> {
        let district = |number| District::from_number(number).map(ServedArea::District);
        let served = [(district(30_116), District::from_number(30_104)), (district(30_117), None)];
        let exception = |(area, served_by): (Option<ServedArea>, _)| {
            area.map(|area| Self { area, served_by, valid })
        };
        served.into_iter().filter_map(exception).collect()
    }

    /// The exception as a row: zero is nobody.
    pub(super) fn row(self) -> Row<u32> {
        let code = match self.area {
            ServedArea::District(district) => district.number(),
            ServedArea::Unit(unit) => unit.number(),
        };
        Row { code, valid: self.valid, value: self.served_by.map_or(0, Code::number) }
    }
}
