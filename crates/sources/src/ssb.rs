//! SSB, Statistics Norway: the classifications that Klass keeps, as its interface delivers them.
//!
//! | classification | number | codes |
//! |---|---|---|
//! | counties (fylkesinndeling) | 104 | two digits |
//! | municipalities (kommuneinndeling) | 131 | four |
//! | urban districts (bydelsinndeling) | 103 | six |
//! | basic statistical units (delområde- og grunnkretsinndeling) | 1 | eight, on its lower level |
//! | units to urban districts | 1 to 103 | eight and six |
//!
//! Klass is asked for one day (`codesAt`, `correspondsAt`) or for a range (`codes`, `corresponds`),
//! as JSON or as CSV. Three things about its answers matter here. A range cuts validities off at
//! its own ends, so an end on the range's last day is no end. The answer for one day says nothing
//! about when. And CSV is ISO-8859-1 unless something else is asked for, which turns the Sámi
//! letters that it lacks into question marks: [`Reading::damaged_names`] counts them.

mod answer;
mod error;

use register::geography::{Code, NamedCode, UnitDistrict, Validity};
use register::time::Day;

pub use error::KlassError;

use crate::unreadable::Unreadable;
use answer::Item;

/// What Klass was asked for. Not all of it stands in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What holds on one day. The rows hold from that day on, with no known end.
    At(Day),
    /// What holds at some time in a range.
    Range {
        /// The first day.
        from: Day,
        /// The first day after it; nothing for a range without an end.
        to: Option<Day>,
    },
}

/// What was read of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// What could not be read.
    pub unreadable: Unreadable,
    /// Names with a question mark, which is what a letter becomes that the character set lacks.
    pub damaged_names: u64,
}

/// Reads the counties' codes (classification 104).
///
/// # Errors
/// [`KlassError`] where the answer as a whole cannot be read.
pub fn counties(answer: &[u8], asked: Asked) -> Result<Reading<NamedCode<2>>, KlassError> {
    named(answer, asked, |_| true)
}

/// Reads the municipalities' codes (classification 131).
///
/// # Errors
/// [`KlassError`] where the answer as a whole cannot be read.
pub fn municipalities(answer: &[u8], asked: Asked) -> Result<Reading<NamedCode<4>>, KlassError> {
    named(answer, asked, |_| true)
}

/// Reads the urban districts' codes (classification 103).
///
/// # Errors
/// [`KlassError`] where the answer as a whole cannot be read.
pub fn districts(answer: &[u8], asked: Asked) -> Result<Reading<NamedCode<6>>, KlassError> {
    named(answer, asked, |_| true)
}

/// Reads the basic statistical units (classification 1). Its upper level, the statistical tracts
/// whose codes end in 00, is passed over.
///
/// # Errors
/// [`KlassError`] where the answer as a whole cannot be read.
pub fn units(answer: &[u8], asked: Asked) -> Result<Reading<NamedCode<8>>, KlassError> {
    named(answer, asked, |code| !code.ends_with("00"))
}

/// Reads which urban district each unit lies in (classification 1 to 103). Rows about whole tracts
/// are passed over: a tract may lie in several districts.
///
/// # Errors
/// [`KlassError`] where the answer as a whole cannot be read.
pub fn unit_districts(answer: &[u8], asked: Asked) -> Result<Reading<UnitDistrict>, KlassError> {
    read(answer::pairs(answer)?, |item| {
        let is_tract = item.source_code.ends_with("00");
        let unit = Code::parse(item.source_code.trim())?;
        let district = Code::parse(item.target_code.trim())?;
        let valid = validity(&item.from, &item.to, asked)?;
        Some((!is_tract).then_some(UnitDistrict { unit, district, valid }))
    })
}

fn named<const DIGITS: u32>(
    answer: &[u8],
    asked: Asked,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<Reading<NamedCode<DIGITS>>, KlassError> {
    let mut reading = read(answer::codes(answer)?, |item| {
        let code = Code::parse(item.code.trim())?;
        let name = Some(item.name.trim()).filter(|name| !name.is_empty())?.to_owned();
        let valid = validity(&item.from, &item.to, asked)?;
        Some(is_wanted(item.code.trim()).then_some(NamedCode { code, name, valid }))
    })?;
    let damaged = reading.rows.iter().filter(|row| row.name.contains('?'));
    reading.damaged_names = damaged.count() as u64;
    Ok(reading)
}

/// Makes rows of items. An item that becomes nothing is unreadable; one that becomes no row is not
/// about what was asked.
fn read<I, T>(
    items: Vec<(u64, Item<I>)>,
    row: impl Fn(&I) -> Option<Option<T>>,
) -> Result<Reading<T>, KlassError> {
    let mut reading =
        Reading { rows: Vec::new(), unreadable: Unreadable::default(), damaged_names: 0 };
    for (line, item) in items {
        match item.as_ref().and_then(&row) {
            Some(row) => reading.rows.extend(row),
            None => reading.unreadable.add(line),
        }
    }
    if reading.rows.is_empty() { Err(KlassError::Empty) } else { Ok(reading) }
}

/// When a row holds, from what its dates say and what was asked for.
fn validity(from: &str, to: &str, asked: Asked) -> Option<Validity> {
    let (asked_from, asked_to) = match asked {
        Asked::At(day) => (day, None),
        Asked::Range { from, to } => (from, to),
    };
    let from = day(from)?.unwrap_or(asked_from);
    let to = day(to)?.filter(|to| asked_to.is_none_or(|end| *to < end));
    let valid = Validity { from, to };
    (!valid.is_empty()).then_some(valid)
}

/// A date, or none where nothing stands. The outer nothing is a text that is no date.
fn day(text: &str) -> Option<Option<Day>> {
    match text.trim() {
        "" => Some(None),
        text => Day::parse(text).ok().map(Some),
    }
}
