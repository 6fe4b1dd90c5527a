//! The event feed over HTTP.

use std::time::{Duration, Instant};

use register::event::EventType;
use reqwest::Method;

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

const FEED: &str = "/api/v3/full-access/event";
const LATEST: &str = "/api/v3/full-access/event/latest";

#[tokio::test]
async fn the_newest_event_is_not_sent_to_whoever_has_it() {
    let api = TestApi::start().await;
    let ask = async |held: &str| {
        let request = api.request(Method::GET, FULL, LATEST);
        let request = if held.is_empty() { request } else { request.header("if-none-match", held) };
        api.send(request).await
    };
    let first = ask("").await;
    let tag = first.header("etag").to_owned();
    assert_eq!((first.status, tag.as_str()), (200, "\"3\""));
    let again = ask(&tag).await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", "\"3\""));
    assert_eq!(again.header("cache-control"), "no-store");
    happen(&api.store, 1, EventType::ChangeInName, true).await;
    let newer = ask(&tag).await;
    assert_eq!((newer.status, newer.header("etag")), (200, "\"4\""));
    assert_eq!(newer.json()["sequenceNumber"], "4");
}

#[tokio::test]
async fn the_time_of_an_event_is_told_to_whoever_asks() {
    let api = TestApi::start().await;
    let before = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(5);
    let page = api.get(FULL, &format!("{FEED}?includeEventTime=true")).await.json();
    let latest = api.get(FULL, &format!("{LATEST}?includeeventtime=True")).await.json();
    let events = page["results"].as_array().expect("events");
    for event in events.iter().chain([&latest]) {
        let time = event["eventTime"].as_str().expect("a time");
        assert!(time.contains("+01:00") || time.contains("+02:00"), "{time}");
        let time: jiff::Timestamp = time.parse().expect("a time");
        assert!(time > before && time <= jiff::Timestamp::now(), "{time}");
    }
    assert_eq!(events.last(), Some(&latest));
    let without = api.get(FULL, FEED).await;
    assert!(!without.text.contains("eventTime"), "{without:?}");
}

#[tokio::test]
async fn whoever_waits_is_told_as_soon_as_it_happens_and_no_sooner() {
    let api = TestApi::start().await;
    let started = Instant::now();
    let at_once = api.get(FULL, &format!("{FEED}?sequenceNumber=3&waitSeconds=60")).await;
    assert_eq!(numbers(&at_once), ["3"]);
    assert!(started.elapsed() < Duration::from_secs(2));
    let in_vain = api.get(FULL, &format!("{FEED}?sequenceNumber=4&waitSeconds=1")).await;
    assert_eq!((in_vain.status, numbers(&in_vain).len()), (200, 0));
    assert!(started.elapsed() >= Duration::from_secs(1));
    // Only events of the types asked for, and those that the package may see, end a wait.
    let typed = format!("{FEED}?sequenceNumber=4&waitSeconds=30&eventTypes=ChangeInName");
    let restricted = "/api/v3/restricted-access/event?sequenceNumber=4&waitSeconds=30";
    let waiting = async { tokio::join!(api.get(FULL, &typed), api.get(RESTRICTED, restricted)) };
    let happening = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        happen(&api.store, 1, EventType::ChangeInFamilyRelation, false).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        happen(&api.store, 1, EventType::ChangeInName, true).await;
    };
    let ((typed, restricted), ()) = tokio::join!(waiting, happening);
    assert_eq!(
        (numbers(&typed), numbers(&restricted)),
        (vec!["5".to_owned()], vec!["5".to_owned()])
    );
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn whoever_waits_takes_no_place_and_outlives_the_deadline_of_others() {
    let api = TestApi::start_with(|config| {
        config.limits.requests_max = 1;
        config.limits.waiting_requests_max = 2;
        config.timeouts.request_ms = 500;
    })
    .await;
    crate::persons::seed(&api.store, 1).await;
    let target = format!("{FEED}?sequenceNumber=2&waitSeconds=3");
    let wait = async |delay_ms: u64| {
        tokio::time::sleep(Duration::from_millis(delay_ms)).await;
        api.get(FULL, &target).await
    };
    let others = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        for _ in 0..5 {
            assert_eq!(api.get(FULL, FEED).await.status, 200);
        }
        // Those who wait have a limit of their own.
        api.get(FULL, &target).await.assert_problem(503, "overloaded");
    };
    let (first, second, ()) = tokio::join!(wait(0), wait(200), others);
    assert_eq!((first.status, second.status), (200, 200), "{first:?} {second:?}");
}

#[tokio::test]
async fn whoever_waits_is_answered_when_the_server_stops() {
    let api = TestApi::start().await;
    let started = Instant::now();
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        api.shutdown.cancel();
    };
    let target = format!("{FEED}?sequenceNumber=4&waitSeconds=60");
    let (answer, ()) = tokio::join!(api.get(FULL, &target), stopping);
    assert_eq!((answer.status, numbers(&answer).len()), (200, 0));
    assert!(started.elapsed() < Duration::from_secs(10));
}
