//! One writer, whoever else believes to be it.

use std::time::Duration;

use ingest::apply::ApplyError;
use ingest::restored;

use super::setting::*;
use crate::support::until;

async fn names(setting: &Setting, sequences: impl Iterator<Item = i64>) {
    for sequence in sequences {
        let paper = paper(&[ANNE], &[], &format!("Nr {sequence}"));
        setting.change(&[told(sequence, ANNE, NAME, paper)]).await;
    }
}

/// Every event from 101 to `last` once and in order, and the last document served.
async fn assert_once(setting: &Setting, last: i64) {
    let told = "select source_sequence::text from event
        where source_sequence is not null order by sequence_number";
    let expected: Vec<String> = (101..=last).map(|sequence| sequence.to_string()).collect();
    assert_eq!(setting.database.fetch_text(told).await, expected);
    assert_eq!(setting.name(ANNE).await, format!("Nr {last}"));
}

#[tokio::test]
async fn of_two_processes_one_writes_and_the_other_takes_over() {
    let (setting, first) = Setting::loaded(&[ANNE]).await;
    let second = setting.start();
    names(&setting, 101..111).await;
    // Time for the one that waits to do what it should not.
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_once(&setting, 110).await;
    first.stop().await;
    names(&setting, 111..116).await;
    second.stop().await;
    assert_once(&setting, 115).await;
}

/// The first loses its lock without noticing, so that for a while two believe to be the writer.
#[tokio::test]
async fn a_writer_that_lost_its_lock_resigns() {
    let (setting, first) = Setting::loaded(&[ANNE]).await;
    let second = setting.start();
    names(&setting, 101..104).await;
    let holder = "select pid::text from pg_locks where locktype = 'advisory' and granted
        and database = (select oid from pg_database where datname = current_database())";
    let before = setting.database.fetch_text(holder).await;
    setting
        .database
        .execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
            and database = (select oid from pg_database where datname = current_database())",
        )
        .await;
    until("another holder of the lock", async || {
        let now = setting.database.fetch_text(holder).await;
        now.len() == 1 && now != before
    })
    .await;
    names(&setting, 104..110).await;
    assert_once(&setting, 109).await;
    first.stop().await;
    names(&setting, 110..112).await;
    second.stop().await;
    assert_once(&setting, 111).await;
}

#[tokio::test]
async fn a_writer_that_has_been_overtaken_reads_its_positions_again() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    names(&setting, 101..103).await;
    // Another writer has applied record 103 already; only its position shows here.
    setting
        .database
        .execute(
            "update position set next_offset = next_offset + 1, last_sequence = 103
            where topic like 'test.changes.%'",
        )
        .await;
    names(&setting, 103..104).await;
    let both = [104, 105].map(|n| told(n, ANNE, NAME, paper(&[ANNE], &[], &format!("Nr {n}"))));
    setting.change(&both).await;
    let told = "select source_sequence::text from event
        where source_sequence is not null order by sequence_number";
    assert_eq!(setting.database.fetch_text(told).await, ["101", "102", "104", "105"]);
    assert_eq!(setting.name(ANNE).await, "Nr 105");

    // Behind where it was, as after a backup has been restored: it stops until that is settled, and
    // then recognises what comes again.
    let rows = setting.rows().await;
    setting
        .database
        .execute("update position set next_offset = 1 where topic like 'test.changes.%'")
        .await;
    let next = change(106, ANNE, NAME, with(106, paper(&[ANNE], &[], "Nr 106")));
    setting.publish_changes(&[next]).await;
    let error = running.failure().await;
    assert!(matches!(error, ApplyError::Restored { .. }), "{error:?}");
    assert_eq!(setting.rows().await, rows);
    let last = setting.store.totals().await.unwrap().last_sequence;
    restored::go_on_after(&setting.config, &setting.store, last).await.unwrap();
    let running = setting.start();
    setting.applied().await;
    running.stop().await;
    assert_eq!(setting.name(ANNE).await, "Nr 106");
    assert_eq!(setting.rows().await.len(), rows.len() + 1, "one event and nothing else");
}
