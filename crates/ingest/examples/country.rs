//! Writes made-up sources of geography as large as the country's into a folder, to see what loading
//! them costs: `cargo run --release -p ingest --example country -- FOLDER`, and then
//! `persontjenesten ingest geography --klass-dir FOLDER --addresses FOLDER/addresses.zip`.
//!
//! 2.6 million addresses in 15,000 units of 357 municipalities; the four cities have districts. Every
//! street and name is made up.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const ROWS: u32 = 2_600_000;
const UNITS: u32 = 15_000;
const CITIES: [(u32, u32); 4] = [(301, 17), (1103, 9), (4601, 8), (5001, 4)];
const HEADER: &str = "lokalid;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;\
    adressetilleggsnavnKilde;adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;\
    festenummer;undernummer;adresseTekst;adresseTekstUtenAdressetilleggsnavn;EPSG-kode;Nord;Øst;\
    postnummer;poststed;grunnkretsnummer;grunnkretsnavn;soknenummer;soknenavn;organisasjonsnummer;\
    tettstednummer;tettstednavn;valgkretsnummer;valgkretsnavn;oppdateringsdato;datauttaksdato;\
    adresseId;uuidAdresse;atkomstId;uuidAtkomst;atkomstNord;atkomstØst";

/// The municipality and the unit with this place in the list.
fn unit(place: u32) -> (u32, u32) {
    let municipality = place / 42;
    let number = match CITIES.get(municipality as usize) {
        Some((city, _)) => *city,
        // None of these is a city's.
        None => 6000 + municipality,
    };
    (number, number * 10_000 + 101 + place % 42)
}

fn write_addresses(file: File) -> Result<(), Box<dyn std::error::Error>> {
    let mut archive = ZipWriter::new(file);
    archive.start_file("matrikkelenAdresse.csv", SimpleFileOptions::default())?;
    let mut out = BufWriter::with_capacity(1 << 16, archive);
    writeln!(out, "{HEADER}")?;
    for row in 0..ROWS {
        // Multiplying by an odd number scatters the rows as the real file's order does.
        let (municipality, unit) = unit(row.wrapping_mul(2_654_435_761) % UNITS);
        let (kind, code, number) = match row % 20 {
            0 => ("matrikkeladresse", 0, 0),
            _ => ("vegadresse", 1000 + row / 30 % 90_000, row % 30 + 1),
        };
        let letter = ["", "", "", "", "", "A", "B"][row as usize % 7];
        let (land, title) = (row / 3000 + 1, row % 3000 + 1);
        let id = 100_000_000 + row * 7;
        writeln!(
            out,
            "{row};{municipality:04};KOMMUNENAVN;{kind};;;{code:05};Øvre Blåbærveien;{number};\
             {letter};{land};{title};;;Øvre Blåbærveien 8B;Øvre Blåbærveien 8B;25833;{id}.12;\
             {row}.34;0265;OSLO;{unit:08};Grunnkretsens navn;01010101;Soknets navn;;0801;Oslo;0012;\
             Valgkretsen;2025-05-01;2025-05-30;{id};3f2504e0-4f89-11d3-9a0c-{id:012x};{row};\
             3f2504e0-4f89-11d3-9a0c-{row:012x};{id}.12;{row}.34",
        )?;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?;
    Ok(())
}

fn code(code: &str, name: &str) -> Value {
    json!({"code": code, "name": name, "validFromInRequestedRange": "2002-01-01",
        "validToInRequestedRange": null})
}

fn write_klass(folder: &Path) -> io::Result<()> {
    let (mut municipalities, mut counties) = (BTreeMap::new(), BTreeMap::new());
    let (mut districts, mut pairs, mut units) = (BTreeMap::new(), Vec::new(), Vec::new());
    for place in 0..UNITS {
        let (municipality, unit) = unit(place);
        let number = format!("{municipality:04}");
        counties.insert(number[..2].to_owned(), format!("Fylke {}", &number[..2]));
        municipalities.insert(number.clone(), format!("Kommune {number}"));
        units.push(code(&format!("{unit:08}"), &format!("Grunnkrets {unit:08}")));
        if let Some((_, count)) = CITIES.iter().find(|(city, _)| *city == municipality) {
            let district = format!("{number}{:02}", place % 42 % count + 1);
            pairs.push(json!({"sourceCode": format!("{unit:08}"), "targetCode": district,
                "validFrom": "2002-01-01", "validTo": null}));
            districts.insert(district.clone(), format!("Bydel {district}"));
        }
    }
    let named = |table: BTreeMap<String, String>| -> Vec<Value> {
        table.iter().map(|(number, name)| code(number, name)).collect()
    };
    let write = |name: &str, answer: Value| std::fs::write(folder.join(name), answer.to_string());
    write("104.json", json!({"codes": named(counties)}))?;
    write("131.json", json!({"codes": named(municipalities)}))?;
    write("103.json", json!({"codes": named(districts)}))?;
    write("1.json", json!({"codes": units}))?;
    write("1-103.json", json!({"correspondenceItems": pairs}))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    write_klass(folder)?;
    write_addresses(File::create(folder.join("addresses.zip"))?)
}
