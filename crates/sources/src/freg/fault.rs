//! The answers that are not data: FREG's three JSON shapes of error, and its firewall's page.

use std::time::Duration;

use serde::Deserialize;

use super::field::Field;

/// The longest pause that [`retry_after`] asks for.
pub const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);

/// The longest message that is kept, in characters.
const MESSAGE_CHARS_MAX: usize = 300;

/// An error answer from FREG, safe to log: no identity number is left in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// FREG's code (`FREG-001`), or the support id of a firewall page.
    pub code: Option<String>,
    /// FREG's words, shortened, or ours where FREG sent none.
    pub message: String,
    /// What happened, so far as the answer shows it.
    pub kind: FaultKind,
}

/// What an error answer means to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// 400: the request is wrong, or the document is older than FREG delivers.
    BadRequest,
    /// 401: no valid access token.
    Unauthorized,
    /// 403: the token gives no right to this.
    Forbidden,
    /// 404: unknown address or person; for a batch of an extract, not ready yet.
    NotFound,
    /// 406: an unknown or retired `part`, a wrong `Accept`, or a sequence number too old to read.
    NotAcceptable,
    /// 410: the extract's job or batch is gone.
    Gone,
    /// 429: too many requests.
    Throttled,
    /// 5xx: FREG is down or broke.
    Unavailable,
    /// The firewall in front of FREG refused the request, whatever the status says.
    Firewall,
    /// Any other status.
    Unexpected,
}

impl FaultKind {
    fn of_status(status: u16) -> FaultKind {
        match status {
            400 => FaultKind::BadRequest,
            401 => FaultKind::Unauthorized,
            403 => FaultKind::Forbidden,
            404 => FaultKind::NotFound,
            406 => FaultKind::NotAcceptable,
            410 => FaultKind::Gone,
            429 => FaultKind::Throttled,
            500..=599 => FaultKind::Unavailable,
            _ => FaultKind::Unexpected,
        }
    }
}

/// Every field of FREG's error bodies, whichever of the shapes it is:
/// `{kode, melding}`, `{httpStatus, alvorlighetsgrad, feilkode, feilmelding, …}` and
/// `{httpStatus, code, message, feilreferanse}`; the extract's own answer has `feilmelding` alone.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Feil {
    #[serde(alias = "feilkode", alias = "code")]
    kode: Field<String>,
    #[serde(alias = "feilmelding", alias = "message")]
    melding: Field<String>,
}

/// Reads an error answer. Always gives something: an error must not fail on its own description.
pub fn read(status: u16, content_type: Option<&str>, body: &[u8]) -> Fault {
    if is_firewall_page(content_type, body) {
        return Fault {
            code: support_id(body),
            message: "the firewall in front of FREG refused the request".to_owned(),
            kind: FaultKind::Firewall,
        };
    }
    let Feil { kode, melding } = serde_json::from_slice(body).unwrap_or_default();
    let message = melding.into_value();
    Fault {
        code: kode.into_value().as_deref().map(without_numbers),
        message: without_numbers(message.as_deref().unwrap_or("FREG gave no message")),
        kind: FaultKind::of_status(status),
    }
}

/// Whether an answer is the firewall's HTML page. It may come with status 200, so ask this before
/// reading any answer.
pub fn is_firewall_page(content_type: Option<&str>, body: &[u8]) -> bool {
    let is_html = content_type.is_some_and(|text| text.to_ascii_lowercase().contains("html"));
    let start = body.trim_ascii_start();
    let start = &start[..start.len().min(9)];
    let opens_as_html = [&b"<html"[..], b"<!doctype"]
        .iter()
        .any(|tag| start.len() >= tag.len() && start[..tag.len()].eq_ignore_ascii_case(tag));
    is_html || opens_as_html
}

/// The number behind the words "support id" on a firewall page, by which the owner of the
/// firewall finds the refusal. It is longer than any identity number.
fn support_id(page: &[u8]) -> Option<String> {
    let page = String::from_utf8_lossy(page).to_ascii_lowercase();
    let (_, after) = page.split_once("support id")?;
    let start = after.find(|c: char| c.is_ascii_digit())?;
    let id: String = after[start..].chars().take_while(char::is_ascii_digit).collect();
    Some(id).filter(|id| id.len() > 12 && start < 40)
}

/// FREG's words without anything that may be an identity number, and shortened.
///
/// A run of eleven digits or more, with spaces, dots or dashes between them or not, becomes
/// `[number]`.
pub(super) fn without_numbers(message: &str) -> String {
    let mut safe = String::with_capacity(message.len().min(MESSAGE_CHARS_MAX));
    let mut rest = message;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        safe.push_str(&rest[..start]);
        let (run, digits) = digit_run(&rest[start..]);
        safe.push_str(if digits >= 11 { "[number]" } else { &rest[start..start + run] });
        rest = &rest[start + run..];
    }
    safe.push_str(rest);
    match safe.char_indices().nth(MESSAGE_CHARS_MAX) {
        Some((end, _)) => safe[..end].to_owned() + "…",
        None => safe,
    }
}

/// Length in bytes of the digits that `text` starts with, and how many they are.
fn digit_run(text: &str) -> (usize, usize) {
    let (mut end, mut digits) = (0, 0);
    for (place, byte) in text.bytes().enumerate() {
        match byte {
            b'0'..=b'9' => (end, digits) = (place + 1, digits + 1),
            b' ' | b'.' | b'-' => {}
            _ => break,
        }
    }
    (end, digits)
}

/// How long FREG asks us to wait: milliseconds, unlike the header's standard, at most a minute.
///
/// A value that is no whole number of milliseconds (the standard also allows a date) gives the
/// full minute: waiting too long is the harmless mistake.
pub fn retry_after(header: &str) -> Duration {
    let wait = header.trim().parse().map(Duration::from_millis);
    wait.map_or(RETRY_AFTER_MAX, |wait| wait.min(RETRY_AFTER_MAX))
}
