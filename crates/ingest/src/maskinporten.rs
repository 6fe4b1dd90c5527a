//! Access tokens from Maskinporten: the JWT-bearer grant (RFC 7523), signed with our own key.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::header::ACCEPT;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::config::MaskinportenConfig;
use crate::der;

/// How long an assertion is valid: Maskinporten takes at most this.
const ASSERTION_VALID_S: i64 = 120;
/// A token is renewed this long before it expires, so that it does not expire on its way.
const RENEW_BEFORE_S: i64 = 10;
/// The grant type of RFC 7523.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// Why the client's key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the Maskinporten key file cannot be read")]
    File(#[source] std::io::Error),
    /// The file holds neither an RSA private key as a JWK nor one as PEM.
    #[error("the Maskinporten key file holds no private RSA key, as a JWK or as PEM")]
    Format,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It may be had later: Maskinporten is away, or answered with something unreadable.
    #[error("no access token for now: {0}")]
    Later(&'static str),
    /// Maskinporten refuses our client, assertion or scope.
    #[error("Maskinporten refused a token: status {status}, {code}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The error code of OAuth 2.0, such as `invalid_grant`.
        code: String,
    },
    /// The key cannot sign.
    #[error("the Maskinporten key cannot sign")]
    Signing(#[source] jsonwebtoken::errors::Error),
}

/// An access token. Its text is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(String);

impl Bearer {
    /// The text, for the `Authorization` header alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Bearer(…)")
    }
}

/// The client's private key and its name at Maskinporten.
pub struct ClientKey {
    key: EncodingKey,
    key_id: Option<String>,
}

impl ClientKey {
    /// Reads a key file: a JWK (with `kty` RSA and all the private members) or PEM.
    ///
    /// # Errors
    /// [`KeyError::Format`] if it is neither.
    pub fn read(file: &[u8]) -> Result<ClientKey, KeyError> {
        if !file.trim_ascii_start().starts_with(b"{") {
            let key = EncodingKey::from_rsa_pem(file).map_err(|_| KeyError::Format)?;
            return Ok(ClientKey { key, key_id: None });
        }
        // serde_json's text could quote the key, so it is dropped.
        let jwk: PrivateJwk = serde_json::from_slice(file).map_err(|_| KeyError::Format)?;
        let members = [&jwk.n, &jwk.e, &jwk.d, &jwk.p, &jwk.q, &jwk.dp, &jwk.dq, &jwk.qi];
        let numbers: Result<Vec<Vec<u8>>, _> =
            members.into_iter().map(|member| URL_SAFE_NO_PAD.decode(member)).collect();
        let numbers = numbers.map_err(|_| KeyError::Format)?;
        let key = EncodingKey::from_rsa_der(&der::rsa_private_key(&numbers));
        Ok(ClientKey { key, key_id: jwk.kid })
    }

    /// An assertion that asks for a token, valid for two minutes from `now_s`.
    ///
    /// # Errors
    /// [`TokenError::Signing`] if the key cannot sign.
    pub fn assertion(
        &self,
        config: &MaskinportenConfig,
        now_s: i64,
        id: Uuid,
    ) -> Result<String, TokenError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = config.key_id.clone().or_else(|| self.key_id.clone());
        let claims = Claims {
            iss: &config.client_id,
            aud: &config.audience,
            scope: &config.scope,
            iat: now_s,
            exp: now_s + ASSERTION_VALID_S,
            jti: id.to_string(),
        };
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(TokenError::Signing)
    }
}

#[derive(Deserialize)]
struct PrivateJwk {
    kid: Option<String>,
    n: String,
    e: String,
    d: String,
    p: String,
    q: String,
    dp: String,
    dq: String,
    qi: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    scope: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// A token and the second from which a new one is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Held {
    bearer: Bearer,
    renew_at_s: i64,
}

/// Hands out one access token to all calls until it is about to expire.
pub struct Maskinporten {
    http: reqwest::Client,
    config: MaskinportenConfig,
    key: ClientKey,
    held: Mutex<Option<Held>>,
}

