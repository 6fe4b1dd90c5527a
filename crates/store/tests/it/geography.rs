//! Versions of the geography: whole or not at all, and kept as long as they are needed.

use register::geography::{
    Address, Code, Door, Exception, NamedCode, Property, ServedArea, UnitDistrict, Validity,
};
use register::time::Day;
use store::{GeographyRows, GeographyStage, NewGeography, Store, StoreError};

use crate::support::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn code<const DIGITS: u32>(text: &str) -> Code<DIGITS> {
    Code::parse(text).unwrap()
}

/// From 2002, for ever.
fn always() -> Validity {
    Validity::since(day("2002-01-01"))
}

fn named<const DIGITS: u32>(number: &str, name: &str) -> NamedCode<DIGITS> {
    NamedCode { code: code(number), name: name.to_owned(), valid: always() }
}

/// A little of everything: leap days, ends, letters of three languages.
fn rows() -> GeographyRows {
    let short = Validity { from: day("2024-02-29"), to: Some(day("2028-01-01")) };
    let lies_in =
        |unit, district, valid| UnitDistrict { unit: code(unit), district: code(district), valid };
    GeographyRows {
        counties: vec![named("56", "Finnmark - Finnmárku - Finmarkku")],
        municipalities: vec![named("5612", "Guovdageaidnu - Kautokeino"), named("0301", "Oslo")],
        units: vec![
            named("03010101", "Sentrum 1 – Rode 1"),
            named("46010101", "Åsane; \"ø\"\t\\N"),
        ],
        districts: vec![
            NamedCode { valid: short, ..named("030116", "Sentrum") },
            named("030104", "St. Hanshaugen"),
        ],
        unit_districts: vec![
            lies_in("03010101", "030116", short),
            lies_in("03010101", "030104", Validity::since(day("2028-01-01"))),
        ],
        exceptions: vec![
            Exception {
                area: ServedArea::District(code("030116")),
                served_by: Some(code("030104")),
                valid: always(),
            },
            Exception { area: ServedArea::Unit(code("03010101")), served_by: None, valid: short },
        ],
    }
}

fn address(id: Option<u64>, door: Option<Door>, property: Option<Property>) -> Address {
    Address { id, municipality: code("0301"), door, property, unit: code("03010101") }
}

/// Every shape of address.
fn addresses() -> Vec<Address> {
    let door = |letter| Some(Door { code: 6001, number: 8, letter });
    let property = |leasehold, sub| Some(Property { land: 209, title: 1, leasehold, sub });
    vec![
        address(Some(1), door(None), property(0, 0)),
        address(Some(i64::MAX.unsigned_abs()), door(Some('Å')), None),
        address(None, None, property(2, 3)),
        address(Some(4), door(Some('Ŋ')), property(0, 7)),
        address(Some(4), None, None),
    ]
}

async fn load(store: &Store, digest: &str) -> i64 {
    let mut stage = stage(store, digest).await;
    stage.addresses(&addresses()).await.unwrap();
    stage.activate().await.unwrap()
}

