//! Persons with a felles hjelpenummer, in both versions and packages: found by number, told of, and
//! in no list for which they were not asked.

use serde_json::{Value, json};

use crate::issuer::{FULL, LEGAL, NO_LEGAL, RESTRICTED};
use crate::persons::{self, id};
use crate::support::*;

const PATHS: [(&str, &str); 4] = [
    (FULL, "/api/v3/full-access"),
    (RESTRICTED, "/api/v3/restricted-access"),
    (LEGAL, "/api/legal-basis"),
    (NO_LEGAL, "/api/no-legal-basis"),
];
const NUMBER: &str = "81234567802";
const EVENT: &str = "CreatedAlternateIdentificationNumber";

async fn with_one() -> TestApi {
    let api = TestApi::start().await;
    persons::add_alternate(&api.store, 4, NUMBER).await;
    api
}

#[tokio::test]
async fn they_are_in_lists_and_counts_only_for_those_who_ask() {
    let api = with_one().await;
    let without: Vec<Value> = (1..=3).map(|n| json!(id(n))).collect();
    let with: Vec<Value> = (1..=4).map(|n| json!(id(n))).collect();
    for (scope, path) in PATHS {
        for (query, ids) in [
            ("", &without),
            ("?includeAinResults=false", &without),
            ("?includeAinResults=true", &with),
        ] {
            for form in ["", "FamilyName=S%C3%A6ther", "PersonStatuses=Emigrated,Active"] {
                let post = async |operation: &str| {
                    let target = format!("{path}/search/{operation}{query}");
                    api.post(scope, &target, form).await.json()
                };
                let page = post("paged-match-list").await;
                assert_eq!(page["results"], json!(ids), "{path} {query} {form}");
                let count = post("match-count").await;
                assert_eq!(count["matchCount"], ids.len(), "{path} {query} {form}");
            }
            let also = query.replace('?', "&");
            let target = format!("{path}/search/person?{NAME}{also}");
            let found = api.post(scope, &target, "FullName=Saether&BirthDate=1982").await.json();
            assert_eq!(found["results"].as_array().map(Vec::len), Some(ids.len()), "{path}{also}");
        }
        let last = format!("{path}/search/paged-match-list?includeAinResults=true");
        let page = api.post(scope, &last, "PageSize=1&IndexOffset=3").await.json();
        assert_eq!(page["results"], json!([id(4)]));
        let last = format!("{path}/search/paged-match-list");
        let page = api.post(scope, &last, "PageSize=1&IndexOffset=3").await.json();
        assert_eq!(page["results"], json!([]));
    }
}

#[tokio::test]
async fn they_are_found_by_number_and_told_of_in_both_packages() {
    let api = with_one().await;
    for (scope, path) in PATHS {
        let form = format!("nin={NUMBER}");
        let person = api.post(scope, &format!("{path}/person/get-by-nin?{NAME}"), &form).await;
        assert_eq!((person.status, &person.json()["id"]), (200, &json!(id(4))), "{path}");
        let events = api.get(scope, &format!("{path}/event?eventTypes={EVENT}")).await.json();
        let event = &events["results"][0];
        assert_eq!((&event["eventType"], &event["personId"]), (&json!(EVENT), &json!(id(4))));
        let is_new = path.contains("v3");
        assert_eq!(event.get("nin"), is_new.then_some(&json!(NUMBER)), "{event}");
        assert_eq!(events["results"].as_array().map(Vec::len), Some(1));
    }
}
