//! What differs between two states of the same JSON object, member by member.
//!
//! A member is a list of items, whose order means nothing; what stands alone is a list of one, and
//! what is null or empty is no list at all. Within an item the order of a list counts, as in the
//! lines of an address, and a field that is null is as good as none.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The items of each member, in one order whatever order they came in. Members that are called the
/// same are put together.
pub(crate) struct Members(BTreeMap<&'static str, Vec<String>>);

impl Members {
    /// Takes an object apart. `name_of` says what a member is called, or that it is left out.
    pub(crate) fn of(
        object: &Map<String, Value>,
        name_of: impl Fn(&str) -> Option<&'static str>,
    ) -> Members {
        let mut members: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (spelled, value) in object {
            let Some(name) = name_of(spelled) else { continue };
            let items = match value {
                Value::Null => continue,
                Value::Array(items) => items.as_slice(),
                item => std::slice::from_ref(item),
            };
            members.entry(name).or_default().extend(items.iter().map(written));
        }
        members.values_mut().for_each(|items| items.sort_unstable());
        members.retain(|_, items| !items.is_empty());
        Members(members)
    }

    /// The names of the members that are not the same in both.
    pub(crate) fn differing(&self, other: &Members) -> Vec<&'static str> {
        let names: BTreeSet<&'static str> = self.0.keys().chain(other.0.keys()).copied().collect();
        names.into_iter().filter(|name| self.0.get(name) != other.0.get(name)).collect()
    }
}

/// A value as text, the same for all that mean the same.
fn written(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(_, value)| !value.is_null()).collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{name:?}:{}", written(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(","))
        }
        value => value.to_string(),
    }
}
