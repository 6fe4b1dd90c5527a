//! What geography and contact details cost: CPU time for each document, prepared and rendered, with
//! them and without, in interleaved pairs. Documents of the synthetic population, against as many
//! addresses as the country has.
//!
//! `cargo run --release -p ingest --example enrichment_cost`

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use ingest::Keys;
use ingest::apply::contact::{ContactInput, seal};
use ingest::apply::document::{PreparedDocument, prepare};
use ingest::apply::render::{Served, Surroundings, compress, serve};
use register::geography::{Address, Builder, Code, Door, Geography, Unit};
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::part::PartSet;
use register::render::{Circumstances, render};
use register::search::SearchRows;
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
    let (states, around) = (states(&documents), surroundings(&documents));
    println!("{:?}, {} contacts", around.geography, around.contacts.len());
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let without = micros(&documents, &states, |document, state| plain(&document, state));
        let with = micros(&documents, &states, |document, state| {
            let PreparedDocument { person, numbers, .. } = document;
            serve(person, &numbers, state, &around).expect("the contact details open")
        });
        println!("without {without:.1} µs, with {with:.1} µs: {:.3}", with / without);
        ratios.push(with / without);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median {:.3}", ratios[PAIRS / 2]);
}

/// Microseconds for each document, on one thread.
fn micros(
    documents: &[String],
    states: &[PersonState],
    serve: impl Fn(PreparedDocument, &PersonState) -> Served,
) -> f64 {
    let started = Stopwatch::now();
    for (json, state) in documents.iter().zip(states) {
        let document = prepare(json).expect("the population can be read");
        let served = serve(document, state);
        black_box(compress(&served).expect("it can be compressed"));
    }
    started.elapsed().as_secs_f64() * 1e6 / documents.len() as f64
}

/// As persons were rendered before there was anything to enrich them with.
fn plain(document: &PreparedDocument, state: &PersonState) -> Served {
    let circumstances = Circumstances { protection_uncertain: state.protection_uncertain };
    let form = |package| render(&document.person, package, &circumstances);
    Served {
        full: form(Package::FullAccess),
        restricted: form(Package::RestrictedAccess),
        contact_digest: None,
        search: SearchRows::default(),
    }
}

fn numbers_in_use(documents: &[String]) -> impl Iterator<Item = IdentityNumber> {
    documents.iter().map(|json| {
        let document = prepare(json).expect("the population can be read");
        document.numbers[0].number.clone()
    })
}

fn states(documents: &[String]) -> Vec<PersonState> {
    let state = |(ordinal, primary_number): (i64, IdentityNumber)| PersonState {
        id: PersonId(Uuid::from_u128(ordinal.unsigned_abs().into())),
        ordinal,
        alternate: false,
        primary_number,
        stub: false,
        as_of: 1,
        content_hash: None,
        masked_parts: PartSet::EMPTY,
        masked_before: PartSet::EMPTY,
        parked: false,
        protection_uncertain: false,
        contact_digest: None,
        numbers: Vec::new(),
    };
    (1..).zip(numbers_in_use(documents)).map(state).collect()
}

/// Contact details for everybody, and a country full of addresses.
fn surroundings(documents: &[String]) -> Surroundings {
    let keys = Keys::new(1, [7; 32], [9; 32]).expect("the keys can be used");
    let now = Instant::parse("2026-11-22T12:00:00+01:00").expect("this is a time");
    let contacts = numbers_in_use(documents).map(|number| {
        let json = contact(&number).into_bytes();
        let input = ContactInput { number, as_of: 1, json, changes_at: None };
        let sealed = seal(&input, input.changes_at.filter(|end| *end > now), &keys)
            .expect("it can be sealed");
        let (number, sealed) = (sealed.number, sealed.sealed);
        (number.clone(), StoredContact { number, as_of: 1, sealed, flips: true })
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
