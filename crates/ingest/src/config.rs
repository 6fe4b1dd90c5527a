//! What ingest needs to know, with defaults that suit one node and production's rhythm.

mod geography;
mod krr;
mod reconcile;

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub use geography::{ExceptionConfig, GeographyConfig};
pub use krr::KrrConfig;
pub use reconcile::ReconcileConfig;

use crate::clock::Clock;
use crate::record::{AIN_TOPIC, CHANGES_TOPIC, CONTACTS_TOPIC, SNAPSHOT_TOPIC};

/// A new producer needs half a second before it sends anything; with less, none ever would.
const PUBLISH_TIMEOUT_MS_MIN: i64 = 5_000;

/// Everything that the collecting and the applying half are told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestConfig {
    /// The broker and our topics.
    pub kafka: KafkaConfig,
    /// The population register and how to call it.
    pub freg: FregConfig,
    /// The register of contact details and how to call it.
    pub krr: KrrConfig,
    /// How records become rows.
    pub apply: ApplyConfig,
    /// Where the tables of geography come from, and what is refused.
    pub geography: GeographyConfig,
    /// How the register is compared with its sources.
    pub reconcile: ReconcileConfig,
}

/// Where Kafka is and what our topics are called.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KafkaConfig {
    /// `host:port` of one or more brokers, with commas between.
    pub bootstrap: String,
    /// The topic of the change feed; it always has one partition, because the feed is one order.
    pub changes_topic: String,
    /// The topic of the bulk extract.
    pub snapshot_topic: String,
    /// Partitions of the snapshot topic when it is created. Never change those of a live topic.
    pub snapshot_partitions: i32,
    /// The topic of contact details.
    pub contacts_topic: String,
    /// Partitions of the contacts topic when it is created. Never change those of a live topic: the
    /// order for a number is kept within one.
    pub contacts_partitions: i32,
    /// The topic of persons with a felles hjelpenummer.
    pub ain_topic: String,
    /// Partitions of that topic when it is created. Never change those of a live topic: the order
    /// for a number is kept within one.
    pub ain_partitions: i32,
    /// The consumer group whose offsets in Kafka remember what has been applied. Two registers that
    /// read the same topics must not share it.
    pub consumer_group: String,
    /// How long a created topic keeps its records: longer than the longest thinkable rebuild.
    pub retention_days: u32,
    /// How long the broker may take to acknowledge one publication before it is tried afresh with
    /// a new producer; at least 5000.
    pub publish_timeout_ms: u64,
    /// How much is read ahead of what is applied, in kilobytes, by each of the three readers: the
    /// most of the memory that applying takes when very much waits.
    pub read_ahead_kb: u32,
}

impl Default for KafkaConfig {
    fn default() -> Self {
        KafkaConfig {
            bootstrap: "127.0.0.1:9092".to_owned(),
            changes_topic: CHANGES_TOPIC.to_owned(),
            snapshot_topic: SNAPSHOT_TOPIC.to_owned(),
            snapshot_partitions: 4,
            contacts_topic: CONTACTS_TOPIC.to_owned(),
            contacts_partitions: 4,
            ain_topic: AIN_TOPIC.to_owned(),
            ain_partitions: 1,
            consumer_group: "persontjenesten-apply".to_owned(),
            retention_days: 60,
            publish_timeout_ms: 60_000,
            read_ahead_kb: 16_384,
        }
    }
}

impl KafkaConfig {
    /// How long one publication may take.
    pub fn publish_timeout(&self) -> Duration {
        Duration::from_millis(self.publish_timeout_ms)
    }
}

