//! The compact form of a signed token: three parts of base64url (RFC 7515 §7.1), not yet verified.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::strict_json::{Object, read_object};

/// A signed token that has been read, and not verified.
pub(crate) struct Compact<'a> {
    pub header: Object,
    pub claims: Object,
    /// What the signature covers.
    pub signed: &'a [u8],
    /// The signature's bytes.
    pub signature: Vec<u8>,
}

/// Why a token cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CompactFault {
    TooLong,
    Malformed,
}

impl<'a> Compact<'a> {
    /// Reads a token of at most `longest` bytes. The length is looked at before anything else.
    ///
    /// The base64url reader is strict: padding, white space, other alphabets and left-over bits are
    /// refused, so that one token has one spelling.
    pub fn read(token: &'a str, longest: usize) -> Result<Self, CompactFault> {
        if token.len() > longest {
            return Err(CompactFault::TooLong);
        }
        Self::read_parts(token).ok_or(CompactFault::Malformed)
    }

    fn read_parts(token: &'a str) -> Option<Self> {
        let (signed, signature_text) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let signature = decode(signature_text).filter(|bytes| !bytes.is_empty())?;
        Some(Self {
            header: read_object(&decode(header)?)?,
            claims: read_object(&decode(claims)?)?,
            signed: signed.as_bytes(),
            signature,
        })
    }
}

/// Strict base64url without padding.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Base64url without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether a header's `typ` is this one. Media types are compared without regard to case
/// (RFC 7515 §4.1.9, RFC 2045 §5.1).
pub(crate) fn has_type(header: &Object, expected: &[&str]) -> bool {
    let found = header.get("typ").and_then(|typ| typ.as_str());
    found.is_some_and(|found| expected.iter().any(|one| found.eq_ignore_ascii_case(one)))
}
