//! That no client which was made from a released description stops working.
//!
//! `openapi/released/` holds the descriptions as clients have them. A change that takes something
//! away from them, or asks for more, is found here; version 2 is frozen, so that there even a field
//! too many is: its objects forbid what they do not know.

use serde_json::{Map, Value, json};

use super::{committed, openapi};
use register::version::Version;

/// What would break, in words; empty when a client of `released` can go on with `now`.
struct Comparison<'a> {
    released: &'a Value,
    now: &'a Value,
    frozen: bool,
    breaks: Vec<String>,
}

fn breaking(released: &Value, now: &Value, frozen: bool) -> Vec<String> {
    let mut comparison = Comparison { released, now, frozen, breaks: Vec::new() };
    comparison.operations();
    comparison.schemas();
    comparison.breaks
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A type in a word; an object in place is compared field by field instead.
pub(super) fn kind(schema: &Value) -> String {
    if schema["nullable"] == true {
        let mut bare = schema.clone();
        bare["nullable"] = false.into();
        return format!("{}|null", kind(&bare));
    }
    if let Some([one]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return kind(one);
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choice) = schema["oneOf"].as_array() {
        return choice.iter().map(kind).collect::<Vec<_>>().join("|");
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect::<Vec<_>>(),
        one => one.as_str().into_iter().collect(),
    };
    let words = types.iter().map(|name| match (*name, schema["format"].as_str()) {
        ("array", _) => format!("array<{}>", kind(&schema["items"])),
        ("string" | "integer" | "number", Some(format)) => format.to_owned(),
        (name, _) => name.to_owned(),
    });
    words.collect::<Vec<_>>().join("|")
}

/// Bounds that must not become tighter: whether a larger one is.
const BOUNDS: [(&str, bool); 6] = [
    ("minimum", true),
    ("minLength", true),
    ("minItems", true),
    ("maximum", false),
    ("maxLength", false),
    ("maxItems", false),
];

/// Whether `now` accepts less than `before` by one of its bounds, its pattern or its type.
pub(super) fn tighter(before: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, larger_is_tighter) in BOUNDS {
        let is_tighter = match (before[name].as_f64(), now[name].as_f64()) {
            (Some(before), Some(now)) if larger_is_tighter => now > before,
            (Some(before), Some(now)) => now < before,
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if is_tighter {
            found.push(name.to_owned());
        }
    }
    if !now["pattern"].is_null() && now["pattern"] != before["pattern"] {
        found.push("pattern".to_owned());
    }
    if before["default"] != now["default"] && !before["default"].is_null() {
        found.push("default".to_owned());
    }
    found
}

impl Comparison<'_> {
    fn note(&mut self, text: String) {
        self.breaks.push(text);
    }

    fn operations(&mut self) {
        let (released, now) = (self.released, self.now);
        for (path, item) in object(&released["paths"]) {
            for (method, before) in object(item) {
                let name = format!("{method} {path}");
                match now["paths"][path].get(method) {
                    None => self.note(format!("{name} is gone")),
                    Some(now) => self.operation(&name, before, now),
                }
            }
        }
    }

    fn operation(&mut self, name: &str, before: &Value, now: &Value) {
        if before["security"] != now["security"] {
            self.note(format!("{name} asks for another scope"));
        }
        self.parameters(name, before, now);
        let bodies = [before, now].map(|it| &it["requestBody"]);
        if bodies[0]["required"] != true && bodies[1]["required"] == true {
            self.note(format!("{name} asks for a body"));
        }
        for (media_type, content) in object(&bodies[0]["content"]) {
            match bodies[1]["content"].get(media_type) {
                None => self.note(format!("{name} does not take {media_type}")),
                Some(now) => self.form(name, &content["schema"], &now["schema"]),
            }
        }
        for (status, answer) in object(&before["responses"]) {
            let is_good = status.starts_with('2');
            match now["responses"].get(status) {
                None if is_good => self.note(format!("{name} does not answer {status}")),
                None => {}
                Some(now) => self.answer(&format!("{name} {status}"), answer, now),
            }
        }
    }

    fn answer(&mut self, name: &str, before: &Value, now: &Value) {
        for (media_type, content) in object(&before["content"]) {
            let now = &now["content"][media_type];
            if kind(&content["schema"]) != kind(&now["schema"]) {
                self.note(format!("{name} answers something else"));
            }
        }
    }

    fn parameters(&mut self, name: &str, before: &Value, now: &Value) {
        let all = |it: &Value| it["parameters"].as_array().cloned().unwrap_or_default();
        let same =
            |one: &Value, other: &Value| one["in"] == other["in"] && one["name"] == other["name"];
        let (before, now) = (all(before), all(now));
        for parameter in &before {
            let what = format!("{name} {}", parameter["name"]);
            match now.iter().find(|it| same(it, parameter)) {
                None => self.note(format!("{what} is gone")),
                Some(now) => {
                    if parameter["required"] != true && now["required"] == true {
                        self.note(format!("{what} is required"));
                    }
                    self.accepts(&what, &parameter["schema"], &now["schema"]);
                }
            }
        }
        for parameter in now.iter().filter(|it| it["required"] == true) {
            if !before.iter().any(|it| same(it, parameter)) {
                self.note(format!("{name} {} is new and required", parameter["name"]));
            }
        }
    }

    fn form(&mut self, name: &str, before: &Value, now: &Value) {
        let is_required = |form: &Value, field: &str| {
            form["required"].as_array().is_some_and(|names| names.contains(&json!(field)))
        };
        for (field, schema) in object(&before["properties"]) {
            match now["properties"].get(field) {
                None => self.note(format!("{name} {field} is gone")),
                Some(now) => self.accepts(&format!("{name} {field}"), schema, now),
            }
        }
        for (field, _) in object(&now["properties"]) {
            if is_required(now, field) && !is_required(before, field) {
                self.note(format!("{name} {field} is required"));
            }
        }
    }

    /// A value that was good must stay good.
    fn accepts(&mut self, name: &str, before: &Value, now: &Value) {
        if kind(before) != kind(now) {
            self.note(format!("{name} has another type"));
        }
        for bound in tighter(before, now) {
            self.note(format!("{name} has another {bound}"));
        }
        self.values(name, before, now);
    }

    fn schemas(&mut self) {
        let (released, now) = (self.released, self.now);
        for (name, before) in object(&released["components"]["schemas"]) {
            let Some(now) = now["components"]["schemas"].get(name) else {
                self.note(format!("{name} is gone"));
                continue;
            };
            for (field, schema) in object(&before["properties"]) {
                match now["properties"].get(field) {
                    None => self.note(format!("{name}.{field} is gone")),
                    Some(now) if kind(schema) != kind(now) => {
                        self.note(format!("{name}.{field} has another type"));
                    }
                    Some(_) => {}
                }
            }
            for (field, _) in object(&now["properties"]) {
                if self.frozen && before["properties"].get(field).is_none() {
                    self.note(format!("{name}.{field} is new, and clients throw on it"));
                }
            }
            self.values(name, before, now);
        }
    }

    fn values(&mut self, name: &str, before: &Value, now: &Value) {
        let all = |it: &Value| it["enum"].as_array().cloned().unwrap_or_default();
        let (before, now) = (all(before), all(now));
        for value in before.iter().filter(|value| !now.contains(value)) {
            self.note(format!("{name} has no {value}"));
        }
        let is_new = |value: &&Value| !before.contains(value);
        for value in now.iter().filter(is_new).filter(|_| self.frozen) {
            self.breaks.push(format!("{name} has a new {value}, and clients throw on it"));
        }
    }
}

