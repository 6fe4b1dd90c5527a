//! Calls to FREG: every fault that passes is waited for, every other is told apart.
//!
//! A call comes back with FREG's answer, or because FREG refused it for good, or because the run
//! was asked to stop. Being away, slow, throttled, cut off or hidden behind a firewall's page is
//! none of these: the call is repeated with growing pauses for as long as it takes. No log line or
//! error holds a body, a number or an address.

use std::time::{Duration, Instant};

use register::id::IdentityNumber;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Method, Url};
use sources::freg::PARTS;
use sources::freg::bulk::{self, BulkAnswer, MAX_KEYS};
use sources::freg::extract::{self, ExtractBatch};
use sources::freg::fault::{Fault, FaultKind};
use sources::freg::feed::{self, FeedEntry};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

mod attempt;

pub use attempt::{Attempt, Received, classify};

use crate::config::FregConfig;
use crate::maskinporten::{Bearer, KeyError, Maskinporten, TokenError};
use crate::{metrics, retry};

/// From this many keys on, FREG refusing every single one means that our call is wrong.
const REFUSED_KEYS_MIN: usize = 10;

/// Why a call ended without an answer.
#[derive(Debug, thiserror::Error)]
pub enum FregError {
    /// The configured address cannot be used.
    #[error("freg.base_url cannot be used")]
    Address,
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be made")]
    Http(#[source] reqwest::Error),
    /// The key for access tokens cannot be used.
    #[error("the client's key cannot be used")]
    Key(#[from] KeyError),
    /// Maskinporten gives us no token, or FREG takes none of those it gives.
    #[error("no access token is accepted")]
    Unauthorized(#[source] Option<TokenError>),
    /// FREG refused the call and would again.
    #[error("FREG refused {call} ({kind:?}, code {}): {}", .fault.code.as_deref().unwrap_or("-"),
        .fault.message, kind = .fault.kind)]
    Refused {
        /// Which call.
        call: &'static str,
        /// What FREG said; without numbers.
        fault: Fault,
    },
    /// The answer is larger than `answer_bytes_max`.
    #[error("the answer to {call} is larger than {bytes_max} bytes")]
    TooLarge {
        /// Which call.
        call: &'static str,
        /// The limit.
        bytes_max: usize,
    },
    /// The run was asked to stop.
    #[error("stopped")]
    Stopped,
}

impl FregError {
    fn kind(&self) -> Option<FaultKind> {
        match self {
            FregError::Refused { fault, .. } => Some(fault.kind),
            _ => None,
        }
    }
}

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

/// One call, all but its token.
struct Call {
    name: &'static str,
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    fn get(name: &'static str, path: impl Into<String>) -> Call {
        Call { name, method: Method::GET, path: path.into(), query: Vec::new(), body: None }
    }

    fn post(name: &'static str, path: &str, body: Vec<u8>) -> Call {
        // Absent means `person-basis`, so every lookup names every part.
        let query = PARTS.iter().map(|part| ("part", (*part).to_owned())).collect();
        Call { name, method: Method::POST, path: path.to_owned(), query, body: Some(body) }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Call {
        self.query.push((name, value.to_string()));
        self
    }
}

/// FREG as ingest calls it.
pub struct FregClient {
    http: reqwest::Client,
    base: Url,
    tokens: Maskinporten,
    slots: Semaphore,
    bytes_max: usize,
    pause_max: Duration,
    shutdown: CancellationToken,
}

impl FregClient {
    /// A client for the configured address; nothing is called yet.
    ///
    /// # Errors
    /// When the address, the HTTP client or the token key cannot be used.
    pub fn new(config: &FregConfig, shutdown: CancellationToken) -> Result<Self, FregError> {
        let base = Url::parse(&config.base_url).map_err(|_| FregError::Address)?;
        if base.cannot_be_a_base() {
            return Err(FregError::Address);
        }
        let http = reqwest::Client::builder()
            .user_agent("persontjenesten")
            .redirect(Policy::none())
            .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
            .timeout(Duration::from_millis(config.call_timeout_ms))
            .build()
            .map_err(|error| FregError::Http(error.without_url()))?;
        let tokens = Maskinporten::new(http.clone(), config.maskinporten.clone())?;
        Ok(FregClient {
            http,
            base,
            tokens,
            slots: Semaphore::new(config.concurrent_calls.max(1)),
            bytes_max: config.answer_bytes_max,
            pause_max: config.retry_pause_max(),
            shutdown,
        })
    }

