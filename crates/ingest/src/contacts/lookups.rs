//! Looking up everybody whose number in use nothing is stored about.
//!
//! A pass goes through the persons by ordinal, in steps. It finds the whole register at first, and
//! later those who are new or have a new number. At its end it waits for persons who are added
//! behind it, and after `lookup_interval_s` the next pass begins.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use register::id::IdentityNumber;
use sources::krr::lookup::MAX_NUMBERS;
use store::{ContactGaps, Cursor};

use super::{Collector, FEED, LOOKUPS, PAUSE, all_is_applied, metrics};
use crate::error::IngestError;

/// The ordinal of the first person.
const FIRST: i64 = 1;
/// How many persons one step looks at in the store, whether there is anything to ask or not.
const PERSONS_MAX: i64 = 10_000;

/// How soon another pass begins after one that an earlier process began.
const AFTER_RESTART: Duration = Duration::from_secs(60);

/// A cursor of the lookups: everybody before this ordinal has been looked at.
fn at(ordinal: i64) -> Cursor {
    Cursor { next_sequence: ordinal, by_number_until: 0 }
}

impl Collector<'_> {
    /// Looks up until there is a fault of ours.
    pub(super) async fn look_up(&self) -> Result<(), IngestError> {
        let mut failures = 0;
        let mut next_pass = None;
        loop {
            let step = self.next_lot(&mut next_pass).await;
            self.rest(step, &mut failures, "lookups").await?;
        }
    }

    /// Takes one step, all the way to the cursor; says how long to wait for the next.
    async fn next_lot(&self, next_pass: &mut Option<Instant>) -> Result<Duration, IngestError> {
        // What the feed has been read to before the call is what the answer is at least as new as.
        let Some(feed) = self.store.cursor(FEED).await? else {
            return Ok(PAUSE.min(self.config.krr.poll_interval()));
        };
        let Some(Cursor { next_sequence: from, .. }) = self.store.cursor(LOOKUPS).await? else {
            self.store.start_cursor(LOOKUPS, at(FIRST)).await?;
            return Ok(Duration::ZERO);
        };
        let next_pass = next_pass.get_or_insert_with(|| Instant::now() + self.first_wait(from));
        let ContactGaps { numbers, next_ordinal } =
            self.store.contact_gaps(from, PERSONS_MAX, MAX_NUMBERS as i64).await?;
        if next_ordinal == from {
            return self.at_end(from, next_pass).await;
        }
        if !numbers.is_empty() {
            self.ask_and_publish(&numbers, feed.next_sequence).await?;
        }
        self.store.move_cursor(LOOKUPS, from, at(next_ordinal)).await?;
        metrics::looked_up_to(next_ordinal);
        Ok(Duration::ZERO)
    }

    /// When the second pass of this process begins. Nobody remembers when an earlier process began
    /// the pass that it left, so the next one comes soon, but not before apply has had time to store
    /// what is on its way.
    fn first_wait(&self, from: i64) -> Duration {
        let interval = self.config.krr.lookup_interval();
        if from == FIRST { interval } else { interval.min(AFTER_RESTART) }
    }

    /// Begins the next pass when it is time, and waits for new persons until then.
    async fn at_end(&self, from: i64, next_pass: &mut Instant) -> Result<Duration, IngestError> {
        let left = next_pass.saturating_duration_since(Instant::now());
        if !left.is_zero() {
            return Ok(left.min(self.config.krr.poll_interval()));
        }
        // What is on its way is not stored yet, and would be asked for once more.
        if !all_is_applied(self.config, self.store, self.shutdown).await? {
            return Ok(self.config.krr.poll_interval());
        }
        self.store.move_cursor(LOOKUPS, from, at(FIRST)).await?;
        *next_pass = Instant::now() + self.config.krr.lookup_interval();
        tracing::debug!("everybody without contact details is looked up again");
        Ok(Duration::ZERO)
    }

    async fn ask_and_publish(
        &self,
        numbers: &[IdentityNumber],
        as_of: i64,
    ) -> Result<(), IngestError> {
        let started = Instant::now();
        let found = self.client.persons(numbers).await?;
        let answered: HashSet<&IdentityNumber> =
            found.persons.iter().map(|listed| &listed.number).collect();
        let unanswered = numbers.iter().filter(|number| !answered.contains(number)).count();
        let persons = found.persons.len();
        self.publish(as_of, found.persons).await?;
        metrics::published("lookup", persons);
        metrics::looked_up(numbers.len(), unanswered);
        metrics::oddities(0, found.unreadable);
        tracing::info!(
            asked = numbers.len(),
            persons,
            unanswered,
            refused = found.refused,
            unreadable = found.unreadable,
            elapsed_ms = started.elapsed().as_millis(),
            "looked up contacts"
        );
        Ok(())
    }
}
