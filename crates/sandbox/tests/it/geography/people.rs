//! Where the population lives, as the files tell it.

use std::collections::{BTreeMap, BTreeSet};

use register::geography::{Changes, Geography, enrich, enrich_with_keys};
use register::part::ResidentialAddress;
use register::person::Person;
use register::time::Day;
use reqwest::Method;
use sandbox::population::Population;
use serde_json::{Value, json};
use sources::freg::document::Document;

use super::world::{day, geography};
use crate::support::{Running, start};

const PERSONS: u64 = 5_000;
const TODAY: &str = "2026-07-01";

fn persons() -> impl Iterator<Item = Person> {
    // The seed of every sandbox in these tests.
    let population = Population::new(42, PERSONS);
    (0..PERSONS).map(move |index| {
        let document = Document::read(&population.document(index)).expect("readable");
        document.into_person().person
    })
}

/// What a home says when all but these are taken from it.
fn stripped(home: &ResidentialAddress, key: bool) -> Person {
    let mut home = home.clone();
    home.basic_statistical_unit = None;
    if !key {
        home.cadastral_identifier = None;
    }
    Person { residential_address: vec![home], ..Person::default() }
}

fn enriched(mut person: Person, geography: &Geography, today: Day) -> Person {
    enrich(&mut person, geography, today);
    person
}

#[tokio::test]
async fn every_home_is_found_where_the_register_has_it() {
    let sandbox = start(PERSONS, 0.0).await;
    let (geography, ..) = geography(&sandbox).await;
    let today = day(TODAY);
    let (mut by_key, mut by_rest, mut missing) = (0_u32, 0_u32, 0_u32);
    for person in persons() {
        let homes = person.residential_address.iter();
        for home in homes.filter(|home| home.is_valid == Some(true)) {
            let Some(unit) = home.basic_statistical_unit else { continue };
            for (key, count) in [(true, &mut by_key), (false, &mut by_rest)] {
                let found = enriched(stripped(home, key), &geography, today);
                match found.residential_address[0].basic_statistical_unit {
                    Some(found) => {
                        assert_eq!(found, unit);
                        *count += 1;
                    }
                    None => missing += 1,
                }
            }
        }
    }
    assert!(by_key > 3_000 && by_rest > 3_000, "{by_key} {by_rest}");
    // Too new for the file, or without a street code or a house number.
    assert!(missing > 20 && missing * 25 < by_key + by_rest, "{missing} of {by_key}, {by_rest}");
}

#[tokio::test]
async fn every_district_has_people_and_a_third_of_all_have_a_district() {
    let sandbox = start(PERSONS, 0.0).await;
    let (geography, ..) = geography(&sandbox).await;
    let mut lived_in: BTreeMap<String, u32> = BTreeMap::new();
    let (mut residents, mut unserved, mut stays) = (0_u32, 0_u32, 0_u32);
    for person in persons() {
        let person = enriched(person, &geography, day(TODAY));
        let homes = person.residential_address.iter();
        for home in homes.filter(|home| home.is_valid == Some(true)) {
            residents += 1;
            let Some(district) = &home.geographical_urban_district_code else { continue };
            *lived_in.entry(district.clone()).or_default() += 1;
            let serving = home.urban_district_code.as_deref();
            match district.as_str() {
                "030116" => assert_eq!(serving, Some("030104")),
                "030117" => unserved += u32::from(serving.is_none()),
                _ => assert_eq!(serving, Some(district.as_str())),
            }
        }
        let present = person.present_address.iter();
        stays += present.filter(|stay| stay.urban_district_code.is_some()).count() as u32;
    }
    assert_eq!(lived_in.len(), 38, "{lived_in:?}");
    assert!(unserved > 5 && stays > 50, "{unserved} {stays}");
    let share = lived_in.values().sum::<u32>() * 100 / residents;
    assert!((25..40).contains(&share), "{share} % of {residents}");
}

