//! What has been applied, as remembered outside the database: Kafka keeps it for our consumer group.
//!
//! The positions in Postgres decide where applying goes on, and nothing here does. But a database
//! that is older than what this memory tells has been restored, or has lost what it had confirmed:
//! then it would give out event numbers that clients have seen with other content.

use std::collections::HashMap;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};
use store::Position;

use crate::config::KafkaConfig;
use crate::kafka;

/// How long Kafka may take to say what it remembers.
const LIMIT: Duration = Duration::from_secs(10);

/// What is remembered of the positions that were asked for.
pub(crate) struct Remembered {
    /// A partition of which more was applied than its position says, and how much.
    pub(crate) ahead: Option<(Position, i64)>,
    /// The newest event number there was; 0 where nothing is remembered.
    pub(crate) last_event: i64,
}

/// Kafka's memory of a consumer group.
pub(crate) struct Memory {
    consumer: Option<BaseConsumer>,
    /// The topic whose first partition has the newest event number beside its offset.
    changes_topic: String,
}

impl Memory {
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// When librdkafka refuses the configuration.
    pub(crate) fn new(config: &KafkaConfig) -> Result<Self, KafkaError> {
        let consumer = Some(kafka::group(config).create()?);
        Ok(Self { consumer, changes_topic: config.changes_topic.clone() })
    }

    fn consumer(&self) -> Result<&BaseConsumer, KafkaError> {
        self.consumer.as_ref().ok_or(KafkaError::Canceled)
    }

    /// Compares what is remembered with the stored positions. It blocks.
    ///
    /// # Errors
    /// When Kafka does not answer.
    pub(crate) fn recall(&self, positions: &[Position]) -> Result<Remembered, KafkaError> {
        let mut asked = TopicPartitionList::new();
        for at in positions {
            asked.add_partition(&at.topic, at.partition);
        }
        let told = self.consumer()?.committed_offsets(asked, LIMIT)?;
        let mut remembered = Remembered { ahead: None, last_event: 0 };
        for element in told.elements() {
            element.error()?;
            let Offset::Offset(applied) = element.offset() else { continue };
            let at = positions
                .iter()
                .find(|at| at.topic == element.topic() && at.partition == element.partition());
            if let Some(at) = at.filter(|at| at.next_offset < applied) {
                remembered.ahead = Some((at.clone(), applied));
            }
            if element.topic() == self.changes_topic {
                remembered.last_event = element.metadata().parse().unwrap_or(0);
            }
        }
        Ok(remembered)
    }

    /// Remembers that these offsets come next and that this event is the newest. It does not wait,
    /// and what fails is made up for by the next one.
    pub(crate) fn note(&self, next_offsets: &HashMap<(String, i32), i64>, last_event: i64) {
        let noted = self.list(next_offsets, last_event);
        let sent = noted.and_then(|list| self.consumer()?.commit(&list, CommitMode::Async));
        if let Err(error) = sent {
            tracing::debug!(%error, "kafka was not told what is applied");
        }
    }

    /// Remembers this instead of whatever it remembered before. It blocks.
    ///
    /// # Errors
    /// When Kafka does not take it.
    pub(crate) fn replace(
        &self,
        next_offsets: &HashMap<(String, i32), i64>,
        last_event: i64,
    ) -> Result<(), KafkaError> {
        self.consumer()?.commit(&self.list(next_offsets, last_event)?, CommitMode::Sync)
    }

    fn list(
        &self,
        next_offsets: &HashMap<(String, i32), i64>,
        last_event: i64,
    ) -> Result<TopicPartitionList, KafkaError> {
        let mut list = TopicPartitionList::new();
        for ((topic, partition), next) in next_offsets {
            let mut element = list.add_partition(topic, *partition);
            element.set_offset(Offset::Offset(*next))?;
            if *topic == self.changes_topic {
                element.set_metadata(last_event.to_string());
            }
        }
        Ok(list)
    }
}

impl Drop for Memory {
    /// Closing waits for what is on its way to Kafka, which may be away: the writer does not wait.
    fn drop(&mut self) {
        let consumer = self.consumer.take();
        std::thread::spawn(move || drop(consumer));
    }
}
