//! The park: records that could not be applied, kept until they can.

use register::id::IdentityNumber;

use crate::error::StoreError;
use crate::store::Store;

impl Store {
    /// Which of `numbers` have a parked record of a person that is not known. What follows such a
    /// record waits behind it. From the primary.
    pub async fn parked_numbers(
        &self,
        numbers: &[&str],
    ) -> Result<Vec<IdentityNumber>, StoreError> {
        let numbers: Vec<String> = numbers.iter().map(|&number| number.to_owned()).collect();
        let rows = self
            .on_primary(async |connection| {
                sqlx::query_scalar!(
                    r#"select distinct number as "number!" from parked
                    where person_id is null and number = any($1)"#,
                    &numbers
                )
                .fetch_all(connection)
                .await
            })
            .await?;
        Ok(rows.into_iter().map(IdentityNumber::new).collect())
    }
}
