//! Calls to a source: every fault that passes is waited for, every other is told apart.
//!
//! A call comes back with the source's answer, or because it was refused for good, or because the
//! run was asked to stop. Being away, slow, throttled, cut off or hidden behind a firewall's page is
//! none of these: the call is repeated with growing pauses for as long as it takes. No log line or
//! error holds a body, a number or an address.

use std::fmt::Display;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Method, Url};
use sources::freg::fault::{Fault, FaultKind};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

mod attempt;

pub use attempt::{Attempt, Received, classify};

use crate::config::MaskinportenConfig;
use crate::maskinporten::{Bearer, KeyError, Maskinporten, TokenError};
use crate::{metrics, retry};

/// From this many keys on, the source refusing every single one means that our call is wrong.
const REFUSED_KEYS_MIN: usize = 10;

/// Why a call ended without an answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The configured address cannot be used.
    #[error("{0}.base_url cannot be used")]
    Address(&'static str),
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be made")]
    Http(#[source] reqwest::Error),
    /// The key for access tokens cannot be used.
    #[error("the client's key cannot be used")]
    Key(#[from] KeyError),
    /// Maskinporten gives us no token, or the source takes none of those it gives.
    #[error("no access token is accepted")]
    Unauthorized(#[source] Option<TokenError>),
    /// The source refused the call and would again.
    #[error("{whom} refused {call} ({kind:?}, code {}): {}", .fault.code.as_deref().unwrap_or("-"),
        .fault.message, kind = .fault.kind)]
    Refused {
        /// Which source.
        whom: &'static str,
        /// Which call.
        call: &'static str,
        /// What was said; without numbers.
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

impl CallError {
    /// What kind of refusal it is, if it is one.
    pub fn kind(&self) -> Option<FaultKind> {
        match self {
            CallError::Refused { fault, .. } => Some(fault.kind),
            _ => None,
        }
    }

    fn is_about_keys(&self) -> bool {
        matches!(self, CallError::TooLarge { .. }) || self.kind() == Some(FaultKind::BadRequest)
    }
}

/// What differs between the sources.
pub struct Manners {
    /// The name in logs and errors.
    pub name: &'static str,
    /// The section of the configuration.
    pub section: &'static str,
    /// The histogram of how long calls take.
    pub calls_metric: &'static str,
    /// The counter of calls that are repeated.
    pub retries_metric: &'static str,
    /// Reads an answer that is none: from its status, its content type and its body.
    pub read_fault: fn(u16, Option<&str>, &[u8]) -> Fault,
    /// Reads the `Retry-After` header.
    pub retry_after: fn(&str) -> Duration,
}

/// How a source is called, from its section of the configuration.
pub struct CallSettings<'a> {
    /// The address that every path is added to.
    pub base_url: &'a str,
    /// How long a connection may take to open.
    pub connect_timeout_ms: u64,
    /// How long one call may take, its answer included.
    pub call_timeout_ms: u64,
    /// The most calls in flight at once.
    pub concurrent_calls: usize,
    /// The largest answer that is read.
    pub answer_bytes_max: usize,
    /// The longest pause between two attempts at the same call.
    pub retry_pause_max_ms: u64,
    /// Where access tokens come from.
    pub maskinporten: &'a MaskinportenConfig,
}

/// One call, all but its token.
pub(crate) struct Call {
    name: &'static str,
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub(crate) fn get(name: &'static str, path: impl Into<String>) -> Call {
        Call { name, method: Method::GET, path: path.into(), query: Vec::new(), body: None }
    }

    pub(crate) fn post(name: &'static str, path: &str, body: Vec<u8>) -> Call {
        Call { method: Method::POST, body: Some(body), ..Call::get(name, path) }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Call {
        self.query.push((name, value.to_string()));
        self
    }
}

/// One source as ingest calls it.
pub(crate) struct Caller {
    manners: &'static Manners,
    http: reqwest::Client,
    base: Url,
    tokens: Maskinporten,
    slots: Semaphore,
    bytes_max: usize,
    pause_max: Duration,
    shutdown: CancellationToken,
}

impl Caller {
    /// A caller of the configured address; nothing is called yet.
    pub(crate) fn new(
        manners: &'static Manners,
        settings: &CallSettings<'_>,
        shutdown: CancellationToken,
    ) -> Result<Self, CallError> {
        let base = Url::parse(settings.base_url).ok().filter(|base| !base.cannot_be_a_base());
        let base = base.ok_or(CallError::Address(manners.section))?;
        let http = reqwest::Client::builder()
            .user_agent("persontjenesten")
            .redirect(Policy::none())
            .connect_timeout(Duration::from_millis(settings.connect_timeout_ms))
            .timeout(Duration::from_millis(settings.call_timeout_ms))
            .build()
            .map_err(|error| CallError::Http(error.without_url()))?;
        let tokens = Maskinporten::new(http.clone(), settings.maskinporten.clone())?;
        Ok(Caller {
            manners,
            http,
            base,
            tokens,
            slots: Semaphore::new(settings.concurrent_calls.max(1)),
            bytes_max: settings.answer_bytes_max,
            pause_max: Duration::from_millis(settings.retry_pause_max_ms),
            shutdown,
        })
    }

    /// Waits, unless the run is asked to stop first.
    pub(crate) async fn sleep(&self, pause: Duration) -> Result<(), CallError> {
        let asleep = tokio::time::sleep(pause);
        let slept = self.shutdown.run_until_cancelled(asleep).await;
        slept.ok_or(CallError::Stopped)
    }

    /// Makes a call until it is answered or refused.
    pub(crate) async fn call<T, E: Display>(
        &self,
        call: &Call,
        read: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Result<T, CallError> {
        let mut trouble = Trouble::default();
        let mut renewed = false;
        loop {
            let token = match self.tokens.bearer().await {
                Ok(token) => token,
                Err(TokenError::Later(why)) => {
                    self.wait_out(call, &mut trouble, why, None, None).await?;
                    continue;
                }
                Err(error) => return Err(CallError::Unauthorized(Some(error))),
            };
            match self.attempt(call, &token, &read).await? {
                Attempt::Answered(answer) => {
                    trouble.over(self.manners.name, call.name);
                    return Ok(answer);
                }
                Attempt::Again { why, asked, detail } => {
                    self.wait_out(call, &mut trouble, why, asked, detail).await?;
                }
                Attempt::Unauthorized if renewed => return Err(CallError::Unauthorized(None)),
                Attempt::Unauthorized => {
                    renewed = true;
                    metrics::retry(self.manners.retries_metric, call.name, "unauthorized");
                    self.tokens.forget(&token).await;
                }
                Attempt::Refused(fault) => {
                    let (whom, call) = (self.manners.name, call.name);
                    return Err(CallError::Refused { whom, call, fault });
                }
                Attempt::TooLarge => {
                    let bytes_max = self.bytes_max;
                    return Err(CallError::TooLarge { call: call.name, bytes_max });
                }
            }
        }
    }

    /// One attempt, from the first byte sent to the last one read.
    async fn attempt<T, E: Display>(
        &self,
        call: &Call,
        token: &Bearer,
        read: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Result<Attempt<T>, CallError> {
        let work = async {
            let _slot = self.slots.acquire().await;
            let started = Instant::now();
            let received = self.send(call, token).await;
            metrics::call(self.manners.calls_metric, call.name, started.elapsed());
            match received {
                Ok(received) => classify(self.manners, &received, read),
                Err(failure) => failure.into(),
            }
        };
        self.shutdown.run_until_cancelled(work).await.ok_or(CallError::Stopped)
    }

    async fn send(&self, call: &Call, token: &Bearer) -> Result<Received, attempt::Failure> {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            // Not joined as text: a job's id is the source's word and must not lead to another host.
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
        detail: Option<String>,
    ) -> Result<(), CallError> {
        let Manners { name, retries_metric, .. } = self.manners;
        metrics::retry(retries_metric, call.name, why);
        let failures = trouble.seen(name, call.name, why, detail);
        self.sleep(retry::pause(failures, retry::jitter(), asked, self.pause_max)).await
    }
}

/// Looks `keys` up, at most `lot_max` with each call: the answers, and the keys that were refused.
///
/// A call that the source calls wrong, or whose answer is too large, is taken again in halves: one
/// bad key must not stop the others. But if all of many keys are bad, it is the call that is, and
/// that is an error.
pub(crate) async fn in_lots<'a, K, T, F>(
    keys: &'a [K],
    lot_max: usize,
    look_up: impl Fn(&'a [K]) -> F,
) -> Result<(Vec<T>, Vec<(&'a K, CallError)>), CallError>
where
    F: Future<Output = Result<T, CallError>>,
{
    let mut waiting: Vec<&'a [K]> = keys.chunks(lot_max).rev().collect();
    let mut answers = Vec::with_capacity(waiting.len());
    let mut refused = Vec::new();
    while let Some(lot) = waiting.pop() {
        match look_up(lot).await {
            Ok(answer) => answers.push(answer),
            Err(error) if !error.is_about_keys() => return Err(error),
            Err(error) if lot.len() == 1 => {
                if refused.len() + 1 == keys.len() && keys.len() >= REFUSED_KEYS_MIN {
                    return Err(error);
                }
                refused.push((&lot[0], error));
            }
            Err(_) => {
                let (first, second) = lot.split_at(lot.len() / 2);
                waiting.extend([second, first]);
            }
        }
    }
    Ok((answers, refused))
}

/// The faults of one call so far: logged when they begin, change and end, not each time.
#[derive(Default)]
struct Trouble {
    failures: u32,
    why: Option<&'static str>,
}

impl Trouble {
    fn seen(
        &mut self,
        source: &'static str,
        call: &'static str,
        why: &'static str,
        detail: Option<String>,
    ) -> u32 {
        self.failures = self.failures.saturating_add(1);
        if self.why.replace(why) != Some(why) {
            let text = "the source cannot be used for now; trying again until it can";
            tracing::warn!(source, call, why, detail, "{text}");
        }
        self.failures
    }

    fn over(&self, source: &'static str, call: &'static str) {
        if let Some(why) = self.why {
            tracing::info!(source, call, why, failures = self.failures, "the source answers again");
        }
    }
}
