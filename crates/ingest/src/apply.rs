//! Apply: the one writer. Records from Kafka become persons, numbers, events and parks.
//!
//! A thin shell round pure parts: [`plan`] decides, [`identity`] knows whose a document is,
//! [`document`] reads it, [`render`] makes the served forms. Reading the next batch goes on while
//! one is written; writing does not run in parallel, because the order is the point.

pub mod document;
pub mod identity;
mod metrics;
pub mod plan;
pub mod read;
mod reader;
pub mod render;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use register::id::{IdentityNumber, PersonId};
use store::{Election, PersonState, PositionMove, Store, StoreError, WriterLock};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::plan::{Parked, Place, Plan, PlanError, mentioned, parked_by_reason, plan};
use self::read::RawRecord;
use self::reader::{Batch, Reader};
use crate::config::IngestConfig;
use crate::record::RecordError;
use crate::{Keys, retry};

/// Batches that are read ahead of the one that is written.
const BATCHES_AHEAD: usize = 2;
/// The longest pause before trying again to become the writer, or after faults that pass.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Why applying stopped.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Postgres.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Kafka.
    #[error("kafka failed")]
    Kafka(#[from] rdkafka::error::KafkaError),
    /// Kafka no longer has the record that is to be applied next. Skipping it would lose a change.
    #[error(
        "{topic}, partition {partition}: the record at the stored position is gone; restore the \
         topic or load the register anew"
    )]
    RecordsGone {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
    },
    /// The change topic has lost a record.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A record cannot be opened: a key is missing, or a newer version wrote it.
    #[error(
        "{}, partition {}, offset {}: the record cannot be opened; is the sealing key configured?",
        place.topic, place.partition, place.offset
    )]
    Record {
        /// Which record.
        place: Place,
        /// What failed.
        #[source]
        source: RecordError,
    },
    /// A served form cannot be compressed.
    #[error("a served form cannot be compressed")]
    Compress(#[source] store::blob::BlobError),
    /// Something cannot be sealed or opened.
    #[error("a stored value cannot be sealed or opened")]
    Seal(#[from] store::seal::SealError),
    /// A worker thread died.
    #[error("a worker thread stopped")]
    Worker(#[from] tokio::task::JoinError),
}

impl ApplyError {
    /// True when starting again from the stored positions may help; nothing is lost by it.
    fn passes(&self) -> bool {
        match self {
            Self::Store(error) => {
                error.is_retryable()
                    || matches!(error, StoreError::CommitUnknown(_) | StoreError::Fenced)
            }
            Self::Kafka(_) => true,
            _ => false,
        }
    }
}

/// Applies until shutdown is asked for. Of several processes one writes and the others wait.
///
/// # Errors
/// A fault that does not pass: a lost record, a missing key, a database that refuses.
pub async fn run(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    shutdown: &CancellationToken,
) -> Result<(), ApplyError> {
    let (mut waiting, mut failures) = (false, 0);
    while !shutdown.is_cancelled() {
        let outcome = match store.elect_writer(WriterLock::Apply).await {
            Ok(Some(election)) => {
                (waiting, failures) = (false, 0);
                tracing::info!("this process is the writer");
                while_elected(config, store, keys, election, shutdown).await
            }
            Ok(None) => {
                if !std::mem::replace(&mut waiting, true) {
                    tracing::info!("another process is the writer; waiting");
                }
                Ok(())
            }
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(()) => failures = 0,
            Err(error) if error.passes() => {
                failures += 1;
                metrics::restarted();
                tell_restart(&error, failures);
            }
            Err(error) => return Err(error),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(retry::pause(failures.max(1), retry::jitter(), None, PAUSE_MAX)) => {}
        }
    }
    Ok(())
}

/// The first of several failures in a row is worth a warning; the metric counts them all.
fn tell_restart(error: &ApplyError, failures: u32) {
    let error = chain(error);
    if failures == 1 {
        tracing::warn!(error, "starting again from the stored positions");
    } else {
        tracing::debug!(error, failures, "starting again from the stored positions");
    }
}

/// An error with all that caused it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

async fn while_elected(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    mut election: Election,
    shutdown: &CancellationToken,
) -> Result<(), ApplyError> {
    let reader = Reader::start(config, store, keys.clone()).await?;
    let mut writer = Writer::new(store, keys, reader.positions(), &config.kafka.changes_topic);
    let (sender, mut batches) = mpsc::channel(BATCHES_AHEAD);
    let stop = shutdown.child_token();
    let reading = tokio::spawn(reader.read_all(sender, stop.clone()));
    let _stop_reading = stop.drop_guard();
    while let Some(batch) = batches.recv().await {
        if !election.still_held().await {
            return Err(StoreError::Fenced.into());
        }
        writer.write(batch).await?;
    }
    reading.await?
}

/// The writing half: holds how far each partition is.
struct Writer<'a> {
    store: &'a Store,
    keys: &'a Keys,
    next_offsets: HashMap<(String, i32), i64>,
    changes_topic: &'a str,
    last_sequence: Option<i64>,
}

impl<'a> Writer<'a> {
    fn new(
        store: &'a Store,
        keys: &'a Keys,
        positions: &[store::Position],
        changes_topic: &'a str,
    ) -> Self {
        let next_offsets =
            positions.iter().map(|at| ((at.topic.clone(), at.partition), at.next_offset)).collect();
        let last_sequence =
            positions.iter().find(|at| at.topic == changes_topic).and_then(|at| at.last_sequence);
        Self { store, keys, next_offsets, changes_topic, last_sequence }
    }

    async fn write(&mut self, batch: Batch) -> Result<(), ApplyError> {
        let started = Instant::now();
        let Batch { inputs, raw, next_offsets } = batch;
        let records = inputs.len();
        let mentioned = mentioned(&inputs);
        let numbers: Vec<&str> = mentioned.iter().map(IdentityNumber::as_str).collect();
        let retired = self.store.retired_numbers(&numbers).await?;
        let parked_numbers = self.store.parked_numbers(&numbers).await?;
        let states = self.load(&mentioned).await?;
        let loaded = started.elapsed();
        let mut new_id = || PersonId(Uuid::new_v4());
        let plan = plan(
            inputs,
            states,
            retired,
            parked_numbers.into_iter().collect(),
            self.last_sequence,
            &mut new_id,
        )?;
        let positions = self.moves(&next_offsets, plan.last_sequence);
        let (last_sequence, counts) = (plan.last_sequence, plan.counts);
        let parked = parked_by_reason(&plan.parked);
        let write = self.render(plan, raw, positions).await?;
        let rendered = started.elapsed();
        let committed = self.store.commit(&write).await?;
        self.next_offsets.extend(next_offsets);
        self.last_sequence = last_sequence;
        let elapsed = started.elapsed();
        metrics::applied(records, last_sequence, &counts, &parked, elapsed);
        tracing::info!(
            records,
            persons = write.persons.len(),
            events = write.events.len(),
            parked = write.parked.len(),
            outdated = counts.outdated,
            repeated = counts.repeated,
            last_event = committed.last_sequence,
            load_ms = loaded.as_millis() as u64,
            render_ms = (rendered - loaded).as_millis() as u64,
            commit_ms = (elapsed - rendered).as_millis() as u64,
            "batch applied"
        );
        Ok(())
    }

    fn moves(
        &self,
        next_offsets: &HashMap<(String, i32), i64>,
        last_sequence: Option<i64>,
    ) -> Vec<PositionMove> {
        let moved = next_offsets.iter().map(|((topic, partition), next)| PositionMove {
            topic: topic.clone(),
            partition: *partition,
            expected: self.next_offsets[&(topic.clone(), *partition)],
            next: *next,
            last_sequence: if topic == self.changes_topic { last_sequence } else { None },
        });
        moved.collect()
    }

    /// Everything the store knows of these numbers, and of the numbers of the persons found so:
    /// a number that one person gives up may go back to another.
    async fn load(
        &self,
        mentioned: &HashSet<IdentityNumber>,
    ) -> Result<Vec<PersonState>, ApplyError> {
        let mut asked: HashSet<IdentityNumber> = HashSet::new();
        let mut states: HashMap<PersonId, PersonState> = HashMap::new();
        let mut asking = mentioned.clone();
        while !asking.is_empty() {
            let numbers: Vec<&str> = asking.iter().map(IdentityNumber::as_str).collect();
            let found = self.store.load_states(&numbers).await?;
            asked.extend(asking);
            asking = found
                .iter()
                .flat_map(|state| {
                    let mapped = state.numbers.iter().map(|mapped| &mapped.number);
                    mapped.chain([&state.primary_number])
                })
                .filter(|number| !asked.contains(number))
                .cloned()
                .collect();
            states.extend(found.into_iter().map(|state| (state.id, state)));
        }
        let mut states: Vec<PersonState> = states.into_values().collect();
        states.sort_by_key(|state| state.ordinal);
        Ok(states)
    }

    async fn render(
        &self,
        plan: Plan,
        raw: Vec<RawRecord>,
        positions: Vec<PositionMove>,
    ) -> Result<store::WriteBatch, ApplyError> {
        let mut stored = HashMap::new();
        for person in render::to_mask(&plan) {
            if let Some(source) = self.store.load_source(person).await? {
                let bound_to = render::source_associated_data(person);
                stored.insert(person, self.keys.sealer.open(&source.sealed, &bound_to)?);
            }
        }
        let keys = self.keys.clone();
        let rendered = tokio::task::spawn_blocking(move || {
            let mut plan = plan;
            let parked = with_payloads(std::mem::take(&mut plan.parked), &raw, &keys)?;
            render::write_batch(plan, &stored, parked, positions, &keys)
        });
        rendered.await?
    }
}

/// Opens what is to be parked, so that it can be sealed to its place in the park.
fn with_payloads(
    parked: Vec<Parked>,
    raw: &[RawRecord],
    keys: &Keys,
) -> Result<Vec<(Parked, Vec<u8>)>, ApplyError> {
    let by_place: HashMap<&Place, &RawRecord> = raw.iter().map(|raw| (&raw.place, raw)).collect();
    let payloads = parked.into_iter().map(|record| {
        let payload = read::plain(by_place[&record.place], keys)?;
        Ok((record, payload))
    });
    payloads.collect()
}
