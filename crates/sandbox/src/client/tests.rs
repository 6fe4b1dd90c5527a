//! The client against the simulator and an API that does nothing but check tokens and proofs.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use helseid::{
    AccessTokenRules, ExpectedProof, KeySet, ProofRules, ReplayMemory, verify_access_token,
    verify_proof,
};
use tokio::net::TcpListener;

use super::*;
use crate::helseid::tests::{Running, start};

struct CheckingApi {
    url: String,
    keys: KeySet,
    rules: AccessTokenRules,
    used: ReplayMemory,
}

/// Answers 200 with the token's client, its scopes and the body, or 401 with the fault's code.
async fn check(
    State(api): State<Arc<CheckingApi>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let header = |name: &str| headers[name].to_str().expect("text");
    let token = header("authorization").strip_prefix("DPoP ").expect("the scheme").to_owned();
    let refuse = |code: &str| (StatusCode::UNAUTHORIZED, code.to_owned());
    let verified = match verify_access_token(&token, &api.keys, &api.rules, now_s()) {
        Ok(verified) => verified,
        Err(fault) => return refuse(fault.code()),
    };
    let expected = ExpectedProof {
        method: method.as_str(),
        url: &format!("{}{}", api.url, uri.path()),
        access_token: &token,
        jkt: verified.jkt.as_deref().unwrap_or_default(),
    };
    let proof = match verify_proof(header("dpop"), &expected, &ProofRules::default(), now_s()) {
        Ok(proof) => proof,
        Err(fault) => return refuse(fault.code()),
    };
    if !api.used.remember_once(proof.jti_hash, now_s(), proof.forget_after_s) {
        return refuse("replay");
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    let answer = json!({
        "client": verified.client_id,
        "scopes": verified.scopes,
        "jti": verified.jti,
        "query": uri.query(),
        "body": body,
    });
    (StatusCode::OK, answer.to_string())
}

async fn start_api(helseid: &Running) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let api = CheckingApi {
        url: url.clone(),
        keys: helseid.keys().await,
        rules: helseid.rules(),
        used: ReplayMemory::new(10_000),
    };
    let service = axum::Router::new().fallback(check).with_state(Arc::new(api));
    tokio::spawn(async move { axum::serve(listener, service).await });
    url
}

#[tokio::test]
async fn calls_carry_a_token_and_a_new_proof() {
    let helseid = start().await;
    let api_url = start_api(&helseid).await;
    let base_url = format!("{api_url}/");
    for client_id in ["sandbox-full-access", "sandbox-restricted-access", "sandbox-both"] {
        let client = ApiClient::connect(&helseid.url, client_id, &base_url);
        let client = client.await.expect("connected");
        let first = client.get("/api/v3/event?sequenceNumber=1").await.expect("an answer");
        assert_eq!(first.status, 200, "{}", String::from_utf8_lossy(&first.body));
        let first = first.json().expect("JSON");
        assert_eq!(first["client"], client_id);
        assert_eq!(first["query"], "sequenceNumber=1");
        assert_eq!(
            first["scopes"].as_array().map(Vec::len),
            Some(1 + usize::from(client_id == "sandbox-both"))
        );
        let form = [("name", "Ærlig Ødegård"), ("empty", "")];
        let second = client.post_form("/api/v3/person", &form).await.expect("an answer");
        assert_eq!(second.status, 200);
        assert!(second.headers.contains_key("content-type"));
        let second = second.json().expect("JSON");
        assert_eq!(second["body"], "name=%C3%86rlig+%C3%98deg%C3%A5rd&empty=");
        assert_eq!(second["jti"], first["jti"], "one token serves many calls");
    }
}

#[tokio::test]
async fn many_calls_at_once_share_one_token() {
    let helseid = start().await;
    let api_url = start_api(&helseid).await;
    let client = ApiClient::connect(&helseid.url, "sandbox-both", &api_url).await;
    let client = Arc::new(
        client.expect("connected").with_scopes(&["nhn:hgd-persontjenesten-api/restricted-access"]),
    );
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get("/ping").await })
        })
        .collect();
    let mut tokens = std::collections::HashSet::new();
    for call in calls {
        let answer = call.await.expect("no panic").expect("an answer");
        assert_eq!(answer.status, 200);
        let answer = answer.json().expect("JSON");
        assert_eq!(answer["scopes"], json!(["nhn:hgd-persontjenesten-api/restricted-access"]));
        tokens.insert(answer["jti"].to_string());
    }
    assert_eq!(tokens.len(), 1);
}

#[tokio::test]
async fn faults_are_told_apart() {
    let helseid = start().await;
    let nobody = ApiClient::connect(&helseid.url, "nobody", "http://127.0.0.1:1").await;
    assert!(matches!(nobody.err(), Some(ClientError::UnknownClient)));
    let client = ApiClient::connect(&helseid.url, "sandbox-full-access", "http://127.0.0.1:1");
    let client = client.await.expect("connected");
    let unreachable = client.get("/a-path").await.expect_err("nobody listens");
    assert!(matches!(unreachable, ClientError::Http(_)));
    assert!(!format!("{unreachable:?}").contains("a-path"), "no address in the text");
    let client = client.with_scopes(&["nhn:hgd-persontjenesten-api/restricted-access"]);
    match client.access_token().await {
        Err(ClientError::Refused { status, error }) => {
            assert_eq!((status, error.as_str()), (400, "invalid_scope"));
        }
        other => panic!("a token that should not be given: {:?}", other.is_ok()),
    }
}
