//! How far the topics have been applied.

use crate::error::StoreError;
use crate::store::Store;

/// How far one partition has been applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// The offset of the next record to apply.
    pub next_offset: i64,
    /// The source's sequence of the last record applied, when it named one.
    pub last_sequence: Option<i64>,
}

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Persons, stubs included.
    pub persons: i64,
    /// The number of the last event.
    pub last_sequence: i64,
    /// Records in the park.
    pub parked: i64,
    /// True while nobody is found by a search: see [`Store::build_search`].
    pub search_deferred: bool,
}

impl Store {
    /// Every position. From the primary.
    pub async fn positions(&self) -> Result<Vec<Position>, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_as!(
                Position,
                "select topic, partition, next_offset, last_sequence from position
                order by topic, partition"
            )
            .fetch_all(connection)
            .await
        })
        .await
    }

    /// Makes sure that a partition has a position; a new one starts at `next_offset`. Returns what
    /// holds.
    pub async fn ensure_position(
        &self,
        topic: &str,
        partition: i32,
        next_offset: i64,
    ) -> Result<Position, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query!(
                "insert into position (topic, partition, next_offset) values ($1, $2, $3)
                on conflict do nothing",
                topic,
                partition,
                next_offset
            )
            .execute(&mut *connection)
            .await?;
            sqlx::query_as!(
                Position,
                "select topic, partition, next_offset, last_sequence from position
                where topic = $1 and partition = $2",
                topic,
                partition
            )
            .fetch_one(connection)
            .await
        })
        .await
    }

    /// Counts, without reading the tables they count. From the primary.
    pub async fn totals(&self) -> Result<Totals, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_as!(
                Totals,
                r#"select last_ordinal as persons, last_sequence,
                    (select count(*) from parked) as "parked!", search_deferred
                from event_counter"#
            )
            .fetch_one(connection)
            .await
        })
        .await
    }

    /// Lets the numbers of events go on after `last`, and records that those in between are never
    /// given out. Returns the number that was the last before; none when there are later ones than
    /// `last` already, and then nothing is changed.
    pub async fn continue_events_after(&self, last: i64) -> Result<Option<i64>, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_scalar!(
                "with before as (select last_sequence from event_counter for update),
                gap as (
                    insert into event_gap (first_sequence, last_sequence)
                    select last_sequence + 1, $1 from before where last_sequence < $1
                )
                update event_counter set last_sequence = $1 from before
                where before.last_sequence <= $1 returning before.last_sequence",
                last
            )
            .fetch_optional(connection)
            .await
        })
        .await
    }
}
