//! The nine signature algorithms that HelseID allows, as one table.

use aws_lc_rs::signature::{self, EcdsaSigningAlgorithm, RsaParameters, RsaSignatureEncoding};

/// A signature algorithm of JWS (RFC 7518 §3.1). Symmetric ones, EdDSA and `none` do not exist
/// here, so nothing can ask for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSA PKCS #1 v1.5 with SHA-256, what HelseID signs its access tokens with.
    Rs256,
    /// RSA PKCS #1 v1.5 with SHA-384.
    Rs384,
    /// RSA PKCS #1 v1.5 with SHA-512.
    Rs512,
    /// RSA PSS with SHA-256.
    Ps256,
    /// RSA PSS with SHA-384.
    Ps384,
    /// RSA PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
}

impl Algorithm {
    /// All nine.
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
    ];

    /// The name in a JOSE header, as `RS256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
        }
    }

    /// The algorithm with exactly this name; names are case-sensitive (RFC 7515 §4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// What a key must be, and how its signatures are made and checked.
    pub(crate) fn scheme(self) -> Scheme {
        use signature as s;
        match self {
            Self::Rs256 => Scheme::rsa(&s::RSA_PKCS1_SHA256, &s::RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Scheme::rsa(&s::RSA_PKCS1_SHA384, &s::RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Scheme::rsa(&s::RSA_PKCS1_SHA512, &s::RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => Scheme::rsa(&s::RSA_PSS_SHA256, &s::RSA_PSS_2048_8192_SHA256),
            Self::Ps384 => Scheme::rsa(&s::RSA_PSS_SHA384, &s::RSA_PSS_2048_8192_SHA384),
            Self::Ps512 => Scheme::rsa(&s::RSA_PSS_SHA512, &s::RSA_PSS_2048_8192_SHA512),
            Self::Es256 => Scheme::Ec(&P256),
            Self::Es384 => Scheme::Ec(&P384),
            Self::Es512 => Scheme::Ec(&P521),
        }
    }
}

/// The cryptography behind an algorithm.
pub(crate) enum Scheme {
    /// RSA with a padding and a digest.
    Rsa {
        /// How to sign.
        sign: &'static RsaSignatureEncoding,
        /// How to verify.
        verify: &'static RsaParameters,
    },
    /// ECDSA; the curve decides the digest.
    Ec(&'static Curve),
}

impl Scheme {
    fn rsa(sign: &'static RsaSignatureEncoding, verify: &'static RsaParameters) -> Self {
        Self::Rsa { sign, verify }
    }
}

/// An elliptic curve of RFC 7518 §6.2.1.1 with its one algorithm.
pub(crate) struct Curve {
    /// The name in a JWK.
    pub name: &'static str,
    /// Bytes in each coordinate and in the private number.
    pub field_bytes: usize,
    /// The algorithm that goes with the curve.
    pub algorithm: Algorithm,
    /// How to sign, as fixed r‖s.
    pub sign: &'static EcdsaSigningAlgorithm,
    /// How to verify fixed r‖s.
    pub verify: &'static signature::EcdsaVerificationAlgorithm,
}

static P256: Curve = Curve {
    name: "P-256",
    field_bytes: 32,
    algorithm: Algorithm::Es256,
    sign: &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
    verify: &signature::ECDSA_P256_SHA256_FIXED,
};
static P384: Curve = Curve {
    name: "P-384",
    field_bytes: 48,
    algorithm: Algorithm::Es384,
    sign: &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
    verify: &signature::ECDSA_P384_SHA384_FIXED,
};
static P521: Curve = Curve {
    name: "P-521",
    field_bytes: 66,
    algorithm: Algorithm::Es512,
    sign: &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
    verify: &signature::ECDSA_P521_SHA512_FIXED,
};

impl Curve {
    /// The curve with exactly this JWK name.
    pub fn from_name(name: &str) -> Option<&'static Self> {
        [&P256, &P384, &P521].into_iter().find(|curve| curve.name == name)
    }
}
