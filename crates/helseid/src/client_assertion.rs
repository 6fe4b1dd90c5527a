//! Client assertions (private_key_jwt, RFC 7523) as HelseID checks them at its token endpoint.

use aws_lc_rs::digest::{SHA256, digest};
use thiserror::Error;

use crate::access_token::only_audience;
use crate::algorithm::Algorithm;
use crate::compact::{Compact, has_type};
use crate::public_key::PublicKey;
use crate::strict_json::{numeric_date, text};

const LONGEST_ASSERTION: usize = 16 * 1024;

/// The new name and the old one.
const TYPES: [&str; 2] = ["client-authentication+jwt", "JWT"];

/// How far ahead `exp` may lie, in seconds.
const LONGEST_LIFE_S: i64 = 60;

/// How far the client's clock may be off, in seconds.
const SKEW_S: i64 = 5;

/// What a client assertion must agree with.
#[derive(Clone, Copy)]
pub struct ExpectedAssertion<'a> {
    /// The client that must be `iss` and `sub`.
    pub client_id: &'a str,
    /// The names of HelseID that `aud` may have: the issuer, or the token endpoint.
    pub audiences: &'a [&'a str],
    /// The client's registered key.
    pub key: &'a PublicKey,
}

/// An assertion that holds. It must still be new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedAssertion {
    /// SHA-256 over the client and the `jti`.
    pub jti_hash: [u8; 32],
    /// The last second at which the assertion would be accepted again, since 1970.
    pub forget_after_s: i64,
}

/// Why a client assertion is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AssertionFault {
    /// Too long, or not three parts of base64url with JSON objects.
    #[error("the client assertion cannot be read")]
    Malformed,
    /// Another `typ`.
    #[error("the client assertion is of another type")]
    Type,
    /// An `alg` that is not allowed or does not fit the client's key.
    #[error("the client assertion's algorithm does not fit the registered key")]
    Algorithm,
    /// `iss` or `sub` is not the client.
    #[error("the client assertion is from another client")]
    Client,
    /// `aud` is not HelseID alone.
    #[error("the client assertion is for another audience")]
    Audience,
    /// `exp` is missing, has passed or lies more than a minute ahead, or `iat` or `nbf` lies ahead.
    #[error("the client assertion's times are not allowed")]
    Times,
    /// `jti` is missing or empty.
    #[error("the client assertion has no id")]
    Id,
    /// The signature does not hold.
    #[error("the client assertion's signature is wrong")]
    Signature,
}

/// The `iss` of an assertion, unverified: good for nothing but finding the client's key.
pub fn unverified_issuer(assertion: &str) -> Option<String> {
    let parts = Compact::read(assertion, LONGEST_ASSERTION).ok()?;
    text(&parts.claims, "iss").map(str::to_owned)
}

/// Verifies a client assertion at `now_s` (seconds since 1970).
///
/// # Errors
/// The first check that fails, see [`AssertionFault`].
pub fn verify_client_assertion(
    assertion: &str,
    expected: &ExpectedAssertion<'_>,
    now_s: i64,
) -> Result<VerifiedAssertion, AssertionFault> {
    let parts =
        Compact::read(assertion, LONGEST_ASSERTION).map_err(|_| AssertionFault::Malformed)?;
    let claims = &parts.claims;
    if !has_type(&parts.header, &TYPES) {
        return Err(AssertionFault::Type);
    }
    let algorithm = text(&parts.header, "alg")
        .and_then(Algorithm::from_name)
        .filter(|algorithm| expected.key.fits(*algorithm))
        .ok_or(AssertionFault::Algorithm)?;
    if ["iss", "sub"].iter().any(|name| text(claims, name) != Some(expected.client_id)) {
        return Err(AssertionFault::Client);
    }
    if !only_audience(claims).is_some_and(|one| expected.audiences.contains(&one)) {
        return Err(AssertionFault::Audience);
    }
    let expires_at_s = numeric_date(claims, "exp").ok_or(AssertionFault::Times)?;
    let forget_after_s = expires_at_s.saturating_add(SKEW_S);
    let latest_s = now_s.saturating_add(SKEW_S);
    let is_ahead = |name| {
        claims.contains_key(name) && numeric_date(claims, name).is_none_or(|time| time > latest_s)
    };
    if now_s > forget_after_s
        || expires_at_s > latest_s.saturating_add(LONGEST_LIFE_S)
        || is_ahead("iat")
        || is_ahead("nbf")
    {
        return Err(AssertionFault::Times);
    }
    let jti = text(claims, "jti").filter(|jti| !jti.is_empty()).ok_or(AssertionFault::Id)?;
    if !expected.key.verifies(algorithm, parts.signed, &parts.signature) {
        return Err(AssertionFault::Signature);
    }
    let mut jti_hash = [0; 32];
    let named = format!("{}\n{jti}", expected.client_id);
    jti_hash.copy_from_slice(digest(&SHA256, named.as_bytes()).as_ref());
    Ok(VerifiedAssertion { jti_hash, forget_after_s })
}
