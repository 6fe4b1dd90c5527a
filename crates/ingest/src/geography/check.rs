//! What is refused unless it is forced: a source that has lost what it had, or never had it.

use std::collections::{HashMap, HashSet};
use std::fmt;

use register::geography::{District, Geography, Municipality, Unit};
use register::time::Day;
use store::GeographyRows;

use super::report::{CityReport, OWN_TABLES, SourceReport, TableReport};
use crate::config::GeographyConfig;

/// Why a load is refused. Each text says what to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// A source without a single row.
    Empty(&'static str),
    /// A source with too many rows that cannot be read.
    Unreadable {
        /// What it is about.
        source: &'static str,
        /// How many.
        rows: u64,
        /// Of a hundred.
        percent: f64,
    },
    /// Names that have lost letters.
    DamagedNames {
        /// What they name.
        source: &'static str,
        /// How many.
        names: u64,
    },
    /// A table that has lost too many rows.
    Shrunk {
        /// What it is about.
        table: &'static str,
        /// How many rows it had.
        before: u64,
        /// How many it has.
        now: u64,
    },
    /// A city whose units lie in no district.
    CityWithoutDistricts {
        /// Its number.
        municipality: String,
        /// How many of its units lie in none.
        units: u64,
    },
    /// A district that is said to serve others and that is not known.
    UnknownServingDistrict(District),
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(source) => {
                write!(out, "{source}: there is not a single row. Fetch the file again.")
            }
            Self::Unreadable { source, rows, percent } => write!(
                out,
                "{source}: {rows} rows ({percent:.2} %) cannot be read. Look at the lines named \
                 above; unreadable_percent_max is how many may be."
            ),
            Self::DamagedNames { source, names } => write!(
                out,
                "{source}: {names} names have lost letters. Fetch the file in UTF-8: as JSON, or \
                 with charset=UTF-8."
            ),
            Self::Shrunk { table, before, now } => write!(
                out,
                "{table}: {now} rows, and there were {before}. If the source has really become \
                 smaller, load it with --force; shrink_percent_max is how much it may."
            ),
            Self::CityWithoutDistricts { municipality, units } => write!(
                out,
                "{municipality}: {units} units lie in no district. Is the correspondence of units \
                 to districts whole? If the city has no districts, correct `cities`."
            ),
            Self::UnknownServingDistrict(district) => write!(
                out,
                "{district} is said to serve others, and there is no such district today. Correct \
                 `exceptions` in [ingest.geography]."
            ),
        }
    }
}

/// What is wrong with the sources, with what has become of the tables, and with the cities.
pub(super) fn refusals(
    config: &GeographyConfig,
    sources: &[SourceReport],
    tables: &[TableReport],
    cities: &[CityReport],
    geography: &Geography,
    today: Day,
) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> =
        sources.iter().flat_map(|source| of_source(config, source)).collect();
    let shrunk = tables.iter().filter(|table| {
        let percent = percent(table.before.saturating_sub(table.rows), table.before);
        !OWN_TABLES.contains(&table.name) && percent > config.shrink_percent_max
    });
    refusals.extend(shrunk.map(|table| Refusal::Shrunk {
        table: table.name,
        before: table.before,
        now: table.rows,
    }));
    let bare = cities.iter().filter(|city| {
        let units = city.units + city.units_without_district;
        city.units == 0 || percent(city.units_without_district, units) > config.shrink_percent_max
    });
    refusals.extend(bare.map(|city| Refusal::CityWithoutDistricts {
        municipality: city.municipality.clone(),
        units: city.units_without_district,
    }));
    let unknown = geography.unknown_serving_districts(today);
    refusals.extend(unknown.into_iter().map(Refusal::UnknownServingDistrict));
    refusals
}

fn of_source(config: &GeographyConfig, source: &SourceReport) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let SourceReport { name, rows, unreadable, damaged_names, .. } = *source;
    if rows == 0 {
        refusals.push(Refusal::Empty(name));
    }
    let percent = percent(unreadable, rows + source.without_unit + unreadable);
    if percent > config.unreadable_percent_max {
        refusals.push(Refusal::Unreadable { source: name, rows: unreadable, percent });
    }
    if damaged_names > 0 {
        refusals.push(Refusal::DamagedNames { source: name, names: damaged_names });
    }
    refusals
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// How the cities' units lie in districts today.
pub(super) fn cities(
    cities: &[Municipality],
    rows: &GeographyRows,
    geography: &Geography,
    today: Day,
) -> Vec<CityReport> {
    let named = rows.units.iter().filter(|row| row.valid.holds(today)).map(|row| row.code);
    let named: HashSet<Unit> = named.filter(|unit| !unit.is_unspecified()).collect();
    let paired = rows.unit_districts.iter().map(|row| row.unit);
    let units: HashSet<Unit> = paired.chain(named.iter().copied()).collect();
    let mut by_city: HashMap<Municipality, Vec<(Unit, Option<District>)>> = HashMap::new();
    for unit in units {
        let lies_in = geography.district(unit, today);
        by_city.entry(unit.municipality()).or_default().push((unit, lies_in));
    }
    let report = |city: &Municipality| {
        let units = by_city.get(city).map_or(&[][..], Vec::as_slice);
        let districts: HashSet<District> =
            units.iter().filter_map(|(_, lies_in)| *lies_in).collect();
        let without =
            |(unit, lies_in): &&(Unit, Option<District>)| lies_in.is_none() && named.contains(unit);
        CityReport {
            municipality: city.to_string(),
            districts: districts.len() as u64,
            units: units.iter().filter(|(_, lies_in)| lies_in.is_some()).count() as u64,
            units_without_district: units.iter().filter(without).count() as u64,
        }
    };
    cities.iter().map(report).collect()
}
