//! Reads topics from the stored positions and makes batches of prepared inputs.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use rdkafka::consumer::{Consumer, StreamConsumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Message};
use rdkafka::{Offset, TopicPartitionList};
use store::{Position, Store};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::ApplyError;
use super::plan::Place;
use super::read::RawRecord;
use crate::config::IngestConfig;
use crate::kafka;

/// Batches that are read ahead of the one that is written.
const BATCHES_AHEAD: usize = 2;

/// Records that are written together.
pub struct Batch<T> {
    /// What they say, in order within each partition.
    pub inputs: Vec<T>,
    /// As they came, for those that must be parked.
    pub raw: Vec<RawRecord>,
    /// The offset after the last record, of each partition.
    pub next_offsets: HashMap<(String, i32), i64>,
    /// When the first of them was published, as the broker has it.
    pub published: Option<SystemTime>,
}

/// Reads from where the store is.
pub struct Reader {
    consumer: StreamConsumer,
    positions: Vec<Position>,
    topics: HashMap<String, Arc<str>>,
    records_max: usize,
    wait: Duration,
}

/// What is read, while it is.
pub struct Reading<T> {
    batches: mpsc::Receiver<Batch<T>>,
    task: JoinHandle<Result<(), ApplyError>>,
}

impl<T> Reading<T> {
    /// The next batch; none when reading has stopped. May be dropped and called again.
    pub async fn next(&mut self) -> Option<Batch<T>> {
        self.batches.recv().await
    }

    /// Why it has stopped.
    pub async fn end(self) -> Result<(), ApplyError> {
        self.task.await?
    }
}

impl Reader {
    /// Makes sure that topics and positions exist, and assigns every partition by hand.
    pub async fn start(
        config: &IngestConfig,
        store: &Store,
        topics: &[&str],
    ) -> Result<Self, ApplyError> {
        let kafka = &config.kafka;
        kafka::ensure_topics(kafka).await?;
        let consumer = kafka::consumer(kafka)?;
        let mut positions = Vec::new();
        for topic in topics {
            for partition in 0..kafka::partition_count(kafka, topic).await? {
                positions.push(store.ensure_position(topic, partition, 0).await?);
            }
        }
        let mut assignment = TopicPartitionList::new();
        for at in &positions {
            let offset = Offset::Offset(at.next_offset);
            assignment.add_partition_offset(&at.topic, at.partition, offset)?;
        }
        consumer.assign(&assignment)?;
        let shared = |topic: &&str| ((*topic).to_owned(), Arc::from(*topic));
        Ok(Self {
            consumer,
            positions,
            topics: topics.iter().map(shared).collect(),
            records_max: config.apply.batch_documents_max,
            wait: Duration::from_millis(config.apply.batch_wait_ms),
        })
    }

    /// Where each partition is read from.
    pub fn positions(&self) -> &[Position] {
        &self.positions
    }

    /// Reads on in a task of its own, a few batches ahead, until it is told to stop or nobody takes
    /// them. `read` opens and prepares one record.
    pub fn spawn<T, F>(self, read: F, stop: &CancellationToken) -> Reading<T>
    where
        T: Send + 'static,
        F: Fn(&RawRecord) -> Result<T, ApplyError> + Send + Sync + 'static,
    {
        let (sender, batches) = mpsc::channel(BATCHES_AHEAD);
        let (read, stop) = (Arc::new(read), stop.clone());
        Reading { batches, task: tokio::spawn(self.read_all(sender, read, stop)) }
    }

    async fn read_all<T, F>(
        self,
        sender: mpsc::Sender<Batch<T>>,
        read: Arc<F>,
        stop: CancellationToken,
    ) -> Result<(), ApplyError>
    where
        T: Send + 'static,
        F: Fn(&RawRecord) -> Result<T, ApplyError> + Send + Sync + 'static,
    {
        loop {
            let raw = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                raw = self.read_some() => raw?,
            };
            let read = Arc::clone(&read);
            let batch = tokio::task::spawn_blocking(move || make_batch(raw, &*read)).await??;
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                sent = sender.send(batch) => if sent.is_err() { return Ok(()) },
            }
        }
    }

    /// Waits for one record, then takes what else comes within the batch's time. Dropping the
    /// future loses what it has read; the stored positions are where the next reader begins.
    async fn read_some(&self) -> Result<Vec<RawRecord>, ApplyError> {
        let mut records = vec![self.raw(&self.receive().await?)];
        let deadline = Instant::now() + self.wait;
        while records.len() < self.records_max {
            match timeout_at(deadline, self.receive()).await {
                Ok(message) => records.push(self.raw(&message?)),
                Err(_) => break,
            }
        }
        Ok(records)
    }

    /// A broker that is away is waited for; a record that is gone is an error.
    async fn receive(&self) -> Result<BorrowedMessage<'_>, ApplyError> {
        loop {
            match self.consumer.recv().await {
                Ok(message) => return Ok(message),
                Err(error) if is_gone(&error) => return Err(self.gone()),
                Err(error) => {
                    super::metrics::kafka_fault();
                    tracing::warn!(%error, "kafka does not answer as it should; waiting");
                }
            }
        }
    }

    /// librdkafka does not say which partition; the lowest offsets that the broker has do.
    fn gone(&self) -> ApplyError {
        let timeout = Duration::from_secs(5);
        let lost = self.positions.iter().find(|at| {
            let marks = self.consumer.fetch_watermarks(&at.topic, at.partition, timeout);
            marks.is_ok_and(|(low, high)| at.next_offset < low || at.next_offset > high)
        });
        if let Some(Position { topic, partition, next_offset, .. }) = lost {
            tracing::error!(
                topic,
                partition,
                next_offset,
                "records are gone that were not applied"
            );
        }
        let (topic, partition) =
            lost.map_or_else(Default::default, |at| (at.topic.clone(), at.partition));
        ApplyError::RecordsGone { topic, partition }
    }

    fn raw(&self, message: &BorrowedMessage<'_>) -> RawRecord {
        let place = Place {
            topic: Arc::clone(&self.topics[message.topic()]),
            partition: message.partition(),
            offset: message.offset(),
        };
        let bytes = |part: Option<&[u8]>| part.unwrap_or_default().to_vec();
        let since_1970 = message.timestamp().to_millis().and_then(|ms| u64::try_from(ms).ok());
        RawRecord {
            place,
            key: bytes(message.key()),
            value: bytes(message.payload()),
            published: since_1970.map(|ms| SystemTime::UNIX_EPOCH + Duration::from_millis(ms)),
        }
    }
}

fn is_gone(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange)
    )
}

fn make_batch<T: Send>(
    raw: Vec<RawRecord>,
    read: &(impl Fn(&RawRecord) -> Result<T, ApplyError> + Sync),
) -> Result<Batch<T>, ApplyError> {
    let inputs = raw.par_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let next_offsets = raw
        .iter()
        .map(|record| {
            let Place { topic, partition, offset } = &record.place;
            ((topic.to_string(), *partition), offset + 1)
        })
        .collect();
    let published = raw.first().and_then(|record| record.published);
    Ok(Batch { inputs, raw, next_offsets, published })
}
