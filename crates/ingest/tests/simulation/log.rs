//! The broker of the simulation: two topics, of which nothing is lost and anything may come twice.

use std::collections::HashSet;

use ingest::record::{ChangeRecord, SnapshotRecord};
use testkit::dice::Dice;

/// A record of either topic.
#[derive(Clone)]
pub enum Record {
    /// Of `freg.changes`.
    Change(ChangeRecord),
    /// Of `freg.snapshot`.
    Snapshot(SnapshotRecord),
}

/// Which topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Changes,
    Snapshot,
}

/// Both topics, each of one partition.
#[derive(Default)]
pub struct Log {
    changes: Vec<Record>,
    snapshot: Vec<Record>,
}

impl Log {
    pub fn of(&self, topic: Topic) -> &[Record] {
        match topic {
            Topic::Changes => &self.changes,
            Topic::Snapshot => &self.snapshot,
        }
    }

    /// The sequences of all events that were published.
    pub fn sequences(&self) -> HashSet<i64> {
        let sequences = self.changes.iter().filter_map(|record| match record {
            Record::Change(change) => Some(change.sequence),
            Record::Snapshot(_) => None,
        });
        sequences.collect()
    }

    /// Appends records. False when the broker did not acknowledge: some of them may be there.
    pub fn publish(&mut self, topic: Topic, records: Vec<Record>, dice: &mut Dice) -> bool {
        let kept = if dice.percent(10) { dice.below(records.len() + 1) } else { usize::MAX };
        let log = match topic {
            Topic::Changes => &mut self.changes,
            Topic::Snapshot => &mut self.snapshot,
        };
        log.extend(records.into_iter().take(kept));
        kept == usize::MAX
    }
}
