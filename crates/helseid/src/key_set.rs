//! The published keys of HelseID (JWKS, RFC 7517 §5), read once and looked up by `kid`.

use serde_json::Value;
use thiserror::Error;

use crate::algorithm::Algorithm;
use crate::public_key::PublicKey;
use crate::strict_json::{Object, read_object, text};

/// The keys that access tokens may be signed with.
pub struct KeySet {
    keys: Vec<Key>,
}

struct Key {
    kid: String,
    /// The one algorithm the issuer published the key for, if it says.
    only_for: Option<Algorithm>,
    public: PublicKey,
}

/// Why a key set is of no use. The old one should then be kept.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeySetFault {
    /// Not a JSON object with an array `keys`.
    #[error("the key set cannot be read")]
    Unreadable,
    /// No key in it can verify an access token.
    #[error("the key set holds no usable key")]
    Empty,
    /// Two keys would answer to one `kid` and algorithm.
    #[error("the key set names one key twice")]
    Ambiguous,
}

impl KeySet {
    /// Reads a JWKS document. Keys for encryption, without `kid`, or of kinds we do not know are
    /// passed over, as RFC 7517 §5 asks.
    ///
    /// # Errors
    /// See [`KeySetFault`].
    pub fn read(jwks_json: &[u8]) -> Result<Self, KeySetFault> {
        let document = read_object(jwks_json).ok_or(KeySetFault::Unreadable)?;
        let listed = document.get("keys").and_then(Value::as_array);
        let mut keys: Vec<Key> = Vec::new();
        for jwk in listed.ok_or(KeySetFault::Unreadable)? {
            let Some(key) = jwk.as_object().and_then(read_key) else {
                continue;
            };
            if keys.iter().any(|other| other.is_confused_with(&key)) {
                return Err(KeySetFault::Ambiguous);
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(KeySetFault::Empty) } else { Ok(Self { keys }) }
    }

    /// How many keys can be used.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// The one key with this id that this algorithm may use. No other key is ever tried.
    pub(crate) fn find(&self, kid: &str, algorithm: Algorithm) -> Option<&PublicKey> {
        let found = self.keys.iter().find(|key| key.kid == kid && key.serves(algorithm));
        found.map(|key| &key.public)
    }
}

impl Key {
    fn serves(&self, algorithm: Algorithm) -> bool {
        self.public.fits(algorithm) && self.only_for.is_none_or(|only| only == algorithm)
    }

    fn is_confused_with(&self, other: &Self) -> bool {
        let share = |algorithm: &Algorithm| self.serves(*algorithm) && other.serves(*algorithm);
        self.kid == other.kid && Algorithm::ALL.iter().any(share)
    }
}

fn read_key(jwk: &Object) -> Option<Key> {
    if jwk.get("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    let only_for = match jwk.get("alg") {
        Some(name) => Some(Algorithm::from_name(name.as_str()?)?),
        None => None,
    };
    let public = PublicKey::from_jwk(jwk).ok()?;
    Some(Key { kid: text(jwk, "kid")?.to_owned(), only_for, public })
}
