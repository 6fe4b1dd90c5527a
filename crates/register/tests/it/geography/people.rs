//! Which fields of a person are filled, and with which names.

use register::geography::{Builder, enrich, enrich_with_keys};
use register::part::{
    Birth, CadastralAddress, CadastralNumber, MaritalStatus, PresentAddress, ResidentialAddress,
    SharedResidence, StreetAddress, UnknownResidence,
};
use register::person::Person;
use register::time::{Day, Instant};

use super::world::{self, day};

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn street(municipality: &str) -> Option<StreetAddress> {
    Some(StreetAddress { municipality_number: text(municipality), ..StreetAddress::default() })
}

fn enriched(mut person: Person, today: Day) -> Person {
    enrich(&mut person, &world::geography(), today);
    person
}

fn born(municipality: &str, held_from: Option<&str>, today: &str) -> [Option<String>; 3] {
    let birth = Birth {
        is_valid: Some(held_from.is_none()),
        valid_from: held_from.map(|text| Instant::parse(text).expect(text)),
        birth_municipality_number: text(municipality),
        ..Birth::default()
    };
    let person = enriched(Person { birth: vec![birth], ..Person::default() }, day(today));
    let birth = person.birth[0].clone();
    [birth.birth_municipality_name, birth.birth_county_number, birth.birth_county_name]
}

#[test]
fn every_place_with_a_municipality_gets_names() {
    let cadastral = CadastralAddress {
        cadastral_number: Some(CadastralNumber {
            municipality_number: text("5610"),
            ..CadastralNumber::default()
        }),
        ..CadastralAddress::default()
    };
    let unknown =
        UnknownResidence { municipality_number: text("5610"), ..UnknownResidence::default() };
    let person = Person {
        residential_address: vec![ResidentialAddress {
            street_address: street("5610"),
            cadastral_address: Some(cadastral.clone()),
            unknown_residence: Some(unknown.clone()),
            ..ResidentialAddress::default()
        }],
        present_address: vec![PresentAddress {
            street_address: street("5610"),
            cadastral_address: Some(cadastral.clone()),
            ..PresentAddress::default()
        }],
        shared_residence: vec![SharedResidence {
            street_address: street("5610"),
            cadastral_address: Some(cadastral),
            unknown_residence: Some(unknown),
            ..SharedResidence::default()
        }],
        birth: vec![Birth { birth_municipality_number: text("5610"), ..Birth::default() }],
        marital_status: vec![MaritalStatus {
            municipality_number: text("5610"),
            ..MaritalStatus::default()
        }],
        ..Person::default()
    };
    let person = enriched(person, day("2026-06-01"));
    let json = format!("{person:?}");
    assert_eq!(json.matches("Kárášjohka - Karasjok").count(), 10);
    assert_eq!(json.matches("ounty_number: Some(\"56\")").count(), 10);
    assert_eq!(json.matches("Finnmark - Finnmárku - Finmarkku").count(), 10);
}

#[test]
fn what_holds_now_has_the_name_of_today_and_history_that_of_its_day() {
    let cases: &[(&str, Option<&str>, &str, [&str; 3])] = &[
        ("0301", None, "2026-06-01", ["Oslo - Oslove", "03", "Oslo - Oslove"]),
        ("0301", None, "2023-12-31", ["Oslo", "03", "Oslo"]),
        ("0301", Some("2010-01-01"), "2026-06-01", ["Oslo", "03", "Oslo"]),
        // Midnight in Norway is the day before in UTC.
        (
            "0301",
            Some("2023-12-31T23:00:00Z"),
            "2026-06-01",
            ["Oslo - Oslove", "03", "Oslo - Oslove"],
        ),
        ("0301", Some("2023-12-31T22:59:59Z"), "2026-06-01", ["Oslo", "03", "Oslo"]),
        // Long gone, and older than the table.
        ("1201", None, "2026-06-01", ["Bergen", "12", "Hordaland"]),
        ("1201", Some("1950-02-28"), "2026-06-01", ["Bergen", "12", "Hordaland"]),
        // A number that is newer than the item it stands on.
        ("4601", Some("2015-01-01"), "2026-06-01", ["Bergen", "46", "Vestland"]),
    ];
    for (number, from, today, expected) in cases {
        assert_eq!(born(number, *from, today), expected.map(text), "{number} {from:?} {today}");
    }
}

#[test]
fn a_county_follows_from_a_number_that_nobody_knows() {
    assert_eq!(born("0399", None, "2026-06-01"), [None, text("03"), text("Oslo - Oslove")]);
    assert_eq!(born("9988", None, "2026-06-01"), [None, None, None]);
    for unreadable in ["301", "03011", "03 1", "", "Oslo"] {
        assert_eq!(born(unreadable, None, "2026-06-01"), [None, None, None], "{unreadable}");
    }
    assert_eq!(born(" 0301 ", None, "2026-06-01")[1], text("03"));
}

#[test]
fn a_dwelling_gets_names_with_its_codes() {
    let item = ResidentialAddress {
        street_address: street("0301"),
        basic_statistical_unit: Some(8161),
        ..ResidentialAddress::default()
    };
    let person = Person { residential_address: vec![item], ..Person::default() };
    let person = enriched(person, day("2026-06-01"));
    let item = &person.residential_address[0];
    assert_eq!(item.basic_statistical_unit, Some(8161));
    assert_eq!(item.basic_statistical_unit_name, text("Sentrum rode 1"));
    assert_eq!(item.geographical_urban_district_name, text("Sentrum"));
    assert_eq!(item.urban_district_name, text("St. Hanshaugen"));
}

#[test]
fn without_tables_a_person_keeps_what_the_source_gave() {
    let item = ResidentialAddress {
        street_address: street("0301"),
        basic_statistical_unit: Some(0),
        ..ResidentialAddress::default()
    };
    let before = Person { residential_address: vec![item], ..Person::default() };
    let mut person = before.clone();
    let (empty, _) = Builder::default().build();
    assert!(!enrich_with_keys(&mut person, &empty, day("2026-06-01")).is_empty());
    assert_eq!(person, before);
    assert!(enrich_with_keys(&mut Person::default(), &empty, day("2026-06-01")).is_empty());
}
