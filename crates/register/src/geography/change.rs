//! What differs between two geographies, and whom it touches.

use std::cmp::Ordering;

use super::dated::Dated;
use super::digest::Words;
use super::key::{Key, Kind};
use super::lookup::Geography;
use crate::time::Day;

/// How many rows of a table are new, gone, or say something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rows that are new.
    pub added: u64,
    /// Rows that are gone.
    pub removed: u64,
    /// Rows that say something else, or until another day.
    pub changed: u64,
}

/// The difference between a geography on a day and another, or the same, on a later day.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Counties' names.
    pub counties: Difference,
    /// Municipalities' names.
    pub municipalities: Difference,
    /// Units' names.
    pub units: Difference,
    /// Districts' names.
    pub districts: Difference,
    /// Which district units lie in.
    pub unit_districts: Difference,
    /// Exceptions to who gives services.
    pub exceptions: Difference,
    /// Addresses by id.
    pub ids: Difference,
    /// Addresses by door.
    pub doors: Difference,
    /// Addresses by property.
    pub properties: Difference,
    /// The questions whose answers may differ, in order.
    keys: Vec<Key>,
}

impl Changes {
    /// What differs between the answers of the one geography on its day and those of the other on
    /// its day. With the same geography twice, it is what the days that passed have changed.
    pub fn between(old: (&Geography, Day), new: (&Geography, Day)) -> Self {
        let ((old, old_day), (new, new_day)) = (old, new);
        let days = (old_day.min(new_day), old_day.max(new_day));
        let mut changes = Self::default();
        let keys = &mut changes.keys;
        let mut table = |kind, old, new| dated(old, new, kind, days, keys);
        changes.counties = table(Kind::County, &old.counties, &new.counties);
        changes.municipalities =
            table(Kind::Municipality, &old.municipalities, &new.municipalities);
        changes.units = table(Kind::Unit, &old.units, &new.units);
        changes.districts = table(Kind::District, &old.districts, &new.districts);
        let mut table = |kind, old, new| dated(old, new, kind, days, keys);
        changes.unit_districts = table(Kind::Unit, &old.unit_districts, &new.unit_districts);
        let by_unit = table(Kind::Unit, &old.served_units, &new.served_units);
        let by_district = table(Kind::District, &old.served_districts, &new.served_districts);
        changes.exceptions = by_unit.plus(by_district);
        changes.ids = index(old.ids.iter(), new.ids.iter(), Kind::AddressId, keys);
        changes.doors = index(old.doors.iter(), new.doors.iter(), Kind::Door, keys);
        changes.properties =
            index(old.properties.iter(), new.properties.iter(), Kind::Property, keys);
        keys.sort_unstable();
        keys.dedup();
        changes
    }

    /// Whether somebody whose enrichment asked this may come out different.
    pub fn touch(&self, asked: &[Key]) -> bool {
        asked.iter().any(|key| self.keys.binary_search(key).is_ok())
    }

    /// Whether nobody comes out different.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The questions whose answers may differ, in order.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }
}

impl Difference {
    fn plus(self, other: Self) -> Self {
        Self {
            added: self.added + other.added,
            removed: self.removed + other.removed,
            changed: self.changed + other.changed,
        }
    }
}

/// The difference of two dated tables: rows that differ, and rows that begin or end after the one
/// day and at the latest on the other.
fn dated<V: Ord>(
    old: &Dated<V>,
    new: &Dated<V>,
    kind: Kind,
    (after, until): (Day, Day),
    keys: &mut Vec<Key>,
) -> Difference {
    fn rows<V: Ord>(table: &Dated<V>) -> impl Iterator<Item = ((u32, Day), (Option<Day>, &V))> {
        table.rows().iter().map(|row| ((row.code, row.valid.from), (row.valid.to, &row.value)))
    }
    for row in new.rows().iter().filter(|row| row.valid.turns(after, until)) {
        keys.push(Key::new(kind, row.code));
    }
    compare(rows(old), rows(new), |(code, _)| keys.push(Key::new(kind, code)))
}

/// The difference of two indices of addresses.
fn index<K: Ord + Words>(
    old: impl Iterator<Item = (K, u32)>,
    new: impl Iterator<Item = (K, u32)>,
    kind: Kind,
    keys: &mut Vec<Key>,
) -> Difference {
    compare(old, new, |key| keys.push(Key::new(kind, key)))
}

/// Walks through two sequences in order of their keys, and names every key that differs.
fn compare<K: Ord, V: PartialEq>(
    old: impl Iterator<Item = (K, V)>,
    new: impl Iterator<Item = (K, V)>,
    mut differs: impl FnMut(K),
) -> Difference {
    let (mut old, mut new) = (old.peekable(), new.peekable());
    let mut difference = Difference::default();
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return difference,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((was, _)), Some((is, _))) => was.cmp(is),
        };
        let was = if order.is_le() { old.next() } else { None };
        let is = if order.is_ge() { new.next() } else { None };
        match (was, is) {
            (Some((_, was)), Some((key, is))) if was != is => {
                difference.changed += 1;
                differs(key);
            }
            (Some((key, _)), None) => {
                difference.removed += 1;
                differs(key);
            }
            (None, Some((key, _))) => {
                difference.added += 1;
                differs(key);
            }
            _ => {}
        }
    }
}
