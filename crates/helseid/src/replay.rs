//! Proofs that have been used: each may be used once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Enough that threads seldom meet at one lock.
const SHARDS: usize = 64;

/// Remembers the ids of proofs until they would be too old anyway.
///
/// Asking and remembering are one step under one lock, so that of two equal proofs that come at the
/// same instant one is refused. The memory is bounded; **when it is full it refuses** (after
/// throwing out what is too old): forgetting a proof that is still good would let it be used twice.
/// At 2000 calls a second and 20 seconds some 40 000 ids are held, so size it well above that.
pub struct ReplayMemory {
    shards: Vec<Mutex<Shard>>,
    shard_capacity: usize,
}

#[derive(Default)]
struct Shard {
    forget_after_s: HashMap<[u8; 32], i64>,
    swept_at_s: i64,
}

impl ReplayMemory {
    /// A memory for about `capacity` ids (rounded up to a multiple of 64).
    pub fn new(capacity: usize) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            shard_capacity: capacity.div_ceil(SHARDS).max(1),
        }
    }

    /// Remembers the id and says `true` if it was not there; `false` means "refuse the call": it has
    /// been used, is too old already, or the memory is full.
    pub fn remember_once(&self, jti_hash: [u8; 32], now_s: i64, forget_after_s: i64) -> bool {
        if forget_after_s < now_s {
            return false;
        }
        let mut shard = lock(&self.shards[usize::from(jti_hash[0]) % SHARDS]);
        if shard.swept_at_s != now_s {
            shard.sweep(now_s);
        }
        if shard.forget_after_s.contains_key(&jti_hash)
            || shard.forget_after_s.len() >= self.shard_capacity
        {
            return false;
        }
        shard.forget_after_s.insert(jti_hash, forget_after_s);
        true
    }

    /// How many ids are held now, for a gauge beside [`Self::capacity`].
    pub fn held(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).forget_after_s.len()).sum()
    }

    /// How many ids can be held.
    pub fn capacity(&self) -> usize {
        self.shard_capacity * SHARDS
    }
}

impl Shard {
    /// Throws out what is too old. Once in a second is enough: in between nothing grows too old.
    fn sweep(&mut self, now_s: i64) {
        self.swept_at_s = now_s;
        self.forget_after_s.retain(|_, forget_after_s| *forget_after_s >= now_s);
    }
}

/// A panic elsewhere cannot leave a shard half written: inserting is its only change.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
