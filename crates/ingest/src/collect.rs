//! Collect: one process follows FREG's feed and publishes every event, in order, with its document.
//!
//! A thin shell round the pure [`plan`]. The cursor in the store moves only when the broker has
//! acknowledged a page, so whatever ends a run, the page is done again: it may come twice, which
//! apply recognises, and it is never left out.

pub mod plan;

use std::time::{Duration, Instant as Stopwatch};

use futures_util::future::try_join_all;
use register::time::Instant;
use sources::freg::bulk::{BulkAnswer, MAX_KEYS};
use store::{Cursor, Election, Store, StoreError, WriterLock};
use tokio_util::sync::CancellationToken;

use self::plan::{Page, Plan, Start};
use crate::call::CallError;
use crate::config::IngestConfig;
use crate::error::IngestError;
use crate::freg_client::{FeedAnswer, FregClient};
use crate::kafka::{self, Outgoing, Publisher};
use crate::metrics::Lag;
use crate::record::{ChangeRecord, RecordError, seal_record};
use crate::stop::unless_stopped;
use crate::{Keys, elected, metrics};

/// The name of FREG's cursor in the store.
pub const SOURCE: &str = "freg";
/// How long to wait before looking again for the first bulk load.
const PAUSE: Duration = Duration::from_secs(1);
/// Fewer documents than this are not worth a call of their own.
const SHARE_MIN: usize = 100;

/// Collects until shutdown is asked for. Of several processes one collects and the others wait.
///
/// # Errors
/// A fault that does not pass: FREG refuses us, or no longer has the events at the cursor.
pub async fn run(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    shutdown: &CancellationToken,
) -> Result<(), IngestError> {
    let client = FregClient::new(&config.freg, shutdown.clone())?;
    let publisher = Publisher::new(&config.kafka);
    let collector = Collector { config, store, keys, client, publisher, shutdown };
    let work = |election| collector.while_elected(election);
    elected::run(store, WriterLock::Collect, "collecting", shutdown, work).await
}

struct Collector<'a> {
    config: &'a IngestConfig,
    store: &'a Store,
    keys: &'a Keys,
    client: FregClient,
    publisher: Publisher,
    shutdown: &'a CancellationToken,
}

/// What to do after a step.
enum Step {
    /// Read on at once.
    More,
    /// Nothing newer for now.
    AtHead,
    /// Nobody has loaded the register yet.
    NotLoaded,
}

