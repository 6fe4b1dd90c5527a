//! Lookups: a number or an id leads to a ready answer.

use register::id::PersonId;
use register::package::Package;
use uuid::Uuid;

use crate::blob;
use crate::error::StoreError;
use crate::store::Store;

/// A person as one rights package sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedRow {
    /// The person's id for ever.
    pub id: PersonId,
    /// The number of the person's last event that concerns this package; 0 when there is none.
    pub sequence: i64,
    /// True when a newer document of the person could not be read yet.
    pub stale: bool,
    /// The served form, decompressed; `register::render` reads it.
    pub served: Vec<u8>,
}

struct Row {
    id: Uuid,
    sequence: i64,
    stale: bool,
    served: Vec<u8>,
}

impl Row {
    fn open(self) -> Result<ServedRow, StoreError> {
        Ok(ServedRow {
            id: PersonId(self.id),
            sequence: self.sequence,
            stale: self.stale,
            served: blob::decompress(&self.served)?,
        })
    }
}

struct NumberedRow {
    number: String,
    id: Uuid,
    sequence: i64,
    stale: bool,
    served: Vec<u8>,
}

impl NumberedRow {
    fn open(self) -> Result<(String, ServedRow), StoreError> {
        let NumberedRow { number, id, sequence, stale, served } = self;
        Ok((number, Row { id, sequence, stale, served }.open()?))
    }
}

impl Store {
    /// The person that `number` leads to.
    pub async fn person_by_number(
        &self,
        number: &str,
        package: Package,
    ) -> Result<Option<ServedRow>, StoreError> {
        let found = self.persons_by_numbers(&[number.to_owned()], package).await?;
        Ok(found.into_iter().next().map(|(_, person)| person))
    }

    /// The person with this id.
    pub async fn person_by_id(
        &self,
        id: PersonId,
        package: Package,
    ) -> Result<Option<ServedRow>, StoreError> {
        Ok(self.persons_by_ids(&[id], package).await?.pop())
    }

    /// The persons that `numbers` lead to, each with the number asked for; unknown numbers are
    /// absent. A felles hjelpenummer that has been replaced leads where the new number does, as long
    /// as that leads to somebody. No order.
    pub async fn persons_by_numbers(
        &self,
        numbers: &[String],
        package: Package,
    ) -> Result<Vec<(String, ServedRow)>, StoreError> {
        let full = package == Package::FullAccess;
        let rows = self
            .read(async |connection| {
                sqlx::query_as!(
                    NumberedRow,
                    r#"select n.number, p.id, p.parked as stale,
                        case when $2 then sequence_full else sequence_restricted end as "sequence!",
                        case when $2 then served_full else served_restricted end as "served!"
                    from person_number n
                    left join person_number c on c.number = n.continued_as
                    join person p on p.id = coalesce(c.person_id, n.person_id)
                    where n.number = any($1)"#,
                    numbers,
                    full
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        rows.into_iter().map(NumberedRow::open).collect()
    }

    /// The persons with these ids; unknown ids are absent. No order.
    pub async fn persons_by_ids(
        &self,
        ids: &[PersonId],
        package: Package,
    ) -> Result<Vec<ServedRow>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let full = package == Package::FullAccess;
        let rows = self
            .read(async |connection| {
                sqlx::query_as!(
                    Row,
                    r#"select id, parked as stale,
                        case when $2 then sequence_full else sequence_restricted end as "sequence!",
                        case when $2 then served_full else served_restricted end as "served!"
                    from person where id = any($1)"#,
                    &ids,
                    full
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        rows.into_iter().map(Row::open).collect()
    }
}
