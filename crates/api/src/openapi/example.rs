//! Examples, from the samples that the model itself is tested with.

use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::part::{InformationPart, PartSet};
use register::person::Person;
use register::render::{Circumstances, ServedForm, render};
use register::version::Version;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{Content, OpenApi, RefOr};
use uuid::Uuid;

use super::edition::{Schemas, object_mut, part_of};
use crate::events::EventDocument;

/// Whom the examples are about: nobody.
const ID: PersonId = PersonId(Uuid::from_u128(0x2c37_dae1_a161_433f_95b3_547e_82ca_a50a));
/// A synthetic number: its month is 80 too large.
const NUMBER: &str = "15817012345";
const SEQUENCE: i64 = 4711;

/// Gives the schema of each part an item of it, and each answer with persons a short one.
pub(super) fn add(document: &mut OpenApi, version: Version) {
    if let Some(components) = &mut document.components {
        add_to_schemas(&mut components.schemas, version);
    }
    let brief = PartSet::of(&[InformationPart::Name, InformationPart::Gender]);
    let person = sample(version, brief);
    for item in document.paths.paths.values_mut() {
        let operations = [item.get.as_mut(), item.post.as_mut()];
        for operation in operations.into_iter().flatten() {
            let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else {
                continue;
            };
            for content in answer.content.values_mut() {
                if let RefOr::T(content) = content {
                    add_person(content, &person);
                }
            }
        }
    }
}

fn add_to_schemas(schemas: &mut Schemas, version: Version) {
    let whole = sample(version, PartSet::ALL);
    let Some(person) = object_mut(schemas, "Person") else { return };
    let parts: Vec<(String, Value)> = person
        .properties
        .iter()
        .filter_map(|(property, schema)| {
            let found = &whole[property];
            let item = found.as_array().map_or(found, |items| items.first().unwrap_or(found));
            Some((part_of(schema)?, item.clone()))
        })
        .collect();
    for (name, item) in parts {
        if let Some(object) = object_mut(schemas, &name) {
            object.examples = vec![item];
        }
    }
    if let Some(object) = object_mut(schemas, &EventDocument::name()) {
        let mut event = Map::new();
        event.insert("sequenceNumber".to_owned(), SEQUENCE.to_string().into());
        event.insert("personId".to_owned(), ID.to_string().into());
        event.insert("eventType".to_owned(), EventType::ChangeInName.name().into());
        event.insert("nin".to_owned(), IdentityNumber::from(NUMBER).as_str().into());
        event.retain(|field, _| object.properties.contains_key(field));
        object.examples = vec![event.into()];
    }
}

/// A person's answer is a person, an array of them, or a page with an array of them.
fn add_person(content: &mut Content, person: &Value) {
    let Some(schema) = &content.schema else { return };
    let named = match schema {
        RefOr::Ref(it) => it.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    };
    let is_list = part_of(schema).is_some_and(|name| name == "Person");
    content.example = match named {
        Some("Person") => Some(person.clone()),
        Some("PersonSearchResult") => {
            Some(json!({"results": [person], "startIndex": 0, "endIndex": 0}))
        }
        _ if is_list => Some(json!([person])),
        _ => return,
    };
}

/// The sample as full access is answered in this version.
fn sample(version: Version, parts: PartSet) -> Value {
    let person = Person::sample().sorted();
    let form = render(&person, Package::FullAccess, &Circumstances::default());
    let mut json = Vec::new();
    // Both have just been written here: they can be read.
    if let Ok(served) = ServedForm::read(&form) {
        served.in_version(version).write_json(&mut json, ID, SEQUENCE, parts, false);
    }
    serde_json::from_slice(&json).unwrap_or_default()
}
