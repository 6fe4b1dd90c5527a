//! The commit that goes on while the next batch of FREG's is read, planned and rendered.
//!
//! One batch is written after another, always. But what one is planned from may be read before the
//! one before it is written, if they have no number in common: a plan reads and writes only what its
//! numbers lead to, and what the persons found so are known by. Where a number is in both, the
//! second waits. Everything else that writes waits too.

use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::time::{Duration, Instant as Stopwatch, SystemTime};

use register::id::IdentityNumber;
use store::{Committed, ParkReason, PersonState, Store, StoreError, WriteBatch};
use tokio::task::JoinHandle;

use super::plan::Counts;
use super::writer::Writer;
use super::{ApplyError, metrics};

/// A batch that is being written.
pub struct Committing {
    task: JoinHandle<Result<(Committed, Duration), StoreError>>,
    /// Every number that its plan knew of.
    numbers: HashSet<IdentityNumber>,
    /// Where each partition is with it.
    next_offsets: HashMap<(String, i32), i64>,
    told: Told,
}

/// What is told of a batch when it is written.
pub struct Told {
    /// When its first record was published.
    pub published: Option<SystemTime>,
    /// When work on it began.
    pub started: Stopwatch,
    /// How many records it had.
    pub records: usize,
    /// How many persons are written.
    pub persons: usize,
    /// How many events.
    pub events: usize,
    /// What came of the documents.
    pub counts: Counts,
    /// What was parked, by reason.
    pub parked: HashMap<ParkReason, usize>,
    /// How far FREG's feed is applied with it.
    pub last_sequence: Option<i64>,
    /// How long it took to read what is stored, and to plan.
    pub loaded: Duration,
    /// How long it took to render.
    pub rendered: Duration,
}

impl Committing {
    /// Begins.
    pub fn begin(
        store: &Store,
        batch: WriteBatch,
        numbers: HashSet<IdentityNumber>,
        next_offsets: HashMap<(String, i32), i64>,
        told: Told,
    ) -> Self {
        let store = store.clone();
        let task = tokio::spawn(async move {
            let started = Stopwatch::now();
            Ok((store.commit(&batch).await?, started.elapsed()))
        });
        Self { task, numbers, next_offsets, told }
    }

    /// True when what is planned from these may be changed by it.
    fn bears_on(&self, numbers: &HashSet<IdentityNumber>) -> bool {
        !self.numbers.is_disjoint(numbers)
    }
}

/// Every number that a plan knows of: those that its records mention, and all by which the persons
/// found so are known.
pub fn numbers_of(
    mut mentioned: HashSet<IdentityNumber>,
    states: &[PersonState],
) -> HashSet<IdentityNumber> {
    for state in states {
        mentioned.insert(state.primary_number.clone());
        mentioned.extend(state.numbers.iter().map(|mapped| mapped.number.clone()));
    }
    mentioned
}

impl Writer<'_> {
    /// Waits until the batch that is being written is, and tells of it; for ever when there is none.
    /// May be dropped and called again.
    pub async fn committed(&mut self) -> Result<(), ApplyError> {
        let Some(committing) = &mut self.committing else { return pending().await };
        let (committed, took) = (&mut committing.task).await??;
        if let Some(Committing { next_offsets, told, .. }) = self.committing.take() {
            self.memory.note(&next_offsets, committed.last_sequence);
            tell(&told, committed, took);
        }
        Ok(())
    }

    /// Waits until nothing is being written.
    pub async fn settle(&mut self) -> Result<(), ApplyError> {
        while self.committing.is_some() {
            self.committed().await?;
        }
        Ok(())
    }

    /// Whether what is being written may change what is planned from these.
    pub(super) fn is_committing_any_of(&self, numbers: &HashSet<IdentityNumber>) -> bool {
        self.committing.as_ref().is_some_and(|committing| committing.bears_on(numbers))
    }
}

fn tell(told: &Told, committed: Committed, took: Duration) {
    let Told { published, started, records, persons, events, .. } = *told;
    metrics::delay(published);
    metrics::applied(records, told.last_sequence, &told.counts, &told.parked, started.elapsed());
    tracing::info!(
        records,
        persons,
        events,
        parked = told.parked.values().sum::<usize>(),
        outdated = told.counts.outdated,
        repeated = told.counts.repeated,
        last_event = committed.last_sequence,
        load_ms = told.loaded.as_millis() as u64,
        render_ms = told.rendered.as_millis() as u64,
        commit_ms = took.as_millis() as u64,
        "batch applied"
    );
}

#[cfg(test)]
mod tests {
    use register::id::PersonId;
    use register::part::PartSet;
    use store::MappedNumber;
    use uuid::Uuid;

    use super::*;

    fn number(last: u8) -> IdentityNumber {
        IdentityNumber::new(format!("018100000{last:02}"))
    }

    /// Known by the numbers from the first on.
    fn person(numbers: &[u8]) -> PersonState {
        PersonState {
            id: PersonId(Uuid::from_u128(1)),
            ordinal: 1,
            alternate: false,
            primary_number: number(numbers[0]),
            stub: false,
            as_of: 1,
            content_hash: None,
            masked_parts: PartSet::EMPTY,
            masked_before: PartSet::EMPTY,
            parked: false,
            protection_uncertain: false,
            contact_digest: None,
            numbers: numbers[1..]
                .iter()
                .map(|last| MappedNumber { number: number(*last), as_of: 1 })
                .collect(),
        }
    }

    fn set(numbers: &[u8]) -> HashSet<IdentityNumber> {
        numbers.iter().map(|last| number(*last)).collect()
    }

    #[tokio::test]
    async fn a_batch_bears_on_whoever_is_known_by_one_of_its_numbers() {
        let numbers = numbers_of(set(&[1]), &[person(&[2, 3])]);
        assert_eq!(numbers, set(&[1, 2, 3]));
        let told = Told {
            published: None,
            started: Stopwatch::now(),
            records: 0,
            persons: 0,
            events: 0,
            counts: Counts::default(),
            parked: HashMap::new(),
            last_sequence: None,
            loaded: Duration::ZERO,
            rendered: Duration::ZERO,
        };
        let task = tokio::spawn(async { Err(StoreError::Fenced) });
        let committing = Committing { task, numbers, next_offsets: HashMap::new(), told };
        for (others, bears) in [(&[4, 5][..], false), (&[5, 3], true), (&[1], true), (&[], false)] {
            assert_eq!(committing.bears_on(&set(others)), bears, "{others:?}");
        }
    }
}
