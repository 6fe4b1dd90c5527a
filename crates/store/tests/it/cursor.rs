//! Cursors and bulk loads: a restart goes on, a second process does not go back.

use store::{Cursor, StoreError};

use crate::support::*;

fn at(next_sequence: i64) -> Cursor {
    Cursor { next_sequence, by_number_until: 40 }
}

#[tokio::test]
async fn a_cursor_is_started_once_and_moves_from_where_it_is() {
    let Fixture { store, .. } = &Fixture::new().await;
    assert_eq!(store.cursor("freg").await.unwrap(), None);
    let early = store.move_cursor("freg", 0, at(1)).await;
    assert!(matches!(early, Err(StoreError::Fenced)));
    store.start_cursor("freg", at(10)).await.unwrap();
    assert!(matches!(store.start_cursor("freg", at(1)).await, Err(StoreError::Fenced)));
    store.move_cursor("freg", 10, at(20)).await.unwrap();
    assert!(matches!(store.move_cursor("freg", 10, at(15)).await, Err(StoreError::Fenced)));
    assert_eq!(store.cursor("freg").await.unwrap(), Some(at(20)));
    assert_eq!(store.cursor("krr").await.unwrap(), None);
}

#[tokio::test]
async fn a_bulk_load_goes_on_where_it_was() {
    let Fixture { store, .. } = &Fixture::new().await;
    assert_eq!(store.bulk_load().await.unwrap(), None);
    store.start_bulk_load(77, "job-1").await.unwrap();
    assert!(matches!(store.start_bulk_load(78, "job-2").await, Err(StoreError::Fenced)));
    store.advance_bulk_load("job-1", 0, 1000).await.unwrap();
    let replayed = store.advance_bulk_load("job-1", 0, 1000).await;
    assert!(matches!(replayed, Err(StoreError::Fenced)));
    store.advance_bulk_load("job-1", 1, 500).await.unwrap();
    let load = store.bulk_load().await.unwrap().unwrap();
    assert_eq!((load.from_sequence, load.job.as_str(), load.next_batch), (77, "job-1", 2));
    assert_eq!((load.documents_published, load.finished), (1500, false));
    store.finish_bulk_load("job-1").await.unwrap();
    assert!(matches!(store.finish_bulk_load("job-1").await, Err(StoreError::Fenced)));
    assert!(store.bulk_load().await.unwrap().unwrap().finished);
    store.start_bulk_load(90, "job-2").await.unwrap();
    assert_eq!(store.bulk_load().await.unwrap().unwrap().job, "job-2");
    assert!(store.is_where_a_load_begins(77).await.unwrap(), "also when a later one is under way");
    assert!(!store.is_where_a_load_begins(90).await.unwrap(), "it is not loaded yet");
}
