//! Who comes in: every fault of token and proof, one at a time.

use std::time::Duration;

use helseid::{Algorithm, SigningKey, make_proof};
use reqwest::Method;
use serde_json::{Value, json};

use crate::issuer::*;
use crate::persons::id;
use crate::support::*;

const EVENT: &str = "/api/v3/full-access/event";

/// Sends a good call but for its token, and expects this answer.
async fn expect_token(api: &TestApi, token: &str, status: u16, code: &str) {
    let answer = api.send(api.request_with(Method::GET, EVENT, token)).await;
    answer.assert_problem(status, code);
    if status == 401 {
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("DPoP error=\"invalid_token\", algs=\""), "{challenge}");
    }
}

/// Sends a good call but for its proof, and expects it to be refused.
async fn refuse_proof(api: &TestApi, token: &str, proof: &str) {
    let request = api.bare(Method::GET, EVENT).header("authorization", dpop(token));
    let answer = api.send(request.header("dpop", proof)).await;
    answer.assert_problem(401, "proof-invalid");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("DPoP error=\"invalid_dpop_proof\", algs=\""), "{challenge}");
}

#[tokio::test]
async fn a_token_must_be_ours_and_valid() {
    let api = TestApi::start().await;
    let good = api.issuer.claims(FULL);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        sign(&ISSUER_KEY, "first", &claims)
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().expect("claims").remove(name);
        sign(&ISSUER_KEY, "first", &claims)
    };
    let now = now_s();
    assert_eq!(api.get(FULL, EVENT).await.status, 200);
    for token in [
        with("iss", json!("https://elsewhere.example")),
        with("aud", json!("another-api")),
        with("aud", json!([AUDIENCE, "another-api"])),
        with("exp", json!(now - 10)),
        with("nbf", json!(now + 60)),
        with("cnf", json!({"jkt": "short"})),
        without("cnf"),
        without("exp"),
        without("aud"),
        without("client_id"),
        sign(&OTHER_KEY, "first", &good),
        ISSUER_KEY.sign_jwt(&[("typ", json!("dpop+jwt")), ("kid", json!("first"))], &good).unwrap(),
        "not.a.token".to_owned(),
        "x".repeat(100),
    ] {
        expect_token(&api, &token, 401, "token-invalid").await;
    }
    expect_token(&api, &without(ORGNR_PARENT), 403, "organisation-missing").await;
    expect_token(&api, &with(ORGNR_PARENT, json!("")), 403, "organisation-missing").await;
    expect_token(&api, &with("scope", json!([RESTRICTED])), 403, "scope-missing").await;
    expect_token(&api, &with("scope", json!(format!("{FULL}x"))), 403, "scope-missing").await;
    expect_token(&api, &without("scope"), 403, "scope-missing").await;
    let text = with("scope", json!(format!("{RESTRICTED} {FULL}")));
    assert_eq!(api.send(api.request_with(Method::GET, EVENT, &text)).await.status, 200);
}

#[tokio::test]
async fn a_token_comes_once_by_dpop_and_never_in_the_address() {
    let api = TestApi::start().await;
    let token = api.issuer.token(FULL);
    let proof = || proof("GET", &called(EVENT), &token);
    let bearer = api.bare(Method::GET, EVENT).header("authorization", format!("Bearer {token}"));
    let with_proof = api.bare(Method::GET, EVENT).header("dpop", proof());
    let with_proof = with_proof.header("authorization", format!("Bearer {token}"));
    let twice = api.request_with(Method::GET, EVENT, &token).header("authorization", dpop(&token));
    for request in [bearer, with_proof, twice] {
        let answer = api.send(request).await;
        answer.assert_problem(401, "token-invalid");
        assert!(answer.header("www-authenticate").starts_with("DPoP "));
    }
    let in_address = format!("{EVENT}?access_token={token}");
    let answer = api.send(api.bare(Method::GET, &in_address)).await;
    answer.assert_problem(400, "token-in-url");
    assert!(!answer.text.contains(&token));
}

