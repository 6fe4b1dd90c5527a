//! Applying, through a real broker and a real database.

mod ain;
mod contact;
mod drain;
mod fault;
mod gap;
mod geography;
mod identity;
mod parking;
mod search;
pub mod setting;
mod world;
mod writer;

use ingest::record::{Carried, ChangeRecord};

use self::setting::*;

#[tokio::test]
async fn what_is_published_is_served_in_both_packages_and_told() {
    let (setting, running) = Setting::loaded(&[ANNE, BO]).await;
    setting
        .change(&[
            told(101, ANNE, NAME, paper(&[ANNE], &[], "Åshild")),
            change(102, ANNE, "endringISivilstand", Carried::Elsewhere),
            told(103, CATO, CREATED, paper(&[CATO], &[], "Cato")),
        ])
        .await;
    running.stop().await;
    for package in PACKAGES {
        let (row, person) = setting.by_number(ANNE, package).await.unwrap();
        assert_eq!(person["name"][0]["givenName"], "Åshild");
        assert!(person.to_string().contains(STREET), "{person}");
        assert!(!row.stale);
        let head = setting.store.refresh_head().await;
        let events = setting.store.events(1, &[], 100, package).await.unwrap();
        for event in &events {
            let (row, _) = setting.by_id(event.person_id, package).await;
            assert!(event.sequence <= row.sequence && row.sequence <= head);
        }
        let last = events.iter().rfind(|event| event.person_id == row.id);
        assert_eq!(last.map(|event| event.sequence), Some(row.sequence));
        let shown = setting.events(package).await;
        let full = [
            "PersonPopulated 0",
            "PersonPopulated 1",
            "ChangeInName 0",
            "ChangeInMaritalStatus 0",
            "PersonIsCreated 2",
        ];
        assert_eq!(shown, full);
    }
    assert_eq!(setting.name(BO).await, "Ærlig");
    assert_eq!(setting.name(CATO).await, "Cato");
}

/// Whoever holds a copy of an address must learn that it is hidden now, and nothing after that.
#[tokio::test]
async fn restricted_access_is_told_of_an_address_until_it_is_hidden() {
    const MOVED: &str = "endringIBostedsadresse";
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    let graded = |name: &str| paper(&[ANNE], &[], name).replace("ugradert", "fortrolig");
    let moves = [
        told(101, ANNE, MOVED, paper(&[ANNE], &[], "Åpen")),
        told(102, ANNE, MOVED, graded("Skjult")),
        told(103, ANNE, MOVED, graded("Fortsatt skjult")),
        told(104, ANNE, MOVED, paper(&[ANNE], &[], "Åpen igjen")),
    ];
    setting.change(&moves).await;
    running.stop().await;
    let [full, restricted] = [setting.events(PACKAGES[0]).await, setting.events(PACKAGES[1]).await];
    assert_eq!(full[1..], ["ChangeInResidentialAddress 0"; 4]);
    assert_eq!(restricted[1..], ["ChangeInResidentialAddress 0"; 3]);
    let hidden = "select source_sequence::text from event
        where visible_full and not visible_restricted";
    assert_eq!(setting.database.fetch_text(hidden).await, ["103"]);
}

/// Everything that moves numbers and persons, with documents as FREG writes them.
fn story() -> Vec<ChangeRecord> {
    vec![
        told(101, ANNE, NAME, paper(&[ANNE], &[], "Anne")),
        told(102, ANNE, SURVIVES, paper(&[ANNE], &[BO], "Begge")),
        change(103, BO, DUPLICATE, Carried::Elsewhere),
        told(104, CATO, CREATED, paper(&[CATO], &[], "Cato")),
        told(105, ANNE, SPLIT, paper(&[ANNE], &[], "Anne alene")),
        told(106, BO, RESTORED, paper(&[BO], &[], "Bo")),
        told(107, D_NUMBER, NUMBER, paper(&[], &[D_NUMBER], "Dag")),
        told(108, NEW_NUMBER, RESIDENT, paper(&[NEW_NUMBER], &[D_NUMBER], "Dag")),
        told(109, CATO, NUMBER, paper(&[CATO], &[D_NUMBER], "Cato")),
        told(110, NEW_NUMBER, NUMBER, paper(&[NEW_NUMBER], &[], "Dagny")),
        told(111, CATO, NUMBER, paper(&[CATO], &[], "Cato")),
        change(112, CATO, "endringIFoedsel", with(111, paper(&[CATO], &[], "Cato"))),
    ]
}

/// While one batch is written the next is made ready: here each is a single record, and most concern
/// whom the one before concerns.
#[tokio::test]
async fn batches_that_concern_the_same_persons_wait_for_each_other() {
    let loaded = [ANNE, BO, D_NUMBER];
    let (whole, first) = Setting::loaded(&loaded).await;
    whole.change(&story()).await;
    first.stop().await;

    let (mut single, second) = Setting::loaded(&loaded).await;
    second.stop().await;
    single.config.apply.batch_documents_max = 1;
    single.publish_changes(&story()).await;
    let second = single.start();
    single.applied().await;
    second.stop().await;
    assert_eq!(single.rows().await, whole.rows().await);
    for package in PACKAGES {
        assert_eq!(single.events(package).await, whole.events(package).await);
    }
}

#[tokio::test]
async fn any_prefix_delivered_again_changes_nothing() {
    let loaded = [ANNE, BO, D_NUMBER];
    let (once, first) = Setting::loaded(&loaded).await;
    once.change(&story()).await;
    first.stop().await;

    let (mut again, second) = Setting::loaded(&loaded).await;
    second.stop().await;
    again.config.apply.batch_documents_max = 4;
    let second = again.start();
    for length in 1..=story().len() {
        again.publish_changes(&story()[length - 1..length]).await;
        again.publish_changes(&story()[..length]).await;
    }
    again.publish_snapshot(loaded.map(|number| paper(&[number], &[], "Ærlig")).into()).await;
    again.applied().await;
    second.stop().await;
    assert_eq!(again.rows().await, once.rows().await);
    for package in PACKAGES {
        assert_eq!(again.events(package).await, once.events(package).await);
    }
}
