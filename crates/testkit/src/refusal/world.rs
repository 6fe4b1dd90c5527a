//! The good token and the good proof that everything else is bent from, and who made them.

use std::sync::LazyLock;

use helseid::{Algorithm, SigningKey, access_token_hash, jwks_document};
use serde_json::{Value, json};

use super::bend::{Draft, Variant};

/// The key id of [`ISSUER_KEY`].
pub const KID: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

/// The key id of [`SECOND_ISSUER_KEY`].
pub const OTHER_KID: &str = "89ABCDEF0123456789ABCDEF0123456789ABCDEF";

/// The claim that names the organisation that answers for a call.
pub const ORGNR_PARENT: &str = "helseid://claims/client/claims/orgnr_parent";

/// The issuer's key. Making RSA keys takes time, so all tests of a run share these.
pub static ISSUER_KEY: LazyLock<SigningKey> = LazyLock::new(|| made(Algorithm::Rs256));
/// Published beside the first one.
pub static SECOND_ISSUER_KEY: LazyLock<SigningKey> = LazyLock::new(|| made(Algorithm::Rs256));
/// A key that the issuer never published.
pub static STRANGE_KEY: LazyLock<SigningKey> = LazyLock::new(|| made(Algorithm::Rs256));
/// The client's key, which its tokens are bound to.
pub static CLIENT_KEY: LazyLock<SigningKey> = LazyLock::new(|| made(Algorithm::Es256));
/// Another key of the client, of another kind.
pub static CLIENT_RSA_KEY: LazyLock<SigningKey> = LazyLock::new(|| made(Algorithm::Rs256));

fn made(algorithm: Algorithm) -> SigningKey {
    SigningKey::generate(algorithm).expect("a key")
}

/// A call that is right in everything.
#[derive(Clone, Debug)]
pub struct World {
    /// The issuer of the token.
    pub issuer: String,
    /// The API's name.
    pub audience: String,
    /// The scope that opens what is called.
    pub scope: String,
    /// A scope of the same API that does not.
    pub other_scope: String,
    /// The method of the call.
    pub method: String,
    /// The called address without its query.
    pub url: String,
    /// When it happens, in seconds since 1970.
    pub now_s: i64,
}

impl World {
    /// The key set that the issuer publishes.
    pub fn jwks(&self) -> Value {
        jwks_document([(KID, &*ISSUER_KEY), (OTHER_KID, &*SECOND_ISSUER_KEY)])
    }

    /// A good access token's claims. The texts are such as occur nowhere else, so that one that
    /// leaks is found; the person's number is synthetic.
    pub fn token_claims(&self) -> Value {
        json!({
            "iss": self.issuer,
            "aud": self.audience,
            "iat": self.now_s,
            "nbf": self.now_s,
            "exp": self.now_s + 600,
            "scope": [self.scope],
            "cnf": {"jkt": CLIENT_KEY.thumbprint()},
            "client_id": "leaking-client-id-ø",
            "client_amr": "leaking-client-amr",
            "jti": "leaking-token-id",
            "sub": "leaking-subject",
            "helseid://claims/identity/pid": "18817066611",
            "helseid://claims/client/client_name": "Leaking client name",
            ORGNR_PARENT: "319999994",
        })
    }

    /// The good access token.
    pub fn token(&self) -> String {
        self.token_draft().bent(&[])
    }

    /// The access token of a row.
    pub fn bent_token(&self, variant: &Variant) -> String {
        self.token_draft().bent(&variant.bends)
    }

    fn token_draft(&self) -> Draft {
        let header = json!({"alg": "RS256", "typ": "at+jwt", "kid": KID});
        Draft { header, claims: self.token_claims(), key: &ISSUER_KEY }
    }

    /// A good proof for a token.
    pub fn proof(&self, token: &str, jti: &str) -> String {
        self.proof_draft(token, jti).bent(&[])
    }

    /// The proof of a row.
    pub fn bent_proof(&self, variant: &Variant, token: &str, jti: &str) -> String {
        self.proof_draft(token, jti).bent(&variant.bends)
    }

    fn proof_draft(&self, token: &str, jti: &str) -> Draft {
        let key = &*CLIENT_KEY;
        let header = json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": key.public_jwk()});
        let claims = json!({
            "htm": self.method,
            "htu": self.url,
            "iat": self.now_s,
            "jti": jti,
            "ath": access_token_hash(token),
        });
        Draft { header, claims, key }
    }
}
