//! Searches over HTTP, in both packages: what is asked, and how the answer looks. Who is found by
//! what is tried where the searches are.

use crate::issuer::{FULL, RESTRICTED};
use crate::persons::{self, id};
use crate::support::*;

const BOTH: [(&str, &str); 2] = [("full-access", FULL), ("restricted-access", RESTRICTED)];

fn target(package: &str, operation: &str, query: &str) -> String {
    format!("/api/v3/{package}/search/{operation}?{query}")
}

#[tokio::test]
async fn persons_are_found_with_the_parts_that_were_asked_for() {
    let api = TestApi::start().await;
    for (package, scope) in BOTH {
        let target = target(package, "person", &format!("{NAME}&includeTotalCount=TRUE"));
        let answer = api.post(scope, &target, "fullname=Saether&BIRTHDATE=1982-08").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("total-match-count"), "3");
        assert_eq!(answer.header("content-type"), "application/json");
        let body = answer.json();
        assert_eq!((&body["startIndex"], &body["endIndex"]), (&0.into(), &2.into()));
        let persons = body["results"].as_array().expect("persons");
        let ids: Vec<_> = persons.iter().map(|person| person["id"].clone()).collect();
        assert_eq!(ids, [id(1), id(2), id(3)]);
        assert_eq!(persons[0]["name"][0]["familyName"], "Sæther");
        assert_eq!(persons[0]["name"].as_array().map(Vec::len), Some(1), "without history");
    }
}

#[tokio::test]
async fn nobody_is_an_empty_page() {
    let api = TestApi::start().await;
    let target = target("full-access", "person", NAME);
    let answer = api.post(FULL, &target, "FullName=Nilsen&BirthDate=1982").await;
    assert_eq!(answer.text, r#"{"results":[],"startIndex":0,"endIndex":-1}"#);
    assert_eq!(answer.header("total-match-count"), "", "only when it is asked for");
}

#[tokio::test]
async fn a_misspelt_name_is_found_only_when_that_is_asked_for() {
    let api = TestApi::start().await;
    for (more, found) in [("", 0), ("&tolerantSpelling=true", 3)] {
        let target = target("full-access", "person", &format!("{NAME}{more}"));
        let answer = api.post(FULL, &target, "FullName=Sateher&BirthDate=1982").await;
        assert_eq!(answer.json()["results"].as_array().map(Vec::len), Some(found), "{answer:?}");
    }
}

#[tokio::test]
async fn everybody_comes_page_by_page() {
    let api = TestApi::start().await;
    for (package, scope) in BOTH {
        let target = target(package, "paged-match-list", "");
        for (form, ids, start, end) in [
            ("", vec![id(1), id(2), id(3)], 0, 2),
            ("PageSize=2", vec![id(1), id(2)], 0, 1),
            ("PageSize=2&IndexOffset=2", vec![id(3)], 2, 2),
            ("IndexOffset=3", vec![], 3, 2),
            ("PageSize=1&IndexOffset=1&GivenName=Åse", vec![id(2)], 1, 1),
            ("FamilyName=Bjørk", vec![], 0, -1),
        ] {
            let answer = api.post(scope, &target, form).await;
            let expected = serde_json::json!({
                "results": ids, "startIndex": start, "endIndex": end
            });
            assert_eq!(answer.json(), expected, "{form}");
        }
    }
}

#[tokio::test]
async fn matches_are_counted() {
    let api = TestApi::start().await;
    let target = target("full-access", "match-count", "includeAinResults=true");
    for (form, count) in [
        ("StreetAddress=Bl%C3%A5b%C3%A6rveien+8B", 3),
        ("MunicipalityNumber=0301", 3),
        ("MunicipalityNumber=1804", 3),
        ("PersonStatuses=Emigrated,Resident", 3),
        ("PersonStatuses=Disappeared", 0),
    ] {
        let answer = api.post(FULL, &target, form).await;
        assert_eq!(answer.json(), serde_json::json!({ "matchCount": count }), "{form}");
    }
}

#[tokio::test]
async fn all_faults_of_the_query_and_the_form_are_told_at_once() {
    let api = TestApi::start().await;
    let target = target("full-access", "person", "includeHistory=maybe");
    let answer = api.post(FULL, &target, "FullName=K%C3%A5re%25&PostalCode=1").await;
    answer.assert_problem(400, "invalid-request");
    let errors = answer.json()["errors"].as_object().expect("errors").clone();
    let fields: Vec<_> = errors.keys().map(String::as_str).collect();
    assert_eq!(fields, ["FullName", "PostalCode", "includeHistory", "informationParts"]);
    assert!(!answer.text.contains("re%"), "{}", answer.text);
}

/// Lookups answer as far as the load has come; a search would take the others for missing.
#[tokio::test]
async fn during_a_first_load_every_search_is_refused() {
    let api = TestApi::start_with(|_| {}).await;
    api.store.start_bulk_load(1, "job").await.expect("a load begins");
    persons::seed(&api.store, 3).await;
    let asked = [
        ("person", NAME, "FullName=Saether&BirthDate=1982"),
        ("paged-match-list", "", "FamilyName=Saether"),
        ("paged-match-list", "", ""),
        ("match-count", "", "FamilyName=Saether"),
        ("match-count", "", ""),
    ];
    for (operation, query, form) in asked {
        for (package, scope) in BOTH {
            let answer = api.post(scope, &target(package, operation, query), form).await;
            answer.assert_problem(503, "register-unavailable");
            assert_ne!(answer.header("retry-after"), "", "{answer:?}");
        }
    }
    assert!(api.store.build_search(&[], |_| {}).await.expect("everybody is searchable"));
    for (operation, query, form) in asked {
        let answer = api.post(FULL, &target("full-access", operation, query), form).await;
        assert!(answer.status == 200 && !answer.text.contains("[]"), "{answer:?}");
    }
}
