//! What one attempt at a call came to. Decided here without I/O, but for reading the answer.

use std::fmt::Display;
use std::time::Duration;

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use sources::freg::fault::{Fault, FaultKind, is_firewall_page};

use super::Manners;

/// What one attempt came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Attempt<T> {
    /// An answer that could be read.
    Answered(T),
    /// A fault that passes.
    Again {
        /// Its kind, as metrics and logs name it.
        why: &'static str,
        /// How long the source asked us to wait.
        asked: Option<Duration>,
        /// What is wrong with an answer that cannot be read; nothing that it holds.
        detail: Option<String>,
    },
    /// The token was not taken.
    Unauthorized,
    /// A fault that does not pass.
    Refused(Fault),
    /// More was sent than we read.
    TooLarge,
}

/// An answer as it came.
pub struct Received {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Retry-After` header; the sources do not agree on its unit.
    pub retry_after: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
pub(super) enum Failure {
    Network(&'static str),
    TooLarge,
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Failure::Network(match () {
            () if error.is_timeout() => "timeout",
            () if error.is_connect() => "connect",
            () if error.is_body() || error.is_decode() => "cut off",
            () => "network",
        })
    }
}

impl<T> Attempt<T> {
    fn again(why: &'static str, asked: Option<Duration>) -> Self {
        Attempt::Again { why, asked, detail: None }
    }
}

impl<T> From<Failure> for Attempt<T> {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Network(why) => Attempt::again(why, None),
            Failure::TooLarge => Attempt::TooLarge,
        }
    }
}

impl Received {
    /// Reads the answer to its end, or to one byte past `bytes_max`.
    pub(super) async fn read(mut response: Response, bytes_max: usize) -> Result<Self, Failure> {
        let header = |name| {
            let value: Option<&reqwest::header::HeaderValue> = response.headers().get(name);
            value.and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let mut received = Received {
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE),
            retry_after: header(RETRY_AFTER),
            body: Vec::new(),
        };
        while let Some(chunk) = response.chunk().await? {
            if received.body.len() + chunk.len() > bytes_max {
                return Err(Failure::TooLarge);
            }
            received.body.extend_from_slice(&chunk);
        }
        Ok(received)
    }
}

/// Tells an answer from a fault that passes and from one that does not.
pub fn classify<T, E: Display>(
    manners: &Manners,
    received: &Received,
    read: impl Fn(&[u8]) -> Result<T, E>,
) -> Attempt<T> {
    let Received { status, content_type, retry_after, body } = received;
    let content_type = content_type.as_deref();
    let asked = retry_after.as_deref().map(manners.retry_after);
    if (200..300).contains(status) && !is_firewall_page(content_type, body) {
        return match read(body) {
            Ok(answer) => Attempt::Answered(answer),
            Err(error) => {
                let detail = Some(error.to_string());
                Attempt::Again { why: "unreadable answer", asked, detail }
            }
        };
    }
    let fault = (manners.read_fault)(*status, content_type, body);
    match fault.kind {
        FaultKind::Throttled => Attempt::again("throttled", asked),
        FaultKind::Unavailable => Attempt::again("unavailable", asked),
        FaultKind::Firewall => Attempt::again("firewall page", asked),
        // A redirect to a maintenance page, for example. If it stays, the warning does too.
        FaultKind::Unexpected => Attempt::again("unexpected status", asked),
        FaultKind::Unauthorized => Attempt::Unauthorized,
        FaultKind::BadRequest
        | FaultKind::Forbidden
        | FaultKind::NotFound
        | FaultKind::NotAcceptable
        | FaultKind::Gone => Attempt::Refused(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::freg_client::FREG;
    use crate::krr_client::KRR;

    fn received(status: u16, content_type: &str, body: &str) -> Received {
        Received {
            status,
            content_type: Some(content_type.to_owned()),
            retry_after: None,
            body: body.as_bytes().to_vec(),
        }
    }

    fn why(received: &Received) -> &'static str {
        match classify(&FREG, received, sources::freg::feed::read_last_sequence) {
            Attempt::Answered(_) => "answered",
            Attempt::Again { why, .. } => why,
            Attempt::Unauthorized => "unauthorized",
            Attempt::Refused(_) => "refused",
            Attempt::TooLarge => "too large",
        }
    }

    #[test]
    fn every_answer_has_its_meaning() {
        let json = "application/json";
        let fault = r#"{"kode":"FREG-001","melding":"nei"}"#;
        let table = [
            (200, json, "4711", "answered"),
            (200, json, r#"{"sekvensn"#, "unreadable answer"),
            (200, json, "", "unreadable answer"),
            (200, "text/html", "<html>support id 123", "firewall page"),
            (200, json, "<!DOCTYPE html>", "firewall page"),
            (403, "text/html; charset=utf-8", "<html>", "firewall page"),
            (302, json, "", "unexpected status"),
            (429, json, fault, "throttled"),
            (500, json, fault, "unavailable"),
            (503, "text/plain", "ned for vedlikehold", "unavailable"),
            (401, json, fault, "unauthorized"),
            (400, json, fault, "refused"),
            (403, json, fault, "refused"),
            (404, json, fault, "refused"),
            (406, json, fault, "refused"),
            (410, json, fault, "refused"),
        ];
        for (status, content_type, body, meaning) in table {
            assert_eq!(why(&received(status, content_type, body)), meaning, "{status} {body}");
        }
    }

    #[test]
    fn the_wait_asked_for_is_in_the_unit_of_the_source() {
        let asked = |manners: &Manners, header: &str| {
            let mut received = received(429, "application/json", "{}");
            received.retry_after = Some(header.to_owned());
            match classify(manners, &received, sources::freg::feed::read_last_sequence) {
                Attempt::Again { asked, .. } => asked.unwrap(),
                _ => panic!("throttling passes"),
            }
        };
        assert_eq!(asked(&FREG, "1500"), Duration::from_millis(1500));
        assert_eq!(asked(&FREG, "99999999"), Duration::from_secs(60));
        assert_eq!(asked(&KRR, "3"), Duration::from_secs(3));
        assert_eq!(asked(&KRR, "Wed, 21 Oct 2026 07:28:00 GMT"), Duration::from_secs(60));
    }

    #[test]
    fn what_cannot_be_read_is_told_without_what_it_holds() {
        let odd = received(200, "application/json", r#"{"personidentifikator":"15819012345"}"#);
        match classify(&FREG, &odd, sources::freg::feed::read_last_sequence) {
            Attempt::Again { detail: Some(detail), .. } => {
                assert!(!detail.is_empty() && !detail.contains("15819"), "{detail}");
            }
            _ => panic!("it is no sequence"),
        }
    }
}
