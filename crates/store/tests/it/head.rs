//! The confirmed head, with a second database standing in for a replica.

use std::time::Duration;

use register::package::Package;
use store::{Secret, Store, StoreConfig, StoreError};
use testkit::database::TestDatabase;

use crate::support::*;

const FULL: Package = Package::FullAccess;

struct WithReplica {
    primary: TestDatabase,
    replica: TestDatabase,
    config: StoreConfig,
    store: Store,
}

async fn with_replica(max_replica_lag_ms: u64) -> WithReplica {
    let (primary, replica) = (TestDatabase::create().await, TestDatabase::create().await);
    let config = StoreConfig {
        read_urls: vec![Secret::new(replica.url())],
        max_replica_lag_ms,
        ..config(&primary)
    };
    let store = Store::connect(&config).await.unwrap();
    WithReplica { primary, replica, config, store }
}

/// The stand-in never gets the persons: a lookup that finds none was answered by it.
async fn the_replica_answers(store: &Store) -> bool {
    store.person_by_id(id(1), FULL).await.unwrap().is_none()
}

#[tokio::test]
async fn the_head_waits_for_the_replica_that_serves() {
    let WithReplica { replica, store, .. } = &with_replica(5_000).await;
    store.commit(&arrivals(1..=5)).await.unwrap();
    assert!(!the_replica_answers(store).await, "unseen, it serves nobody");
    assert_eq!(store.refresh_head().await, 0);
    assert!(the_replica_answers(store).await);
    replica.execute("update event_counter set last_sequence = 3").await;
    assert_eq!(store.refresh_head().await, 3);
    replica.execute("update event_counter set last_sequence = 9").await;
    assert_eq!(store.refresh_head().await, 5, "never beyond the primary");
}

#[tokio::test]
async fn a_lagging_replica_stops_serving_and_comes_back() {
    let WithReplica { replica, store, .. } = &with_replica(200).await;
    store.commit(&arrivals(1..=2)).await.unwrap();
    store.refresh_head().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(store.refresh_head().await, 0, "other nodes may still read from it");
    assert!(!the_replica_answers(store).await, "the primary answers for it");
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    assert_eq!(store.refresh_head().await, 2);
    replica.execute("update event_counter set last_sequence = 2").await;
    store.refresh_head().await;
    assert!(the_replica_answers(store).await);
}

#[tokio::test]
async fn a_replica_that_goes_away_is_done_without() {
    let WithReplica { primary: _primary, replica, store, .. } = with_replica(5_000).await;
    store.commit(&arrivals([1])).await.unwrap();
    replica.execute("update event_counter set last_sequence = 1").await;
    assert_eq!(store.refresh_head().await, 1);
    drop(replica);
    store.refresh_head().await;
    assert!(!the_replica_answers(&store).await);
    store.ready().await.unwrap();
}

#[tokio::test]
async fn without_the_primary_the_head_stands_still_and_replicas_answer() {
    let WithReplica { primary, replica, store, config } = with_replica(100).await;
    store.commit(&arrivals([1])).await.unwrap();
    replica.execute("update event_counter set last_sequence = 1").await;
    assert_eq!(store.refresh_head().await, 1);
    drop(primary);
    replica.execute("update event_counter set last_sequence = 7").await;
    assert_eq!(store.refresh_head().await, 1);
    assert!(the_replica_answers(&store).await);
    store.ready().await.unwrap();
    let error = store.positions().await.unwrap_err();
    assert!(!format!("{error:?}").contains(config.url.expose()), "{error:?}");
    let fresh = Store::connect(&config).await.expect("a node starts while the primary is away");
    fresh.refresh_head().await;
    fresh.ready().await.unwrap();
}

#[tokio::test]
async fn the_head_is_followed_until_shutdown() {
    let fixture = Fixture::new().await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let store = fixture.store.clone();
    let following = tokio::spawn(async move {
        store.follow_head(async { stopped.await.unwrap() }).await;
    });
    fixture.store.commit(&arrivals([1, 2])).await.unwrap();
    let seen = async {
        while fixture.store.confirmed_head() < 2 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), seen).await.expect("the head follows");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(1), following).await.expect("it stops").unwrap();
}

/// At the end of a first load one replica knows of it before the other.
#[tokio::test]
async fn nobody_is_searched_for_before_every_serving_replica_can() {
    let (primary, early) = (TestDatabase::create().await, TestDatabase::create().await);
    let late = TestDatabase::create().await;
    late.execute("update event_counter set search_deferred = true").await;
    let read_urls = [&early, &late].map(|replica| Secret::new(replica.url())).to_vec();
    let config = StoreConfig { read_urls, ..config(&primary) };
    let store = Store::connect(&config).await.unwrap();
    store.refresh_head().await;
    // Each call goes to the next replica in turn.
    for _ in 0..4 {
        let refused = store.count_of_everybody(true).await;
        assert!(matches!(refused, Err(StoreError::SearchDeferred)), "{refused:?}");
    }
    late.execute("update event_counter set search_deferred = false").await;
    store.refresh_head().await;
    assert_eq!(store.count_of_everybody(true).await.unwrap(), 0);
}
