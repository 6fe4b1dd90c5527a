//! Faults on demand: each happens to the next matching requests and to no more.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{FREG, Running, assert_shape, start};

async fn hit(sandbox: &Running, kind: &str) -> reqwest::Response {
    let fault = json!({"kind": kind, "count": 1, "path_contains": "hendelser"});
    let (status, _) = sandbox.command(Method::POST, "faults", &fault).await;
    assert_eq!(status, 201);
    // Another path is not hit.
    assert_eq!(sandbox.get("uttrekk/komplett").await.0, 200);
    let path = format!("{FREG}/hendelser/siste/sekvensnummer");
    let answer = sandbox.request(Method::GET, &path).send().await.expect("an answer");
    assert!(sandbox.last_sequence().await > 0, "the next one is not hit");
    answer
}

#[tokio::test]
async fn every_fault_looks_as_the_real_one() {
    let sandbox = start(50, 0.0).await;
    let html = hit(&sandbox, "html").await;
    assert!(html.headers()["content-type"].to_str().is_ok_and(|kind| kind.contains("text/html")));
    assert!(html.text().await.expect("a body").contains("support ID"));

    let throttled = hit(&sandbox, "429").await;
    assert_eq!(throttled.status(), 429);
    let wait = throttled.headers()["retry-after"].to_str().map(str::parse::<u64>);
    assert!(matches!(wait, Ok(Ok(100..))), "milliseconds");
    let body: Value = throttled.json().await.expect("JSON");
    assert_shape(&body, "error-outsider.json");

    let down = hit(&sandbox, "503").await;
    assert_eq!(down.status(), 503);
    assert_shape(&down.json().await.expect("JSON"), "error-outsider.json");

    let short = hit(&sandbox, "truncated").await.text().await.expect("a body");
    assert!(short.len() < 8, "{short}");
}

#[tokio::test]
async fn a_slow_answer_is_late_and_whole() {
    let sandbox = start(50, 0.0).await;
    let fault = json!({"kind": "slow", "path_contains": "sekvensnummer"});
    sandbox.command(Method::POST, "faults", &fault).await;
    let begun = Instant::now();
    assert!(sandbox.last_sequence().await > 0);
    assert!(begun.elapsed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn one_document_of_an_answer_has_no_number() {
    let sandbox = start(50, 0.0).await;
    let numbers = sandbox.numbers(0, 20).await;
    let fault = json!({"kind": "missing-number", "count": 1, "path_contains": "bulkoppslag"});
    sandbox.command(Method::POST, "faults", &fault).await;
    let body = json!({"foedselsEllerDNummer": numbers});
    let mut without = Vec::new();
    for _ in 0..2 {
        let (_, answer) = sandbox.post("personer/bulkoppslag", &body).await;
        let answers = answer["oppslag"].as_array().expect("a list");
        let bare = |one: &&Value| one["folkeregisterperson"]["identifikasjonsnummer"].is_null();
        without.push(answers.iter().filter(bare).count());
    }
    assert_eq!(without, [1, 0]);
}

/// The sequences of a page from here on.
async fn page(sandbox: &Running, from: i64) -> Vec<i64> {
    let (_, page) = sandbox.get(&format!("hendelser/feed?seq={from}")).await;
    let entries = page.as_array().expect("a list").iter();
    entries.map(|entry| entry["sekvensnummer"].as_i64().expect("a number")).collect()
}

#[tokio::test]
async fn a_page_of_the_feed_can_repeat_events_or_turn_them_about() {
    let sandbox = start(300, 0.0).await;
    let first = sandbox.last_sequence().await;
    sandbox.change(&json!({"kind": "name", "count": 4})).await;
    let plain: Vec<i64> = (first..first + 5).collect();
    let twice = vec![first, first, first + 1, first + 2, first + 3, first + 3, first + 4];
    let turned = vec![first + 1, first, first + 3, first + 2, first + 4];
    for (kind, wanted) in [("feed-duplicates", twice), ("feed-out-of-order", turned)] {
        let fault = json!({"kind": kind, "path_contains": "feed"});
        assert_eq!(sandbox.command(Method::POST, "faults", &fault).await.0, 201);
        assert_eq!(page(&sandbox, first).await, wanted, "{kind}");
        assert_eq!(page(&sandbox, first).await, plain, "the next page is whole again");
    }
}

#[tokio::test]
async fn the_feed_itself_can_have_a_hole_and_times_that_run_backwards() {
    let sandbox = start(300, 0.0).await;
    let first = sandbox.last_sequence().await;
    for (kind, count) in [("sequence-hole", 7), ("late-timestamp", 1)] {
        let fault = json!({"kind": kind, "count": count});
        let (status, waiting) = sandbox.command(Method::POST, "faults", &fault).await;
        assert_eq!((status.as_u16(), waiting), (201, json!([])), "it has happened, and waits not");
    }
    sandbox.change(&json!({"kind": "name", "count": 2})).await;
    assert_eq!(page(&sandbox, first).await, [first, first + 8, first + 9]);
    let (_, page) = sandbox.get(&format!("hendelser/feed?seq={}", first + 1)).await;
    let time = |at: usize| page[at]["hendelse"]["ajourholdstidspunkt"].as_str().expect("a time");
    assert!(time(0)[..10] < time(1)[..10], "days apart");
}

#[tokio::test]
async fn events_that_are_forgotten_are_refused_and_what_comes_after_them_is_told() {
    let sandbox = start(300, 0.0).await;
    let first = sandbox.last_sequence().await;
    sandbox.change(&json!({"kind": "name", "count": 4})).await;
    let fault = json!({"kind": "forgotten-events", "count": 3});
    let (status, waiting) = sandbox.command(Method::POST, "faults", &fault).await;
    assert_eq!((status.as_u16(), waiting), (201, json!([])), "it has happened, and waits not");
    for gone in first..first + 3 {
        let (status, refusal) = sandbox.get(&format!("hendelser/feed?seq={gone}")).await;
        assert_eq!((status.as_u16(), &refusal["kode"]), (406, &json!("FREG-006")));
    }
    assert_eq!(page(&sandbox, first + 3).await, [first + 3, first + 4]);
    sandbox.command(Method::POST, "faults", &json!({"kind": "forgotten-events", "count": 9})).await;
    let (status, _) = sandbox.get(&format!("hendelser/feed?seq={}", first + 4)).await;
    assert_eq!((status.as_u16(), sandbox.last_sequence().await), (406, first + 4));
    sandbox.change(&json!({"kind": "name"})).await;
    assert_eq!(page(&sandbox, first + 5).await, [first + 5]);
}

#[tokio::test]
async fn faults_wait_can_be_seen_and_forgotten() {
    let sandbox = start(50, 0.0).await;
    let fault = json!({"kind": "503", "count": 9, "path_contains": "hendelser"});
    sandbox.command(Method::POST, "faults", &fault).await;
    assert_eq!(sandbox.look("faults").await.1, json!([fault]));
    sandbox.command(Method::DELETE, "faults", &Value::Null).await;
    assert!(sandbox.last_sequence().await > 0);
    let unknown = json!({"kind": "earthquake"});
    assert_eq!(sandbox.command(Method::POST, "faults", &unknown).await.0, 400);
}
