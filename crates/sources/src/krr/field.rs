//! One field of the wire, read with all the looseness that KRR has been seen to use.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// What one field said. Absent, `null` and blank text mean the same.
#[derive(Default)]
pub(super) enum Field<T> {
    /// Nothing was said.
    #[default]
    Absent,
    /// A value of the kind that belongs here.
    Read(T),
    /// Something else was said: left out of the answer, and counted.
    Unreadable,
}

/// A text of the wire that is not blank, as it stands there.
pub(super) type Text = Field<String>;
/// An object of the wire.
pub(super) type Object<T> = Field<Box<T>>;

/// How a kind of value is taken out of JSON.
pub(super) trait Kind: Sized {
    /// The value, if it is of this kind.
    fn from_json(value: Value) -> Option<Self>;
}

impl Kind for String {
    fn from_json(value: Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }
}

impl<T: DeserializeOwned> Kind for Box<T> {
    fn from_json(value: Value) -> Option<Box<T>> {
        // A list is no object, though serde would fill the fields from one in their order.
        if value.is_object() { serde_json::from_value(value).ok().map(Box::new) } else { None }
    }
}

impl<T> Field<T> {
    /// The value, if one was read.
    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Field::Read(value) => Some(value),
            Field::Absent | Field::Unreadable => None,
        }
    }
}

impl<'de, T: Kind> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field<T>, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Field::Absent,
            Value::String(text) if text.trim().is_empty() => Field::Absent,
            value => T::from_json(value).map_or(Field::Unreadable, Field::Read),
        })
    }
}
