//! One writer at a time.

use std::time::Duration;

use store::{Election, Store, WriterLock};

use crate::support::*;

/// Wins as soon as the server has noticed that the last winner is gone.
async fn wins_soon(store: &Store, lock: WriterLock) -> Election {
    let trying = async {
        loop {
            if let Some(election) = store.elect_writer(lock).await.unwrap() {
                return election;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), trying).await.expect("the lock comes free")
}

#[tokio::test]
async fn a_lock_has_one_holder_and_the_two_locks_are_apart() {
    let Fixture { store, .. } = &Fixture::new().await;
    let mut apply = store.elect_writer(WriterLock::Apply).await.unwrap().expect("it is free");
    assert!(apply.still_held().await);
    assert!(store.elect_writer(WriterLock::Apply).await.unwrap().is_none());
    let mut collect = store.elect_writer(WriterLock::Collect).await.unwrap().expect("it is free");
    assert!(collect.still_held().await && apply.still_held().await);
    drop(apply);
    wins_soon(store, WriterLock::Apply).await.resign().await;
    wins_soon(store, WriterLock::Apply).await;
}

#[tokio::test]
async fn a_holder_notices_that_its_session_has_ended() {
    let Fixture { store, database } = &Fixture::new().await;
    let mut election = store.elect_writer(WriterLock::Apply).await.unwrap().expect("it is free");
    database
        .execute(
            "select pg_terminate_backend(pid) from pg_locks
            where locktype = 'advisory' and granted
                and database = (select oid from pg_database where datname = current_database())",
        )
        .await;
    assert!(!election.still_held().await);
    assert!(wins_soon(store, WriterLock::Apply).await.still_held().await);
}
