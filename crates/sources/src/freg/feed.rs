//! The change feed (hendelsesliste): what happened, to which number, in one total order.

use register::id::IdentityNumber;
use register::time::Instant;
use serde::Deserialize;

use super::FormatError;
use super::field::Field;

/// One event of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Place in the feed (`sekvensnummer`). FREG promises no unbroken row of numbers.
    pub sequence: i64,
    /// The person's number at the time (`folkeregisteridentifikator`); it may have ceased since.
    pub number: IdentityNumber,
    /// What happened, in FREG's word (`hendelsetype`); see [`super::event`]. New words appear
    /// without notice, and an event may come without any (empty here).
    pub event_type: String,
    /// Id of the event document (`hendelsesdokument`); not unique across environments.
    pub event_document: Option<String>,
    /// Id of the person document as it was after the event (`persondokument`).
    pub person_document: Option<String>,
    /// When FREG wrote it (`ajourholdstidspunkt`). Not rising along the feed.
    pub registered_at: Option<Instant>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LagretHendelse {
    sekvensnummer: Field<i64>,
    hendelse: Option<Hendelse>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Hendelse {
    folkeregisteridentifikator: Field<IdentityNumber>,
    /// Spelled with one more `s` in event documents and in old versions of the feed.
    #[serde(alias = "hendelsestype")]
    hendelsetype: Field<String>,
    hendelsesdokument: Field<String>,
    persondokument: Field<String>,
    ajourholdstidspunkt: Field<Instant>,
}

/// Reads one page of the feed. An empty page means that there is nothing newer.
///
/// # Errors
/// [`FormatError`] if the page, or the sequence number or person's number of any event in it,
/// cannot be read: such an event must not be passed over.
pub fn read_page(body: &[u8]) -> Result<Vec<FeedEntry>, FormatError> {
    let page: Vec<LagretHendelse> = serde_json::from_slice(body)?;
    page.into_iter().map(entry).collect()
}

fn entry(stored: LagretHendelse) -> Result<FeedEntry, FormatError> {
    let LagretHendelse { sekvensnummer, hendelse } = stored;
    let Hendelse {
        folkeregisteridentifikator,
        hendelsetype,
        hendelsesdokument,
        persondokument,
        ajourholdstidspunkt,
    } = hendelse.ok_or(FormatError::Missing { field: "hendelse" })?;
    Ok(FeedEntry {
        sequence: required("sekvensnummer", sekvensnummer)?,
        number: required("folkeregisteridentifikator", folkeregisteridentifikator)?,
        event_type: hendelsetype.into_value().unwrap_or_default(),
        event_document: hendelsesdokument.into_value(),
        person_document: persondokument.into_value(),
        registered_at: ajourholdstidspunkt.into_value(),
    })
}

fn required<T>(name: &'static str, field: Field<T>) -> Result<T, FormatError> {
    field.into_value().ok_or(FormatError::Missing { field: name })
}

/// Reads the answer of `hendelser/siste/sekvensnummer`: a bare number.
///
/// An object that holds the number is understood too: FREG once announced that change and took it
/// back the day after.
///
/// # Errors
/// [`FormatError`] if there is no number.
pub fn read_last_sequence(body: &[u8]) -> Result<i64, FormatError> {
    let sequence: Field<i64> = if body.trim_ascii_start().starts_with(b"{") {
        serde_json::from_slice::<LagretHendelse>(body)?.sekvensnummer
    } else {
        serde_json::from_slice(body)?
    };
    required("sekvensnummer", sequence)
}
