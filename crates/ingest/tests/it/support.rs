//! What several tests need: configuration with fresh topics, keys, and reading a topic back.

pub mod freg;
pub mod http;

use std::path::PathBuf;
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ingest::Keys;
use ingest::config::{FregConfig, IngestConfig, KafkaConfig, MaskinportenConfig};
use ingest::kafka::{consumer, end_offsets};
use ingest::record::open_record;
use rdkafka::consumer::Consumer;
use rdkafka::message::Message;
use rdkafka::{Offset, TopicPartitionList};
use serde::de::DeserializeOwned;
use store::{Secret, Store, StoreConfig};
use testkit::database::TestDatabase;
use uuid::Uuid;

/// A broker with topics that no other test uses.
pub fn kafka_config() -> KafkaConfig {
    let id = Uuid::new_v4().simple();
    KafkaConfig {
        bootstrap: testkit::services::kafka_bootstrap(),
        changes_topic: format!("test.changes.{id}"),
        snapshot_topic: format!("test.snapshot.{id}"),
        snapshot_partitions: 3,
        contacts_topic: format!("test.contacts.{id}"),
        contacts_partitions: 3,
        ain_topic: format!("test.ain.{id}"),
        ..KafkaConfig::default()
    }
}

/// A key file that is removed with this value.
pub struct KeyFile(pub PathBuf);

impl KeyFile {
    /// A new RSA key as PEM.
    pub fn create() -> KeyFile {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der: Pkcs8V1Der = key.as_der().unwrap();
        let body = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> =
            body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
        KeyFile::write(&format!("{begin}\n{}\n{end}\n", lines.join("\n")))
    }

    /// A key that somebody else has made.
    pub fn write(text: &str) -> KeyFile {
        let path = std::env::temp_dir().join(format!("ingest-test-{}.key", Uuid::new_v4()));
        std::fs::write(&path, text).unwrap();
        KeyFile(path)
    }
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// How to call the FREG and the Maskinporten at `address`, with short pauses.
pub fn freg_config(address: &str, key: &KeyFile) -> FregConfig {
    FregConfig {
        base_url: format!("{address}/freg/api/v1"),
        poll_interval_ms: 20,
        extract_poll_ms: 20,
        call_timeout_ms: 5_000,
        retry_pause_max_ms: 20,
        maskinporten: MaskinportenConfig {
            token_url: format!("{address}/token"),
            audience: "https://maskinporten.example/".to_owned(),
            client_id: "ingest-test".to_owned(),
            key_file: key.0.clone(),
            ..MaskinportenConfig::default()
        },
        ..FregConfig::default()
    }
}

/// The keys of every test.
pub fn keys() -> Keys {
    Keys::new(1, [7; 32], [9; 32]).unwrap()
}

/// A store on an empty, migrated database.
pub async fn store(database: &TestDatabase) -> Store {
    let url = Secret::new(database.url());
    Store::connect(&StoreConfig { url, ..StoreConfig::default() }).await.unwrap()
}

/// Every record of a topic, by partition and then in order.
pub async fn read_topic<R: DeserializeOwned>(config: &IngestConfig, topic: &str) -> Vec<R> {
    let consumer = consumer(&config.kafka).unwrap();
    let keys = keys();
    let mut records = Vec::new();
    for (partition, end) in (0..).zip(end_offsets(&config.kafka, topic).await.unwrap()) {
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition_offset(topic, partition, Offset::Offset(0)).unwrap();
        consumer.assign(&assignment).unwrap();
        for _ in 0..end {
            let message = consumer.recv().await.unwrap();
            let (key, value) = (message.key().unwrap(), message.payload().unwrap());
            records.push(open_record(&keys.sealer, topic, key, value).unwrap());
        }
    }
    records
}

/// Waits until `condition` holds, and says what was awaited when it does not come.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if condition().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("waited in vain: {what}");
}
