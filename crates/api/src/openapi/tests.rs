//! Tests of the interface descriptions: committed, complete, true to the routes and to what was
//! published, and never breaking what has been released.

mod breaking;
mod contract;

use register::package::Package;
use serde_json::Map;

use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi");
const ERRORS_PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");

fn committed(version: Version, folder: &str) -> String {
    format!("{FOLDER}/{folder}person-api-v{}.json", version.name())
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
fn the_committed_descriptions_are_the_generated_ones() {
    for version in Version::ALL {
        assert_committed(&committed(version, ""), &to_json(&openapi(version)));
    }
}

#[test]
fn the_committed_page_of_problems_is_the_generated_one() {
    assert_committed(ERRORS_PAGE, &problem::documentation());
}

#[test]
fn both_packages_of_both_versions_have_the_same_operations() {
    let of = |version, prefix: &str| {
        let mut found: Vec<_> = operations(&openapi(version))
            .into_iter()
            .filter_map(|(name, _)| {
                let (method, path) = name.split_once(' ')?;
                Some(format!("{method} {}", path.strip_prefix(prefix)?))
            })
            .collect();
        found.sort();
        found
    };
    let newest = of(Version::V3, "/api/v3/full-access");
    assert!(newest.len() >= 6, "{newest:?}");
    assert_eq!(of(Version::V3, "/api/v3/restricted-access"), newest);
    let oldest = of(Version::V2, "/api/legal-basis");
    assert_eq!(of(Version::V2, "/api/no-legal-basis"), oldest);
    // Version 2 has one way to search that version 3 has given up.
    let gone = |name: &&String| !newest.contains(name);
    assert!(oldest.iter().filter(gone).all(|name| name == "post /search/match-list"), "{oldest:?}");
    assert!(newest.iter().all(|name| oldest.contains(name)), "{oldest:?}");
    for (version, own) in [(Version::V2, oldest), (Version::V3, newest)] {
        assert_eq!(operations(&openapi(version)).len(), 2 * own.len() + 1, "and ping");
    }
}

#[test]
fn operation_ids_are_unique() {
    let id = |(_, operation): (String, Map<String, Value>)| {
        operation["operationId"].as_str().expect("an id").to_owned()
    };
    let all = Version::ALL.map(|version| operations(&openapi(version)).into_iter().map(id));
    let mut ids: Vec<_> = all.into_iter().flatten().filter(|id| id != "ping").collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    assert!(ids.contains(&"full_access_get_person_by_nin".to_owned()), "{ids:?}");
}

#[test]
fn every_operation_of_a_package_asks_for_its_scope() {
    let expected = [
        (" /api/v3/full-access/", Package::FullAccess, Version::V3),
        (" /api/v3/restricted-access/", Package::RestrictedAccess, Version::V3),
        (" /api/legal-basis/", Package::FullAccess, Version::V2),
        (" /api/no-legal-basis/", Package::RestrictedAccess, Version::V2),
    ];
    let all = Version::ALL.map(|version| operations(&openapi(version)));
    for (name, operation) in all.into_iter().flatten() {
        let needed = operation.get("security").map(|security| security[0]["HelseID"][0].clone());
        let row = expected.iter().find(|(path, ..)| name.contains(path));
        match row {
            Some((_, package, version)) => {
                assert_eq!(needed, Some(scope(*package, *version).into()), "{name}");
            }
            None => assert_eq!((name.as_str(), needed), ("get /ping", None)),
        }
    }
}

#[test]
fn nothing_is_without_a_description() {
    Version::ALL.into_iter().for_each(assert_described);
}

fn assert_described(version: Version) {
    let document = openapi(version);
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
        let refers = property.get("$ref").is_some() || property.get("allOf").is_some();
        let described = is_described(&property["description"]);
        assert!(described || (refers && name != "Person"), "{name}.{field}");
    }
}

fn is_described(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

#[test]
fn every_reference_leads_somewhere_and_nothing_is_left_over() {
    for version in Version::ALL {
        let document = openapi(version);
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let names = text.split("#/components/schemas/").skip(1);
        let names: std::collections::BTreeSet<_> =
            names.filter_map(|rest| rest.split('"').next()).collect();
        for name in &names {
            assert!(schemas.contains_key(*name), "{name}");
        }
        for name in schemas.keys() {
            assert!(names.contains(name.as_str()), "{version:?}: nobody refers to {name}");
        }
    }
}

#[test]
fn every_example_has_the_fields_of_its_schema_and_no_other() {
    for version in Version::ALL {
        let document = openapi(version);
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let mut examples = 0;
        for (name, schema) in schemas {
            if let Some(example) = schema.get("example") {
                let example = example.as_object().expect("an object");
                assert!(!example.is_empty(), "{name}");
                for field in example.keys() {
                    assert!(
                        schema["properties"].get(field).is_some(),
                        "{version:?} {name}.{field}"
                    );
                }
                examples += 1;
            }
        }
        assert!(examples >= 35, "{examples}");
    }
}

#[test]
fn version_2_is_closed_and_version_3_is_open() {
    for version in Version::ALL {
        let document = openapi(version);
        for (name, schema) in document["components"]["schemas"].as_object().expect("schemas") {
            let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
            let is_object = schema["type"] == "object" && name != "ProblemDetails";
            assert_eq!(closed, version == Version::V2 && is_object, "{version:?} {name}");
        }
    }
}
