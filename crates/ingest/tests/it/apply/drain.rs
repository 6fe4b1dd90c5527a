//! What comes out of the park, what many faults at once do, and rendering everybody anew.

use ingest::apply::ApplyError;
use ingest::apply::render::{RENDERED_BY, parked_associated_data};
use ingest::record::{Carried, ChangeRecord};
use store::{Breadth, ParkSelection};

use super::setting::*;
use crate::support::{keys, until};

/// Two persons, of whom the first has three records in the park: one that cannot be read, and two
/// behind it.
async fn parked() -> (Setting, Running) {
    let (setting, running) = Setting::loaded(&[ANNE, BO]).await;
    setting
        .change(&[
            change(101, ANNE, NAME, unreadable(101)),
            told(102, ANNE, NAME, paper(&[ANNE], &[], "Senere")),
            told(103, NEW_NUMBER, NUMBER, paper(&[NEW_NUMBER], &[ANNE], "Senest")),
        ])
        .await;
    assert_eq!(setting.store.totals().await.unwrap().parked, 3);
    (setting, running)
}

/// What fetching a newer document does: another record in the place of a parked one.
async fn mend(setting: &Setting, id: i64, record: &ChangeRecord) {
    let parked = setting.store.parked_records(&[id]).await.unwrap().remove(0);
    let (topic, partition, offset) = &parked.place;
    let bound_to = parked_associated_data(topic, *partition, *offset);
    let value = serde_json::to_vec(record).unwrap();
    let sealed = keys().sealer.seal(&value, &bound_to).unwrap();
    assert!(setting.store.replace_parked(id, &parked.sealed, &sealed).await.unwrap());
    assert!(!setting.store.replace_parked(id, &parked.sealed, &sealed).await.unwrap());
}

async fn decided(setting: &Setting, ids: &[i64]) {
    until("what was decided", async || {
        let still = setting.store.still_parked(ids).await.unwrap();
        still.iter().all(|(_, decided)| !decided)
    })
    .await;
}

async fn names_in_park(setting: &Setting) -> Vec<i64> {
    let entries = setting.store.parked(0, 100).await.unwrap();
    entries.into_iter().map(|entry| entry.id).collect()
}

async fn shows_the_street(setting: &Setting, number: &str) -> bool {
    let (_, person) = setting.by_number(number, PACKAGES[0]).await.unwrap();
    person.to_string().contains(STREET)
}

#[tokio::test]
async fn a_record_that_is_mended_is_applied_with_all_that_waits_behind_it() {
    let (setting, running) = parked().await;
    let ids = names_in_park(&setting).await;
    let before = setting.events(PACKAGES[0]).await.len();
    // Asking for the last one is asking for all of the person, in order.
    let asked = setting.store.retry_parked(&ParkSelection::Ids(vec![ids[2], 99_999])).await;
    assert_eq!(asked.unwrap(), [ids[2]]);
    decided(&setting, &ids).await;
    let entries = setting.store.parked(0, 100).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.attempts).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(setting.events(PACKAGES[0]).await.len(), before);

    mend(&setting, ids[0], &told(101, ANNE, NAME, paper(&[ANNE], &[], "Rettet"))).await;
    setting.store.retry_parked(&ParkSelection::All).await.unwrap();
    decided(&setting, &ids).await;
    running.stop().await;
    assert_eq!(names_in_park(&setting).await, [0_i64; 0]);
    let (row, person) = setting.by_number(NEW_NUMBER, PACKAGES[1]).await.unwrap();
    assert!(!row.stale && person.to_string().contains(STREET));
    assert_eq!(person["name"][0]["givenName"], "Senest");
    assert_eq!(setting.id(ANNE).await, setting.id(NEW_NUMBER).await);
    let told = ["ChangeInName 0", "ChangeInName 0", "ChangeInNorwegianIdentificationNumber 0"];
    for package in PACKAGES {
        assert_eq!(setting.events(package).await[before..], told);
    }
    let history = "select concat_ws(' ', source_sequence, reason, skip_reason is null,
        sealed is null) from park_history order by id";
    let rows = ["101 1 t t", "102 3 t t", "103 3 t t"];
    assert_eq!(setting.database.fetch_text(history).await, rows);
}

#[tokio::test]
async fn what_is_left_out_is_kept_with_its_reason_and_opens_no_address() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.change(&[change(101, ANNE, NAME, unreadable(101))]).await;
    let ids = names_in_park(&setting).await;
    assert_eq!(setting.store.skip_parked(&ids, "feil i dokumentet").await.unwrap(), ids);
    decided(&setting, &ids).await;
    assert_eq!(names_in_park(&setting).await, [0_i64; 0]);
    let (row, _) = setting.by_number(ANNE, PACKAGES[0]).await.unwrap();
    assert!(!row.stale && !shows_the_street(&setting, ANNE).await);
    let history = "select concat_ws(' ', source_sequence, skip_reason, sealed is null)
        from park_history";
    assert_eq!(setting.database.fetch_text(history).await, ["101 feil i dokumentet f"]);
    // The same content as before, and newer than what was left out.
    setting.change(&[told(102, ANNE, NAME, paper(&[ANNE], &[], "Ærlig"))]).await;
    running.stop().await;
    assert!(shows_the_street(&setting, ANNE).await);
}

