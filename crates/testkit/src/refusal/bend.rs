//! A good token or proof with something changed before or after it is signed.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helseid::SigningKey;
use serde_json::Value;

use super::expected::Refusal;

/// A change to a finished text.
pub type Change = fn(&str) -> String;

/// One change.
#[derive(Clone)]
pub enum Bend {
    /// A member of the header is this, or is absent.
    Header(&'static str, Option<Value>),
    /// A claim is this, or is absent.
    Claim(&'static str, Option<Value>),
    /// The header is this text instead of itself; `{}` in it stands for the good one.
    HeaderText(String),
    /// The claims are this text instead of themselves; `{}` in it stands for the good ones.
    ClaimsText(String),
    /// A member is written in front of all others in the header, which may hold it once more.
    HeaderFirst(String),
    /// A claim is written in front of all others, which may hold it once more.
    ClaimFirst(String),
    /// Another key signs.
    SignedBy(&'static SigningKey),
    /// HMAC with SHA-256 and this secret takes the signature's place.
    Hmac(Vec<u8>),
    /// The signature is these bytes.
    Signature(Vec<u8>),
    /// The finished text is changed.
    Text(Change),
    /// Something else altogether is sent.
    Instead(String),
}

/// A row: what is changed, and why that is refused.
#[derive(Clone)]
pub struct Variant {
    /// What it is, in words; unique in its table.
    pub name: String,
    /// The changes, in the order in which they are made.
    pub bends: Vec<Bend>,
    /// Why it is refused.
    pub refusal: Refusal,
}

impl Variant {
    /// A row with one change.
    pub(super) fn new(name: impl Into<String>, bend: Bend, refusal: Refusal) -> Self {
        Self { name: name.into(), bends: vec![bend], refusal }
    }

    /// Whether header, claims and signature stand in the text where a reader expects them.
    pub fn is_readable(&self) -> bool {
        let is_text = |bend: &Bend| matches!(bend, Bend::Text(_) | Bend::Instead(_));
        !self.bends.iter().any(is_text)
    }
}

/// A token that is not signed yet.
pub(super) struct Draft {
    pub header: Value,
    pub claims: Value,
    pub key: &'static SigningKey,
}

impl Draft {
    /// The compact text after these changes.
    pub(super) fn bent(mut self, bends: &[Bend]) -> String {
        for bend in bends {
            match bend {
                Bend::Header(name, value) => set(&mut self.header, name, value),
                Bend::Claim(name, value) => set(&mut self.claims, name, value),
                Bend::SignedBy(key) => self.key = key,
                _ => {}
            }
        }
        let (mut header, mut claims) = (self.header.to_string(), self.claims.to_string());
        for bend in bends {
            match bend {
                Bend::HeaderText(text) => header = text.replace("{}", &header),
                Bend::ClaimsText(text) => claims = text.replace("{}", &claims),
                Bend::HeaderFirst(member) => header = prepend(&header, member),
                Bend::ClaimFirst(member) => claims = prepend(&claims, member),
                _ => {}
            }
        }
        let signed = self.key.sign_compact(header.as_bytes(), claims.as_bytes()).expect("signed");
        bends.iter().fold(signed, finish)
    }
}

fn finish(text: String, bend: &Bend) -> String {
    let signed = text.rsplit_once('.').map_or("", |(signed, _)| signed);
    let with_signature = |bytes: &[u8]| format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes));
    match bend {
        Bend::Hmac(secret) => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            with_signature(hmac::sign(&key, signed.as_bytes()).as_ref())
        }
        Bend::Signature(bytes) => with_signature(bytes),
        Bend::Text(change) => change(&text),
        Bend::Instead(other) => other.clone(),
        _ => text,
    }
}

fn set(object: &mut Value, name: &str, value: &Option<Value>) {
    let object = object.as_object_mut().expect("an object");
    match value {
        Some(value) => object.insert(name.to_owned(), value.clone()),
        None => object.remove(name),
    };
}

fn prepend(object: &str, member: &str) -> String {
    object.replacen('{', &format!("{{{member},"), 1)
}
