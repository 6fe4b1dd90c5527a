//! One person, one id: merges, splits and numbers that come, go and move.

use ingest::record::Carried;
use register::id::PersonId;
use serde_json::Value;

use super::setting::*;

/// Served by id in both packages: discontinued, and nothing else.
async fn assert_stub(setting: &Setting, id: PersonId) {
    for package in PACKAGES {
        let (row, person) = setting.by_id(id, package).await;
        let fields: Vec<&String> = person.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["id", "sequenceNumber", "status"], "{person}");
        assert_eq!(person["status"].as_array().map(Vec::len), Some(1));
        assert_eq!(person["status"][0]["status"], "Discontinued");
        assert_eq!(person["id"], Value::from(id.to_string()));
        assert!(!row.stale);
    }
}

#[tokio::test]
async fn a_merge_leaves_a_stub_and_a_split_revives_it_with_its_id() {
    let (setting, running) = Setting::loaded(&[ANNE, BO]).await;
    let (anne, bo) = (setting.id(ANNE).await.unwrap(), setting.id(BO).await.unwrap());
    assert_ne!(anne, bo);

    let merged = paper(&[ANNE], &[BO], "Begge");
    setting
        .change(&[
            told(101, ANNE, SURVIVES, merged),
            change(102, BO, DUPLICATE, Carried::Elsewhere),
        ])
        .await;
    assert_eq!((setting.id(ANNE).await, setting.id(BO).await), (Some(anne), Some(anne)));
    assert_eq!(setting.name(BO).await, "Begge");
    assert_stub(&setting, bo).await;

    setting.change(&[told(103, ANNE, SPLIT, paper(&[ANNE], &[], "Anne"))]).await;
    assert_eq!((setting.id(ANNE).await, setting.id(BO).await), (Some(anne), Some(bo)));
    assert_stub(&setting, bo).await;

    setting.change(&[told(104, BO, RESTORED, paper(&[BO], &[], "Bo"))]).await;
    running.stop().await;
    assert_eq!((setting.id(ANNE).await, setting.id(BO).await), (Some(anne), Some(bo)));
    assert_eq!((&*setting.name(ANNE).await, &*setting.name(BO).await), ("Anne", "Bo"));
    for package in PACKAGES {
        let told = [
            "PersonIsContinuedAsValidUponMerger 0",
            "PersonIsDiscontinuedAsDuplicate 1",
            "PersonIsChangedBySplitting 0",
            "PersonIsRestoredBySplitting 1",
        ];
        assert_eq!(setting.events(package).await[2..], told);
    }
}

#[tokio::test]
async fn a_d_number_becomes_another_number_in_two_steps_and_the_person_stays() {
    let (setting, running) = Setting::loaded(&[D_NUMBER]).await;
    let id = setting.id(D_NUMBER).await;
    setting.change(&[told(101, D_NUMBER, NUMBER, paper(&[], &[D_NUMBER], "Dag"))]).await;
    assert_eq!(setting.id(D_NUMBER).await, id);
    let resident = paper(&[NEW_NUMBER], &[D_NUMBER], "Dagfinn");
    setting.change(&[told(102, NEW_NUMBER, RESIDENT, resident)]).await;
    running.stop().await;
    assert_eq!(setting.id(D_NUMBER).await, id);
    assert_eq!(setting.id(NEW_NUMBER).await, id);
    assert_eq!(setting.name(D_NUMBER).await, "Dagfinn");
    assert_eq!(setting.store.totals().await.unwrap().persons, 1);
}

#[tokio::test]
async fn a_number_follows_the_newest_document_that_lists_it_and_else_leads_nowhere() {
    let (setting, running) = Setting::loaded(&[ANNE, BO]).await;
    let (anne, bo) = (setting.id(ANNE).await, setting.id(BO).await);
    setting.change(&[told(101, ANNE, NUMBER, paper(&[ANNE], &[D_NUMBER], "Anne"))]).await;
    assert_eq!(setting.id(D_NUMBER).await, anne);
    setting.change(&[told(102, BO, NUMBER, paper(&[BO], &[D_NUMBER], "Bo"))]).await;
    assert_eq!(setting.id(D_NUMBER).await, bo);
    setting.change(&[told(103, ANNE, NUMBER, paper(&[ANNE], &[], "Anne"))]).await;
    assert_eq!(setting.id(D_NUMBER).await, bo);
    setting.change(&[told(104, BO, NUMBER, paper(&[BO], &[], "Bo"))]).await;
    running.stop().await;
    assert_eq!(setting.id(D_NUMBER).await, None);
    assert_eq!((setting.id(ANNE).await, setting.id(BO).await), (anne, bo));
}

/// A duplicate of which FREG tells the end before it tells who goes on.
#[tokio::test]
async fn a_duplicate_may_end_before_its_survivor_is_known() {
    let (setting, running) = Setting::loaded(&[ANNE, BO]).await;
    let (anne, bo) = (setting.id(ANNE).await, setting.id(BO).await.unwrap());
    setting.change(&[change(101, BO, DUPLICATE, Carried::Elsewhere)]).await;
    assert_stub(&setting, bo).await;
    assert_eq!(setting.id(BO).await, Some(bo));
    setting.change(&[told(102, ANNE, SURVIVES, paper(&[ANNE], &[BO], "Begge"))]).await;
    setting.change(&[change(103, BO, DUPLICATE, Carried::Elsewhere)]).await;
    running.stop().await;
    assert_eq!((setting.id(ANNE).await, setting.id(BO).await), (anne, anne));
    assert_eq!(setting.name(BO).await, "Begge");
    assert_stub(&setting, bo).await;
    let sources = "select count(*)::text from source_document";
    assert_eq!(setting.database.fetch_text(sources).await, ["1"]);
}
