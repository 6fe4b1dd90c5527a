//! The park: records that could not be applied, kept until they can or until somebody leaves them
//! out.

use std::time::Duration;

use register::id::{IdentityNumber, PersonId};
use uuid::Uuid;

use crate::batch::ParkReason;
use crate::error::StoreError;
use crate::store::Store;

/// A record in the park, as an operator is shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedEntry {
    /// Its name in the park.
    pub id: i64,
    /// The person, when it is known.
    pub person_id: Option<PersonId>,
    /// The number it came with, if any.
    pub number: Option<IdentityNumber>,
    /// Where the record lay in Kafka: topic, partition and offset.
    pub place: (String, i32, i64),
    /// The source's number of it.
    pub source_sequence: Option<i64>,
    /// Why it is parked.
    pub reason: ParkReason,
    /// For how long.
    pub age: Duration,
    /// How often it has been tried again without success.
    pub attempts: i32,
    /// What has been decided about it and is not done yet.
    pub decision: Option<ParkDecision>,
}

/// A record in the park, to be tried again.
#[derive(Clone, Debug)]
pub struct ParkedRecord {
    /// Its name in the park.
    pub id: i64,
    /// The person, when it was known.
    pub person_id: Option<PersonId>,
    /// The number it came with, if any.
    pub number: Option<IdentityNumber>,
    /// Where the record lay in Kafka: topic, partition and offset.
    pub place: (String, i32, i64),
    /// The source's number of it: an event has one, a document of an extract none.
    pub source_sequence: Option<i64>,
    /// True when it is to be left out.
    pub skip: bool,
    /// The sealed bytes that [`crate::ParkedWrite`] stored.
    pub sealed: Vec<u8>,
}

/// What an operator has decided about a record. The numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParkDecision {
    /// Try it again, with all that waits for the same person.
    Retry = 1,
    /// Leave it out.
    Skip = 2,
}

/// Which records of the park are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParkSelection {
    /// All of them.
    All,
    /// Those with these names.
    Ids(Vec<i64>),
}

impl ParkSelection {
    fn ids(&self) -> Option<&[i64]> {
        match self {
            Self::All => None,
            Self::Ids(ids) => Some(ids),
        }
    }
}

struct RecordRow {
    id: i64,
    person_id: Option<Uuid>,
    number: Option<String>,
    topic: String,
    partition: i32,
    record_offset: i64,
    source_sequence: Option<i64>,
    skip: bool,
    sealed: Vec<u8>,
}

impl RecordRow {
    fn read(self) -> ParkedRecord {
        ParkedRecord {
            id: self.id,
            person_id: self.person_id.map(PersonId),
            number: self.number.map(IdentityNumber::new),
            place: (self.topic, self.partition, self.record_offset),
            source_sequence: self.source_sequence,
            skip: self.skip,
            sealed: self.sealed,
        }
    }
}

