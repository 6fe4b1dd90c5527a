//! The description as OpenAPI 3.0, which every generator reads.
//!
//! The types are described in OpenAPI 3.1, where what may be absent is one of two types. Generators
//! that clients have been made with for years know it as `nullable` only.

use serde_json::{Map, Value, json};

/// The edition of OpenAPI that the description is written in.
const EDITION: &str = "3.0.3";

/// Writes a description of 3.1 as one of 3.0.
pub(super) fn as_3_0(mut document: Value) -> Value {
    document["openapi"] = EDITION.into();
    if let Some(schemas) = document.pointer_mut("/components/schemas") {
        schemas.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(write);
    }
    for_each_schema(&mut document["paths"]);
    document
}

/// Finds the schemas of operations, whose examples are none of our business.
fn for_each_schema(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(for_each_schema),
        Value::Object(members) => {
            for (name, member) in members {
                match name.as_str() {
                    "schema" => write(member),
                    "example" => {}
                    _ => for_each_schema(member),
                }
            }
        }
        _ => {}
    }
}

/// Writes one schema and those within it.
fn write(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    write_type(members);
    write_reference(members);
    if let Some(Value::Array(examples)) = members.remove("examples") {
        members.extend(examples.into_iter().next().map(|first| ("example".to_owned(), first)));
    }
    if let Some(items) = members.get_mut("items") {
        write(items);
    }
    if let Some(Value::Object(properties)) = members.get_mut("properties") {
        properties.values_mut().for_each(write);
    }
}

/// `[string, null]` is a string that is nullable.
fn write_type(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get("type")
        && let [one, null] = types.as_slice()
        && null == "null"
    {
        let one = one.clone();
        schema.insert("type".to_owned(), one);
        schema.insert("nullable".to_owned(), true.into());
    }
}

/// A reference to a schema or null is a nullable one, and what is said of it stands beside it:
/// whatever stands in the same object as a reference is overlooked.
fn write_reference(schema: &mut Map<String, Value>) {
    let of_choice = schema.get("oneOf").and_then(|choice| match choice.as_array()?.as_slice() {
        [one, null] if null["type"] == "null" => one.as_object().cloned(),
        _ => None,
    });
    if let Some(one) = of_choice {
        schema.remove("oneOf");
        let description = schema.get("description").cloned();
        schema.extend(one);
        schema.extend(description.map(|text| ("description".to_owned(), text)));
        schema.insert("nullable".to_owned(), true.into());
    }
    if schema.len() > 1
        && let Some(reference) = schema.remove("$ref")
    {
        schema.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_absent_is_nullable() {
        let newer = json!({
            "openapi": "3.1.0",
            "paths": { "/p": { "get": {
                "parameters": [{ "schema": { "type": ["integer", "null"], "maximum": 3 } }],
                "example": { "schema": { "type": ["string", "null"] } },
            } } },
            "components": { "schemas": { "Thing": { "type": "object", "properties": {
                "list": { "type": ["array", "null"], "items": { "$ref": "#/A" } },
                "said": { "oneOf": [{ "$ref": "#/A", "description": "it" }, { "type": "null" }] },
                "bare": { "oneOf": [{ "$ref": "#/A" }, { "type": "null" }], "description": "b" },
                "must": { "$ref": "#/A", "description": "there" },
            }, "examples": [{ "type": ["string", "null"] }] } } },
        });
        let a = json!([{ "$ref": "#/A" }]);
        let older = json!({
            "openapi": "3.0.3",
            "paths": { "/p": { "get": {
                "parameters": [{ "schema": { "type": "integer", "nullable": true, "maximum": 3 } }],
                "example": { "schema": { "type": ["string", "null"] } },
            } } },
            "components": { "schemas": { "Thing": { "type": "object", "properties": {
                "list": { "type": "array", "nullable": true, "items": { "$ref": "#/A" } },
                "said": { "allOf": a, "nullable": true, "description": "it" },
                "bare": { "allOf": a, "nullable": true, "description": "b" },
                "must": { "allOf": a, "description": "there" },
            }, "example": { "type": ["string", "null"] } } } },
        });
        assert_eq!(as_3_0(newer), older);
    }
}
