//! Contact details: whom they are served with, when they are told, and how time ends them.

use ingest::record::Carried;
use serde_json::json;

use super::setting::*;
use super::world::*;

const CAN: &str = "CanBeNotified";
const CANNOT: &str = "CanNotBeNotified";
const FRESH: &str = "2026-05-01T10:00:00+02";

fn notices(status: &str, address: &str) -> Option<[String; 2]> {
    Some([status.to_owned(), address.to_owned()])
}

fn papers(numbers: &[&str]) -> Vec<String> {
    numbers.iter().map(|number| paper(&[number], &[], "Ærlig")).collect()
}

/// A register that holds these persons, with a clock to turn.
async fn standing_with(numbers: &[&str]) -> (Setting, Dial, Running) {
    let (setting, dial) = standing().await;
    let running = setting.start();
    setting.publish_snapshot(papers(numbers)).await;
    setting.applied().await;
    (setting, dial, running)
}

#[tokio::test]
async fn contact_details_come_before_the_person_or_after() {
    let (setting, _) = standing().await;
    let running = setting.start();
    setting.contact(&[mail(ANNE, 1, "anne@eksempel.example", FRESH)]).await;
    setting.publish_snapshot(papers(&[ANNE, BO])).await;
    setting.applied().await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "anne@eksempel.example"));
    assert_eq!(setting.contact_of(BO).await, None);
    setting.contact(&[mail(BO, 2, "bo@eksempel.example", FRESH)]).await;
    running.stop().await;
    assert_eq!(setting.contact_of(BO).await, notices(CAN, "bo@eksempel.example"));
    let told = ["PersonPopulated 0", "PersonPopulated 1"];
    let event = format!("{CONTACT_EVENT} 1");
    assert_eq!(setting.events(PACKAGES[0]).await, [told[0], told[1], &event]);
    assert_eq!(setting.events(PACKAGES[1]).await, told);
}

/// However many wait: only while nothing of FREG's has been read may a few batches come before.
#[tokio::test]
async fn contact_details_wait_behind_fregs_changes() {
    let (mut setting, _, running) = standing_with(&[ANNE]).await;
    running.stop().await;
    setting.config.apply.batch_documents_max = 10;
    let named = |n| told(n, ANNE, NAME, paper(&[ANNE], &[], &format!("Nr {n}")));
    setting.publish_changes(&(101..=300).map(named).collect::<Vec<_>>()).await;
    let mailed = |n| mail(ANNE, n, &format!("nr{n}@eksempel.example"), FRESH);
    setting.publish_contacts(&(1..=200).map(mailed).collect::<Vec<_>>()).await;
    let running = setting.start();
    setting.applied().await;
    running.stop().await;
    let events = setting.events_from(1, PACKAGES[0]).await;
    let is_contact = |event: &&String| event.starts_with(CONTACT_EVENT);
    let last = events.iter().rposition(|event| !is_contact(&event)).unwrap();
    let before = events[..last].iter().filter(is_contact).count();
    let batches = events.iter().filter(is_contact).count();
    assert!(batches >= 20, "each batch of contact details tells one event");
    assert!(before <= batches / 5, "{before} of {batches} batches came before FREG's changes");
    assert_eq!(setting.name(ANNE).await, "Nr 300");
}

#[tokio::test]
async fn only_what_changes_what_is_served_is_told() {
    let (setting, _, running) = standing_with(&[ANNE]).await;
    let as_of = "select as_of::text from contact";
    for (age, address, served, events) in [
        (20, "ny@eksempel.example", "ny@eksempel.example", 1),
        (10, "gammel@eksempel.example", "ny@eksempel.example", 1),
        (20, "ny@eksempel.example", "ny@eksempel.example", 1),
        (30, "ny@eksempel.example", "ny@eksempel.example", 1),
        (30, "nyere@eksempel.example", "nyere@eksempel.example", 2),
    ] {
        setting.contact(&[mail(ANNE, age, address, FRESH)]).await;
        assert_eq!(setting.contact_of(ANNE).await, notices(CAN, served));
        assert_eq!(setting.events_from(1, PACKAGES[0]).await.len(), events, "{age} {address}");
    }
    assert_eq!(setting.database.fetch_text(as_of).await, ["30"]);
    // In one batch the newest wins, whatever the order.
    let both = [
        mail(ANNE, 50, "nyest@eksempel.example", FRESH),
        mail(ANNE, 40, "mellom@eksempel.example", FRESH),
    ];
    setting.contact(&both).await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "nyest@eksempel.example"));
    // KRR knows nothing of a document of FREG, and it nothing of KRR.
    setting.change(&[told(101, ANNE, NAME, paper(&[ANNE], &[], "Åshild"))]).await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "nyest@eksempel.example"));
    running.stop().await;
    let told = setting.events_from(1, PACKAGES[0]).await;
    assert_eq!(told.iter().filter(|event| event.starts_with(CONTACT_EVENT)).count(), 3);
    assert_eq!(told.last().map(String::as_str), Some("ChangeInName 0"));
}