#[tokio::test]
async fn a_proof_must_fit_the_call() {
    let api = TestApi::start().await;
    let token = api.issuer.token(FULL);
    let url = called(EVENT);
    let now = now_s();
    let make = |key: &SigningKey, method: &str, url: &str, token: Option<&str>, iat: i64| {
        make_proof(key, method, url, token, None, &unique(), iat).expect("a proof")
    };
    let other = elliptic(Algorithm::Es256);
    let another_token = api.issuer.token(FULL);
    for wrong in [
        make(&CLIENT_KEY, "POST", &url, Some(&token), now),
        make(&CLIENT_KEY, "GET", &called("/api/v3/restricted-access/event"), Some(&token), now),
        make(&CLIENT_KEY, "GET", &format!("http://{}{EVENT}", api.address), Some(&token), now),
        make(&CLIENT_KEY, "GET", &url, None, now),
        make(&CLIENT_KEY, "GET", &url, Some(&another_token), now),
        make(&CLIENT_KEY, "GET", &url, Some(&token), now - 60),
        make(&CLIENT_KEY, "GET", &url, Some(&token), now + 60),
        make(&other, "GET", &url, Some(&token), now),
        "not.a.proof".to_owned(),
        String::new(),
    ] {
        refuse_proof(&api, &token, &wrong).await;
    }
    let missing = api.bare(Method::GET, EVENT).header("authorization", dpop(&token));
    api.send(missing).await.assert_problem(401, "proof-invalid");
    let twice = api.request_with(Method::GET, EVENT, &token);
    let twice = twice.header("dpop", proof("GET", &url, &token));
    api.send(twice).await.assert_problem(401, "proof-invalid");
    assert_eq!(api.send(api.request_with(Method::GET, EVENT, &token)).await.status, 200);
}

#[tokio::test]
async fn a_proof_is_good_once_even_when_it_comes_many_times_at_once() {
    let api = TestApi::start().await;
    let token = api.issuer.token(FULL);
    let proof = proof("GET", &called(EVENT), &token);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let request = api.bare(Method::GET, EVENT).header("authorization", dpop(&token));
        calls.spawn(request.header("dpop", &proof).send());
    }
    let statuses: Vec<_> =
        calls.join_all().await.into_iter().map(|a| a.unwrap().status()).collect();
    assert_eq!(statuses.iter().filter(|status| status.as_u16() == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| status.as_u16() == 401).count(), 15);
    refuse_proof(&api, &token, &proof).await;
}

#[tokio::test]
async fn a_proof_is_made_over_the_path_as_it_was_sent() {
    let api = TestApi::start().await;
    let sent = format!("/API/v3/Full-Access/person/{}/?{NAME}", id(1));
    assert_eq!(api.get(FULL, &sent).await.status, 200);
    let token = api.issuer.token(FULL);
    let folded = proof("GET", &called(&sent).to_lowercase(), &token);
    let request = api.bare(Method::GET, &sent).header("authorization", dpop(&token));
    api.send(request.header("dpop", folded)).await.assert_problem(401, "proof-invalid");
}

#[tokio::test]
async fn a_client_with_every_kind_of_key_comes_in() {
    let api = TestApi::start().await;
    for algorithm in Algorithm::ALL {
        let key = SigningKey::generate(algorithm).expect("a key");
        let mut claims = api.issuer.claims(FULL);
        claims["cnf"] = json!({"jkt": key.thumbprint()});
        let token = sign(&ISSUER_KEY, "first", &claims);
        let url = called(EVENT);
        let proof = make_proof(&key, "GET", &url, Some(&token), None, &unique(), now_s());
        let request = api.bare(Method::GET, EVENT).header("authorization", dpop(&token));
        let answer = api.send(request.header("dpop", proof.expect("a proof"))).await;
        assert_eq!(answer.status, 200, "{} {answer:?}", algorithm.name());
    }
}

#[tokio::test]
async fn a_token_that_was_accepted_stops_when_it_expires() {
    let api = TestApi::start_with(|config| config.helseid.leeway_s = 0).await;
    let mut claims = api.issuer.claims(FULL);
    claims["exp"] = json!(now_s() + 4);
    let token = sign(&ISSUER_KEY, "first", &claims);
    let call = async || api.send(api.request_with(Method::GET, EVENT, &token)).await;
    assert_eq!(call().await.status, 200);
    assert_eq!(call().await.status, 200);
    tokio::time::sleep(Duration::from_secs(5)).await;
    call().await.assert_problem(401, "token-invalid");
}