/// Where FREG is and how it is called. Times are in milliseconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FregConfig {
    /// The address of our rights package and its version, to which FREG's resources are added:
    /// `https://…/folkeregisteret/offentlig-med-hjemmel/api/v1`.
    pub base_url: String,
    /// How often the feed is read when there is nothing left to read. FREG recommends a minute.
    pub poll_interval_ms: u64,
    /// How often a bulk extract is asked for that is not ready.
    pub extract_poll_ms: u64,
    /// The most calls in flight at once.
    pub concurrent_calls: usize,
    /// How long a connection may take to open.
    pub connect_timeout_ms: u64,
    /// How long one call may take, its answer included. FREG expects up to 10 s for a bulk call.
    pub call_timeout_ms: u64,
    /// The largest answer that is read. A thousand documents are about 5 MB, rarely 15.
    pub answer_bytes_max: usize,
    /// The longest pause between two attempts at the same call.
    pub retry_pause_max_ms: u64,
    /// Where access tokens come from.
    pub maskinporten: MaskinportenConfig,
}

impl Default for FregConfig {
    fn default() -> Self {
        FregConfig {
            base_url: String::new(),
            poll_interval_ms: 1_000,
            extract_poll_ms: 15_000,
            concurrent_calls: 4,
            connect_timeout_ms: 5_000,
            call_timeout_ms: 30_000,
            answer_bytes_max: 128 * 1024 * 1024,
            retry_pause_max_ms: 60_000,
            maskinporten: MaskinportenConfig::default(),
        }
    }
}

impl FregConfig {
    /// The pause between two readings of the feed when it has nothing new.
    pub fn poll_interval(&self) -> Duration {
        Duration::from_millis(self.poll_interval_ms.max(1))
    }

    /// The pause between two questions after an extract that is not ready.
    pub fn extract_poll(&self) -> Duration {
        Duration::from_millis(self.extract_poll_ms.max(1))
    }

    /// The longest pause between two attempts at the same call.
    pub fn retry_pause_max(&self) -> Duration {
        Duration::from_millis(self.retry_pause_max_ms)
    }
}

/// How access tokens are had from Maskinporten (JWT-bearer grant).
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MaskinportenConfig {
    /// The token endpoint.
    pub token_url: String,
    /// The issuer of the tokens, as it names itself: the assertion's audience.
    pub audience: String,
    /// Our client at Maskinporten.
    pub client_id: String,
    /// The scope of our rights package.
    pub scope: String,
    /// A file with the client's private RSA key, as a JWK or as PEM.
    pub key_file: PathBuf,
    /// The key's id at Maskinporten; a JWK may name it itself.
    pub key_id: Option<String>,
}

impl Default for MaskinportenConfig {
    fn default() -> Self {
        MaskinportenConfig {
            token_url: String::new(),
            audience: String::new(),
            client_id: String::new(),
            scope: "folkeregister:deling/offentligmedhjemmel".to_owned(),
            key_file: PathBuf::new(),
            key_id: None,
        }
    }
}

/// How records are put together into batches before they are written.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApplyConfig {
    /// The most records in one transaction.
    pub batch_documents_max: usize,
    /// How long to wait for more records once there is one.
    pub batch_wait_ms: u64,
    /// The most persons that are rendered anew in one round in the background, for which a change
    /// may have to wait.
    pub background_persons_max: usize,
    /// The most persons whose documents may be set aside within a minute. More than that is no
    /// fault of single documents, and applying stops.
    pub parked_persons_per_minute_max: usize,
    /// What time it is.
    #[serde(skip)]
    pub clock: Clock,
}

impl Default for ApplyConfig {
    fn default() -> Self {
        ApplyConfig {
            batch_documents_max: 500,
            batch_wait_ms: 50,
            background_persons_max: 500,
            parked_persons_per_minute_max: 100,
            clock: Clock::default(),
        }
    }
}

