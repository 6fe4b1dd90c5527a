//! What a load has seen and done, for people (as a table) and for programs (as JSON).

use std::fmt::{self, Display, Formatter};

use register::geography::{Changes, Difference, Sizes};
use serde::Serialize;
use sources::unreadable::Unreadable;

use super::archive::Rows;

/// What became of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What is current says the same.
    Unchanged,
    /// Only the report was asked for.
    Reported,
    /// Refused; what was current still is.
    Refused,
    /// It is the current geography.
    Loaded,
}

/// What a load has seen and done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GeographyReport {
    /// What became of it.
    pub outcome: Outcome,
    /// The id of the version that was made current, or that is and says the same.
    pub version: Option<i64>,
    /// The digest of what was read.
    pub digest: String,
    /// The digest of what was current.
    pub previous_digest: Option<String>,
    /// What was read.
    pub sources: Vec<SourceReport>,
    /// What differs from what was current.
    pub tables: Vec<TableReport>,
    /// What did not become part of it.
    pub left_out: LeftOut,
    /// The cities that have districts.
    pub cities: Vec<CityReport>,
    /// Units that lie in a district and that nobody is said to serve.
    pub unserved_units: Vec<String>,
    /// Who will change. None where that was not looked at.
    pub persons: Option<PersonsReport>,
    /// Why it is refused, or would be if it were not forced.
    pub refusals: Vec<String>,
}

/// What became of a source's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SourceReport {
    /// What it is about.
    pub name: &'static str,
    /// Rows that were read.
    pub rows: u64,
    /// Rows that say nothing here: addresses without a unit.
    pub without_unit: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// The lines of the first of those. In JSON their places in the list.
    pub first_unreadable: Vec<u64>,
    /// Names with a question mark, which a letter becomes that was lost on the way.
    pub damaged_names: u64,
}

/// How a table differs from what was current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// What it is about.
    pub name: &'static str,
    /// Rows that it has.
    pub rows: u64,
    /// Rows that it had.
    pub before: u64,
    /// Rows that are new.
    pub added: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Rows that say something else.
    pub changed: u64,
}

/// Rows that did not become part of the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Rows that contradict another row.
    pub conflicts: u64,
    /// Units in a district of another municipality, or nowhere.
    pub misplaced_units: u64,
    /// Addresses in a unit of another municipality.
    pub misplaced_addresses: u64,
    /// Addresses with numbers that none can have.
    pub impossible_addresses: u64,
    /// Ids, doors and properties that several units claim.
    pub ambiguous_ids: u64,
    /// Doors that several units claim.
    pub ambiguous_doors: u64,
    /// Properties that several units claim.
    pub ambiguous_properties: u64,
}

/// A city with districts, today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CityReport {
    /// Its number.
    pub municipality: String,
    /// Districts that units lie in.
    pub districts: u64,
    /// Units that lie in a district.
    pub units: u64,
    /// Units that lie in none.
    pub units_without_district: u64,
}

/// Who will change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PersonsReport {
    /// Persons whose document was looked at.
    pub looked_at: u64,
    /// Persons who will be served something else.
    pub changed: u64,
    /// Of them, those who will be served by another district, or by one at all.
    pub changed_district: u64,
    /// Documents that could not be read.
    pub unreadable: u64,
}

impl SourceReport {
    pub(super) fn new(name: &'static str, rows: u64, unreadable: &Unreadable) -> Self {
        Self {
            name,
            rows,
            unreadable: unreadable.count(),
            first_unreadable: unreadable.first().to_vec(),
            ..Self::default()
        }
    }

    /// Of the address file.
    pub(super) fn addresses(rows: &Rows) -> Self {
        let tally = &rows.tally;
        let mut report = Self::new("addresses", tally.addresses, &tally.unreadable);
        report.rows -= rows.impossible;
        report.unreadable += rows.impossible;
        report.without_unit = tally.without_unit;
        report
    }
}

/// Every table, with what differs in it.
pub(super) fn tables(before: &Sizes, now: &Sizes, changes: &Changes) -> Vec<TableReport> {
    let row = |name, before: usize, now: usize, difference: Difference| TableReport {
        name,
        rows: now as u64,
        before: before as u64,
        added: difference.added,
        removed: difference.removed,
        changed: difference.changed,
    };
    vec![
        row("counties", before.counties, now.counties, changes.counties),
        row("municipalities", before.municipalities, now.municipalities, changes.municipalities),
        row("units", before.units, now.units, changes.units),
        row("districts", before.districts, now.districts, changes.districts),
        row(
            "districts of units",
            before.unit_districts,
            now.unit_districts,
            changes.unit_districts,
        ),
        row("exceptions", before.exceptions, now.exceptions, changes.exceptions),
        row("address ids", before.ids, now.ids, changes.ids),
        row("doors", before.doors, now.doors, changes.doors),
        row("properties", before.properties, now.properties, changes.properties),
    ]
}