impl Maskinporten {
    /// Reads the key file that the configuration names.
    ///
    /// # Errors
    /// When there is no usable key in it.
    pub fn new(http: reqwest::Client, config: MaskinportenConfig) -> Result<Self, KeyError> {
        let file = std::fs::read(&config.key_file).map_err(KeyError::File)?;
        let key = ClientKey::read(&file)?;
        Ok(Maskinporten { http, config, key, held: Mutex::new(None) })
    }

    /// The token that holds now. Callers that come while one is fetched wait for that one.
    ///
    /// # Errors
    /// When there is none and none can be had.
    pub async fn bearer(&self) -> Result<Bearer, TokenError> {
        let mut held = self.held.lock().await;
        let now_s = now_s();
        if let Some(held) = held.as_ref().filter(|held| now_s < held.renew_at_s) {
            return Ok(held.bearer.clone());
        }
        let assertion = self.key.assertion(&self.config, now_s, Uuid::new_v4())?;
        let fresh = self.fetch(&assertion, now_s).await?;
        Ok(held.insert(fresh).bearer.clone())
    }

    /// Forgets a token that was refused, unless another has taken its place already.
    pub async fn forget(&self, refused: &Bearer) {
        let mut held = self.held.lock().await;
        held.take_if(|held| held.bearer == *refused);
    }

    async fn fetch(&self, assertion: &str, now_s: i64) -> Result<Held, TokenError> {
        let form = [("grant_type", GRANT_TYPE), ("assertion", assertion)];
        let request = self.http.post(&self.config.token_url).form(&form);
        let response = request.header(ACCEPT, "application/json").send().await;
        let response = response.map_err(|_| TokenError::Later("no answer"))?;
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(|_| TokenError::Later("a broken answer"))?;
        read_answer(status, &body, now_s)
    }
}

/// What the token endpoint's answer means.
fn read_answer(status: u16, body: &[u8], now_s: i64) -> Result<Held, TokenError> {
    match status {
        200..=299 => {
            let granted = serde_json::from_slice::<Granted>(body);
            let granted = granted.map_err(|_| TokenError::Later("an unreadable answer"))?;
            Ok(hold(granted, now_s))
        }
        400 | 401 | 403 => {
            let refusal = serde_json::from_slice::<Refusal>(body);
            // A page of a firewall or a proxy is not Maskinporten's word.
            let refusal = refusal.map_err(|_| TokenError::Later("an unreadable refusal"))?;
            Err(TokenError::Refused { status, code: refusal.error.chars().take(60).collect() })
        }
        429 => Err(TokenError::Later("too many requests")),
        _ => Err(TokenError::Later("an error")),
    }
}

/// A short-lived token is renewed at half its life, so that it is used at all.
fn hold(granted: Granted, now_s: i64) -> Held {
    let margin = RENEW_BEFORE_S.min(granted.expires_in / 2);
    Held { bearer: Bearer(granted.access_token), renew_at_s: now_s + granted.expires_in - margin }
}

