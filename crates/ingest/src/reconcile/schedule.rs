//! Comparing by itself: one process, one window after the other, with each source for itself.

use std::time::{Duration, Instant};

use store::{ComparedWith, ComparisonMode, Election, LastComparison, Store, WriterLock};
use tokio_util::sync::CancellationToken;

use super::{Options, Reconciler, Whom, metrics};
use crate::config::IngestConfig;
use crate::error::{IngestError, chain};
use crate::{Keys, collect, contacts, elected};

/// How soon a window that broke off is tried again, and how often it is looked whether one is due.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Compares on the schedule of the configuration until shutdown is asked for. Of several processes
/// one compares and the others wait. A source being away, or refusing us, is told and waited out:
/// nobody else must stop for it.
///
/// # Errors
/// When the configuration of a source or our keys cannot be used.
pub async fn run(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    shutdown: &CancellationToken,
) -> Result<(), IngestError> {
    let Some(interval) = config.reconcile.interval() else {
        tracing::info!("ingest.reconcile.interval_s is 0: nothing is compared by itself");
        shutdown.cancelled().await;
        return Ok(());
    };
    let reconciler = Reconciler::new(config, store, keys, shutdown)?;
    let work = |election| reconciler.while_elected(election, interval);
    elected::run(store, WriterLock::Reconcile, "comparing with the sources", shutdown, work).await
}

impl Reconciler<'_> {
    async fn while_elected(
        &self,
        election: Election,
        interval: Duration,
    ) -> Result<(), IngestError> {
        self.ready().await?;
        let krr = async {
            match self.krr {
                Some(_) => self.windows(ComparedWith::Krr, interval).await,
                None => Ok(()),
            }
        };
        let freg = self.windows(ComparedWith::Freg, interval);
        tokio::try_join!(elected::hold(election, self.shutdown), freg, krr).map(|_| ())
    }

    /// One window after the other, until there is a fault of ours.
    async fn windows(&self, with: ComparedWith, interval: Duration) -> Result<(), IngestError> {
        let elected = Instant::now();
        loop {
            let pause = match self.next_window(with, interval, elected.elapsed()).await {
                Ok(pause) => pause,
                Err(error @ IngestError::Source(_)) => {
                    metrics::broken_off(with);
                    let (with, error) = (with.name(), chain(&error));
                    tracing::warn!(with, error, "a comparison broke off; trying again");
                    interval.min(LOOK_AGAIN)
                }
                Err(error) => return Err(error),
            };
            self.sleep(pause).await?;
        }
    }

    /// Compares if it is time; says how long to wait.
    async fn next_window(
        &self,
        with: ComparedWith,
        interval: Duration,
        elected: Duration,
    ) -> Result<Duration, IngestError> {
        let soon = interval.min(LOOK_AGAIN);
        let last = self.store.last_reconciliation(with, ComparisonMode::Sample).await?;
        let wait = wait(last, interval, elected);
        if !wait.is_zero() {
            return Ok(wait.min(soon));
        }
        let source = match with {
            ComparedWith::Freg => collect::SOURCE,
            ComparedWith::Krr => contacts::FEED,
        };
        if self.store.cursor(source).await?.is_none() {
            return Ok(soon);
        }
        let config = &self.config.reconcile;
        let options = Options {
            whom: Whom::Next(config.window_persons),
            persons_per_minute: Some(config.persons_per_minute),
            repair: config.repair,
        };
        self.by_number(with, &options).await?;
        Ok(Duration::ZERO)
    }
}

/// How long until a window is due. One that broke off, here or in another process, is tried again
/// when nothing has come of it for a while.
fn wait(last: Option<LastComparison>, interval: Duration, elected: Duration) -> Duration {
    match last {
        None => interval.saturating_sub(elected),
        Some(last) if last.finished => interval.saturating_sub(last.started),
        Some(last) => interval.min(LOOK_AGAIN).saturating_sub(last.updated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn after(started_s: u64, updated_s: u64, finished: bool) -> u64 {
        let [started, updated] = [started_s, updated_s].map(Duration::from_secs);
        wait(Some(LastComparison { started, updated, finished }), HOUR, HOUR).as_secs()
    }

    #[test]
    fn windows_begin_at_their_interval_and_again_soon_after_one_that_broke_off() {
        assert_eq!(wait(None, HOUR, Duration::from_secs(600)).as_secs(), 3_000);
        assert_eq!(wait(None, HOUR, 2 * HOUR), Duration::ZERO);
        assert_eq!(after(600, 10, true), 3_000);
        assert_eq!(after(4_000, 10, true), 0);
        assert_eq!(after(4_000, 10, false), 50, "it may be another process that is at it");
        assert_eq!(after(4_000, 70, false), 0);
    }
}
