//! The feed of changes (`hentEndringer`): who is another than at the last reading, page by page.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::FormatError;
use super::persons::Persons;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Foresporsel {
    fra_endrings_id: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Svar {
    list: Option<Vec<Box<RawValue>>>,
    fra_endrings_id: Option<i64>,
    til_endrings_id: Option<i64>,
    siste_endrings_id: Option<i64>,
}

/// One page of the feed.
#[derive(Debug)]
pub struct Changes {
    /// Who changed, as they are now.
    pub persons: Persons,
    /// Where the page begins (`fraEndringsId`).
    pub from: i64,
    /// Where it ends, and the next one begins (`tilEndringsId`).
    pub to: i64,
    /// The newest change that there was when the page was made (`sisteEndringsId`).
    pub last: i64,
}

impl Changes {
    /// Whether there was nothing more after this page.
    pub fn is_last(&self) -> bool {
        self.to >= self.last
    }
}

/// The body of `POST krr/hentEndringer`: what happened after this change; 0 is the beginning.
pub fn request(from: i64) -> Vec<u8> {
    let request = Foresporsel { fra_endrings_id: from };
    serde_json::to_vec(&request).expect("a number always becomes JSON")
}

/// Reads the answer of `krr/hentEndringer`.
///
/// A page without a list is accepted only where nothing happened: an answer that moves on and
/// shows no list may have it under another name, and would lose changes without a word.
///
/// # Errors
/// [`FormatError`] if the answer as a whole cannot be read, or does not say where to go on. A
/// person who cannot be read is no error.
pub fn read(body: &[u8]) -> Result<Changes, FormatError> {
    let Svar { list, fra_endrings_id, til_endrings_id, siste_endrings_id } =
        serde_json::from_slice(body)?;
    let from = required("fraEndringsId", fra_endrings_id)?;
    let to = required("tilEndringsId", til_endrings_id)?;
    let last = required("sisteEndringsId", siste_endrings_id)?;
    if to < from || (to == from && to < last) {
        return Err(FormatError::NoHeadway);
    }
    let list = if to == from { list.unwrap_or_default() } else { required("list", list)? };
    Ok(Changes { persons: Persons::newest_of(list), from, to, last })
}

fn required<T>(field: &'static str, value: Option<T>) -> Result<T, FormatError> {
    value.ok_or(FormatError::Missing { field })
}
