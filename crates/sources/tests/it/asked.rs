//! Which fields of the wire the document asks for, heard from its own way of reading.

use std::collections::BTreeSet;

use serde::de::value::StrDeserializer;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use sources::freg::document::Document;

/// The names by which an object of the wire is asked for its content.
type Names = &'static [&'static str];

/// Every scalar that is asked for below a path, such as `verge.navn.fornavn`.
pub fn scalars(path: &[&str]) -> BTreeSet<String> {
    let Some(names) = names_below(path) else {
        return BTreeSet::from([path.join(".")]);
    };
    names.iter().flat_map(|name| scalars(&[path, &[name]].concat())).collect()
}

/// What the object at a path asks for; nothing if a scalar is there.
fn names_below(path: &[&str]) -> Option<Names> {
    let mut heard = None;
    // That nothing was read is of no interest.
    let _ = Document::deserialize(Ear { path, heard: &mut heard });
    heard
}

/// Answers with one object inside another, as deep as the path goes, and hears what is asked there.
struct Ear<'a> {
    path: &'a [&'a str],
    heard: &'a mut Option<Names>,
}

impl<'de> Deserializer<'de> for Ear<'_> {
    type Error = de::value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        names: Names,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        if self.path.is_empty() {
            *self.heard = Some(names);
            return Err(de::Error::custom("everything was heard"));
        }
        visitor.visit_map(Once(Some(self)))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    /// A list is read on, and a scalar does not understand it.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_seq(Once(Some(self)))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier
    }
}

/// A list of one item, or an object of one field.
struct Once<'a>(Option<Ear<'a>>);

impl<'de> SeqAccess<'de> for Once<'_> {
    type Error = de::value::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        self.0.take().map(|ear| seed.deserialize(ear)).transpose()
    }
}

impl<'de> MapAccess<'de> for Once<'_> {
    type Error = de::value::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        let Some(first) = self.0.as_ref().and_then(|ear| ear.path.first()) else {
            return Ok(None);
        };
        seed.deserialize(StrDeserializer::new(first)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Self::Error> {
        let Some(Ear { path, heard }) = self.0.take() else {
            return Err(de::Error::custom("no field is left"));
        };
        seed.deserialize(Ear { path: &path[1..], heard })
    }
}