impl IngestConfig {
    /// Every fault that can be seen without calling anybody, so that all are told at once.
    pub fn faults(&self) -> Vec<String> {
        let texts = [
            ("kafka.bootstrap", &self.kafka.bootstrap),
            ("kafka.changes_topic", &self.kafka.changes_topic),
            ("kafka.snapshot_topic", &self.kafka.snapshot_topic),
            ("kafka.contacts_topic", &self.kafka.contacts_topic),
            ("kafka.ain_topic", &self.kafka.ain_topic),
            ("kafka.consumer_group", &self.kafka.consumer_group),
            ("freg.maskinporten.audience", &self.freg.maskinporten.audience),
            ("freg.maskinporten.client_id", &self.freg.maskinporten.client_id),
            ("freg.maskinporten.scope", &self.freg.maskinporten.scope),
        ];
        let urls = [
            ("freg.base_url", &self.freg.base_url),
            ("freg.maskinporten.token_url", &self.freg.maskinporten.token_url),
        ];
        let kafka = &self.kafka;
        let least = [
            ("kafka.snapshot_partitions", i64::from(kafka.snapshot_partitions), 1),
            ("kafka.contacts_partitions", i64::from(kafka.contacts_partitions), 1),
            ("kafka.ain_partitions", i64::from(kafka.ain_partitions), 1),
            ("kafka.retention_days", i64::from(kafka.retention_days), 1),
            ("kafka.publish_timeout_ms", number(kafka.publish_timeout_ms), PUBLISH_TIMEOUT_MS_MIN),
            ("kafka.read_ahead_kb", i64::from(kafka.read_ahead_kb), 1),
            ("freg.concurrent_calls", number(self.freg.concurrent_calls), 1),
            ("freg.call_timeout_ms", number(self.freg.call_timeout_ms), 1),
            ("freg.answer_bytes_max", number(self.freg.answer_bytes_max), 1),
            ("apply.batch_documents_max", number(self.apply.batch_documents_max), 1),
            ("apply.background_persons_max", number(self.apply.background_persons_max), 1),
        ];
        let empty = texts.iter().filter(|(_, text)| text.is_empty());
        let unusable = urls.iter().filter(|(_, url)| !is_http_url(url));
        let small = least.iter().filter(|(_, value, least)| value < least);
        let mut faults: Vec<String> = empty.map(|(name, _)| format!("{name} is empty")).collect();
        faults.extend(unusable.map(|(name, _)| format!("{name} is no http or https address")));
        faults.extend(small.map(|(name, _, least)| format!("{name} must be at least {least}")));
        if self.freg.maskinporten.key_file.as_os_str().is_empty() {
            faults.push("freg.maskinporten.key_file is empty".to_owned());
        }
        faults.extend(self.krr.faults());
        faults.extend(self.geography.faults());
        faults.extend(self.reconcile.faults());
        faults
    }
}

fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

fn is_http_url(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usable() -> IngestConfig {
        let mut config = IngestConfig::default();
        config.freg.base_url = "https://freg.example/api/v1".to_owned();
        config.freg.maskinporten = MaskinportenConfig {
            token_url: "http://127.0.0.1:1/token".to_owned(),
            audience: "https://maskinporten.example/".to_owned(),
            client_id: "client".to_owned(),
            key_file: PathBuf::from("key.pem"),
            ..MaskinportenConfig::default()
        };
        config
    }

    #[test]
    fn a_complete_configuration_has_no_faults() {
        assert_eq!(usable().faults(), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let mut config = usable();
        config.kafka.snapshot_topic.clear();
        config.kafka.consumer_group.clear();
        config.freg.base_url = "ftp://freg.example".to_owned();
        config.freg.concurrent_calls = 0;
        config.kafka.publish_timeout_ms = 200;
        config.freg.maskinporten.key_file = PathBuf::new();
        assert_eq!(
            config.faults(),
            [
                "kafka.snapshot_topic is empty",
                "kafka.consumer_group is empty",
                "freg.base_url is no http or https address",
                "kafka.publish_timeout_ms must be at least 5000",
                "freg.concurrent_calls must be at least 1",
                "freg.maskinporten.key_file is empty",
            ]
        );
    }

    #[test]
    fn a_misspelled_field_is_refused_and_a_missing_one_has_its_default() {
        let read = |json| serde_json::from_str::<IngestConfig>(json);
        let config = read(r#"{"freg": {"poll_interval_ms": 200}}"#).unwrap();
        assert_eq!(config.freg.poll_interval(), Duration::from_millis(200));
        assert_eq!(config.kafka.snapshot_partitions, 4);
        assert!(read(r#"{"freg": {"poll_intervall_ms": 200}}"#).is_err());
    }
}
