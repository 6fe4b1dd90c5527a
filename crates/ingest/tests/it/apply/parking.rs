//! What cannot be read waits, and hides what it may have been about.

use ingest::apply::render::parked_associated_data;
use ingest::record::{Carried, ChangeRecord};
use register::id::PersonId;

use super::setting::*;
use crate::support::keys;

/// `person number sequence reason`, in the order of the park.
async fn park(setting: &Setting) -> Vec<String> {
    let sql = "select concat_ws(' ', coalesce(person_id::text, 'nobody'), number,
            source_sequence, reason)
        from parked order by id";
    setting.database.fetch_text(sql).await
}

/// No address of the person is served, old or new, to anybody; the rest is, as it was.
async fn assert_hidden(setting: &Setting, number: &str, name: &str) {
    for package in PACKAGES {
        let (row, person) = setting.by_number(number, package).await.unwrap();
        assert!(row.stale);
        let text = person.to_string();
        assert!(!text.contains(STREET) && !text.contains(OLD_STREET), "{text}");
        assert!(!text.contains("0265") && !text.contains("OSLO"), "{text}");
        assert_eq!(person["name"][0]["givenName"], name);
    }
}

async fn assert_open(setting: &Setting, number: &str, name: &str) {
    for package in PACKAGES {
        let (row, person) = setting.by_number(number, package).await.unwrap();
        assert!(!row.stale && person.to_string().contains(STREET));
        assert_eq!(person["name"][0]["givenName"], name);
    }
}

/// The records in the park, opened.
async fn opened(setting: &Setting) -> Vec<ChangeRecord> {
    let sealed = "select encode(sealed, 'hex') from parked order by id";
    let offsets = "select record_offset::text from parked order by id";
    let sealed = setting.database.fetch_text(sealed).await;
    let offsets = setting.database.fetch_text(offsets).await;
    let open = |(sealed, offset): (&String, &String)| {
        let topic = &setting.config.kafka.changes_topic;
        let bound_to = parked_associated_data(topic, 0, offset.parse().unwrap());
        let bytes: Vec<u8> = (0..sealed.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&sealed[at..at + 2], 16).unwrap())
            .collect();
        assert!(keys().sealer.open(&bytes, b"elsewhere").is_err());
        let plain = keys().sealer.open(&bytes, &bound_to).unwrap();
        serde_json::from_slice(&plain).unwrap()
    };
    sealed.iter().zip(&offsets).map(open).collect()
}

fn as_json(records: &[ChangeRecord]) -> String {
    serde_json::to_string(records).unwrap()
}

fn without_a_number(as_of: i64) -> Carried {
    with(as_of, r#"{"navn":[{"fornavn":"Ingen","etternavn":"Østgård"}]}"#)
}

async fn parks(first: Carried) {
    let (setting, running) = Setting::loaded(&[ANNE, BO]).await;
    let anne: PersonId = setting.id(ANNE).await.unwrap();
    assert_open(&setting, ANNE, "Ærlig").await;
    let waiting = [
        change(101, ANNE, NAME, first),
        told(102, ANNE, NAME, paper(&[ANNE], &[], "Senere")),
        change(103, ANNE, "endringISivilstand", Carried::Elsewhere),
        told(104, NEW_NUMBER, NUMBER, paper(&[NEW_NUMBER], &[ANNE], "Senest")),
    ];
    setting.change(&waiting[..2]).await;
    running.stop().await;
    let running = setting.start();
    setting.change(&waiting[2..]).await;
    setting.change(&[told(105, BO, NAME, paper(&[BO], &[], "Fri"))]).await;
    running.stop().await;

    assert_hidden(&setting, ANNE, "Ærlig").await;
    assert_open(&setting, BO, "Fri").await;
    assert_eq!(setting.id(NEW_NUMBER).await, None);
    let rows = [(ANNE, 101, 1), (ANNE, 102, 3), (ANNE, 103, 3), (NEW_NUMBER, 104, 3)];
    let rows = rows.map(|(number, sequence, why)| format!("{anne} {number} {sequence} {why}"));
    assert_eq!(park(&setting).await, rows);
    assert_eq!(as_json(&opened(&setting).await), as_json(&waiting));
    for package in PACKAGES {
        let told = ["PersonIsUpdated 0", "ChangeInName 1"];
        assert_eq!(setting.events(package).await[2..], told);
    }
}

#[tokio::test]
async fn an_unreadable_document_parks_its_person_and_hides_the_addresses() {
    parks(unreadable(101)).await;
}

#[tokio::test]
async fn a_document_without_a_number_parks_its_person_and_hides_the_addresses() {
    parks(without_a_number(101)).await;
}

#[tokio::test]
async fn a_protection_in_the_park_hides_the_addresses_and_another_change_does_not() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    let missing = Carried::Missing { as_of: 101 };
    setting.change(&[change(101, ANNE, NAME, missing)]).await;
    for package in PACKAGES {
        let (row, person) = setting.by_number(ANNE, package).await.unwrap();
        assert!(row.stale && person.to_string().contains(STREET));
    }
    let protected = paper(&[ANNE], &[], "Skjult");
    setting.change(&[told(102, ANNE, PROTECTION, protected)]).await;
    running.stop().await;
    assert_hidden(&setting, ANNE, "Ærlig").await;
    for package in PACKAGES {
        assert_eq!(setting.events(package).await[1..], ["PersonIsUpdated 0"]);
    }
    let id = setting.id(ANNE).await.unwrap();
    assert_eq!(park(&setting).await, [format!("{id} {ANNE} 101 5"), format!("{id} {ANNE} 102 3")]);
}

/// A document and the record that parks its person, in one batch: the document is not lost.
#[tokio::test]
async fn what_came_before_the_park_in_the_same_batch_is_served() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    running.stop().await;
    setting
        .publish_changes(&[
            told(101, ANNE, NAME, paper(&[ANNE], &[], "Ny")),
            change(102, ANNE, NAME, unreadable(102)),
            told(103, BO, CREATED, paper(&[BO], &[], "Bo")),
            change(104, BO, NAME, unreadable(104)),
        ])
        .await;
    let running = setting.start();
    setting.applied().await;
    running.stop().await;
    assert_hidden(&setting, ANNE, "Ny").await;
    assert_hidden(&setting, BO, "Bo").await;
    let sources = "select concat_ws(' ', p.as_of, s.as_of)
        from person p join source_document s on s.person_id = p.id order by ordinal";
    assert_eq!(setting.database.fetch_text(sources).await, ["101 101", "103 103"]);
}

/// Nobody has been met under the number yet: neither a later event nor the extract, which may be
/// applied after the feed, serves an address that the parked record may have been about to hide.
#[tokio::test]
async fn what_is_parked_for_a_number_holds_back_every_document_that_lists_it() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.change(&[change(101, CATO, PROTECTION, unreadable(101))]).await;
    setting.publish_snapshot(vec![paper(&[CATO], &[], "Fra uttrekket")]).await;
    setting.applied().await;
    running.stop().await;
    let running = setting.start();
    let moved = paper(&[NEW_NUMBER], &[CATO], "Ny");
    setting.change(&[told(102, NEW_NUMBER, NUMBER, moved)]).await;
    running.stop().await;
    assert_eq!((setting.id(CATO).await, setting.id(NEW_NUMBER).await), (None, None));
    let rows = [format!("{CATO} 101 1"), format!("{CATO} 3"), format!("{NEW_NUMBER} 102 3")];
    assert_eq!(park(&setting).await, rows.map(|row| format!("nobody {row}")));
    assert_eq!(setting.store.totals().await.unwrap().persons, 1);
}
