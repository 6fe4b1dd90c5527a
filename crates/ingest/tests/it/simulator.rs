//! Loading and following the sandbox's population register, over its own reading of the formats.

use std::net::SocketAddr;

use ingest::bulk::{self, BulkOptions, BulkProgress};
use ingest::collect::{self, SOURCE};
use ingest::config::{FregConfig, IngestConfig, MaskinportenConfig};
use ingest::record::{Carried, ChangeRecord, SnapshotRecord};
use sandbox::SandboxConfig;
use serde_json::{Value, json};
use sources::freg::document::Document;
use store::Store;
use testkit::database::TestDatabase;
use tokio::sync::{oneshot, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::support::{KeyFile, kafka_config, keys, read_topic, store, until};

const PERSONS: u64 = 1_200;

/// A sandbox, and how to call it.
struct Setting {
    address: String,
    http: reqwest::Client,
    config: IngestConfig,
    store: Store,
    _key: KeyFile,
    _stop: DropGuard,
    _database: TestDatabase,
}

impl Setting {
    async fn new() -> Setting {
        let (ready, address) = oneshot::channel();
        let shutdown = CancellationToken::new();
        let sandbox = SandboxConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: String::new(),
            persons: PERSONS,
            seed: 42,
            changes_per_second: 0.0,
        };
        tokio::spawn(sandbox::serve(sandbox, shutdown.clone(), ready));
        let address = format!("http://{}", address.await.unwrap());
        let http = reqwest::Client::new();
        let client = get(&http, &format!("{address}/sandbox/maskinporten-client")).await;
        let text = |name: &str| client[name].as_str().unwrap().to_owned();
        let key = KeyFile::write(&client["privateKey"].to_string());
        let status = get(&http, &format!("{address}/sandbox/status")).await;
        let freg = FregConfig {
            base_url: status["fregUrl"].as_str().unwrap().to_owned(),
            poll_interval_ms: 20,
            extract_poll_ms: 50,
            retry_pause_max_ms: 1_000,
            maskinporten: MaskinportenConfig {
                token_url: text("tokenUrl"),
                audience: text("audience"),
                client_id: text("clientId"),
                scope: text("scope"),
                key_file: key.0.clone(),
                key_id: None,
            },
            ..FregConfig::default()
        };
        let database = TestDatabase::create().await;
        let store = store(&database).await;
        let config = IngestConfig { kafka: kafka_config(), freg, ..IngestConfig::default() };
        let stop = shutdown.drop_guard();
        Setting { address, http, config, store, _key: key, _stop: stop, _database: database }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.address);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path} {body}: {}", answer.status());
        answer.json().await.unwrap()
    }

    async fn fault(&self, kind: &str, path_contains: &str) {
        self.post("/sandbox/faults", json!({"kind": kind, "path_contains": path_contains})).await;
    }

    async fn status(&self) -> Value {
        get(&self.http, &format!("{}/sandbox/status", self.address)).await
    }

    async fn load(&self) {
        let progress = watch::Sender::new(BulkProgress::default());
        let options = BulkOptions { force_new: false, publish_only: true };
        let (keys, shutdown) = (keys(), CancellationToken::new());
        let load = bulk::run(&self.config, &self.store, &keys, options, &progress, &shutdown);
        assert_eq!(load.await.unwrap().documents_published, PERSONS as i64);
    }
}

async fn get(http: &reqwest::Client, url: &str) -> Value {
    http.get(url).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn everybody_is_loaded_and_every_kind_of_change_collected() {
    let setting = Setting::new().await;
    setting.fault("truncated", "arkiv").await;
    setting.fault("html", "arkiv").await;
    setting.fault("429", "uttrekk").await;
    setting.fault("503", "maskinporten").await;
    setting.load().await;
    let topic = &setting.config.kafka.snapshot_topic;
    let snapshot: Vec<SnapshotRecord> = read_topic(&setting.config, topic).await;
    assert_eq!(snapshot.len() as u64, PERSONS);
    let (mut whole, mut historic) = (0, 0);
    for record in &snapshot {
        let Carried::Document { json, .. } = &record.document else { panic!("a document") };
        assert!(Document::read(json.get().as_bytes()).is_ok());
        whole += usize::from(json.get().contains("familierelasjon"));
        historic += usize::from(json.get().contains(r#""erGjeldende":false"#));
    }
    assert!(whole > 0 && historic > 0, "every part is asked for, with history");

    let status = setting.status().await;
    for kind in status["changeKinds"].as_array().unwrap() {
        setting.post("/sandbox/changes", json!({"kind": kind})).await;
    }
    setting.fault("truncated", "feed").await;
    setting.fault("missing-number", "arkiv").await;
    let last = setting.status().await["lastSequence"].as_i64().unwrap();
    let (config, store) = (setting.config.clone(), setting.store.clone());
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    let running = tokio::spawn(async move { collect::run(&config, &store, &keys(), &stop).await });
    until("the cursor", async || {
        let cursor = setting.store.cursor(SOURCE).await.unwrap().unwrap();
        cursor.next_sequence == last + 1
    })
    .await;
    shutdown.cancel();
    running.await.unwrap().unwrap();

    let topic = &setting.config.kafka.changes_topic;
    let changes: Vec<ChangeRecord> = read_topic(&setting.config, topic).await;
    let mut previous = None;
    for change in &changes {
        assert_eq!(change.previous_sequence, previous);
        previous = Some(change.sequence);
        if change.event_type == "personErOpphoertSomDublett" {
            assert!(matches!(change.document, Carried::Elsewhere));
        }
    }
    assert_eq!(previous, Some(last));
    assert!(changes.iter().any(|change| change.event_type == "personErOpphoertSomDublett"));
    let unreadable = changes.iter().filter(|change| match &change.document {
        Carried::Document { json, .. } => Document::read(json.get().as_bytes()).is_err(),
        Carried::Missing { .. } => panic!("the sandbox has every document"),
        Carried::Elsewhere => false,
    });
    assert_eq!(unreadable.count(), 1, "a document without a number goes on, for apply to park");
}
