//! A running API, and short ways to call it.

use std::net::SocketAddr;
use std::time::Duration;

use api::{ApiConfig, ApiError, Server};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::Value;
use store::{Secret, Store, StoreConfig};
use testkit::database::TestDatabase;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::issuer::{Issuer, proof};
use crate::{logs, persons};

/// The public name of the API under test. Nobody resolves it: it only has to stand in proofs.
pub const BASE_URL: &str = "https://persontjenesten.test/base";
pub const FORM: &str = "application/x-www-form-urlencoded";
const V2_PATHS: [&str; 2] = ["/api/legal-basis", "/api/no-legal-basis"];
pub const NAME: &str = "informationParts=Name";

pub struct TestApi {
    pub store: Store,
    pub issuer: Issuer,
    pub address: SocketAddr,
    pub health: SocketAddr,
    pub shutdown: CancellationToken,
    pub running: JoinHandle<Result<(), ApiError>>,
    http: reqwest::Client,
    // Last, so that the database goes after those who use it.
    pub database: TestDatabase,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The code at the end of a problem's type; empty when it is no problem.
    pub fn problem(&self) -> String {
        if self.header("content-type") != "application/problem+json" {
            return String::new();
        }
        let body = self.json();
        assert_eq!(body["status"], self.status, "{self:?}");
        assert_eq!(body["traceId"], self.header("trace-id"), "{self:?}");
        let kind = body["type"].as_str().expect("a type");
        kind.strip_prefix(&format!("{BASE_URL}/problems/")).expect("our type").to_owned()
    }

    #[track_caller]
    pub fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.problem().as_str()), (status, code), "{self:?}");
    }

    pub async fn read(response: reqwest::Response) -> Answer {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        if status >= 400 {
            testkit::said::append(format!("{headers:?} {text}\n").as_bytes());
        }
        Answer { status, headers, text }
    }
}

impl TestApi {
    /// A server with three persons.
    pub async fn start() -> TestApi {
        let api = TestApi::start_with(|_| {}).await;
        persons::seed(&api.store, 3).await;
        api
    }

    /// A server with an empty register and these changes to the settings.
    pub async fn start_with(change: impl FnOnce(&mut ApiConfig)) -> TestApi {
        TestApi::start_behind(|url| url, change).await
    }

    /// The same, with another way to the database than the straight one.
    pub async fn start_behind(
        way: impl FnOnce(String) -> String,
        change: impl FnOnce(&mut ApiConfig),
    ) -> TestApi {
        logs::capture();
        let database = TestDatabase::create().await;
        let url = Secret::new(way(database.url()));
        let store = Store::connect(&StoreConfig { url, ..StoreConfig::default() }).await;
        let store = store.expect("a store");
        let issuer = Issuer::start().await;
        let mut config = ApiConfig {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            health_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_base_url: BASE_URL.to_owned(),
            ..ApiConfig::default()
        };
        config.helseid.issuer = issuer.name();
        config.timeouts.drain_wait_ms = 0;
        change(&mut config);
        let server = Server::bind(config, store.clone(), || "# metrics\n".to_owned()).await;
        let server = server.expect("a server");
        let (address, health) = (server.address(), server.health_address());
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(server.run(shutdown.clone()));
        let api = TestApi {
            store,
            issuer,
            address: address.expect("an address"),
            health: health.expect("an address"),
            shutdown,
            running,
            http: reqwest::Client::new(),
            database,
        };
        api.wait_for_keys().await;
        api
    }

    async fn wait_for_keys(&self) {
        for _ in 0..500 {
            if !self.health("/health/ready").await.text.contains("keys:") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the keys are not fetched");
    }

    pub async fn health(&self, path: &str) -> Answer {
        let response = self.http.get(format!("http://{}{path}", self.health)).send().await;
        Answer::read(response.expect("an answer")).await
    }

    pub async fn get(&self, scope: &str, target: &str) -> Answer {
        self.send(self.request(Method::GET, scope, target)).await
    }

    pub async fn post(&self, scope: &str, target: &str, form: &str) -> Answer {
        let request = self.request(Method::POST, scope, target);
        self.send(request.header("content-type", FORM).body(form.to_owned())).await
    }

    /// A request with a good token and a good proof.
    pub fn request(&self, method: Method, scope: &str, target: &str) -> reqwest::RequestBuilder {
        self.request_with(method, target, &self.issuer.token(scope))
    }

    /// A request with this token and a good proof; in version 2 there are no proofs.
    pub fn request_with(
        &self,
        method: Method,
        target: &str,
        token: &str,
    ) -> reqwest::RequestBuilder {
        if V2_PATHS.iter().any(|path| target.starts_with(path)) {
            return self.bare(method, target).bearer_auth(token);
        }
        let proof = proof(method.as_str(), &called(target), token);
        self.bare(method, target).header("authorization", dpop(token)).header("dpop", proof)
    }

    /// A request with neither.
    pub fn bare(&self, method: Method, target: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("http://{}{target}", self.address))
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::read(request.send().await.expect("an answer")).await
    }
}

/// The address that a proof is made over.
pub fn called(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    format!("{BASE_URL}{path}")
}

pub fn dpop(token: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("DPoP {token}")).expect("a header value")
}
