//! What must stop applying, and what must not.

use std::time::Duration;

use ingest::Keys;
use ingest::apply::ApplyError;
use ingest::apply::plan::PlanError;
use ingest::record::ChangeRecord;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use store::{Secret, Store, StoreConfig};
use testkit::proxy::{Proxy, Weather};

use super::setting::*;
use crate::support::keys;

fn names(sequences: std::ops::RangeInclusive<i64>) -> Vec<ChangeRecord> {
    sequences.map(|n| told(n, ANNE, NAME, paper(&[ANNE], &[], &format!("Nr {n}")))).collect()
}

fn assert_gone(error: &ApplyError, wanted: &str) {
    let ApplyError::RecordsGone { topic, partition } = error else { panic!("{error:?}") };
    assert_eq!((&**topic, *partition), (wanted, 0));
    assert!(error.to_string().contains(wanted), "{error}");
}

#[tokio::test]
async fn records_that_retention_has_removed_stop_it() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    running.stop().await;
    let before = setting.rows().await;
    setting.publish_changes(&names(101..=105)).await;
    let (kafka, topic) = (&setting.config.kafka, &setting.config.kafka.changes_topic);
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", &kafka.bootstrap).create().unwrap();
    let mut until = TopicPartitionList::new();
    until.add_partition_offset(topic, 0, Offset::Offset(3)).unwrap();
    admin.delete_records(&until, &AdminOptions::new()).await.unwrap();
    assert_gone(&setting.start().failure().await, topic);
    assert_eq!(setting.rows().await, before);
}

#[tokio::test]
async fn a_topic_that_is_shorter_than_its_position_stops_it() {
    let setting = Setting::new().await;
    let topic = &setting.config.kafka.snapshot_topic;
    setting.publish_snapshot(vec![paper(&[ANNE], &[], "Ærlig")]).await;
    setting.store.ensure_position(topic, 0, 7).await.unwrap();
    assert_gone(&setting.start().failure().await, topic);
    assert_eq!(setting.store.totals().await.unwrap().persons, 0);
}

#[tokio::test]
async fn a_hole_of_fregs_own_is_passed_and_one_of_ours_stops_it() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.change(&names(101..=101)).await;
    let mut behind_hole = names(110..=110);
    behind_hole[0].previous_sequence = Some(101);
    setting.change(&behind_hole).await;
    assert_eq!(setting.name(ANNE).await, "Nr 110");
    let before = setting.rows().await;
    setting.publish_changes(&names(112..=113)).await;
    let error = running.failure().await;
    let ApplyError::Plan(PlanError::RecordsMissing { applied, previous }) = error else {
        panic!("{error:?}")
    };
    assert_eq!((applied, previous), (110, 111));
    assert_eq!(setting.rows().await, before);
    // It stops again for as long as the record is missing.
    let again = setting.start().failure().await;
    assert!(matches!(again, ApplyError::Plan(_)), "{again:?}");
    assert_eq!(setting.rows().await, before);
}

#[tokio::test]
async fn a_record_sealed_with_another_key_stops_it_and_nothing_is_written() {
    for (id, key) in [(1, [8; 32]), (2, [7; 32])] {
        let setting = Setting::new().await;
        let stranger = Keys::new(id, key, [9; 32]).unwrap();
        setting.publish_sealed(&names(101..=102), &stranger).await;
        let error = setting.start().failure().await;
        let ApplyError::Record { place, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*place.topic, *setting.config.kafka.changes_topic);
        assert!(!format!("{error} {error:?}").contains(ANNE));
        assert_eq!(setting.rows().await, [""; 0]);
        let mut positions = setting.store.positions().await.unwrap();
        positions.retain(|at| at.topic.starts_with("test."));
        assert!(positions.iter().all(|at| at.next_offset == 0), "{positions:?}");
    }
}

/// The way to Postgres is silent, cut, or loses the answer to a COMMIT.
#[tokio::test]
async fn it_goes_on_by_itself_when_postgres_comes_back() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    running.stop().await;
    let mut url: reqwest::Url = setting.database.url().parse().unwrap();
    let (host, port) = (url.host_str().unwrap(), url.port().unwrap_or(5432));
    let proxy = Proxy::start(format!("{host}:{port}"));
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(proxy.address().port())).unwrap();
    let config = StoreConfig {
        url: Secret::new(url),
        connect_timeout_ms: 700,
        call_timeout_ms: 500,
        commit_timeout_ms: 700,
        ..StoreConfig::default()
    };
    let store = Store::connect(&config).await.unwrap();
    let mut config = setting.config.clone();
    config.apply.batch_documents_max = 3;
    let running = Running::start(&config, &store, keys());
    let mut next = 101;
    for weather in [
        Weather::Silence,
        Weather::CutAt(b"COMMIT"),
        Weather::SilenceAfter(b"COMMIT"),
        Weather::CutAt(b"source_document"),
    ] {
        setting.change(&names(next..=next + 4)).await;
        proxy.set(weather);
        setting.publish_changes(&names(next + 5..=next + 9)).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
        proxy.set(Weather::Fair);
        setting.applied().await;
        next += 10;
    }
    running.stop().await;
    let told = "select source_sequence::text from event
        where source_sequence is not null order by sequence_number";
    let expected: Vec<String> = (101..next).map(|sequence| sequence.to_string()).collect();
    assert_eq!(setting.database.fetch_text(told).await, expected);
    assert_eq!(setting.name(ANNE).await, format!("Nr {}", next - 1));
}
