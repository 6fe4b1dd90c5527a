//! Following the feed, through a real broker and a real database.

use std::collections::BTreeMap;
use std::time::Duration;

use ingest::collect::{self, SOURCE};
use ingest::config::IngestConfig;
use ingest::record::{Carried, ChangeRecord};
use ingest::{IngestError, kafka};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use store::{Cursor, Store};
use testkit::database::TestDatabase;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::freg::{Event, FakeFreg, State, document};
use crate::support::http::Reply;
use crate::support::{KeyFile, freg_config, kafka_config, keys, read_topic, store, until};

/// Everything one collecting process needs, and the process.
struct Setting {
    freg: FakeFreg,
    config: IngestConfig,
    store: Store,
    // Dropped last: the database goes when the store no longer uses it.
    _key: KeyFile,
    _database: TestDatabase,
}

struct Running {
    shutdown: CancellationToken,
    outcome: JoinHandle<Result<(), IngestError>>,
}

impl Running {
    async fn stop(self) {
        self.shutdown.cancel();
        let outcome = tokio::time::timeout(Duration::from_secs(10), self.outcome).await;
        outcome.expect("it stops when asked to").unwrap().unwrap();
    }
}

impl Setting {
    async fn new(state: State, cursor: Option<Cursor>) -> Setting {
        let freg = FakeFreg::start(state).await;
        let database = TestDatabase::create().await;
        let store = store(&database).await;
        if let Some(cursor) = cursor {
            store.start_cursor(SOURCE, cursor).await.unwrap();
        }
        let key = KeyFile::create();
        let config = IngestConfig {
            kafka: kafka_config(),
            freg: freg_config(&freg.address, &key),
            ..IngestConfig::default()
        };
        Setting { freg, config, store, _key: key, _database: database }
    }

    fn start(&self) -> Running {
        let shutdown = CancellationToken::new();
        let (config, store, stop) = (self.config.clone(), self.store.clone(), shutdown.clone());
        let run = async move { collect::run(&config, &store, &keys(), &stop).await };
        Running { shutdown, outcome: tokio::spawn(run) }
    }

    async fn until_collected(&self, next: i64) {
        until("the cursor", async || {
            let cursor = self.store.cursor(SOURCE).await.unwrap();
            cursor.is_some_and(|cursor| cursor.next_sequence == next)
        })
        .await;
    }

    async fn records(&self) -> Vec<ChangeRecord> {
        kafka::ensure_topics(&self.config.kafka).await.unwrap();
        read_topic(&self.config, &self.config.kafka.changes_topic).await
    }
}

fn number(person: i64) -> String {
    format!("{:02}81991{:04}", 1 + person % 28, person)
}

/// `count` events from sequence `first` on, about a few persons, each with a document of its own.
fn events(first: i64, count: i64) -> Vec<Event> {
    let event = |sequence: i64| Event {
        sequence,
        number: number(sequence % 300),
        event_type: "endringIBostedsadresse",
        document: Some(format!("doc-{sequence}")),
    };
    (first..first + count).map(event).collect()
}

fn state(events: Vec<Event>) -> State {
    let documents = events
        .iter()
        .filter_map(|event| Some((event.document.clone()?, document(&[&event.number]))));
    let persons = events.iter().map(|event| (event.number.clone(), document(&[&event.number])));
    State { documents: documents.collect(), persons: persons.collect(), events, ..State::default() }
}

fn cursor(next_sequence: i64) -> Option<Cursor> {
    Some(Cursor { next_sequence, by_number_until: 0 })
}

/// Every event once and in order, each naming the one before it, none before its document.
fn assert_whole(records: &[ChangeRecord], events: &[Event], first_previous: i64) {
    let mut previous = first_previous;
    let mut covered = BTreeMap::new();
    assert_eq!(records.len(), events.len());
    for (record, event) in records.iter().zip(events) {
        assert_eq!(record.sequence, event.sequence);
        assert_eq!(record.previous_sequence, Some(previous));
        assert_eq!((&record.number, &*record.event_type), (&event.number, event.event_type));
        if let Carried::Document { as_of, json } = &record.document {
            assert!(json.get().contains(&record.number));
            covered.insert(record.number.clone(), *as_of);
        }
        assert!(covered[&record.number] >= record.sequence, "{}", record.sequence);
        previous = record.sequence;
    }
}

