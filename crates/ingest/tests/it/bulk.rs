//! Loading everybody, through a real broker and a real database.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ingest::IngestError;
use ingest::bulk::{self, BulkOptions, BulkProgress, BulkReport, BulkStage};
use ingest::collect::SOURCE;
use ingest::config::IngestConfig;
use ingest::kafka::end_offsets;
use ingest::record::{Carried, SnapshotRecord};
use store::{Cursor, Store};
use testkit::database::TestDatabase;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::support::freg::{Event, FakeFreg, State, document};
use crate::support::http::Reply;
use crate::support::{KeyFile, freg_config, kafka_config, keys, read_topic, store, until};

const PUBLISH: BulkOptions = BulkOptions { force_new: false, publish_only: true };
const AGAIN: BulkOptions = BulkOptions { force_new: true, publish_only: true };

struct Setting {
    freg: FakeFreg,
    config: IngestConfig,
    store: Store,
    progress: watch::Sender<BulkProgress>,
    _key: KeyFile,
    _database: TestDatabase,
}

impl Setting {
    async fn new(state: State) -> Setting {
        let freg = FakeFreg::start(state).await;
        let database = TestDatabase::create().await;
        let key = KeyFile::create();
        let config = IngestConfig {
            kafka: kafka_config(),
            freg: freg_config(&freg.address, &key),
            ..IngestConfig::default()
        };
        let store = store(&database).await;
        let progress = watch::Sender::new(BulkProgress::default());
        Setting { freg, config, store, progress, _key: key, _database: database }
    }

    async fn run(&self, options: BulkOptions) -> Result<BulkReport, IngestError> {
        let (keys, shutdown) = (keys(), CancellationToken::new());
        bulk::run(&self.config, &self.store, &keys, options, &self.progress, &shutdown).await
    }

    async fn cursor(&self) -> Option<Cursor> {
        self.store.cursor(SOURCE).await.unwrap()
    }

    async fn records(&self) -> Vec<SnapshotRecord> {
        read_topic(&self.config, &self.config.kafka.snapshot_topic).await
    }
}

fn id(document: usize) -> String {
    format!("{document:032x}")
}

/// An extract of these batch sizes as of sequence 100, while the feed is at 100.
fn state(batches: &[usize]) -> State {
    let mut next = 0..;
    let batches: Vec<Vec<String>> =
        batches.iter().map(|size| next.by_ref().take(*size).map(id).collect()).collect();
    let number = |index: usize| format!("{:02}8199{:05}", 1 + index % 28, index);
    let documents = batches.iter().flatten().enumerate();
    State {
        documents: documents.map(|(at, id)| (id.clone(), document(&[&number(at)]))).collect(),
        batches,
        events: vec![event(100)],
        ..State::default()
    }
}

fn event(sequence: i64) -> Event {
    let (number, event_type) = ("01819912345".to_owned(), "endringINavn");
    Event { sequence, number, event_type, document: None }
}

fn at(next_sequence: i64, by_number_until: i64) -> Option<Cursor> {
    Some(Cursor { next_sequence, by_number_until })
}

