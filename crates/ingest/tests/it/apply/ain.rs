//! Persons with a felles hjelpenummer: from their topic to lookups, searches and events.

use ingest::record::{AinRecord, Carried};
use register::id::PersonId;
use register::package::Package;
use register::search::{Form, FormKind, read};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::Search;

use super::setting::*;
use super::world::*;

const TURID: &str = "81234567802";
const IVAN: &str = "91234567883";
const NEW: &str = "CreatedAlternateIdentificationNumber";
const CHANGED: &str = "UpdatedAlternateIdentificationNumber";
const QUAY: &str = "Bryggekaien";

fn person(number: &str, given_name: &str) -> Value {
    json!({"number": number, "state": "InUse", "registeredAt": "2026-05-01T12:00:00+02:00",
        "gender": "Female", "birthDate": "1992-02-29",
        "name": {"givenName": given_name, "familyName": "Tørr-Skodd"},
        "address": {"confidentiality": "Unclassified", "streetAddress": {
            "municipalityNumber": "0301", "addressName": QUAY, "addressCode": "06001",
            "houseNumber": "8", "postalCode": "0265", "cityName": "OSLO"}}})
}

fn with_more(mut person: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        person[name] = value.clone();
    }
    person
}

fn record(number: &str, version: i64, person: &Value) -> AinRecord {
    let person = RawValue::from_string(person.to_string()).unwrap();
    AinRecord { number: number.to_owned(), version, person }
}

fn state(number: &str, version: i64, given_name: &str) -> AinRecord {
    record(number, version, &person(number, given_name))
}

fn replaced(number: &str, version: i64, by: &str) -> AinRecord {
    let more = json!({"state": "Discontinued", "continuedAs": by});
    record(number, version, &with_more(person(number, "Turid"), more))
}

impl Setting {
    async fn by_name(&self, name: &str, include_alternate: bool) -> Vec<PersonId> {
        let form = Form { family_name: Some(name), ..Form::default() };
        let criteria = read(&form, FormKind::Matches).unwrap();
        let package = Package::FullAccess;
        let search = Search { criteria, package, include_alternate, tolerant: false };
        let found = self.store.search_page(&search, 0, 10).await.unwrap();
        assert_eq!(self.store.search_count(&search).await.unwrap(), found.len() as i64);
        found
    }
}

#[tokio::test]
async fn whoever_comes_by_the_topic_is_found_and_told_and_in_no_list_unasked() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.ain(&[state(TURID, 1, "Turid"), state(IVAN, 7, "Ivan")]).await;
    setting.ain(&[state(TURID, 2, "Þuríður")]).await;
    running.stop().await;
    let turid = setting.id(TURID).await.unwrap();
    for package in PACKAGES {
        let (_, shown) = setting.by_number(TURID, package).await.unwrap();
        let number = json!({"isValid": true, "registeredAt": "2026-05-01T12:00:00+02:00",
            "status": "InUse", "identificationNumber": TURID,
            "identificationNumberType": "AlternateIdentificationNumber"});
        assert_eq!(shown["norwegianIdentificationNumber"], json!([number]));
        assert_eq!(shown["name"][0]["givenName"], "Þuríður");
        assert_eq!(shown["birth"][0]["birthDate"], "1992-02-29T00:00:00+00:00");
        assert_eq!(shown["gender"][0]["gender"], "Female");
        let street = &shown["presentAddress"][0]["streetAddress"];
        assert_eq!(street["addressName"], QUAY);
        assert!(shown["status"].is_null(), "no status of the population register: {shown}");
        let told = format!("PersonPopulated 0,{NEW} 1,{NEW} 2,{CHANGED} 1");
        assert_eq!(setting.events(package).await.join(","), told);
    }
    let anne = setting.id(ANNE).await.unwrap();
    let ivan = setting.id(IVAN).await.unwrap();
    assert_eq!(setting.by_name("tørr", true).await, [turid, ivan]);
    assert!(setting.by_name("tørr", false).await.is_empty());
    assert_eq!(setting.store.everybody(false, 0, 10).await.unwrap(), [anne]);
    assert_eq!(setting.store.everybody(true, 0, 10).await.unwrap(), [anne, turid, ivan]);
}

