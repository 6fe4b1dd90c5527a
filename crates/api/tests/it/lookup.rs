//! Lookups: by id and by number, one and many, in both packages.

use serde_json::Value;

use crate::issuer::{FULL, RESTRICTED};
use crate::persons::{id, number, old_number, park};
use crate::support::*;

const BOTH: [(&str, &str); 2] = [("full-access", FULL), ("restricted-access", RESTRICTED)];

fn ids(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let persons = body.as_array().unwrap_or_else(|| panic!("{answer:?}"));
    persons.iter().map(|person| person["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_person_is_found_by_id_and_by_number_in_both_packages() {
    let api = TestApi::start().await;
    for (package, scope) in BOTH {
        let path = format!("/api/v3/{package}/person");
        let query = "informationParts=Name&informationParts=Birth";
        let by_id = api.get(scope, &format!("{path}/{}?{query}", id(2))).await;
        assert_eq!(by_id.status, 200, "{by_id:?}");
        assert_eq!(by_id.header("content-type"), "application/json");
        assert_eq!(by_id.header("cache-control"), "no-store");
        let person = by_id.json();
        assert_eq!(person["name"][0]["familyName"], "Sæther");
        assert_eq!(person["id"], id(2));
        assert_eq!(person["sequenceNumber"], 2);
        let members: Vec<_> = person.as_object().expect("a person").keys().cloned().collect();
        assert_eq!(members, ["birth", "id", "name", "sequenceNumber"]);
        for number in [number(2), old_number(2)] {
            let target = format!("{path}/get-by-nin?{query}");
            let by_number = api.post(scope, &target, &format!("nin={number}")).await;
            assert_eq!(by_number.text, by_id.text);
        }
    }
}

#[tokio::test]
async fn every_part_can_be_asked_for() {
    let api = TestApi::start().await;
    for part in register::part::InformationPart::ALL {
        let target = format!(
            "/api/v3/full-access/person/{}?informationParts={}&includeHistory=true",
            id(1),
            part.name()
        );
        let answer = api.get(FULL, &target).await;
        assert_eq!(answer.status, 200, "{} {answer:?}", part.name());
        let body = answer.json();
        let found = body.as_object().expect("a person");
        let expected = part.name().to_lowercase();
        assert!(found.keys().any(|key| key.to_lowercase() == expected), "{expected} {answer:?}");
        assert_eq!(found.len(), 3, "{answer:?}");
    }
}

#[tokio::test]
async fn history_comes_when_it_is_asked_for() {
    let api = TestApi::start().await;
    let target = format!("/api/v3/full-access/person/{}?{NAME}", id(1));
    let valid = |answer: &Answer| -> Vec<Value> {
        let body = answer.json();
        let names = body["name"].as_array().expect("names");
        names.iter().map(|name| name["isValid"].clone()).collect()
    };
    assert_eq!(valid(&api.get(FULL, &target).await), [true]);
    assert_eq!(valid(&api.get(FULL, &format!("{target}&includeHistory=false")).await), [true]);
    let with_history = api.get(FULL, &format!("{target}&includeHistory=True")).await;
    assert_eq!(valid(&with_history), [true, false]);
}

#[tokio::test]
async fn a_withheld_part_is_left_out_and_named() {
    let api = TestApi::start().await;
    let query = "informationParts=Name,FamilyRelation";
    let ask = async |package: &str, scope| {
        api.get(scope, &format!("/api/v3/{package}/person/{}?{query}", id(1))).await
    };
    let restricted = ask("restricted-access", RESTRICTED).await;
    assert_eq!(restricted.header("withheld-information-parts"), "FamilyRelation");
    assert!(restricted.json().get("familyRelation").is_none());
    assert!(restricted.json().get("name").is_some());
    let full = ask("full-access", FULL).await;
    assert!(!full.headers.contains_key("withheld-information-parts"));
    assert!(full.json().get("familyRelation").is_some());
}

#[tokio::test]
async fn a_person_who_may_be_stale_is_marked() {
    let api = TestApi::start().await;
    park(&api.store, 2).await;
    let one = api.get(FULL, &format!("/api/v3/full-access/person/{}?{NAME}", id(2))).await;
    assert_eq!(one.header("possibly-stale-persons"), id(2));
    let form = format!("personIds={},{}", id(1), id(2));
    let target = format!("/api/v3/full-access/person/bulk-by-id?{NAME}");
    let many = api.post(FULL, &target, &form).await;
    assert_eq!(many.header("possibly-stale-persons"), id(2));
    let fresh = api.get(FULL, &format!("/api/v3/full-access/person/{}?{NAME}", id(1))).await;
    assert!(!fresh.headers.contains_key("possibly-stale-persons"));
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let api = TestApi::start().await;
    for unknown in [id(9), "nobody".to_owned(), "x".repeat(64), "%FF".to_owned()] {
        let target = format!("/api/v3/full-access/person/{unknown}?{NAME}");
        let answer = api.get(FULL, &target).await;
        answer.assert_problem(404, "person-not-found");
        assert_eq!(answer.json()["instance"], "/api/v3/full-access/person");
    }
    let target = format!("/api/v3/full-access/person/get-by-nin?{NAME}");
    for unknown in [number(9), "201012345678".to_owned()] {
        let answer = api.post(FULL, &target, &format!("nin={unknown}")).await;
        answer.assert_problem(404, "person-not-found");
        assert!(!answer.text.contains(&unknown));
    }
}

#[tokio::test]
async fn many_come_in_the_order_asked_each_once() {
    let api = TestApi::start().await;
    for (package, scope) in BOTH {
        let target = format!("/api/v3/{package}/person/bulk-by-id?{NAME}");
        let form = format!(
            "personIds={}&PERSONIDS={},{}&personIds={}&personIds=nobody,{}",
            id(3),
            id(1),
            id(9),
            id(3).to_uppercase(),
            id(2)
        );
        assert_eq!(ids(&api.post(scope, &target, &form).await), [id(3), id(1), id(2)]);

        let target = format!("/api/v3/{package}/person/bulk-by-nin?{NAME}");
        let form = format!(
            "nins={},{}&nins=123,%00,{}&nins={}&nins={},{}",
            number(2),
            old_number(3),
            number(9),
            number(3),
            number(2),
            number(1)
        );
        assert_eq!(ids(&api.post(scope, &target, &form).await), [id(2), id(3), id(1)]);
        let nobody = api.post(scope, &target, "nins=1").await;
        assert_eq!((nobody.status, nobody.text.as_str()), (200, "[]"));
    }
}

#[tokio::test]
async fn upper_and_lower_case_make_no_difference() {
    let api = TestApi::start().await;
    let plain = format!("/api/v3/full-access/person/{}?{NAME}&includeHistory=true", id(1));
    let shouted = format!(
        "/API/V3/Full-Access/PERSON/{}/?INFORMATIONPARTS=NAME&includehistory=TRUE&unknown=x",
        id(1).to_uppercase()
    );
    let expected = api.get(FULL, &plain).await;
    assert_eq!(expected.status, 200);
    assert_eq!(api.get(FULL, &shouted).await.text, expected.text);
    let by_nin = "/Api/v3/full-access/Person/Get-By-Nin?informationparts=name&IncludeHistory=true";
    assert_eq!(api.post(FULL, by_nin, &format!("NIN={}", number(1))).await.text, expected.text);
}
