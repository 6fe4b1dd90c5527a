//! JSON objects in which a member name stands only once.
//!
//! `serde_json` keeps the last of two members with one name; another reader may keep the first.
//! Whoever checks one and uses the other is fooled, so a token with a repeated name, at any depth,
//! is refused (RFC 7515 §4 and RFC 7519 §4 allow that). Depth is bounded by `serde_json` itself
//! (128 levels), length by the callers.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// Reads one JSON object; `None` for anything else, for repeated names, and for text after it.
pub(crate) fn read_object(json: &[u8]) -> Option<Object> {
    match serde_json::from_slice::<Strict>(json) {
        Ok(Strict(Value::Object(object))) => Some(object),
        _ => None,
    }
}

/// A NumericDate (RFC 7519 §2) in whole seconds. Some clients send a fraction; it is cut off.
/// `None` for a missing member, a text, or a number outside what a date can be.
pub(crate) fn numeric_date(object: &Object, name: &str) -> Option<i64> {
    /// The largest whole number that every JSON reader agrees on.
    const LIMIT: f64 = 9_007_199_254_740_991.0;
    let number = object.get(name)?.as_f64()?;
    (number.abs() <= LIMIT).then(|| number.floor() as i64)
}

/// A text member; `None` if it is missing or something else.
pub(crate) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON without repeated names")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, Strict>()? {
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("repeated name"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_names_are_refused_at_any_depth() {
        assert!(read_object(br#"{"a":1,"b":{"a":[{"c":null}]}}"#).is_some());
        assert!(read_object(br#"{"a":1,"a":1}"#).is_none());
        assert!(read_object(br#"{"a":1,"\u0061":2}"#).is_none());
        assert!(read_object(br#"{"b":[{"a":1,"a":2}]}"#).is_none());
    }

    #[test]
    fn only_one_object_is_read() {
        for json in ["", "[]", "1", "\"a\"", "{} {}", "{\"a\":1e999}", "{\"a\":NaN}"] {
            assert!(read_object(json.as_bytes()).is_none(), "{json}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
        assert!(read_object(deep.as_bytes()).is_none());
    }

    #[test]
    fn the_values_are_those_of_serde_json() {
        let json = br#"{"i":-3,"u":18446744073709551615,"f":1.5,"s":"\u00f8","n":null,"t":true}"#;
        let plain: Value = serde_json::from_slice(json).expect("valid JSON");
        assert_eq!(Value::Object(read_object(json).expect("valid object")), plain);
    }

    #[test]
    fn a_date_is_a_number_of_a_sensible_size() {
        let read = |json: &str| numeric_date(&read_object(json.as_bytes()).expect("object"), "d");
        assert_eq!(read(r#"{"d":1700000000}"#), Some(1_700_000_000));
        assert_eq!(read(r#"{"d":1700000000.9}"#), Some(1_700_000_000));
        assert_eq!(read(r#"{"d":-1}"#), Some(-1));
        for json in [r#"{}"#, r#"{"d":"1700000000"}"#, r#"{"d":1e300}"#, r#"{"d":null}"#] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
