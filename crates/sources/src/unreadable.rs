//! Rows of a file that could not be read: how many, and where.

/// How many line numbers are kept. Whoever looks for a fault needs a few of them, not a million.
const KEPT: usize = 20;

/// The rows of a file that could not be read. What stood there is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unreadable {
    count: u64,
    first: Vec<u64>,
}

impl Unreadable {
    /// Counts the row that begins on this line.
    pub(crate) fn add(&mut self, line: u64) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(line);
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The lines of the first twenty, from 1, the header being a line. In JSON, which has no lines
    /// worth the name, the items' places in the list, from 1.
    pub fn first(&self) -> &[u64] {
        &self.first
    }
}
