//! Bulk: loads everybody from an extract of FREG, through the same topics as everything else.
//!
//! The newest sequence S is read, an extract of everybody as of S is ordered, and its documents are
//! published batch by batch. Each batch that the broker has acknowledged is noted in the store, so a
//! load that is killed goes on where it was. At the end the feed's cursor is set to S.

pub(crate) mod records;

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use sources::freg::bulk::MAX_KEYS;
use sources::freg::extract::ExtractBatch;
use store::{BulkLoad, Cursor, Store, StoreError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use self::records::seal_documents;
use crate::collect::SOURCE;
use crate::config::IngestConfig;
use crate::error::{IngestError, chain};
use crate::freg_client::{ExtractAnswer, FeedAnswer, FregClient};
use crate::kafka::{self, Outgoing, Publisher};
use crate::stop::unless_stopped;
use crate::{Keys, metrics, retry};

/// How often the store is asked how far it is.
const DRAIN_POLL: Duration = Duration::from_millis(200);
/// When nothing has been applied for this long, we say so.
const DRAIN_PATIENCE: Duration = Duration::from_secs(30);
/// The longest pause after a fault of ours that passes.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// How a load is to be done.
#[derive(Clone, Copy, Debug, Default)]
pub struct BulkOptions {
    /// Load again, although a load has been finished or is under way.
    pub force_new: bool,
    /// Return when everything is published, without waiting until it can be looked up.
    pub publish_only: bool,
}

/// What a load is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BulkStage {
    /// FREG is preparing the extract.
    #[default]
    Ordered,
    /// Documents are fetched and published.
    Publishing,
    /// Everything is published; the register is applying it.
    Applying,
    /// Everybody of a first load can be looked up; the register is making them searchable.
    MakingSearchable,
    /// Everybody can be looked up and searched for, or nobody waits for it.
    Done,
}

/// How far a load is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BulkProgress {
    /// What it is doing.
    pub stage: BulkStage,
    /// Documents that the broker has, those of earlier runs of the same load included.
    pub documents_published: i64,
    /// Documents in the whole extract, once FREG has listed them all.
    pub documents_total: Option<i64>,
    /// Batches of the extract that are published.
    pub batches: i64,
    /// Records on the topic that are not applied yet; only while applying.
    pub records_waiting: i64,
}

/// What a load came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BulkReport {
    /// The sequence that the extract stands for.
    pub from_sequence: i64,
    /// Documents of the load, those of earlier runs included.
    pub documents_published: i64,
    /// Documents that this run has published.
    pub published_now: i64,
    /// How long this run took to publish them.
    pub publishing: Duration,
    /// Batches of the extract.
    pub batches: i64,
    /// Persons in the register afterwards, stubs included.
    pub persons: i64,
    /// True when an earlier run had finished the load and this one did not publish anything.
    pub already_finished: bool,
}

/// Loads everybody, or goes on with a load that was interrupted.
///
/// # Errors
/// A fault that does not pass, another process on the same load, or [`IngestError::Stopped`] when
/// the run was asked to stop: run it again to go on.
pub async fn run(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    options: BulkOptions,
    progress: &watch::Sender<BulkProgress>,
    shutdown: &CancellationToken,
) -> Result<BulkReport, IngestError> {
    let client = FregClient::new(&config.freg, shutdown.clone())?;
    let publisher = Publisher::new(&config.kafka);
    let published_now = AtomicI64::new(0);
    let loader =
        Loader { config, store, keys, client, publisher, progress, shutdown, published_now };
    let before = store.bulk_load().await?;
    let already_finished = !options.force_new && loader.is_finished(before.as_ref()).await?;
    if already_finished {
        tracing::info!("the register has been loaded before; nothing to publish");
    }
    let started = Instant::now();
    let load = loader.publish_all(options.force_new).await?;
    let publishing = started.elapsed();
    if !options.publish_only {
        loader.wait_until_applied().await?;
    }
    progress.send_modify(|progress| progress.stage = BulkStage::Done);
    Ok(BulkReport {
        from_sequence: load.from_sequence,
        documents_published: load.documents_published,
        published_now: loader.published_now.into_inner(),
        publishing,
        batches: load.next_batch,
        persons: store.totals().await?.persons,
        already_finished,
    })
}

struct Loader<'a> {
    config: &'a IngestConfig,
    store: &'a Store,
    keys: &'a Keys,
    client: FregClient,
    publisher: Publisher,
    progress: &'a watch::Sender<BulkProgress>,
    shutdown: &'a CancellationToken,
    published_now: AtomicI64,
}

