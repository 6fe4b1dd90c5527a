//! The names of the population register on the developer's page are those that are read.

use std::collections::BTreeSet;

use register::part::InformationPart;
use register::person::Person;
use serde_json::json;
use sources::freg::document::{Document, ELEMENTS};

/// The parts of which there is something, by their fields' names.
fn filled(person: &Person) -> BTreeSet<String> {
    let shown = format!("{person:?}");
    let all = InformationPart::ALL.iter().map(|part| field(*part));
    // An empty part is shown as `gender: []` or `death: None`.
    all.filter(|field| {
        !shown.contains(&format!(" {field}: []")) && !shown.contains(&format!(" {field}: None"))
    })
    .collect()
}

/// A part's name as a field is named.
fn field(part: InformationPart) -> String {
    let mut field = String::new();
    for letter in part.name().chars() {
        if letter.is_ascii_uppercase() && !field.is_empty() {
            field.push('_');
        }
        field.push(letter.to_ascii_lowercase());
    }
    field
}

#[test]
fn each_part_is_filled_by_the_element_that_the_page_names() {
    assert_eq!(filled(&Person::default()), BTreeSet::new());
    assert_eq!(filled(&Person::sample()).len(), InformationPart::ALL.len());
    for part in InformationPart::ALL.iter().copied() {
        let Some(element) = api::freg_element(part) else {
            // Of another source than the population register.
            assert_eq!(part, InformationPart::CommonContactRegisterInformation);
            continue;
        };
        let json = json!({ element: [{ "erGjeldende": true }] });
        let document: Document = serde_json::from_value(json).expect("a document");
        let person = document.into_person().person;
        assert_eq!(filled(&person), BTreeSet::from([field(part)]), "{element}");
    }
}

#[test]
fn every_element_that_is_read_is_on_the_page() {
    let named: BTreeSet<_> =
        InformationPart::ALL.iter().filter_map(|part| api::freg_element(*part)).collect();
    assert_eq!(named, ELEMENTS.iter().copied().collect());
}
