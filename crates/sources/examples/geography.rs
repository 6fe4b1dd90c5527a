//! Reads an address file as large as the country's and looks addresses up in it, to see what that
//! costs: `cargo run --release -p sources --example geography`.
//!
//! The file is made up row by row while it is read, so the time to make it is measured alone and
//! shown beside. Memory is what the kernel says of the process.

use std::hint::black_box;
use std::io::{self, BufReader, Read};
use std::time::Instant;

use register::geography::Validity;
use register::geography::{Builder, Changes, Code, Geography, NamedCode, UnitDistrict, enrich};
use register::part::{PresentAddress, ResidentialAddress, StreetAddress, StreetAddressNumber};
use register::person::Person;
use register::time::Day;
use sources::kartverket::AddressFile;

const ROWS: u32 = 2_600_000;
const UNITS: u32 = 15_000;
const LOOKUPS: u32 = 1_000_000;
const HEADER: &str = "lokalid;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;\
    adressetilleggsnavnKilde;adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;\
    festenummer;undernummer;adresseTekst;adresseTekstUtenAdressetilleggsnavn;EPSG-kode;Nord;Øst;\
    postnummer;poststed;grunnkretsnummer;grunnkretsnavn;soknenummer;soknenavn;organisasjonsnummer;\
    tettstednummer;tettstednavn;valgkretsnummer;valgkretsnavn;oppdateringsdato;datauttaksdato;\
    adresseId;uuidAdresse;atkomstId;uuidAtkomst;atkomstNord;atkomstØst\n";

/// The made-up file.
struct Made {
    row: u32,
    text: Vec<u8>,
    given: usize,
}

impl Made {
    fn new() -> Self {
        Self { row: 0, text: HEADER.into(), given: 0 }
    }
}

/// Where a row is: its municipality, street code, house number, and unit.
fn place(row: u32) -> (u32, u32, u32, u32) {
    // Multiplying by an odd number scatters the rows as the real file's order does.
    let scattered = row.wrapping_mul(2_654_435_761) % UNITS;
    let municipality = 301 + scattered / 42;
    (
        municipality,
        1000 + row / 30 % 90_000,
        row % 30 + 1,
        municipality * 10_000 + 101 + scattered % 42,
    )
}

impl Read for Made {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() && self.row < ROWS {
            use io::Write as _;
            let row = self.row;
            self.row += 1;
            self.given = 0;
            self.text.clear();
            let (municipality, code, number, unit) = place(row);
            let (kind, code, number) = if row.is_multiple_of(20) {
                ("matrikkeladresse", 0, 0)
            } else {
                ("vegadresse", code, number)
            };
            let (land, title) = (row / 3000 + 1, row % 3000 + 1);
            let letter = ["", "", "", "", "", "A", "B"][row as usize % 7];
            writeln!(
                self.text,
                "{row};{municipality:04};KOMMUNENAVN;{kind};;;{code:05};Øvre Blåbærveien;{number};\
                 {letter};{land};{title};;;Øvre Blåbærveien 8B;Øvre Blåbærveien 8B;25833;\
                 6643123.12;598123.34;0265;OSLO;{unit:08};Grunnkretsens navn;01010101;Soknets navn;\
                 ;0801;Oslo;0012;Valgkretsen;2025-05-01;2025-05-30;{id};\
                 3f2504e0-4f89-11d3-9a0c-0305e82c3301;{row};3f2504e0-4f89-11d3-9a0c-0305e82c3301;\
                 6643123.12;598123.34",
                id = 100_000_000 + row * 7,
            )?;
        }
        let length = out.len().min(self.text.len() - self.given);
        out[..length].copy_from_slice(&self.text[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

/// Megabytes that the process has, and has had at most.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let megabytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.map_or(0, |kilobytes| kilobytes / 1024)
    };
    format!("{} MB now, {} MB at most", megabytes("VmRSS:"), megabytes("VmHWM:"))
}

fn report(what: &str, count: u32, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    let rate = f64::from(count) / seconds;
    println!("{what:32} {seconds:6.2} s  {rate:>11.0} a second  {}", memory());
}

fn build() -> Result<Geography, Box<dyn std::error::Error>> {
    let valid = Validity::since(Day::parse("2020-01-01")?);
    let mut builder = Builder::default();
    for unit in (0..UNITS).filter_map(|n| Code::from_number(place(n).3)) {
        builder.unit(NamedCode { code: unit, name: format!("Grunnkrets {unit}"), valid });
        if let Some(district) = Code::from_number(unit.number() / 10_000 * 100 + 1) {
            builder.unit_district(UnitDistrict { unit, district, valid });
        }
    }
    let began = Instant::now();
    let mut file = AddressFile::open(BufReader::with_capacity(1 << 16, Made::new()))?;
    for address in &mut file {
        builder.address(&address?);
    }
    report("made, read and collected", ROWS, began);
    println!("{:?}", file.tally());
    let began = Instant::now();
    let (geography, left_out) = builder.build();
    report("sorted", ROWS, began);
    println!("{left_out:?}\n{geography:?}");
    println!("indices: {} MB", geography.address_bytes() >> 20);
    Ok(geography)
}

/// Somebody who lives in one place by the source's unit, and stays in another by a door.
fn person(row: u32) -> Person {
    let (municipality, code, number, unit) = place(row);
    let letter = ["", "", "", "", "", "A", "B"][row as usize % 7];
    let street = StreetAddress {
        municipality_number: Some(format!("{municipality:04}")),
        address_code: Some(format!("{code:05}")),
        address_number: Some(StreetAddressNumber {
            house_number: Some(number.to_string()),
            house_letter: Some(letter.to_owned()),
        }),
        ..StreetAddress::default()
    };
    Person {
        residential_address: vec![ResidentialAddress {
            street_address: Some(street.clone()),
            basic_statistical_unit: Some(i64::from(unit % 10_000)),
            ..ResidentialAddress::default()
        }],
        present_address: vec![PresentAddress {
            street_address: Some(street),
            ..PresentAddress::default()
        }],
        ..Person::default()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let began = Instant::now();
    io::copy(&mut BufReader::with_capacity(1 << 16, Made::new()), &mut io::sink())?;
    report("made alone", ROWS, began);
    let geography = build()?;
    let began = Instant::now();
    println!("version {}", geography.version());
    report("version", ROWS, began);
    let today = Day::parse("2026-06-01")?;
    let rows = || (0..LOOKUPS).map(|n| n.wrapping_mul(2_654_435_761) % ROWS);
    let began = Instant::now();
    rows().for_each(|row| drop(black_box(person(row))));
    report("persons alone", LOOKUPS, began);
    let began = Instant::now();
    let with_unit = rows().filter(|row| {
        let mut person = person(*row);
        enrich(black_box(&mut person), &geography, today);
        person.present_address[0].full_basic_statistical_unit_number.is_some()
    });
    let found = with_unit.count();
    report("persons with enrichment", LOOKUPS, began);
    println!("{found} of {LOOKUPS} found by their door");
    let began = Instant::now();
    let changes = Changes::between((&geography, today), (&geography, today));
    report("compared with itself", ROWS, began);
    println!("nothing differs: {}", changes.is_empty());
    Ok(())
}
