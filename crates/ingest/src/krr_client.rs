//! KRR as ingest calls it: lookups by number, and the feed of changes.

use std::time::Duration;

use register::id::IdentityNumber;
use sources::freg::fault::{self, Fault};
use sources::krr::FormatError;
use sources::krr::changes::{self, Changes};
use sources::krr::lookup::{self, MAX_NUMBERS};
use sources::krr::persons::Listed;
use tokio_util::sync::CancellationToken;

use crate::call::{Call, CallError, CallSettings, Caller, Manners, in_lots};
use crate::config::KrrConfig;

/// The longest pause that a `Retry-After` header is taken to ask for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60);

/// How KRR is called and how it refuses.
pub static KRR: Manners = Manners {
    name: "KRR",
    section: "krr",
    calls_metric: "ingest_krr_call_seconds",
    retries_metric: "ingest_krr_retries_total",
    read_fault,
    retry_after,
};

/// Goes by the status alone: how KRR words its refusals is not published, and what it says may hold
/// numbers.
fn read_fault(status: u16, content_type: Option<&str>, body: &[u8]) -> Fault {
    let message = format!("status {status}");
    Fault { code: None, message, ..fault::read(status, content_type, body) }
}

/// In seconds. The header may also be a date: then waiting too long is the harmless mistake.
fn retry_after(header: &str) -> Duration {
    let wait = header.trim().parse().map(Duration::from_secs);
    wait.map_or(RETRY_AFTER_MAX, |wait| wait.min(RETRY_AFTER_MAX))
}

/// Why a page of changes cannot be used. It is asked for again until it can.
#[derive(Debug, thiserror::Error)]
enum PageError {
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("the page begins at {from}, which is before {asked}")]
    Earlier { from: i64, asked: i64 },
    #[error("KRR's newest change is {last}, which is before {asked}")]
    Behind { last: i64, asked: i64 },
}

/// What a lookup came to.
#[derive(Debug, Default)]
pub struct Found {
    /// Who was answered for, as they are now.
    pub persons: Vec<Listed>,
    /// How many in the answers could not be read.
    pub unreadable: usize,
    /// How many numbers KRR would not be asked about.
    pub refused: usize,
}

/// KRR as ingest calls it.
pub struct KrrClient {
    caller: Caller,
}

impl KrrClient {
    /// A client for the configured address; nothing is called yet.
    ///
    /// # Errors
    /// When the address, the HTTP client or the token key cannot be used.
    pub fn new(config: &KrrConfig, shutdown: CancellationToken) -> Result<Self, CallError> {
        let settings = CallSettings {
            base_url: &config.base_url,
            connect_timeout_ms: config.connect_timeout_ms,
            call_timeout_ms: config.call_timeout_ms,
            // The feed and the lookups have one call each.
            concurrent_calls: 2,
            answer_bytes_max: config.answer_bytes_max,
            retry_pause_max_ms: config.retry_pause_max_ms,
            maskinporten: &config.maskinporten,
        };
        Ok(KrrClient { caller: Caller::new(&KRR, &settings, shutdown)? })
    }

    /// A page of what happened after the change `after`; 0 is the beginning.
    ///
    /// A page that begins before `after`, makes no headway, or comes from a KRR that has not got so
    /// far is told and asked for again: going on from it would lose changes or repeat them for ever.
    ///
    /// # Errors
    /// [`CallError`] when KRR refuses or the run is asked to stop.
    pub async fn changes(&self, after: i64) -> Result<Changes, CallError> {
        let call = Call::post("hentEndringer", "krr/hentEndringer", changes::request(after));
        self.caller.call(&call, |body| read_page(body, after)).await
    }

    /// These persons as they are now; any number of them. KRR need not answer for all.
    ///
    /// # Errors
    /// [`CallError`] when KRR refuses the whole or the run is asked to stop.
    pub async fn persons(&self, numbers: &[IdentityNumber]) -> Result<Found, CallError> {
        let answers = in_lots(numbers, MAX_NUMBERS, |lot| {
            // A lot is never more than one request takes.
            let body = lookup::requests(lot).next().map(|(_, body)| body);
            let call = Call::post("personer", "personer", body.unwrap_or_default());
            async move { self.caller.call(&call, lookup::read).await }
        });
        let (answers, refused) = answers.await?;
        let mut found = Found { refused: refused.len(), ..Found::default() };
        for answer in answers {
            found.unreadable += answer.unreadable.len();
            found.persons.extend(answer.listed);
        }
        Ok(found)
    }

    /// Waits, unless the run is asked to stop first.
    ///
    /// # Errors
    /// [`CallError::Stopped`] when it is.
    pub async fn sleep(&self, pause: Duration) -> Result<(), CallError> {
        self.caller.sleep(pause).await
    }
}

fn read_page(body: &[u8], asked: i64) -> Result<Changes, PageError> {
    let page = changes::read(body)?;
    let Changes { from, last, .. } = page;
    if from < asked {
        return Err(PageError::Earlier { from, asked });
    }
    if last < asked {
        return Err(PageError::Behind { last, asked });
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: i64, to: i64, last: i64, asked: i64) -> Option<String> {
        let body = format!(
            r#"{{"list":[],"fraEndringsId":{from},"tilEndringsId":{to},"sisteEndringsId":{last}}}"#
        );
        read_page(body.as_bytes(), asked).err().map(|error| error.to_string())
    }

    #[test]
    fn a_page_must_go_on_from_where_it_was_asked_to() {
        assert_eq!(read(5, 7, 9, 5), None);
        assert_eq!(read(9, 9, 9, 9), None);
        let beyond = 5_000_000_000;
        assert_eq!(read(beyond, beyond + 1, beyond + 1, beyond), None);
        assert!(read(4, 7, 9, 5).unwrap().contains("begins at 4"));
        assert!(read(5, 5, 4, 5).unwrap().contains("newest change is 4"));
        assert!(read(5, 5, 9, 5).unwrap().contains("no headway"));
    }
}