/// The tables that are one's own doing: a source cannot have lost their rows.
pub(super) const OWN_TABLES: [&str; 1] = ["exceptions"];

impl LeftOut {
    pub(super) fn of(report: &register::geography::Report) -> Self {
        Self {
            conflicts: report.conflicts,
            misplaced_units: report.misplaced_units,
            misplaced_addresses: report.misplaced_addresses,
            impossible_addresses: report.impossible_addresses,
            ambiguous_ids: report.ambiguous_ids,
            ambiguous_doors: report.ambiguous_doors,
            ambiguous_properties: report.ambiguous_properties,
        }
    }

    fn named(&self) -> [(&'static str, u64); 7] {
        [
            ("contradicting rows", self.conflicts),
            ("misplaced units", self.misplaced_units),
            ("misplaced addresses", self.misplaced_addresses),
            ("impossible addresses", self.impossible_addresses),
            ("ambiguous ids", self.ambiguous_ids),
            ("ambiguous doors", self.ambiguous_doors),
            ("ambiguous properties", self.ambiguous_properties),
        ]
    }
}

/// How many units or lines a text names.
const NAMED: usize = 20;

impl Display for GeographyReport {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.write_read(out)?;
        self.write_tables(out)?;
        self.write_cities(out)?;
        if let Some(persons) = &self.persons {
            let PersonsReport { looked_at, changed, changed_district, unreadable } = persons;
            writeln!(
                out,
                "\nPersons looked at: {looked_at}; they will change: {changed}, of them"
            )?;
            writeln!(out, "in the district that serves them: {changed_district}")?;
            if *unreadable > 0 {
                writeln!(out, "Documents that cannot be read: {unreadable}")?;
            }
        }
        self.write_outcome(out)
    }
}

impl GeographyReport {
    fn write_read(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let [rows, unread, lost] = ["read", "unreadable", "damaged names"];
        writeln!(out, "{:22}{rows:>12}{unread:>12}{lost:>15}", "")?;
        for source in &self.sources {
            let SourceReport { name, rows, unreadable, damaged_names, .. } = source;
            writeln!(out, "{name:22}{rows:>12}{unreadable:>12}{damaged_names:>15}")?;
            if !source.first_unreadable.is_empty() {
                writeln!(out, "  unreadable first in lines {}", list(&source.first_unreadable))?;
            }
            if source.without_unit > 0 {
                writeln!(out, "  without a unit: {}", source.without_unit)?;
            }
        }
        Ok(())
    }

    fn write_tables(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let [rows, added, removed, changed] = ["rows", "added", "removed", "changed"];
        writeln!(out, "\n{:22}{rows:>12}{added:>12}{removed:>12}{changed:>12}", "")?;
        for table in &self.tables {
            let TableReport { name, rows, added, removed, changed, .. } = table;
            writeln!(out, "{name:22}{rows:>12}{added:>12}{removed:>12}{changed:>12}")?;
        }
        for (name, count) in self.left_out.named().into_iter().filter(|(_, count)| *count > 0) {
            writeln!(out, "left out, {name}: {count}")?;
        }
        Ok(())
    }

    fn write_cities(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let [districts, units, without] = ["districts", "units in one", "units in none"];
        writeln!(out, "\n{:22}{districts:>12}{units:>14}{without:>15}", "city")?;
        for city in &self.cities {
            let CityReport { municipality, districts, units, units_without_district } = city;
            writeln!(
                out,
                "{municipality:22}{districts:>12}{units:>14}{units_without_district:>15}"
            )?;
        }
        if !self.unserved_units.is_empty() {
            let count = self.unserved_units.len();
            writeln!(
                out,
                "\nNobody is said to serve {count} units: {}",
                list(&self.unserved_units)
            )?;
            writeln!(out, "Add them to exceptions in [ingest.geography].")?;
        }
        Ok(())
    }

    fn write_outcome(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let word = if self.outcome == Outcome::Refused { "REFUSED" } else { "WARNING" };
        for refusal in &self.refusals {
            writeln!(out, "\n{word}: {refusal}")?;
        }
        let version = self.version.unwrap_or_default();
        match self.outcome {
            Outcome::Unchanged => {
                writeln!(out, "\nNothing has changed since version {version}: nothing was loaded.")
            }
            Outcome::Reported => {
                writeln!(out, "\nNothing was loaded: only the report was asked for.")
            }
            Outcome::Refused => writeln!(out, "\nNothing was loaded."),
            Outcome::Loaded => writeln!(out, "\nVersion {version} is the current geography."),
        }
    }
}

/// The first of some things.
fn list(things: &[impl Display]) -> String {
    let named: Vec<String> = things.iter().take(NAMED).map(ToString::to_string).collect();
    let more = things.len() - named.len();
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    named.join(", ") + &tail
}
