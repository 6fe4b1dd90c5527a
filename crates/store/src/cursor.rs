//! How far a source has been collected, and the bulk load that is under way.

use sqlx::PgConnection;
use sqlx::postgres::PgQueryResult;

use crate::error::{Fault, StoreError};
use crate::pool::{Lease, in_time};
use crate::store::Store;

/// How far a source has been collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The first sequence that has not been collected.
    pub next_sequence: i64,
    /// Up to this sequence documents are fetched by number: the extract may be newer than the
    /// events.
    pub by_number_until: i64,
}

/// A bulk load. At most one is unfinished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkLoad {
    /// The source's sequence that the extract stands for.
    pub from_sequence: i64,
    /// The source's name for the job.
    pub job: String,
    /// The first batch that has not been published.
    pub next_batch: i64,
    /// How many documents have been published.
    pub documents_published: i64,
    /// True when the last batch has been published.
    pub finished: bool,
}

impl Store {
    /// The cursor of a source; none before it has been started. From the primary.
    pub async fn cursor(&self, source: &str) -> Result<Option<Cursor>, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_as!(
                Cursor,
                "select next_sequence, by_number_until from source_cursor where source = $1",
                source
            )
            .fetch_optional(connection)
            .await
        })
        .await
    }

    /// Sets the cursor of a source that has none. [`StoreError::Fenced`] when it has one.
    pub async fn start_cursor(&self, source: &str, at: Cursor) -> Result<(), StoreError> {
        self.change_one(async |connection| {
            sqlx::query!(
                "insert into source_cursor (source, next_sequence, by_number_until)
                values ($1, $2, $3) on conflict do nothing",
                source,
                at.next_sequence,
                at.by_number_until
            )
            .execute(connection)
            .await
        })
        .await
    }

    /// Moves the cursor of a source, or lets it stand and notes that it has been read up to there
    /// now. [`StoreError::Fenced`] when it is not at `expected_next`.
    pub async fn move_cursor(
        &self,
        source: &str,
        expected_next: i64,
        to: Cursor,
    ) -> Result<(), StoreError> {
        self.change_one(async |connection| {
            sqlx::query!(
                "update source_cursor set next_sequence = $3, by_number_until = $4, read_at = now()
                where source = $1 and next_sequence = $2",
                source,
                expected_next,
                to.next_sequence,
                to.by_number_until
            )
            .execute(connection)
            .await
        })
        .await
    }

    /// The bulk load that is under way, else the newest one. From the primary.
    pub async fn bulk_load(&self) -> Result<Option<BulkLoad>, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_as!(
                BulkLoad,
                "select from_sequence, job, next_batch, documents_published, finished
                from bulk_load order by finished, started_at desc, job limit 1"
            )
            .fetch_optional(connection)
            .await
        })
        .await
    }

    /// True when an extract that has been loaded begins at this sequence. From the primary.
    pub async fn is_where_a_load_begins(&self, sequence: i64) -> Result<bool, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_scalar!(
                r#"select exists (
                    select from bulk_load where finished and from_sequence = $1
                ) as "begins!""#,
                sequence
            )
            .fetch_one(connection)
            .await
        })
        .await
    }

    /// Records a bulk load that has been ordered. [`StoreError::Fenced`] when one is under way. While
    /// nobody is in the register yet, search is left for the end of the load.
    pub async fn start_bulk_load(&self, from_sequence: i64, job: &str) -> Result<(), StoreError> {
        self.change_one(async |connection| {
            sqlx::query!(
                "with first_load as (
                    update event_counter set search_deferred = true where last_ordinal = 0
                )
                insert into bulk_load (job, from_sequence) values ($1, $2)
                on conflict do nothing",
                job,
                from_sequence
            )
            .execute(connection)
            .await
        })
        .await
    }

    /// Records that batch `batch` with `documents` documents has been published, so that a restart
    /// goes on with the next one. [`StoreError::Fenced`] when another process has already gone past
    /// it.
    pub async fn advance_bulk_load(
        &self,
        job: &str,
        batch: i64,
        documents: i64,
    ) -> Result<(), StoreError> {
        self.change_one(async |connection| {
            sqlx::query!(
                "update bulk_load set next_batch = $2 + 1,
                    documents_published = documents_published + $3
                where job = $1 and next_batch = $2 and not finished",
                job,
                batch,
                documents
            )
            .execute(connection)
            .await
        })
        .await
    }

    /// Records that every batch has been published. [`StoreError::Fenced`] when the load is not
    /// under way.
    pub async fn finish_bulk_load(&self, job: &str) -> Result<(), StoreError> {
        self.change_one(async |connection| {
            sqlx::query!(
                "update bulk_load set finished = true where job = $1 and not finished",
                job
            )
            .execute(connection)
            .await
        })
        .await
    }

    /// A change that must meet exactly one row. Once it has been sent, silence leaves its outcome
    /// unknown.
    async fn change_one(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<PgQueryResult, sqlx::Error>,
    ) -> Result<(), StoreError> {
        let mut lease = Lease::take(&self.inner.primary).await?;
        let done = in_time(self.commit_timeout(), work(lease.connection())).await;
        match done {
            Err(_) => Err(StoreError::CommitUnknown(Fault::Silence)),
            Ok(Err(error)) => Err(StoreError::at_commit(error)),
            Ok(Ok(changed)) => {
                lease.give_back();
                if changed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Fenced) }
            }
        }
    }
}
