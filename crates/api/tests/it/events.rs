//! The event feed over HTTP.

use register::event::EventType;

use crate::issuer::{FULL, RESTRICTED};
use crate::persons::{happen, id, number};
use crate::support::*;

fn numbers(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let results = body["results"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    let number = |event: &serde_json::Value| event["sequenceNumber"].as_str().map(str::to_owned);
    results.iter().map(|event| number(event).expect("a number, as a string")).collect()
}

#[tokio::test]
async fn an_empty_register_has_no_newest_event_and_an_empty_feed() {
    let api = TestApi::start_with(|_| {}).await;
    api.get(FULL, "/api/v3/full-access/event/latest").await.assert_problem(404, "event-not-found");
    let page = api.get(FULL, "/api/v3/full-access/event").await;
    assert_eq!((page.status, numbers(&page).len()), (200, 0));
    assert_eq!((&page.json()["startIndex"], &page.json()["endIndex"]), (&0.into(), &(-1).into()));
}

#[tokio::test]
async fn the_newest_event_has_all_its_fields() {
    let api = TestApi::start().await;
    let latest = api.get(FULL, "/api/v3/full-access/event/latest").await.json();
    let expected = serde_json::json!({
        "sequenceNumber": "3",
        "personId": id(3),
        "eventType": "PersonIsCreated",
        "nin": number(3),
    });
    assert_eq!(latest, expected);
}

#[tokio::test]
async fn a_page_begins_where_asked_and_ends_where_told() {
    let api = TestApi::start().await;
    let page =
        async |query: &str| api.get(FULL, &format!("/api/v3/full-access/event?{query}")).await;
    assert_eq!(numbers(&page("").await), ["1", "2", "3"]);
    assert_eq!(numbers(&page("sequenceNumber=2").await), ["2", "3"]);
    assert_eq!(numbers(&page("SequenceNumber=1&maxlimit=2").await), ["1", "2"]);
    assert_eq!(numbers(&page("sequenceNumber=4").await), [""; 0]);
    assert_eq!(numbers(&page("sequenceNumber=0").await), ["1", "2", "3"]);
    assert_eq!(numbers(&page("sequenceNumber=-5").await), ["1", "2", "3"]);
    assert_eq!(numbers(&page("sequenceNumber=15817000001").await), [""; 0]);
    assert_eq!(numbers(&page("sequenceNumber=9223372036854775807").await), [""; 0]);
    let body = page("sequenceNumber=2").await.json();
    assert_eq!((&body["startIndex"], &body["endIndex"]), (&0.into(), &1.into()));
}

#[tokio::test]
async fn a_page_holds_the_types_asked_for_and_what_the_package_may_see() {
    let api = TestApi::start().await;
    happen(&api.store, 1, EventType::ChangeInName, true).await;
    happen(&api.store, 1, EventType::ChangeInFamilyRelation, false).await;
    happen(&api.store, 2, EventType::PersonIsDeceased, true).await;
    let full = async |query: &str| {
        numbers(&api.get(FULL, &format!("/api/v3/full-access/event?{query}")).await)
    };
    assert_eq!(full("eventTypes=changeinname,PersonIsDeceased").await, ["4", "6"]);
    assert_eq!(full("eventTypes=ChangeInName&EVENTTYPES=ChangeInFamilyRelation").await, ["4", "5"]);
    assert_eq!(full("eventTypes=ChangeInDeath").await, [""; 0]);
    let restricted = api.get(RESTRICTED, "/api/v3/restricted-access/event?sequenceNumber=4").await;
    assert_eq!(numbers(&restricted), ["4", "6"]);
    let person = format!("/api/v3/restricted-access/person/{}?{NAME}", id(1));
    assert_eq!(api.get(RESTRICTED, &person).await.json()["sequenceNumber"], 4);
}