impl Store {
    /// Which of `numbers` a parked record came with. What follows it waits behind it. From the
    /// primary.
    pub async fn parked_numbers(
        &self,
        numbers: &[&str],
    ) -> Result<Vec<IdentityNumber>, StoreError> {
        let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
        let rows = self
            .on_primary(async |connection| {
                sqlx::query_scalar!(
                    r#"select distinct number as "number!" from parked
                    where number = any($1)"#,
                    &numbers
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(rows.into_iter().map(IdentityNumber::new).collect())
    }

    /// Up to `limit` records of the park with a name after `after`, in order. From the primary.
    pub async fn parked(&self, after: i64, limit: i64) -> Result<Vec<ParkedEntry>, StoreError> {
        let rows = self
            .on_primary(async |connection| {
                sqlx::query!(
                    r#"select id, person_id, number, topic, partition, record_offset,
                        source_sequence, reason, attempts, decision,
                        extract(epoch from clock_timestamp() - parked_at)::float8 as "age_s!"
                    from parked where id > $1 order by id limit $2"#,
                    after,
                    limit
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        let entries = rows.into_iter().map(|row| {
            Ok(ParkedEntry {
                id: row.id,
                person_id: row.person_id.map(PersonId),
                number: row.number.map(IdentityNumber::new),
                place: (row.topic, row.partition, row.record_offset),
                source_sequence: row.source_sequence,
                reason: ParkReason::from_code(row.reason)
                    .ok_or(StoreError::Unknown("reason for parking"))?,
                age: Duration::from_secs_f64(row.age_s.max(0.0)),
                attempts: row.attempts,
                decision: match row.decision {
                    None => None,
                    Some(1) => Some(ParkDecision::Retry),
                    Some(2) => Some(ParkDecision::Skip),
                    Some(_) => return Err(StoreError::Unknown("decision about a parked record")),
                },
            })
        });
        entries.collect()
    }

    /// Notes that the selected records are to be tried again, and returns their names; the writer
    /// does it. What has been decided before stays.
    pub async fn retry_parked(&self, selection: &ParkSelection) -> Result<Vec<i64>, StoreError> {
        let ids = selection.ids();
        self.on_primary(async |connection| {
            sqlx::query_scalar!(
                "update parked set decision = coalesce(decision, 1)
                where $1::bigint[] is null or id = any($1) returning id",
                ids
            )
            .fetch_all(connection)
            .await
        })
        .await
    }

    /// Notes that the selected records are to be left out, and why, and returns their names; the
    /// writer does it, and tries again what waits behind them.
    pub async fn skip_parked(&self, ids: &[i64], why: &str) -> Result<Vec<i64>, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_scalar!(
                "update parked set decision = 2, decision_reason = $2
                where id = any($1) returning id",
                ids,
                why
            )
            .fetch_all(connection)
            .await
        })
        .await
    }

    /// Which of these records are still in the park, and whether something is still to be done
    /// about them. From the primary.
    pub async fn still_parked(&self, ids: &[i64]) -> Result<Vec<(i64, bool)>, StoreError> {
        let rows = self
            .on_primary(async |connection| {
                sqlx::query!(
                    r#"select id, decision is not null as "decided!" from parked
                    where id = any($1) order by id"#,
                    ids
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.decided)).collect())
    }

    /// The oldest records, up to `limit`, about which something is decided. From the primary.
    pub async fn decided_parked(&self, limit: i64) -> Result<Vec<i64>, StoreError> {
        self.on_primary(async |connection| {
            sqlx::query_scalar!(
                "select id from parked where decision is not null order by id limit $1",
                limit
            )
            .fetch_all(connection)
            .await
        })
        .await
    }

    /// The records with these names and those of these persons and numbers, with everything that
    /// waits for the same persons or numbers: in the order in which they were parked. From the
    /// primary.
    pub async fn parked_together(
        &self,
        ids: &[i64],
        persons: &[PersonId],
        numbers: &[&str],
    ) -> Result<Vec<ParkedRecord>, StoreError> {
        let persons: Vec<Uuid> = persons.iter().map(|id| id.0).collect();
        let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
        let rows = self
            .on_primary(async |connection| {
                sqlx::query_as!(
                    RecordRow,
                    r#"with recursive chosen as (
                        select id, person_id, number from parked
                        where id = any($1) or person_id = any($2) or number = any($3)
                        union
                        select p.id, p.person_id, p.number from parked p join chosen c
                            on p.person_id = c.person_id or p.number = c.number
                    )
                    select id, person_id, number, topic, partition, record_offset, source_sequence,
                        decision is not distinct from 2 as "skip!", sealed
                    from parked where id in (select id from chosen) order by id"#,
                    ids,
                    &persons,
                    &numbers
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(rows.into_iter().map(RecordRow::read).collect())
    }

    /// The records with these names. From the primary.
    pub async fn parked_records(&self, ids: &[i64]) -> Result<Vec<ParkedRecord>, StoreError> {
        let rows = self
            .on_primary(async |connection| {
                sqlx::query_as!(
                    RecordRow,
                    r#"select id, person_id, number, topic, partition, record_offset,
                        source_sequence, decision is not distinct from 2 as "skip!", sealed
                    from parked where id = any($1) order by id"#,
                    ids
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(rows.into_iter().map(RecordRow::read).collect())
    }

    /// Puts another content in the place of a parked record's, unless somebody has done so since it
    /// was read: `before` is what it was. False when it is not as it was.
    pub async fn replace_parked(
        &self,
        id: i64,
        before: &[u8],
        sealed: &[u8],
    ) -> Result<bool, StoreError> {
        self.on_primary(async |connection| {
            let replaced = sqlx::query!(
                "update parked set sealed = $3 where id = $1 and sealed = $2",
                id,
                before,
                sealed
            )
            .execute(connection)
            .await?;
            Ok(replaced.rows_affected() == 1)
        })
        .await
    }
}
