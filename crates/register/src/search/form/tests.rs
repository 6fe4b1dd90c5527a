//! Tests of reading the forms.

use super::*;

fn faults(form: &Form<'_>, kind: FormKind) -> Vec<&'static str> {
    let faults = read(form, kind).err().unwrap_or_default();
    faults.iter().map(|fault| fault.field).collect()
}

/// A search for persons with a name and, unless it has one, a year of birth.
fn persons(name: &str) -> Form<'_> {
    Form { full_name: Some(name), birth_date: Some("1980"), ..Form::default() }
}

fn words_of(form: &Form<'_>) -> Vec<String> {
    let criteria = read(form, FormKind::Persons).expect("a usable form");
    criteria.names.into_iter().map(|name| name.word).collect()
}

#[test]
fn a_full_name_is_its_first_three_words() {
    assert_eq!(words_of(&persons("Kari Anne Nordmann Hansen")), ["kari", "anne", "nordmann"]);
    assert_eq!(words_of(&persons("Anne-Marie O'Brien")), ["anne", "marie", "o"]);
}

#[test]
fn a_word_that_another_implies_is_left_out() {
    assert_eq!(words_of(&persons("Ann Anne")), ["anne"]);
    assert_eq!(words_of(&persons("Anne Ann")), ["anne"]);
    assert_eq!(words_of(&persons("Anne Anne")), ["anne"]);
    let parts = Form { given_name: Some("Anne"), family_name: Some("Anne"), ..persons("Anne") };
    assert_eq!(words_of(&parts), ["anne", "anne", "anne"]);
}

#[test]
fn names_are_made_of_letters() {
    let long = "a".repeat(601);
    for bad in [
        "Kari2",
        "Kari%",
        "Ka_ri",
        "*ari",
        "Kari\u{200f}",
        "😀",
        "-Kari",
        "'",
        "Kari;drop table x",
        "Kari\"",
        "Kari\0",
        "Kari,",
        "Kari.",
        "\u{301}a b",
        "Kari\u{2019}s",
        &long,
    ] {
        assert_eq!(faults(&persons(bad), FormKind::Persons), ["FullName"], "{bad}");
    }
    let long = "a".repeat(600);
    for good in
        ["Kari", "Åse-Marie", "O'Brien", "Andre\u{301}", "Иван", "Kari\u{a0}Anne", "李明", &long]
    {
        assert!(faults(&persons(good), FormKind::Persons).is_empty(), "{good}");
    }
}

#[test]
fn a_search_for_persons_needs_a_name_and_one_thing_more() {
    let name = |name| Form { full_name: Some(name), ..Form::default() };
    for (form, expected) in [
        (Form::default(), vec!["FullName", "BirthDate"]),
        (name("Kari"), vec!["BirthDate"]),
        (name("K"), vec!["FullName", "BirthDate"]),
        (Form { birth_date: Some("1980"), ..Form::default() }, vec!["FullName"]),
        (persons("K"), vec!["FullName"]),
        (persons("K A"), vec![]),
        (persons("Ka"), vec![]),
        (Form { given_name: Some("K"), family_name: Some("N"), ..persons("K") }, vec![]),
        (Form { postal_code: Some("0265"), ..name("Ka") }, vec![]),
        (Form { municipality_number: Some("0301"), ..name("Ka") }, vec![]),
        (Form { street_address: Some("Sto"), ..name("Ka") }, vec![]),
        (Form { street_address: Some("St 12"), ..name("Ka") }, vec!["BirthDate"]),
        (Form { city_name: Some("Oslo"), gender: Some("Male"), ..name("Ka") }, vec!["BirthDate"]),
    ] {
        assert_eq!(faults(&form, FormKind::Persons), expected);
    }
}

#[test]
fn lists_need_nothing_but_fields_that_are_long_enough() {
    assert!(faults(&Form::default(), FormKind::Matches).is_empty());
    let short = Form {
        full_name: Some("Ka"),
        given_name: Some("K"),
        middle_name: Some("Ka"),
        family_name: Some("Ka"),
        street_address: Some("Stor"),
        ..Form::default()
    };
    let fields = ["FullName", "GivenName", "MiddleName", "FamilyName", "StreetAddress"];
    assert_eq!(faults(&short, FormKind::Matches), fields);
}

#[test]
fn every_fault_is_told_at_once() {
    let form = Form {
        full_name: Some("K4ri"),
        street_address: Some("Storgata #1"),
        postal_code: Some("265"),
        municipality_number: Some("３０１１"),
        basic_statistical_unit: Some("1234567"),
        birth_date_from: Some("1981-02-29"),
        death_date_to: Some("i går"),
        gender: Some("Other"),
        person_statuses: vec!["Resident", "Alive", "resident", "Dead"],
        ..Form::default()
    };
    let found = read(&form, FormKind::Matches).expect_err("many faults");
    let fields: Vec<_> = found.iter().map(|fault| fault.field).collect();
    let expected = [
        "FullName",
        "BirthDateFrom",
        "DeathDateTo",
        "Gender",
        "PersonStatuses",
        "PersonStatuses",
        "MunicipalityNumber",
        "PostalCode",
        "BasicStatisticalUnit",
        "StreetAddress",
    ];
    assert_eq!(fields, expected);
    let told: String = found.iter().map(|fault| fault.text.as_ref()).collect();
    assert!(!told.contains("Alive") && !told.contains("K4ri") && !told.contains("1981"), "{told}");
}

#[test]
fn a_range_of_days_may_be_open() {
    let birth = |from, to| {
        let form = Form { birth_date_from: from, birth_date_to: to, ..Form::default() };
        read(&form, FormKind::Matches).expect("a usable form").birth
    };
    assert_eq!(birth(None, None), None);
    assert_eq!(birth(Some("1980-05"), None), Some(Days { first: 19_800_500, last: i32::MAX }));
    assert_eq!(birth(None, Some("1980-05")), Some(Days { first: 1, last: 19_800_599 }));
}

#[test]
fn statuses_and_genders_match_in_any_case() {
    let form = Form {
        gender: Some("FEMALE"),
        person_statuses: vec!["resident", "Resident", "DECEASED"],
        ..Form::default()
    };
    let criteria = read(&form, FormKind::Matches).expect("a usable form");
    assert_eq!(criteria.gender, Some(Gender::Female));
    let expected = [PersonStatusType::Resident, PersonStatusType::Deceased];
    assert_eq!(criteria.statuses, expected);
}
