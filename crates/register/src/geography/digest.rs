//! A fingerprint that is the same on every machine and in every version of the compiler.

use std::fmt;

use crate::time::Day;

/// Which geography this is: equal for equal tables, whatever order their rows came in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version(u128);

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:032x}", self.0)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// FNV-1a with 128 bits. It has to tell tables apart, not to withstand somebody who makes them.
pub(super) struct Digest(u128);

impl Digest {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    pub(super) fn new() -> Self {
        Self(Self::OFFSET)
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(Self::PRIME);
        }
    }

    pub(super) fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    pub(super) fn version(&self) -> Version {
        Version(self.0)
    }

    /// The lower half, for keys: they may collide now and then.
    pub(super) fn short(&self) -> u64 {
        self.0 as u64
    }
}

/// What can be fed to a digest.
pub(super) trait Words {
    fn words(&self, digest: &mut Digest);
}

impl Words for u32 {
    fn words(&self, digest: &mut Digest) {
        digest.bytes(&self.to_le_bytes());
    }
}

impl Words for u64 {
    fn words(&self, digest: &mut Digest) {
        digest.number(*self);
    }
}

impl Words for [u32; 3] {
    fn words(&self, digest: &mut Digest) {
        self.iter().for_each(|word| word.words(digest));
    }
}

impl Words for Box<str> {
    fn words(&self, digest: &mut Digest) {
        digest.number(self.len() as u64);
        digest.bytes(self.as_bytes());
    }
}

impl Words for Day {
    fn words(&self, digest: &mut Digest) {
        let date = self.date();
        digest.bytes(&date.year().to_le_bytes());
        digest.bytes(&[date.month().unsigned_abs(), date.day().unsigned_abs()]);
    }
}

impl<T: Words> Words for Option<T> {
    fn words(&self, digest: &mut Digest) {
        digest.bytes(&[u8::from(self.is_some())]);
        if let Some(value) = self {
            value.words(digest);
        }
    }
}
