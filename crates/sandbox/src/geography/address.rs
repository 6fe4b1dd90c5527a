//! Kartverket's file of every address: one row of CSV for each, made while it is sent.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::{self, Write};

use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::calendar::Day;
use crate::dice::mix;
use crate::population::place::PLACES;
use crate::population::site::{Site, sites};

use super::classification::unit_names_today;
use super::edition::Edition;
use super::name::names_of;

/// What the archive and the folder in it are called.
pub(super) const NAME: &str = "Basisdata_0000_Norge_25833_MatrikkelenAdresse_CSV";

const HEADER: &str = "lokalid;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;\
    adressetilleggsnavnKilde;adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;\
    festenummer;undernummer;adresseTekst;adresseTekstUtenAdressetilleggsnavn;EPSG-kode;Nord;Øst;\
    postnummer;poststed;grunnkretsnummer;grunnkretsnavn;soknenummer;soknenavn;organisasjonsnummer;\
    tettstednummer;tettstednavn;valgkretsnummer;valgkretsnavn;oppdateringsdato;datauttaksdato;\
    adresseId;uuidAdresse;atkomstId;uuidAtkomst;atkomstNord;atkomstØst\n";

/// Writes the archive: every address of an edition, in streets with so many house numbers.
///
/// # Errors
/// Whatever goes wrong with the output.
pub(super) fn write_archive(out: impl Write, edition: Edition, houses: u64) -> io::Result<()> {
    let mut archive = ZipWriter::new_stream(out);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1));
    archive.start_file(format!("{NAME}/matrikkelenAdresse.csv"), options)?;
    write_rows(&mut archive, edition, houses)?;
    archive.finish()?.into_inner().flush()
}

fn write_rows(out: &mut impl Write, edition: Edition, houses: u64) -> io::Result<()> {
    out.write_all(HEADER.as_bytes())?;
    let names = Names::of(edition);
    let mut rows = String::new();
    for site in sites(houses).filter(|site| edition.has(site.filed())) {
        names.write_row(site, &mut rows);
        if rows.len() > 32 * 1024 {
            out.write_all(rows.as_bytes())?;
            rows.clear();
        }
    }
    out.write_all(rows.as_bytes())
}

/// What the rows call municipalities and units.
struct Names {
    taken_on: String,
    /// In capitals, in the order of the places.
    municipalities: Vec<String>,
    units: HashMap<&'static str, BTreeMap<i64, String>>,
}

impl Names {
    fn of(edition: Edition) -> Names {
        let newest = |number| names_of(number).pop().map_or("", |(_, name)| name);
        let municipalities = PLACES.iter().map(|place| newest(place.number).to_uppercase());
        let units = PLACES.iter().map(|place| (place.number, unit_names_today(place, edition)));
        Names {
            taken_on: Day::iso(edition.taken_on()),
            municipalities: municipalities.collect(),
            units: units.collect(),
        }
    }

    fn write_row(&self, site: Site, out: &mut String) {
        let (number, area, id) = (site.municipality().number, site.area(), site.id());
        let (unit, [land, title, leasehold, sub]) = (site.unit(), site.property());
        let zero = |number: i64| if number == 0 { String::new() } else { number.to_string() };
        let letter = site.letter().map(String::from).unwrap_or_default();
        let (kind, street, text) = match (site.street(), site.code(), site.house()) {
            (Some(street), Some(code), Some(house)) => (
                "vegadresse;;",
                format!("{code};{street};{house};{letter}"),
                format!("{street} {house}{letter}"),
            ),
            _ => (
                "matrikkeladresse;Søndre Ås;Matrikkelen",
                ";;;".to_owned(),
                format!("{land}/{title}/{leasehold}/{sub}"),
            ),
        };
        let unit_name = self.units.get(number).and_then(|units| units.get(&unit));
        let (north, east) = (6_440_000 + id % 1_400_000, 20_000 + id % 1_090_000);
        let (uuid, access) = (Uuid::from_u64_pair(mix(id), id), Uuid::from_u64_pair(id, mix(id)));
        // Writing to a text cannot fail.
        let _ = writeln!(
            out,
            "{id};{number};{};{kind};{street};{land};{title};{};{};{text};{text};25833;{north}.12;\
             {east}.5;{};{};{number}{unit:04};{};01010101;Soknet;;0801;{};0012;Skolen;2025-05-01;\
             {};{id};{uuid};{};{access};{north}.12;{east}.5",
            self.municipalities[site.place()],
            zero(leasehold),
            zero(sub),
            area.postcode,
            area.town,
            unit_name.map_or("", String::as_str),
            area.town,
            self.taken_on,
            id + 1,
        );
    }
}
