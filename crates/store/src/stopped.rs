//! Work of ingest that has ended for good, and what an operator let it go past.

use sqlx::Connection;

use crate::cursor::Cursor;
use crate::error::StoreError;
use crate::pool::{Lease, in_time};
use crate::store::Store;

/// How applying goes past records that are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    /// Their topic.
    pub topic: String,
    /// The partitions that move.
    pub partitions: Vec<PassedPartition>,
    /// A source whose feed is collected again: its name, where its cursor is, and where it goes.
    pub collect_again: Option<(&'static str, Cursor, Cursor)>,
    /// The operator's words.
    pub reason: String,
}

/// How far a partition moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedPartition {
    /// The partition.
    pub partition: i32,
    /// The offset that came next.
    pub from: i64,
    /// The offset that comes next from now on.
    pub to: i64,
}

impl Store {
    /// Notes that a task has ended for good, for whoever asks. Of the same kind of fault the time of
    /// the first one stays.
    pub async fn note_stopped(
        &self,
        task: &str,
        reason: &str,
        message: &str,
    ) -> Result<(), StoreError> {
        self.on_primary(async |connection| {
            sqlx::query!(
                "insert into stopped_work (task, reason, message) values ($1, $2, $3)
                on conflict (task) do update set reason = $2, message = $3,
                    since = case when stopped_work.reason = $2 then stopped_work.since
                        else now() end",
                task,
                reason,
                message
            )
            .execute(connection)
            .await?;
            Ok(())
        })
        .await
    }

    /// Notes that a task goes on.
    pub async fn note_going(&self, task: &str) -> Result<(), StoreError> {
        self.on_primary(async |connection| {
            sqlx::query!("delete from stopped_work where task = $1", task)
                .execute(connection)
                .await?;
            Ok(())
        })
        .await
    }

    /// Moves positions past records that are gone and keeps a record of it, whole or not at all.
    /// [`StoreError::Fenced`] when a position or the cursor is not where it was.
    pub async fn pass_over(&self, passing: &Passing) -> Result<(), StoreError> {
        let limit = self.commit_timeout();
        let mut lease = Lease::take(&self.inner.primary).await?;
        let mut transaction = in_time(limit, lease.connection().begin()).await??;
        in_time(limit, write(&mut transaction, passing)).await??;
        in_time(limit, transaction.commit()).await??;
        lease.give_back();
        Ok(())
    }
}

async fn write(connection: &mut sqlx::PgConnection, passing: &Passing) -> Result<(), StoreError> {
    let Passing { topic, partitions, collect_again, reason } = passing;
    let again_from = collect_again.as_ref().map(|(_, _, to)| to.next_sequence);
    for PassedPartition { partition, from, to } in partitions {
        let moved = sqlx::query!(
            "with moved as (
                update position set next_offset = $4
                where topic = $1 and partition = $2 and next_offset = $3
                returning topic, partition
            )
            insert into passed_over
                (topic, partition, from_offset, to_offset, collected_again_from, reason)
            select topic, partition, $3, $4, $5::bigint, $6::text from moved",
            topic,
            partition,
            from,
            to,
            again_from,
            reason
        )
        .execute(&mut *connection)
        .await?;
        if moved.rows_affected() == 0 {
            return Err(StoreError::Fenced);
        }
    }
    if let Some((source, at, to)) = collect_again {
        let moved = sqlx::query!(
            "update source_cursor set next_sequence = $3, by_number_until = $4
            where source = $1 and next_sequence = $2",
            source,
            at.next_sequence,
            to.next_sequence,
            to.by_number_until
        )
        .execute(connection)
        .await?;
        if moved.rows_affected() == 0 {
            return Err(StoreError::Fenced);
        }
    }
    Ok(())
}
