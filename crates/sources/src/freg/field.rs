//! One field of the wire, read with all the looseness that the source has been seen to use.

use std::fmt;
use std::marker::PhantomData;

use register::id::IdentityNumber;
use register::time::{Day, Instant};
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// What one scalar field of the wire said. Absent, `null` and blank text mean the same.
#[derive(Default)]
pub(super) enum Field<T> {
    /// Nothing was said.
    #[default]
    Absent,
    /// A value we understand.
    Read(T),
    /// Something was said that we do not understand: left out of the answer, and counted.
    Unreadable,
}

/// A type that one scalar of the wire can be read as.
pub(super) trait Scalar: Sized {
    /// Reads text that is not blank.
    fn from_text(text: &str) -> Option<Self>;

    /// Reads a JSON integer; most fields are text, and an integer there is not understood.
    fn from_whole(_number: i64) -> Option<Self> {
        None
    }

    /// Reads `true` or `false`.
    fn from_bool(_value: bool) -> Option<Self> {
        None
    }
}

impl<T> Field<T> {
    fn from_option(value: Option<T>) -> Field<T> {
        value.map_or(Field::Unreadable, Field::Read)
    }

    /// The value, if one was read.
    pub(super) fn value(&self) -> Option<&T> {
        match self {
            Field::Read(value) => Some(value),
            Field::Absent | Field::Unreadable => None,
        }
    }

    /// The value, where unreadable and absent mean the same to the caller.
    pub(super) fn into_value(self) -> Option<T> {
        match self {
            Field::Read(value) => Some(value),
            Field::Absent | Field::Unreadable => None,
        }
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field<T>, D::Error> {
        deserializer.deserialize_any(ScalarVisitor(PhantomData))
    }
}

struct ScalarVisitor<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = Field<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a scalar")
    }

    fn visit_unit<E>(self) -> Result<Field<T>, E> {
        Ok(Field::Absent)
    }

    fn visit_str<E>(self, text: &str) -> Result<Field<T>, E> {
        if text.trim_ascii().is_empty() {
            return Ok(Field::Absent);
        }
        Ok(Field::from_option(T::from_text(text)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Field<T>, E> {
        Ok(Field::from_option(T::from_whole(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Field<T>, E> {
        Ok(Field::from_option(i64::try_from(number).ok().and_then(T::from_whole)))
    }

    fn visit_f64<E>(self, _number: f64) -> Result<Field<T>, E> {
        Ok(Field::Unreadable)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Field<T>, E> {
        Ok(Field::from_option(T::from_bool(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Field<T>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Unreadable)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Field<T>, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Unreadable)
    }
}

impl Scalar for String {
    fn from_text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }
}

impl Scalar for IdentityNumber {
    fn from_text(text: &str) -> Option<IdentityNumber> {
        Some(IdentityNumber::new(text.trim_ascii()))
    }
}

impl Scalar for Instant {
    fn from_text(text: &str) -> Option<Instant> {
        Instant::parse(text).ok()
    }
}

impl Scalar for Day {
    fn from_text(text: &str) -> Option<Day> {
        Day::parse(text).ok()
    }
}

impl Scalar for i64 {
    fn from_text(text: &str) -> Option<i64> {
        text.parse().ok()
    }

    fn from_whole(number: i64) -> Option<i64> {
        Some(number)
    }
}

impl Scalar for bool {
    fn from_text(text: &str) -> Option<bool> {
        text.parse().ok()
    }

    fn from_bool(value: bool) -> Option<bool> {
        Some(value)
    }
}

/// The occurrences of an element, or of a field: a list, a single one standing alone, or nothing.
pub(super) fn many<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ManyVisitor(PhantomData))
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a list, or what it would hold")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        alone(text)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Vec<T>, E> {
        alone(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Vec<T>, E> {
        alone(number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Vec<T>, E> {
        alone(number)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Vec<T>, E> {
        alone(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element::<Option<T>>()? {
            read.extend(item);
        }
        Ok(read)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Vec<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(entries)).map(|item| vec![item])
    }
}

/// A list of the one scalar that stands in its place. An element's object refuses it.
fn alone<'de, T, E>(scalar: impl IntoDeserializer<'de, E>) -> Result<Vec<T>, E>
where
    T: Deserialize<'de>,
    E: Error,
{
    T::deserialize(scalar.into_deserializer()).map(|item| vec![item])
}
