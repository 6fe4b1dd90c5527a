//! HelseID's keys: rotated, unknown, and out of reach.

use std::time::Duration;

use reqwest::Method;

use crate::issuer::*;
use crate::support::*;

const EVENT: &str = "/api/v3/full-access/event";

async fn status(api: &TestApi, token: &str) -> u16 {
    api.send(api.request_with(Method::GET, EVENT, token)).await.status
}

#[tokio::test]
async fn a_new_key_is_found_and_an_old_one_forgotten() {
    let api = TestApi::start_with(|_| {}).await;
    let old = api.issuer.token(FULL);
    assert_eq!(status(&api, &old).await, 200);
    api.issuer.publish(&[("second", &OTHER_KEY)]);
    let new = sign(&OTHER_KEY, "second", &api.issuer.claims(FULL));
    assert_eq!(status(&api, &new).await, 200);
    // The old key is no longer published, so what it signed counts no more, remembered or not.
    assert_eq!(status(&api, &old).await, 401);
}

#[tokio::test]
async fn unknown_keys_cause_one_fetch_in_the_interval() {
    let api = TestApi::start_with(|_| {}).await;
    let before = api.issuer.fetches();
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..20 {
        let token = sign(&OTHER_KEY, &format!("unknown {n}"), &api.issuer.claims(FULL));
        calls.spawn(api.request_with(Method::GET, EVENT, &token).send());
    }
    for answer in calls.join_all().await {
        let answer = Answer::read(answer.expect("an answer")).await;
        answer.assert_problem(401, "token-invalid");
    }
    assert_eq!(api.issuer.fetches() - before, 1);
    assert_eq!(status(&api, &api.issuer.token(FULL)).await, 200);
}

#[tokio::test]
async fn keys_outlive_helseid_for_a_stated_time_only() {
    let api = TestApi::start_with(|config| {
        config.helseid.keys_refresh_s = 1;
        config.helseid.keys_usable_s = 5;
    })
    .await;
    let token = api.issuer.token(FULL);
    api.issuer.go_away();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(status(&api, &token).await, 200, "the keys are still young enough");
    let mut answer = api.send(api.request_with(Method::GET, EVENT, &token)).await;
    for _ in 0..100 {
        if answer.status != 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        answer = api.send(api.request_with(Method::GET, EVENT, &token)).await;
    }
    answer.assert_problem(503, "keys-unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    let ready = api.health("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert!(ready.json()["reasons"][0].as_str().expect("a reason").starts_with("keys:"));
    assert_eq!(api.health("/health/live").await.status, 200);
}
