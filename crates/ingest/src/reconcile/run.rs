//! A run: persons in lots, what they come to, and where the next run goes on.

use std::time::Instant;

use store::{
    Candidates, ComparedWith, ComparisonCounts, ComparisonMode, Cursor, Store, StoreError,
};

use super::{Options, Reconciler, Whom, metrics};
use crate::error::IngestError;

/// The most persons that are looked up together: what one call takes, at both sources.
pub(super) const LOT_MAX: u32 = 1_000;
/// The ordinal of the first person.
const FIRST: i64 = 1;

/// A cursor of the comparison: everybody before this ordinal has been compared in this round.
fn at(ordinal: i64) -> Cursor {
    Cursor { next_sequence: ordinal, by_number_until: 0 }
}

/// The name in the store of the cursor of a comparison: the ordinal of the next person.
fn cursor_of(with: ComparedWith) -> &'static str {
    match with {
        ComparedWith::Freg => "reconcile.freg",
        ComparedWith::Krr => "reconcile.krr",
    }
}

/// A run that is under way, with what it has come to.
pub(super) struct Run<'a> {
    store: &'a Store,
    with: ComparedWith,
    mode: ComparisonMode,
    id: i64,
    started: Instant,
    counts: ComparisonCounts,
}

impl<'a> Run<'a> {
    pub(super) async fn begin(
        store: &'a Store,
        with: ComparedWith,
        mode: ComparisonMode,
    ) -> Result<Run<'a>, StoreError> {
        let id = store.begin_reconciliation(with, mode).await?;
        let (started, counts) = (Instant::now(), ComparisonCounts::default());
        Ok(Run { store, with, mode, id, started, counts })
    }

    /// Adds what a lot has come to, and notes it.
    pub(super) async fn add(&mut self, lot: &ComparisonCounts) -> Result<(), StoreError> {
        metrics::compared(self.with, lot);
        add(&mut self.counts, lot);
        self.store.note_reconciliation(self.id, &self.counts, false).await
    }

    fn is_empty(&self) -> bool {
        self.counts.compared + self.counts.undecided == 0
    }

    pub(super) async fn finish(self) -> Result<ComparisonCounts, StoreError> {
        self.store.note_reconciliation(self.id, &self.counts, true).await?;
        metrics::finished(self.with);
        let counts = &self.counts;
        tracing::info!(
            with = self.with.name(),
            mode = self.mode.name(),
            compared = counts.compared,
            missing = counts.missing,
            extra = counts.extra,
            differing = counts.differing,
            undecided = counts.undecided,
            repaired = counts.repaired,
            by_element = ?counts.by_element,
            elapsed_ms = self.started.elapsed().as_millis() as u64,
            "the register has been compared"
        );
        Ok(self.counts)
    }
}

fn add(sum: &mut ComparisonCounts, lot: &ComparisonCounts) {
    let ComparisonCounts { compared, missing, extra, differing, undecided, repaired, by_element } =
        lot;
    sum.compared += compared;
    sum.missing += missing;
    sum.extra += extra;
    sum.differing += differing;
    sum.undecided += undecided;
    sum.repaired += repaired;
    for (element, persons) in by_element {
        *sum.by_element.entry(element.clone()).or_default() += persons;
    }
}

impl Reconciler<'_> {
    /// Compares by number, lot by lot, until all who are wanted have been or nobody is left.
    pub(super) async fn by_number(
        &self,
        with: ComparedWith,
        options: &Options,
    ) -> Result<ComparisonCounts, IngestError> {
        let mut run = Run::begin(self.store, with, ComparisonMode::Sample).await?;
        let mut left = match options.whom {
            Whom::Next(persons) => i64::from(persons),
            Whom::Everybody => i64::MAX,
        };
        let mut own = FIRST;
        while left > 0 {
            let started = Instant::now();
            let from = match options.whom {
                Whom::Next(_) => self.next_ordinal(with).await?,
                Whom::Everybody => own,
            };
            let most = LOT_MAX.min(options.persons_per_minute.unwrap_or(LOT_MAX)).max(1);
            let Candidates { persons, next_ordinal } =
                self.store.candidates(from, i64::from(most).min(left)).await?;
            if let (Whom::Next(_), true) = (options.whom, persons.is_empty()) {
                self.go_on(with, from, FIRST).await?;
                // Right at the beginning the window goes on with the first of the next round.
                if from > FIRST && run.is_empty() {
                    continue;
                }
            }
            if persons.is_empty() {
                break;
            }
            let lot = match with {
                ComparedWith::Freg => self.compare_with_freg(&persons, options.repair).await?,
                ComparedWith::Krr => self.compare_with_krr(&persons, options.repair).await?,
            };
            run.add(&lot).await?;
            own = next_ordinal;
            if let Whom::Next(_) = options.whom {
                self.go_on(with, from, next_ordinal).await?;
            }
            left -= persons.len() as i64;
            self.pace(persons.len(), started, options.persons_per_minute).await?;
        }
        Ok(run.finish().await?)
    }

    async fn next_ordinal(&self, with: ComparedWith) -> Result<i64, IngestError> {
        let source = cursor_of(with);
        if let Some(cursor) = self.store.cursor(source).await? {
            return Ok(cursor.next_sequence);
        }
        match self.store.start_cursor(source, at(FIRST)).await {
            Ok(()) | Err(StoreError::Fenced) => Ok(FIRST),
            Err(error) => Err(error.into()),
        }
    }

    /// Moves the cursor, unless another run has gone on with it meanwhile.
    async fn go_on(&self, with: ComparedWith, from: i64, to: i64) -> Result<(), IngestError> {
        metrics::at(with, to);
        match self.store.move_cursor(cursor_of(with), from, at(to)).await {
            Ok(()) | Err(StoreError::Fenced) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