fn now_s() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(now.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::KeyPair as _;
    use base64::engine::general_purpose::STANDARD;
    use jsonwebtoken::{DecodingKey, Validation};
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_767_000_000;

    fn config() -> MaskinportenConfig {
        MaskinportenConfig {
            audience: "https://maskinporten.example/".to_owned(),
            client_id: "client".to_owned(),
            scope: "a:b/c".to_owned(),
            ..MaskinportenConfig::default()
        }
    }

    fn pem(key: &KeyPair) -> String {
        let der: Pkcs8V1Der = key.as_der().unwrap();
        let (begin, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");
        format!("{begin}\n{}\n{end}\n", STANDARD.encode(der.as_ref()))
    }

    /// The element that `der` begins with, and what follows it.
    fn split(der: &[u8]) -> (&[u8], &[u8]) {
        let (start, length) = match der[1] {
            short @ 0..=0x7f => (2, usize::from(short)),
            long => {
                let bytes = usize::from(long & 0x7f);
                let size = der[2..2 + bytes].iter().fold(0, |n, byte| n << 8 | usize::from(*byte));
                (2 + bytes, size)
            }
        };
        der[start..].split_at(length)
    }

    /// The key as the JWK that a client is given.
    fn jwk(key: &KeyPair) -> String {
        let pkcs8: Pkcs8V1Der = key.as_der().unwrap();
        let (outer, _) = split(pkcs8.as_ref());
        let (_version, rest) = split(outer);
        let (_algorithm, rest) = split(rest);
        let (octets, _) = split(rest);
        let (mut rest, _) = split(octets);
        let mut numbers = Vec::new();
        while !rest.is_empty() {
            let (number, after) = split(rest);
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            numbers.push(URL_SAFE_NO_PAD.encode(&number[zeros..]));
            rest = after;
        }
        let names = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];
        let members = names.into_iter().zip(numbers.into_iter().skip(1));
        let mut jwk = json!({"kty": "RSA", "kid": "our-key", "use": "sig", "alg": "RS256"});
        jwk.as_object_mut()
            .unwrap()
            .extend(members.map(|(name, number)| (name.to_owned(), Value::from(number))));
        jwk.to_string()
    }

    fn verified(key: &KeyPair, assertion: &str) -> (Option<String>, Value) {
        let public = key.public_key();
        let (n, e) = (public.modulus(), public.exponent());
        let public = DecodingKey::from_rsa_raw_components(
            n.big_endian_without_leading_zero(),
            e.big_endian_without_leading_zero(),
        );
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_audience(&["https://maskinporten.example/"]);
        rules.validate_exp = false;
        let token = jsonwebtoken::decode::<Value>(assertion, &public, &rules).unwrap();
        (token.header.kid, token.claims)
    }

    #[test]
    fn a_key_signs_alike_whether_it_comes_as_pem_or_as_a_jwk() {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let id = Uuid::from_u128(7);
        let mut named = config();
        named.key_id = Some("named".to_owned());
        let table = [
            (pem(&key), config(), None),
            (jwk(&key), config(), Some("our-key")),
            (jwk(&key), named, Some("named")),
        ];
        for (file, config, key_id) in table {
            let client = ClientKey::read(file.as_bytes()).unwrap();
            let assertion = client.assertion(&config, NOW, id).unwrap();
            let (kid, claims) = verified(&key, &assertion);
            assert_eq!(kid.as_deref(), key_id);
            let expected = json!({"iss": "client", "aud": "https://maskinporten.example/",
                "scope": "a:b/c", "iat": NOW, "exp": NOW + 120, "jti": id.to_string()});
            assert_eq!(claims, expected);
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_quoted() {
        for file in ["", "{}", "geheim", r#"{"kty":"EC","d":"geheim"}"#, r#"{"n":"ø"}"#] {
            let error = ClientKey::read(file.as_bytes()).err().unwrap();
            assert!(matches!(error, KeyError::Format), "{file}");
            assert!(!format!("{error} {error:?}").contains("geheim"));
        }
    }

    #[test]
    fn a_token_is_held_until_shortly_before_it_expires() {
        let held = |expires_in: i64| {
            let body = json!({"access_token": "t", "expires_in": expires_in}).to_string();
            read_answer(200, body.as_bytes(), NOW).unwrap().renew_at_s - NOW
        };
        assert_eq!([held(120), held(20), held(3), held(0)], [110, 10, 2, 0]);
    }

    #[test]
    fn only_a_refusal_of_oauth_is_final() {
        let refusal = br#"{"error":"invalid_scope"}"#;
        let outcome = |status, body: &[u8]| match read_answer(status, body, NOW) {
            Ok(_) => "token",
            Err(TokenError::Later(_)) => "later",
            Err(TokenError::Refused { .. }) => "refused",
            Err(TokenError::Signing(_)) => "signing",
        };
        assert_eq!(outcome(400, refusal), "refused");
        assert_eq!(outcome(401, refusal), "refused");
        assert_eq!(outcome(403, b"<html>"), "later");
        assert_eq!(outcome(200, b"{}"), "later");
        assert_eq!(outcome(429, refusal), "later");
        assert_eq!(outcome(500, refusal), "later");
        assert_eq!(outcome(302, b""), "later");
    }

    #[test]
    fn debug_shows_no_token() {
        let held = read_answer(200, br#"{"access_token":"geheim","expires_in":9}"#, NOW);
        assert!(!format!("{held:?}").contains("geheim"));
    }
}
