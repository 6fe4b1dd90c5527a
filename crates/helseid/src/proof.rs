//! DPoP proofs (RFC 9449): the client shows that it holds the key its token is bound to.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{Context, SHA256};
use serde_json::Value;
use thiserror::Error;

use crate::algorithm::Algorithm;
use crate::compact::{Compact, CompactFault, has_type};
use crate::making::access_token_hash;
use crate::public_key::{JwkFault, PublicKey};
use crate::strict_json::{Object, numeric_date, text};
use crate::target_uri::is_same_target;

/// Longer proofs are not read. One with an RSA key of 4096 bits has some 2500 characters.
const LONGEST_PROOF: usize = 8 * 1024;

/// A longer `jti` is refused, in characters.
const LONGEST_JTI: usize = 256;

/// Header members by which a proof could ask for rules we do not know or point at other keys.
const FORBIDDEN_HEADERS: [&str; 3] = ["crit", "jku", "x5u"];

/// What a proof must agree with in a call to an API.
#[derive(Clone, Copy)]
pub struct ExpectedProof<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The called address without query, built from the configured public base URL and never from
    /// the `Host` header.
    pub url: &'a str,
    /// The access token that came with the proof.
    pub access_token: &'a str,
    /// The access token's `cnf.jkt`.
    pub jkt: &'a str,
}

/// How old a proof may be.
#[derive(Clone, Copy, Debug)]
pub struct ProofRules {
    /// How long a proof is good after it was made, in seconds.
    pub max_age_s: i64,
    /// How far the client's clock may be off, in both directions, in seconds.
    pub skew_s: i64,
}

impl Default for ProofRules {
    fn default() -> Self {
        Self { max_age_s: 10, skew_s: 5 }
    }
}

/// A proof that holds. It must still be new: see [`crate::ReplayMemory`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedProof {
    /// SHA-256 over the key's thumbprint and the `jti`, so that clients cannot get in each other's
    /// way by using the same `jti`.
    pub jti_hash: [u8; 32],
    /// The last second at which the proof would be accepted again, since 1970.
    pub forget_after_s: i64,
}

/// A proof that holds at the token endpoint, where no token exists yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequestProof {
    /// The thumbprint that the token is to be bound to.
    pub jkt: String,
    /// The nonce that the client was asked to repeat.
    pub nonce: Option<String>,
    /// See [`VerifiedProof::jti_hash`].
    pub jti_hash: [u8; 32],
    /// See [`VerifiedProof::forget_after_s`].
    pub forget_after_s: i64,
}

/// Why a proof is refused. The text and the code never hold a piece of the proof.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ProofFault {
    /// More than 8 KiB.
    #[error("the proof is too long")]
    TooLong,
    /// Not three parts of base64url with JSON objects, or a name stands twice.
    #[error("the proof cannot be read")]
    Malformed,
    /// `typ` is not `dpop+jwt`.
    #[error("the proof is of another type")]
    Type,
    /// `alg` is missing, symmetric or otherwise not one of the nine.
    #[error("the proof's algorithm is not allowed")]
    Algorithm,
    /// The header holds `crit`, `jku` or `x5u`.
    #[error("the proof's header holds a member that is not allowed")]
    ForbiddenHeader,
    /// `jwk` is missing, unreadable, of a size not allowed, or not of the algorithm's kind.
    #[error("the proof's key cannot be used")]
    Key,
    /// `jwk` holds a private part.
    #[error("the proof's key holds a private part")]
    PrivateKey,
    /// `htm` is not the method of the call.
    #[error("the proof is for another method")]
    Method,
    /// `htu` is not the address of the call.
    #[error("the proof is for another address")]
    Url,
    /// `iat` is missing or not a number.
    #[error("the proof's time cannot be read")]
    IssuedAt,
    /// `iat` lies too far back.
    #[error("the proof is too old")]
    TooOld,
    /// `iat` lies ahead.
    #[error("the proof is from the future")]
    FromFuture,
    /// `jti` is missing, empty or too long.
    #[error("the proof's id cannot be used")]
    Id,
    /// `ath` is missing or not the hash of this access token.
    #[error("the proof is for another access token")]
    TokenHash,
    /// The access token is bound to another key.
    #[error("the access token is bound to another key")]
    Binding,
    /// The signature does not hold.
    #[error("the proof's signature is wrong")]
    Signature,
}

impl ProofFault {
    /// A short stable name, for metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "proof_too_long",
            Self::Malformed => "proof_malformed",
            Self::Type => "proof_type",
            Self::Algorithm => "proof_algorithm",
            Self::ForbiddenHeader => "proof_header",
            Self::Key => "proof_key",
            Self::PrivateKey => "proof_private_key",
            Self::Method => "proof_method",
            Self::Url => "proof_url",
            Self::IssuedAt => "proof_issued_at",
            Self::TooOld => "proof_too_old",
            Self::FromFuture => "proof_from_future",
            Self::Id => "proof_id",
            Self::TokenHash => "proof_token_hash",
            Self::Binding => "proof_binding",
            Self::Signature => "proof_signature",
        }
    }
}

impl From<CompactFault> for ProofFault {
    fn from(fault: CompactFault) -> Self {
        match fault {
            CompactFault::TooLong => Self::TooLong,
            CompactFault::Malformed => Self::Malformed,
        }
    }
}

