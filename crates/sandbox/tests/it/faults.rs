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
