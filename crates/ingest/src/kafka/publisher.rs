//! Publishing without loss, gap or reordering.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::try_join_all;
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord};

use super::RECORD_BYTES_MAX;
use crate::config::KafkaConfig;
use crate::metrics;

/// How long to wait when librdkafka's queue is full.
const QUEUE_PAUSE: Duration = Duration::from_millis(20);

/// A record on its way to a topic.
pub struct Outgoing {
    /// A keyed hash, never a number.
    pub key: String,
    /// The sealed value.
    pub value: Vec<u8>,
}

/// Why a publication failed. All of it must be published again; what the broker already has comes
/// twice then, which apply recognises.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The broker or librdkafka refused a record.
    #[error("Kafka refused a record")]
    Kafka(#[from] KafkaError),
    /// The broker did not acknowledge everything in time.
    #[error("Kafka did not acknowledge in time")]
    TimedOut,
    /// The producer was given up while this was on its way.
    #[error("the producer was given up")]
    GivenUp,
}

/// Publishes to one broker. The producer behind it is replaced after a failure.
pub struct Publisher {
    bootstrap: String,
    timeout: Duration,
    producer: Mutex<Option<FutureProducer>>,
}

impl Publisher {
    /// Nothing is connected before the first publication.
    pub fn new(config: &KafkaConfig) -> Publisher {
        let (bootstrap, timeout) = (config.bootstrap.clone(), config.publish_timeout());
        Publisher { bootstrap, timeout, producer: Mutex::new(None) }
    }

    /// Publishes `records` in order, and returns when all replicas have them all.
    ///
    /// When it fails, the broker has a first part of them, without gaps, or all.
    ///
    /// # Errors
    /// [`PublishError`], after which everything must be published again.
    pub async fn publish(&self, topic: &str, records: &[Outgoing]) -> Result<(), PublishError> {
        let producer = self.producer()?;
        let sending = send(&producer, topic, records);
        let outcome = match tokio::time::timeout(self.timeout, sending).await {
            Ok(outcome) => outcome,
            Err(_) => Err(PublishError::TimedOut),
        };
        match &outcome {
            Ok(()) => metrics::published(topic, records.len() as u64),
            Err(_) => {
                metrics::publish_failure();
                self.give_up(producer);
            }
        }
        outcome
    }

    fn producer(&self) -> Result<FutureProducer, KafkaError> {
        let mut held = self.producer.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match &*held {
            Some(producer) => Ok(producer.clone()),
            None => Ok(held.insert(producer(&self.bootstrap)?).clone()),
        }
    }

    /// Forgets the producer and with it what it has queued, so that nothing of a failed publication
    /// is sent behind a later one.
    fn give_up(&self, producer: FutureProducer) {
        let held = self.producer.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
        // Closing a producer waits for its threads.
        tokio::task::spawn_blocking(move || drop((producer, held)));
    }
}

/// A producer that neither loses nor reorders nor doubles: idempotent, acknowledged by every replica.
fn producer(bootstrap: &str) -> Result<FutureProducer, KafkaError> {
    ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("acks", "all")
        .set("enable.idempotence", "true")
        // A record that is lost behind our back must not be followed by the next one: no record
        // ever times out by itself, and any other failure ends the producer.
        .set("message.timeout.ms", "0")
        .set("enable.gapless.guarantee", "true")
        .set("message.max.bytes", RECORD_BYTES_MAX)
        .set("queue.buffering.max.kbytes", "262144")
        // Values are compressed before they are sealed; after that nothing can be gained.
        .set("compression.type", "none")
        .create()
}

async fn send(
    producer: &FutureProducer,
    topic: &str,
    records: &[Outgoing],
) -> Result<(), PublishError> {
    let mut deliveries = Vec::with_capacity(records.len());
    for record in records {
        deliveries.push(enqueue(producer, topic, record).await?);
    }
    let acknowledged = deliveries.into_iter().map(async |delivery| match delivery.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err((error, _))) => Err(PublishError::Kafka(error)),
        Err(_) => Err(PublishError::GivenUp),
    });
    try_join_all(acknowledged).await.map(|_| ())
}

async fn enqueue(
    producer: &FutureProducer,
    topic: &str,
    record: &Outgoing,
) -> Result<DeliveryFuture, PublishError> {
    loop {
        let message = FutureRecord::to(topic).key(&record.key).payload(&record.value);
        match producer.send_result(message) {
            Ok(delivery) => return Ok(delivery),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), _)) => {
                tokio::time::sleep(QUEUE_PAUSE).await;
            }
            Err((error, _)) => return Err(error.into()),
        }
    }
}
