//! What a JSON value looks like: every path in it with the type found there.

use std::collections::BTreeSet;

use serde_json::Value;

/// Paths such as `navn[].fornavn: string`.
pub type Shape = BTreeSet<String>;

/// The shape of a value. The inside of `folkeregisterperson` is a shape of its own and left out.
pub fn of(value: &Value) -> Shape {
    let mut shape = Shape::new();
    add(value, "", &mut shape);
    shape
}

fn add(value: &Value, path: &str, shape: &mut Shape) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    shape.insert(format!("{path}: {kind}"));
    match value {
        Value::Array(items) => {
            for item in items {
                add(item, &format!("{path}[]"), shape);
            }
        }
        Value::Object(fields) if !path.ends_with("folkeregisterperson") => {
            for (name, field) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                add(field, &format!("{path}{dot}{name}"), shape);
            }
        }
        _ => {}
    }
}

/// Every text found at a path such as `status[].status`.
pub fn texts<'a>(value: &'a Value, path: &str) -> Vec<&'a str> {
    let Some((field, rest)) = path.split_once('.') else {
        return at(value, path).iter().filter_map(|found| found.as_str()).collect();
    };
    at(value, field).into_iter().flat_map(|found| texts(found, rest)).collect()
}

fn at<'a>(value: &'a Value, field: &str) -> Vec<&'a Value> {
    match field.strip_suffix("[]") {
        Some(name) => value[name].as_array().into_iter().flatten().collect(),
        None => value.get(field).into_iter().collect(),
    }
}

#[test]
fn a_shape_tells_fields_and_types() {
    let value = serde_json::json!({"a": [{"b": 1}, {"c": "x"}], "d": true});
    let shape = of(&value);
    let paths: Vec<&str> = shape.iter().map(String::as_str).collect();
    let wanted =
        [": object", "a: array", "a[].b: integer", "a[].c: string", "a[]: object", "d: boolean"];
    assert_eq!(paths, wanted);
    assert_eq!(texts(&value, "a[].c"), ["x"]);
}