async fn stage(store: &Store, digest: &str) -> GeographyStage {
    let rows = rows();
    let new = NewGeography { digest, rows: &rows, unserved_units: 17, report: r#"{"ø": 1}"# };
    store.stage_geography(&new).await.unwrap()
}

async fn read(store: &Store, version: i64) -> Option<(GeographyRows, Vec<Address>)> {
    let mut read = Vec::new();
    let rows = store.read_geography(version, |address| read.push(address)).await.unwrap();
    rows.map(|rows| (rows, read))
}

#[tokio::test]
async fn a_version_comes_back_as_it_was_written() {
    let Fixture { store, database } = &Fixture::new().await;
    assert_eq!(store.current_geography().await.unwrap(), None);
    let mut stage = stage(store, "d1").await;
    let all = addresses();
    let (first, rest) = all.split_at(2);
    stage.addresses(first).await.unwrap();
    stage.addresses(&[]).await.unwrap();
    stage.addresses(rest).await.unwrap();
    assert_eq!(store.current_geography().await.unwrap(), None, "nobody sees what is half written");
    let version = stage.activate().await.unwrap();
    let current = store.current_geography().await.unwrap().unwrap();
    assert_eq!((current.id, &*current.digest), (version, "d1"));
    assert_eq!((current.addresses, current.unserved_units), (5, 17));
    assert!(current.loaded_at.elapsed().unwrap().as_secs() < 60);
    assert_eq!(read(store, version).await.unwrap(), (rows(), addresses()));
    assert_eq!(read(store, version + 1).await, None);
    let report = database.fetch_text("select report->>'ø' from geography_version").await;
    assert_eq!(report, ["1"]);
}

#[tokio::test]
async fn what_was_not_made_current_was_never_there() {
    let Fixture { store, database } = &Fixture::new().await;
    let version = load(store, "d1").await;
    let mut killed = stage(store, "d2").await;
    killed.addresses(&addresses()).await.unwrap();
    drop(killed);
    assert_eq!(store.current_geography().await.unwrap().unwrap().id, version);
    for table in [
        "select count(distinct version)::text from geography_address",
        "select count(distinct version)::text from geography_area",
        "select count(*)::text from geography_version",
    ] {
        assert_eq!(database.fetch_text(table).await, ["1"], "{table}");
    }
    let next = load(store, "d2").await;
    assert_eq!(store.current_geography().await.unwrap().unwrap().id, next);
}

#[tokio::test]
async fn a_server_that_goes_away_in_the_middle_leaves_what_was() {
    let Fixture { store, database } = &Fixture::new().await;
    let version = load(store, "d1").await;
    let mut stage = stage(store, "d2").await;
    database
        .execute(
            "select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
                and state = 'idle in transaction'",
        )
        .await;
    let error = stage.addresses(&addresses()).await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    assert_eq!(store.current_geography().await.unwrap().unwrap().id, version);
}

#[tokio::test]
async fn versions_are_kept_as_long_as_somebody_needs_them() {
    let Fixture { store, database } = &Fixture::new().await;
    let mut versions = Vec::new();
    for digest in ["d1", "d2", "d3", "d4"] {
        versions.push(load(store, digest).await);
    }
    let left = "select string_agg(id::text, ',' order by id) from geography_version";
    database.execute("update enrichment set done_version = 1, target_version = 4").await;
    assert_eq!(versions, [1, 2, 3, 4]);
    assert_eq!(store.delete_old_geographies().await.unwrap(), 1);
    assert_eq!(database.fetch_text(left).await, ["1,3,4"]);
    database.execute("update enrichment set done_version = 4, target_version = null").await;
    assert_eq!(store.delete_old_geographies().await.unwrap(), 1);
    assert_eq!(store.delete_old_geographies().await.unwrap(), 0);
    assert_eq!(database.fetch_text(left).await, ["3,4"]);
    let rows = "select string_agg(distinct version::text, ',') from geography_address";
    assert_eq!(database.fetch_text(rows).await, ["3,4"]);
    let rows = "select string_agg(distinct version::text, ',') from geography_area";
    assert_eq!(database.fetch_text(rows).await, ["3,4"]);
}

#[tokio::test]
async fn an_address_that_has_no_room_is_refused() {
    let Fixture { store, .. } = &Fixture::new().await;
    let door = |number, letter| Some(Door { code: 1, number, letter });
    let large = 1 << 31;
    let homeless = [
        address(Some(1 << 63), None, None),
        address(None, door(large, None), None),
        address(None, door(1, Some('\\')), None),
        address(None, door(1, Some('\t')), None),
        address(None, None, Some(Property { land: 1, title: large, leasehold: 0, sub: 0 })),
    ];
    let mut stage = stage(store, "d1").await;
    for address in homeless {
        assert!(!GeographyStage::takes(&address), "{address:?}");
        let error = stage.addresses(&[address]).await.unwrap_err();
        assert!(matches!(error, StoreError::Batch(_)), "{error:?}");
    }
    assert!(addresses().iter().all(GeographyStage::takes));
}

#[tokio::test]
async fn seeing_the_same_again_makes_a_version_young() {
    let Fixture { store, database } = &Fixture::new().await;
    let version = load(store, "d1").await;
    database.execute("update geography_version set checked_at = now() - interval '2 years'").await;
    let age = async || {
        let current = store.current_geography().await.unwrap().unwrap();
        current.checked_at.elapsed().unwrap().as_secs()
    };
    assert!(age().await > 700 * 86_400);
    store.geography_checked(version).await.unwrap();
    assert!(age().await < 60);
}