/// Verifies the proof of one call to an API at `now_s` (seconds since 1970). A `nonce` is not asked
/// for: HelseID's client libraries answer one only toward HelseID itself.
///
/// # Errors
/// The first check that fails, see [`ProofFault`]; the signature is checked last.
pub fn verify_proof(
    proof: &str,
    expected: &ExpectedProof<'_>,
    rules: &ProofRules,
    now_s: i64,
) -> Result<VerifiedProof, ProofFault> {
    let proof = Proof::read(proof, expected.method, expected.url, rules, now_s)?;
    let ath = text(&proof.parts.claims, "ath").unwrap_or_default();
    if !is_same_secret(ath, &access_token_hash(expected.access_token)) {
        return Err(ProofFault::TokenHash);
    }
    if !is_same_secret(&proof.jkt, expected.jkt) {
        return Err(ProofFault::Binding);
    }
    let (jti_hash, forget_after_s) = proof.check_signature()?;
    Ok(VerifiedProof { jti_hash, forget_after_s })
}

/// Verifies the proof of a token request, which names no token and brings its own key.
///
/// # Errors
/// The first check that fails, see [`ProofFault`]; the signature is checked last.
pub fn verify_token_request_proof(
    proof: &str,
    method: &str,
    url: &str,
    rules: &ProofRules,
    now_s: i64,
) -> Result<TokenRequestProof, ProofFault> {
    let proof = Proof::read(proof, method, url, rules, now_s)?;
    let (jti_hash, forget_after_s) = proof.check_signature()?;
    let nonce = text(&proof.parts.claims, "nonce").map(str::to_owned);
    Ok(TokenRequestProof { jkt: proof.jkt, nonce, jti_hash, forget_after_s })
}

/// A proof of which everything but token and signature has been checked.
struct Proof<'a> {
    parts: Compact<'a>,
    algorithm: Algorithm,
    key: PublicKey,
    jkt: String,
    forget_after_s: i64,
}

impl<'a> Proof<'a> {
    fn read(
        proof: &'a str,
        method: &str,
        url: &str,
        rules: &ProofRules,
        now_s: i64,
    ) -> Result<Self, ProofFault> {
        let parts = Compact::read(proof, LONGEST_PROOF)?;
        let algorithm = check_header(&parts.header)?;
        let forget_after_s = check_claims(&parts.claims, method, url, rules, now_s)?;
        let key = read_key(&parts.header, algorithm)?;
        let jkt = key.thumbprint();
        Ok(Self { parts, algorithm, key, jkt, forget_after_s })
    }

    /// Checks the signature and gives what the replay memory needs.
    fn check_signature(&self) -> Result<([u8; 32], i64), ProofFault> {
        if !self.key.verifies(self.algorithm, self.parts.signed, &self.parts.signature) {
            return Err(ProofFault::Signature);
        }
        let mut hash = Context::new(&SHA256);
        hash.update(self.jkt.as_bytes());
        hash.update(text(&self.parts.claims, "jti").unwrap_or_default().as_bytes());
        let mut jti_hash = [0; 32];
        jti_hash.copy_from_slice(hash.finish().as_ref());
        Ok((jti_hash, self.forget_after_s))
    }
}

fn check_header(header: &Object) -> Result<Algorithm, ProofFault> {
    if !has_type(header, &["dpop+jwt"]) {
        return Err(ProofFault::Type);
    }
    if FORBIDDEN_HEADERS.iter().any(|name| header.contains_key(*name)) {
        return Err(ProofFault::ForbiddenHeader);
    }
    text(header, "alg").and_then(Algorithm::from_name).ok_or(ProofFault::Algorithm)
}

fn read_key(header: &Object, algorithm: Algorithm) -> Result<PublicKey, ProofFault> {
    let jwk = header.get("jwk").and_then(Value::as_object).ok_or(ProofFault::Key)?;
    let key = PublicKey::from_jwk(jwk).map_err(|fault| match fault {
        JwkFault::Private => ProofFault::PrivateKey,
        JwkFault::Unreadable | JwkFault::Size => ProofFault::Key,
    })?;
    if key.fits(algorithm) { Ok(key) } else { Err(ProofFault::Key) }
}

/// Checks what every proof must say and gives the last second at which it holds.
fn check_claims(
    claims: &Object,
    method: &str,
    url: &str,
    rules: &ProofRules,
    now_s: i64,
) -> Result<i64, ProofFault> {
    if text(claims, "htm") != Some(method) {
        return Err(ProofFault::Method);
    }
    if !text(claims, "htu").is_some_and(|htu| is_same_target(htu, url)) {
        return Err(ProofFault::Url);
    }
    let issued_at_s = numeric_date(claims, "iat").ok_or(ProofFault::IssuedAt)?;
    let last_s = issued_at_s.saturating_add(rules.max_age_s).saturating_add(rules.skew_s);
    if now_s > last_s {
        return Err(ProofFault::TooOld);
    }
    if issued_at_s > now_s.saturating_add(rules.skew_s) {
        return Err(ProofFault::FromFuture);
    }
    let jti = text(claims, "jti").ok_or(ProofFault::Id)?;
    if !(1..=LONGEST_JTI).contains(&jti.chars().count()) {
        return Err(ProofFault::Id);
    }
    Ok(last_s)
}

/// Compares without telling by its time where the texts part.
fn is_same_secret(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}
