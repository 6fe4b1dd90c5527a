//! What stands on KRR's wire, read from hand-written files and turned into the register's words.

mod answers;
mod traps;

use std::collections::BTreeSet;

use register::part::CommonContactRegisterInformation;
use register::time::Instant;
use serde_json::{Value, json};
use sources::krr::record::{Mapped, Record};

/// The fields that KRR sends and no answer has, each with the reason.
const GOES_NOWHERE: &[(&str, &str)] = &[
    ("personidentifikator", "says whom the record is about"),
    ("varslingsstatus", "held when KRR was asked; ours is worked out when it is served"),
    ("kontaktinformasjon.mobiltelefonnummer_valideringstoken", "is KRR's own; not described"),
    ("kontaktinformasjon.epostadresse_bekreftet_av", "is made up, as a field that KRR adds"),
    ("oppdatert", "has been seen, and is not described"),
];

/// The bytes of one hand-written wire fixture.
fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/krr/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The record that has every field.
fn whole() -> Value {
    serde_json::from_slice(&fixture("person.json")).expect("JSON")
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Maps a record at an instant when the e-mail address of the whole one is fresh, and its telephone
/// number is not.
fn mapped(record: &Value) -> Mapped {
    let record = Record::read(record.to_string().as_bytes());
    record.unwrap_or_else(|error| panic!("{error}")).into_information(instant("2024-06-01"))
}

/// What becomes of the record that has every field.
pub fn example() -> CommonContactRegisterInformation {
    let Mapped { information, unknown } = mapped(&whole());
    assert_eq!(unknown, Vec::<&str>::new());
    information
}

/// The path and the pointer of every scalar.
fn scalars(value: &Value, path: &str, pointer: &str) -> Vec<(String, String)> {
    let Some(fields) = value.as_object() else {
        return vec![(path.trim_start_matches('.').to_owned(), pointer.to_owned())];
    };
    let below = |(name, value): (&String, &Value)| {
        scalars(value, &format!("{path}.{name}"), &format!("{pointer}/{name}"))
    };
    fields.iter().flat_map(below).collect()
}

/// The fields without which the answer is the same.
fn without_effect(record: &Value) -> BTreeSet<String> {
    let as_it_is = mapped(record).information;
    let is_lost = |(path, pointer): (String, String)| {
        let mut other = record.clone();
        let place = other.pointer_mut(&pointer).expect("a scalar was there");
        // A number has to be there, and may be another one.
        *place = if path == "personidentifikator" { json!("12838212345") } else { Value::Null };
        (mapped(&other).information == as_it_is).then_some(path)
    };
    scalars(record, "", "").into_iter().filter_map(is_lost).collect()
}

#[test]
fn every_field_reaches_the_answer_or_is_listed() {
    let listed: BTreeSet<String> =
        GOES_NOWHERE.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(without_effect(&whole()), listed);
    let mut more = whole();
    more["digital_post"]["adresse"] = json!("Storgata 1");
    let lost = without_effect(&more);
    let new: Vec<_> = lost.difference(&listed).collect();
    assert_eq!(new, ["digital_post.adresse"], "a forgotten field would be seen");
}

#[test]
fn every_field_of_the_contract_is_filled() {
    let paths = |information: &CommonContactRegisterInformation| -> BTreeSet<String> {
        let json = serde_json::to_value(information).expect("JSON");
        scalars(&json, "", "").into_iter().map(|(path, _)| path).collect()
    };
    let filled = paths(&example());
    // Nine at the top, ten of address and number, three of the mailbox. The sample holds every
    // field there is.
    assert_eq!(filled.len(), 9 + 10 + 3);
    assert_eq!(filled, paths(&CommonContactRegisterInformation::sample()));
}