#[tokio::test]
async fn an_older_state_and_one_that_is_told_again_change_nothing() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    let story = [
        state(TURID, 3, "Første"),
        replaced(IVAN, 1, ANNE),
        state(TURID, 5, "Andre"),
        state(IVAN, 2, "Ivan"),
        state(TURID, 9, "Andre"),
    ];
    setting.ain(&story).await;
    assert_eq!(setting.name(TURID).await, "Andre");
    let before = setting.rows().await;
    // Older, the same again, and another one of the same version.
    setting.ain(&[state(TURID, 4, "Gammel"), state(TURID, 9, "Tredje")]).await;
    setting.ain(&story).await;
    running.kill().await;
    let running = setting.start();
    for record in &story {
        setting.ain(std::slice::from_ref(record)).await;
    }
    running.stop().await;
    assert_eq!(setting.rows().await, before);
    assert_eq!(setting.name(IVAN).await, "Ivan");
    let sealed = "select person_id::text from source_document
        where position(convert_to('Andre', 'UTF8') in sealed) > 0";
    assert_eq!(setting.database.fetch_text(sealed).await, [""; 0]);
}

/// The number of somebody who is found in the population register after all.
#[tokio::test]
async fn a_number_that_was_replaced_leads_to_the_other_and_comes_back_when_that_was_wrong() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.ain(&[state(TURID, 1, "Turid")]).await;
    let turid = setting.id(TURID).await.unwrap();
    setting.ain(&[replaced(TURID, 2, BO)]).await;
    // FREG does not know the other number yet.
    assert_eq!(setting.id(TURID).await, Some(turid));
    setting.change(&[told(101, BO, CREATED, paper(&[BO], &[], "Bo"))]).await;
    let bo = setting.id(BO).await;
    assert_eq!(setting.id(TURID).await, bo);
    for package in PACKAGES {
        let (_, stub) = setting.by_id(turid, package).await;
        assert_eq!(stub["status"][0]["status"], "Discontinued");
        assert!(stub["name"].is_null() && stub["norwegianIdentificationNumber"].is_null());
    }
    assert!(setting.by_name("tørr", true).await.is_empty());
    assert_eq!(setting.store.everybody(false, 0, 10).await.unwrap().len(), 2);
    // Whatever becomes of the other, this one goes along, there and back.
    setting.change(&[told(102, ANNE, SURVIVES, paper(&[ANNE], &[BO], "Begge"))]).await;
    let anne = setting.id(ANNE).await;
    assert_eq!([setting.id(BO).await, setting.id(TURID).await], [anne, anne]);
    let split = [
        told(103, ANNE, SPLIT, paper(&[ANNE], &[], "Anne")),
        told(104, BO, RESTORED, paper(&[BO], &[], "Bo")),
    ];
    setting.change(&split).await;
    assert_eq!(setting.id(TURID).await, bo);
    setting.ain(&[state(TURID, 3, "Turid igjen")]).await;
    running.stop().await;
    assert_eq!(setting.id(TURID).await, Some(turid));
    assert_eq!(setting.name(TURID).await, "Turid igjen");
    let own: Vec<String> = setting.events(PACKAGES[1]).await;
    let own: Vec<&String> = own.iter().filter(|event| event.ends_with(" 1")).collect();
    assert_eq!(own, [&format!("{NEW} 1"), &format!("{CHANGED} 1"), &format!("{CHANGED} 1")]);
}

#[tokio::test]
async fn a_number_that_is_given_up_still_finds_the_person() {
    let (setting, running) = Setting::loaded(&[]).await;
    setting.ain(&[state(TURID, 1, "Turid")]).await;
    let given_up = with_more(person(TURID, "Turid"), json!({"state": "Discontinued"}));
    setting.ain(&[record(TURID, 2, &given_up)]).await;
    running.stop().await;
    let (_, shown) = setting.by_number(TURID, PACKAGES[1]).await.unwrap();
    assert_eq!(shown["status"][0]["status"], "Discontinued");
    assert_eq!(shown["norwegianIdentificationNumber"][0]["status"], "Discontinued");
    assert_eq!(shown["norwegianIdentificationNumber"][0]["isValid"], false);
    assert_eq!(shown["name"][0]["givenName"], "Turid");
    assert!(setting.by_name("tørr", false).await.is_empty());
}

