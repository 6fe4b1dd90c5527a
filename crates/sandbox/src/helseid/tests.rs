//! The simulator through real HTTP, asked by hand.

use std::sync::LazyLock;

use helseid::{
    AccessTokenRules, Algorithm, KeySet, SigningKey, make_client_assertion, make_proof,
    verify_access_token,
};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::clients::{FULL_ACCESS, RESTRICTED_ACCESS};
use super::*;

const LEGAL_BASIS: &str = "nhn:hgd-persontjenesten-api/read-with-legal-basis";

/// A running simulator, and the keys of one who asks it.
pub(crate) struct Running {
    pub url: String,
    pub http: reqwest::Client,
    proof_key: &'static SigningKey,
}

/// A simulator on a free port; it ends with the test's runtime.
pub(crate) async fn start() -> Running {
    static PROOF_KEY: LazyLock<SigningKey> =
        LazyLock::new(|| SigningKey::generate(Algorithm::Es256).expect("a key"));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let simulator = HelseIdSimulator::new(&format!("{url}/")).expect("keys");
    let service = router(Arc::new(simulator));
    tokio::spawn(async move { axum::serve(listener, service).await });
    Running { url, http: reqwest::Client::new(), proof_key: &PROOF_KEY }
}

impl Running {
    async fn get(&self, path: &str) -> Value {
        let response = self.http.get(format!("{}{path}", self.url)).send().await.expect("reached");
        assert_eq!(response.status(), 200, "{path}");
        read(response).await
    }

    pub async fn keys(&self) -> KeySet {
        let jwks = self.get("/.well-known/openid-configuration/jwks").await;
        KeySet::read(jwks.to_string().as_bytes()).expect("a key set")
    }

    pub fn rules(&self) -> AccessTokenRules {
        AccessTokenRules::new(self.url.clone(), AUDIENCE)
    }

    async fn client_key(&self, client_id: &str) -> SigningKey {
        let clients = self.get("/sandbox/clients").await;
        let clients = clients.as_array().expect("a list").iter();
        let client = clients.into_iter().find(|client| client["client_id"] == client_id);
        let jwk = client.expect("a ready-made client")["private_jwk"].to_string();
        SigningKey::from_jwk(jwk.as_bytes()).expect("a private key")
    }

    async fn assertion(&self, client_id: &str, jti: &str) -> String {
        let key = self.client_key(client_id).await;
        make_client_assertion(&key, None, client_id, &self.url, jti, now_s()).expect("signed")
    }

    fn proof(&self, nonce: Option<&str>, jti: &str) -> String {
        let url = format!("{}/connect/token", self.url);
        make_proof(self.proof_key, "POST", &url, None, nonce, jti, now_s()).expect("signed")
    }

    async fn form(&self, client_id: &str, scope: &str, jti: &str) -> Value {
        json!({
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(client_id, jti).await,
            "scope": scope,
        })
    }

    async fn ask(&self, form: &Value, proofs: &[String]) -> Response {
        let mut request = self.http.post(format!("{}/connect/token", self.url)).form(form);
        for proof in proofs {
            request = request.header("DPoP", proof);
        }
        let response = request.send().await.expect("reached");
        assert_eq!(response.headers()["cache-control"], "no-store");
        response
    }

    async fn error(&self, form: &Value, proofs: &[String]) -> String {
        let response = self.ask(form, proofs).await;
        assert_eq!(response.status(), 400);
        read(response).await["error"].as_str().expect("an OAuth error").to_owned()
    }

    async fn nonce(&self) -> String {
        let form = self.form("sandbox-both", FULL_ACCESS, &Uuid::new_v4().to_string()).await;
        let response = self.ask(&form, &[self.proof(None, "for a nonce")]).await;
        assert_eq!(response.status(), 400);
        let nonce = response.headers()["dpop-nonce"].to_str().expect("text").to_owned();
        assert_eq!(read(response).await["error"], "use_dpop_nonce");
        nonce
    }
}

async fn read(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.expect("a body")).expect("JSON")
}

