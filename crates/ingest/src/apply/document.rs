//! A person document made ready to be applied: read, mapped and hashed, with no I/O.

use aws_lc_rs::digest::{SHA256, digest};
use register::part::PartSet;
use register::person::Person;
use register::render::{Circumstances, masked_parts};
use sources::freg::FormatError;
use sources::freg::document::{Document, ListedNumber};

/// A document that can be applied.
#[derive(Clone)]
pub struct PreparedDocument {
    /// Every number it lists, at least one.
    pub numbers: Vec<ListedNumber>,
    /// The person it describes.
    pub person: Person,
    /// What restricted access does not see of it.
    pub masked_parts: PartSet,
    /// SHA-256 of the JSON: tells a change from a repetition.
    pub hash: [u8; 32],
    /// FREG's JSON, for the table of source documents.
    pub json: Vec<u8>,
    /// Elements with values that the mapping does not know.
    pub unknown: Vec<&'static str>,
}

/// Reads FREG's JSON.
///
/// # Errors
/// When it is no person document, or lists no number.
pub fn prepare(json: &str) -> Result<PreparedDocument, FormatError> {
    let document = Document::read_text(json)?;
    let numbers = document.numbers();
    let mapped = document.into_person();
    let person = mapped.person.sorted();
    let masked_parts = masked_parts(&person, &Circumstances { protection_uncertain: false });
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, json.as_bytes()).as_ref());
    let json = json.as_bytes().to_vec();
    Ok(PreparedDocument { numbers, person, masked_parts, hash, json, unknown: mapped.unknown })
}
