//! Rendering everybody anew from the stored documents, after a change of the code.

use std::collections::HashMap;
use std::time::Instant as Stopwatch;

use store::{Breadth, RerenderMove, RerenderRound, WriteBatch};

use super::refresh::Writes;
use super::render::RENDERED_BY;
use super::writer::Writer;
use super::{ApplyError, metrics};

impl Writer<'_> {
    /// One bounded round of it. False when nothing is asked for.
    pub(super) async fn rerender(&mut self) -> Result<bool, ApplyError> {
        let stored = self.store.rerender().await?;
        let round = match (stored.round, stored.asked) {
            (Some(round), _) if round.by == RENDERED_BY => round,
            // What another version of the code has begun would have to be done again.
            (Some(RerenderRound { breadth, .. }), _) | (None, Some(breadth)) => {
                let round = RerenderRound { by: RENDERED_BY, breadth, next_ordinal: 1 };
                self.commit(&mut moved(RerenderMove::To(round))).await?;
                tracing::info!(by = RENDERED_BY, ?breadth, "rendering anew");
                round
            }
            (None, None) => return Ok(false),
        };
        self.rerender_some(round).await?;
        Ok(true)
    }

    async fn rerender_some(&mut self, round: RerenderRound) -> Result<(), ApplyError> {
        let started = Stopwatch::now();
        let first = round.next_ordinal;
        let end = first + self.config.apply.background_persons_max as i64;
        let except = (round.breadth == Breadth::Outdated).then_some(round.by);
        let persons = self.store.rendered_otherwise(first, end, except).await?;
        let total = self.store.totals().await?.persons;
        let mut write = moved(if end > total {
            RerenderMove::Done(round.by)
        } else {
            RerenderMove::To(RerenderRound { next_ordinal: end, ..round })
        });
        let counts = self.refresh(&persons, Writes::Everybody, HashMap::new(), &mut write).await?;
        self.commit(&mut write).await?;
        let done = total.min(end - 1);
        metrics::rerender(done, total);
        tracing::info!(
            done,
            total,
            persons = persons.len(),
            changed = counts.changed,
            unreadable = counts.unreadable,
            elapsed_ms = started.elapsed().as_millis() as u64,
            "rendered anew"
        );
        Ok(())
    }
}

fn moved(to: RerenderMove) -> WriteBatch {
    WriteBatch { rerender: Some(to), ..WriteBatch::default() }
}
