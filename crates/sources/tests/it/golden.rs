//! Every element of the person document, from a fragment of the wire to what both packages are
//! served of it, against reviewed files.
//!
//! `UPDATE_GOLDEN=1 cargo test -p sources` writes the files anew; the difference is for review.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use register::id::PersonId;
use register::package::Package;
use register::part::{InformationPart, PartSet};
use register::person::Person;
use register::render::{Circumstances, ServedForm, render, withheld_parts};
use serde_json::{Value, json};
use sources::freg::document::{Document, ELEMENTS, Mapped};
use uuid::Uuid;

/// The one part that no element becomes: it comes from the contact register.
const OF_ANOTHER_SOURCE: InformationPart = InformationPart::CommonContactRegisterInformation;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The names of the files in a folder, without their ending.
fn names(name: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder(name)).expect("the folder is there");
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    files.filter_map(|file| stem(file.expect("readable").path())).collect()
}

/// What the wire has of one element in the fixtures.
pub fn fragment(element: &str) -> Value {
    let file = crate::fixture(&format!("part/{element}.json"));
    let mut document: Value = serde_json::from_slice(&file).expect("JSON");
    assert_eq!(document.as_object().map(|elements| elements.len()), Some(1), "{element}");
    document[element].take()
}

/// Maps a document with this element, and a number because every document has one.
pub fn mapped(element: &str, fragment: &Value) -> Mapped {
    let mut document =
        json!({ "identifikasjonsnummer": [{ "foedselsEllerDNummer": "30888212120" }] });
    document[element] = fragment.clone();
    let document = Document::read(document.to_string().as_bytes());
    document.unwrap_or_else(|error| panic!("{element}: {error}")).into_person()
}

/// What a package is served of a person.
pub fn served(person: &Person, package: Package, parts: PartSet, history: bool) -> Value {
    let form = render(person, package, &Circumstances::default());
    let form = ServedForm::read(&form).expect("render writes what read reads");
    let mut answer = Vec::new();
    form.write_json(&mut answer, PersonId(Uuid::nil()), 0, parts, history);
    serde_json::from_slice(&answer).expect("the answer is JSON")
}

/// A person in whom one part is filled from the fixtures, by the element it comes from.
fn examples() -> Vec<(&'static str, Person)> {
    let read = ELEMENTS.iter().map(|element| {
        let Mapped { person, unknown } = mapped(element, &fragment(element));
        assert_eq!(unknown, Vec::<&str>::new(), "{element}");
        (*element, person)
    });
    let common_contact_register_information = Some(crate::krr::example());
    let contact = Person { common_contact_register_information, ..Person::default() };
    read.chain([("(of another source)", contact)]).collect()
}

/// The part that an element fills.
fn part_of(element: &str, person: &Person) -> InformationPart {
    let form = render(person, Package::FullAccess, &Circumstances::default());
    let mut filled = ServedForm::read(&form).expect("a form").parts(true);
    if element != "identifikasjonsnummer" {
        filled = filled.difference(PartSet::of(&[InformationPart::NorwegianIdentificationNumber]));
    }
    let filled: Vec<_> = filled.iter().collect();
    assert_eq!(filled.len(), 1, "{element} fills {filled:?}");
    filled[0]
}

/// The name of a part's property in the answer.
fn property(part: InformationPart) -> String {
    let (first, rest) = part.name().split_at(1);
    first.to_lowercase() + rest
}

fn seen(person: &Person, part: InformationPart) -> Value {
    let by = |package, history| {
        let answer = served(person, package, PartSet::of(&[part]), history);
        answer.get(property(part)).cloned().unwrap_or_default()
    };
    json!({
        "full-access": {
            "without history": by(Package::FullAccess, false),
            "with history": by(Package::FullAccess, true),
        },
        "restricted-access": {
            "without history": by(Package::RestrictedAccess, false),
            "with history": by(Package::RestrictedAccess, true),
        },
    })
}

#[test]
fn every_element_is_served_as_its_golden_file_says() {
    let mut differing = Vec::new();
    for (element, person) in examples() {
        let part = part_of(element, &person);
        let path = folder("golden").join(property(part) + ".json");
        let now = serde_json::to_string_pretty(&seen(&person, part)).expect("text") + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &now).expect("the golden folder can be written");
        }
        if fs::read_to_string(&path).ok().as_deref() != Some(now.as_str()) {
            differing.push(part);
        }
    }
    assert!(differing.is_empty(), "run with UPDATE_GOLDEN=1 and review: {differing:?}");
}

#[test]
fn every_part_comes_from_one_element_and_has_one_golden_file() {
    let parts: Vec<_> =
        examples().iter().map(|(element, person)| part_of(element, person)).collect();
    assert_eq!(parts.iter().copied().collect::<PartSet>(), PartSet::ALL);
    assert_eq!(parts.len(), InformationPart::ALL.len(), "two elements fill the same part");
    assert_eq!(parts.last(), Some(&OF_ANOTHER_SOURCE));
    assert_eq!(names("golden"), parts.into_iter().map(property).collect());
    assert_eq!(
        names("fixtures/freg/part"),
        ELEMENTS.iter().map(|name| (*name).to_owned()).collect()
    );
}

#[test]
fn every_example_has_history_and_is_shown_unless_it_is_withheld() {
    for (element, person) in examples() {
        let part = part_of(element, &person);
        let seen = seen(&person, part);
        let full = &seen["full-access"];
        assert!(!full["without history"].is_null(), "{element} has nothing that holds now");
        let withheld = withheld_parts(Package::RestrictedAccess).contains(part);
        assert_eq!(seen["restricted-access"]["with history"].is_null(), withheld, "{element}");
        let count = |key: &str| full[key].as_array().map(Vec::len);
        let all = count("with history");
        assert!(all.is_none() || all > count("without history"), "{element} has no history");
    }
}
