//! Geography that changes, and days that pass: who is rendered anew, and what is told.

use super::setting::*;
use super::world::*;
use crate::support::until;

const FIRST: &[(u32, u32, &str)] =
    &[(UNITS[0], FROGNER, "2020-01-01"), (UNITS[1], GRUNERLOKKA, "2020-01-01")];
/// House 8 has come to another district.
const SECOND: &[(u32, u32, &str)] =
    &[(UNITS[0], ST_HANSHAUGEN, "2020-01-01"), (UNITS[1], GRUNERLOKKA, "2020-01-01")];
/// The same, but only from tomorrow on.
const TOMORROW: &[(u32, u32, &str)] = &[
    (UNITS[0], FROGNER, "2020-01-01"),
    (UNITS[0], ST_HANSHAUGEN, "2026-11-23"),
    (UNITS[1], GRUNERLOKKA, "2020-01-01"),
];

fn at_house(number: &str, house: &str) -> String {
    paper(&[number], &[], "Ærlig")
        .replace(r#""husnummer":"8""#, &format!(r#""husnummer":"{house}""#))
}

async fn sequence(setting: &Setting, number: &str) -> i64 {
    setting.by_number(number, PACKAGES[0]).await.unwrap().0.sequence
}

#[tokio::test]
async fn another_geography_touches_those_whom_it_changes_and_nobody_else() {
    let (setting, _) = standing().await;
    let running = setting.start();
    let confidential = at_house(CATO, "8").replace("ugradert", "fortrolig");
    setting.publish_snapshot(vec![at_house(ANNE, "8"), at_house(BO, "9"), confidential]).await;
    setting.applied().await;
    assert_eq!(setting.districts(ANNE).await, [""; 0]);

    let first = load_geography(&setting.store, FIRST).await;
    setting.until_enriched(first).await;
    assert_eq!(setting.districts(ANNE).await, ["030105"; 2]);
    assert_eq!(setting.districts(BO).await, ["030102"; 2]);
    let told = |persons: &[u8]| -> Vec<String> {
        persons.iter().map(|person| format!("{DISTRICT_EVENT} {person}")).collect()
    };
    assert_eq!(setting.events_from(3, PACKAGES[0]).await, told(&[0, 1, 2]));
    // To restricted access the third person's address is hidden, before and after.
    assert_eq!(setting.events_from(3, PACKAGES[1]).await, told(&[0, 1]));

    let of_bo = sequence(&setting, BO).await;
    let second = load_geography(&setting.store, SECOND).await;
    setting.until_enriched(second).await;
    // What no longer holds stays where it was.
    assert_eq!(setting.districts(ANNE).await.first().map(String::as_str), Some("030104"));
    assert_eq!(setting.districts(CATO).await.first().map(String::as_str), Some("030104"));
    assert_eq!(setting.events_from(6, PACKAGES[0]).await, told(&[0, 2]));
    assert_eq!(setting.events_from(5, PACKAGES[1]).await, told(&[0]));
    assert_eq!(sequence(&setting, BO).await, of_bo);

    // New documents are enriched as they come, and the sweep has nothing left to tell.
    setting.change(&[told_moved(101, BO)]).await;
    assert_eq!(setting.districts(BO).await.first().map(String::as_str), Some("030104"));
    let rows = setting.rows().await;
    running.stop().await;
    let again = setting.start();
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    again.stop().await;
    assert_eq!(setting.rows().await, rows);
}

fn told_moved(sequence: i64, number: &str) -> ingest::record::ChangeRecord {
    told(sequence, number, "endringIBostedsadresse", at_house(number, "8"))
}

#[tokio::test]
async fn a_day_that_begins_changes_what_begins_with_it() {
    let (setting, dial) = standing().await;
    let running = setting.start();
    let version = load_geography(&setting.store, TOMORROW).await;
    setting.until_enriched(version).await;
    setting.publish_snapshot(vec![at_house(ANNE, "8"), at_house(BO, "9")]).await;
    setting.applied().await;
    assert_eq!(setting.districts(ANNE).await.first().map(String::as_str), Some("030105"));
    dial.turn("2026-11-23T00:00:00+01:00");
    setting.until_events(3).await;
    running.stop().await;
    assert_eq!(setting.districts(ANNE).await.first().map(String::as_str), Some("030104"));
    let event = format!("{DISTRICT_EVENT} 0");
    assert_eq!(setting.events_from(2, PACKAGES[0]).await, [event]);
}

#[tokio::test]
async fn an_address_that_may_be_protected_stays_hidden() {
    let (setting, _) = standing().await;
    let running = setting.start();
    setting.publish_snapshot(vec![at_house(ANNE, "8"), at_house(BO, "9")]).await;
    setting.applied().await;
    setting.change(&[change(101, ANNE, PROTECTION, unreadable(101))]).await;
    setting.contact(&[mail(ANNE, 1, "anne@eksempel.example", "2026-05-01T10:00:00+02")]).await;
    let before = setting.events(PACKAGES[0]).await.len();
    let version = load_geography(&setting.store, FIRST).await;
    setting.until_enriched(version).await;
    running.stop().await;
    for package in PACKAGES {
        let (row, person) = setting.by_number(ANNE, package).await.unwrap();
        let text = person.to_string();
        assert!(row.stale && !text.contains(STREET) && !text.contains("Frogner"), "{text}");
        assert_eq!(person["name"][0]["givenName"], "Ærlig");
    }
    let event = format!("{DISTRICT_EVENT} 1");
    assert_eq!(setting.events_from(before, PACKAGES[0]).await, [event]);
    assert!(setting.contact_of(ANNE).await.is_some());
}

/// Persons in house 8, one after another.
async fn many(setting: &Setting, count: u32) {
    let numbers = (0..count).map(|n| format!("018199{n:05}"));
    setting.publish_snapshot(numbers.map(|number| at_house(&number, "8")).collect()).await;
    setting.applied().await;
}

#[tokio::test]
async fn a_sweep_that_is_killed_goes_on_where_it_was() {
    const PERSONS: u32 = 300;
    let (mut setting, _) = standing().await;
    setting.config.apply.background_persons_max = 2;
    let running = setting.start();
    many(&setting, PERSONS).await;
    let version = load_geography(&setting.store, FIRST).await;
    let next = async || setting.store.enrichment().await.unwrap().next_ordinal;
    until("the middle of the sweep", async || next().await > 60).await;
    running.kill().await;
    // What it has asked of the server may still happen.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let stored = setting.store.enrichment().await.unwrap();
    assert_eq!(stored.target.and_then(|target| target.version), Some(version));
    assert!((61..i64::from(PERSONS)).contains(&stored.next_ordinal), "{stored:?}");
    let told = "select count(*)::text from event where event_type = 31";
    let before: i64 = setting.database.fetch_text(told).await[0].parse().unwrap();
    assert_eq!(before, stored.next_ordinal - 1);

    let running = setting.start();
    setting.until_enriched(version).await;
    running.stop().await;
    let once = "select count(*)::text from
        (select person_id from event where event_type = 31 group by person_id having count(*) = 1) once";
    assert_eq!(setting.database.fetch_text(once).await, [PERSONS.to_string()]);
    assert_eq!(setting.database.fetch_text(told).await, [PERSONS.to_string()]);
}

/// A writer that has been replaced holds persons as they were before FREG changed them.
#[tokio::test]
async fn what_a_replaced_writer_has_enriched_is_not_written() {
    let (mut setting, _) = standing().await;
    setting.config.apply.background_persons_max = 1;
    let running = setting.start();
    many(&setting, 100).await;
    let version = load_geography(&setting.store, FIRST).await;
    let next = async || setting.store.enrichment().await.unwrap().next_ordinal;
    until("the middle of the sweep", async || (10..90).contains(&next().await)).await;
    // Waits until a round waits for it, and then leaves nothing to render from.
    let other_writer = "do $$ begin
        perform next_offset from position where topic = 'apply' for update;
        create table frozen as select next_ordinal from enrichment;
        for _ in 1..600 loop
            exit when exists (select from pg_stat_activity
                where wait_event_type = 'Lock' and datname = current_database());
            perform pg_sleep(0.05), pg_stat_clear_snapshot();
        end loop;
        update position set next_offset = next_offset + 1 where topic = 'apply';
        delete from source_document;
        end $$";
    setting.database.execute(other_writer).await;
    setting.until_enriched(version).await;
    running.stop().await;
    let told = "select count(*)::text from event where event_type = 31";
    let written = "select (next_ordinal - 1)::text from frozen";
    let written = setting.database.fetch_text(written).await;
    assert_eq!(setting.database.fetch_text(told).await, written);
    assert_ne!(written, ["100"], "there was a round to stop");
}
