//! Tests of the interface description: committed, complete, and true to the routes.

use serde_json::{Map, Value};

use super::*;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/person-api-v3.json");
const ERRORS_PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");

fn document() -> Value {
    serde_json::to_value(openapi()).expect("the document is JSON")
}

/// Every operation with its path and method.
fn operations(document: &Value) -> Vec<(String, Map<String, Value>)> {
    let paths = document["paths"].as_object().expect("paths");
    let methods = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("a path item");
        item.iter().map(move |(method, operation)| {
            let operation = operation.as_object().expect("an operation");
            (format!("{method} {path}"), operation.clone())
        })
    });
    methods.collect()
}

/// Compares a generated file with the committed one; `UPDATE_OPENAPI=1` writes it instead.
fn assert_committed(path: &str, generated: &str) {
    if std::env::var("UPDATE_OPENAPI").is_ok_and(|value| value == "1") {
        std::fs::write(path, generated).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(path).expect("the file is committed");
    assert!(
        committed == generated,
        "{path} is not what the code says. Look at the difference after \
         `UPDATE_OPENAPI=1 cargo test -p api --lib openapi`."
    );
}

#[test]
fn the_committed_description_is_the_generated_one() {
    assert_committed(COMMITTED, &to_json(&openapi()));
}

#[test]
fn the_committed_page_of_problems_is_the_generated_one() {
    assert_committed(ERRORS_PAGE, &problem::documentation());
}

#[test]
fn both_packages_have_the_same_six_operations() {
    let document = document();
    let of = |package: &str| {
        let prefix = format!("/api/v3/{package}");
        let mut found: Vec<_> = operations(&document)
            .into_iter()
            .filter(|(name, _)| name.contains(&prefix))
            .map(|(name, _)| name.replace(&prefix, ""))
            .collect();
        found.sort();
        found
    };
    let expected = [
        "get /event",
        "get /event/latest",
        "get /person/{id}",
        "post /person/bulk-by-id",
        "post /person/bulk-by-nin",
        "post /person/get-by-nin",
    ];
    assert_eq!(of("full-access"), expected);
    assert_eq!(of("restricted-access"), expected);
    assert_eq!(operations(&document).len(), 13);
}

#[test]
fn operation_ids_are_unique() {
    let mut ids: Vec<_> = operations(&document())
        .iter()
        .map(|(_, operation)| operation["operationId"].as_str().expect("an id").to_owned())
        .collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(ids.contains(&"full_access_get_person_by_nin".to_owned()), "{ids:?}");
}

#[test]
fn every_operation_of_a_package_asks_for_its_scope() {
    for (name, operation) in operations(&document()) {
        let scope = operation.get("security").map(|security| security[0]["HelseID"][0].clone());
        match () {
            () if name.contains("/full-access/") => {
                assert_eq!(scope, Some(super::scope(Package::FullAccess).into()), "{name}");
            }
            () if name.contains("/restricted-access/") => {
                assert_eq!(scope, Some(super::scope(Package::RestrictedAccess).into()), "{name}");
            }
            () => assert_eq!((name.as_str(), scope), ("get /ping", None)),
        }
    }
}

#[test]
fn nothing_is_without_a_description() {
    let document = document();
    for (name, operation) in operations(&document) {
        assert!(is_described(&operation["summary"]), "{name}");
        assert!(is_described(&operation["description"]), "{name}");
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten()
        {
            assert!(is_described(&parameter["description"]), "{name} {}", parameter["name"]);
        }
        for (status, response) in operation["responses"].as_object().expect("responses") {
            assert!(is_described(&response["description"]), "{name} {status}");
        }
        let body = operation.get("requestBody").unwrap_or(&Value::Null);
        let form = &body["content"]["application/x-www-form-urlencoded"]["schema"];
        assert_fields_described(&name, form);
    }
    for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
        assert!(is_described(&schema["description"]), "{name}");
        assert_fields_described(name, schema);
    }
}

fn assert_fields_described(name: &str, schema: &Value) {
    for (field, property) in schema["properties"].as_object().into_iter().flatten() {
        let refers = property.get("$ref").is_some() || property.get("oneOf").is_some();
        let described = is_described(&property["description"]);
        // A part in `Person` is described where the part is.
        assert!(described || refers || name == "Person", "{name}.{field}");
    }
}

fn is_described(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let names = text.split("#/components/schemas/").skip(1);
    for name in names.filter_map(|rest| rest.split('"').next()) {
        assert!(schemas.contains_key(name), "{name}");
    }
}
