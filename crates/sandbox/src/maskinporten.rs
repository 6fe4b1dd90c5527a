//! Maskinporten: access tokens for a client that signs with its registered key (RFC 7523).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helseid::{Algorithm, KeyFault, SigningKey};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Sandbox, krr};

/// The one client there is.
pub(crate) const CLIENT_ID: &str = "persontjenesten-demo";
/// The scope of the rights package.
pub(crate) const SCOPE: &str = "folkeregister:deling/offentligmedhjemmel";
/// The scopes that the client has, of which an assertion asks for one or more.
const SCOPES: [&str; 4] = [SCOPE, krr::CONTACT_SCOPE, krr::MAILBOX_SCOPE, krr::FEED_SCOPE];
const KEY_ID: &str = "sandbox-key-1";
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long a token lives, in seconds, as the real ones do.
const TOKEN_LIFE_S: i64 = 120;
/// The longest an assertion may live, in seconds.
const ASSERTION_LIFE_S: i64 = 120;
/// How far the client's clock may be ahead, in seconds.
const SKEW_S: i64 = 10;

/// The simulated Maskinporten and the tokens it has given.
pub(crate) struct Maskinporten {
    key: SigningKey,
    /// Its name for itself, and the audience of assertions: ends with a slash.
    issuer: String,
    tokens: Mutex<HashMap<String, Token>>,
    /// Ids of assertions with the second they may be forgotten.
    used: Mutex<HashMap<String, i64>>,
}

struct Token {
    /// In seconds since 1970.
    expires: i64,
    scopes: Vec<&'static str>,
}

/// An OAuth error code with what is wrong.
type Refused = (&'static str, &'static str);

impl Maskinporten {
    /// One with a new client key, which takes a while to make: call it off the async threads.
    ///
    /// # Errors
    /// [`KeyFault::Library`] if no key can be made.
    pub(crate) fn new(public_url: &str) -> Result<Maskinporten, KeyFault> {
        Ok(Maskinporten {
            key: SigningKey::generate(Algorithm::Rs256)?,
            issuer: format!("{public_url}/maskinporten/"),
            tokens: Mutex::default(),
            used: Mutex::default(),
        })
    }

