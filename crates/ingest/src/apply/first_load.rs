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
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What is known of a first load.
pub enum FirstLoad {
    /// It has not begun or is under way.
    Ahead {
        /// When to look again.
        look_at: Stopwatch,
        /// How many records of the extract had been taken up when it was looked last.
        taken: i64,
    },
    /// The register has somebody, and who is in it is searchable.
    Over,
}

impl FirstLoad {
    /// What is known before anything was looked at.
    pub fn unknown() -> FirstLoad {
        FirstLoad::Ahead { look_at: Stopwatch::now(), taken: 0 }
    }

    /// How long the writer may rest, when it would for `rest`.
    pub fn rest(&self, rest: Duration) -> Duration {
        match self {
            FirstLoad::Ahead { .. } => rest.min(LOOK_EVERY),
            FirstLoad::Over => rest,
        }
    }
}

impl Writer<'_> {
    /// Makes everybody searchable once a first load has been applied to its end.
    pub async fn follow_first_load(&mut self) -> Result<(), ApplyError> {
        let FirstLoad::Ahead { look_at, taken } = self.first_load else { return Ok(()) };
        if Stopwatch::now() < look_at {
            return Ok(());
        }
        let totals = self.store.totals().await?;
        let now_taken = self.taken_of_extract();
        // Kafka need not be asked where the end is while it goes on.
        let stands_still = now_taken == taken;
        let mut deferred = totals.search_deferred;
        if deferred && stands_still && self.is_load_applied().await? {
            self.settle().await?;
            self.build_search().await?;
            deferred = false;
        }
        self.first_load = if totals.persons > 0 && !deferred {
            FirstLoad::Over
        } else {
            FirstLoad::Ahead { look_at: Stopwatch::now() + LOOK_EVERY, taken: now_taken }
        };
        metrics::search_deferred(deferred);
        Ok(())
    }

    fn taken_of_extract(&self) -> i64 {
        let snapshot_topic = &self.config.kafka.snapshot_topic;
        let of_extract = self.next_offsets.iter().filter(|((topic, _), _)| topic == snapshot_topic);
        of_extract.map(|(_, next)| next).sum()
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
        let mut ends = (0..).zip(topic.offsets);
        Ok(ends.all(|(partition, (_, end))| {
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
