//! Comparing everybody with an extract of FREG. Of the persons who were met only a bit is kept, and
//! documents only for as long as their lot is compared.

use std::time::Instant;

use sources::freg::bulk::MAX_KEYS;
use sources::freg::extract::ExtractBatch;
use store::{Candidate, Candidates, ComparedWith, ComparisonCounts, ComparisonMode};

use super::run::{LOT_MAX, Run};
use super::{Options, Reconciler};
use crate::bulk::each_once;
use crate::error::IngestError;
use crate::freg_client::ExtractAnswer;

/// Which persons have been met, by ordinal.
struct Met(Vec<u64>);

impl Met {
    fn none_of(persons: i64) -> Met {
        Met(vec![0; usize::try_from(persons / 64 + 1).unwrap_or(0)])
    }

    fn place(ordinal: i64) -> Option<(usize, u64)> {
        let ordinal = usize::try_from(ordinal).ok()?;
        Some((ordinal / 64, 1 << (ordinal % 64)))
    }

    fn insert(&mut self, ordinal: i64) {
        if let Some((word, bit)) = Met::place(ordinal)
            && let Some(word) = self.0.get_mut(word)
        {
            *word |= bit;
        }
    }

    fn contains(&self, ordinal: i64) -> bool {
        Met::place(ordinal)
            .is_some_and(|(word, bit)| self.0.get(word).is_some_and(|w| w & bit != 0))
    }
}

impl Reconciler<'_> {
    /// Orders an extract, walks through it, and looks up whom it does not hold.
    pub(super) async fn by_extract(
        &self,
        options: &Options,
    ) -> Result<ComparisonCounts, IngestError> {
        let persons = self.store.totals().await?.persons;
        let as_of = self.freg.last_sequence().await?;
        let job = self.freg.order_extract(as_of).await?;
        tracing::info!(as_of, "ordered an extract to compare with");
        let mut run = Run::begin(self.store, ComparedWith::Freg, ComparisonMode::Extract).await?;
        let mut met = Met::none_of(persons);
        let mut batch = 0;
        loop {
            match self.freg.extract_batch(&job, batch).await? {
                ExtractAnswer::NotReady => self.sleep(self.config.freg.extract_poll()).await?,
                ExtractAnswer::Gone => return Err(IngestError::ExtractGone),
                ExtractAnswer::Batch(ExtractBatch::End) => break,
                ExtractAnswer::Batch(ExtractBatch::Documents(ids)) => {
                    for ids in each_once(ids).chunks(MAX_KEYS) {
                        let started = Instant::now();
                        let lot = self.compare_documents(ids, as_of, options, &mut met).await?;
                        run.add(&lot).await?;
                        self.pace(ids.len(), started, options.persons_per_minute).await?;
                    }
                    batch += 1;
                }
            }
        }
        self.look_up_others(persons, &met, options, &mut run).await?;
        Ok(run.finish().await?)
    }

    async fn compare_documents(
        &self,
        ids: &[String],
        as_of: i64,
        options: &Options,
        met: &mut Met,
    ) -> Result<ComparisonCounts, IngestError> {
        let answers = self.freg.by_document(ids).await?;
        let question = self.question(as_of, answers, &[]).await?;
        let judged: Vec<_> =
            (0..question.answers.papers.len()).map(|paper| question.judge_listed(paper)).collect();
        let persons = judged.iter().filter_map(|judged| question.working.get(judged.person?));
        persons.for_each(|state| met.insert(state.ordinal));
        let without = question.answers.without() as i64;
        let mut lot = self.settle(judged, question, options.repair).await?;
        lot.undecided += without;
        Ok(lot)
    }

    /// Looks up those who were there when the extract was ordered and are not in it.
    async fn look_up_others(
        &self,
        persons: i64,
        met: &Met,
        options: &Options,
        run: &mut Run<'_>,
    ) -> Result<(), IngestError> {
        let mut from = 1;
        let mut others: Vec<Candidate> = Vec::new();
        loop {
            let Candidates { persons: found, next_ordinal } =
                self.store.candidates(from, i64::from(LOT_MAX)).await?;
            let is_end = found.is_empty() || from > persons;
            let unmet = found.into_iter().filter(|other| {
                !other.stub && other.ordinal <= persons && !met.contains(other.ordinal)
            });
            others.extend(unmet);
            while others.len() >= LOT_MAX as usize || (is_end && !others.is_empty()) {
                let started = Instant::now();
                let lot: Vec<Candidate> =
                    others.drain(..others.len().min(LOT_MAX as usize)).collect();
                run.add(&self.compare_with_freg(&lot, options.repair).await?).await?;
                self.pace(lot.len(), started, options.persons_per_minute).await?;
            }
            if is_end {
                return Ok(());
            }
            from = next_ordinal;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_met_is_remembered_and_nobody_else() {
        let mut met = Met::none_of(200);
        for ordinal in [1, 63, 64, 200, 5_000, -3] {
            met.insert(ordinal);
        }
        let found: Vec<i64> = (0..=300).filter(|ordinal| met.contains(*ordinal)).collect();
        assert_eq!(found, [1, 63, 64, 200]);
    }
}