/// What cannot be read may be a protection.
#[tokio::test]
async fn what_cannot_be_read_is_parked_and_hides_until_a_newer_state_comes() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.ain(&[state(TURID, 1, "Turid")]).await;
    let unknown = with_more(person(TURID, "Turid"), json!({"skjermet": true}));
    let other = record(TURID, 3, &person(IVAN, "Ivan"));
    setting.ain(&[record(TURID, 2, &unknown), other, record(IVAN, 1, &json!({}))]).await;
    setting.ain_rubbish(&json!({"number": TURID, "person": person(TURID, "Turid")})).await;
    // Between the two that cannot be read, and not known to be newer than the last.
    setting.ain(&[state(TURID, 2, "Mellom")]).await;
    for package in PACKAGES {
        let (row, shown) = setting.by_number(TURID, package).await.unwrap();
        assert!(row.stale && !shown.to_string().contains(QUAY), "{shown}");
        assert_eq!(shown["name"][0]["givenName"], "Turid");
    }
    let park = "select concat_ws(' ', number, reason, (person_id is null)::text) from parked
        order by id";
    let parked = ["1 false", "1 false", "1 true", "4 true"];
    assert_eq!(setting.database.fetch_text(park).await, parked);
    let mut confidential = person(TURID, "Turid");
    confidential["address"]["confidentiality"] = json!("Confidential");
    setting.ain(&[record(TURID, 3, &confidential)]).await;
    running.stop().await;
    let [full, restricted] =
        [setting.by_number(TURID, PACKAGES[0]).await, setting.by_number(TURID, PACKAGES[1]).await]
            .map(Option::unwrap);
    assert!(!full.0.stale && full.1.to_string().contains(QUAY));
    assert!(!restricted.1.to_string().contains(QUAY), "{}", restricted.1);
    assert_eq!(setting.id(IVAN).await, None);
    let told = format!("PersonPopulated 0,{NEW} 1,{CHANGED} 1,{CHANGED} 1");
    assert_eq!(setting.events(PACKAGES[1]).await.join(","), told);
}

/// Neither register lays its hands on the other's persons, whatever its records say.
#[tokio::test]
async fn nobody_of_one_register_is_taken_for_somebody_of_the_other() {
    let (setting, running) = Setting::loaded(&[ANNE]).await;
    setting.ain(&[state(ANNE, 1, "Falsk"), state(TURID, 1, "Turid")]).await;
    let (anne, turid) = (setting.id(ANNE).await, setting.id(TURID).await);
    assert_eq!(setting.name(ANNE).await, "Ærlig");
    let reasons = "select reason::text from parked order by id";
    assert_eq!(setting.database.fetch_text(reasons).await, ["7"]);
    // What FREG says of her does not wait behind it.
    let listed = paper(&[ANNE, TURID], &[], "Begge");
    setting.change(&[told(101, ANNE, NAME, listed)]).await;
    assert_eq!([setting.id(ANNE).await, setting.id(TURID).await], [anne, turid]);
    assert_eq!(setting.name(ANNE).await, "Begge");
    setting.change(&[told(102, TURID, CREATED, paper(&[TURID], &[], "Ingen"))]).await;
    setting.change(&[change(103, ANNE, "endringISivilstand", Carried::Elsewhere)]).await;
    // A number that FREG listed before its own service told of it.
    setting.change(&[told(104, BO, CREATED, paper(&[BO], &[IVAN], "Bo"))]).await;
    assert_eq!(setting.id(IVAN).await, setting.id(BO).await);
    setting.ain(&[state(IVAN, 1, "Ivan")]).await;
    assert_eq!(setting.name(IVAN).await, "Ivan");
    setting.change(&[told(105, BO, NAME, paper(&[BO], &[IVAN], "Bo B."))]).await;
    running.stop().await;
    assert_eq!(setting.id(TURID).await, turid);
    let names = [setting.name(TURID).await, setting.name(IVAN).await, setting.name(BO).await];
    assert_eq!(names, ["Turid", "Ivan", "Bo B."]);
}

#[tokio::test]
async fn another_district_is_told_of_them_as_of_everybody() {
    let (setting, _) = standing().await;
    let running = setting.start();
    let since = "2020-01-01";
    let frogner = [(UNITS[0], FROGNER, since), (UNITS[1], GRUNERLOKKA, since)];
    let first = load_geography(&setting.store, &frogner).await;
    setting.until_enriched(first).await;
    setting.ain(&[state(TURID, 1, "Turid")]).await;
    let district = async || {
        let (_, shown) = setting.by_number(TURID, PACKAGES[1]).await.unwrap();
        assert_eq!(shown["name"][0]["givenName"], "Turid");
        shown["presentAddress"][0]["urbanDistrictCode"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(district().await, "030105");
    let moved = [(UNITS[0], ST_HANSHAUGEN, since), frogner[1]];
    let second = load_geography(&setting.store, &moved).await;
    setting.until_enriched(second).await;
    running.stop().await;
    assert_eq!(district().await, "030104");
    let told = format!("{NEW} 0,ChangeInPresentAddress 0");
    assert_eq!(setting.events(PACKAGES[1]).await.join(","), told);
}
