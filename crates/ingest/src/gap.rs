//! Records that are gone from Kafka before they were applied: applying goes past them, and what
//! FREG's feed still has is collected again.
//!
//! Of the change topic nothing is left out: its position moves to the topic's end, and the cursor of
//! the feed goes back to the first event that is not applied. Of the other topics the position moves
//! to the first record that there is, and the operator is told how to make up for what is gone.

use store::{Cursor, PassedPartition, Passing, Position, Store, StoreError};

use crate::collect::SOURCE;
use crate::config::{IngestConfig, KafkaConfig};
use crate::elected::{self, Busy};
use crate::kafka::inspect;
use crate::restored::{Recalled, RestoredError, recall, replace};

/// What was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The partitions that moved.
    pub partitions: Vec<PassedPartition>,
    /// FREG's sequence from which its feed is collected again; none where it is not.
    pub collected_again_from: Option<i64>,
    /// What makes up for what is gone.
    pub to_do: &'static str,
}

/// Why nothing was passed over.
#[derive(Debug, thiserror::Error)]
pub enum GapError {
    /// Somebody works with the register.
    #[error(transparent)]
    InUse(#[from] Busy),
    /// Not a topic of ours.
    #[error("{0} is none of the topics in [ingest.kafka], or Kafka does not have it")]
    Topic(String),
    /// Every record that comes next is there.
    #[error("nothing is gone from {0}: nothing is changed")]
    NothingGone(String),
    /// A restored backup is no hole in a topic.
    #[error(
        "the database is older than what has been applied: first run `persontjenesten ingest \
         restored --last-event N`"
    )]
    Restored,
    /// Kafka, or its memory of what has been applied.
    #[error(transparent)]
    Memory(#[from] RestoredError),
    /// Kafka.
    #[error("Kafka failed")]
    Kafka(#[from] inspect::KafkaError),
    /// Postgres.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// What makes up for records that are gone, by topic.
fn to_do(config: &KafkaConfig, topic: &str) -> Option<&'static str> {
    let KafkaConfig { changes_topic, snapshot_topic, contacts_topic, ain_topic, .. } = config;
    let known = [
        (changes_topic, "nothing more is to be done"),
        (snapshot_topic, "run `persontjenesten bulk --force-new`"),
        (contacts_topic, "run `persontjenesten reconcile --everybody`"),
        (ain_topic, "have them published again by the service that they come from"),
    ];
    known.into_iter().find(|(known, _)| *known == topic).map(|(_, to_do)| to_do)
}

/// Lets applying go past the records of a topic that are gone. All of ingest must have been stopped.
///
/// # Errors
/// [`GapError`]; nothing is changed then, except after [`GapError::Memory`]: then the same again
/// does the rest.
pub async fn pass(
    config: &IngestConfig,
    store: &Store,
    topic: &str,
    reason: &str,
) -> Result<Passed, GapError> {
    let no_topic = || GapError::Topic(topic.to_owned());
    let to_do = to_do(&config.kafka, topic).ok_or_else(no_topic)?;
    let elections = elected::in_place_of_all(store).await?;
    let Recalled { memory, remembered, mut positions } = recall(&config.kafka, store).await?;
    let last_event = store.totals().await?.last_sequence;
    let of_another = remembered.ahead.is_some_and(|(at, _)| at.topic != topic);
    if of_another || remembered.last_event > last_event {
        return Err(GapError::Restored);
    }
    let offsets = inspect::topic(&config.kafka, topic).await?.ok_or_else(no_topic)?.offsets;
    let is_feed = topic == config.kafka.changes_topic;
    let own = positions.iter().filter(|at| at.topic == topic);
    let partitions: Vec<PassedPartition> = own
        .zip(offsets)
        .filter_map(|(at, of)| if is_feed { Some(end(at, of)) } else { past(at, of) })
        .collect();
    let collect_again = if is_feed { again(store, &positions, topic).await? } else { None };
    if collect_again.is_none() && partitions.iter().all(|passed| passed.from == passed.to) {
        return Err(GapError::NothingGone(topic.to_owned()));
    }
    let collected_again_from = collect_again.map(|(_, to)| to.next_sequence);
    let collect_again = collect_again.map(|(at, to)| (SOURCE, at, to));
    let passing = Passing {
        topic: topic.to_owned(),
        partitions: partitions.clone(),
        collect_again,
        reason: reason.to_owned(),
    };
    store.pass_over(&passing).await?;
    for PassedPartition { partition, to, .. } in &partitions {
        let moved = positions.iter_mut().find(|at| at.topic == topic && at.partition == *partition);
        if let Some(at) = moved {
            at.next_offset = *to;
        }
    }
    replace(memory, positions, last_event).await?;
    for election in elections {
        election.resign().await;
    }
    Ok(Passed { partitions, collected_again_from, to_do })
}

/// To the end of the topic, whatever is in it.
fn end(at: &Position, (_, end): (i64, i64)) -> PassedPartition {
    PassedPartition { partition: at.partition, from: at.next_offset, to: end }
}

/// To the first record that there is, unless the next one is there.
fn past(at: &Position, (first, end): (i64, i64)) -> Option<PassedPartition> {
    let is_there = (first..=end).contains(&at.next_offset);
    let passed = PassedPartition { partition: at.partition, from: at.next_offset, to: first };
    (!is_there).then_some(passed)
}

/// Where the cursor of FREG's feed is, and where it goes: to the first event that is not applied.
async fn again(
    store: &Store,
    positions: &[Position],
    topic: &str,
) -> Result<Option<(Cursor, Cursor)>, StoreError> {
    let Some(at) = store.cursor(SOURCE).await? else { return Ok(None) };
    let applied = positions.iter().find(|at| at.topic == topic).and_then(|at| at.last_sequence);
    let next = match applied {
        Some(applied) => applied + 1,
        // Nothing of the feed is applied yet: it begins where the load does.
        None => store.bulk_load().await?.map_or(at.next_sequence, |load| load.from_sequence),
    };
    Ok((next < at.next_sequence).then_some((at, Cursor { next_sequence: next, ..at })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(next_offset: i64) -> Position {
        Position { topic: "t".to_owned(), partition: 2, next_offset, last_sequence: None }
    }

    #[test]
    fn only_what_is_gone_is_passed_over() {
        let to = |next, offsets| past(&at(next), offsets).map(|passed| passed.to);
        assert_eq!(to(3, (5, 9)), Some(5), "retention has removed two");
        assert_eq!(to(7, (0, 2)), Some(0), "the topic was made anew");
        assert_eq!([to(5, (5, 9)), to(9, (5, 9))], [None, None]);
        assert_eq!([3, 7, 12].map(|next| end(&at(next), (5, 9)).to), [9, 9, 9]);
    }
}
