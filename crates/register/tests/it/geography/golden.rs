//! A table of addresses and the codes that each must get: every way to a unit, every district of
//! the four cities, every trap.

use register::geography::{Geography, enrich};
use register::part::{
    CadastralAddress, CadastralNumber, PresentAddress, ResidentialAddress, SharedResidence,
    StreetAddress, StreetAddressNumber, UnknownResidence,
};
use register::person::Person;
use register::time::Instant;

use super::world;

const PLACES: &str = include_str!("../../fixtures/geography/places.txt");

/// Unit, district, serving district.
type Codes = [Option<String>; 3];

#[test]
fn every_line_of_the_table_gets_its_codes() {
    let geography = world::geography();
    let mut count = 0;
    for (said, expected) in lines() {
        let expected: Vec<_> = expected.split_whitespace().map(|code| some(code, "-")).collect();
        assert_eq!(codes(said, &geography).to_vec(), expected, "{said}");
        count += 1;
    }
    assert!(count >= 60, "only {count} lines");
}

#[test]
fn the_table_has_every_district_of_the_four_cities() {
    for (municipality, names) in world::DISTRICTS {
        for place in (1_u32..).take(names.len()) {
            let code = format!(" {:06} ", municipality * 100 + place);
            assert!(PLACES.contains(&code), "no address in{code}");
        }
    }
}

/// What each line says, and what is expected of it.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once("=>"))
}

fn codes(said: &str, geography: &Geography) -> Codes {
    let mut person = person(said);
    enrich(&mut person, geography, world::day("2026-06-01"));
    written(&person)
}

/// Everybody in the table.
pub fn people() -> Vec<Person> {
    lines().map(|(said, _)| person(said)).collect()
}

/// Somebody with the one item that a line describes.
fn person(said: &str) -> Person {
    let mut person = Person::default();
    let words: Vec<_> = said.split_whitespace().collect();
    let (part, when) = (words[0], words[1]);
    let then = when.strip_prefix("then:").map(|day| Instant::parse(day).expect(said));
    let says = Says(words[2..].iter().map(|word| word.split_once('=').expect(said)).collect());
    let is_valid = Some(then.is_none());
    let (street_address, cadastral_address) = (says.street(), says.cadastral());
    let cadastral_identifier = says.text("id");
    match part {
        "R" => person.residential_address.push(ResidentialAddress {
            is_valid,
            valid_from: then,
            street_address,
            cadastral_address,
            unknown_residence: says.unknown(),
            cadastral_identifier,
            basic_statistical_unit: says.number("own"),
            ..ResidentialAddress::default()
        }),
        "P" => person.present_address.push(PresentAddress {
            is_valid,
            valid_from: then,
            street_address,
            cadastral_address,
            cadastral_identifier,
            ..PresentAddress::default()
        }),
        "S" => person.shared_residence.push(SharedResidence {
            is_valid,
            valid_from: then,
            street_address,
            cadastral_address,
            unknown_residence: says.unknown(),
            cadastral_identifier,
            ..SharedResidence::default()
        }),
        other => panic!("no such part: {other}"),
    }
    person
}

/// The codes of the one item that the person has.
fn written(person: &Person) -> Codes {
    macro_rules! written {
        ($item:expr) => {{
            let item = $item;
            assert_eq!(
                item.full_basic_statistical_unit_number.as_deref().map(|unit| &unit[4..]),
                item.basic_statistical_unit
                    .filter(|_| item.full_basic_statistical_unit_number.is_some())
                    .map(|number| format!("{number:04}"))
                    .as_deref(),
            );
            [
                item.full_basic_statistical_unit_number.clone(),
                item.geographical_urban_district_code.clone(),
                item.urban_district_code.clone(),
            ]
        }};
    }
    match (
        &person.residential_address[..],
        &person.present_address[..],
        &person.shared_residence[..],
    ) {
        ([item], [], []) => written!(item),
        ([], [item], []) => written!(item),
        ([], [], [item]) => written!(item),
        _ => panic!("one item"),
    }
}

fn some(text: &str, none: &str) -> Option<String> {
    (text != none).then(|| text.to_owned())
}

/// What a line says of an address.
struct Says<'a>(Vec<(&'a str, &'a str)>);

impl Says<'_> {
    /// `_` stands for a blank.
    fn text(&self, key: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(name, _)| *name == key)?;
        Some(value.replace('_', " "))
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.text(key).map(|text| text.parse().expect("a number"))
    }

    fn street(&self) -> Option<StreetAddress> {
        let is_given = self.text("code").is_some() || self.text("property").is_none();
        is_given.then(|| StreetAddress {
            municipality_number: self.text("m"),
            address_code: self.text("code"),
            address_number: Some(StreetAddressNumber {
                house_number: self.text("number"),
                house_letter: self.text("letter"),
            }),
            ..StreetAddress::default()
        })
    }

    /// Land, title, leasehold and sub-number.
    fn cadastral(&self) -> Option<CadastralAddress> {
        let property = self.text("property")?;
        let numbers: Vec<Option<i64>> = property.split('/').map(|n| n.parse().ok()).collect();
        Some(CadastralAddress {
            cadastral_number: Some(CadastralNumber {
                municipality_number: self.text("m"),
                municipality_land_number: numbers[0],
                title_number: numbers[1],
                leasehold_number: numbers[2],
                ..CadastralNumber::default()
            }),
            sub_number: numbers[3],
            ..CadastralAddress::default()
        })
    }

    fn unknown(&self) -> Option<UnknownResidence> {
        let municipality_number = Some(self.text("u")?);
        Some(UnknownResidence { municipality_number, ..UnknownResidence::default() })
    }
}