#[tokio::test]
async fn contact_details_are_those_of_the_number_in_use() {
    let (setting, _, running) = standing_with(&[D_NUMBER]).await;
    setting.contact(&[mail(D_NUMBER, 1, "d@eksempel.example", FRESH)]).await;
    assert_eq!(setting.contact_of(D_NUMBER).await, notices(CAN, "d@eksempel.example"));
    // The number ends, and nothing has taken its place yet.
    setting.change(&[told(101, D_NUMBER, NUMBER, paper(&[], &[D_NUMBER], "Dag"))]).await;
    assert_eq!(setting.contact_of(D_NUMBER).await, None);
    setting.contact(&[mail(NEW_NUMBER, 2, "f@eksempel.example", FRESH)]).await;
    assert_eq!(setting.contact_of(D_NUMBER).await, None);
    let resident = paper(&[NEW_NUMBER], &[D_NUMBER], "Dag");
    setting.change(&[told(102, NEW_NUMBER, RESIDENT, resident)]).await;
    assert_eq!(setting.contact_of(D_NUMBER).await, notices(CAN, "f@eksempel.example"));
    setting.contact(&[mail(D_NUMBER, 3, "d2@eksempel.example", FRESH)]).await;
    running.stop().await;
    assert_eq!(setting.contact_of(NEW_NUMBER).await, notices(CAN, "f@eksempel.example"));
    let contact: &str = &format!("{CONTACT_EVENT} 0");
    let told = [
        contact,
        "ChangeInNorwegianIdentificationNumber 0",
        contact,
        "PersonIsResident 0",
        contact,
    ];
    assert_eq!(setting.events_from(1, PACKAGES[0]).await, told);
}

#[tokio::test]
async fn after_a_merge_the_old_numbers_record_waits_for_a_split() {
    let (setting, _, running) = standing_with(&[ANNE, BO]).await;
    let both = [ANNE, BO].map(|number| mail(number, 1, "felles@eksempel.example", FRESH));
    setting.contact(&both).await;
    let bo = setting.id(BO).await.unwrap();
    setting.change(&[told(101, ANNE, SURVIVES, paper(&[ANNE], &[BO], "Begge"))]).await;
    let (_, stub) = setting.by_id(bo, PACKAGES[0]).await;
    assert!(stub["commonContactRegisterInformation"].is_null(), "{stub}");
    setting.contact(&[mail(BO, 2, "bo@eksempel.example", FRESH)]).await;
    assert_eq!(setting.contact_of(BO).await, notices(CAN, "felles@eksempel.example"));
    let split = [
        told(102, ANNE, SPLIT, paper(&[ANNE], &[], "Anne")),
        told(103, BO, RESTORED, paper(&[BO], &[], "Bo")),
    ];
    setting.change(&split).await;
    running.stop().await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "felles@eksempel.example"));
    assert_eq!(setting.contact_of(BO).await, notices(CAN, "bo@eksempel.example"));
    let contact: &str = &format!("{CONTACT_EVENT} 1");
    let told = [
        "PersonIsContinuedAsValidUponMerger 0",
        "PersonIsDiscontinuedAsDuplicate 1",
        "PersonIsChangedBySplitting 0",
        "PersonIsRestoredBySplitting 1",
        contact,
    ];
    assert_eq!(setting.events_from(4, PACKAGES[0]).await, told);
}

#[tokio::test]
async fn who_refuses_or_has_old_data_is_shown_and_not_to_be_notified() {
    let (setting, _, running) = standing_with(&[ANNE, BO, CATO]).await;
    let reserved = json!({"personidentifikator": ANNE, "reservasjon": "JA", "status": "AKTIV",
        "kontaktinformasjon": {"epostadresse": "nei@eksempel.example",
            "epostadresse_oppdatert": FRESH}});
    let deleted = json!({"personidentifikator": CATO, "reservasjon": "NEI", "status": "SLETTET"});
    let expired = mail(BO, 1, "gammel@eksempel.example", "2024-02-29T10:45:15.768Z");
    setting.contact(&[krr(ANNE, 1, &reserved), expired, krr(CATO, 1, &deleted)]).await;
    running.stop().await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CANNOT, "nei@eksempel.example"));
    assert_eq!(setting.contact_of(BO).await, notices(CANNOT, "gammel@eksempel.example"));
    assert_eq!(setting.contact_of(CATO).await, notices(CANNOT, ""));
    let flips = "select number from contact where flips_at is not null";
    assert_eq!(setting.database.fetch_text(flips).await, [""; 0]);
    let bare = "select number from contact where position('eksempel'::bytea in sealed) > 0";
    assert_eq!(setting.database.fetch_text(bare).await, [""; 0]);
}