#[tokio::test]
async fn what_is_behind_a_record_that_is_left_out_is_applied() {
    let (setting, running) = parked().await;
    let ids = names_in_park(&setting).await;
    setting.store.skip_parked(&ids[..1], "leses ikke").await.unwrap();
    decided(&setting, &ids).await;
    running.stop().await;
    assert_eq!(names_in_park(&setting).await, [0_i64; 0]);
    assert_eq!(setting.name(NEW_NUMBER).await, "Senest");
    assert!(shows_the_street(&setting, NEW_NUMBER).await);
}

/// Nobody is known under the number; then somebody is.
#[tokio::test]
async fn what_waits_for_a_number_makes_its_person_when_it_can_be_read() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.change(&[change(101, CATO, CREATED, Carried::Missing { as_of: 101 })]).await;
    setting.change(&[told(102, CATO, NAME, paper(&[CATO], &[], "Kåre"))]).await;
    let ids = names_in_park(&setting).await;
    assert_eq!(ids.len(), 2);
    mend(&setting, ids[0], &told(101, CATO, CREATED, paper(&[CATO], &[], "Cato"))).await;
    setting.store.retry_parked(&ParkSelection::Ids(vec![ids[0]])).await.unwrap();
    decided(&setting, &ids).await;
    running.stop().await;
    assert_eq!(setting.name(CATO).await, "Kåre");
    let told = ["PersonIsCreated 1", "ChangeInName 1"];
    assert_eq!(setting.events(PACKAGES[0]).await[1..], told);
}

#[tokio::test]
async fn many_faults_at_once_stop_it_and_nothing_is_set_aside() {
    let (mut setting, running) = Setting::loaded(&[ANNE, BO]).await;
    running.stop().await;
    let before = setting.rows().await;
    setting.config.apply.parked_persons_per_minute_max = 1;
    let faults = [
        change(101, ANNE, NAME, unreadable(101)),
        change(102, ANNE, NAME, unreadable(102)),
        change(103, BO, NAME, unreadable(103)),
    ];
    setting.publish_changes(&faults).await;
    let error = setting.start().failure().await;
    assert!(matches!(error, ApplyError::TooManyParked { persons: 2, max: 1 }), "{error:?}");
    assert!(error.to_string().contains("parked_persons_per_minute_max"), "{error}");
    assert_eq!(setting.rows().await, before);
    // Raised, it lets them pass, and nothing is lost.
    setting.config.apply.parked_persons_per_minute_max = 2;
    let running = setting.start();
    setting.applied().await;
    running.stop().await;
    assert_eq!(setting.store.totals().await.unwrap().parked, 3);
}

#[tokio::test]
async fn everybody_is_rendered_anew_and_only_differences_are_told() {
    let (setting, running) = Setting::loaded(&[ANNE, BO, CATO]).await;
    setting.change(&[told(101, CATO, SURVIVES, paper(&[CATO], &[BO], "Cato"))]).await;
    running.stop().await;
    let before = setting.events(PACKAGES[0]).await.len();
    let rows = setting.rows().await;
    setting.database.execute("update person set rendered_by = rendered_by - 1").await;
    // As an older version of the code would have served the first person: as the third.
    let wrong = "update person set served_full = (select served_full from person where ordinal = 3)
        where ordinal = 1";
    setting.database.execute(wrong).await;
    let mut config = setting.config.clone();
    config.apply.background_persons_max = 2;
    let running = Running::start(&config, &setting.store, keys());
    setting.store.ask_rerender(Breadth::Outdated).await.unwrap();
    until("rendered anew", async || {
        let rerender = setting.store.rerender().await.unwrap();
        rerender.asked.is_none() && rerender.round.is_none()
    })
    .await;
    running.stop().await;
    assert_eq!(setting.store.rerender().await.unwrap().done_by, Some(RENDERED_BY));
    let rendered = "select distinct rendered_by::text from person";
    assert_eq!(setting.database.fetch_text(rendered).await, [RENDERED_BY.to_string()]);
    let told = setting.events(PACKAGES[0]).await.split_off(before);
    assert_eq!(told, ["ChangeInNorwegianIdentificationNumber 0", "ChangeInName 0"]);
    assert_eq!(setting.events(PACKAGES[1]).await.len(), before);
    let persons = |rows: Vec<String>| -> Vec<String> {
        rows.into_iter().filter(|row| row.starts_with("person ")).collect()
    };
    assert_eq!(persons(setting.rows().await), persons(rows));
    // Each row that was written has a number of its own.
    let numbers = "select count(distinct sequence_full)::text from person";
    assert_eq!(setting.database.fetch_text(numbers).await, ["3"]);
}

/// As a new extract finds it: FREG has changed data and told nobody.
#[tokio::test]
async fn a_silent_change_is_told_as_an_update_and_a_repetition_is_not() {
    let (setting, running) = Setting::loaded(&[ANNE, BO]).await;
    let rows = setting.rows().await;
    let spaced = paper(&[BO], &[], "Ærlig").replacen(':', ": ", 1);
    setting.publish_snapshot_of(110, vec![paper(&[ANNE], &[], "Stille"), spaced]).await;
    setting.applied().await;
    running.stop().await;
    assert_eq!(setting.name(ANNE).await, "Stille");
    for package in PACKAGES {
        assert_eq!(setting.events(package).await[2..], ["PersonIsUpdated 0"]);
    }
    let of_bo = |rows: &[String]| -> String {
        let row = rows.iter().find(|row| row.starts_with("person 2 ")).unwrap();
        row.split(' ').nth(10).unwrap().to_owned()
    };
    assert_eq!(of_bo(&setting.rows().await), of_bo(&rows), "served as before");
}
