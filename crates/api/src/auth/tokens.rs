//! Verified access tokens, remembered by their hash until they expire.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use helseid::AccessToken;

/// The SHA-256 of a token as it was sent, as the proof's `ath` holds it too.
pub(super) type TokenHash = String;

/// Remembers at most `capacity` tokens in two generations: when the young one has grown to half of
/// it, it becomes the old one and the old one is forgotten. Tokens in use move to the young.
pub(super) struct TokenCache {
    generation_max: usize,
    generations: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<TokenHash, Arc<AccessToken>>,
    old: HashMap<TokenHash, Arc<AccessToken>>,
}

impl TokenCache {
    pub(super) fn new(capacity: usize) -> TokenCache {
        let generations = Mutex::new(Generations::default());
        TokenCache { generation_max: capacity.div_ceil(2).max(1), generations }
    }

    /// The token with this hash, if it was verified before and has not expired.
    pub(super) fn get(&self, hash: &str, now_s: i64) -> Option<Arc<AccessToken>> {
        let mut held = self.lock();
        if let Some(token) = held.young.get(hash) {
            return unexpired(token.clone(), now_s);
        }
        let token = unexpired(held.old.remove(hash)?, now_s)?;
        self.put(&mut held, hash.to_owned(), token.clone());
        Some(token)
    }

    /// Remembers a token that was just verified.
    pub(super) fn insert(&self, hash: TokenHash, token: Arc<AccessToken>) {
        self.put(&mut self.lock(), hash, token);
    }

    /// Forgets all: what was verified with keys that are gone must be verified again.
    pub(super) fn clear(&self) {
        *self.lock() = Generations::default();
    }

    fn put(&self, held: &mut Generations, hash: TokenHash, token: Arc<AccessToken>) {
        if held.young.len() >= self.generation_max {
            held.old = std::mem::take(&mut held.young);
        }
        held.young.insert(hash, token);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unexpired(token: Arc<AccessToken>, now_s: i64) -> Option<Arc<AccessToken>> {
    (now_s < token.expires_at_s).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(expires_at_s: i64) -> Arc<AccessToken> {
        Arc::new(AccessToken {
            client_id: "client".to_owned(),
            client_name: None,
            scopes: Vec::new(),
            orgnr_parent: None,
            orgnr_child: None,
            orgnr_supplier: None,
            jkt: None,
            jti: None,
            expires_at_s,
        })
    }

    #[test]
    fn a_token_is_remembered_until_it_expires() {
        let cache = TokenCache::new(10);
        cache.insert("a".to_owned(), token(100));
        assert!(cache.get("a", 99).is_some());
        assert!(cache.get("a", 100).is_none());
        assert!(cache.get("b", 0).is_none());
    }

    #[test]
    fn the_cache_stays_within_its_capacity_and_keeps_what_is_used() {
        let cache = TokenCache::new(4);
        cache.insert("used".to_owned(), token(100));
        for index in 0..50 {
            cache.insert(format!("other {index}"), token(100));
            assert!(cache.get("used", 0).is_some(), "after {index}");
        }
        let held = cache.lock();
        assert!(held.young.len() + held.old.len() <= 4);
    }

    #[test]
    fn nothing_is_left_after_clearing() {
        let cache = TokenCache::new(4);
        cache.insert("a".to_owned(), token(100));
        cache.clear();
        assert!(cache.get("a", 0).is_none());
    }
}
