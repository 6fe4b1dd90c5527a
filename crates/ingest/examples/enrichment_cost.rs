//! What geography and contact details cost: CPU time for each document on its way from a record of
//! Kafka to what is written, with them and without, in interleaved pairs; and the same for what is
//! made of an opened document alone. Documents of the synthetic population, against as many
//! addresses as the country has. Linux only, where the time of a thread can be read.
//!
//! `cargo run --release -p ingest --example enrichment_cost`; with `with` or `without` as argument
//! only that, many times over, for a profiler.

use std::hint::black_box;
use std::sync::Arc;

use ingest::Keys;
use ingest::apply::contact::{ContactInput, seal};
use ingest::apply::document::{PreparedDocument, prepare};
use ingest::apply::plan::{Content, Incoming, Place};
use ingest::apply::read::{RawRecord, read};
use ingest::apply::render::{Served, Surroundings, compress, serve, source_associated_data};
use ingest::record::{CHANGES_TOPIC, Carried, SNAPSHOT_TOPIC, SnapshotRecord, seal_record};
use register::geography::{Address, Builder, Code, Door, Geography, Unit};
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::person::Person;
use register::render::{Circumstances, render};
use register::search;
use register::time::Instant;
use sandbox::population::Population;
use store::{PersonState, StoredContact};
use uuid::Uuid;

const DOCUMENTS: u64 = 4_000;
const ADDRESSES: u64 = 2_600_000;
const PAIRS: usize = 5;

fn main() {
    let population = Population::new(1, DOCUMENTS);
    let documents: Vec<String> = (0..DOCUMENTS)
        .map(|index| String::from_utf8(population.document(index)).expect("documents are JSON"))
        .collect();
    let around = surroundings(&documents);
    println!("{:?}, {} contacts", around.geography, around.contacts.len());
    let (keys, states) = (around.keys.clone(), states(&documents));
    let bench = Bench { records: records(&documents, &keys), documents, states, keys };
    let choice = |with: bool| with.then_some(&around);
    match std::env::args().nth(1).as_deref() {
        Some("with") => (0..20).for_each(|_| println!("{:.1} µs", bench.whole(choice(true)))),
        Some("without") => (0..20).for_each(|_| println!("{:.1} µs", bench.whole(choice(false)))),
        _ => {
            compare("from the record to the row", |with| bench.whole(choice(with)));
            compare("from the document to the forms", |with| bench.forms(choice(with)));
        }
    }
}

/// Prints the times without and with, in pairs, and the median of their ratios.
fn compare(what: &str, micros: impl Fn(bool) -> f64) {
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let (without, with) = (micros(false), micros(true));
        println!("{what}: without {without:.1} µs, with {with:.1} µs: {:.3}", with / without);
        ratios.push(with / without);
    }
    ratios.sort_by(f64::total_cmp);
    println!("{what}: median {:.3}", ratios[PAIRS / 2]);
}

struct Bench {
    documents: Vec<String>,
    records: Vec<RawRecord>,
    states: Vec<PersonState>,
    keys: Keys,
}

impl Bench {
    /// CPU microseconds for each document: opened, read, sealed for the table of sources, rendered
    /// and compressed.
    fn whole(&self, around: Option<&Surroundings>) -> f64 {
        let started = cpu_nanos();
        for (record, state) in self.records.iter().zip(&self.states) {
            let input = read(record, CHANGES_TOPIC, &self.keys).expect("the record opens");
            let Content::Snapshot(Incoming::Document { document, .. }) = input.content else {
                unreachable!("every record carries a document that can be read");
            };
            let document = Arc::unwrap_or_clone(document);
            let bound_to = source_associated_data(state.id);
            black_box(self.keys.sealer.seal(&document.json, &bound_to).expect("it can be sealed"));
            make_forms(document, state, around);
        }
        self.each(started)
    }

    /// The same without opening and sealing.
    fn forms(&self, around: Option<&Surroundings>) -> f64 {
        let started = cpu_nanos();
        for (json, state) in self.documents.iter().zip(&self.states) {
            make_forms(prepare(json).expect("the population can be read"), state, around);
        }
        self.each(started)
    }

    fn each(&self, started: u64) -> f64 {
        (cpu_nanos() - started) as f64 / 1e3 / self.records.len() as f64
    }
}

fn make_forms(document: PreparedDocument, state: &PersonState, around: Option<&Surroundings>) {
    let PreparedDocument { person, numbers, .. } = document;
    let served = match around {
        Some(around) => serve(person, &numbers, state, around).expect("the contact details open"),
        None => plain(&person, state),
    };
    black_box(compress(&served).expect("it can be compressed"));
}

