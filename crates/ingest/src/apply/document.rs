//! A person document made ready to be applied: read, mapped and hashed, with no I/O. One of FREG, or
//! the state of a felles hjelpenummer.

use aws_lc_rs::digest::{SHA256, digest};
use register::id::IdentityNumber;
use register::part::PartSet;
use register::person::Person;
use register::render::{Circumstances, masked_parts};
use sources::ain::{self, AlternatePerson};
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
    /// The source's JSON, for the table of source documents.
    pub json: Vec<u8>,
    /// Elements with values that the mapping does not know.
    pub unknown: Vec<&'static str>,
}

impl PreparedDocument {
    /// What restricted access does not see of it, in doubt of a protection or not.
    pub fn masked_as(&self, protection_uncertain: bool) -> PartSet {
        if protection_uncertain {
            masked_parts(&self.person, &Circumstances { protection_uncertain })
        } else {
            self.masked_parts
        }
    }
}

/// Reads FREG's JSON.
///
/// # Errors
/// When it is no person document, or lists no number.
pub fn prepare(json: &str) -> Result<PreparedDocument, FormatError> {
    let document = Document::read_text(json)?;
    let numbers = document.numbers();
    let mapped = document.into_person();
    Ok(prepared(numbers, mapped.person, mapped.unknown, json))
}

/// Reads the state of a felles hjelpenummer, and says which number is used instead of it, if any.
///
/// # Errors
/// When it is not wholly in the form that was agreed on.
pub fn prepare_alternate(
    json: &str,
) -> Result<(PreparedDocument, Option<IdentityNumber>), ain::FormatError> {
    let state = AlternatePerson::read(json.as_bytes())?;
    let listed = ListedNumber { number: state.number(), in_use: state.is_in_use(), current: true };
    let continued_as = state.continued_as();
    Ok((prepared(vec![listed], state.into_person(), Vec::new(), json), continued_as))
}

/// Reads a stored document; nothing if it cannot be read.
pub fn prepare_stored(json: &[u8], alternate: bool) -> Option<PreparedDocument> {
    let json = std::str::from_utf8(json).ok()?;
    if alternate {
        prepare_alternate(json).ok().map(|(document, _)| document)
    } else {
        prepare(json).ok()
    }
}

fn prepared(
    numbers: Vec<ListedNumber>,
    person: Person,
    unknown: Vec<&'static str>,
    json: &str,
) -> PreparedDocument {
    let person = person.sorted();
    let masked_parts = masked_parts(&person, &Circumstances { protection_uncertain: false });
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, json.as_bytes()).as_ref());
    PreparedDocument { numbers, person, masked_parts, hash, json: json.into(), unknown }
}
