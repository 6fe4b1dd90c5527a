//! Bulk lookups: up to a thousand persons in one call, each answered or refused for itself.

use std::fmt;

use register::id::IdentityNumber;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::FormatError;
use super::fault::without_numbers;

/// The most keys FREG takes in one bulk lookup.
pub const MAX_KEYS: usize = 1000;

/// FREG's answer for one key of a bulk lookup.
pub struct BulkAnswer {
    /// The document id or the identity number that was asked for. Answers are paired with
    /// requests by this alone: FREG promises neither order nor one answer for each request.
    pub key: String,
    /// The person document as it stood on the wire, or FREG's message (identity numbers removed).
    pub outcome: Result<Box<RawValue>, String>,
}

impl fmt::Debug for BulkAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let outcome = if self.outcome.is_ok() { "document" } else { "message" };
        formatter.debug_struct("BulkAnswer").field("outcome", &outcome).finish_non_exhaustive()
    }
}

/// The body of `POST personer/bulkoppslag/arkiv`: these versions of persons.
pub fn by_document_request(documents: &[String]) -> Vec<u8> {
    body(&ByDocument { dokumentidentifikator: documents })
}

/// The body of `POST personer/bulkoppslag`: these persons as they are now.
pub fn by_number_request(numbers: &[IdentityNumber]) -> Vec<u8> {
    body(&ByNumber { foedsels_eller_d_nummer: numbers })
}

#[derive(Serialize)]
struct ByDocument<'a> {
    dokumentidentifikator: &'a [String],
}

#[derive(Serialize)]
struct ByNumber<'a> {
    #[serde(rename = "foedselsEllerDNummer")]
    foedsels_eller_d_nummer: &'a [IdentityNumber],
}

fn body(request: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(request).expect("a list of texts always becomes JSON")
}

/// Reads the answer of `personer/bulkoppslag/arkiv`.
///
/// # Errors
/// [`FormatError`] if the answer as a whole cannot be read. A key that FREG refuses is no error.
pub fn read_by_document(body: &[u8]) -> Result<Vec<BulkAnswer>, FormatError> {
    read(body, "dokumentidentifikator", |lookup| lookup.dokumentidentifikator.take())
}

/// Reads the answer of `personer/bulkoppslag`.
///
/// # Errors
/// [`FormatError`] if the answer as a whole cannot be read. A key that FREG refuses is no error.
pub fn read_by_number(body: &[u8]) -> Result<Vec<BulkAnswer>, FormatError> {
    read(body, "foedselsEllerDNummer", |lookup| lookup.foedsels_eller_d_nummer.take())
}

#[derive(Deserialize)]
struct Answer {
    oppslag: Option<Vec<Oppslag>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Oppslag {
    dokumentidentifikator: Option<String>,
    foedsels_eller_d_nummer: Option<String>,
    folkeregisterperson: Option<Box<RawValue>>,
    feilmelding: Option<Feilmelding>,
}

/// The message is an object that holds a field of its own name.
#[derive(Deserialize)]
#[serde(untagged)]
enum Feilmelding {
    Nested { feilmelding: Option<String> },
    Plain(String),
}

fn read(
    body: &[u8],
    key_field: &'static str,
    key: impl Fn(&mut Oppslag) -> Option<String>,
) -> Result<Vec<BulkAnswer>, FormatError> {
    let answer: Answer = serde_json::from_slice(body)?;
    let lookups = answer.oppslag.ok_or(FormatError::Missing { field: "oppslag" })?;
    let answers = lookups.into_iter().map(|mut lookup| {
        let key = key(&mut lookup).filter(|key| !key.is_empty());
        let key = key.ok_or(FormatError::Missing { field: key_field })?;
        Ok(BulkAnswer { key, outcome: outcome(lookup) })
    });
    answers.collect()
}

fn outcome(lookup: Oppslag) -> Result<Box<RawValue>, String> {
    if let Some(document) = lookup.folkeregisterperson {
        return Ok(document);
    }
    let message = match lookup.feilmelding {
        Some(Feilmelding::Nested { feilmelding }) => feilmelding,
        Some(Feilmelding::Plain(message)) => Some(message),
        None => None,
    };
    Err(without_numbers(message.as_deref().unwrap_or("neither a person nor a message")))
}