fn payload(token: &str) -> Value {
    use base64::Engine;
    let part = token.split('.').nth(1).expect("three parts");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

#[tokio::test]
async fn the_metadata_leads_to_the_rest() {
    let running = start().await;
    let metadata = running.get("/.well-known/openid-configuration").await;
    assert_eq!(metadata["issuer"], running.url, "without a trailing slash");
    assert_eq!(metadata["token_endpoint"], format!("{}/connect/token", running.url));
    assert_eq!(metadata["dpop_signing_alg_values_supported"].as_array().map(Vec::len), Some(9));
    let keys_path = metadata["jwks_uri"].as_str().expect("text").replace(&running.url, "");
    let jwks = running.get(&keys_path).await;
    let keys = jwks["keys"].as_array().expect("a list");
    assert_eq!(keys.len(), 1);
    let kid = keys[0]["kid"].as_str().expect("text");
    assert_eq!(kid.len(), 40);
    assert!(kid.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')), "{kid}");
    assert_eq!((&keys[0]["alg"], &keys[0]["use"]), (&json!("RS256"), &json!("sig")));
    assert_eq!(keys[0]["n"].as_str().map(str::len), Some(512), "3072 bits");
    assert!(keys[0].get("d").is_none());
}

#[tokio::test]
async fn a_bound_token_is_given_after_the_nonce() {
    let running = start().await;
    let nonce = running.nonce().await;
    let form = running.form("sandbox-full-access", FULL_ACCESS, "a-1").await;
    let response = running.ask(&form, &[running.proof(Some(&nonce), "p-1")]).await;
    assert_eq!(response.status(), 200);
    let answer = read(response).await;
    assert_eq!(answer["token_type"], "DPoP");
    assert_eq!(answer["expires_in"], 600);
    let text = answer["access_token"].as_str().expect("a token");
    let token = verify_access_token(text, &running.keys().await, &running.rules(), now_s());
    let token = token.expect("a valid token");
    assert_eq!(token.client_id, "sandbox-full-access");
    assert_eq!(token.client_name.as_deref(), Some("Sandbox hospital in Tromsø"));
    assert_eq!(token.jkt.as_deref(), Some(running.proof_key.thumbprint()));
    assert_eq!(token.orgnr_parent.as_deref(), Some("310000000"));
    let claims = payload(text);
    assert_eq!(claims["scope"], json!([FULL_ACCESS]));
    assert_eq!(claims["aud"], AUDIENCE);
    assert_eq!(claims["client_amr"], "private_key_jwt");
    assert_eq!(claims["helseid://claims/client/client_tenancy"], "single-tenant");
    assert_eq!(claims["exp"].as_i64(), claims["nbf"].as_i64().map(|nbf| nbf + 600));
}

#[tokio::test]
async fn a_client_gets_its_own_scopes_only() {
    let running = start().await;
    let nonce = running.nonce().await;
    let both = format!("{FULL_ACCESS} {RESTRICTED_ACCESS}");
    let cases = [
        ("sandbox-both", both.as_str(), true),
        ("sandbox-restricted-access", RESTRICTED_ACCESS, true),
        ("sandbox-restricted-access", FULL_ACCESS, false),
        ("sandbox-full-access", &both, false),
        ("sandbox-full-access", "nhn:another-api/scope", false),
        ("sandbox-full-access", "", false),
    ];
    for (index, (client_id, scope, allowed)) in cases.into_iter().enumerate() {
        let form = running.form(client_id, scope, &format!("a-{index}")).await;
        let proof = running.proof(Some(&nonce), &format!("p-{index}"));
        let response = running.ask(&form, &[proof]).await;
        assert_eq!(response.status().is_success(), allowed, "{client_id} {scope}");
        let answer = read(response).await;
        if allowed {
            assert_eq!(answer["scope"], scope);
        } else {
            assert_eq!(answer["error"], "invalid_scope");
        }
    }
}

#[tokio::test]
async fn without_a_proof_only_version_2_has_scopes() {
    let running = start().await;
    let form = running.form("sandbox-full-access", FULL_ACCESS, "a-1").await;
    assert_eq!(running.error(&form, &[]).await, "invalid_request");
    let form = running.form("sandbox-without-organisation", LEGAL_BASIS, "a-2").await;
    let response = running.ask(&form, &[]).await;
    assert_eq!(response.status(), 200);
    let answer = read(response).await;
    assert_eq!(answer["token_type"], "Bearer");
    let text = answer["access_token"].as_str().expect("a token");
    let token = verify_access_token(text, &running.keys().await, &running.rules(), now_s());
    let token = token.expect("a valid token");
    assert_eq!((token.jkt, token.orgnr_parent), (None, None));
    assert_eq!(token.scopes, [LEGAL_BASIS]);
}

#[tokio::test]
async fn proofs_that_do_not_hold_are_refused() {
    let running = start().await;
    let nonce = running.nonce().await;
    let proof = running.proof(Some(&nonce), "p-1");
    let api_proof = make_proof(
        running.proof_key,
        "POST",
        "https://api.example.test/",
        None,
        Some(&nonce),
        "p-2",
        now_s(),
    );
    let cases: [(&str, &[String]); 4] = [
        ("invalid_dpop_proof", &["rubbish".to_owned()]),
        ("invalid_dpop_proof", &[proof.clone(), proof.clone()]),
        ("invalid_dpop_proof", &[api_proof.expect("signed")]),
        ("use_dpop_nonce", &[running.proof(Some("made up"), "p-3")]),
    ];
    for (index, (error, proofs)) in cases.into_iter().enumerate() {
        let form = running.form("sandbox-both", FULL_ACCESS, &format!("a-{index}")).await;
        assert_eq!(running.error(&form, proofs).await, error, "{index}");
    }
    let form = running.form("sandbox-both", FULL_ACCESS, "b-1").await;
    assert_eq!(running.ask(&form, std::slice::from_ref(&proof)).await.status(), 200);
    let form = running.form("sandbox-both", FULL_ACCESS, "b-2").await;
    assert_eq!(running.error(&form, &[proof]).await, "invalid_dpop_proof", "used before");
}

#[tokio::test]
async fn clients_that_do_not_prove_themselves_are_refused() {
    let running = start().await;
    let good = running.form("sandbox-full-access", LEGAL_BASIS, "a-1").await;
    let change = |name: &str, value: Value| {
        let mut form = good.clone();
        form[name] = value;
        form
    };
    let of_another = running.assertion("sandbox-both", "a-2").await;
    let stranger = SigningKey::generate(Algorithm::Es256).expect("a key");
    let by_stranger =
        make_client_assertion(&stranger, None, "sandbox-full-access", &running.url, "a-3", now_s());
    let cases = [
        (change("grant_type", json!("password")), "unsupported_grant_type"),
        (change("client_assertion_type", json!("x")), "invalid_client"),
        (change("client_assertion", json!("rubbish")), "invalid_client"),
        (change("client_assertion", json!(of_another)), "invalid_client"),
        (change("client_assertion", json!(by_stranger.expect("signed"))), "invalid_client"),
        (change("client_id", json!("nobody")), "invalid_client"),
    ];
    for (form, error) in cases {
        assert_eq!(running.error(&form, &[]).await, error, "{form}");
    }
    let mut without_id = good.clone();
    without_id.as_object_mut().expect("an object").remove("client_id");
    assert_eq!(running.ask(&without_id, &[]).await.status(), 200, "the assertion names the client");
    assert_eq!(running.error(&good, &[]).await, "invalid_client", "used before");
}

#[tokio::test]
async fn a_request_must_be_a_form_with_single_parameters() {
    let running = start().await;
    for (content_type, body) in [
        ("application/json", "{}"),
        ("application/x-www-form-urlencoded", "grant_type=a&grant_type=b"),
    ] {
        let request = running.http.post(format!("{}/connect/token", running.url));
        let response = request.header("content-type", content_type).body(body).send().await;
        let response = response.expect("reached");
        assert_eq!(response.status(), 400);
        assert_eq!(read(response).await["error"], "invalid_request", "{content_type}");
    }
}

#[tokio::test]
async fn a_changed_key_leaves_old_tokens_good() {
    let running = start().await;
    let mut tokens = Vec::new();
    let mut kids = Vec::new();
    for round in 0..3 {
        let form = running.form("sandbox-both", LEGAL_BASIS, &format!("a-{round}")).await;
        let answer = read(running.ask(&form, &[]).await).await;
        tokens.push(answer["access_token"].as_str().expect("a token").to_owned());
        let url = format!("{}/sandbox/helseid/rotate", running.url);
        let rotated = read(running.http.post(url).send().await.expect("reached")).await;
        kids.push(rotated["kid"].as_str().expect("text").to_owned());
        let keys = running.keys().await;
        assert_eq!(keys.count(), 2);
        let checked = verify_access_token(&tokens[round], &keys, &running.rules(), now_s());
        assert!(checked.is_ok(), "signed with the key before");
    }
    kids.dedup();
    assert_eq!(kids.len(), 3);
    let keys = running.keys().await;
    let oldest = verify_access_token(&tokens[0], &keys, &running.rules(), now_s());
    assert_eq!(oldest, Err(helseid::TokenFault::UnknownKey));
}

#[tokio::test]
async fn withdrawn_keys_and_absence_are_ordered() {
    let running = start().await;
    let form = running.form("sandbox-both", LEGAL_BASIS, "w-1").await;
    let answer = read(running.ask(&form, &[]).await).await;
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    let order = async |method: reqwest::Method, path: &str| {
        let url = format!("{}/sandbox/helseid/{path}", running.url);
        let answer = running.http.request(method, url).send().await.expect("reached");
        assert!(answer.status().is_success(), "{path}");
    };
    order(reqwest::Method::POST, "rotate").await;
    assert_eq!(running.keys().await.count(), 2);
    order(reqwest::Method::POST, "withdraw").await;
    let keys = running.keys().await;
    assert_eq!(keys.count(), 1);
    let old = verify_access_token(&token, &keys, &running.rules(), now_s());
    assert_eq!(old, Err(helseid::TokenFault::UnknownKey));
    assert_eq!(running.get("/sandbox/helseid").await, json!({"away": false, "key_fetches": 2}));

    order(reqwest::Method::POST, "away").await;
    for path in ["/.well-known/openid-configuration", "/.well-known/openid-configuration/jwks"] {
        let url = format!("{}{path}", running.url);
        assert_eq!(running.http.get(url).send().await.expect("reached").status(), 503, "{path}");
    }
    assert_eq!(running.get("/sandbox/helseid").await, json!({"away": true, "key_fetches": 2}));
    order(reqwest::Method::DELETE, "away").await;
    assert_eq!(running.keys().await.count(), 1);
}
