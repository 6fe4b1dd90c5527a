//! Kafka as this project uses it: an idempotent producer, hand-assigned partitions, topics of ours.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::StreamConsumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::FutureProducer;

/// How long an administrative request may take before it is an error.
const ADMIN_TIMEOUT: Duration = Duration::from_secs(30);

/// A producer that neither loses nor reorders nor doubles: idempotent, acknowledged by every replica.
///
/// # Errors
/// When librdkafka refuses the configuration.
pub fn producer(bootstrap: &str) -> Result<FutureProducer, KafkaError> {
    ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("acks", "all")
        .set("enable.idempotence", "true")
        .set("compression.type", "zstd")
        .create()
}

/// A consumer whose partitions are assigned by hand, from positions that Postgres keeps.
///
/// `auto.offset.reset=error`: an offset that retention has removed is our loss and must stop us.
///
/// # Errors
/// When librdkafka refuses the configuration.
pub fn consumer(bootstrap: &str) -> Result<StreamConsumer, KafkaError> {
    ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .set("group.id", "persontjenesten-apply")
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("isolation.level", "read_committed")
        .set("auto.offset.reset", "error")
        .set("check.crcs", "true")
        .create()
}

/// Creates a topic unless it exists; the number of partitions of an existing one is left alone.
///
/// # Errors
/// When the broker cannot be reached or refuses the topic.
pub async fn ensure_topic(bootstrap: &str, name: &str, partitions: i32) -> Result<(), KafkaError> {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", bootstrap).create()?;
    // -1 asks for the broker's own replication factor: one in the demo, three in production.
    let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(-1));
    let options = AdminOptions::new().operation_timeout(Some(ADMIN_TIMEOUT));
    for outcome in admin.create_topics([&topic], &options).await? {
        match outcome {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => return Err(KafkaError::AdminOp(code)),
        }
    }
    Ok(())
}
