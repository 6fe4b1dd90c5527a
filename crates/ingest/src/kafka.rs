//! Kafka as this project uses it: an idempotent producer, hand-assigned partitions, topics of ours.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer, StreamConsumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

pub mod inspect;
mod publisher;

pub use publisher::{Outgoing, PublishError, Publisher};

use crate::config::KafkaConfig;

/// How long an administrative request may take before it is an error.
const ADMIN_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest record: no person's document is near this, and one that is must not stop the rest.
const RECORD_BYTES_MAX: &str = "16777216";
/// How long a consumer that has read far enough ahead waits before it looks whether to read on, in
/// milliseconds. With librdkafka's own second, what is read ahead would run out.
const READ_ON_MS: &str = "20";

/// A consumer whose partitions are assigned by hand, from positions that Postgres keeps.
///
/// `auto.offset.reset=error`: an offset that retention has removed is our loss and must stop us.
///
/// # Errors
/// When librdkafka refuses the configuration.
pub fn consumer(config: &KafkaConfig) -> Result<StreamConsumer, KafkaError> {
    group(config)
        .set("isolation.level", "read_committed")
        .set("auto.offset.reset", "error")
        .set("check.crcs", "true")
        .set("queued.max.messages.kbytes", config.read_ahead_kb.to_string())
        .set("fetch.queue.backoff.ms", READ_ON_MS)
        .create()
}

/// A member of our consumer group, which decides nothing by itself.
pub(crate) fn group(config: &KafkaConfig) -> ClientConfig {
    let mut group = clients(config);
    group
        .set("group.id", &config.consumer_group)
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false");
    group
}

/// Creates our topics unless they exist. Partitions and settings of existing ones are left alone.
///
/// # Errors
/// When the broker cannot be reached or refuses a topic.
pub async fn ensure_topics(config: &KafkaConfig) -> Result<(), KafkaError> {
    // The feed is one order, so its topic is one partition.
    ensure_topic(config, &config.changes_topic, 1).await?;
    ensure_topic(config, &config.snapshot_topic, config.snapshot_partitions).await?;
    ensure_topic(config, &config.contacts_topic, config.contacts_partitions).await?;
    ensure_topic(config, &config.ain_topic, config.ain_partitions).await
}

async fn ensure_topic(config: &KafkaConfig, name: &str, partitions: i32) -> Result<(), KafkaError> {
    let admin: AdminClient<DefaultClientContext> = clients(config).create()?;
    let retention_ms = (u64::from(config.retention_days) * 24 * 60 * 60 * 1000).to_string();
    // -1 asks for the broker's own replication factor: one in the demo, three in production.
    let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(-1))
        .set("max.message.bytes", RECORD_BYTES_MAX)
        .set("retention.ms", &retention_ms);
    let options = AdminOptions::new()
        .operation_timeout(Some(ADMIN_TIMEOUT))
        .request_timeout(Some(ADMIN_TIMEOUT));
    for outcome in admin.create_topics([&topic], &options).await? {
        match outcome {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => return Err(KafkaError::AdminOp(code)),
        }
    }
    Ok(())
}

/// How many partitions a topic has.
///
/// # Errors
/// When the broker cannot be reached or does not know the topic.
pub async fn partition_count(config: &KafkaConfig, topic: &str) -> Result<i32, KafkaError> {
    let topic = topic.to_owned();
    ask(config, move |client| count_partitions(client, &topic)).await
}

/// The offset that the next record of each partition will get, from partition 0 on.
///
/// # Errors
/// When the broker cannot be reached or does not know the topic.
pub async fn end_offsets(config: &KafkaConfig, topic: &str) -> Result<Vec<i64>, KafkaError> {
    let topic = topic.to_owned();
    let ends = ask(config, move |client| {
        let partitions = 0..count_partitions(client, &topic)?;
        let end = |partition| client.fetch_watermarks(&topic, partition, ADMIN_TIMEOUT);
        partitions.map(|partition| end(partition).map(|(_, high)| high)).collect()
    });
    ends.await
}

fn count_partitions(client: &BaseConsumer, topic: &str) -> Result<i32, KafkaError> {
    let metadata = client.fetch_metadata(Some(topic), ADMIN_TIMEOUT)?;
    let partitions = metadata.topics().first().map_or(0, |topic| topic.partitions().len());
    match i32::try_from(partitions) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(KafkaError::MetadataFetch(RDKafkaErrorCode::UnknownTopicOrPartition)),
    }
}

/// Asks the broker on a thread of its own: these calls of librdkafka block.
async fn ask<T: Send + 'static>(
    config: &KafkaConfig,
    question: impl FnOnce(&BaseConsumer) -> Result<T, KafkaError> + Send + 'static,
) -> Result<T, KafkaError> {
    let client: BaseConsumer = clients(config).create()?;
    let answer = tokio::task::spawn_blocking(move || question(&client)).await;
    answer.unwrap_or(Err(KafkaError::Canceled))
}

fn clients(config: &KafkaConfig) -> ClientConfig {
    let mut clients = ClientConfig::new();
    clients.set("bootstrap.servers", &config.bootstrap);
    clients
}