/// Each rule by which an address gets its unit, or gets none, and whether an address is of it.
#[tokio::test]
async fn every_rule_has_somebody_to_follow_it() {
    let population = Population::new(42, 20_000);
    let mut found: BTreeMap<&str, u32> = BTreeMap::new();
    for index in 0..20_000 {
        let person: Value = serde_json::from_slice(&population.document(index)).expect("JSON");
        for element in ["bostedsadresse", "deltBosted", "oppholdsadresse"] {
            let items = person[element].as_array().into_iter().flatten();
            for item in items.filter(|item| item["erGjeldende"] == true) {
                *found.entry(rule(item)).or_default() += 1;
                let letter = item["vegadresse"]["adressenummer"]["husbokstav"].as_str();
                let small = letter.is_some_and(|letter| letter.chars().any(char::is_lowercase));
                *found.entry("small letter").or_default() += u32::from(small);
                if element != "bostedsadresse" {
                    *found.entry(element).or_default() += 1;
                }
            }
        }
    }
    for (rule, least) in [
        ("unit", 10_000),
        ("unit 9999", 20),
        ("key", 500),
        ("key only", 20),
        ("street", 20),
        ("cadastral", 20),
        ("unknown", 100),
        ("small letter", 100),
        ("deltBosted", 50),
        ("oppholdsadresse", 500),
    ] {
        let count = found.get(rule).copied().unwrap_or(0);
        assert!(count >= least, "{rule}: {count} in {found:?}");
    }
}

fn rule(item: &Value) -> &'static str {
    let road = &item["vegadresse"];
    let street = road["adressekode"].is_string() && road["adressenummer"].is_object();
    let key = item["adresseIdentifikatorFraMatrikkelen"].is_string();
    let cadastral = item["matrikkeladresse"].is_object();
    match item["grunnkrets"].as_i64() {
        Some(9999) => "unit 9999",
        Some(_) => "unit",
        None if key && (street || cadastral) => "key",
        None if key => "key only",
        None if street => "street",
        None if cadastral => "cadastral",
        None if item["ukjentBosted"].is_object() => "unknown",
        None => "none",
    }
}

async fn serve(sandbox: &Running, edition: &str) -> Value {
    let wanted = json!({"edition": edition});
    let (status, told) = sandbox.command(Method::POST, "geography", &wanted).await;
    assert_eq!(status, 200);
    told
}

#[tokio::test]
async fn the_next_edition_changes_a_few_persons_and_tells_whom() {
    let sandbox = start(PERSONS, 0.0).await;
    let (old, ..) = geography(&sandbox).await;
    let told = serve(&sandbox, "next").await;
    let (new, ..) = geography(&sandbox).await;
    let moved: BTreeSet<_> =
        told["next"]["movedUnits"].as_array().expect("a list").iter().map(unit).collect();
    let renamed: BTreeSet<_> =
        told["next"]["renamedUnits"].as_array().expect("a list").iter().map(unit).collect();
    assert_eq!((moved.len(), renamed.len()), (2, 1), "{told}");
    let added = told["next"]["newAddresses"].as_array().expect("a list").len();
    assert_eq!(new.sizes().ids - old.sizes().ids, added);
    assert!(added > 20);

    let today = day(TODAY);
    let changes = Changes::between((&old, today), (&new, today));
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    for person in persons() {
        let mut after = person.clone();
        let keys = enrich_with_keys(&mut after, &new, today);
        let before = enriched(person, &old, today);
        if before == after {
            continue;
        }
        assert!(changes.touch(&keys));
        *reasons.entry(reason(&before, &after, &moved, &renamed)).or_default() += 1;
    }
    let touched: u32 = reasons.values().sum();
    assert!(reasons.contains_key("moved") && reasons.contains_key("renamed"), "{reasons:?}");
    assert!((5..PERSONS as u32 / 20).contains(&touched), "{reasons:?}");
    serve(&sandbox, "first").await;
    assert_eq!(geography(&sandbox).await.0.version(), old.version(), "back as it was");
    let (status, _) = sandbox.command(Method::POST, "geography", &json!({"edition": "3"})).await;
    assert_eq!(status, 400);
}

/// Why a person differs between the editions.
fn reason(
    before: &Person,
    after: &Person,
    moved: &BTreeSet<&str>,
    renamed: &BTreeSet<&str>,
) -> &'static str {
    let mut homes = before.residential_address.iter().zip(&after.residential_address);
    let home = homes.find(|(before, after)| before != after).map(|(_, after)| after);
    let unit = home.and_then(|home| home.full_basic_statistical_unit_number.as_deref());
    match unit {
        Some(unit) if moved.contains(unit) => "moved",
        Some(unit) if renamed.contains(unit) => "renamed",
        Some(_) => "found",
        None => "elsewhere",
    }
}

fn unit(turn: &Value) -> &str {
    turn["unit"].as_str().expect("a code")
}
