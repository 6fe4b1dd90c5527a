//! A client of the Person API with a client of the sandbox's HelseID in it: for checks and load.

mod contacts;
#[cfg(test)]
mod tests;

pub use contacts::{ContactState, contact_record, contacts};

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use helseid::{Algorithm, KeyFault, SigningKey, make_client_assertion, make_proof};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{RequestBuilder, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helseid::now_s;

const TIMEOUT: Duration = Duration::from_secs(30);

/// A token is not used in its last seconds, so that it does not expire on the way.
const SPARE_S: i64 = 30;

/// A caller of the Person API: holds one client's keys, keeps its access token, and makes a new
/// proof for each call. Share one between tasks: connections and the token are reused.
pub struct ApiClient {
    http: reqwest::Client,
    issuer: String,
    token_url: String,
    api_url: String,
    client_id: String,
    kid: Option<String>,
    client_key: SigningKey,
    proof_key: SigningKey,
    scope: String,
    token: RwLock<Option<Arc<Token>>>,
    fetching: tokio::sync::Mutex<()>,
}

/// An answer of the API, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, empty if there is none.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Errors
    /// [`ClientError::Unreadable`].
    pub fn json(&self) -> Result<Value, ClientError> {
        serde_json::from_slice(&self.body).map_err(|_| ClientError::Unreadable)
    }
}

