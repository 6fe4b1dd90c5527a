//! Room for connections: in all, and for one address.

use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::places::{Place, Places};

/// Files that everything else needs: the database, HelseID, logs.
const OTHER_FILES: usize = 256;

/// Below this part of all places the idle have to make room.
const SCARCE: usize = 8;

/// Room for connections.
pub(crate) struct Slots {
    all: Arc<Semaphore>,
    max: usize,
    peers: Arc<Places<IpAddr>>,
}

/// A connection's place, given back when dropped.
pub(crate) struct Slot {
    _one: OwnedSemaphorePermit,
    _of_peer: Place<IpAddr>,
}

impl Slots {
    /// Room for so many connections, or as many as the process may open files for.
    pub(crate) fn new(wanted: usize, per_peer_max: usize) -> Arc<Slots> {
        let possible = open_files().map_or(wanted, |files| files.saturating_sub(OTHER_FILES));
        if possible < wanted {
            tracing::warn!(wanted, possible, "the limit on open files allows fewer connections");
        }
        let max = wanted.min(possible).max(1);
        let (all, peers) = (Arc::new(Semaphore::new(max)), Places::new(per_peer_max));
        Arc::new(Slots { all, max, peers })
    }

    /// Waits for a place for whoever comes next.
    pub(super) async fn next(&self) -> Option<OwnedSemaphorePermit> {
        self.all.clone().acquire_owned().await.ok()
    }

    /// The place for a connection from this address; none when the address has all it may.
    pub(super) fn of_peer(&self, one: OwnedSemaphorePermit, peer: IpAddr) -> Option<Slot> {
        // An IPv4 address has two spellings on a socket that takes both kinds.
        Some(Slot { _one: one, _of_peer: self.peers.enter(peer.to_canonical())? })
    }

    /// Whether there is so little room left that idle connections should end.
    pub(super) fn are_scarce(&self) -> bool {
        self.all.available_permits() * SCARCE < self.max
    }
}

/// How many files this process may have open, where the system tells.
fn open_files() -> Option<usize> {
    soft_limit(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_on_open_files_is_read() {
        let text = "Limit           Soft Limit  Hard Limit  Units\n\
                    Max open files  1024        524288      files\n";
        assert_eq!(soft_limit(text), Some(1024));
        assert_eq!(soft_limit("Max open files   unlimited unlimited files"), None);
        assert_eq!(soft_limit(""), None);
    }

    #[tokio::test]
    async fn room_runs_out_in_all_and_for_one_address() {
        let slots = Slots::new(9, 2);
        let here = IpAddr::from([127, 0, 0, 1]);
        let same: IpAddr = "::ffff:127.0.0.1".parse().expect("an address");
        let mut held = Vec::new();
        for peer in [here, same] {
            let one = slots.next().await.expect("open");
            held.push(slots.of_peer(one, peer).expect("a place"));
        }
        let one = slots.next().await.expect("open");
        assert!(slots.of_peer(one, here).is_none(), "two are all it may have");
        assert!(!slots.are_scarce());
        for n in 1..=6 {
            let one = slots.next().await.expect("open");
            held.push(slots.of_peer(one, IpAddr::from([127, 0, 1, n])).expect("a place"));
        }
        assert!(slots.are_scarce(), "one of nine is left");
        held.clear();
        assert!(!slots.are_scarce());
    }
}