/// As persons are served when there is nothing to enrich them with.
fn plain(person: &Person, state: &PersonState) -> Served {
    let circumstances = Circumstances { protection_uncertain: state.protection_uncertain };
    let form = |package| render(person, package, &circumstances);
    Served {
        full: form(Package::FullAccess),
        restricted: form(Package::RestrictedAccess),
        contact_digest: None,
        search: search::rows(person, &circumstances),
    }
}

/// How long this thread has run.
fn cpu_nanos() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this is Linux");
    let first = text.split_ascii_whitespace().next().expect("it has three numbers");
    first.parse().expect("it has three numbers")
}

fn records(documents: &[String], keys: &Keys) -> Vec<RawRecord> {
    let record = |(offset, json): (i64, &String)| {
        let json = serde_json::from_str(json).expect("documents are JSON");
        let record = SnapshotRecord {
            document_id: format!("document-{offset}"),
            document: Carried::Document { as_of: 1, json },
        };
        let key = format!("{offset:032x}").into_bytes();
        let value = seal_record(&keys.sealer, SNAPSHOT_TOPIC, &key, &record);
        let place = Place { topic: SNAPSHOT_TOPIC.into(), partition: 0, offset };
        RawRecord { place, key, value: value.expect("it can be sealed"), published: None }
    };
    (0..).zip(documents).map(record).collect()
}

fn numbers_in_use(documents: &[String]) -> impl Iterator<Item = IdentityNumber> {
    documents.iter().map(|json| {
        let document = prepare(json).expect("the population can be read");
        document.numbers[0].number.clone()
    })
}

fn states(documents: &[String]) -> Vec<PersonState> {
    let state = |(ordinal, primary_number): (i64, IdentityNumber)| {
        let id = PersonId(Uuid::from_u128(ordinal.unsigned_abs().into()));
        PersonState { ordinal, ..PersonState::new(id, primary_number, 1) }
    };
    (1..).zip(numbers_in_use(documents)).map(state).collect()
}

/// Contact details for everybody, and a country full of addresses.
fn surroundings(documents: &[String]) -> Surroundings {
    let keys = Keys::new(1, [7; 32], [9; 32]).expect("the keys can be used");
    let now = Instant::parse("2026-11-22T12:00:00+01:00").expect("this is a time");
    let contacts = numbers_in_use(documents).map(|number| {
        let json = contact(&number).into_bytes();
        let flips_at = Some(Instant::parse("2027-08-28T11:45:15+02:00").expect("this is a time"));
        let input = ContactInput { number, as_of: 1, json, changes_at: flips_at };
        let sealed = seal(&input, flips_at, &keys).expect("it can be sealed");
        let (number, sealed) = (sealed.number, sealed.sealed);
        (number.clone(), StoredContact { number, as_of: 1, sealed, flips_at })
    });
    let contacts = contacts.collect();
    Surroundings { geography: Arc::new(country()), today: now.day(), now, contacts, keys }
}

fn contact(number: &IdentityNumber) -> String {
    format!(
        r#"{{"personidentifikator":"{}","reservasjon":"NEI","status":"AKTIV","spraak":"nb",
        "spraak_oppdatert":"2021-12-24T17:00:00+01","kontaktinformasjon":{{
        "epostadresse":"ase.saether@eksempel.example","epostadresse_duplisert":"NEI",
        "epostadresse_oppdatert":"2025-02-01T21:00:01+01",
        "epostadresse_sist_verifisert":"2026-02-28T10:45:15.768Z",
        "epostadresse_sist_validert":"2025-02-01T21:03:00+01",
        "mobiltelefonnummer":"+4799999999","mobiltelefonnummer_duplisert":"NEI",
        "mobiltelefonnummer_oppdatert":"2025-06-30T08:00:00+02",
        "mobiltelefonnummer_sist_verifisert":"2026-02-28T10:45:16.001Z",
        "mobiltelefonnummer_sist_validert":"2025-06-30T08:01:30+02"}},
        "digital_post":{{"postkasseadresse":"ase.saether#0K5X",
        "postkasseleverandoeradresse":"984661185"}}}}"#,
        number.as_str()
    )
}

/// Doors in every street code of municipalities that exist, and ids as many.
fn country() -> Geography {
    const MUNICIPALITIES: [u32; 4] = [301, 1_103, 4_601, 5_001];
    let mut builder = Builder::default();
    for n in 0..ADDRESSES {
        let place = u32::try_from(n).expect("they are few enough");
        let municipality = MUNICIPALITIES[(place % 4) as usize];
        let unit = Unit::from_number(municipality * 10_000 + 101 + place % 60);
        let door = Door { code: 1 + place / 4 % 20_000, number: 1 + place / 80_000, letter: None };
        builder.address(&Address {
            id: Some(200_000_000 + n),
            municipality: Code::from_number(municipality).expect("it is a municipality"),
            door: Some(door),
            property: None,
            unit: unit.expect("it is a unit"),
        });
    }
    builder.build().0
}
