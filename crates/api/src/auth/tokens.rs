//! Verified access tokens, remembered by their hash until they expire, and for as long as the keys
//! they were verified with are the published ones.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use helseid::{AccessToken, KeySet};

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
    young: HashMap<TokenHash, Entry>,
    old: HashMap<TokenHash, Entry>,
}

#[derive(Clone)]
struct Entry {
    token: Arc<AccessToken>,
    /// What the token was verified with. Kept in the entry, and not by forgetting everything when
    /// the keys change: a token that is just being verified then would be remembered after that.
    keys: Arc<KeySet>,
}

impl TokenCache {
    pub(super) fn new(capacity: usize) -> TokenCache {
        let generations = Mutex::new(Generations::default());
        TokenCache { generation_max: capacity.div_ceil(2).max(1), generations }
    }

    /// The token with this hash, if it was verified before with these keys and has not expired.
    pub(super) fn get(
        &self,
        hash: &str,
        keys: &Arc<KeySet>,
        now_s: i64,
    ) -> Option<Arc<AccessToken>> {
        let mut held = self.lock();
        if let Some(entry) = held.young.get(hash) {
            return entry.usable(keys, now_s);
        }
        let entry = held.old.remove(hash)?;
        let token = entry.usable(keys, now_s)?;
        self.put(&mut held, hash.to_owned(), entry);
        Some(token)
    }

    /// Remembers a token that was just verified with these keys.
    pub(super) fn insert(&self, hash: TokenHash, token: Arc<AccessToken>, keys: Arc<KeySet>) {
        self.put(&mut self.lock(), hash, Entry { token, keys });
    }

    fn put(&self, held: &mut Generations, hash: TokenHash, entry: Entry) {
        if held.young.len() >= self.generation_max {
            held.old = std::mem::take(&mut held.young);
        }
        held.young.insert(hash, entry);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn usable(&self, keys: &Arc<KeySet>, now_s: i64) -> Option<Arc<AccessToken>> {
        let usable = Arc::ptr_eq(&self.keys, keys) && now_s < self.token.expires_at_s;
        usable.then(|| self.token.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Arc<KeySet> {
        let key = helseid::SigningKey::generate(helseid::Algorithm::Es256).expect("a key");
        let jwks = helseid::jwks_document([("k", &key)]).to_string();
        Arc::new(KeySet::read(jwks.as_bytes()).expect("a key set"))
    }

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
        let (cache, keys) = (TokenCache::new(10), keys());
        cache.insert("a".to_owned(), token(100), keys.clone());
        assert!(cache.get("a", &keys, 99).is_some());
        assert!(cache.get("a", &keys, 100).is_none());
        assert!(cache.get("b", &keys, 0).is_none());
    }

    #[test]
    fn the_cache_stays_within_its_capacity_and_keeps_what_is_used() {
        let (cache, keys) = (TokenCache::new(4), keys());
        cache.insert("used".to_owned(), token(100), keys.clone());
        for index in 0..50 {
            cache.insert(format!("other {index}"), token(100), keys.clone());
            assert!(cache.get("used", &keys, 0).is_some(), "after {index}");
        }
        let held = cache.lock();
        assert!(held.young.len() + held.old.len() <= 4);
    }

    #[test]
    fn what_other_keys_verified_must_be_verified_again() {
        let (cache, before, now) = (TokenCache::new(4), keys(), keys());
        cache.insert("a".to_owned(), token(100), before.clone());
        assert!(cache.get("a", &now, 0).is_none());
        // A request that was under way while the keys changed remembers what it verified before.
        cache.insert("late".to_owned(), token(100), before);
        assert!(cache.get("late", &now, 0).is_none());
        cache.insert("a".to_owned(), token(100), now.clone());
        assert!(cache.get("a", &now, 0).is_some());
    }
}