impl Collector<'_> {
    async fn while_elected(&self, mut election: Election) -> Result<(), IngestError> {
        unless_stopped(self.shutdown, kafka::ensure_topics(&self.config.kafka)).await?;
        let mut told = false;
        loop {
            if !election.still_held().await {
                return Err(StoreError::Fenced.into());
            }
            match self.step().await? {
                Step::More if self.shutdown.is_cancelled() => return Err(IngestError::Stopped),
                Step::More => {}
                Step::AtHead => self.client.sleep(self.config.freg.poll_interval()).await?,
                Step::NotLoaded => {
                    if !std::mem::replace(&mut told, true) {
                        tracing::info!("nothing to collect from yet: run `persontjenesten bulk`");
                    }
                    self.client.sleep(PAUSE).await?;
                }
            }
        }
    }

    /// Collects one page, all the way to the cursor.
    async fn step(&self) -> Result<Step, IngestError> {
        let Some(cursor) = self.store.cursor(SOURCE).await? else {
            return Ok(Step::NotLoaded);
        };
        let after_load = self.store.is_where_a_load_begins(cursor.next_sequence).await?;
        let start = Start::new(cursor, after_load);
        let started = Stopwatch::now();
        let page = self.read_page(&start).await?;
        let Some(last) = page.last_sequence() else {
            metrics::lag(Lag::default());
            return Ok(Step::AtHead);
        };
        let (events, full, written_at) = (page.len(), page.full, page.written_at());
        let plan = self.fetch(Plan::new(page, start.by_number_until)).await?;
        let documents = plan.counts();
        self.publish(plan.into_records(start.previous)).await?;
        let to = Cursor { next_sequence: last + 1, by_number_until: start.by_number_until };
        self.store.move_cursor(SOURCE, start.next, to).await?;
        let left = if full { self.client.last_sequence().await?.saturating_sub(last) } else { 0 };
        let elapsed = started.elapsed();
        let lag =
            if left > 0 { self.lag(left, written_at, events, elapsed) } else { Lag::default() };
        metrics::page(events as u64, last, lag, &documents, elapsed);
        tracing::info!(
            batch.events = events,
            batch.last_sequence = last,
            documents.by_id = documents.by_id,
            documents.by_number = documents.by_number,
            documents.missing = documents.missing,
            lag = left,
            caught_up_in_s = lag.caught_up_s.round(),
            elapsed_ms = elapsed.as_millis(),
            "collected"
        );
        Ok(if full { Step::More } else { Step::AtHead })
    }

    fn lag(
        &self,
        sequences: i64,
        written_at: Option<Instant>,
        events: usize,
        elapsed: Duration,
    ) -> Lag {
        let now = self.config.apply.clock.now().timestamp();
        let age = written_at.map(|at| now.duration_since(at.timestamp()).as_secs_f64());
        let seconds = age.unwrap_or_default().max(0.0);
        let caught_up_s = sequences as f64 / events.max(1) as f64 * elapsed.as_secs_f64();
        Lag { sequences, seconds, caught_up_s }
    }

    /// One page in order. A hole in it is read once more before it is believed.
    async fn read_page(&self, start: &Start) -> Result<Page, IngestError> {
        let mut page = self.feed(start).await?;
        if page.missing > 0 {
            // Near the head, the missing event may still be on its way.
            if !page.full {
                self.client.sleep(self.config.freg.poll_interval()).await?;
            }
            page = self.feed(start).await?;
        }
        if page.missing + page.misplaced + page.repeated > 0 {
            metrics::oddities(page.missing, page.misplaced, page.repeated);
            tracing::warn!(
                from_sequence = start.next,
                missing = page.missing,
                misplaced = page.misplaced,
                repeated = page.repeated,
                "FREG's feed is not in one unbroken order"
            );
        }
        Ok(page)
    }

    async fn feed(&self, start: &Start) -> Result<Page, IngestError> {
        match self.client.feed(start.next).await? {
            FeedAnswer::Events(events) => Ok(Page::tidy(events, start)),
            FeedAnswer::TooOld => Err(IngestError::TooOld { next_sequence: start.next }),
        }
    }

    /// Fetches what the page needs: by id what has one, then by number what is left.
    async fn fetch(&self, mut plan: Plan) -> Result<Plan, CallError> {
        let ids = plan.documents();
        let calls = ids.chunks(self.share(ids.len())).map(|ids| self.client.by_document(ids));
        plan.take_documents(joined(try_join_all(calls).await?));
        let numbers = plan.numbers();
        if !numbers.is_empty() {
            // Read before the lookup: the answers are then at least as new.
            let last_sequence = self.client.last_sequence().await?;
            let share = self.share(numbers.len());
            let calls = numbers.chunks(share).map(|numbers| self.client.by_number(numbers));
            plan.take_persons(joined(try_join_all(calls).await?), last_sequence);
        }
        Ok(plan)
    }

    /// How many keys go into each of the calls that are in flight together.
    fn share(&self, keys: usize) -> usize {
        keys.div_ceil(self.config.freg.concurrent_calls.max(1)).clamp(SHARE_MIN, MAX_KEYS)
    }

    async fn publish(&self, records: Vec<ChangeRecord>) -> Result<(), IngestError> {
        let topic = self.config.kafka.changes_topic.clone();
        let keys = self.keys.clone();
        let sealed = tokio::task::spawn_blocking(move || seal(&records, &topic, &keys)).await??;
        let publishing = self.publisher.publish(&self.config.kafka.changes_topic, &sealed);
        unless_stopped(self.shutdown, publishing).await
    }
}

fn seal(records: &[ChangeRecord], topic: &str, keys: &Keys) -> Result<Vec<Outgoing>, RecordError> {
    let sealed = records.iter().map(|record| {
        let key = keys.record_key(&record.number);
        let value = seal_record(&keys.sealer, topic, key.as_bytes(), record)?;
        Ok(Outgoing { key, value })
    });
    sealed.collect()
}

fn joined(answers: Vec<Vec<BulkAnswer>>) -> Vec<BulkAnswer> {
    answers.into_iter().flatten().collect()
}
