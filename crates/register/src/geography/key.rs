//! What can be asked of a geography, as small numbers to compare.

use super::digest::{Digest, Words};

/// A question: what is known of this municipality, or where does this door lie.
///
/// A fingerprint of 64 bits, the same in every process and version. Two questions may share one, by
/// a chance of one in billions; then somebody is looked at who need not be, and nobody is missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    County,
    Municipality,
    Unit,
    District,
    AddressId,
    Door,
    Property,
}

impl Key {
    pub(super) fn new(kind: Kind, code: impl Words) -> Self {
        let mut digest = Digest::new();
        digest.bytes(&[kind as u8]);
        code.words(&mut digest);
        Self(digest.short())
    }

    /// The key as a number, to store.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The key with this number.
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }
}
