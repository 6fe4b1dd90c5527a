//! The end of a first load: everybody is made searchable, all at once.
//!
//! As long as a first load goes on the store writes nothing that leads a search to a person
//! ([`Store::build_search`](store::Store::build_search)). Whether it goes on is in the store, because
//! it is another process that orders the load.

use std::time::{Duration, Instant as Stopwatch};

use super::writer::Writer;
use super::{ApplyError, metrics};
use crate::kafka::inspect;

/// How often it is looked whether a load is over.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is known of a first load.
pub enum FirstLoad {
    /// It has not begun or is under way; when to look again.
    Ahead(Stopwatch),
    /// The register has somebody, and who is in it is searchable.
    Over,
}

impl Writer<'_> {
    /// Makes everybody searchable once a first load has been applied to its end.
    pub async fn follow_first_load(&mut self) -> Result<(), ApplyError> {
        match self.first_load {
            FirstLoad::Ahead(look_at) if Stopwatch::now() >= look_at => {}
            _ => return Ok(()),
        }
        let totals = self.store.totals().await?;
        if totals.search_deferred && self.is_load_applied().await? {
            self.settle().await?;
            self.build_search().await?;
            self.first_load = FirstLoad::Over;
        } else if totals.persons > 0 && !totals.search_deferred {
            self.first_load = FirstLoad::Over;
        } else {
            self.first_load = FirstLoad::Ahead(Stopwatch::now() + LOOK_EVERY);
        }
        metrics::search_deferred(totals.search_deferred && !self.is_first_load_over());
        Ok(())
    }

    fn is_first_load_over(&self) -> bool {
        matches!(self.first_load, FirstLoad::Over)
    }

    /// Whether the whole extract is published, and every record of it has been taken up.
    async fn is_load_applied(&self) -> Result<bool, ApplyError> {
        if !self.store.bulk_load().await?.is_some_and(|load| load.finished) {
            return Ok(false);
        }
        let kafka = &self.config.kafka;
        let Some(topic) = inspect::topic(kafka, &kafka.snapshot_topic).await? else {
            return Ok(false);
        };
        let ends = (0..).zip(topic.offsets).map(|(partition, (_, end))| (partition, end));
        Ok(ends.into_iter().all(|(partition, end)| {
            let at = (kafka.snapshot_topic.clone(), partition);
            self.next_offsets.get(&at).is_some_and(|next| *next >= end)
        }))
    }

    async fn build_search(&mut self) -> Result<(), ApplyError> {
        tracing::info!("the first load is applied; everybody is made searchable");
        let fence = [self.count_commit()];
        let built = self.store.build_search(&fence, |at| {
            let elapsed_ms = at.elapsed.as_millis() as u64;
            tracing::info!(at.done, at.total, elapsed_ms, "made searchable");
        });
        if built.await? {
            tracing::info!("everybody can be searched for");
        }
        Ok(())
    }
}
