//! After a backup has been restored: the numbering of events goes on beyond what clients have seen.

use std::collections::HashMap;

use store::{Position, Store, StoreError};

use crate::config::{IngestConfig, KafkaConfig};
use crate::elected::{self, Busy};
use crate::kafka;
use crate::memory::{Memory, Remembered};

/// The highest number that can be asked for: far below where clients' numbers end, and far above
/// what any register comes to. A number beyond it is a slip of the hand, which could not be undone.
pub const LAST_EVENT_MAX: i64 = 1_000_000_000_000;

/// What a restored database is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Continued {
    /// The newest event of the backup.
    pub backup: i64,
    /// The number after which events go on.
    pub last_event: i64,
}

/// Why the numbering was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum RestoredError {
    /// Somebody works with the register.
    #[error(transparent)]
    InUse(#[from] Busy),
    /// Clients may have seen a higher number.
    #[error(
        "{asked} is too low: {known} events have been given out; numbers that clients have seen \
         must not come again"
    )]
    TooLow {
        /// What was asked for.
        asked: i64,
        /// The newest number that the database or Kafka knows of.
        known: i64,
    },
    /// A slip of the hand.
    #[error("{0} is too high for an event number: at most {LAST_EVENT_MAX}")]
    TooHigh(i64),
    /// Postgres.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Kafka.
    #[error("Kafka failed")]
    Kafka(#[from] rdkafka::error::KafkaError),
    /// A worker thread died.
    #[error("a worker thread stopped")]
    Worker(#[from] tokio::task::JoinError),
}

/// Lets events go on after `last_event`, which is at least as high as any number that was given out,
/// and applying at the positions of the database.
///
/// # Errors
/// [`RestoredError`]; the register is then as it was, except after [`RestoredError::Kafka`]: then
/// the same again does the rest.
pub async fn go_on_after(
    config: &IngestConfig,
    store: &Store,
    last_event: i64,
) -> Result<Continued, RestoredError> {
    if last_event > LAST_EVENT_MAX {
        return Err(RestoredError::TooHigh(last_event));
    }
    let elections = elected::in_place_of_all(store).await?;
    let Recalled { memory, remembered, positions } = recall(&config.kafka, store).await?;
    let known = remembered.last_event.max(store.totals().await?.last_sequence);
    if last_event < known {
        return Err(RestoredError::TooLow { asked: last_event, known });
    }
    let before = store.continue_events_after(last_event).await?;
    let backup = before.ok_or(RestoredError::TooLow { asked: last_event, known })?;
    replace(memory, positions, last_event).await?;
    for election in elections {
        election.resign().await;
    }
    Ok(Continued { backup, last_event })
}

/// What Kafka remembers, and what is stored.
pub(crate) struct Recalled {
    pub(crate) memory: Memory,
    pub(crate) remembered: Remembered,
    /// Of every partition of our topics.
    pub(crate) positions: Vec<Position>,
}

/// Asks Kafka what it remembers of the stored positions.
pub(crate) async fn recall(config: &KafkaConfig, store: &Store) -> Result<Recalled, RestoredError> {
    let positions = positions(config, store).await?;
    let memory = Memory::new(config)?;
    let recalled = tokio::task::spawn_blocking(move || {
        let remembered = memory.recall(&positions)?;
        Ok(Recalled { memory, remembered, positions })
    });
    recalled.await?
}

/// Lets Kafka remember these positions, and this as the newest event.
pub(crate) async fn replace(
    memory: Memory,
    positions: Vec<Position>,
    last_event: i64,
) -> Result<(), RestoredError> {
    let next_offsets: HashMap<(String, i32), i64> =
        positions.into_iter().map(|at| ((at.topic, at.partition), at.next_offset)).collect();
    let replacing = tokio::task::spawn_blocking(move || memory.replace(&next_offsets, last_event));
    Ok(replacing.await??)
}

/// The position of every partition of our topics; a database that was made anew has none yet.
async fn positions(config: &KafkaConfig, store: &Store) -> Result<Vec<Position>, RestoredError> {
    kafka::ensure_topics(config).await?;
    let KafkaConfig { changes_topic, snapshot_topic, contacts_topic, ain_topic, .. } = config;
    let mut positions = Vec::new();
    for topic in [changes_topic, snapshot_topic, contacts_topic, ain_topic] {
        for partition in 0..kafka::partition_count(config, topic).await? {
            positions.push(store.ensure_position(topic, partition, 0).await?);
        }
    }
    Ok(positions)
}
