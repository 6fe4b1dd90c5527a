//! The schema goes up, down and up again, and is what the template has.

use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;
use store::{MIGRATOR, Secret, Store, StoreError};
use testkit::database::TestDatabase;

use crate::support::*;

const TABLES: &str = "select string_agg(table_name || '.' || column_name || ' ' || data_type, ', '
        order by table_name, ordinal_position)
    from information_schema.columns
    where table_schema = 'public' and table_name <> '_sqlx_migrations'";

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    let database = TestDatabase::create_empty().await;
    let url = Secret::new(database.url());
    Store::migrate(&url).await.unwrap();
    let up = database.fetch_text(TABLES).await;
    assert!(up[0].contains("person.served_full bytea"), "{up:?}");
    let mut connection = PgConnectOptions::from_str(url.expose()).unwrap().connect().await.unwrap();
    MIGRATOR.undo(&mut connection, 0).await.unwrap();
    assert_eq!(database.fetch_text(TABLES).await, [""]);
    Store::migrate(&url).await.unwrap();
    assert_eq!(database.fetch_text(TABLES).await, up);
    Store::migrate(&url).await.expect("again changes nothing");
    let cloned = TestDatabase::create().await;
    assert_eq!(cloned.fetch_text(TABLES).await, up);
}

#[tokio::test]
async fn each_migration_says_why_and_can_be_taken_back() {
    let mut ups = 0;
    for migration in MIGRATOR.iter() {
        assert!(migration.sql.as_str().starts_with("-- "), "{}", migration.description);
        ups += i32::from(migration.migration_type.is_up_migration());
    }
    assert_eq!(ups as usize * 2, MIGRATOR.iter().count());
}

#[tokio::test]
async fn a_database_without_the_schema_is_not_ready() {
    let database = TestDatabase::create_empty().await;
    let store = Store::connect(&config(&database)).await.unwrap();
    let error = store.ready().await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    Store::migrate(&Secret::new(database.url())).await.unwrap();
    store.ready().await.unwrap();
}
