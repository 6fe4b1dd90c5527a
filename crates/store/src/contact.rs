//! What the register of contact details says of a number, as it was sealed.

use register::id::{IdentityNumber, PersonId};
use register::time::Instant;
use uuid::Uuid;

use crate::error::StoreError;
use crate::store::Store;

/// What the register of contact details says of a number, as the last commit left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredContact {
    /// The number.
    pub number: IdentityNumber,
    /// The change that it is at least as new as.
    pub as_of: i64,
    /// The sealed bytes that [`crate::ContactWrite`] stored.
    pub sealed: Vec<u8>,
    /// When the passing of time ends the leave to send notices; nothing for who has no such leave,
    /// or has been told that it has ended.
    pub flips_at: Option<Instant>,
}

struct Row {
    number: String,
    as_of: i64,
    sealed: Vec<u8>,
    flips_at_us: Option<i64>,
}

impl From<Row> for StoredContact {
    fn from(row: Row) -> StoredContact {
        let Row { number, as_of, sealed, flips_at_us } = row;
        let flips_at = flips_at_us.and_then(Instant::from_microseconds);
        StoredContact { number: IdentityNumber::new(number), as_of, sealed, flips_at }
    }
}

impl Store {
    /// What is known of `numbers`; unknown ones are absent. From the primary.
    pub async fn contacts(&self, numbers: &[&str]) -> Result<Vec<StoredContact>, StoreError> {
        let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
        let rows = self
            .on_primary(async |connection| {
                sqlx::query_as!(
                    Row,
                    r#"select number, as_of, sealed,
                        (extract(epoch from flips_at) * 1000000)::bigint as flips_at_us
                    from contact where number = any($1)"#,
                    &numbers
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(rows.into_iter().map(StoredContact::from).collect())
    }

    /// The first `limit` numbers whose leave to send notices has ended by `now` without anybody
    /// having been told. From the primary.
    pub async fn due_contacts(
        &self,
        now: Instant,
        limit: i64,
    ) -> Result<Vec<IdentityNumber>, StoreError> {
        let micros = now.timestamp().as_microsecond();
        let numbers = self
            .on_primary(async |connection| {
                sqlx::query_scalar!(
                    "select number from contact
                    where flips_at <= timestamptz 'epoch' + $1 * interval '1 microsecond'
                    order by flips_at limit $2",
                    micros as f64,
                    limit
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(numbers.into_iter().map(IdentityNumber::new).collect())
    }

    /// The persons, no stubs, whose primary number is among `numbers`. From the primary.
    pub async fn holders(&self, numbers: &[&str]) -> Result<Vec<PersonId>, StoreError> {
        let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
        let ids: Vec<Uuid> = self
            .on_primary(async |connection| {
                sqlx::query_scalar!(
                    "select id from person where not stub and primary_number = any($1)",
                    &numbers
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(ids.into_iter().map(PersonId).collect())
    }
}
