//! A KRR, a register with persons in it, and the processes that collect.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use ingest::config::{IngestConfig, KrrConfig, MaskinportenConfig};
use ingest::contacts::{self, FEED, LOOKUPS};
use ingest::record::ContactRecord;
use ingest::{IngestError, kafka};
use store::{ContactWrite, Store, WriteBatch};
use testkit::database::TestDatabase;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::krr::{FakeKrr, person};
use crate::support::{KeyFile, kafka_config, keys, read_topic, store, until};

/// Where the ids of changes begin: beyond what 32 bits hold.
pub const EPOCH: i64 = 5_000_000_000;

/// Everything that collecting processes need, and what they leave.
pub struct Setting {
    pub krr: FakeKrr,
    pub config: IngestConfig,
    pub store: Store,
    _key: KeyFile,
    // Dropped last: the database goes when the store no longer uses it.
    pub database: TestDatabase,
}

/// One collecting process.
pub struct Running {
    pub shutdown: CancellationToken,
    pub outcome: JoinHandle<Result<(), IngestError>>,
}

impl Running {
    pub async fn stop(self) {
        self.shutdown.cancel();
        let outcome = tokio::time::timeout(Duration::from_secs(20), self.outcome).await;
        outcome.expect("it stops when asked to").unwrap().unwrap();
    }
}

/// The number of a person in the register, by ordinal.
pub fn number(ordinal: usize) -> String {
    format!("{:02}81{:07}", 1 + ordinal % 28, ordinal)
}

impl Setting {
    /// A register with this many persons, whom KRR knows too.
    pub async fn with_persons(count: usize) -> Setting {
        let krr = FakeKrr::start().await;
        let known = (1..=count).map(|n| (number(n), person(&number(n), "æ@example.com")));
        krr.state().persons.extend(known);
        let database = TestDatabase::create().await;
        let store = store(&database).await;
        let key = KeyFile::create();
        let maskinporten = MaskinportenConfig {
            token_url: format!("{}/token", krr.address),
            audience: "https://maskinporten.example/".to_owned(),
            client_id: "ingest-test".to_owned(),
            key_file: key.0.clone(),
            ..KrrConfig::default().maskinporten
        };
        let config = IngestConfig {
            kafka: kafka_config(),
            krr: KrrConfig {
                base_url: format!("{}/rest/v2", krr.address),
                poll_interval_ms: 20,
                retry_pause_max_ms: 20,
                maskinporten,
                ..KrrConfig::default()
            },
            ..IngestConfig::default()
        };
        let setting = Setting { krr, config, store, _key: key, database };
        setting.add_persons(1, count).await;
        setting
    }

    /// Adds living persons with these ordinals to the register.
    pub async fn add_persons(&self, first: usize, last: usize) {
        let sql = format!(
            "insert into person (id, ordinal, primary_number, stub, as_of, masked_parts, parked,
                protection_uncertain, sequence_full, sequence_restricted, rendered_by, served_full,
                served_restricted, freg_ordinal)
            select gen_random_uuid(), n, lpad((1 + n % 28)::text, 2, '0') || '81' ||
                lpad(n::text, 7, '0'), false, 1, 0, false, false, 0, 0, 1, '', '', n
            from generate_series({first}, {last}) n;
            update event_counter set last_ordinal = {last}, last_freg_ordinal = {last}"
        );
        self.database.execute(sql.leak()).await;
    }

    /// Stores something about every number that has been published, as apply does.
    pub async fn apply(&self) {
        let topic = &self.config.kafka.contacts_topic;
        let ends = kafka::end_offsets(&self.config.kafka, topic).await.unwrap();
        // Not as SQL of our own, which would be logged with the numbers in it.
        let contacts = self.records().await.into_iter().map(|record| {
            let ContactRecord { number, as_of, .. } = record;
            let contact =
                ContactWrite { number: number.into(), as_of, sealed: Vec::new(), flips_at: None };
            (contact.number.clone(), contact)
        });
        let contacts = contacts.collect::<HashMap<_, _>>().into_values().collect();
        self.store.commit(&WriteBatch { contacts, ..WriteBatch::default() }).await.unwrap();
        for (partition, end) in ends.iter().enumerate() {
            let sql = format!(
                "insert into position (topic, partition, next_offset)
                values ('{topic}', {partition}, {end})
                on conflict (topic, partition) do update set next_offset = excluded.next_offset"
            );
            self.database.execute(sql.leak()).await;
        }
    }

    pub fn start(&self) -> Running {
        let shutdown = CancellationToken::new();
        let (config, store, stop) = (self.config.clone(), self.store.clone(), shutdown.clone());
        let run = async move { contacts::run(&config, &store, &keys(), &stop).await };
        Running { shutdown, outcome: tokio::spawn(run) }
    }

    /// Where a reader is.
    pub async fn at(&self, source: &str) -> Option<i64> {
        self.store.cursor(source).await.unwrap().map(|cursor| cursor.next_sequence)
    }

    pub async fn until_read(&self, change: i64) {
        until("the feed", async || self.at(FEED).await == Some(change)).await;
    }

    /// Waits until everybody before this ordinal has been looked at.
    pub async fn until_looked_up(&self, ordinal: i64) {
        until("the lookups", async || self.at(LOOKUPS).await >= Some(ordinal)).await;
    }

    pub async fn records(&self) -> Vec<ContactRecord> {
        kafka::ensure_topics(&self.config.kafka).await.unwrap();
        read_topic(&self.config, &self.config.kafka.contacts_topic).await
    }

    /// How often each number has been published.
    pub async fn published(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for record in self.records().await {
            *counts.entry(record.number).or_default() += 1;
        }
        counts
    }

    /// Adds changes to KRR's feed, each with the id behind the one before it.
    pub fn change(&self, persons: impl IntoIterator<Item = serde_json::Value>) -> i64 {
        let mut state = self.krr.state();
        for person in persons {
            let id = state.changes.last().map_or(EPOCH, |(id, _)| *id) + 1;
            state.changes.push((id, person));
        }
        state.changes.last().map_or(0, |(id, _)| *id)
    }
}
