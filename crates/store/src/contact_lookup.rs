//! Whose contact details nobody has brought yet.

use register::id::IdentityNumber;

use crate::error::StoreError;
use crate::store::Store;

/// A step through the persons, in the order of their ordinals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactGaps {
    /// The numbers in use that nothing is stored about.
    pub numbers: Vec<IdentityNumber>,
    /// Where the next step begins; where this one began when there is nobody further on.
    pub next_ordinal: i64,
}

impl Store {
    /// The primary numbers of living entries of the population register without contact details, from an ordinal on: at most
    /// `numbers_max` of them, among at most `persons_max` persons. From the primary.
    pub async fn contact_gaps(
        &self,
        from_ordinal: i64,
        persons_max: i64,
        numbers_max: i64,
    ) -> Result<ContactGaps, StoreError> {
        let (end, rows) = self
            .on_primary(async |connection| {
                // Read before the persons: those up to here have been committed with it.
                let last_ordinal = sqlx::query_scalar!("select last_ordinal from event_counter")
                    .fetch_one(&mut *connection)
                    .await?;
                let end = last_ordinal.min(from_ordinal.saturating_add(persons_max - 1));
                let rows = sqlx::query!(
                    "select ordinal, primary_number from person
                    where ordinal between $1 and $2 and not stub and freg_ordinal is not null
                        and not exists (select from contact where number = primary_number)
                    order by ordinal limit $3",
                    from_ordinal,
                    end,
                    numbers_max
                )
                .fetch_all(connection)
                .await?;
                Ok((end, rows))
            })
            .await?;
        let is_full = rows.len() as i64 >= numbers_max;
        let last = rows.last().filter(|_| is_full).map_or(end, |row| row.ordinal);
        let numbers = rows.into_iter().map(|row| IdentityNumber::new(row.primary_number));
        Ok(ContactGaps { numbers: numbers.collect(), next_ordinal: from_ordinal.max(last + 1) })
    }
}