#[test]
fn nothing_that_was_released_is_broken() {
    for version in Version::ALL {
        let path = committed(version, "released/");
        let released = std::fs::read_to_string(&path).expect("the released description");
        let released: Value = serde_json::from_str(&released).expect("JSON");
        let found = breaking(&released, &openapi(version), version == Version::V2);
        assert_eq!(found, [""; 0], "{path}");
    }
}

const EVENTS: &str = "/paths/~1api~1v3~1full-access~1event/get";
const BY_NIN: &str = "/paths/~1api~1v3~1full-access~1person~1get-by-nin/post";
const FORM: &str = "requestBody/content/application~1x-www-form-urlencoded/schema";
const SCHEMAS: &str = "/components/schemas";

/// The value at a pointer is replaced; null takes it out.
fn changed(document: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = document.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let name = name.replace("~1", "/");
    let parent = changed.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
    match parent {
        Value::Array(items) => {
            let index: usize = name.parse().expect("an index");
            match value {
                Value::Null => drop(items.remove(index)),
                value if index < items.len() => items[index] = value,
                value => items.push(value),
            }
        }
        Value::Object(members) if value.is_null() => {
            members.remove(&name).unwrap_or_else(|| panic!("{pointer}"));
        }
        Value::Object(members) => drop(members.insert(name, value)),
        _ => panic!("{pointer}"),
    }
    changed
}

fn parameter(name: &str, required: bool) -> Value {
    let schema = json!({"type": "string"});
    json!({"name": name, "in": "query", "required": required, "schema": schema})
}

