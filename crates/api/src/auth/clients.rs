//! How many requests each client has in progress, so that one client cannot take every place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts requests in progress by client id. Holds only clients that have some.
pub(super) struct Clients {
    per_client_max: usize,
    in_progress: Mutex<HashMap<String, usize>>,
}

/// A place of a client, given back when dropped.
pub(crate) struct ClientPlace {
    clients: Arc<Clients>,
    client_id: String,
}

impl Clients {
    pub(super) fn new(per_client_max: usize) -> Arc<Clients> {
        Arc::new(Clients { per_client_max, in_progress: Mutex::default() })
    }

    /// A place for one more request of this client; none when it has as many as it may.
    pub(super) fn enter(self: &Arc<Self>, client_id: &str) -> Option<ClientPlace> {
        let mut in_progress = self.in_progress.lock().unwrap_or_else(PoisonError::into_inner);
        let count = in_progress.entry(client_id.to_owned()).or_default();
        if *count >= self.per_client_max {
            return None;
        }
        *count += 1;
        Some(ClientPlace { clients: self.clone(), client_id: client_id.to_owned() })
    }
}

impl Drop for ClientPlace {
    fn drop(&mut self) {
        let mut held = self.clients.in_progress.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.client_id) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.client_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_places_and_no_more() {
        let clients = Clients::new(2);
        let first = clients.enter("a").expect("a place");
        let second = clients.enter("a").expect("a place");
        assert!(clients.enter("a").is_none());
        assert!(clients.enter("b").is_some(), "another client is not affected");
        drop(first);
        assert!(clients.enter("a").is_some(), "a place that is given back can be taken");
        drop(second);
        assert!(clients.in_progress.lock().expect("unpoisoned").is_empty());
    }
}