    /// Up to a thousand events from `sequence` on, that one included.
    ///
    /// # Errors
    /// [`FregError`] when FREG refuses or the run is asked to stop.
    pub async fn feed(&self, sequence: i64) -> Result<FeedAnswer, FregError> {
        let call = Call::get("feed", "hendelser/feed").with("seq", sequence);
        match self.call(&call, feed::read_page).await {
            Ok(events) => Ok(FeedAnswer::Events(events)),
            Err(error) if error.kind() == Some(FaultKind::NotAcceptable) => Ok(FeedAnswer::TooOld),
            Err(error) => Err(error),
        }
    }

    /// The newest sequence of the feed.
    ///
    /// # Errors
    /// [`FregError`] when FREG refuses or the run is asked to stop.
    pub async fn last_sequence(&self) -> Result<i64, FregError> {
        let call = Call::get("last_sequence", "hendelser/siste/sekvensnummer");
        self.call(&call, feed::read_last_sequence).await
    }

    /// These versions of persons, by document id; any number of them. Answers come in no order.
    ///
    /// # Errors
    /// [`FregError`] when FREG refuses the whole or the run is asked to stop.
    pub async fn by_document(&self, ids: &[String]) -> Result<Vec<BulkAnswer>, FregError> {
        let answers = self.bulk(ids, String::clone, |ids| {
            let body = bulk::by_document_request(ids);
            let call = Call::post("by_document", "personer/bulkoppslag/arkiv", body);
            async move { self.call(&call, bulk::read_by_document).await }
        });
        answers.await
    }

    /// These persons as they are now; any number of them. A number that has ceased may be answered
    /// under its survivor's.
    ///
    /// # Errors
    /// [`FregError`] when FREG refuses the whole or the run is asked to stop.
    pub async fn by_number(
        &self,
        numbers: &[IdentityNumber],
    ) -> Result<Vec<BulkAnswer>, FregError> {
        let answers = self.bulk(
            numbers,
            |number| number.as_str().to_owned(),
            |numbers| {
                let body = bulk::by_number_request(numbers);
                let call = Call::post("by_number", "personer/bulkoppslag", body);
                async move { self.call(&call, bulk::read_by_number).await }
            },
        );
        answers.await
    }

    /// Orders an extract of everybody as of `sequence`; gives the job's id.
    ///
    /// # Errors
    /// [`FregError`] when FREG refuses or the run is asked to stop.
    pub async fn order_extract(&self, sequence: i64) -> Result<String, FregError> {
        let call = Call::get("order_extract", "uttrekk/komplett").with("feedsekvensnr", sequence);
        self.call(&call, extract::read_order).await
    }

