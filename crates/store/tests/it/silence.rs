//! Servers that are silent, cut off, read-only or careless.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use register::package::Package;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use store::{Secret, Store, StoreConfig, StoreError, WriteBatch, WriterLock};
use testkit::database::TestDatabase;
use testkit::proxy::{Proxy, Weather};

use crate::support::*;

const FULL: Package = Package::FullAccess;

/// A store whose way to the database leads through a proxy.
struct Behind {
    database: TestDatabase,
    proxy: Proxy,
    store: Store,
}

async fn behind_proxy() -> Behind {
    let database = TestDatabase::create().await;
    let options: PgConnectOptions = database.url().parse().unwrap();
    let proxy = Proxy::start(format!("{}:{}", options.get_host(), options.get_port()));
    let address = proxy.address();
    let options = options.host(&address.ip().to_string()).port(address.port());
    let config = StoreConfig {
        url: Secret::new(options.to_url_lossy()),
        connect_timeout_ms: 500,
        call_timeout_ms: 300,
        commit_timeout_ms: 500,
        ..StoreConfig::default()
    };
    let store = Store::connect(&config).await.unwrap();
    store.ensure_position(TOPIC, 0, 0).await.unwrap();
    Behind { database, proxy, store }
}

fn batch(n: u32) -> WriteBatch {
    WriteBatch { positions: vec![from_to(0, 0, 1)], ..arrivals([n]) }
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_costs_the_time_limit_and_no_more() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://nobody:verysecret@{}/x", listener.local_addr().unwrap());
    let config = StoreConfig {
        url: Secret::new(url),
        connect_timeout_ms: 300,
        call_timeout_ms: 300,
        ..StoreConfig::default()
    };
    let store = Store::connect(&config).await.unwrap();
    let started = Instant::now();
    let errors = [
        store.ready().await.unwrap_err(),
        store.person_by_id(id(1), FULL).await.unwrap_err(),
        store.commit(&arrivals([1])).await.unwrap_err(),
        store.elect_writer(WriterLock::Apply).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::TimedOut) && error.is_retryable(), "{error:?}");
    }
    assert_eq!(store.refresh_head().await, 0);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(!format!("{config:?}").contains("verysecret"));
}

