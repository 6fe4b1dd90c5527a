//! Private keys: made, read from and written as JWK, and used to sign.

mod rsa_der;

use std::fmt;

use aws_lc_rs::encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPairComponents, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair, RsaKeyPair};
use serde_json::{Value, json};
use thiserror::Error;

use crate::algorithm::{Algorithm, Curve, Scheme};
use crate::compact::{decode, encode};
use crate::public_key::PublicKey;
use crate::strict_json::{Object, read_object, text};

/// The private numbers of an RSA key in a JWK (RFC 7518 §6.3.2), in the order of RFC 8017.
const RSA_PRIVATE_MEMBERS: [&str; 6] = ["d", "p", "q", "dp", "dq", "qi"];

/// A private key with the one algorithm it signs by.
pub struct SigningKey {
    algorithm: Algorithm,
    secret: Secret,
    public: PublicKey,
    thumbprint: String,
}

enum Secret {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

/// Why a key cannot be made, read or used.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyFault {
    /// The JWK is not a private RSA or elliptic-curve key with all its members, or they do not
    /// belong together.
    #[error("the private key cannot be read")]
    Unreadable,
    /// An RSA key is not 2048, 3072 or 4096 bits, or the algorithm is not an RSA algorithm.
    #[error("no such key can be made")]
    Size,
    /// The cryptographic library failed, as without a source of randomness.
    #[error("the cryptographic library failed")]
    Library,
}

impl SigningKey {
    /// A new key: P-256, P-384 or P-521 for ES, 2048 bits for RS and PS.
    ///
    /// # Errors
    /// [`KeyFault::Library`].
    pub fn generate(algorithm: Algorithm) -> Result<Self, KeyFault> {
        match algorithm.scheme() {
            Scheme::Rsa { .. } => Self::generate_rsa(algorithm, 2048),
            Scheme::Ec(curve) => {
                let pair = EcdsaKeyPair::generate(curve.sign).map_err(|_| KeyFault::Library)?;
                Ok(Self::from_ec(curve, pair))
            }
        }
    }

    /// A new RSA key of 2048, 3072 or 4096 bits. Takes up to some seconds.
    ///
    /// # Errors
    /// [`KeyFault::Size`] for another size or an ES algorithm, [`KeyFault::Library`].
    pub fn generate_rsa(algorithm: Algorithm, bits: u32) -> Result<Self, KeyFault> {
        let size = match bits {
            2048 => KeySize::Rsa2048,
            3072 => KeySize::Rsa3072,
            4096 => KeySize::Rsa4096,
            _ => return Err(KeyFault::Size),
        };
        if matches!(algorithm.scheme(), Scheme::Ec(_)) {
            return Err(KeyFault::Size);
        }
        let pair = RsaKeyPair::generate(size).map_err(|_| KeyFault::Library)?;
        Self::from_rsa(algorithm, pair)
    }

    /// Reads a private JWK as HelseID's self-service gives it. An RSA key must say its `alg`; an
    /// elliptic-curve key's follows from its curve.
    ///
    /// # Errors
    /// [`KeyFault::Unreadable`].
    pub fn from_jwk(jwk_json: &[u8]) -> Result<Self, KeyFault> {
        let jwk = read_object(jwk_json).ok_or(KeyFault::Unreadable)?;
        let named = text(&jwk, "alg").map(Algorithm::from_name);
        let key = match (text(&jwk, "kty"), named) {
            (Some("RSA"), Some(Some(algorithm))) => Self::read_rsa(&jwk, algorithm),
            (Some("EC"), None | Some(Some(_))) => Self::read_ec(&jwk),
            _ => None,
        };
        let key = key.ok_or(KeyFault::Unreadable)?;
        match named {
            Some(named) if named != Some(key.algorithm) => Err(KeyFault::Unreadable),
            _ => Ok(key),
        }
    }

    fn read_rsa(jwk: &Object, algorithm: Algorithm) -> Option<Self> {
        if matches!(algorithm.scheme(), Scheme::Ec(_)) {
            return None;
        }
        let member = |name| text(jwk, name).and_then(decode);
        let pair = RsaKeyPair::from_components(&KeyPairComponents {
            public_key: PublicKeyComponents { n: member("n")?, e: member("e")? },
            d: member("d")?,
            p: member("p")?,
            q: member("q")?,
            dP: member("dp")?,
            dQ: member("dq")?,
            qInv: member("qi")?,
        });
        Self::from_rsa(algorithm, pair.ok()?).ok()
    }

