//! The API and HelseID's simulator: keys that change, HelseID away, a flood of unknown keys.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use sandbox::client::ApiClient;
use sandbox::helseid::{HelseIdSimulator, router};
use serde_json::{Value, json};
use testkit::refusal::{STRANGE_KEY, World};

use crate::issuer::{AUDIENCE, FULL, RESTRICTED, now_s, sign, unique};
use crate::support::*;

const EVENT: &str = "/api/v3/full-access/event";

struct HelseId {
    url: String,
    http: reqwest::Client,
}

impl HelseId {
    async fn start() -> HelseId {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let issuer = url.clone();
        let made = tokio::task::spawn_blocking(move || HelseIdSimulator::new(&issuer)).await;
        let routes = router(Arc::new(made.expect("no panic").expect("keys")));
        tokio::spawn(async { axum::serve(listener, routes).await });
        HelseId { url, http: reqwest::Client::new() }
    }

    async fn order(&self, method: Method, what: &str) {
        let url = format!("{}/sandbox/helseid/{what}", self.url);
        let answer = self.http.request(method, url).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{what}");
    }

    async fn key_fetches(&self) -> u64 {
        let answer = self.http.get(format!("{}/sandbox/helseid", self.url)).send().await;
        let state: Value = answer.expect("an answer").json().await.expect("JSON");
        state["key_fetches"].as_u64().expect("a count")
    }

    /// A client with a token of its own.
    async fn client(&self) -> Client {
        let client = ApiClient::connect(&self.url, "sandbox-both", BASE_URL).await;
        let client = client.expect("a client").with_scopes(&[FULL]);
        let token = client.access_token().await.expect("a token");
        Client { client, token }
    }

    async fn api(&self, refresh_s: u64, usable_s: u64, interval_s: u64) -> TestApi {
        TestApi::start_with(|config| {
            config.helseid.issuer = self.url.clone();
            config.helseid.keys_refresh_s = refresh_s;
            config.helseid.keys_usable_s = usable_s;
            config.helseid.unknown_key_interval_s = interval_s;
        })
        .await
    }
}

struct Client {
    client: ApiClient,
    token: String,
}

impl Client {
    async fn call(&self, api: &TestApi) -> Answer {
        let proof = self.client.proof("GET", EVENT, &self.token).expect("a proof");
        let request = api.bare(Method::GET, EVENT).header("authorization", dpop(&self.token));
        api.send(request.header("dpop", proof)).await
    }

    /// Calls until the answer has this status; some time passes until keys are fetched.
    async fn until(&self, api: &TestApi, status: u16) -> Answer {
        for _ in 0..150 {
            let answer = self.call(api).await;
            if answer.status == status {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("never {status}: {:?}", self.call(api).await);
    }
}

#[tokio::test]
async fn a_new_key_opens_at_once_and_a_withdrawn_one_no_more() {
    let helseid = HelseId::start().await;
    let api = helseid.api(2, 3600, 30).await;
    let old = helseid.client().await;
    assert_eq!(old.call(&api).await.status, 200);
    helseid.order(Method::POST, "rotate").await;
    let new = helseid.client().await;
    assert_eq!(new.call(&api).await.status, 200, "the unknown key was asked for");
    assert_eq!(old.call(&api).await.status, 200, "the key before is still published");
    helseid.order(Method::POST, "withdraw").await;
    // The token was remembered as good; what is remembered goes with its key.
    old.until(&api, 401).await.assert_problem(401, "token-invalid");
    assert_eq!(new.call(&api).await.status, 200);
}

#[tokio::test]
async fn while_helseid_is_away_its_keys_hold_for_the_stated_time_and_no_longer() {
    let helseid = HelseId::start().await;
    let api = helseid.api(1, 6, 1).await;
    let (known, unseen) = (helseid.client().await, helseid.client().await);
    assert_eq!(known.call(&api).await.status, 200);
    helseid.order(Method::POST, "away").await;
    let left = std::time::Instant::now();
    assert_eq!(known.call(&api).await.status, 200, "remembered");
    assert_eq!(unseen.call(&api).await.status, 200, "verified with the keys held");
    let unknown = unknown_token(&helseid.url);
    let answer = api.send(api.request_with(Method::GET, EVENT, &unknown)).await;
    answer.assert_problem(401, "token-invalid");
    let refused = known.until(&api, 503).await;
    refused.assert_problem(503, "keys-unavailable");
    assert_eq!(refused.header("retry-after"), "1");
    assert!(left.elapsed() >= Duration::from_secs(4), "the keys held for a while");
    assert!(left.elapsed() <= Duration::from_secs(20), "and not much longer than stated");
    // Without keys nobody comes in, whatever they send.
    unseen.call(&api).await.assert_problem(503, "keys-unavailable");
    let answer = api.send(api.request_with(Method::GET, EVENT, &unknown)).await;
    answer.assert_problem(503, "keys-unavailable");
    helseid.order(Method::DELETE, "away").await;
    assert_eq!(known.until(&api, 200).await.status, 200);
}

#[tokio::test]
async fn a_flood_of_unknown_keys_causes_one_fetch_in_the_interval() {
    let helseid = HelseId::start().await;
    let api = helseid.api(600, 3600, 30).await;
    let client = helseid.client().await;
    assert_eq!(client.call(&api).await.status, 200);
    let before = helseid.key_fetches().await;
    for _ in 0..5 {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..30 {
            let token = unknown_token(&helseid.url);
            calls.spawn(api.request_with(Method::GET, EVENT, &token).send());
        }
        for answer in calls.join_all().await {
            let answer = Answer::read(answer.expect("an answer")).await;
            answer.assert_problem(401, "token-invalid");
        }
    }
    assert_eq!(helseid.key_fetches().await - before, 1);
    assert_eq!(client.call(&api).await.status, 200, "others are not affected");
}

#[tokio::test]
async fn after_the_interval_an_unknown_key_is_asked_for_again() {
    let helseid = HelseId::start().await;
    let api = helseid.api(600, 3600, 2).await;
    let ask = async || {
        let token = unknown_token(&helseid.url);
        let answer = api.send(api.request_with(Method::GET, EVENT, &token)).await;
        answer.assert_problem(401, "token-invalid");
    };
    ask().await;
    let before = helseid.key_fetches().await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    ask().await;
    assert_eq!(helseid.key_fetches().await - before, 1);
    // Whoever had asked in vain before does not keep a real new key out for ever.
    helseid.order(Method::POST, "rotate").await;
    let new = helseid.client().await;
    assert_eq!(new.until(&api, 200).await.status, 200);
}

/// Right in everything but its key, which nobody has published.
fn unknown_token(issuer: &str) -> String {
    let world = World {
        issuer: issuer.to_owned(),
        audience: AUDIENCE.to_owned(),
        scope: FULL.to_owned(),
        other_scope: RESTRICTED.to_owned(),
        method: "GET".to_owned(),
        url: called(EVENT),
        now_s: now_s(),
    };
    let mut claims = world.token_claims();
    claims["jti"] = json!(unique());
    sign(&STRANGE_KEY, &format!("unknown {}", unique()), &claims)
}
