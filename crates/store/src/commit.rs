//! One batch, one transaction.
//!
//! The order of the statements is a rule, not a taste. First the positions: a writer that has been
//! replaced waits there and finds that it has been. Then the counter row, which gives events and
//! new persons their numbers and is held until the end, so that numbers become visible in their
//! order; nothing else locks in front of it, so two writers cannot deadlock. With the numbers
//! known, every person row is written once.

mod contacts;
mod park;
mod rows;
mod search;

pub use search::SearchBuild;

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection, Postgres, Transaction};

use crate::batch::{Committed, WriteBatch};
use crate::error::{Fault, StoreError};
use crate::metrics;
use crate::pool::{Lease, in_time};
use crate::store::Store;

/// The numbers that were taken for a batch.
struct Taken {
    first_sequence: i64,
    first_ordinal: i64,
    first_freg_ordinal: i64,
    /// The keys of the search are built later.
    search_deferred: bool,
}

impl Store {
    /// Writes a batch, whole or not at all. [`StoreError::Fenced`] when a position was not where
    /// expected; [`StoreError::CommitUnknown`] when the connection was lost at the end: read the
    /// positions again, they tell.
    pub async fn commit(&self, batch: &WriteBatch) -> Result<Committed, StoreError> {
        batch.check()?;
        let started = Instant::now();
        let done = self.commit_in_time(batch).await;
        let outcome = match &done {
            Ok(_) => "committed",
            Err(StoreError::Fenced) => "fenced",
            Err(StoreError::CommitUnknown(_)) => "unknown",
            Err(_) => "failed",
        };
        metrics::commit(outcome, started.elapsed());
        if done.is_ok() {
            metrics::rows("person", batch.persons.len());
            metrics::rows("person_number", batch.numbers.len());
            metrics::rows("event", batch.events.len());
            metrics::rows("parked", batch.parked.len());
            metrics::rows("contact", batch.contacts.len() + batch.flipped.len());
        }
        self.record_pools();
        done
    }

    async fn commit_in_time(&self, batch: &WriteBatch) -> Result<Committed, StoreError> {
        let limit = self.commit_timeout();
        let mut lease = Lease::take(&self.inner.primary).await?;
        let mut transaction = in_time(limit, lease.connection().begin()).await??;
        // On an error the transaction is dropped unfinished and the lease closes the connection:
        // nothing lingers.
        let committed = in_time(limit, write(&mut transaction, batch)).await??;
        finish(limit, transaction).await?;
        lease.give_back();
        Ok(committed)
    }
}

/// Makes a transaction final.
async fn finish(limit: Duration, transaction: Transaction<'_, Postgres>) -> Result<(), StoreError> {
    match in_time(limit, transaction.commit()).await {
        Err(_) => Err(StoreError::CommitUnknown(Fault::Silence)),
        Ok(Err(error)) => Err(StoreError::at_commit(error)),
        Ok(Ok(())) => Ok(()),
    }
}

async fn write(connection: &mut PgConnection, batch: &WriteBatch) -> Result<Committed, StoreError> {
    rows::fence(connection, &batch.positions).await?;
    let taken = rows::take_numbers(connection, batch).await?;
    let numbered = batch.numbered(taken.first_sequence);
    rows::insert_persons(connection, batch, &numbered, &taken).await?;
    rows::update_persons(connection, batch, &numbered).await?;
    rows::touch_persons(connection, batch, &numbered).await?;
    search::write(connection, batch, &taken).await?;
    rows::map_numbers(connection, batch).await?;
    rows::replace_sources(connection, batch).await?;
    rows::remove_sources(connection, batch).await?;
    rows::park(connection, &batch.parked).await?;
    park::leave(connection, &batch.unparked).await?;
    contacts::write(connection, &batch.contacts).await?;
    contacts::flip(connection, &batch.flipped).await?;
    if let Some(enrichment) = &batch.enrichment {
        rows::move_enrichment(connection, enrichment).await?;
    }
    if let Some(rerender) = &batch.rerender {
        park::move_rerender(connection, rerender).await?;
    }
    rows::append_events(connection, &batch.events, taken.first_sequence).await?;
    rows::lift_time_limit(connection).await?;
    Ok(Committed {
        first_sequence: taken.first_sequence,
        last_sequence: taken.first_sequence + batch.events.len() as i64 - 1,
        persons: batch.persons.len() as u64,
    })
}
