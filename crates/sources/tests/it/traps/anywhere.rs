//! Traps that any field of any element may hold, tried on every field of the fixtures.

use std::fs;

use serde_json::{Value, json};
use sources::freg::document::{Document, Mapped};

/// Every element's fixture: its name, and the document that holds nothing else but a number.
fn fixtures() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/freg/part");
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let element = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut document: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        if element != "identifikasjonsnummer" {
            document["identifikasjonsnummer"] = json!({ "foedselsEllerDNummer": "30888212120" });
            found.push((element, document));
        }
    }
    assert!(found.len() >= 12, "the fixtures are there");
    found
}

/// The paths of every scalar that says something.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| leaves(value, &format!("{path}/{name}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(place, value)| leaves(value, &format!("{path}/{place}"), found));
        }
        Value::Null => {}
        Value::String(text) if text.trim().is_empty() => {}
        _ => found.push(path.to_owned()),
    }
}

/// Maps a document with something else in the place of one scalar.
fn with(document: &Value, path: &str, instead: &Value) -> Mapped {
    let mut document = document.clone();
    *document.pointer_mut(path).unwrap() = instead.clone();
    let json = serde_json::to_vec(&document).unwrap();
    let read = Document::read(&json).unwrap_or_else(|error| panic!("{path} {instead}: {error}"));
    read.into_person()
}

fn tried(try_one: impl Fn(&str, &Value, &str)) -> usize {
    let mut tried = 0;
    for (element, document) in fixtures() {
        let mut paths = Vec::new();
        leaves(&document[&element], &format!("/{element}"), &mut paths);
        for path in &paths {
            try_one(&element, &document, path);
        }
        tried += paths.len();
    }
    tried
}

#[test]
fn a_field_of_a_wrong_type_is_left_out_and_counted_by_element() {
    let wrong = json!({ "verdi": [1, { "dypt": "nede" }] });
    let count = tried(|element, document, path| {
        let Mapped { unknown, .. } = with(document, path, &wrong);
        assert_eq!(unknown, [element], "{path}");
    });
    assert!(count > 200, "only {count} fields were tried");
}

#[test]
fn a_field_that_is_blank_says_nothing() {
    // What FREG must send, and is missed where it is not there; of the retired element it need not.
    const MISSED: [&str; 2] = ["adressegradering", "graderingsnivaa"];
    const RETIRED: &str = "preferertKontaktadresse";
    tried(|element, document, path| {
        for blank in [json!(""), json!("  "), Value::Null] {
            let Mapped { unknown, .. } = with(document, path, &blank);
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_missed = MISSED.contains(&name) && element != RETIRED;
            let missed: &[&str] = if is_missed { &[element] } else { &[] };
            assert_eq!(unknown, missed, "{path} {blank}");
        }
    });
}
