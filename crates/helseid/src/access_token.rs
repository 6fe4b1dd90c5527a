//! Access tokens: what HelseID asks of an API that receives one, and somewhat more.

use serde_json::Value;
use thiserror::Error;

use crate::algorithm::Algorithm;
use crate::compact::{Compact, CompactFault, decode, has_type};
use crate::key_set::KeySet;
use crate::strict_json::{Object, numeric_date, text};

/// Longer tokens are not read. Real ones have some two thousand characters.
const LONGEST_TOKEN: usize = 16 * 1024;

/// A longer `kid` is not looked up. HelseID's have 40 characters.
const LONGEST_KID: usize = 128;

/// A longer `client_id` is not taken, in bytes. HelseID's are UUIDs; the id stands in every log line.
const LONGEST_CLIENT_ID: usize = 128;

/// The two types of HelseID's rule. An identity token is told apart by its audience.
const TYPES: [&str; 2] = ["at+jwt", "JWT"];

/// Header members by which a token could name its own key or ask for rules we do not know.
const FORBIDDEN_HEADERS: [&str; 4] = ["crit", "jwk", "jku", "x5u"];

const ORGNR_PARENT: &str = "helseid://claims/client/claims/orgnr_parent";
const ORGNR_CHILD: &str = "helseid://claims/client/claims/orgnr_child";
const ORGNR_SUPPLIER: &str = "helseid://claims/client/claims/orgnr_supplier";
const CLIENT_NAME: &str = "helseid://claims/client/client_name";

/// What an access token must agree with.
#[derive(Clone, Debug)]
pub struct AccessTokenRules {
    /// The issuer exactly as in HelseID's metadata, without a trailing slash.
    pub issuer: String,
    /// Our short name, the only audience a token may have.
    pub audience: String,
    /// How far our clock and HelseID's may differ, in seconds.
    pub leeway_s: i64,
    /// The algorithms that HelseID may sign with.
    pub algorithms: Vec<Algorithm>,
}

impl AccessTokenRules {
    /// HelseID's rules as they are: RS256 and five seconds.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            leeway_s: 5,
            algorithms: vec![Algorithm::Rs256],
        }
    }
}

/// The content of a verified access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The client (claim `client_id`).
    pub client_id: String,
    /// The client's name, for logs and never for access control.
    pub client_name: Option<String>,
    /// The scopes, compared whole and with regard to case.
    pub scopes: Vec<String>,
    /// The organisation that answers for the call, nine digits.
    pub orgnr_parent: Option<String>,
    /// The unit within it. Sent by the client; HelseID does not check it.
    pub orgnr_child: Option<String>,
    /// The supplier that acts for the organisation (multi-tenant clients).
    pub orgnr_supplier: Option<String>,
    /// The thumbprint of the key that the token is bound to (claim `cnf.jkt`). A token that has one
    /// must never be taken as a bearer token.
    pub jkt: Option<String>,
    /// The token's id, for the audit.
    pub jti: Option<String>,
    /// When it expires, in seconds since 1970, without leeway.
    pub expires_at_s: i64,
}

