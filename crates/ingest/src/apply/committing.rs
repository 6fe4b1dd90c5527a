//! The batches that are rendered and committed while the next one of FREG's is read and planned.
//!
//! One batch is written after another, always. But what one is planned from may be read before the
//! ones before it are written, if they have no number in common: a plan reads and writes only what its
//! numbers lead to, and what the persons found so are known by. Where a number is in both, the
//! second waits. Everything else that writes waits too.

use std::collections::{HashMap, HashSet, VecDeque};
use std::future::pending;
use std::time::{Duration, Instant as Stopwatch, SystemTime};

use register::id::IdentityNumber;
use store::{Committed, ParkReason, PersonState, Store, StoreError, WriteBatch};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::plan::Counts;
use super::writer::Writer;
use super::{ApplyError, metrics};

/// Batches under way: one that is committed, and one that is rendered and then waits for it.
const UNDER_WAY_MAX: usize = 2;

/// A batch that is being rendered and written.
pub struct Committing {
    task: JoinHandle<Result<Written, ApplyError>>,
    /// Every number that its plan knew of.
    numbers: HashSet<IdentityNumber>,
    /// Where each partition is with it.
    next_offsets: HashMap<(String, i32), i64>,
    told: Told,
    /// Hears when it is in the store, and nothing if it never is.
    is_written: Option<oneshot::Receiver<()>>,
}

/// What is told of a batch when it is written.
pub struct Told {
    /// When its first record was published.
    pub published: Option<SystemTime>,
    /// When work on it began.
    pub started: Stopwatch,
    /// How many records it had.
    pub records: usize,
    /// What came of the documents.
    pub counts: Counts,
    /// What was parked, by reason.
    pub parked: HashMap<ParkReason, usize>,
    /// How far FREG's feed is applied with it.
    pub last_sequence: Option<i64>,
    /// How long it took to read what is stored, and to plan.
    pub loaded: Duration,
}

/// What has been written, and how long it took.
struct Written {
    committed: Committed,
    persons: usize,
    events: usize,
    rendering: Duration,
    committing: Duration,
}

impl Committing {
    /// Begins. What `rendering` comes to is written after what is `before` it, or not at all.
    fn begin(
        store: &Store,
        rendering: impl Future<Output = Result<WriteBatch, ApplyError>> + Send + 'static,
        before: Option<oneshot::Receiver<()>>,
        numbers: HashSet<IdentityNumber>,
        next_offsets: HashMap<(String, i32), i64>,
        told: Told,
    ) -> Self {
        let (written, is_written) = oneshot::channel();
        let store = store.clone();
        let task = tokio::spawn(async move {
            let started = Stopwatch::now();
            let batch = rendering.await?;
            let rendering = started.elapsed();
            if let Some(before) = before {
                // Why it failed is told by its own task.
                before.await.map_err(|_| StoreError::Fenced)?;
            }
            let started = Stopwatch::now();
            let committed = store.commit(&batch).await?;
            let _ = written.send(());
            Ok(Written {
                committed,
                persons: batch.persons.len(),
                events: batch.events.len(),
                rendering,
                committing: started.elapsed(),
            })
        });
        Self { task, numbers, next_offsets, told, is_written: Some(is_written) }
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
    /// Waits until the first of the batches under way is written, and tells of it; for ever when
    /// there is none. May be dropped and called again.
    pub async fn committed(&mut self) -> Result<(), ApplyError> {
        let Some(first) = self.committing.front_mut() else { return pending().await };
        let written = (&mut first.task).await??;
        if let Some(Committing { next_offsets, told, .. }) = self.committing.pop_front() {
            self.memory.note(&next_offsets, written.committed.last_sequence);
            tell(&told, &written);
        }
        Ok(())
    }

    /// Waits until nothing is under way.
    pub async fn settle(&mut self) -> Result<(), ApplyError> {
        self.settle_to(0).await
    }

    async fn settle_to(&mut self, under_way: usize) -> Result<(), ApplyError> {
        while self.committing.len() > under_way {
            self.committed().await?;
        }
        Ok(())
    }

    /// Whether what is under way may change what is planned from these.
    pub(super) fn is_committing_any_of(&self, numbers: &HashSet<IdentityNumber>) -> bool {
        self.committing.iter().any(|committing| committing.bears_on(numbers))
    }

    /// Lets a batch be rendered and written after those under way, once there is room for it.
    pub(super) async fn begin(
        &mut self,
        rendering: impl Future<Output = Result<WriteBatch, ApplyError>> + Send + 'static,
        numbers: HashSet<IdentityNumber>,
        told: Told,
    ) -> Result<(), ApplyError> {
        self.settle_to(UNDER_WAY_MAX - 1).await?;
        let before = self.committing.back_mut().and_then(|last| last.is_written.take());
        let after = self.next_offsets.clone();
        let begun = Committing::begin(self.store, rendering, before, numbers, after, told);
        self.committing.push_back(begun);
        Ok(())
    }
}

/// The batches under way, the first one first.
pub type UnderWay = VecDeque<Committing>;

fn tell(told: &Told, written: &Written) {
    let Told { published, started, records, .. } = *told;
    let Written { committed, persons, events, rendering, committing } = *written;
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
        render_ms = rendering.as_millis() as u64,
        commit_ms = committing.as_millis() as u64,
        "batch applied"
    );
}

#[cfg(test)]
mod tests {
    use register::id::PersonId;
    use store::MappedNumber;
    use uuid::Uuid;

    use super::*;

    fn number(last: u8) -> IdentityNumber {
        IdentityNumber::new(format!("018100000{last:02}"))
    }

    /// Known by the numbers from the first on.
    fn person(numbers: &[u8]) -> PersonState {
        let mapped = |last: &u8| MappedNumber { number: number(*last), as_of: 1 };
        PersonState {
            numbers: numbers[1..].iter().map(mapped).collect(),
            ..PersonState::new(PersonId(Uuid::from_u128(1)), number(numbers[0]), 1)
        }
    }

    fn set(numbers: &[u8]) -> HashSet<IdentityNumber> {
        numbers.iter().map(|last| number(*last)).collect()
    }

    fn told() -> Told {
        Told {
            published: None,
            started: Stopwatch::now(),
            records: 0,
            counts: Counts::default(),
            parked: HashMap::new(),
            last_sequence: None,
            loaded: Duration::ZERO,
        }
    }

    #[tokio::test]
    async fn a_batch_bears_on_whoever_is_known_by_one_of_its_numbers() {
        let numbers = numbers_of(set(&[1]), &[person(&[2, 3])]);
        assert_eq!(numbers, set(&[1, 2, 3]));
        let task = tokio::spawn(async { Err(StoreError::Fenced.into()) });
        let (told, next_offsets) = (told(), HashMap::new());
        let committing = Committing { task, numbers, next_offsets, told, is_written: None };
        for (others, bears) in [(&[4, 5][..], false), (&[5, 3], true), (&[1], true), (&[], false)] {
            assert_eq!(committing.bears_on(&set(others)), bears, "{others:?}");
        }
    }
}
