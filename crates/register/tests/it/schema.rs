//! The schemas that the OpenAPI document is made from.

use register::event::EventType;
use register::package::Package;
use register::part::{InformationPart, PartSet};
use register::person::{Person, PersonDocument};
use register::render::{Circumstances, render};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::support::{answer_text, property, served};

/// Every schema that a person's refers to, by name, and the person's own.
fn schemas() -> Vec<(String, Value)> {
    let mut all: Vec<(String, RefOr<Schema>)> = Vec::new();
    PersonDocument::schemas(&mut all);
    all.push((PersonDocument::name().into_owned(), PersonDocument::schema()));
    let json = |schema| serde_json::to_value(schema).expect("a schema is JSON");
    all.into_iter().map(|(name, schema)| (name, json(schema))).collect()
}

fn schema(name: &str) -> Value {
    let found = schemas().into_iter().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("there is no schema {name}")).1
}

/// The type of a property in one word: a JSON type, its format, or the schema it refers to.
fn kind(property: &Value) -> String {
    let null = Value::from("null");
    let types = property["type"].as_array().map(Vec::as_slice).unwrap_or_default();
    let choice = property["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    let nullable = types.contains(&null) || choice.iter().any(|one| one["type"] == null);
    assert!(nullable, "not nullable: {property}");
    let own = types.iter().filter_map(Value::as_str).find(|kind| *kind != "null");
    match own {
        Some("array") => {
            let items = &property["items"];
            let scalar = items["type"].as_str().map(str::to_owned);
            format!("[{}]", scalar.unwrap_or_else(|| reference(items)))
        }
        Some(kind) => property["format"].as_str().unwrap_or(kind).to_owned(),
        None => choice.iter().find(|one| one["type"] != null).map_or("?".to_owned(), reference),
    }
}

fn reference(value: &Value) -> String {
    value["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or("?").to_owned()
}

fn properties(name: &str) -> Vec<(String, String)> {
    let schema = schema(name);
    let properties = schema["properties"].as_object().expect("an object");
    properties.iter().map(|(name, property)| (name.clone(), kind(property))).collect()
}

#[test]
fn a_person_has_every_served_part_and_the_two_fields_of_ours() {
    let mut expected: Vec<_> = served().map(property).collect();
    expected.extend(["id".to_owned(), "sequenceNumber".to_owned()]);
    expected.sort();
    let mut found: Vec<_> = properties("Person").into_iter().map(|(name, _)| name).collect();
    found.sort();
    assert_eq!(found, expected);
    let kinds: std::collections::BTreeMap<_, _> = properties("Person").into_iter().collect();
    assert_eq!(kinds["name"], "[PersonName]");
    assert_eq!(kinds["residentialAddress"], "[ResidentialAddress]");
    assert_eq!(kinds["death"], "Death");
    assert_eq!(kinds["id"], "string");
    assert_eq!(kinds["sequenceNumber"], "int64");
}

fn is_described(property: &Value) -> bool {
    let choice = property["oneOf"].as_array().into_iter().flatten();
    choice.chain([property]).any(|one| one["description"].is_string())
}

#[test]
fn every_field_is_optional_and_nullable_and_described() {
    for (name, schema) in schemas() {
        assert_eq!(schema["required"], Value::Null, "{name}");
        assert!(schema["description"].is_string(), "{name} has no description");
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let kind = kind(property);
            assert!(!kind.contains('?'), "{name}.{field}");
            for of_ours in ["Instant", "Day", "IdentityNumber", "PersonId"] {
                assert_ne!(kind, of_ours, "{name}.{field} needs a value_type");
            }
            let described = is_described(property) || name == "Person";
            assert!(described, "{name}.{field} has no description");
        }
    }
}

/// The items of a list, or the value itself.
fn items(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

/// Notes every field of a schema, and of those it refers to, that none of the values fills.
fn note_unfilled(name: &str, values: &[&Value], unfilled: &mut Vec<String>) {
    if !schema(name)["properties"].is_object() {
        return;
    }
    for (field, kind) in properties(name) {
        let filled: Vec<&Value> = values.iter().filter_map(|value| value.get(&field)).collect();
        let items: Vec<&Value> = filled.iter().flat_map(|value| items(value)).collect();
        let kind = kind.trim_matches(['[', ']']);
        if items.is_empty() {
            unfilled.push(format!("{name}.{field}"));
        } else if kind.starts_with(char::is_uppercase) {
            note_unfilled(kind, &items, unfilled);
        }
    }
}

#[test]
fn the_samples_fill_every_field() {
    let form = render(&Person::sample(), Package::FullAccess, &Circumstances::default());
    let text = answer_text(&form, PartSet::ALL, true);
    let person: Value = serde_json::from_str(&text).expect("the answer is JSON");
    let mut unfilled = Vec::new();
    for (part, kind) in properties("Person") {
        let kind = kind.trim_matches(['[', ']']);
        if kind.starts_with(char::is_uppercase) {
            note_unfilled(kind, &items(&person[&part]), &mut unfilled);
        }
    }
    // What is a single object has not ceased.
    assert_eq!(unfilled, ["Death.validTo", "FalseIdentity.validTo"]);
}

#[test]
fn what_the_contract_has_given_up_is_marked() {
    let mut marked = Vec::new();
    for (name, schema) in schemas() {
        if schema["deprecated"] == true {
            marked.push(name.clone());
        }
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            if property["deprecated"] == true {
                marked.push(format!("{name}.{field}"));
            }
        }
    }
    marked.sort();
    marked.dedup();
    let expected = [
        "FreeFormPostalAddress.adresselinje",
        "Person.deprivedLegalAuthority",
        "Person.preferredContactAddress",
        // As a whole, which is how a field that refers to an object is marked.
        "PersonNameBirthDate",
        "PresentAddress.basicStatisticalUnit",
        "SharedResidence.basicStatisticalUnit",
    ];
    assert_eq!(marked, expected);
}

#[test]
fn times_are_told_from_text() {
    let address: std::collections::BTreeMap<_, _> =
        properties("ResidentialAddress").into_iter().collect();
    for (field, kind) in [
        ("isValid", "boolean"),
        ("registeredAt", "date-time"),
        ("moveDate", "date-time"),
        ("basicStatisticalUnit", "int64"),
        ("fullBasicStatisticalUnitNumber", "string"),
        ("streetAddress", "StreetAddress"),
        ("addressConfidentiality", "AddressConfidentiality"),
    ] {
        assert_eq!(address[field], kind, "{field}");
    }
    assert_eq!(address.len(), 23);
}

#[test]
fn enumerations_have_the_values_of_the_contract() {
    let values = |schema: Value| schema["enum"].as_array().map_or(0, Vec::len);
    for (name, count) in [
        ("AddressConfidentiality", 4),
        ("CitizenshipRetentionStatus", 3),
        ("FamilyRelationType", 7),
        ("Duplicated", 2),
        ("Gender", 2),
        ("GuardianshipScope", 4),
        ("GuardianshipType", 8),
        ("IdentificationStatus", 2),
        ("IdentityVerificationStatus", 3),
        ("LegalAuthorityScope", 1),
        ("LengthOfStay", 4),
        ("MaritalStatusType", 10),
        ("NorwegianIdentificationNumberType", 3),
        ("NotificationStatus", 2),
        ("ParentalResponsibilityType", 6),
        ("PersonStatusType", 10),
        ("ProbateCertificateType", 2),
        ("Reservation", 2),
        ("ResidencePermitType", 3),
        ("SamiLanguageType", 3),
        ("SamiParliamentElectoralRegistryStatus", 3),
        ("SeparatelyOccupiedUnitType", 5),
        ("Status", 3),
    ] {
        assert_eq!(values(schema(name)), count, "{name}");
    }
    let own = |schema| serde_json::to_value(schema).expect("a schema is JSON");
    assert_eq!(values(own(EventType::schema())), 53);
    assert_eq!(values(own(InformationPart::schema())), 35);
}