    fn read_ec(jwk: &Object) -> Option<Self> {
        let curve = Curve::from_name(text(jwk, "crv")?)?;
        let mut point = vec![4];
        point.extend(decode(text(jwk, "x")?)?);
        point.extend(decode(text(jwk, "y")?)?);
        let number = decode(text(jwk, "d")?)?;
        let pair =
            EcdsaKeyPair::from_private_key_and_public_key(curve.sign, &number, &point).ok()?;
        Some(Self::from_ec(curve, pair))
    }

    fn from_rsa(algorithm: Algorithm, pair: RsaKeyPair) -> Result<Self, KeyFault> {
        let (n, e) =
            rsa_der::public_numbers(pair.public_key().as_ref()).ok_or(KeyFault::Library)?;
        let public = PublicKey::rsa(n, e).map_err(|_| KeyFault::Size)?;
        Ok(Self::new(algorithm, Secret::Rsa(pair), public))
    }

    fn from_ec(curve: &'static Curve, pair: EcdsaKeyPair) -> Self {
        let public = PublicKey::ec(curve, pair.public_key().as_ref().to_vec());
        Self::new(curve.algorithm, Secret::Ec(pair), public)
    }

    fn new(algorithm: Algorithm, secret: Secret, public: PublicKey) -> Self {
        let thumbprint = public.thumbprint();
        Self { algorithm, secret, public, thumbprint }
    }

    /// The algorithm this key signs by.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The public half as JWK, with only the members that define it.
    pub fn public_jwk(&self) -> Value {
        self.public.to_jwk()
    }

    /// The RFC 7638 thumbprint of the public half, the `cnf.jkt` of tokens bound to this key.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// The whole key as JWK with its `alg`. Keep it secret.
    ///
    /// # Errors
    /// [`KeyFault::Library`].
    pub fn to_private_jwk(&self) -> Result<Value, KeyFault> {
        let mut jwk = self.public.to_jwk();
        jwk["alg"] = json!(self.algorithm.name());
        match &self.secret {
            Secret::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyFault::Library)?;
                let numbers = rsa_der::private_numbers(der.as_ref()).ok_or(KeyFault::Library)?;
                for (name, number) in RSA_PRIVATE_MEMBERS.iter().zip(numbers) {
                    jwk[*name] = json!(encode(number));
                }
            }
            Secret::Ec(pair) => {
                let number: EcPrivateKeyBin<'_> =
                    pair.private_key().as_be_bytes().map_err(|_| KeyFault::Library)?;
                jwk["d"] = json!(encode(number.as_ref()));
            }
        }
        Ok(jwk)
    }

    /// Signs `claims` as a compact token. The header is `alg` and whatever `header_extra` adds; an
    /// extra member of the same name wins, so that a test can lie about the algorithm.
    ///
    /// # Errors
    /// [`KeyFault::Library`].
    pub fn sign_jwt(
        &self,
        header_extra: &[(&str, Value)],
        claims: &Value,
    ) -> Result<String, KeyFault> {
        let mut header = Object::new();
        header.insert("alg".to_owned(), json!(self.algorithm.name()));
        header.extend(header_extra.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let header = Value::Object(header).to_string();
        self.sign_compact(header.as_bytes(), claims.to_string().as_bytes())
    }

    /// Signs exactly these bytes as header and payload, whatever they are.
    ///
    /// # Errors
    /// [`KeyFault::Library`].
    pub fn sign_compact(&self, header: &[u8], payload: &[u8]) -> Result<String, KeyFault> {
        let mut token = format!("{}.{}", encode(header), encode(payload));
        let signature = self.sign(token.as_bytes())?;
        token.push('.');
        token.push_str(&encode(&signature));
        Ok(token)
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let random = SystemRandom::new();
        match (&self.secret, self.algorithm.scheme()) {
            (Secret::Rsa(pair), Scheme::Rsa { sign, .. }) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(sign, &random, message, &mut signature).map_err(|_| KeyFault::Library)?;
                Ok(signature)
            }
            (Secret::Ec(pair), _) => {
                let signature = pair.sign(&random, message).map_err(|_| KeyFault::Library)?;
                Ok(signature.as_ref().to_vec())
            }
            (Secret::Rsa(_), Scheme::Ec(_)) => Err(KeyFault::Library),
        }
    }
}

impl fmt::Debug for SigningKey {
    /// The algorithm and the public thumbprint; never the key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (algorithm, thumbprint) = (self.algorithm.name(), &self.thumbprint);
        write!(formatter, "SigningKey({algorithm}, {thumbprint})")
    }
}
