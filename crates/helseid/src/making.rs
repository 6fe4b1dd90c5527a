//! What a client makes: proofs, client assertions; and the key document of an issuer.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::compact::encode;
use crate::signing_key::{KeyFault, SigningKey};

/// How long a client assertion is good: HelseID takes at most a minute.
const ASSERTION_LIFETIME_S: i64 = 60;

/// The `ath` of an access token: base64url of SHA-256 over the whole compact token.
pub fn access_token_hash(access_token: &str) -> String {
    encode(digest(&SHA256, access_token.as_bytes()).as_ref())
}

/// A DPoP proof for one call. `url` is the address without query and fragment; `access_token` is
/// given in calls to an API, `nonce` only toward HelseID. `jti` must be new each time, `iat` is
/// seconds since 1970.
///
/// # Errors
/// [`KeyFault::Library`].
pub fn make_proof(
    key: &SigningKey,
    method: &str,
    url: &str,
    access_token: Option<&str>,
    nonce: Option<&str>,
    jti: &str,
    iat: i64,
) -> Result<String, KeyFault> {
    let mut claims = json!({"htm": method, "htu": url, "iat": iat, "jti": jti});
    if let Some(token) = access_token {
        claims["ath"] = json!(access_token_hash(token));
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    key.sign_jwt(&[("typ", json!("dpop+jwt")), ("jwk", key.public_jwk())], &claims)
}

/// The assertion by which a client says who it is (private_key_jwt, RFC 7523), good for a minute.
/// `audience` is HelseID's issuer.
///
/// # Errors
/// [`KeyFault::Library`].
pub fn make_client_assertion(
    key: &SigningKey,
    kid: Option<&str>,
    client_id: &str,
    audience: &str,
    jti: &str,
    iat: i64,
) -> Result<String, KeyFault> {
    let mut header = vec![("typ", json!("client-authentication+jwt"))];
    header.extend(kid.map(|kid| ("kid", json!(kid))));
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": jti,
        "iat": iat,
        "nbf": iat,
        "exp": iat + ASSERTION_LIFETIME_S,
    });
    key.sign_jwt(&header, &claims)
}

/// A JWKS document: each public key with its `kid`, `alg` and `use`.
pub fn jwks_document<'a>(keys: impl IntoIterator<Item = (&'a str, &'a SigningKey)>) -> Value {
    let publish = |(kid, key): (&str, &SigningKey)| {
        let mut jwk = key.public_jwk();
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(key.algorithm().name());
        jwk
    };
    json!({"keys": keys.into_iter().map(publish).collect::<Vec<_>>()})
}
