//! Records that are gone are passed over when an operator says so, and what FREG still has is not.

use ingest::collect::SOURCE;
use ingest::gap::{self, GapError, Passed};
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use store::{Cursor, PassedPartition};

use super::setting::*;

/// Removes the records before an offset, as retention does.
async fn remove(setting: &Setting, topic: &str, until: i64) {
    let bootstrap = &setting.config.kafka.bootstrap;
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", bootstrap).create().unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, 0, Offset::Offset(until)).unwrap();
    admin.delete_records(&list, &AdminOptions::new()).await.unwrap();
}

async fn pass(setting: &Setting, topic: &str) -> Result<Passed, GapError> {
    gap::pass(&setting.config, &setting.store, topic, "retention was too short").await
}

fn names(sequences: std::ops::RangeInclusive<i64>) -> Vec<ingest::record::ChangeRecord> {
    sequences.map(|n| told(n, ANNE, NAME, paper(&[ANNE], &[], &format!("Nr {n}")))).collect()
}

#[tokio::test]
async fn what_fregs_feed_still_has_is_collected_again() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    let topic = &setting.config.kafka.changes_topic;
    setting.change(&names(101..=102)).await;
    assert!(matches!(pass(&setting, topic).await, Err(GapError::InUse(_))));
    running.stop().await;
    let at = Cursor { next_sequence: 107, by_number_until: 55 };
    setting.store.start_cursor(SOURCE, at).await.unwrap();
    setting.publish_changes(&names(103..=106)).await;
    remove(&setting, topic, 4).await;
    setting.start().failure().await;
    let before = setting.rows().await;
    let passed = pass(&setting, topic).await.unwrap();
    assert_eq!(passed.partitions, [PassedPartition { partition: 0, from: 2, to: 6 }]);
    assert_eq!(passed.collected_again_from, Some(103));
    assert_eq!(setting.rows().await, before);
    let at = setting.store.cursor(SOURCE).await.unwrap();
    assert_eq!(at, Some(Cursor { next_sequence: 103, by_number_until: 55 }));
    let kept = "select concat_ws(' ', from_offset, to_offset, collected_again_from, reason)
        from passed_over";
    let kept = setting.database.fetch_text(kept).await;
    assert_eq!(kept, ["2 6 103 retention was too short"]);

    // As collecting does from that cursor.
    let running = setting.start();
    setting.change(&names(103..=107)).await;
    assert_eq!(setting.name(ANNE).await, "Nr 107");
    let told = setting.events(PACKAGES[0]).await;
    assert_eq!(told.len(), 1 + 7, "everything is told: {told:?}");
    running.stop().await;
}

#[tokio::test]
async fn of_another_topic_applying_goes_on_at_the_first_record_there_is() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    running.stop().await;
    let topic = &setting.config.kafka.snapshot_topic;
    let nothing = pass(&setting, topic).await;
    assert!(matches!(nothing, Err(GapError::NothingGone(_))), "{nothing:?}");
    assert!(matches!(pass(&setting, "no.such").await, Err(GapError::Topic(_))));
    let papers = [BO, CATO].map(|number| paper(&[number], &[], "Ærlig"));
    setting.publish_snapshot(papers.into()).await;
    remove(&setting, topic, 2).await;
    setting.start().failure().await;
    let passed = pass(&setting, topic).await.unwrap();
    assert_eq!(passed.partitions, [PassedPartition { partition: 0, from: 1, to: 2 }]);
    assert!(passed.to_do.contains("bulk --force-new"));
    let running = setting.start();
    setting.applied().await;
    assert!(setting.id(CATO).await.is_some() && setting.id(BO).await.is_none());
    running.stop().await;
}

#[tokio::test]
async fn a_database_that_is_older_than_what_was_applied_is_no_gap() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    running.stop().await;
    setting.database.execute("update event_counter set last_sequence = 0").await;
    let refused = pass(&setting, &setting.config.kafka.changes_topic).await;
    assert!(matches!(refused, Err(GapError::Restored)), "{refused:?}");
}