    /// Batch `batch` (from 0) of an extract.
    ///
    /// # Errors
    /// [`FregError`] when FREG refuses or the run is asked to stop.
    pub async fn extract_batch(&self, job: &str, batch: i64) -> Result<ExtractAnswer, FregError> {
        let call = Call::get("extract_batch", format!("uttrekk/{job}/batch/{batch}"));
        match self.call(&call, extract::read_batch).await {
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
    /// [`FregError::Stopped`] when it is.
    pub async fn sleep(&self, pause: Duration) -> Result<(), FregError> {
        let asleep = tokio::time::sleep(pause);
        let slept = self.shutdown.run_until_cancelled(asleep).await;
        slept.ok_or(FregError::Stopped)
    }

    /// One bulk lookup for each thousand keys.
    ///
    /// A call that FREG calls wrong, or whose answer is too large, is taken again in halves: one
    /// bad key must not stop the others. The bad ones are answered with a message; but if all of
    /// many keys are bad, it is the call that is, and that is an error.
    async fn bulk<'a, K, F>(
        &self,
        keys: &'a [K],
        name: impl Fn(&K) -> String,
        look_up: impl Fn(&'a [K]) -> F,
    ) -> Result<Vec<BulkAnswer>, FregError>
    where
        F: Future<Output = Result<Vec<BulkAnswer>, FregError>>,
    {
        let mut waiting: Vec<&'a [K]> = keys.chunks(MAX_KEYS).rev().collect();
        let mut answers = Vec::with_capacity(keys.len());
        let mut refused = 0;
        while let Some(keys_now) = waiting.pop() {
            match look_up(keys_now).await {
                Ok(found) => answers.extend(found),
                Err(error) if !is_about_keys(&error) => return Err(error),
                Err(error) if keys_now.len() == 1 => {
                    refused += 1;
                    if refused == keys.len() && refused >= REFUSED_KEYS_MIN {
                        return Err(error);
                    }
                    let key = name(&keys_now[0]);
                    answers.push(BulkAnswer { key, outcome: Err(error.to_string()) });
                }
                Err(_) => {
                    let (first, second) = keys_now.split_at(keys_now.len() / 2);
                    waiting.extend([second, first]);
                }
            }
        }
        Ok(answers)
    }

    /// Makes a call until it is answered or refused.
    async fn call<T>(
        &self,
        call: &Call,
        read: impl Fn(&[u8]) -> Result<T, sources::freg::FormatError>,
    ) -> Result<T, FregError> {
        let mut trouble = Trouble::default();
        let mut renewed = false;
        loop {
            let token = match self.tokens.bearer().await {
                Ok(token) => token,
                Err(TokenError::Later(why)) => {
                    self.wait_out(call, &mut trouble, why, None).await?;
                    continue;
                }
                Err(error) => return Err(FregError::Unauthorized(Some(error))),
            };
            match self.attempt(call, &token, &read).await? {
                Attempt::Answered(answer) => {
                    trouble.over(call.name);
                    return Ok(answer);
                }
                Attempt::Again { why, asked } => {
                    self.wait_out(call, &mut trouble, why, asked).await?;
                }
                Attempt::Unauthorized if renewed => return Err(FregError::Unauthorized(None)),
                Attempt::Unauthorized => {
                    renewed = true;
                    metrics::retry(call.name, "unauthorized");
                    self.tokens.forget(&token).await;
                }
                Attempt::Refused(fault) => {
                    return Err(FregError::Refused { call: call.name, fault });
                }
                Attempt::TooLarge => {
                    let bytes_max = self.bytes_max;
                    return Err(FregError::TooLarge { call: call.name, bytes_max });
                }
            }
        }
    }

    /// One attempt, from the first byte sent to the last one read.
    async fn attempt<T>(
        &self,
        call: &Call,
        token: &Bearer,
        read: impl Fn(&[u8]) -> Result<T, sources::freg::FormatError>,
    ) -> Result<Attempt<T>, FregError> {
        let work = async {
            let _slot = self.slots.acquire().await;
            let started = Instant::now();
            let received = self.send(call, token).await;
            metrics::call(call.name, started.elapsed());
            match received {
                Ok(received) => classify(&received, read),
                Err(failure) => failure.into(),
            }
        };
        self.shutdown.run_until_cancelled(work).await.ok_or(FregError::Stopped)
    }

    async fn send(&self, call: &Call, token: &Bearer) -> Result<Received, attempt::Failure> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            // Not joined as text: a job's id is FREG's word and must not lead to another host.
            path.pop_if_empty().extend(call.path.split('/'));
        }
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .query(&call.query)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", token.expose()));
        if let Some(body) = &call.body {
            // FREG takes a body without a type for XML.
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        Received::read(request.send().await?, self.bytes_max).await
    }

    async fn wait_out(
        &self,
        call: &Call,
        trouble: &mut Trouble,
        why: &'static str,
        asked: Option<Duration>,
    ) -> Result<(), FregError> {
        metrics::retry(call.name, why);
        let failures = trouble.seen(call.name, why);
        self.sleep(retry::pause(failures, retry::jitter(), asked, self.pause_max)).await
    }
}

fn is_about_keys(error: &FregError) -> bool {
    matches!(error, FregError::TooLarge { .. }) || error.kind() == Some(FaultKind::BadRequest)
}

/// The faults of one call so far: logged when they begin, change and end, not each time.
#[derive(Default)]
struct Trouble {
    failures: u32,
    why: Option<&'static str>,
}

impl Trouble {
    fn seen(&mut self, call: &'static str, why: &'static str) -> u32 {
        self.failures = self.failures.saturating_add(1);
        if self.why.replace(why) != Some(why) {
            tracing::warn!(call, why, "FREG cannot be used for now; trying again until it can");
        }
        self.failures
    }

    fn over(&self, call: &'static str) {
        if let Some(why) = self.why {
            tracing::info!(call, why, failures = self.failures, "FREG answers again");
        }
    }
}
