//! HelseID's own signing keys: the one in use and the one before.

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helseid::{Algorithm, KeyFault, SigningKey, jwks_document};
use serde_json::{Value, json};

/// One signing key with its two names.
pub(super) struct IssuerKey {
    key: SigningKey,
    kid: String,
    x5t: String,
}

/// The keys, newest first.
pub(super) struct IssuerKeys(RwLock<Vec<Arc<IssuerKey>>>);

/// How many keys are published: tokens live ten minutes, so one older key is enough.
const PUBLISHED: usize = 2;

impl IssuerKeys {
    pub fn new() -> Result<Self, KeyFault> {
        Ok(Self(RwLock::new(vec![Arc::new(IssuerKey::generate()?)])))
    }

    /// Makes a new key, uses it from now on, and gives its `kid`.
    pub fn rotate(&self) -> Result<String, KeyFault> {
        let key = Arc::new(IssuerKey::generate()?);
        let kid = key.kid.clone();
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        keys.insert(0, key);
        keys.truncate(PUBLISHED);
        Ok(kid)
    }

    /// Publishes nothing but the newest key from now on, as one does when an older one is no longer
    /// to be trusted.
    pub fn withdraw_older(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).truncate(1);
    }

    /// The JWKS document.
    pub fn jwks(&self) -> Value {
        let keys = self.published();
        let mut document = jwks_document(keys.iter().map(|key| (key.kid.as_str(), &key.key)));
        for (index, key) in keys.iter().enumerate() {
            document["keys"][index]["x5t"] = json!(key.x5t);
        }
        document
    }

    /// Signs an access token with the newest key.
    pub fn sign(&self, claims: &Value) -> Result<String, KeyFault> {
        let newest = self.published().into_iter().next().ok_or(KeyFault::Library)?;
        let header =
            [("typ", json!("at+jwt")), ("kid", json!(newest.kid)), ("x5t", json!(newest.x5t))];
        newest.key.sign_jwt(&header, claims)
    }

    fn published(&self) -> Vec<Arc<IssuerKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl IssuerKey {
    /// RSA of 3072 bits for RS256. The real `kid` is the SHA-1 of the key's certificate in upper-case
    /// hexadecimal and `x5t` the same in base64url; without a certificate we hash the thumbprint.
    fn generate() -> Result<Self, KeyFault> {
        let key = SigningKey::generate_rsa(Algorithm::Rs256, 3072)?;
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, key.thumbprint().as_bytes());
        let kid = hash.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(Self { key, kid, x5t: URL_SAFE_NO_PAD.encode(hash.as_ref()) })
    }
}
