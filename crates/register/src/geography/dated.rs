//! Tables whose rows hold for a time.

use super::digest::{Digest, Words};
use crate::time::Day;

/// The days on which something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Validity {
    /// The first day.
    pub from: Day,
    /// The first day on which it does not hold any more; nothing while no end is known.
    pub to: Option<Day>,
}

impl Validity {
    /// From this day on, without a known end.
    pub fn since(from: Day) -> Self {
        Self { from, to: None }
    }

    /// Whether it holds on the day.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// Whether there is no day on which it holds.
    pub fn is_empty(&self) -> bool {
        self.to.is_some_and(|to| to <= self.from)
    }

    /// Whether it begins or ends after the one day, and at the latest on the other.
    pub(super) fn turns(&self, after: Day, until: Day) -> bool {
        let turns = |day: Day| after < day && day <= until;
        turns(self.from) || self.to.is_some_and(turns)
    }
}

/// One row: what is said of the code, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row<V> {
    pub(super) code: u32,
    pub(super) valid: Validity,
    pub(super) value: V,
}

/// Rows by code, the oldest first.
pub(super) struct Dated<V> {
    rows: Vec<Row<V>>,
}

impl<V: Ord> Dated<V> {
    /// The table of these rows, whatever their order, and how many were left out because another
    /// row says something else of the same code from the same day: neither is believed.
    pub(super) fn new(mut rows: Vec<Row<V>>) -> (Self, u64) {
        rows.retain(|row| !row.valid.is_empty());
        rows.sort_unstable();
        rows.dedup();
        let before = rows.len();
        let key = |row: &Row<V>| (row.code, row.valid.from);
        let contested: Vec<_> = rows
            .windows(2)
            .filter(|pair| key(&pair[0]) == key(&pair[1]))
            .map(|pair| key(&pair[0]))
            .collect();
        rows.retain(|row| contested.binary_search(&key(row)).is_err());
        rows.shrink_to_fit();
        let conflicts = (before - rows.len()) as u64;
        (Self { rows }, conflicts)
    }

    /// Everything that is said of a code, the oldest first.
    pub(super) fn of(&self, code: u32) -> &[Row<V>] {
        let start = self.rows.partition_point(|row| row.code < code);
        let len = self.rows[start..].partition_point(|row| row.code == code);
        &self.rows[start..start + len]
    }

    /// What holds of a code on the day. Where two rows hold, the one that began last.
    pub(super) fn in_force(&self, code: u32, day: Day) -> Option<&V> {
        self.of(code).iter().rev().find(|row| row.valid.holds(day)).map(|row| &row.value)
    }

    /// What holds on the day, else what held last before it, else what held first after it. A
    /// municipality that was merged away still has a name, and so has one that is older than the
    /// table.
    pub(super) fn nearest(&self, code: u32, day: Day) -> Option<&V> {
        let rows = self.of(code);
        let begun = || rows.iter().rev().find(|row| row.valid.from <= day);
        let row = rows.iter().rev().find(|row| row.valid.holds(day)).or_else(begun);
        row.or(rows.first()).map(|row| &row.value)
    }

    /// Every row, by code, the oldest first.
    pub(super) fn rows(&self) -> &[Row<V>] {
        &self.rows
    }
}

impl<V: Words> Words for Dated<V> {
    fn words(&self, digest: &mut Digest) {
        digest.number(self.rows.len() as u64);
        for row in &self.rows {
            digest.number(u64::from(row.code));
            row.valid.words(digest);
            row.value.words(digest);
        }
    }
}

impl Words for Validity {
    fn words(&self, digest: &mut Digest) {
        self.from.words(digest);
        self.to.words(digest);
    }
}
