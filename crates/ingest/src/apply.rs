//! Apply: the one writer. Records from Kafka become persons, numbers, events and parks.
//!
//! A thin shell round pure parts: [`plan`] decides, [`identity`] knows whose a document is,
//! [`document`] and [`contact`] read, [`render`] enriches and makes the served forms, [`refresh`]
//! makes them again when something else than the document has changed. Reading the next batch and
//! making it ready goes on while one is written ([`committing`]); writing does not run in parallel,
//! because the order is the point.
//!
//! FREG's records come first, then those of felles hjelpenummer ([`ain`]), then those of the contact
//! details; when none waits, one bounded round of what time and geography have changed
//! (`background`, `enriching`), of what an operator has decided about the park (`parking`), or of
//! rendering anew (`rerender`). At the end of a first load everybody is made searchable
//! (`first_load`).

pub mod ain;
mod background;
mod committing;
pub mod contact;
mod differ;
pub mod document;
mod enriching;
mod first_load;
pub mod identity;
mod metrics;
mod parking;
pub mod plan;
pub mod read;
mod reader;
pub mod refresh;
pub mod render;
mod rendering;
mod rerender;
mod waiting;
mod writer;

use std::time::Duration;

use store::{Election, Position, Store, StoreError, WriterLock};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use self::ain::AinInput;
use self::contact::ContactInput;
use self::plan::{Input, Place, PlanError};
use self::reader::{Batch, Reader};
use self::writer::Writer;
use crate::config::IngestConfig;
use crate::error::chain;
use crate::geography::GeographyError;
use crate::memory::{Memory, Remembered};
use crate::record::RecordError;
use crate::{Keys, retry};

/// How long the writer rests when there is nothing to do.
const IDLE: Duration = Duration::from_secs(1);
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
         topic, or let it be passed over with `persontjenesten ingest skip-gap`"
    )]
    RecordsGone {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
    },
    /// More has been applied than the database knows of, so that it would give out event numbers
    /// that clients have seen with other content.
    #[error(
        "the database is older than what has been applied: was a backup restored? Event {last_event} \
         has been given out, and the database is at {stored}; nothing is applied before \
         `persontjenesten ingest restored --last-event N` has said how far clients have come"
    )]
    Restored {
        /// The newest event that Kafka remembers.
        last_event: i64,
        /// The newest event of the database.
        stored: i64,
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
    /// A served form cannot be compressed or expanded.
    #[error("a served form cannot be compressed or expanded")]
    Blob(#[source] store::blob::BlobError),
    /// What is stored as a served form is none.
    #[error("a served form cannot be read")]
    Form(#[source] register::render::RenderError),
    /// Geography.
    #[error("geography cannot be loaded")]
    Geography(#[from] GeographyError),
    /// Something cannot be sealed or opened.
    #[error("a stored value cannot be sealed or opened")]
    Seal(#[from] store::seal::SealError),
    /// So much cannot be applied that no single document is at fault.
    #[error(
        "{persons} persons could not be applied within a minute, more than \
         ingest.apply.parked_persons_per_minute_max = {max}: nothing of the last batch is written; \
         mend what is at fault, or raise the limit to park them all"
    )]
    TooManyParked {
        /// Within a minute.
        persons: usize,
        /// The limit.
        max: usize,
    },
    /// A worker thread died.
    #[error("a worker thread stopped")]
    Worker(#[from] tokio::task::JoinError),
}

impl ApplyError {
    /// True when starting again from the stored positions may help; nothing is lost by it.
    fn passes(&self) -> bool {
        match self {
            Self::Store(error) => store_fault_passes(error),
            Self::Geography(error) => enriching::passes(error),
            Self::Kafka(_) => true,
            _ => false,
        }
    }
}

fn store_fault_passes(error: &StoreError) -> bool {
    error.is_retryable() || matches!(error, StoreError::CommitUnknown(_) | StoreError::Fenced)
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

async fn while_elected(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    mut election: Election,
    shutdown: &CancellationToken,
) -> Result<(), ApplyError> {
    let kafka = &config.kafka;
    // It looks for its coordinator while the readers start.
    let memory = Memory::new(kafka)?;
    let freg = Reader::start(config, store, &[&kafka.snapshot_topic, &kafka.changes_topic]).await?;
    let ain = Reader::start(config, store, &[&kafka.ain_topic]).await?;
    let contacts = Reader::start(config, store, &[&kafka.contacts_topic]).await?;
    let positions = [freg.positions(), ain.positions(), contacts.positions()].concat();
    let memory = remembers_no_more(memory, store, &positions).await?;
    let mut writer = Writer::start(config, store, keys, &positions, memory).await?;
    let stop = shutdown.child_token();
    let _stop_reading = stop.clone().drop_guard();
    tokio::spawn(waiting::tell(kafka.clone(), store.clone(), stop.clone()));
    let (own, changes_topic) = (keys.clone(), kafka.changes_topic.clone());
    let mut freg = freg.spawn(move |raw| read::read(raw, &changes_topic, &own), &stop);
    let own = keys.clone();
    let mut ain = ain.spawn(move |raw| ain::read(raw, &own), &stop);
    let own = keys.clone();
    let mut contacts = contacts.spawn(move |raw| contact::read(raw, &own), &stop);
    let mut idle_until = Instant::now();
    loop {
        let next = tokio::select! {
            biased;
            batch = freg.next() => Next::Freg(batch),
            batch = ain.next() => Next::Ain(batch),
            outcome = writer.committed() => {
                outcome?;
                continue;
            }
            batch = contacts.next() => Next::Contacts(batch),
            () = tokio::time::sleep_until(idle_until) => Next::Background,
        };
        if !election.still_held().await {
            return Err(StoreError::Fenced.into());
        }
        if !matches!(next, Next::Freg(Some(_))) {
            writer.settle().await?;
        }
        writer.follow_geography().await?;
        writer.follow_first_load().await?;
        match next {
            Next::Freg(Some(batch)) => writer.write(batch).await?,
            Next::Ain(Some(batch)) => writer.write_ain(batch).await?,
            Next::Contacts(Some(batch)) => writer.write_contacts(batch).await?,
            Next::Background => {
                let rest = if writer.background().await? { Duration::ZERO } else { IDLE };
                idle_until = Instant::now() + writer.first_load.rest(rest);
            }
            Next::Freg(None) => return freg.end().await,
            Next::Ain(None) => return ain.end().await,
            Next::Contacts(None) => return contacts.end().await,
        }
    }
}

/// The same memory, unless more has been applied by what it tells than the database knows of.
async fn remembers_no_more(
    memory: Memory,
    store: &Store,
    positions: &[Position],
) -> Result<Memory, ApplyError> {
    let positions = positions.to_vec();
    let (memory, remembered) = tokio::task::spawn_blocking(move || {
        let remembered = memory.recall(&positions);
        (memory, remembered)
    })
    .await?;
    let Remembered { ahead, last_event } = remembered?;
    let stored = store.totals().await?.last_sequence;
    if let Some((at, applied)) = &ahead {
        let Position { topic, partition, next_offset, .. } = at;
        tracing::error!(topic, partition, next_offset, applied, "more was applied than is stored");
    }
    if ahead.is_some() || last_event > stored {
        return Err(ApplyError::Restored { last_event, stored });
    }
    Ok(memory)
}

/// What the writer does next, the first that there is.
enum Next {
    Freg(Option<Batch<Input>>),
    Ain(Option<Batch<AinInput>>),
    Contacts(Option<Batch<Option<ContactInput>>>),
    Background,
}