/// Why an access token is refused. The text and the code never hold a piece of the token.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TokenFault {
    /// More than 16 KiB.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of base64url with JSON objects, or a name stands twice.
    #[error("the token cannot be read")]
    Malformed,
    /// `typ` is neither `at+jwt` nor `JWT`.
    #[error("the token is of another type")]
    Type,
    /// `alg` is missing or not one of the configured ones.
    #[error("the token's algorithm is not allowed")]
    Algorithm,
    /// The header holds `crit`, `jwk`, `jku` or `x5u`.
    #[error("the token's header holds a member that is not allowed")]
    ForbiddenHeader,
    /// `kid` is missing, empty or too long.
    #[error("the token does not name its key")]
    KeyId,
    /// `iss` is not the configured issuer.
    #[error("the token is from another issuer")]
    Issuer,
    /// `aud` is missing, another API's, or not only ours.
    #[error("the token is for another audience")]
    Audience,
    /// `exp`, `nbf` or `iat` is missing or not a number (RFC 9068 §2.2 asks for `iat`).
    #[error("the token's times cannot be read")]
    Times,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` lies ahead.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `client_id`, `scope`, an organisation number or another claim has the wrong form.
    #[error("the token's claims cannot be read")]
    Claims,
    /// `cnf` is there without a usable `jkt`.
    #[error("the token's key binding cannot be read")]
    Confirmation,
    /// No published key has this `kid`. The only fault that a newer key set may cure.
    #[error("the token's key is not known")]
    UnknownKey,
    /// The signature does not hold.
    #[error("the token's signature is wrong")]
    Signature,
}

impl TokenFault {
    /// A short stable name, for metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "token_too_long",
            Self::Malformed => "token_malformed",
            Self::Type => "token_type",
            Self::Algorithm => "token_algorithm",
            Self::ForbiddenHeader => "token_header",
            Self::KeyId => "token_key_id",
            Self::Issuer => "token_issuer",
            Self::Audience => "token_audience",
            Self::Times => "token_times",
            Self::Expired => "token_expired",
            Self::NotYetValid => "token_not_yet_valid",
            Self::Claims => "token_claims",
            Self::Confirmation => "token_confirmation",
            Self::UnknownKey => "token_unknown_key",
            Self::Signature => "token_signature",
        }
    }
}

impl From<CompactFault> for TokenFault {
    fn from(fault: CompactFault) -> Self {
        match fault {
            CompactFault::TooLong => Self::TooLong,
            CompactFault::Malformed => Self::Malformed,
        }
    }
}

/// Verifies an access token at `now_s` (seconds since 1970). The signature is checked last: a token
/// that is wrong anyway costs no cryptography and no fetch of keys.
///
/// # Errors
/// The first check that fails, see [`TokenFault`].
pub fn verify_access_token(
    token: &str,
    keys: &KeySet,
    rules: &AccessTokenRules,
    now_s: i64,
) -> Result<AccessToken, TokenFault> {
    let parts = Compact::read(token, LONGEST_TOKEN)?;
    let (algorithm, kid) = check_header(&parts.header, rules)?;
    check_parties(&parts.claims, rules)?;
    let expires_at_s = check_times(&parts.claims, rules.leeway_s, now_s)?;
    let verified = read_claims(&parts.claims, expires_at_s)?;
    let key = keys.find(kid, algorithm).ok_or(TokenFault::UnknownKey)?;
    if !key.verifies(algorithm, parts.signed, &parts.signature) {
        return Err(TokenFault::Signature);
    }
    Ok(verified)
}

/// The `kid` that a token names, unverified: good for nothing but choosing whether to fetch keys.
pub fn unverified_kid(token: &str) -> Option<String> {
    let parts = Compact::read(token, LONGEST_TOKEN).ok()?;
    usable_kid(&parts.header).map(str::to_owned)
}

fn usable_kid(header: &Object) -> Option<&str> {
    text(header, "kid").filter(|kid| (1..=LONGEST_KID).contains(&kid.len()))
}

fn check_header<'a>(
    header: &'a Object,
    rules: &AccessTokenRules,
) -> Result<(Algorithm, &'a str), TokenFault> {
    let algorithm = text(header, "alg").and_then(Algorithm::from_name);
    let algorithm = algorithm
        .filter(|algorithm| rules.algorithms.contains(algorithm))
        .ok_or(TokenFault::Algorithm)?;
    if !has_type(header, &TYPES) {
        return Err(TokenFault::Type);
    }
    if FORBIDDEN_HEADERS.iter().any(|name| header.contains_key(*name)) {
        return Err(TokenFault::ForbiddenHeader);
    }
    let kid = usable_kid(header).ok_or(TokenFault::KeyId)?;
    Ok((algorithm, kid))
}

fn check_parties(claims: &Object, rules: &AccessTokenRules) -> Result<(), TokenFault> {
    if text(claims, "iss") != Some(rules.issuer.as_str()) {
        return Err(TokenFault::Issuer);
    }
    if only_audience(claims) != Some(rules.audience.as_str()) {
        return Err(TokenFault::Audience);
    }
    Ok(())
}

/// The audience if there is exactly one, written as a text or as an array of one text.
pub(crate) fn only_audience(claims: &Object) -> Option<&str> {
    match claims.get("aud")? {
        Value::String(one) => Some(one),
        Value::Array(list) => match list.as_slice() {
            [one] => one.as_str(),
            _ => None,
        },
        _ => None,
    }
}

/// Checks the three times and gives `exp`.
fn check_times(claims: &Object, leeway_s: i64, now_s: i64) -> Result<i64, TokenFault> {
    let expires_at_s = numeric_date(claims, "exp").ok_or(TokenFault::Times)?;
    let not_before_s = numeric_date(claims, "nbf").ok_or(TokenFault::Times)?;
    let issued_at_s = numeric_date(claims, "iat").ok_or(TokenFault::Times)?;
    if now_s >= expires_at_s.saturating_add(leeway_s) {
        return Err(TokenFault::Expired);
    }
    if not_before_s.max(issued_at_s) > now_s.saturating_add(leeway_s) {
        return Err(TokenFault::NotYetValid);
    }
    Ok(expires_at_s)
}

fn read_claims(claims: &Object, expires_at_s: i64) -> Result<AccessToken, TokenFault> {
    let client_id = optional_text(claims, "client_id")?
        .filter(|id| id.len() <= LONGEST_CLIENT_ID)
        .ok_or(TokenFault::Claims)?;
    Ok(AccessToken {
        client_id,
        client_name: optional_text(claims, CLIENT_NAME)?,
        scopes: read_scopes(claims)?,
        orgnr_parent: organisation(claims, ORGNR_PARENT)?,
        orgnr_child: organisation(claims, ORGNR_CHILD)?,
        orgnr_supplier: organisation(claims, ORGNR_SUPPLIER)?,
        jkt: read_thumbprint(claims)?,
        jti: optional_text(claims, "jti")?,
        expires_at_s,
    })
}

/// A text claim; an empty one counts as absent, anything but a text is a fault.
fn optional_text(claims: &Object, name: &str) -> Result<Option<String>, TokenFault> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone()).filter(|value| !value.is_empty())),
        Some(_) => Err(TokenFault::Claims),
    }
}

/// An organisation number: nine digits. The unit's is what the client says; logs and the audit repeat
/// it, so nothing else may stand there, and least of all a person's number.
fn organisation(claims: &Object, name: &str) -> Result<Option<String>, TokenFault> {
    let is_number =
        |text: &String| text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    match optional_text(claims, name)? {
        Some(text) if !is_number(&text) => Err(TokenFault::Claims),
        found => Ok(found),
    }
}

/// HelseID writes an array, RFC 8693 a text with spaces. No scope at all is not a fault of the
/// token: it gives no right.
fn read_scopes(claims: &Object) -> Result<Vec<String>, TokenFault> {
    match claims.get("scope") {
        None => Ok(Vec::new()),
        Some(Value::String(list)) => {
            Ok(list.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect())
        }
        Some(Value::Array(list)) => list
            .iter()
            .map(|one| one.as_str().map(str::to_owned).ok_or(TokenFault::Claims))
            .collect(),
        Some(_) => Err(TokenFault::Claims),
    }
}

/// A token bound in a way we cannot check must not pass as one that is not bound.
fn read_thumbprint(claims: &Object) -> Result<Option<String>, TokenFault> {
    let Some(confirmation) = claims.get("cnf") else {
        return Ok(None);
    };
    let jkt = confirmation.get("jkt").and_then(Value::as_str).ok_or(TokenFault::Confirmation)?;
    match decode(jkt) {
        Some(bytes) if bytes.len() == 32 => Ok(Some(jkt.to_owned())),
        _ => Err(TokenFault::Confirmation),
    }
}
