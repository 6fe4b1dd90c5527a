//! A running sandbox and a client that has a token.

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use helseid::SigningKey;
use reqwest::{Method, Response, StatusCode};
use sandbox::{SandboxConfig, serve};
use serde_json::{Value, json};
use tokio::sync::{OnceCell, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::shape;

pub const FREG: &str = "/folkeregisteret/offentlig-med-hjemmel/api/v1";

/// All elements of this population with history.
pub const EVERYTHING: &str = "part=person-basis&part=relasjon-utvidet&part=historikk\
     &part=identitetsgrunnlag-utvidet&part=utlendingsmyndighetenesIdentifikasjonsnummer\
     &part=innflytting&part=utflytting&part=foedselINorge&part=opphold&part=RettsligHandleevne\
     &part=bibehold&part=brukAvSamiskSpraak&part=oppholdPaaSvalbard&part=preferertKontaktadresse";

/// A sandbox as its clients see it.
#[derive(Clone)]
pub struct Running {
    pub url: String,
    pub token: String,
}

/// A sandbox of one's own, to change as one likes; it ends with the test's runtime.
pub async fn start(persons: u64, changes_per_second: f64) -> Running {
    let (ready, address) = oneshot::channel();
    let config = SandboxConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: String::new(),
        persons,
        seed: 42,
        changes_per_second,
    };
    tokio::spawn(serve(config, CancellationToken::new(), ready));
    let url = format!("http://{}", address.await.expect("it starts"));
    let token = Client::of(&url).await.token().await;
    Running { url, token }
}

/// The sandbox of all tests that only read, with 6000 persons.
pub async fn shared() -> Running {
    static RUNTIME: LazyLock<tokio::runtime::Runtime> =
        LazyLock::new(|| tokio::runtime::Runtime::new().expect("a runtime"));
    static SHARED: OnceCell<Running> = OnceCell::const_new();
    let begin = || async { RUNTIME.spawn(start(6_000, 0.0)).await.expect("it starts") };
    SHARED.get_or_init(begin).await.clone()
}

impl Running {
    /// A request with the token.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.url);
        reqwest::Client::new().request(method, url).bearer_auth(&self.token)
    }

    /// `GET` of a resource of the register.
    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, &format!("{FREG}/{path}"))).await
    }

    /// `POST` to a resource of the register.
    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request(Method::POST, &format!("{FREG}/{path}")).json(body)).await
    }

    /// `GET` under `/sandbox`.
    pub async fn look(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, &format!("/sandbox/{path}"))).await
    }

    /// A call under `/sandbox` with a body.
    pub async fn command(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request(method, &format!("/sandbox/{path}")).json(body)).await
    }

    /// Makes a change that must succeed.
    pub async fn change(&self, body: &Value) -> Value {
        let (status, done) = self.command(Method::POST, "changes", body).await;
        assert_eq!(status, 200, "{done}");
        done
    }

    /// The numbers of some persons.
    pub async fn numbers(&self, offset: u64, limit: u64) -> Vec<String> {
        let (_, listed) = self.look(&format!("persons?offset={offset}&limit={limit}")).await;
        let persons = listed["persons"].as_array().expect("a list").iter();
        persons.map(|person| text(&person["number"])).collect()
    }

    /// The newest sequence.
    pub async fn last_sequence(&self) -> i64 {
        self.get("hendelser/siste/sekvensnummer").await.1.as_i64().expect("a bare number")
    }
}

async fn read(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let response: Response = request.send().await.expect("an answer");
    let status = response.status();
    let body = response.bytes().await.expect("a whole body");
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

/// The registered client at Maskinporten.
pub struct Client {
    pub description: Value,
    key: SigningKey,
}

impl Client {
    pub async fn of(url: &str) -> Client {
        let response = reqwest::get(format!("{url}/sandbox/maskinporten-client")).await;
        let description: Value = response.expect("there").json().await.expect("JSON");
        let jwk = description["privateKey"].to_string();
        let key = SigningKey::from_jwk(jwk.as_bytes()).expect("a private key");
        Client { description, key }
    }

    /// The claims of a good assertion.
    pub fn claims(&self) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        json!({
            "iss": self.description["clientId"],
            "aud": self.description["audience"],
            "scope": self.description["scope"],
            "iat": now,
            "exp": now + 60,
            "jti": Uuid::new_v4().to_string(),
        })
    }

    /// An assertion with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        let kid = self.description["privateKey"]["kid"].clone();
        self.key.sign_jwt(&[("kid", kid)], claims).expect("signed")
    }

    /// What the token endpoint says to an assertion.
    pub async fn ask(&self, assertion: &str) -> (StatusCode, Value) {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion),
        ];
        let url = self.description["tokenUrl"].as_str().expect("an address");
        read(reqwest::Client::new().post(url).form(&form)).await
    }

    pub async fn token(&self) -> String {
        let (status, granted) = self.ask(&self.sign(&self.claims())).await;
        assert_eq!(status, 200, "{granted}");
        text(&granted["access_token"])
    }
}

/// A fixture by name.
pub fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(path).expect("the fixture is there");
    serde_json::from_slice(&text).expect("the fixture is JSON")
}

/// The value has exactly the fields and types of the fixture.
pub fn assert_shape(value: &Value, name: &str) {
    assert_eq!(shape::of(value), shape::of(&fixture(name)), "{name}");
}

pub fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