#[test]
fn every_way_to_break_a_client_is_found() {
    let before = openapi(Version::V3);
    let form = format!("{BY_NIN}/{FORM}");
    let cases = [
        ("/paths/~1ping".to_owned(), Value::Null, "get /ping is gone"),
        (EVENTS.to_owned(), Value::Null, "get /api/v3/full-access/event is gone"),
        (format!("{EVENTS}/parameters/0"), Value::Null, "\"sequenceNumber\" is gone"),
        (format!("{EVENTS}/parameters/0/schema"), json!({"type": "string"}), "another type"),
        (format!("{EVENTS}/parameters/0/required"), json!(true), "is required"),
        (format!("{EVENTS}/parameters/99"), parameter("shoeSize", true), "new and required"),
        (format!("{EVENTS}/parameters/0/schema/minimum"), json!(1), "another minimum"),
        (format!("{EVENTS}/parameters/2/schema/maximum"), json!(999), "another maximum"),
        (format!("{EVENTS}/parameters/2/schema/minimum"), json!(2), "another minimum"),
        (format!("{EVENTS}/parameters/2/schema/default"), json!(10), "another default"),
        (format!("{EVENTS}/security/0/HelseID/0"), json!("x"), "asks for another scope"),
        (format!("{EVENTS}/responses/200"), Value::Null, "does not answer 200"),
        (
            format!("{EVENTS}/responses/200/content/application~1json/schema"),
            json!({"$ref": "#/components/schemas/Person"}),
            "answers something else",
        ),
        (format!("{form}/properties/nin"), Value::Null, "nin is gone"),
        (format!("{form}/properties/nin/maxLength"), json!(11), "another maxLength"),
        (format!("{form}/properties/nin/minLength"), json!(11), "another minLength"),
        (format!("{form}/properties/nin/pattern"), json!("[0-9]+"), "another pattern"),
        (
            format!("{BY_NIN}/requestBody/content"),
            json!({"application/json": {}}),
            "does not take application/x-www-form-urlencoded",
        ),
        (format!("{SCHEMAS}/Birth"), Value::Null, "Birth is gone"),
        (format!("{SCHEMAS}/Birth/properties/birthYear"), Value::Null, "birthYear is gone"),
        (
            format!("{SCHEMAS}/Birth/properties/birthYear/type"),
            json!(["integer", "null"]),
            "Birth.birthYear has another type",
        ),
        (
            format!("{SCHEMAS}/Birth/properties/birthDate/format"),
            json!("date"),
            "Birth.birthDate has another type",
        ),
        (format!("{SCHEMAS}/Gender/enum/0"), Value::Null, "Gender has no \"Female\""),
        (format!("{SCHEMAS}/EventType/enum/5"), Value::Null, "EventType has no"),
    ];
    for (pointer, value, expected) in cases {
        let found = breaking(&before, &changed(&before, &pointer, value), false);
        assert!(found.iter().any(|text| text.contains(expected)), "{pointer}: {found:?}");
    }
}

#[test]
fn a_new_required_field_of_a_form_is_found() {
    let before = openapi(Version::V3);
    let form = format!("{BY_NIN}/{FORM}");
    let more = changed(&before, &format!("{form}/properties/shoeSize"), json!({"type": "string"}));
    assert_eq!(breaking(&before, &more, false), [""; 0]);
    let more = changed(&more, &format!("{form}/required/9"), json!("shoeSize"));
    let found = breaking(&before, &more, false);
    assert!(found.iter().any(|text| text.ends_with("shoeSize is required")), "{found:?}");
}

#[test]
fn what_only_adds_breaks_nobody_but_those_of_version_2() {
    let string = json!({"type": "string"});
    let cases = [
        ("/paths/~1pong".to_owned(), json!({"get": {}}), false),
        (format!("{EVENTS}/parameters/99"), parameter("shoeSize", false), false),
        (format!("{EVENTS}/parameters/2/schema/maximum"), json!(2000), false),
        (format!("{EVENTS}/parameters/2/description"), json!("other words"), false),
        (format!("{EVENTS}/responses/418"), json!({"description": "short"}), false),
        (format!("{BY_NIN}/{FORM}/properties/nin/maxLength"), json!(20), false),
        (format!("{SCHEMAS}/Shoe"), json!({"type": "object"}), false),
        (format!("{SCHEMAS}/Birth/properties/shoeSize"), string, true),
        (format!("{SCHEMAS}/Gender/enum/99"), json!("Unknown"), true),
    ];
    let before = openapi(Version::V3);
    for (pointer, value, breaks_version_2) in cases {
        let now = changed(&before, &pointer, value);
        assert_eq!(breaking(&before, &now, false), [""; 0], "{pointer}");
        assert_eq!(breaking(&before, &now, true).is_empty(), !breaks_version_2, "{pointer}");
    }
    assert_eq!(breaking(&before, &before, true), [""; 0]);
    assert!(!breaking(&before, &Value::Object(Map::new()), false).is_empty());
}