#[tokio::test]
async fn everybody_is_published_once_and_the_feed_begins_at_the_extract() {
    let mut state = state(&[2_500, 300, 0, 1]);
    // FREG has listed documents twice, and does not give every document it lists.
    let twice = state.batches[0][7].clone();
    state.batches[0].push(twice);
    let refused = state.batches[1][3].clone();
    state.documents.remove(&refused);
    let unreadable = state.batches[1][4].clone();
    state.documents.insert(unreadable.clone(), r#"{"navn":[]}"#.to_owned());
    state.not_ready = 3;
    let setting = Setting::new(state).await;
    let throttled = Reply::Whole(429, "application/json", "retry-after: 3", "{}".to_owned());
    setting.freg.state().faults.extend([
        ("arkiv", Reply::firewall()),
        ("komplett", throttled),
        ("arkiv", Reply::CutOff(r#"{"oppslag":[{"dokumentidentifikator":"x"}]}"#.to_owned())),
        ("batch/1", Reply::status(503, "{}")),
    ]);

    let report = setting.run(PUBLISH).await.unwrap();
    assert_eq!((report.documents_published, report.published_now), (2_801, 2_801));
    assert_eq!((report.batches, report.from_sequence), (4, 100));
    assert!(!report.already_finished);
    assert_eq!(setting.cursor().await, at(100, 100));
    let progress = *setting.progress.borrow();
    assert_eq!(progress.documents_total, Some(2_801));
    assert_eq!((progress.stage, progress.batches), (BulkStage::Done, 4));

    let records = setting.records().await;
    let ids: BTreeSet<&str> = records.iter().map(|record| &*record.document_id).collect();
    assert_eq!((records.len(), ids.len()), (2_801, 2_801));
    for record in &records {
        match &record.document {
            Carried::Document { as_of, json } => {
                assert_eq!(*as_of, 100);
                let by_id = &setting.freg.state().documents[&record.document_id];
                let sent: serde_json::Value = serde_json::from_str(json.get()).unwrap();
                assert_eq!(sent, serde_json::from_str::<serde_json::Value>(by_id).unwrap());
            }
            Carried::Missing { as_of: 100 } => assert_eq!(record.document_id, refused),
            _ => panic!("a snapshot record has a document or says that there is none"),
        }
    }
    assert!(ids.contains(&*unreadable), "apply parks it; nobody goes missing in silence");
}

#[tokio::test]
async fn a_finished_load_is_not_done_again_unless_forced() {
    let setting = Setting::new(state(&[10])).await;
    setting.run(PUBLISH).await.unwrap();
    let again = setting.run(PUBLISH).await.unwrap();
    assert!(again.already_finished);
    assert_eq!((again.published_now, again.documents_published), (0, 10));
    assert_eq!(setting.freg.state().orders, 1);
    assert_eq!(setting.records().await.len(), 10);

    setting.freg.state().events.push(event(130));
    let forced = setting.run(AGAIN).await.unwrap();
    assert_eq!((forced.from_sequence, forced.published_now), (130, 10));
    assert_eq!(setting.records().await.len(), 20);
    // The feed can still be read from the old cursor, so no event is left out.
    assert_eq!(setting.cursor().await, at(100, 130));
}

#[tokio::test]
async fn a_forced_load_leaves_events_that_freg_has_forgotten() {
    let setting = Setting::new(state(&[10])).await;
    setting.run(PUBLISH).await.unwrap();
    setting.freg.state().events.push(event(130));
    setting.freg.state().faults.push_back(("feed", Reply::status(406, "{}")));
    setting.run(AGAIN).await.unwrap();
    assert_eq!(setting.cursor().await, at(130, 130));
}

#[tokio::test]
async fn a_cursor_ahead_of_the_extract_only_widens_its_window() {
    let setting = Setting::new(state(&[10])).await;
    let ahead = Cursor { next_sequence: 140, by_number_until: 120 };
    setting.store.start_cursor(SOURCE, ahead).await.unwrap();
    setting.run(AGAIN).await.unwrap();
    assert_eq!(setting.cursor().await, at(140, 120));
}

/// Killed at any of several moments and started again: nothing is left out, and what was noted as
/// published is not fetched again.
#[tokio::test]
async fn a_killed_load_goes_on_where_it_was() {
    let setting = Setting::new(state(&[1_200, 1_200, 1_200, 1_200])).await;
    for moment in 1..=3 {
        let mut progress = setting.progress.subscribe();
        let reached = async {
            let enough = progress.wait_for(|now| now.documents_published >= moment * 1_200);
            enough.await.unwrap();
        };
        // Dropping the future is as sudden as kill -9, as far as the store is concerned.
        tokio::select! {
            outcome = setting.run(PUBLISH) => panic!("not yet: {outcome:?}"),
            () = reached => {}
        }
    }
    let noted = setting.store.bulk_load().await.unwrap().unwrap();
    assert!(noted.next_batch >= 2 && !noted.finished, "{noted:?}");
    assert_eq!(setting.cursor().await, None);
    setting.freg.state().calls.clear();
    let report = setting.run(PUBLISH).await.unwrap();
    assert_eq!(report.documents_published, 4_800);
    assert_eq!(report.published_now, 4_800 - noted.documents_published);
    assert_eq!(setting.freg.state().orders, 1);
    let fetched: String =
        setting.freg.state().calls.iter().map(|call| call.body.as_str()).collect();
    assert!(!fetched.contains(&id(0)), "the first batch is noted as published");

    let mut copies: BTreeMap<String, usize> = BTreeMap::new();
    for record in setting.records().await {
        *copies.entry(record.document_id).or_default() += 1;
    }
    assert_eq!(copies.len(), 4_800, "nobody is left out");
    assert_eq!(setting.cursor().await, at(100, 100));
}

#[tokio::test]
async fn an_extract_that_is_gone_is_ordered_again() {
    let mut state = state(&[5, 5, 5]);
    state.gone_from = Some(2);
    let setting = Setting::new(state).await;
    let report = setting.run(PUBLISH).await.unwrap();
    assert_eq!(setting.freg.state().orders, 2);
    assert_eq!((report.documents_published, report.published_now), (15, 25));
    let ids: BTreeSet<String> =
        setting.records().await.into_iter().map(|record| record.document_id).collect();
    assert_eq!(ids.len(), 15);
}

#[tokio::test]
async fn the_window_by_number_reaches_the_feeds_head_at_the_end() {
    let setting = Setting::new(state(&[5])).await;
    setting.freg.state().not_ready = 20;
    let grow = async {
        until("the order", async || setting.freg.state().orders == 1).await;
        setting.freg.state().events.push(event(117));
    };
    let (report, ()) = tokio::join!(setting.run(PUBLISH), grow);
    assert_eq!(report.unwrap().from_sequence, 100);
    assert_eq!(setting.cursor().await, at(100, 117));
}

#[tokio::test]
async fn a_load_returns_when_everything_is_applied() {
    let setting = Setting::new(state(&[60])).await;
    let options = BulkOptions { force_new: false, publish_only: false };
    let mut progress = setting.progress.subscribe();
    let applying = async {
        let waiting = progress.wait_for(|now| now.stage == BulkStage::Applying);
        assert_eq!(waiting.await.unwrap().records_waiting, 60);
        tokio::time::sleep(Duration::from_millis(400)).await;
        assert_eq!(setting.progress.borrow().stage, BulkStage::Applying);
        let topic = &setting.config.kafka.snapshot_topic;
        let ends = end_offsets(&setting.config.kafka, topic).await.unwrap();
        for (partition, end) in (0..).zip(ends) {
            setting.store.ensure_position(topic, partition, end).await.unwrap();
        }
        let searchable = progress.wait_for(|now| now.stage == BulkStage::MakingSearchable);
        searchable.await.unwrap();
        assert!(setting.store.build_search(&[], |_| {}).await.unwrap());
    };
    let (report, ()) = tokio::join!(setting.run(options), applying);
    assert_eq!(report.unwrap().documents_published, 60);
    assert_eq!(setting.progress.borrow().stage, BulkStage::Done);
}

#[tokio::test]
async fn being_asked_to_stop_ends_a_load_that_can_be_gone_on_with() {
    let mut state = state(&[5]);
    state.not_ready = 1_000_000;
    let setting = Setting::new(state).await;
    let (keys, shutdown) = (keys(), CancellationToken::new());
    let run =
        bulk::run(&setting.config, &setting.store, &keys, PUBLISH, &setting.progress, &shutdown);
    let stop = async {
        until("the order", async || setting.freg.state().orders == 1).await;
        shutdown.cancel();
    };
    let (outcome, ()) = tokio::join!(run, stop);
    assert!(matches!(outcome, Err(IngestError::Stopped)), "{outcome:?}");
    setting.freg.state().not_ready = 0;
    assert_eq!(setting.run(PUBLISH).await.unwrap().documents_published, 5);
    assert_eq!(setting.freg.state().orders, 1);
}
