//! A HelseID of our own: it publishes keys and signs whatever a test wants to see refused.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use helseid::{Algorithm, SigningKey, jwks_document, make_proof};
use serde_json::{Value, json};

pub const AUDIENCE: &str = "nhn:hgd-persontjenesten-api";
pub const FULL: &str = "nhn:hgd-persontjenesten-api/full-access";
pub const RESTRICTED: &str = "nhn:hgd-persontjenesten-api/restricted-access";
pub const LEGAL: &str = "nhn:hgd-persontjenesten-api/read-with-legal-basis";
pub const NO_LEGAL: &str = "nhn:hgd-persontjenesten-api/read-no-legal-basis";
pub const ORGNR_PARENT: &str = "helseid://claims/client/claims/orgnr_parent";

/// Making RSA keys takes time, so the tests share them.
pub static ISSUER_KEY: LazyLock<SigningKey> = LazyLock::new(rsa);
pub static OTHER_KEY: LazyLock<SigningKey> = LazyLock::new(rsa);
/// The client's key, which its tokens are bound to.
pub static CLIENT_KEY: LazyLock<SigningKey> = LazyLock::new(|| elliptic(Algorithm::Es256));

fn rsa() -> SigningKey {
    SigningKey::generate(Algorithm::Rs256).expect("a key")
}

pub fn elliptic(algorithm: Algorithm) -> SigningKey {
    SigningKey::generate(algorithm).expect("a key")
}

/// The issuer's web server.
#[derive(Clone)]
pub struct Issuer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    key_set: Mutex<Value>,
    fetches: AtomicUsize,
    away: AtomicBool,
}

impl Issuer {
    pub async fn start() -> Issuer {
        let shared = Arc::new(Shared::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let issuer = Issuer { address, shared };
        issuer.publish(&[("first", &ISSUER_KEY)]);
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/jwks", get(key_set))
            .with_state(issuer.clone());
        tokio::spawn(async { axum::serve(listener, routes).await });
        issuer
    }

    pub fn name(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Publishes these keys instead of those before.
    pub fn publish(&self, keys: &[(&str, &SigningKey)]) {
        *self.shared.key_set.lock().expect("no panic") = jwks_document(keys.iter().copied());
    }

    pub fn go_away(&self) {
        self.shared.away.store(true, Ordering::SeqCst);
    }

    pub fn fetches(&self) -> usize {
        self.shared.fetches.load(Ordering::SeqCst)
    }

    /// The claims of a good token for this scope: bound to the client's key, but for version 2.
    pub fn claims(&self, scope: &str) -> Value {
        let now = now_s();
        let mut claims = json!({
            "iss": self.name(),
            "aud": AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + 600,
            "client_id": "a-client",
            "jti": unique(),
            "scope": [scope],
            "cnf": {"jkt": CLIENT_KEY.thumbprint()},
            ORGNR_PARENT: "999977777",
        });
        if [LEGAL, NO_LEGAL].contains(&scope) {
            claims.as_object_mut().expect("an object").remove("cnf");
        }
        claims
    }

    /// A good token for this scope.
    pub fn token(&self, scope: &str) -> String {
        sign(&ISSUER_KEY, "first", &self.claims(scope))
    }
}

async fn metadata(State(issuer): State<Issuer>) -> Response {
    let name = issuer.name();
    Json(json!({"issuer": name, "jwks_uri": format!("{name}/jwks")})).into_response()
}

async fn key_set(State(issuer): State<Issuer>) -> Response {
    if issuer.shared.away.load(Ordering::SeqCst) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    issuer.shared.fetches.fetch_add(1, Ordering::SeqCst);
    Json(issuer.shared.key_set.lock().expect("no panic").clone()).into_response()
}

pub fn sign(key: &SigningKey, kid: &str, claims: &Value) -> String {
    key.sign_jwt(&[("typ", json!("at+jwt")), ("kid", json!(kid))], claims).expect("a token")
}

/// A good proof for this call.
pub fn proof(method: &str, url: &str, token: &str) -> String {
    make_proof(&CLIENT_KEY, method, url, Some(token), None, &unique(), now_s()).expect("a proof")
}

pub fn now_s() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64
}

/// A text that no other call of this run gives.
pub fn unique() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}