#[tokio::test]
async fn a_server_that_falls_silent_does_not_keep_the_connections() {
    let Behind { proxy, store, database: _database } = behind_proxy().await;
    store.commit(&batch(1)).await.unwrap();
    store.ready().await.unwrap();
    proxy.set(Weather::Silence);
    let started = Instant::now();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..40 {
        let store = store.clone();
        calls.spawn(async move { store.person_by_id(id(1), FULL).await });
    }
    while let Some(answer) = calls.join_next().await {
        assert!(matches!(answer.unwrap(), Err(StoreError::TimedOut)));
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    proxy.set(Weather::Fair);
    assert!(store.person_by_id(id(1), FULL).await.unwrap().is_some());
    assert_eq!(store.positions().await.unwrap()[0].next_offset, 1);
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_told_apart_and_the_positions_tell_that_it_is_in() {
    let Behind { proxy, store, database: _database } = behind_proxy().await;
    proxy.set(Weather::SilenceAfter(b"COMMIT"));
    let error = store.commit(&batch(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::CommitUnknown(_)) && !error.is_retryable(), "{error:?}");
    proxy.set(Weather::Fair);
    assert_eq!(store.positions().await.unwrap()[0].next_offset, 1);
    assert!(matches!(store.commit(&batch(1)).await, Err(StoreError::Fenced)));
    assert_eq!(store.totals().await.unwrap().last_sequence, 1);
}

#[tokio::test]
async fn a_commit_that_is_cut_off_is_told_apart_and_the_positions_tell_that_it_is_not_in() {
    let Behind { proxy, store, database: _database } = behind_proxy().await;
    proxy.set(Weather::CutAt(b"COMMIT"));
    let error = store.commit(&batch(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::CommitUnknown(_)), "{error:?}");
    proxy.set(Weather::Fair);
    assert_eq!(store.positions().await.unwrap()[0].next_offset, 0);
    store.commit(&batch(1)).await.unwrap();
}

#[tokio::test]
async fn a_batch_that_is_cut_off_before_its_end_may_be_repeated() {
    let Behind { proxy, store, database: _database } = behind_proxy().await;
    proxy.set(Weather::CutAt(b"insert into event"));
    let error = store.commit(&batch(1)).await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    proxy.set(Weather::Fair);
    store.commit(&batch(1)).await.unwrap();
    assert_eq!(store.totals().await.unwrap().last_sequence, 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_connection_behind() {
    let Behind { proxy, store, database: _database } = behind_proxy().await;
    store.ready().await.unwrap();
    proxy.set(Weather::Silence);
    for _ in 0..40 {
        let call = store.person_by_id(id(1), FULL);
        assert!(tokio::time::timeout(Duration::from_millis(10), call).await.is_err());
    }
    proxy.set(Weather::Fair);
    store.ready().await.unwrap();
}

#[tokio::test]
async fn sessions_that_the_server_has_ended_are_replaced_unnoticed() {
    let Fixture { store, database } = &Fixture::new().await;
    store.commit(&arrivals([1])).await.unwrap();
    for _ in 0..3 {
        assert!(store.person_by_id(id(1), FULL).await.unwrap().is_some());
        assert_eq!(store.refresh_head().await, 1);
        database
            .execute(
                "select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()",
            )
            .await;
        assert!(store.person_by_id(id(1), FULL).await.unwrap().is_some());
        assert_eq!(store.totals().await.unwrap().persons, 1);
    }
}

#[tokio::test]
async fn a_server_that_has_become_read_only_gets_no_batch() {
    let fixture = Fixture::new().await;
    fixture.store.commit(&arrivals([1])).await.unwrap();
    let read_only = StoreConfig { connect_timeout_ms: 400, ..config(&fixture.database) };
    fixture
        .database
        .execute(
            "do $$ begin execute format('alter database %I set default_transaction_read_only = on',
            current_database()); end $$",
        )
        .await;
    let store = Store::connect(&read_only).await.unwrap();
    let error = store.commit(&arrivals([2])).await.unwrap_err();
    assert!(error.is_retryable(), "a failover passes: {error:?}");
    assert!(store.person_by_id(id(1), FULL).await.unwrap().is_some());
}

#[tokio::test]
async fn a_server_that_commits_carelessly_gets_no_batch() {
    let fixture = Fixture::new().await;
    fixture
        .database
        .execute(
            "do $$ begin execute format('alter database %I set synchronous_commit = off',
            current_database()); end $$",
        )
        .await;
    let careless = StoreConfig { connect_timeout_ms: 400, ..config(&fixture.database) };
    let store = Store::connect(&careless).await.unwrap();
    assert!(store.commit(&arrivals([1])).await.is_err());
    assert_eq!(fixture.database.fetch_text("select count(*)::text from person").await, ["0"]);
}

#[tokio::test]
async fn the_address_is_checked_before_anything_is_opened() {
    for url in ["", "nonsense", "http://example.org"] {
        let config = StoreConfig { url: Secret::new(url), ..StoreConfig::default() };
        let refused = Store::connect(&config).await.err();
        assert!(matches!(refused, Some(StoreError::Address(_))), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn a_node_whose_connections_are_all_waiting_is_ready_while_its_server_is_heard() {
    let database = TestDatabase::create().await;
    let config = StoreConfig {
        url: Secret::new(database.url()),
        read_connections: 1,
        connect_timeout_ms: 300,
        call_timeout_ms: 30_000,
        ..StoreConfig::default()
    };
    let store = Store::connect(&config).await.unwrap();
    let options: PgConnectOptions = database.url().parse().unwrap();
    let mut locking = options.connect().await.unwrap();
    sqlx::raw_sql("begin; lock table person").execute(&mut locking).await.unwrap();
    let lookup = tokio::spawn({
        let store = store.clone();
        async move { store.person_by_id(id(1), FULL).await }
    });
    let waits = "select 'waits' from pg_locks where relation = 'person'::regclass and not granted";
    while database.fetch_text(waits).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(store.ready().await.is_err(), "nobody is heard, and the question has no connection");
    store.refresh_head().await;
    store.ready().await.unwrap();
    lookup.abort();
}