    /// The scopes of a token it has given that has not expired.
    pub(crate) fn scopes(&self, token: &str) -> Option<Vec<&'static str>> {
        let tokens = lock(&self.tokens);
        let token = tokens.get(token).filter(|token| token.expires > now_s())?;
        Some(token.scopes.clone())
    }

    /// Whether this is such a token, and has the scope of the rights package.
    pub(crate) fn is_valid(&self, token: &str) -> bool {
        self.scopes(token).is_some_and(|scopes| scopes.contains(&SCOPE))
    }

    /// Forgets every token, as if they all had expired.
    pub(crate) fn expire_all(&self) {
        lock(&self.tokens).clear();
    }

    /// All that the client needs, its private key included.
    ///
    /// # Errors
    /// [`KeyFault::Library`].
    pub(crate) fn client(&self) -> Result<Value, KeyFault> {
        let mut key = self.key.to_private_jwk()?;
        key["kid"] = json!(KEY_ID);
        Ok(json!({
            "clientId": CLIENT_ID,
            "scope": SCOPE,
            "krrScope": SCOPES[1..].join(" "),
            "audience": self.issuer,
            "tokenUrl": format!("{}token", self.issuer),
            "privateKey": key,
        }))
    }

    fn grant(&self, form: &[u8], now_s: i64) -> Result<Value, Refused> {
        let field = |name: &str| {
            let mut pairs = form_urlencoded::parse(form);
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        if field("grant_type").as_deref() != Some(GRANT_TYPE) {
            return Err(("unsupported_grant_type", "the grant type is not jwt-bearer"));
        }
        let assertion = field("assertion").ok_or(("invalid_request", "there is no assertion"))?;
        let claims = self.verified(&assertion)?;
        let scopes = self.check(&claims, now_s)?;
        let granted = scopes.join(" ");
        let text = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let mut tokens = lock(&self.tokens);
        tokens.retain(|_, token| token.expires > now_s);
        tokens.insert(text.clone(), Token { expires: now_s + TOKEN_LIFE_S, scopes });
        Ok(json!({
            "access_token": text,
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE_S - 1,
            "scope": granted,
        }))
    }

    /// The claims of an assertion whose signature is the client's.
    fn verified(&self, assertion: &str) -> Result<Value, Refused> {
        const UNREADABLE: Refused = ("invalid_grant", "the assertion cannot be read");
        let (signed, signature) = assertion.rsplit_once('.').ok_or(UNREADABLE)?;
        let (header, claims) = signed.split_once('.').ok_or(UNREADABLE)?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| UNREADABLE);
        let read = |text: &str| -> Result<Value, Refused> {
            serde_json::from_slice(&decode(text)?).map_err(|_| UNREADABLE)
        };
        let header = read(header)?;
        if header["alg"] != "RS256" || header["kid"] != KEY_ID {
            return Err(("invalid_grant", "the key or algorithm is not the registered one"));
        }
        let signature = decode(signature)?;
        let key = self.key.public_key();
        if !key.verifies(Algorithm::Rs256, signed.as_bytes(), &signature) {
            return Err(("invalid_grant", "the signature does not hold"));
        }
        read(claims)
    }

    /// The scopes that good claims ask for.
    fn check(&self, claims: &Value, now_s: i64) -> Result<Vec<&'static str>, Refused> {
        if claims["aud"] != self.issuer.as_str() {
            return Err(("invalid_grant", "the audience is another"));
        }
        if claims["iss"] != CLIENT_ID {
            return Err(("invalid_client", "the client is unknown"));
        }
        let scopes =
            scopes_asked(claims).ok_or(("invalid_scope", "the scope is not this client's"))?;
        let time = |name: &str| claims[name].as_i64();
        let (Some(issued), Some(expires)) = (time("iat"), time("exp")) else {
            return Err(("invalid_grant", "iat or exp is missing"));
        };
        let lives = expires - issued <= ASSERTION_LIFE_S && expires + SKEW_S > now_s;
        if !lives || issued > now_s + SKEW_S {
            return Err(("invalid_grant", "the assertion's times are not allowed"));
        }
        let id = claims["jti"].as_str().ok_or(("invalid_grant", "jti is missing"))?;
        let mut used = lock(&self.used);
        used.retain(|_, forget| *forget > now_s);
        if used.insert(id.to_owned(), expires + SKEW_S).is_some() {
            return Err(("invalid_grant", "the assertion has been used"));
        }
        Ok(scopes)
    }
}

/// The scopes in the claims: at least one, and all of them the client's.
fn scopes_asked(claims: &Value) -> Option<Vec<&'static str>> {
    let asked = claims["scope"].as_str()?.split_ascii_whitespace();
    let known = |scope: &str| SCOPES.into_iter().find(|known| *known == scope);
    let scopes: Vec<&'static str> = asked.map(known).collect::<Option<_>>()?;
    (!scopes.is_empty()).then_some(scopes)
}

/// The token endpoint.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new().route("/maskinporten/token", post(post_token)).with_state(sandbox)
}

/// What the sandbox tells of it.
pub(crate) fn control(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/sandbox/maskinporten-client", get(get_client))
        .route("/sandbox/maskinporten/expire", post(post_expire))
        .with_state(sandbox)
}

async fn post_token(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let no_store = [(CACHE_CONTROL, "no-store")];
    match sandbox.maskinporten.grant(&body, now_s()) {
        Ok(granted) => (no_store, Json(granted)).into_response(),
        Err((error, description)) => {
            let body = json!({ "error": error, "error_description": description });
            (StatusCode::BAD_REQUEST, no_store, Json(body)).into_response()
        }
    }
}

async fn get_client(State(sandbox): State<Arc<Sandbox>>) -> Result<Json<Value>, StatusCode> {
    sandbox.maskinporten.client().map(Json).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn post_expire(State(sandbox): State<Arc<Sandbox>>) -> StatusCode {
    sandbox.maskinporten.expire_all();
    StatusCode::NO_CONTENT
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}
