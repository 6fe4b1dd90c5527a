//! The form of a person with a felles hjelpenummer: what it becomes, and what is refused.

use register::id::IdentityNumber;
use register::part::PartSet;
use register::render::{Circumstances, ServedForm, render};
use register::{id::PersonId, package::Package};
use serde_json::{Value, json};
use sources::ain::{AlternatePerson, FormatError};

const NUMBER: &str = "81234567802";

fn read(person: &Value) -> Result<AlternatePerson, FormatError> {
    AlternatePerson::read(person.to_string().as_bytes())
}

fn with(name: &str, value: Value) -> Value {
    let mut person = json!({"number": NUMBER, "state": "InUse"});
    person[name] = value;
    person
}

/// As full access is shown it, with history.
fn shown(person: &Value) -> Value {
    let person = read(person).expect("it can be read").into_person().sorted();
    let form = render(&person, Package::FullAccess, &Circumstances::default());
    let mut json = Vec::new();
    let form = ServedForm::read(&form).expect("a form");
    form.write_json(&mut json, PersonId(uuid::Uuid::nil()), 1, PartSet::ALL, true);
    serde_json::from_slice(&json).expect("JSON")
}

#[test]
fn a_number_alone_is_somebody() {
    let person = json!({"number": NUMBER, "state": "InUse"});
    let number = json!({"isValid": true, "status": "InUse", "identificationNumber": NUMBER,
        "identificationNumberType": "AlternateIdentificationNumber"});
    let mut shown = shown(&person);
    assert_eq!(shown["norwegianIdentificationNumber"], json!([number]));
    let others = shown.as_object_mut().expect("an object");
    others.retain(|name, _| !["norwegianIdentificationNumber", "id"].contains(&&**name));
    assert!(others.keys().all(|name| name.starts_with("sequence")), "{others:?}");
}

#[test]
fn every_field_is_shown_where_the_contract_has_it() {
    let person = json!({"number": NUMBER, "state": "Discontinued", "continuedAs": "91234567883",
        "registeredAt": "2026-01-31T10:00:00Z", "gender": "Male", "birthDate": "2000-02-29",
        "name": {"givenName": "Bjørn Åge", "middleName": " ", "familyName": "Sæther"},
        "address": {"confidentiality": "ClientAddress", "streetAddress": {
            "municipalityNumber": "5501", "addressName": "Storgata", "addressCode": "1",
            "houseNumber": "12", "houseLetter": "B", "postalCode": "9008", "cityName": "TROMSØ",
            "coAddressName": "Ærfugl"}}});
    let state = read(&person).expect("it can be read");
    assert_eq!(state.continued_as(), Some(IdentityNumber::from("91234567883")));
    assert!(!state.is_in_use() && !format!("{state:?}").contains("Bjørn"));
    let at = json!("2026-01-31T11:00:00+01:00");
    let shown = shown(&person);
    assert_eq!(
        shown["status"],
        json!([{"isValid": true, "registeredAt": at,
        "status": "Discontinued"}])
    );
    assert_eq!(
        shown["name"],
        json!([{"isValid": true, "registeredAt": at,
        "givenName": "Bjørn Åge", "familyName": "Sæther"}])
    );
    assert_eq!(
        shown["birth"],
        json!([{"isValid": true, "registeredAt": at,
        "birthDate": "2000-02-29T00:00:00+00:00", "birthYear": "2000"}])
    );
    assert_eq!(
        shown["presentAddress"],
        json!([{"isValid": true, "registeredAt": at,
        "addressConfidentiality": "ClientAddress", "streetAddress": {
            "municipalityNumber": "5501", "addressName": "Storgata", "addressCode": "1",
            "addressNumber": {"houseNumber": "12", "houseLetter": "B"},
            "city": {"cityName": "TROMSØ", "postalCode": "9008"}, "coAddressName": "Ærfugl"}}])
    );
}

#[test]
fn whatever_is_not_understood_makes_the_whole_unreadable() {
    let address = |more: Value| {
        let mut address = json!({"confidentiality": "Unclassified"});
        for (name, value) in more.as_object().into_iter().flatten() {
            address[name] = value.clone();
        }
        with("address", address)
    };
    let no_json = [
        json!([]),
        json!({"number": NUMBER}),
        with("state", json!("inUse")),
        with("number", json!(81_234_567_802_i64)),
        with("protection", json!(true)),
        with("gender", json!("Unknown")),
        with("name", json!({"firstName": "Kari"})),
        with("address", json!({"streetAddress": {}})),
        address(json!({"confidentiality": "Secret", "streetAddress": {}})),
        address(json!({"streetAddress": {"grade": "Confidential"}})),
    ];
    for person in no_json {
        let error = read(&person).expect_err("unreadable");
        assert!(matches!(error, FormatError::Json { .. }), "{person} {error:?}");
        assert!(!error.to_string().contains(NUMBER));
    }
    let others = [
        (with("number", json!("812345678")), FormatError::Number("number")),
        (with("number", json!("8123456780x")), FormatError::Number("number")),
        (with("continuedAs", json!("91234567883")), FormatError::ContinuedAs),
        (with("birthDate", json!("1999-02-29")), FormatError::Time("birthDate")),
        (with("birthDate", json!("")), FormatError::Time("birthDate")),
        (with("registeredAt", json!("i går")), FormatError::Time("registeredAt")),
        (address(json!({})), FormatError::Address),
        (address(json!({"streetAddress": {}, "foreignAddress": {}})), FormatError::Address),
    ];
    for (person, expected) in others {
        assert_eq!(read(&person).expect_err("unreadable"), expected, "{person}");
    }
    let itself = json!({"number": NUMBER, "state": "Discontinued", "continuedAs": NUMBER});
    assert_eq!(read(&itself).expect_err("unreadable"), FormatError::ContinuedAs);
    let nobody = json!({"number": NUMBER, "state": "Discontinued", "continuedAs": "ukjent"});
    assert_eq!(read(&nobody).expect_err("unreadable"), FormatError::Number("continuedAs"));
}
