//! What Kafka says of itself and of our topics. librdkafka's questions block, so each is asked on a
//! thread of its own.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;

pub use rdkafka::error::KafkaError;

use crate::config::KafkaConfig;

/// How long one question may take.
const LIMIT: Duration = Duration::from_secs(4);

/// A topic as the broker has it.
pub struct Topic {
    /// The offsets of the first record that is kept and of the next that comes, by partition.
    pub offsets: Vec<(i64, i64)>,
    /// `retention.ms`; -1 is for ever.
    pub retention_ms: Option<i64>,
    /// `compression.type`; `producer` keeps what the producer chose.
    pub compression: Option<String>,
}

/// How many brokers there are.
pub async fn brokers(config: &KafkaConfig) -> Result<usize, KafkaError> {
    ask(config, |client| Ok(client.fetch_metadata(None, LIMIT)?.brokers().len())).await
}

/// A topic, or none if there is no such topic.
pub async fn topic(config: &KafkaConfig, name: &str) -> Result<Option<Topic>, KafkaError> {
    let asked = name.to_owned();
    let offsets = ask(config, move |client| offsets(client, &asked)).await?;
    let Some(offsets) = offsets else {
        return Ok(None);
    };
    let admin: AdminClient<DefaultClientContext> = clients(config).create()?;
    let options = AdminOptions::new().request_timeout(Some(LIMIT));
    let described = admin.describe_configs([&ResourceSpecifier::Topic(name)], &options).await?;
    let settings = described.into_iter().next().and_then(Result::ok);
    let setting = |name: &str| settings.as_ref()?.get(name)?.value.clone();
    Ok(Some(Topic {
        offsets,
        retention_ms: setting("retention.ms").and_then(|value| value.parse().ok()),
        compression: setting("compression.type"),
    }))
}

fn offsets(client: &BaseConsumer, topic: &str) -> Result<Option<Vec<(i64, i64)>>, KafkaError> {
    // Of all topics, because a broker may make a topic that is asked for by name.
    let metadata = client.fetch_metadata(None, LIMIT)?;
    let found = metadata.topics().iter().find(|found| found.name() == topic);
    let Some(found) = found.filter(|found| !found.partitions().is_empty()) else {
        return Ok(None);
    };
    let partitions = 0..i32::try_from(found.partitions().len()).unwrap_or(i32::MAX);
    let offsets = partitions.map(|partition| client.fetch_watermarks(topic, partition, LIMIT));
    offsets.collect::<Result<_, _>>().map(Some)
}

async fn ask<T: Send + 'static>(
    config: &KafkaConfig,
    question: impl FnOnce(&BaseConsumer) -> Result<T, KafkaError> + Send + 'static,
) -> Result<T, KafkaError> {
    let client: BaseConsumer = clients(config).create()?;
    let answer = tokio::task::spawn_blocking(move || question(&client)).await;
    answer.unwrap_or(Err(KafkaError::MetadataFetch(RDKafkaErrorCode::Fail)))
}

fn clients(config: &KafkaConfig) -> ClientConfig {
    let mut clients = ClientConfig::new();
    clients.set("bootstrap.servers", &config.bootstrap).set("client.id", "persontjenesten-inspect");
    clients
}
