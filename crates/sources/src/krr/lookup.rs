//! Lookup by number (`personer`): up to a thousand persons as they are now.

use register::id::IdentityNumber;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::FormatError;
use super::persons::Persons;

/// The most numbers that KRR takes in one call.
pub const MAX_NUMBERS: usize = 1000;

#[derive(Serialize)]
struct Foresporsel<'a> {
    personidentifikatorer: &'a [IdentityNumber],
}

#[derive(Deserialize)]
struct Svar {
    personer: Option<Vec<Box<RawValue>>>,
}

/// As many calls of `POST personer` as these numbers need: the numbers that each asks for, and its
/// body.
pub fn requests(numbers: &[IdentityNumber]) -> impl Iterator<Item = (&[IdentityNumber], Vec<u8>)> {
    numbers.chunks(MAX_NUMBERS).map(|personidentifikatorer| {
        let request = Foresporsel { personidentifikatorer };
        let body = serde_json::to_vec(&request).expect("a list of texts always becomes JSON");
        (personidentifikatorer, body)
    })
}

/// Reads the answer of `personer`. It holds whom KRR chose to answer for: a number that was asked
/// for and has no answer is not a fault here.
///
/// # Errors
/// [`FormatError`] if the answer as a whole cannot be read. A person who cannot is no error.
pub fn read(body: &[u8]) -> Result<Persons, FormatError> {
    let answer: Svar = serde_json::from_slice(body)?;
    let persons = answer.personer.ok_or(FormatError::Missing { field: "personer" })?;
    Ok(Persons::newest_of(persons))
}
