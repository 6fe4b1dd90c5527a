//! Reconcile: is the register what its sources say?
//!
//! FREG changes data without an event now and then, and what was lost on the way to us would stay
//! lost. So persons are looked up anew, some after the other, round and round, and what FREG and KRR
//! say is held against what is stored; or everybody at once, by an extract. What differs is counted
//! and put right by the way that every change takes: as a record that apply reads. Nothing is
//! written to persons here.
//!
//! What is only under way is no difference. How far the source is, is read before the question: the
//! answer is at least as new. How far it is after the answer is waited for, until that is applied
//! too. What is stored and is newer than the question is left for the next time.

mod compare;
mod extract;
mod freg;
mod krr;
mod metrics;
mod run;
mod schedule;

use std::time::{Duration, Instant};

use register::part::InformationPart;
use sources::freg::document::part_of;
use store::{ComparedWith, ComparisonCounts, Store};
use tokio_util::sync::CancellationToken;

use crate::Keys;
use crate::config::IngestConfig;
use crate::error::IngestError;
use crate::freg_client::FregClient;
use crate::kafka::{self, Outgoing, Publisher};
use crate::krr_client::KrrClient;
use crate::record::RecordError;
use crate::stop::unless_stopped;

pub use schedule::run;

/// How often it is asked whether apply has come as far as the source was.
const POLL: Duration = Duration::from_millis(200);
/// How long apply may take before that is told, again and again.
const PATIENCE: Duration = Duration::from_secs(60);

/// How to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whom to compare.
    pub whom: Whom,
    /// The most persons that are looked up in a minute; none: as fast as the source answers.
    pub persons_per_minute: Option<u32>,
    /// Whether what differs is put right.
    pub repair: bool,
}

/// Whom to compare by looking them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// So many, from where the last comparison ended.
    Next(u32),
    /// Everybody, once.
    Everybody,
}

/// Compares the register with a source once, by number; nothing where the source is not in use.
///
/// # Errors
/// What the source, the store, the broker or our keys refuse; what was counted until then is stored.
pub async fn by_number(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    with: ComparedWith,
    options: Options,
    shutdown: &CancellationToken,
) -> Result<Option<ComparisonCounts>, IngestError> {
    let reconciler = Reconciler::new(config, store, keys, shutdown)?;
    if with == ComparedWith::Krr && reconciler.krr.is_none() {
        return Ok(None);
    }
    reconciler.ready().await?;
    reconciler.by_number(with, &options).await.map(Some)
}

/// Compares everybody with a new extract of FREG.
///
/// # Errors
/// As [`by_number`], and [`IngestError::ExtractGone`].
pub async fn by_extract(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    options: Options,
    shutdown: &CancellationToken,
) -> Result<ComparisonCounts, IngestError> {
    let reconciler = Reconciler::new(config, store, keys, shutdown)?;
    reconciler.ready().await?;
    reconciler.by_extract(&options).await
}

/// The information part that an element of a source becomes; none for one that is new to us.
pub fn information_part(with: ComparedWith, element: &str) -> Option<InformationPart> {
    match with {
        ComparedWith::Freg => part_of(element),
        ComparedWith::Krr => Some(InformationPart::CommonContactRegisterInformation),
    }
}

struct Reconciler<'a> {
    config: &'a IngestConfig,
    store: &'a Store,
    keys: &'a Keys,
    freg: FregClient,
    krr: Option<KrrClient>,
    publisher: Publisher,
    shutdown: &'a CancellationToken,
}

impl<'a> Reconciler<'a> {
    fn new(
        config: &'a IngestConfig,
        store: &'a Store,
        keys: &'a Keys,
        shutdown: &'a CancellationToken,
    ) -> Result<Self, IngestError> {
        let freg = FregClient::new(&config.freg, shutdown.clone())?;
        let krr = config.krr.is_used().then(|| KrrClient::new(&config.krr, shutdown.clone()));
        let krr = krr.transpose()?;
        let publisher = Publisher::new(&config.kafka);
        Ok(Reconciler { config, store, keys, freg, krr, publisher, shutdown })
    }

    async fn ready(&self) -> Result<(), IngestError> {
        unless_stopped(self.shutdown, kafka::ensure_topics(&self.config.kafka)).await
    }

    async fn sleep(&self, pause: Duration) -> Result<(), IngestError> {
        Ok(self.freg.sleep(pause).await?)
    }

    /// Waits so long that no more than `per_minute` are looked up, of whom `persons` have been since
    /// `started`.
    async fn pace(
        &self,
        persons: usize,
        started: Instant,
        per_minute: Option<u32>,
    ) -> Result<(), IngestError> {
        let Some(per_minute) = per_minute else { return Ok(()) };
        let share = Duration::from_secs_f64(60.0 * persons as f64 / f64::from(per_minute.max(1)));
        self.sleep(share.saturating_sub(started.elapsed())).await
    }

    /// Waits until `is_done`; says now and then what for.
    async fn wait_for<D: Future<Output = Result<bool, IngestError>>>(
        &self,
        what: &'static str,
        is_done: impl Fn() -> D,
    ) -> Result<(), IngestError> {
        let mut told = Instant::now();
        while !is_done().await? {
            if told.elapsed() > PATIENCE {
                told = Instant::now();
                tracing::warn!(what, "waiting for apply; does `persontjenesten ingest` run?");
            }
            self.sleep(POLL).await?;
        }
        Ok(())
    }

    /// Publishes what puts persons right.
    async fn publish(
        &self,
        topic: &str,
        seal: impl FnOnce() -> Result<Vec<Outgoing>, RecordError> + Send + 'static,
    ) -> Result<i64, IngestError> {
        let sealed = tokio::task::spawn_blocking(seal).await??;
        if sealed.is_empty() {
            return Ok(0);
        }
        unless_stopped(self.shutdown, self.publisher.publish(topic, &sealed)).await?;
        Ok(sealed.len() as i64)
    }
}