#[tokio::test]
async fn contact_details_that_cannot_be_read_leave_the_older_ones() {
    let (setting, _, running) = standing_with(&[ANNE]).await;
    setting.contact(&[mail(ANNE, 1, "anne@eksempel.example", FRESH)]).await;
    let of_bo = json!({"personidentifikator": BO, "reservasjon": "NEI", "status": "AKTIV"});
    setting.contact(&[krr(ANNE, 2, &json!(["ingen"])), krr(ANNE, 3, &of_bo)]).await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "anne@eksempel.example"));
    setting.contact(&[mail(ANNE, 4, "anne4@eksempel.example", FRESH)]).await;
    running.stop().await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "anne4@eksempel.example"));
}

#[tokio::test]
async fn eighteen_months_end_the_leave_to_send_notices_without_a_word_of_krr() {
    let (setting, dial, running) = standing_with(&[ANNE, BO]).await;
    // On Oslo's clock, across a change of summer time.
    setting.contact(&[mail(ANNE, 1, "anne@eksempel.example", "2025-05-23T09:00:00+02")]).await;
    setting.contact(&[mail(BO, 2, "bo@eksempel.example", FRESH)]).await;
    setting.contact(&[mail(CATO, 3, "cato@eksempel.example", "2025-05-23T09:00:00+02")]).await;
    let before = setting.events(PACKAGES[0]).await.len();
    dial.turn("2026-11-23T08:59:59+01:00");
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "anne@eksempel.example"));
    dial.turn("2026-11-23T09:00:00+01:00");
    setting.until_events(before + 1).await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CANNOT, "anne@eksempel.example"));
    assert_eq!(setting.contact_of(BO).await, notices(CAN, "bo@eksempel.example"));
    // A clock that is behind gives it back to nobody, though KRR says the same again.
    dial.turn("2026-11-23T08:00:00+01:00");
    setting.contact(&[mail(ANNE, 4, "anne@eksempel.example", "2025-05-23T09:00:00+02")]).await;
    setting.change(&[told(101, ANNE, NAME, paper(&[ANNE], &[], "Åshild"))]).await;
    assert_eq!(setting.contact_of(ANNE).await, notices(CANNOT, "anne@eksempel.example"));
    setting.change(&[told(102, CATO, CREATED, paper(&[CATO], &[], "Cato"))]).await;
    assert_eq!(setting.contact_of(CATO).await, notices(CANNOT, "cato@eksempel.example"));
    running.stop().await;
    let contact: &str = &format!("{CONTACT_EVENT} 0");
    let told = [contact, "ChangeInName 0", "PersonIsCreated 2"];
    assert_eq!(setting.events_from(before, PACKAGES[0]).await, told);
    assert_eq!(setting.events_from(2, PACKAGES[1]).await, told[1..]);
}

/// Two believe to be the writer: the one that has been replaced comes to its commit last.
#[tokio::test]
async fn what_a_replaced_writer_has_made_of_time_is_not_written() {
    let (setting, dial, running) = standing_with(&[ANNE]).await;
    setting.contact(&[mail(ANNE, 1, "anne@eksempel.example", "2025-05-23T09:00:00+02")]).await;
    let before = setting.events(PACKAGES[0]).await.len();
    dial.turn("2026-11-24T12:00:00+01:00");
    // Waits until a commit waits for it, and then has written what that one was about to.
    let other_writer = "do $$ begin
        perform next_offset from position where topic = 'apply' for update;
        for _ in 1..600 loop
            exit when exists (select from pg_stat_activity
                where wait_event_type = 'Lock' and datname = current_database());
            perform pg_sleep(0.05), pg_stat_clear_snapshot();
        end loop;
        update position set next_offset = next_offset + 1 where topic = 'apply';
        update contact set flips_at = null;
        end $$";
    setting.database.execute(other_writer).await;
    // It reads again what holds, and goes on.
    setting.change(&[change(101, ANNE, "endringISivilstand", Carried::Elsewhere)]).await;
    running.stop().await;
    assert_eq!(setting.events_from(before, PACKAGES[0]).await, ["ChangeInMaritalStatus 0"]);
    assert_eq!(setting.contact_of(ANNE).await, notices(CAN, "anne@eksempel.example"));
}
