//! FREG as ingest calls it: which calls there are, and what each refusal means.

use std::time::Duration;

use register::id::IdentityNumber;
use sources::freg::PARTS;
use sources::freg::bulk::{self, BulkAnswer, MAX_KEYS};
use sources::freg::extract::{self, ExtractBatch};
use sources::freg::fault::{self, FaultKind};
use sources::freg::feed::{self, FeedEntry};
use tokio_util::sync::CancellationToken;

use crate::call::{Call, CallError, CallSettings, Caller, Manners, in_lots};
use crate::config::FregConfig;

/// How FREG is called and how it refuses.
pub static FREG: Manners = Manners {
    name: "FREG",
    section: "freg",
    calls_metric: "ingest_freg_call_seconds",
    retries_metric: "ingest_freg_retries_total",
    read_fault: fault::read,
    retry_after: fault::retry_after,
};

/// A page of the feed, if FREG still has it.
pub enum FeedAnswer {
    /// The events from the sequence asked for on; empty when there is nothing newer.
    Events(Vec<FeedEntry>),
    /// FREG has deleted the events at that sequence (it keeps them for three years).
    TooOld,
}

/// A batch of a bulk extract, if it can be had.
pub enum ExtractAnswer {
    /// A batch, or the end.
    Batch(ExtractBatch),
    /// Not ready: ask again later.
    NotReady,
    /// The job is gone: order again.
    Gone,
}

/// A lookup. Absent, `part` means `person-basis`, so every lookup names every part.
fn lookup(name: &'static str, path: &str, body: Vec<u8>) -> Call {
    PARTS.iter().fold(Call::post(name, path, body), |call, part| call.with("part", part))
}

/// FREG as ingest calls it.
pub struct FregClient {
    caller: Caller,
}

impl FregClient {
    /// A client for the configured address; nothing is called yet.
    ///
    /// # Errors
    /// When the address, the HTTP client or the token key cannot be used.
    pub fn new(config: &FregConfig, shutdown: CancellationToken) -> Result<Self, CallError> {
        let settings = CallSettings {
            base_url: &config.base_url,
            connect_timeout_ms: config.connect_timeout_ms,
            call_timeout_ms: config.call_timeout_ms,
            concurrent_calls: config.concurrent_calls,
            answer_bytes_max: config.answer_bytes_max,
            retry_pause_max_ms: config.retry_pause_max_ms,
            maskinporten: &config.maskinporten,
        };
        Ok(FregClient { caller: Caller::new(&FREG, &settings, shutdown)? })
    }

    /// Up to a thousand events from `sequence` on, that one included.
    ///
    /// # Errors
    /// [`CallError`] when FREG refuses or the run is asked to stop.
    pub async fn feed(&self, sequence: i64) -> Result<FeedAnswer, CallError> {
        let call = Call::get("feed", "hendelser/feed").with("seq", sequence);
        match self.caller.call(&call, feed::read_page).await {
            Ok(events) => Ok(FeedAnswer::Events(events)),
            Err(error) if error.kind() == Some(FaultKind::NotAcceptable) => Ok(FeedAnswer::TooOld),
            Err(error) => Err(error),
        }
    }

    /// The newest sequence of the feed.
    ///
    /// # Errors
    /// [`CallError`] when FREG refuses or the run is asked to stop.
    pub async fn last_sequence(&self) -> Result<i64, CallError> {
        let call = Call::get("last_sequence", "hendelser/siste/sekvensnummer");
        self.caller.call(&call, feed::read_last_sequence).await
    }

    /// These versions of persons, by document id; any number of them. Answers come in no order.
    ///
    /// # Errors
    /// [`CallError`] when FREG refuses the whole or the run is asked to stop.
    pub async fn by_document(&self, ids: &[String]) -> Result<Vec<BulkAnswer>, CallError> {
        let answers = self.bulk(ids, String::clone, |ids| {
            let body = bulk::by_document_request(ids);
            let call = lookup("by_document", "personer/bulkoppslag/arkiv", body);
            async move { self.caller.call(&call, bulk::read_by_document).await }
        });
        answers.await
    }

    /// These persons as they are now; any number of them. A number that has ceased may be answered
    /// under its survivor's.
    ///
    /// # Errors
    /// [`CallError`] when FREG refuses the whole or the run is asked to stop.
    pub async fn by_number(
        &self,
        numbers: &[IdentityNumber],
    ) -> Result<Vec<BulkAnswer>, CallError> {
        let answers = self.bulk(
            numbers,
            |number| number.as_str().to_owned(),
            |numbers| {
                let body = bulk::by_number_request(numbers);
                let call = lookup("by_number", "personer/bulkoppslag", body);
                async move { self.caller.call(&call, bulk::read_by_number).await }
            },
        );
        answers.await
    }

    /// Orders an extract of everybody as of `sequence`; gives the job's id.
    ///
    /// # Errors
    /// [`CallError`] when FREG refuses or the run is asked to stop.
    pub async fn order_extract(&self, sequence: i64) -> Result<String, CallError> {
        let call = Call::get("order_extract", "uttrekk/komplett").with("feedsekvensnr", sequence);
        self.caller.call(&call, extract::read_order).await
    }

    /// Batch `batch` (from 0) of an extract.
    ///
    /// # Errors
    /// [`CallError`] when FREG refuses or the run is asked to stop.
    pub async fn extract_batch(&self, job: &str, batch: i64) -> Result<ExtractAnswer, CallError> {
        let call = Call::get("extract_batch", format!("uttrekk/{job}/batch/{batch}"));
        match self.caller.call(&call, extract::read_batch).await {
            Ok(batch) => Ok(ExtractAnswer::Batch(batch)),
            Err(error) => match error.kind() {
                Some(FaultKind::NotFound) => Ok(ExtractAnswer::NotReady),
                Some(FaultKind::Gone) => Ok(ExtractAnswer::Gone),
                _ => Err(error),
            },
        }
    }

    /// Waits, unless the run is asked to stop first.
    ///
    /// # Errors
    /// [`CallError::Stopped`] when it is.
    pub async fn sleep(&self, pause: Duration) -> Result<(), CallError> {
        self.caller.sleep(pause).await
    }

    /// One bulk lookup for each thousand keys; a key that is refused is answered with a message.
    async fn bulk<'a, K, F>(
        &self,
        keys: &'a [K],
        name: impl Fn(&K) -> String,
        look_up: impl Fn(&'a [K]) -> F,
    ) -> Result<Vec<BulkAnswer>, CallError>
    where
        F: Future<Output = Result<Vec<BulkAnswer>, CallError>>,
    {
        let (answers, refused) = in_lots(keys, MAX_KEYS, look_up).await?;
        let refused = refused
            .into_iter()
            .map(|(key, error)| BulkAnswer { key: name(key), outcome: Err(error.to_string()) });
        Ok(answers.into_iter().flatten().chain(refused).collect())
    }
}
