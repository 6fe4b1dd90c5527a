//! Who comes in, and how often. Who is refused for what stands in `refused`.

use std::time::Duration;

use helseid::{Algorithm, SigningKey, make_proof};
use reqwest::Method;
use serde_json::json;

use crate::issuer::*;
use crate::persons::id;
use crate::support::*;

const EVENT: &str = "/api/v3/full-access/event";

/// Sends a good call but for its proof, and expects it to be refused.
async fn refuse_proof(api: &TestApi, token: &str, proof: &str) {
    let request = api.bare(Method::GET, EVENT).header("authorization", dpop(token));
    let answer = api.send(request.header("dpop", proof)).await;
    answer.assert_problem(401, "proof-invalid");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("DPoP error=\"invalid_dpop_proof\", algs=\""), "{challenge}");
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
