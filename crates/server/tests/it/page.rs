//! The names of the population register on the developer's page are those that are read.

use std::collections::BTreeSet;

use register::package::Package;
use register::part::InformationPart;
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};
use serde_json::json;
use sources::freg::document::{Document, ELEMENTS};

/// The parts that full access is served something of.
fn filled(person: &Person) -> BTreeSet<InformationPart> {
    let circumstances = Circumstances { protection_uncertain: false };
    let served = render(person, Package::FullAccess, &circumstances);
    let form = ServedForm::read(&served).expect("a form");
    InformationPart::ALL.iter().copied().filter(|part| form.items(*part).is_some()).collect()
}

#[test]
fn each_part_is_filled_by_the_element_that_the_page_names() {
    assert_eq!(filled(&Person::default()), BTreeSet::new());
    assert_eq!(filled(&Person::sample()), InformationPart::ALL.iter().copied().collect());
    for part in InformationPart::ALL.iter().copied() {
        let Some(element) = api::freg_element(part) else {
            // Of another source than the population register.
            assert_eq!(part, InformationPart::CommonContactRegisterInformation);
            continue;
        };
        let json = json!({ element: [{ "erGjeldende": true }] });
        let document: Document = serde_json::from_value(json).expect("a document");
        let person = document.into_person().person;
        assert_eq!(filled(&person), BTreeSet::from([part]), "{element}");
    }
}

#[test]
fn every_element_that_is_read_is_on_the_page() {
    let named: BTreeSet<_> =
        InformationPart::ALL.iter().filter_map(|part| api::freg_element(*part)).collect();
    assert_eq!(named, ELEMENTS.iter().copied().collect());
}