/// Why a call did not come to an answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The sandbox or the API cannot be reached, or broke off.
    #[error("the service cannot be reached")]
    Http(#[source] reqwest::Error),
    /// The sandbox has no client of this name.
    #[error("the sandbox does not know the client")]
    UnknownClient,
    /// HelseID gave no token; the status and its OAuth error code.
    #[error("HelseID gives no token: {status} {error}")]
    Refused {
        /// The HTTP status code.
        status: u16,
        /// The member `error`, empty if there is none.
        error: String,
    },
    /// An answer is not in the form it should be.
    #[error("an answer cannot be read")]
    Unreadable,
    /// A key cannot be made, read or used.
    #[error("a key cannot be used")]
    Key(#[source] KeyFault),
}

impl From<reqwest::Error> for ClientError {
    /// Addresses are left out of error texts, here as everywhere.
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

impl From<KeyFault> for ClientError {
    fn from(fault: KeyFault) -> Self {
        Self::Key(fault)
    }
}

/// A client of HelseID: who it is, what it asks for, and the key that proves it.
pub struct Credentials {
    /// The issuer, as it names itself in its metadata.
    pub issuer: String,
    /// The client's id at the issuer.
    pub client_id: String,
    /// The client's private key as a JWK, with its `kid`.
    pub private_jwk: Value,
    /// The scopes to ask for, with spaces between.
    pub scope: String,
}

struct Token {
    text: String,
    use_until_s: i64,
}

#[derive(Deserialize)]
struct Registration {
    client_id: String,
    scopes: Vec<String>,
    private_jwk: Value,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    token_endpoint: String,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenRefusal {
    error: String,
}

impl ApiClient {
    /// Takes on the part of one of the sandbox's ready-made clients toward the API at `api_url`,
    /// which must be the public base URL that the API is configured with. All the client's scopes
    /// for version 3 are asked for; see [`Self::with_scopes`].
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn connect(
        sandbox_url: &str,
        client_id: &str,
        api_url: &str,
    ) -> Result<Self, ClientError> {
        let sandbox_url = sandbox_url.trim_end_matches('/');
        let http = reqwest::Client::builder().timeout(TIMEOUT).build()?;
        let clients: Vec<Registration> =
            get_json(&http, &format!("{sandbox_url}/sandbox/clients")).await?;
        let client = clients.into_iter().find(|client| client.client_id == client_id);
        let Registration { client_id, scopes, private_jwk } =
            client.ok_or(ClientError::UnknownClient)?;
        let of_version_3 = |scope: &String| scope.ends_with("-access");
        let scope = scopes.into_iter().filter(of_version_3).collect::<Vec<_>>().join(" ");
        let issuer = sandbox_url.to_owned();
        Self::open(http, Credentials { issuer, client_id, private_jwk, scope }, api_url).await
    }

    /// Acts as any client of HelseID, the sandbox's or the real one's, toward the API at `api_url`.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn with_credentials(
        credentials: Credentials,
        api_url: &str,
    ) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).build()?;
        Self::open(http, credentials, api_url).await
    }

    /// Reads where the issuer hands out tokens. What it calls itself is what assertions are meant
    /// for; the sandbox may be reached by another address than that.
    async fn open(
        http: reqwest::Client,
        credentials: Credentials,
        api_url: &str,
    ) -> Result<Self, ClientError> {
        let Credentials { issuer, client_id, private_jwk, scope } = credentials;
        let issuer = issuer.trim_end_matches('/');
        let metadata = format!("{issuer}/.well-known/openid-configuration");
        let discovery: Discovery = get_json(&http, &metadata).await?;
        Ok(Self {
            http,
            issuer: discovery.issuer,
            token_url: discovery.token_endpoint,
            api_url: api_url.trim_end_matches('/').to_owned(),
            client_id,
            kid: private_jwk["kid"].as_str().map(str::to_owned),
            client_key: SigningKey::from_jwk(private_jwk.to_string().as_bytes())?,
            // Elliptic signatures are quick to make, and the proof is made for each call.
            proof_key: SigningKey::generate(Algorithm::Es256)?,
            scope,
            token: RwLock::new(None),
            fetching: tokio::sync::Mutex::new(()),
        })
    }

    /// Asks for exactly these scopes.
    #[must_use]
    pub fn with_scopes(mut self, scopes: &[&str]) -> Self {
        self.scope = scopes.join(" ");
        self.token = RwLock::new(None);
        self
    }

    /// `GET` of an address below the API's base URL, as `/api/v3/event/latest?a=b`.
    ///
    /// # Errors
    /// [`ClientError`] if there is no answer; an answer with an error status is an [`Answer`].
    pub async fn get(&self, path_and_query: &str) -> Result<Answer, ClientError> {
        let request = self.http.get(format!("{}{path_and_query}", self.api_url));
        self.call(request, "GET", path_and_query).await
    }

    /// `POST` of a form.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn post_form(
        &self,
        path_and_query: &str,
        form: &[(&str, &str)],
    ) -> Result<Answer, ClientError> {
        let request = self.http.post(format!("{}{path_and_query}", self.api_url)).form(form);
        self.call(request, "POST", path_and_query).await
    }

    /// The access token in use, fetched if there is none: for those who make their own calls.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub async fn access_token(&self) -> Result<String, ClientError> {
        Ok(self.token().await?.text.clone())
    }

    /// The proof for one call with this access token.
    ///
    /// # Errors
    /// [`ClientError::Key`].
    pub fn proof(
        &self,
        method: &str,
        path_and_query: &str,
        access_token: &str,
    ) -> Result<String, ClientError> {
        let path = path_and_query.split(['?', '#']).next().unwrap_or_default();
        let url = format!("{}{path}", self.api_url);
        Ok(make_proof(&self.proof_key, method, &url, Some(access_token), None, &new_id(), now_s())?)
    }

    async fn call(
        &self,
        request: RequestBuilder,
        method: &str,
        path_and_query: &str,
    ) -> Result<Answer, ClientError> {
        let token = self.token().await?;
        let proof = self.proof(method, path_and_query, &token.text)?;
        let response = request
            .header(AUTHORIZATION, format!("DPoP {}", token.text))
            .header("DPoP", proof)
            .send()
            .await?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Ok(Answer { status, headers, body: response.bytes().await?.into() })
    }

    /// The token in use, or a new one; only one task fetches at a time.
    async fn token(&self) -> Result<Arc<Token>, ClientError> {
        if let Some(token) = self.usable_token() {
            return Ok(token);
        }
        let _fetching = self.fetching.lock().await;
        if let Some(token) = self.usable_token() {
            return Ok(token);
        }
        let token = Arc::new(self.fetch_token().await?);
        *self.token.write().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        Ok(token)
    }

    fn usable_token(&self) -> Option<Arc<Token>> {
        let token = self.token.read().unwrap_or_else(PoisonError::into_inner);
        token.as_ref().filter(|token| now_s() < token.use_until_s).cloned()
    }

    /// The two requests of RFC 9449 §8: HelseID answers the first with a nonce.
    async fn fetch_token(&self) -> Result<Token, ClientError> {
        let first = self.ask_for_token(None).await?;
        let nonce = first.headers().get("dpop-nonce").and_then(|nonce| nonce.to_str().ok());
        let response = match nonce.map(str::to_owned) {
            Some(nonce) if first.status().as_u16() == 400 => {
                self.ask_for_token(Some(&nonce)).await?
            }
            _ => first,
        };
        let status = response.status();
        if !status.is_success() {
            let refusal: TokenRefusal = response.json().await.unwrap_or_default();
            return Err(ClientError::Refused { status: status.as_u16(), error: refusal.error });
        }
        let TokenAnswer { access_token, expires_in } = read_json(response).await?;
        Ok(Token { text: access_token, use_until_s: now_s() + expires_in - SPARE_S })
    }

    async fn ask_for_token(&self, nonce: Option<&str>) -> Result<Response, ClientError> {
        let (now_s, url) = (now_s(), &self.token_url);
        let proof = make_proof(&self.proof_key, "POST", url, None, nonce, &new_id(), now_s)?;
        let (kid, id) = (self.kid.as_deref(), &self.client_id);
        let assertion =
            make_client_assertion(&self.client_key, kid, id, &self.issuer, &new_id(), now_s)?;
        let form = json!({
            "grant_type": "client_credentials",
            "client_id": id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            "scope": self.scope,
        });
        Ok(self.http.post(url).header("DPoP", proof).form(&form).send().await?)
    }
}

async fn get_json<T: DeserializeOwned>(
    http: &reqwest::Client,
    url: &str,
) -> Result<T, ClientError> {
    read_json(http.get(url).send().await?.error_for_status()?).await
}

async fn read_json<T: DeserializeOwned>(response: Response) -> Result<T, ClientError> {
    let body = response.bytes().await?;
    serde_json::from_slice(&body).map_err(|_| ClientError::Unreadable)
}

fn new_id() -> String {
    Uuid::new_v4().to_string()
}
