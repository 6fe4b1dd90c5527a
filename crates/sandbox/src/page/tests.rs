//! What the page is told, asked over HTTP as the page asks it.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helseid::{PublicKey, access_token_hash};
use reqwest::Response;
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::*;
use crate::SandboxConfig;

const URL: &str = "https://api.example/api/v3/full-access/person/get-by-nin";

/// A running sandbox with enough persons for every trait.
async fn start() -> (String, DropGuard) {
    let stop = CancellationToken::new();
    let (ready, listening) = oneshot::channel();
    let config = SandboxConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: String::new(),
        persons: 5_000,
        seed: 1,
        changes_per_second: 0.0,
    };
    tokio::spawn(crate::serve(config, stop.clone(), ready));
    let address = listening.await.expect("the sandbox listens");
    (format!("http://{address}"), stop.drop_guard())
}

async fn ask_for_headers(url: &str, wish: &str) -> Response {
    let request = reqwest::Client::new().post(format!("{url}/sandbox/page/headers"));
    request.body(wish.to_owned()).send().await.expect("an answer")
}

fn assert_readable(response: &Response) {
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
}

/// Header and payload of a JWT.
fn pieces(token: &str) -> [Value; 2] {
    let mut pieces = token.split('.').map(|piece| {
        let json = URL_SAFE_NO_PAD.decode(piece).expect("base64url");
        serde_json::from_slice(&json).unwrap_or(Value::Null)
    });
    [(); 2].map(|()| pieces.next().expect("a piece"))
}

#[tokio::test]
async fn persons_of_every_kind_are_told_with_number_and_name() {
    let (url, _stop) = start().await;
    let response = reqwest::get(format!("{url}/sandbox/page/persons")).await.expect("an answer");
    assert_readable(&response);
    let body: Value = response.json().await.expect("JSON");
    let persons = body["persons"].as_array().expect("a list");
    let kinds: BTreeSet<_> = persons.iter().filter_map(|it| it["trait"].as_str()).collect();
    assert_eq!(kinds, TRAITS.iter().map(|(name, _)| *name).collect(), "{kinds:?}");
    let numbers: BTreeSet<_> = persons.iter().filter_map(|it| it["number"].as_str()).collect();
    assert_eq!(numbers.len(), persons.len(), "nobody is told twice");
    assert!(persons.iter().all(|it| it["name"].as_str().is_some_and(|name| name.contains(' '))));
}

#[tokio::test]
async fn token_and_proof_fit_each_other_and_the_call() {
    let (url, _stop) = start().await;
    for package in ["full-access", "restricted-access"] {
        let wish = json!({ "package": package, "method": "POST", "url": URL }).to_string();
        let response = ask_for_headers(&url, &wish).await;
        assert_readable(&response);
        let headers: Value = response.json().await.expect("JSON");
        let authorization = headers["authorization"].as_str().expect("a header");
        let token = authorization.strip_prefix("DPoP ").expect("the scheme");
        let [_, claims] = pieces(token);
        let [head, proof] = pieces(headers["dpop"].as_str().expect("a header"));
        assert_eq!(claims["iss"], url);
        assert_eq!(claims["scope"], json!([format!("nhn:hgd-persontjenesten-api/{package}")]));
        let key = PublicKey::from_jwk(head["jwk"].as_object().expect("a JWK")).expect("a key");
        assert_eq!(claims["cnf"]["jkt"], key.thumbprint());
        assert_eq!(proof["ath"], access_token_hash(token));
        assert_eq!([&proof["htm"], &proof["htu"]], ["POST", URL]);
    }
}

#[tokio::test]
async fn what_is_no_call_of_a_package_gets_nothing() {
    let (url, _stop) = start().await;
    let other = json!({ "package": "everything", "method": "POST", "url": URL }).to_string();
    for wish in [other.as_str(), "", "{}", "[1]"] {
        let response = ask_for_headers(&url, wish).await;
        assert_readable(&response);
        assert_eq!(response.status().as_u16(), 400, "{wish}");
    }
}
