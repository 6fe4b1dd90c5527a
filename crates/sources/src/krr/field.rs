//! One field of the wire, read with all the looseness that KRR has been seen to use.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

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

/// A kind of value that a field can have.
pub(super) trait Kind<'de>: Sized {
    /// Reads text that is not blank.
    fn from_text(_text: &str) -> Option<Self> {
        None
    }

    /// Reads an object; it has to be read to its end.
    fn from_object<A: MapAccess<'de>>(mut entries: A) -> Result<Option<Self>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl Kind<'_> for String {
    fn from_text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }
}

impl<'de, T: Deserialize<'de>> Kind<'de> for Box<T> {
    fn from_object<A: MapAccess<'de>>(entries: A) -> Result<Option<Box<T>>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(entries)).map(|value| Some(Box::new(value)))
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

impl<'de, T: Kind<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field<T>, D::Error> {
        deserializer.deserialize_any(FieldVisitor(PhantomData))
    }
}

struct FieldVisitor<T>(PhantomData<T>);

impl<'de, T: Kind<'de>> Visitor<'de> for FieldVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a field")
    }

    fn visit_unit<E>(self) -> Result<Field<T>, E> {
        Ok(Field::Absent)
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<T>, E> {
        if text.trim().is_empty() {
            return Ok(Field::Absent);
        }
        Ok(T::from_text(text).map_or(Field::Unreadable, Field::Read))
    }

    fn visit_bool<E>(self, _value: bool) -> Result<Field<T>, E> {
        Ok(Field::Unreadable)
    }

    fn visit_i64<E>(self, _number: i64) -> Result<Field<T>, E> {
        Ok(Field::Unreadable)
    }

    fn visit_u64<E>(self, _number: u64) -> Result<Field<T>, E> {
        Ok(Field::Unreadable)
    }

    fn visit_f64<E>(self, _number: f64) -> Result<Field<T>, E> {
        Ok(Field::Unreadable)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Field<T>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Unreadable)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Field<T>, A::Error> {
        Ok(T::from_object(entries)?.map_or(Field::Unreadable, Field::Read))
    }
}
