//! Keys (made once, RSA keys are slow), and a valid token and proof to spoil.

use std::sync::LazyLock;

use helseid::{
    AccessToken, AccessTokenRules, Algorithm, ExpectedProof, KeySet, ProofFault, ProofRules,
    SigningKey, TokenFault, VerifiedProof, jwks_document, make_proof, verify_access_token,
    verify_proof,
};
use serde_json::{Value, json};

pub const NOW: i64 = 1_780_000_000;
pub const ISSUER: &str = "https://helseid.example.test";
pub const AUDIENCE: &str = "nhn:hgd-persontjenesten-api";
pub const KID: &str = "0123456789ABCDEF0123456789ABCDEF01234567";
pub const URL: &str = "https://api.example.test/api/v3/person/get-by-nin";

/// One key for each algorithm.
pub fn key(algorithm: Algorithm) -> &'static SigningKey {
    static KEYS: LazyLock<Vec<SigningKey>> = LazyLock::new(|| {
        let make = |algorithm| SigningKey::generate(algorithm).expect("a key can be made");
        Algorithm::ALL.into_iter().map(make).collect()
    });
    KEYS.iter().find(|key| key.algorithm() == algorithm).expect("all algorithms have a key")
}

/// HelseID's key: RSA of 3072 bits.
pub fn issuer_key() -> &'static SigningKey {
    static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
        SigningKey::generate_rsa(Algorithm::Rs256, 3072).expect("a key can be made")
    });
    &KEY
}

/// A key that HelseID does not know.
pub fn strange_key() -> &'static SigningKey {
    key(Algorithm::Rs256)
}

pub fn key_set() -> KeySet {
    let jwks = jwks_document([(KID, issuer_key())]).to_string();
    KeySet::read(jwks.as_bytes()).expect("a valid key set")
}

pub fn rules() -> AccessTokenRules {
    AccessTokenRules::new(ISSUER, AUDIENCE)
}

pub fn token_claims() -> Value {
    json!({
        "iss": ISSUER,
        "nbf": NOW,
        "iat": NOW,
        "exp": NOW + 600,
        "aud": AUDIENCE,
        "cnf": {"jkt": key(Algorithm::Es256).thumbprint()},
        "scope": ["nhn:hgd-persontjenesten-api/full-access"],
        "client_id": "client-ø",
        "client_amr": "private_key_jwt",
        "jti": "A1B2",
        "helseid://claims/client/client_name": "Test client",
        "helseid://claims/client/claims/orgnr_parent": "310000000",
    })
}

pub fn token_header() -> Vec<(&'static str, Value)> {
    vec![("typ", json!("at+jwt")), ("kid", json!(KID))]
}

pub fn sign_token(claims: &Value) -> String {
    issuer_key().sign_jwt(&token_header(), claims).expect("signed")
}

pub fn check_token(token: &str) -> Result<AccessToken, TokenFault> {
    verify_access_token(token, &key_set(), &rules(), NOW)
}

/// An access token as far as a proof cares.
pub const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJ4IjoxfQ.c2ln";

pub fn expected_proof(key: &SigningKey) -> ExpectedProof<'_> {
    ExpectedProof { method: "POST", url: URL, access_token: TOKEN, jkt: key.thumbprint() }
}

pub fn check_proof(proof: &str, key: &SigningKey) -> Result<VerifiedProof, ProofFault> {
    verify_proof(proof, &expected_proof(key), &ProofRules::default(), NOW)
}

pub fn valid_proof(key: &SigningKey) -> String {
    make_proof(key, "POST", URL, Some(TOKEN), None, "j-1", NOW).expect("signed")
}

/// The same object with one member changed, or taken away by `Value::Null`.
pub fn with(mut object: Value, name: &str, value: Value) -> Value {
    match value {
        Value::Null => {
            object.as_object_mut().expect("an object").remove(name);
        }
        value => object[name] = value,
    }
    object
}

pub fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
