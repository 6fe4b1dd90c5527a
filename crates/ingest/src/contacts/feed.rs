//! The feed of changes, page by page.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use register::id::IdentityNumber;
use sources::krr::changes::Changes;
use sources::krr::persons::{Listed, Persons};
use store::Cursor;

use super::{Collector, FEED, metrics};
use crate::error::IngestError;

/// A cursor of the feed: everything up to the change `id` is collected.
fn at(id: i64) -> Cursor {
    Cursor { next_sequence: id, by_number_until: 0 }
}

/// What a page held.
struct Counts {
    persons: usize,
    repeated: usize,
    unreadable: usize,
}

impl Collector<'_> {
    /// Reads the feed until there is a fault of ours.
    pub(super) async fn follow(&self) -> Result<(), IngestError> {
        let mut failures = 0;
        loop {
            let step = self.next_page().await;
            self.rest(step, &mut failures, "feed").await?;
        }
    }

    /// Collects one page, all the way to the cursor; says how long to wait for the next.
    async fn next_page(&self) -> Result<Duration, IngestError> {
        let Some(cursor) = self.store.cursor(FEED).await? else {
            return self.begin().await;
        };
        let (after, started) = (cursor.next_sequence, Instant::now());
        let Changes { persons, from, to, last } = self.client.changes(after).await?;
        if from > after {
            // KRR may say where its feed begins. Whatever it does, standing still helps nobody.
            tracing::warn!(after, from, "KRR's page begins later than it was asked to");
        }
        // A page that ends where it was to begin can only repeat what has been collected.
        if to > after {
            let Counts { persons, repeated, unreadable } = self.collect_page(persons, to).await?;
            tracing::info!(
                from = after,
                to,
                last,
                persons,
                repeated,
                unreadable,
                elapsed_ms = started.elapsed().as_millis(),
                "collected changes of contacts"
            );
        }
        self.store.move_cursor(FEED, after, at(to)).await?;
        metrics::read_to(to, last);
        Ok(if to >= last { self.config.krr.poll_interval() } else { Duration::ZERO })
    }

    /// Begins at what is newest: all that happened before is in what a lookup answers.
    async fn begin(&self) -> Result<Duration, IngestError> {
        let last = self.client.changes(0).await?.last;
        self.store.start_cursor(FEED, at(last)).await?;
        metrics::read_to(last, last);
        tracing::info!(last, "the feed of contacts begins here");
        Ok(Duration::ZERO)
    }

    /// Publishes a page. Persons that it repeats are looked up: by their dates alone a page does
    /// not tell what came last, because what has been taken away has no date.
    async fn collect_page(&self, page: Persons, as_of: i64) -> Result<Counts, IngestError> {
        let Persons { mut listed, repeated, unreadable } = page;
        let mut unreadable = unreadable.len();
        let repeated: Vec<IdentityNumber> = repeated.into_iter().collect();
        if !repeated.is_empty() {
            let found = self.client.persons(&repeated).await?;
            unreadable += found.unreadable;
            listed = with_newer(listed, found.persons);
        }
        let counts = Counts { persons: listed.len(), repeated: repeated.len(), unreadable };
        self.publish(as_of, listed).await?;
        metrics::published("feed", counts.persons);
        metrics::oddities(counts.repeated, counts.unreadable);
        if unreadable > 0 {
            tracing::warn!(as_of, unreadable, "persons in KRR's changes that cannot be read");
        }
        Ok(counts)
    }
}

/// What a lookup found takes the place of what the page says.
fn with_newer(page: Vec<Listed>, found: Vec<Listed>) -> Vec<Listed> {
    let newer: HashMap<IdentityNumber, Listed> =
        found.into_iter().map(|listed| (listed.number.clone(), listed)).collect();
    let kept = page.into_iter().filter(|listed| !newer.contains_key(&listed.number));
    let mut persons: Vec<Listed> = kept.collect();
    persons.extend(newer.into_values());
    persons
}