impl Loader<'_> {
    /// A load is finished when the feed has a cursor too: it is set before the load is closed, and
    /// a load that is given up for a new one is closed without it.
    async fn is_finished(&self, load: Option<&BulkLoad>) -> Result<bool, IngestError> {
        Ok(load.is_some_and(|load| load.finished) && self.store.cursor(SOURCE).await?.is_some())
    }

    /// Publishes the whole extract, starting again from what the store holds after faults that pass.
    async fn publish_all(&self, mut order_new: bool) -> Result<BulkLoad, IngestError> {
        let mut failures = 0;
        loop {
            match self.publish_once(&mut order_new).await {
                Err(error) if is_contested(&error) => return Err(IngestError::Superseded),
                Err(error) if error.passes() => {
                    failures += 1;
                    tracing::warn!(error = %chain(&error), "the load goes on from its last batch");
                    let pause = retry::pause(failures, retry::jitter(), None, PAUSE_MAX);
                    self.client.sleep(pause).await?;
                }
                outcome => return outcome,
            }
        }
    }

    async fn publish_once(&self, order_new: &mut bool) -> Result<BulkLoad, IngestError> {
        unless_stopped(self.shutdown, kafka::ensure_topics(&self.config.kafka)).await?;
        let known = self.store.bulk_load().await?;
        let done = !*order_new && self.is_finished(known.as_ref()).await?;
        let mut load = match known {
            Some(load) if done => return Ok(load),
            Some(load) if !load.finished && !*order_new => {
                tracing::info!(load.from_sequence, load.next_batch, "going on with a load");
                load
            }
            known => self.order(known).await?,
        };
        *order_new = false;
        while !self.publish_batches(&mut load).await? {
            tracing::warn!("FREG no longer has the extract; ordering a new one");
            load = self.order(Some(load)).await?;
        }
        self.set_cursor(load.from_sequence).await?;
        self.store.finish_bulk_load(&load.job).await?;
        load.finished = true;
        Ok(load)
    }

    /// Orders an extract as of now, in place of a load that is under way.
    async fn order(&self, instead_of: Option<BulkLoad>) -> Result<BulkLoad, IngestError> {
        let from_sequence = self.client.last_sequence().await?;
        let job = self.client.order_extract(from_sequence).await?;
        if let Some(old) = instead_of.filter(|old| !old.finished) {
            self.store.finish_bulk_load(&old.job).await?;
        }
        self.store.start_bulk_load(from_sequence, &job).await?;
        tracing::info!(from_sequence, "ordered an extract");
        Ok(BulkLoad { from_sequence, job, next_batch: 0, documents_published: 0, finished: false })
    }

    /// Publishes what is left of the extract. False when FREG no longer has it.
    async fn publish_batches(&self, load: &mut BulkLoad) -> Result<bool, IngestError> {
        self.show(load, BulkStage::Ordered);
        let mut counted = false;
        loop {
            match self.client.extract_batch(&load.job, load.next_batch).await? {
                ExtractAnswer::NotReady => {
                    self.client.sleep(self.config.freg.extract_poll()).await?;
                }
                ExtractAnswer::Gone => return Ok(false),
                ExtractAnswer::Batch(ExtractBatch::End) => {
                    if load.documents_published == 0 {
                        tracing::warn!("FREG's extract holds nobody");
                    }
                    return Ok(true);
                }
                ExtractAnswer::Batch(ExtractBatch::Documents(ids)) => {
                    if !std::mem::replace(&mut counted, true) {
                        let total = self.count(&load.job).await?;
                        self.progress.send_modify(|progress| progress.documents_total = total);
                        self.show(load, BulkStage::Publishing);
                    }
                    self.publish_batch(load, ids).await?;
                }
            }
        }
    }

    /// How many documents the whole extract lists; none while a part of it is not ready.
    async fn count(&self, job: &str) -> Result<Option<i64>, IngestError> {
        let mut total = 0;
        for batch in 0.. {
            match self.client.extract_batch(job, batch).await? {
                ExtractAnswer::Batch(ExtractBatch::Documents(ids)) => {
                    total += each_once(ids).len() as i64;
                }
                ExtractAnswer::Batch(ExtractBatch::End) => return Ok(Some(total)),
                ExtractAnswer::NotReady | ExtractAnswer::Gone => break,
            }
        }
        Ok(None)
    }

    /// Publishes one batch and notes it in the store when the broker has all of it.
    async fn publish_batch(
        &self,
        load: &mut BulkLoad,
        ids: Vec<String>,
    ) -> Result<(), IngestError> {
        let started = Instant::now();
        let ids = each_once(ids);
        let documents = ids.len() as i64;
        let calls = ids.chunks(MAX_KEYS).map(|ids| self.publish_documents(load.from_sequence, ids));
        stream::iter(calls)
            .buffer_unordered(self.config.freg.concurrent_calls.max(1))
            .try_collect::<()>()
            .await?;
        self.store.advance_bulk_load(&load.job, load.next_batch, documents).await?;
        metrics::bulk_batch(documents as u64);
        tracing::info!(
            batch.number = load.next_batch,
            batch.documents = documents,
            elapsed_ms = started.elapsed().as_millis(),
            "published a batch of the extract"
        );
        load.next_batch += 1;
        load.documents_published += documents;
        self.show(load, BulkStage::Publishing);
        Ok(())
    }

    /// Fetches up to a thousand documents and publishes them, however long the broker takes.
    async fn publish_documents(&self, as_of: i64, ids: &[String]) -> Result<(), IngestError> {
        let answers = self.client.by_document(ids).await?;
        let (ids_owned, keys) = (ids.to_vec(), self.keys.clone());
        let topic = self.config.kafka.snapshot_topic.clone();
        let seal = move || seal_documents(&ids_owned, answers, as_of, &topic, &keys);
        let sealed = tokio::task::spawn_blocking(seal).await??;
        self.publish_until_taken(&sealed).await?;
        let documents = ids.len() as i64;
        self.published_now.fetch_add(documents, Ordering::Relaxed);
        self.progress.send_modify(|progress| progress.documents_published += documents);
        Ok(())
    }

    async fn publish_until_taken(&self, records: &[Outgoing]) -> Result<(), IngestError> {
        let topic = &self.config.kafka.snapshot_topic;
        let mut failures = 0;
        loop {
            let publishing = self.publisher.publish(topic, records);
            let error = match unless_stopped(self.shutdown, publishing).await {
                Err(error @ IngestError::Publish(_)) => error,
                outcome => return outcome,
            };
            failures += 1;
            if failures == 1 {
                tracing::warn!(error = %chain(&error), "Kafka cannot be used for now; trying on");
            }
            self.client.sleep(retry::pause(failures, retry::jitter(), None, PAUSE_MAX)).await?;
        }
    }

    /// Lets the feed begin where the extract was ordered.
    ///
    /// The extract may be newer than that, so up to the feed's head at its end documents are
    /// fetched by number. A cursor that FREG can still go on from stays: behind it lie events that
    /// have not been told, before it nothing is left to tell.
    async fn set_cursor(&self, from_sequence: i64) -> Result<(), IngestError> {
        let head = self.client.last_sequence().await?;
        loop {
            let loaded = Cursor { next_sequence: from_sequence, by_number_until: head };
            let set = match self.store.cursor(SOURCE).await? {
                None => self.store.start_cursor(SOURCE, loaded).await,
                Some(at) => {
                    let next_sequence = self.go_on_from(at.next_sequence, from_sequence).await?;
                    let by_number_until = head.max(at.by_number_until);
                    let to = Cursor { next_sequence, by_number_until };
                    self.store.move_cursor(SOURCE, at.next_sequence, to).await
                }
            };
            match set {
                // The collector has moved it in between.
                Err(StoreError::Fenced) => {}
                outcome => return Ok(outcome?),
            }
        }
    }

    async fn go_on_from(&self, cursor: i64, from_sequence: i64) -> Result<i64, IngestError> {
        if cursor >= from_sequence {
            return Ok(cursor);
        }
        match self.client.feed(cursor).await? {
            FeedAnswer::Events(_) => Ok(cursor),
            FeedAnswer::TooOld => Ok(from_sequence),
        }
    }

    /// Waits until everything that is on the topic now has been applied, and can be searched for.
    async fn wait_until_applied(&self) -> Result<(), IngestError> {
        let topic = &self.config.kafka.snapshot_topic;
        let ends = kafka::end_offsets(&self.config.kafka, topic);
        let ends = unless_stopped(self.shutdown, ends).await?;
        let mut last_change = (i64::MAX, Instant::now());
        loop {
            let (waiting, searchable) = match self.left(&ends).await {
                Err(error) if error.is_retryable() => (last_change.0, false),
                left => left?,
            };
            self.progress.send_modify(|progress| {
                progress.stage = match waiting {
                    0 => BulkStage::MakingSearchable,
                    _ => BulkStage::Applying,
                };
                progress.records_waiting = waiting;
            });
            if waiting == 0 && searchable {
                return Ok(());
            }
            if waiting != last_change.0 || waiting == 0 {
                last_change = (waiting, Instant::now());
            } else if last_change.1.elapsed() > DRAIN_PATIENCE {
                last_change.1 = Instant::now();
                tracing::warn!(waiting, "nothing is applied; does `persontjenesten ingest` run?");
            }
            self.client.sleep(DRAIN_POLL).await?;
        }
    }

    /// How many records are not applied, and whether everybody can be searched for.
    async fn left(&self, ends: &[i64]) -> Result<(i64, bool), StoreError> {
        let mut waiting: Vec<i64> = ends.to_vec();
        for at in self.store.positions().await? {
            let end = usize::try_from(at.partition).ok().and_then(|at| waiting.get_mut(at));
            if let Some(end) = end.filter(|_| at.topic == self.config.kafka.snapshot_topic) {
                *end = (*end - at.next_offset).max(0);
            }
        }
        Ok((waiting.iter().sum(), !self.store.totals().await?.search_deferred))
    }

    fn show(&self, load: &BulkLoad, stage: BulkStage) {
        self.progress.send_modify(|progress| {
            progress.stage = stage;
            progress.documents_published = load.documents_published;
            progress.batches = load.next_batch;
        });
    }
}

/// The load is not where this process left it.
fn is_contested(error: &IngestError) -> bool {
    matches!(error, IngestError::Store(StoreError::Fenced))
}

/// FREG has listed documents twice before.
pub(crate) fn each_once(mut ids: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.retain(|id| seen.insert(id.clone()));
    ids
}
