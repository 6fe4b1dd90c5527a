//! Public keys as JWK (RFC 7517, RFC 7518 §6), their thumbprints and their signatures.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::{Value, json};
use thiserror::Error;

use crate::algorithm::{Algorithm, Curve, Scheme};
use crate::compact::{decode, encode};
use crate::strict_json::{Object, text};

/// Members that only a private or a symmetric key has.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The smallest RSA key whose signatures mean something, in bits.
const RSA_BITS_MIN: usize = 2048;

/// The largest RSA key we spend time on, in bits: whoever sends a proof chooses what it costs.
const RSA_BITS_MAX: usize = 4096;

/// An RSA or elliptic-curve public key that an [`Algorithm`] can use.
#[derive(Clone)]
pub struct PublicKey(Material);

#[derive(Clone)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ec { curve: &'static Curve, point: Vec<u8> },
}

/// Why a JWK is not a usable public key.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum JwkFault {
    /// It holds a private part or a symmetric key.
    #[error("the key holds a private part")]
    Private,
    /// It is no RSA or P-256, P-384, P-521 key, or a member is missing or misspelt.
    #[error("the key cannot be read")]
    Unreadable,
    /// The RSA modulus is not 2048 to 4096 bits, or the exponent is not an odd number of 17 to 32
    /// bits.
    #[error("the RSA key has a size that is not allowed")]
    Size,
}

impl PublicKey {
    /// Reads a public JWK. Members that are not needed (`kid`, `x5c` …) are ignored.
    ///
    /// # Errors
    /// See [`JwkFault`].
    pub fn from_jwk(jwk: &Object) -> Result<Self, JwkFault> {
        if PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
            return Err(JwkFault::Private);
        }
        match text(jwk, "kty") {
            Some("RSA") => Self::read_rsa(jwk),
            Some("EC") => Self::read_ec(jwk).ok_or(JwkFault::Unreadable),
            Some("oct") => Err(JwkFault::Private),
            _ => Err(JwkFault::Unreadable),
        }
    }

    fn read_rsa(jwk: &Object) -> Result<Self, JwkFault> {
        let member = |name| text(jwk, name).and_then(decode).ok_or(JwkFault::Unreadable);
        let (n, e) = (member("n")?, member("e")?);
        // A leading zero would give one key two thumbprints (RFC 7518 §2, Base64urlUInt).
        if n.first().is_none_or(|&byte| byte == 0) || e.first().is_none_or(|&byte| byte == 0) {
            return Err(JwkFault::Unreadable);
        }
        Self::rsa(n, e)
    }

    /// An RSA key from its numbers, big-endian without leading zeros.
    pub(crate) fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, JwkFault> {
        let bits = |number: &[u8]| match number.first() {
            Some(first) => number.len() * 8 - first.leading_zeros() as usize,
            None => 0,
        };
        let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
        let modulus_fits = (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits(&n)) && odd(&n);
        // 65537 is what everybody uses; a long exponent makes verifying slow.
        let exponent_fits = (17..=32).contains(&bits(&e)) && odd(&e);
        if modulus_fits && exponent_fits {
            Ok(Self(Material::Rsa { n, e }))
        } else {
            Err(JwkFault::Size)
        }
    }

    fn read_ec(jwk: &Object) -> Option<Self> {
        let curve = Curve::from_name(text(jwk, "crv")?)?;
        let mut point = vec![4];
        for name in ["x", "y"] {
            let coordinate = decode(text(jwk, name)?)?;
            // Coordinates have the field's full length (RFC 7518 §6.2.1.2).
            if coordinate.len() != curve.field_bytes {
                return None;
            }
            point.extend(coordinate);
        }
        Some(Self::ec(curve, point))
    }

    /// A key on a curve from its uncompressed point.
    pub(crate) fn ec(curve: &'static Curve, point: Vec<u8>) -> Self {
        Self(Material::Ec { curve, point })
    }

    /// The public JWK with only the members that define the key.
    pub fn to_jwk(&self) -> Value {
        match &self.0 {
            Material::Rsa { n, e } => json!({"e": encode(e), "kty": "RSA", "n": encode(n)}),
            Material::Ec { curve, point } => {
                let (x, y) = point[1..].split_at(curve.field_bytes);
                json!({"crv": curve.name, "kty": "EC", "x": encode(x), "y": encode(y)})
            }
        }
    }

    /// The SHA-256 thumbprint (RFC 7638) as base64url, the form of `cnf.jkt`.
    pub fn thumbprint(&self) -> String {
        // Written by hand: order and spacing are part of the definition.
        let canonical = match &self.0 {
            Material::Rsa { n, e } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n))
            }
            Material::Ec { curve, point } => {
                let (x, y) = point[1..].split_at(curve.field_bytes);
                let (crv, x, y) = (curve.name, encode(x), encode(y));
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
        };
        encode(digest(&SHA256, canonical.as_bytes()).as_ref())
    }

    /// Whether the key is of the kind that this algorithm needs.
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        match (&self.0, algorithm.scheme()) {
            (Material::Rsa { .. }, Scheme::Rsa { .. }) => true,
            (Material::Ec { curve, .. }, Scheme::Ec(_)) => curve.algorithm == algorithm,
            _ => false,
        }
    }

    /// Whether `signature` is this key's signature of `message`. Elliptic-curve signatures are the
    /// fixed r‖s of JWS. A key that does not fit the algorithm verifies nothing.
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (&self.0, algorithm.scheme()) {
            (Material::Rsa { n, e }, Scheme::Rsa { verify, .. }) => {
                RsaPublicKeyComponents { n, e }.verify(verify, message, signature).is_ok()
            }
            (Material::Ec { curve, point }, Scheme::Ec(_)) if curve.algorithm == algorithm => {
                UnparsedPublicKey::new(curve.verify, point).verify(message, signature).is_ok()
            }
            _ => false,
        }
    }
}
