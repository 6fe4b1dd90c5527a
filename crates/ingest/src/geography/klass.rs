//! The five tables of SSB's Klass: from its interface, or from files that somebody has fetched.

use std::io;
use std::path::Path;

use register::geography::Exception;
use register::time::Day;
use reqwest::Url;
use sources::ssb::{self, Asked, KlassError, Reading};
use store::GeographyRows;

use super::download::{Fetcher, Wanted};
use super::error::GeographyError;
use super::progress::Step;
use super::report::SourceReport;
use crate::config::GeographyConfig;

/// One table of Klass.
struct Table {
    name: &'static str,
    /// The file's name without its end, when it comes from a folder.
    file: &'static str,
    path: &'static str,
    query: &'static [(&'static str, &'static str)],
}

const FUTURE: (&str, &str) = ("includeFuture", "true");

const fn codes(name: &'static str, file: &'static str, path: &'static str) -> Table {
    Table { name, file, path, query: &[FUTURE] }
}

const TABLES: [Table; 5] = [
    codes("counties", "104", "classifications/104/codes.json"),
    codes("municipalities", "131", "classifications/131/codes.json"),
    codes("units", "1", "classifications/1/codes.json"),
    codes("districts", "103", "classifications/103/codes.json"),
    Table {
        name: "districts of units",
        file: "1-103",
        path: "classifications/1/corresponds.json",
        query: &[FUTURE, ("targetClassificationId", "103")],
    },
];

/// How many years ahead Klass is asked for: what is decided is published a year or two before.
const YEARS_AHEAD: i16 = 10;

/// The answers for the tables, in their order, and what was asked.
pub(super) struct Answers {
    bytes: [Vec<u8>; 5],
    asked: Asked,
}

/// Asks Klass.
pub(super) async fn fetch(
    fetcher: &Fetcher<'_>,
    config: &GeographyConfig,
    today: Day,
) -> Result<Answers, GeographyError> {
    let from = from(config)?;
    let until = format!("{:04}-01-01", today.date().year() + YEARS_AHEAD);
    let mut bytes = [const { Vec::new() }; 5];
    for (table, bytes) in TABLES.iter().zip(&mut bytes) {
        let address = format!("{}/{}", config.klass_url.trim_end_matches('/'), table.path);
        let mut url = Url::parse(&address).map_err(|_| wrong("geography.klass_url"))?;
        let range = [("from", config.klass_from.as_str()), ("to", until.as_str())];
        url.query_pairs_mut().extend_pairs(range).extend_pairs(table.query);
        let wanted = Wanted {
            what: table.name,
            url,
            accept: "application/json; charset=UTF-8",
            bytes_max: config.answer_bytes_max,
            step: Step::Klass,
        };
        *bytes = fetcher.fetch(&wanted, || Ok(Vec::new())).await?;
    }
    let to = Some(Day::parse(&until).map_err(|_| wrong("the clock"))?);
    Ok(Answers { bytes, asked: Asked::Range { from, to } })
}

/// Reads files: `104`, `131`, `1`, `103` and `1-103`, each as `.json` or `.csv`.
pub(super) fn open(folder: &Path, config: &GeographyConfig) -> Result<Answers, GeographyError> {
    let mut bytes = [const { Vec::new() }; 5];
    for (table, bytes) in TABLES.iter().zip(&mut bytes) {
        let json = folder.join(format!("{}.json", table.file));
        *bytes = match std::fs::read(&json) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let csv = json.with_extension("csv");
                std::fs::read(&csv).map_err(|source| GeographyError::File { path: csv, source })?
            }
            read => read.map_err(|source| GeographyError::File { path: json, source })?,
        };
    }
    Ok(Answers { bytes, asked: Asked::Range { from: from(config)?, to: None } })
}

fn from(config: &GeographyConfig) -> Result<Day, GeographyError> {
    Day::parse(&config.klass_from).map_err(|_| wrong("geography.klass_from"))
}

fn wrong(setting: &str) -> GeographyError {
    GeographyError::Configuration(format!("{setting} cannot be used"))
}

impl Answers {
    /// The rows, and what became of them.
    pub(super) fn read(
        &self,
        exceptions: Vec<Exception>,
    ) -> Result<(GeographyRows, Vec<SourceReport>), GeographyError> {
        let asked = self.asked;
        let [counties, municipalities, units, districts, pairs] = &self.bytes;
        let mut reports = Vec::new();
        let rows = GeographyRows {
            counties: note(&mut reports, ssb::counties(counties, asked))?,
            municipalities: note(&mut reports, ssb::municipalities(municipalities, asked))?,
            units: note(&mut reports, ssb::units(units, asked))?,
            districts: note(&mut reports, ssb::districts(districts, asked))?,
            unit_districts: note(&mut reports, ssb::unit_districts(pairs, asked))?,
            exceptions,
        };
        Ok((rows, reports))
    }
}

/// Notes what became of a table's rows, and gives them out. The tables are read in their order.
fn note<T>(
    reports: &mut Vec<SourceReport>,
    reading: Result<Reading<T>, KlassError>,
) -> Result<Vec<T>, GeographyError> {
    let table = TABLES[reports.len()].name;
    let reading = reading.map_err(|source| GeographyError::Klass { table, source })?;
    reports.push(SourceReport {
        damaged_names: reading.damaged_names,
        ..SourceReport::new(table, reading.rows.len() as u64, &reading.unreadable)
    });
    Ok(reading.rows)
}
