//! How many of something each one has, so that one cannot take it all: requests in progress of a
//! client, connections of an address.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts by key. Holds only keys that have some.
pub(crate) struct Places<K> {
    each_max: usize,
    taken: Mutex<HashMap<K, usize>>,
}

/// One place, given back when dropped.
pub(crate) struct Place<K: Eq + Hash> {
    places: Arc<Places<K>>,
    key: K,
}

impl<K: Clone + Eq + Hash> Places<K> {
    pub(crate) fn new(each_max: usize) -> Arc<Places<K>> {
        Arc::new(Places { each_max, taken: Mutex::new(HashMap::new()) })
    }

    /// One more place for this key; none when it has as many as it may.
    pub(crate) fn enter(self: &Arc<Self>, key: K) -> Option<Place<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key.clone()).or_default();
        if *count >= self.each_max {
            return None;
        }
        *count += 1;
        Some(Place { places: self.clone(), key })
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_places_and_no_more() {
        let places = Places::new(2);
        let first = places.enter("a").expect("a place");
        let second = places.enter("a").expect("a place");
        assert!(places.enter("a").is_none());
        assert!(places.enter("b").is_some(), "another one is not affected");
        drop(first);
        assert!(places.enter("a").is_some(), "a place that is given back can be taken");
        drop(second);
        assert!(places.taken.lock().expect("unpoisoned").is_empty());
    }
}