#[tokio::test]
async fn every_event_is_published_in_order_whatever_freg_answers_in_between() {
    let events = events(1, 2_300);
    let setting = Setting::new(state(events.clone()), cursor(1)).await;
    let throttled = Reply::Whole(429, "application/json", "retry-after: 3", "{}".to_owned());
    setting.freg.state().faults.extend([
        ("feed", Reply::firewall()),
        ("arkiv", throttled.clone()),
        ("feed", Reply::CutOff(r#"[{"sekvensnummer":1,"hendelse":{}}]"#.to_owned())),
        ("arkiv", Reply::CutOff(r#"{"oppslag":[{"dokumentidentifikator":"doc-1"}]}"#.to_owned())),
        ("arkiv", Reply::status(503, "{}")),
        ("feed", throttled),
        ("arkiv", Reply::json(r#"{"oppslag":[{"dokumentidentif"#)),
        ("sekvensnummer", Reply::firewall()),
    ]);
    let running = setting.start();
    setting.until_collected(2_301).await;
    running.stop().await;
    assert_whole(&setting.records().await, &events, 0);
    assert!(setting.freg.state().faults.is_empty(), "every fault was met");
}

#[tokio::test]
async fn a_later_process_goes_on_at_the_cursor() {
    let setting = Setting::new(state(events(1, 40)), cursor(1)).await;
    let running = setting.start();
    setting.until_collected(41).await;
    running.stop().await;
    let more = events(41, 25);
    let added = state(more.clone());
    setting.freg.state().events.extend(more);
    setting.freg.state().documents.extend(added.documents);
    let running = setting.start();
    setting.until_collected(66).await;
    running.stop().await;
    assert_whole(&setting.records().await, &events(1, 65), 0);
}

#[tokio::test]
async fn of_two_processes_one_collects_and_the_other_takes_over() {
    let setting = Setting::new(state(events(1, 1_500)), cursor(1)).await;
    let (first, second) = (setting.start(), setting.start());
    setting.until_collected(1_501).await;
    // Time for the one that waits to do what it should not.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_whole(&setting.records().await, &events(1, 1_500), 0);

    first.stop().await;
    let more = events(1_501, 10);
    setting.freg.state().documents.extend(state(more.clone()).documents);
    setting.freg.state().events.extend(more);
    setting.until_collected(1_511).await;
    second.stop().await;
    assert_whole(&setting.records().await, &events(1, 1_510), 0);
}

#[tokio::test]
async fn a_hole_is_read_once_more_and_then_passed() {
    // Event 7 comes late, event 9 never.
    let mut events = events(1, 12);
    events.remove(8);
    let mut state = state(events.clone());
    state.hidden.insert(7, 1);
    let setting = Setting::new(state, cursor(1)).await;
    let running = setting.start();
    setting.until_collected(13).await;
    running.stop().await;
    let records = setting.records().await;
    assert_whole(&records, &events, 0);
    assert_eq!(records[8].previous_sequence, Some(8), "the record after the hole names its end");
}

#[tokio::test]
async fn what_has_no_document_is_looked_up_by_number_and_never_a_duplicate() {
    let mut events = events(10, 6);
    events[0].document = None;
    events[1].event_type = "personErOppdatert";
    events[2].event_type = "personErOpphoertSomDublett";
    events[2].document = None;
    events[3].document = Some("expired".to_owned());
    events[4].document = Some("bad".to_owned());
    events[5].document = None;
    let mut state = state(events.clone());
    state.documents.retain(|id, _| id.starts_with("doc-"));
    state.persons.remove(&events[5].number);
    let setting = Setting::new(state, cursor(10)).await;
    let running = setting.start();
    setting.until_collected(16).await;
    running.stop().await;
    let records = setting.records().await;
    let as_of: Vec<Option<i64>> = records
        .iter()
        .map(|record| match record.document {
            Carried::Document { as_of, .. } => Some(as_of),
            _ => None,
        })
        .collect();
    // By number, the age is that of the feed's head.
    assert_eq!(as_of, [Some(15), Some(15), None, Some(15), Some(15), None]);
    assert!(matches!(records[2].document, Carried::Elsewhere));
    assert!(matches!(records[5].document, Carried::Missing { as_of: 15 }));
    for call in &setting.freg.state().calls {
        assert!(!call.body.contains(&events[2].number), "a ceased duplicate is never looked up");
    }
}

#[tokio::test]
async fn nothing_is_collected_before_a_bulk_load_has_set_the_cursor() {
    let setting = Setting::new(state(events(1, 5)), None).await;
    let running = setting.start();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(setting.freg.calls_to("feed"), 0);
    let job = setting.store.start_bulk_load(1, "job").await;
    job.unwrap();
    setting.store.finish_bulk_load("job").await.unwrap();
    let from_there = Cursor { next_sequence: 1, by_number_until: 3 };
    setting.store.start_cursor(SOURCE, from_there).await.unwrap();
    setting.until_collected(6).await;
    running.stop().await;
    let records = setting.records().await;
    let previous: Vec<_> = records.iter().map(|record| record.previous_sequence).collect();
    assert_eq!(previous, [None, Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(setting.store.cursor(SOURCE).await.unwrap().unwrap().by_number_until, 3);
}

#[tokio::test]
async fn a_cursor_that_freg_has_forgotten_ends_the_run() {
    let setting = Setting::new(state(events(1, 5)), cursor(1)).await;
    setting.freg.state().faults.push_back(("feed", Reply::status(406, "{}")));
    let outcome = setting.start().outcome.await.unwrap();
    assert!(matches!(outcome, Err(IngestError::TooOld { next_sequence: 1 })), "{outcome:?}");
    assert_eq!(setting.store.cursor(SOURCE).await.unwrap(), cursor(1));
}

/// The broker never acknowledges: the cursor stays, and the page comes when the broker does.
#[tokio::test]
async fn the_cursor_waits_for_the_broker() {
    let mut setting = Setting::new(state(events(1, 5)), cursor(1)).await;
    let broker = std::mem::replace(&mut setting.config.kafka.bootstrap, "127.0.0.1:1".to_owned());
    let running = setting.start();
    tokio::time::sleep(Duration::from_secs(1)).await;
    running.shutdown.cancel();
    let stopped = tokio::time::timeout(Duration::from_secs(60), running.outcome).await;
    stopped.unwrap().unwrap().unwrap();
    assert_eq!(setting.store.cursor(SOURCE).await.unwrap(), cursor(1));
    setting.config.kafka.bootstrap = broker;
    let running = setting.start();
    setting.until_collected(6).await;
    running.stop().await;
    assert_whole(&setting.records().await, &events(1, 5), 0);
}

/// The broker is there, and for a while the topic takes nothing.
#[tokio::test]
async fn a_topic_that_refuses_records_is_waited_for() {
    let setting = Setting::new(state(events(1, 500)), cursor(1)).await;
    kafka::ensure_topics(&setting.config.kafka).await.unwrap();
    largest_record(&setting.config, "1").await;
    let running = setting.start();
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(setting.store.cursor(SOURCE).await.unwrap(), cursor(1));
    largest_record(&setting.config, "16777216").await;
    setting.until_collected(501).await;
    running.stop().await;
    assert_whole(&setting.records().await, &events(1, 500), 0);
}

/// How many bytes a record of the changes may have.
async fn largest_record(config: &IngestConfig, bytes: &str) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", &config.kafka.bootstrap).create().unwrap();
    let topic = ResourceSpecifier::Topic(&config.kafka.changes_topic);
    let change = AlterConfig::new(topic).set("max.message.bytes", bytes);
    let done = admin.alter_configs(&[change], &AdminOptions::new()).await.unwrap();
    assert!(done.into_iter().all(|outcome| outcome.is_ok()));
}
