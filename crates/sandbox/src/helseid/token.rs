//! `POST /connect/token`: client credentials with private_key_jwt and DPoP.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use helseid::{
    ExpectedAssertion, ProofRules, unverified_issuer, verify_client_assertion,
    verify_token_request_proof,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::clients::{BEARER_SCOPES, Client};
use super::{AUDIENCE, HelseIdSimulator, now_s};

const TOKEN_LIFETIME_S: i64 = 600;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DPOP: HeaderName = HeaderName::from_static("dpop");
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// An OAuth error (RFC 6749 §5.2). HelseID answers all of them with 400.
struct Refusal {
    error: &'static str,
    description: String,
    nonce: Option<String>,
}

impl Refusal {
    fn new(error: &'static str, description: impl ToString) -> Self {
        Self { error, description: description.to_string(), nonce: None }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "error_description": self.description});
        let mut response = (StatusCode::BAD_REQUEST, Json(body)).into_response();
        let nonce = self.nonce.and_then(|nonce| HeaderValue::from_str(&nonce).ok());
        response.headers_mut().extend(nonce.map(|nonce| (DPOP_NONCE, nonce)));
        response
    }
}

/// The handler: never cached, whatever it answers (RFC 6749 §5.1).
pub(super) async fn post_token(
    State(simulator): State<Arc<HelseIdSimulator>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut response = match simulator.grant(&headers, &body, now_s()) {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => refusal.into_response(),
    };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl HelseIdSimulator {
    fn grant(&self, headers: &HeaderMap, body: &[u8], now_s: i64) -> Result<Value, Refusal> {
        let form = read_form(headers, body)?;
        if form.get("grant_type").map(String::as_str) != Some("client_credentials") {
            return Err(Refusal::new("unsupported_grant_type", "only client_credentials"));
        }
        let client = self.authenticate(&form, now_s)?;
        let jkt = self.check_proof(headers, now_s)?;
        let scopes = choose_scopes(&form, client, jkt.is_some())?;
        let claims = self.claims(client, &scopes, jkt.as_deref(), now_s);
        let token = self.keys.sign(&claims).map_err(|fault| Refusal::new("server_error", fault))?;
        Ok(json!({
            "access_token": token,
            "expires_in": TOKEN_LIFETIME_S,
            "token_type": if jkt.is_some() { "DPoP" } else { "Bearer" },
            "scope": scopes.join(" "),
        }))
    }

    /// The client that the assertion proves. Each assertion is good once.
    fn authenticate(&self, form: &HashMap<String, String>, now_s: i64) -> Result<&Client, Refusal> {
        let refuse = |description: &str| Refusal::new("invalid_client", description);
        if form.get("client_assertion_type").map(String::as_str) != Some(ASSERTION_TYPE) {
            return Err(refuse("a client assertion is needed"));
        }
        let assertion = form.get("client_assertion").map(String::as_str).unwrap_or_default();
        // The parameter is optional beside an assertion (RFC 7521 §4.2).
        let client_id = form.get("client_id").cloned().or_else(|| unverified_issuer(assertion));
        let client =
            self.clients.iter().find(|client| Some(client.client_id) == client_id.as_deref());
        let client = client.ok_or_else(|| refuse("the client is not known"))?;
        let expected = ExpectedAssertion {
            client_id: client.client_id,
            audiences: &[&self.issuer, &self.token_url],
            key: client.key.public_key(),
        };
        let verified = verify_client_assertion(assertion, &expected, now_s)
            .map_err(|fault| Refusal::new("invalid_client", fault))?;
        let (id, until_s) = (verified.jti_hash, verified.forget_after_s);
        if self.used_assertions.remember_once(id, now_s, until_s) {
            Ok(client)
        } else {
            Err(refuse("the client assertion has been used"))
        }
    }

    /// The thumbprint to bind the token to, if the client sent a proof. The first proof has no nonce
    /// and is answered with one.
    fn check_proof(&self, headers: &HeaderMap, now_s: i64) -> Result<Option<String>, Refusal> {
        let refuse = |description: &str| Refusal::new("invalid_dpop_proof", description);
        let mut sent = headers.get_all(DPOP).iter();
        let proof = match (sent.next(), sent.next()) {
            (None, _) => return Ok(None),
            (Some(one), None) => one.to_str().map_err(|_| refuse("the proof cannot be read"))?,
            _ => return Err(refuse("there is more than one proof")),
        };
        let rules = ProofRules::default();
        let proof = verify_token_request_proof(proof, "POST", &self.token_url, &rules, now_s)
            .map_err(|fault| Refusal::new("invalid_dpop_proof", fault))?;
        if !proof.nonce.is_some_and(|nonce| self.nonces.is_good(&nonce, now_s)) {
            let nonce = Some(self.nonces.make(now_s));
            return Err(Refusal {
                nonce,
                ..Refusal::new("use_dpop_nonce", "the proof must repeat the nonce")
            });
        }
        if self.used_proofs.remember_once(proof.jti_hash, now_s, proof.forget_after_s) {
            Ok(Some(proof.jkt))
        } else {
            Err(refuse("the proof has been used"))
        }
    }

    pub(super) fn claims(
        &self,
        client: &Client,
        scopes: &[&str],
        jkt: Option<&str>,
        now_s: i64,
    ) -> Value {
        let mut claims = json!({
            "iss": self.issuer,
            "nbf": now_s,
            "iat": now_s,
            "exp": now_s + TOKEN_LIFETIME_S,
            "aud": AUDIENCE,
            "scope": scopes,
            "client_id": client.client_id,
            "client_amr": "private_key_jwt",
            "helseid://claims/client/client_name": client.name,
            "helseid://claims/client/client_tenancy": "single-tenant",
            "jti": Uuid::new_v4().simple().to_string().to_uppercase(),
        });
        if let Some(orgnr) = client.orgnr_parent {
            claims["helseid://claims/client/claims/orgnr_parent"] = json!(orgnr);
        }
        if let Some(jkt) = jkt {
            claims["cnf"] = json!({ "jkt": jkt });
        }
        claims
    }
}

/// The form's parameters, each at most once (RFC 6749 §3.2).
fn read_form(headers: &HeaderMap, body: &[u8]) -> Result<HashMap<String, String>, Refusal> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Refusal::new("invalid_request", "the body must be a form"));
    }
    let mut form = HashMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        if form.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(Refusal::new("invalid_request", "a parameter stands twice"));
        }
    }
    Ok(form)
}

/// The scopes asked for, if the client may have them. Only version 2's can be had without a proof.
fn choose_scopes(
    form: &HashMap<String, String>,
    client: &Client,
    bound: bool,
) -> Result<Vec<&'static str>, Refusal> {
    let asked = form.get("scope").map(String::as_str).unwrap_or_default();
    let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
    let of_client = |asked: &&str| client.scopes.iter().copied().find(|scope| scope == asked);
    let scopes: Option<Vec<&'static str>> = asked.iter().map(of_client).collect();
    match scopes {
        None => Err(Refusal::new("invalid_scope", "the client may not have the scope")),
        Some(scopes) if scopes.is_empty() => Err(Refusal::new("invalid_scope", "no scope")),
        Some(scopes) if bound || scopes.iter().all(|scope| BEARER_SCOPES.contains(scope)) => {
            Ok(scopes)
        }
        Some(_) => Err(Refusal::new("invalid_request", "the scope needs a DPoP proof")),
    }
}
