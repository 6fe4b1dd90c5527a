//! The statements of a batch that concern contact details.

use register::id::IdentityNumber;
use sqlx::PgConnection;

use crate::batch::ContactWrite;
use crate::error::StoreError;

/// An older word on a number never wins.
pub(super) async fn write(
    connection: &mut PgConnection,
    writes: &[ContactWrite],
) -> Result<(), StoreError> {
    if writes.is_empty() {
        return Ok(());
    }
    let numbers: Vec<&str> = writes.iter().map(|write| write.number.as_str()).collect();
    let as_of: Vec<i64> = writes.iter().map(|write| write.as_of).collect();
    let sealed: Vec<&[u8]> = writes.iter().map(|write| write.sealed.as_slice()).collect();
    let micros = |write: &ContactWrite| Some(write.flips_at?.timestamp().as_microsecond());
    let flips_at: Vec<Option<i64>> = writes.iter().map(micros).collect();
    sqlx::query!(
        "insert into contact as c (number, as_of, sealed, flips_at)
        select number, as_of, sealed, timestamptz 'epoch' + micros * interval '1 microsecond'
        from unnest($1::text[], $2::bigint[], $3::bytea[], $4::bigint[])
            as u(number, as_of, sealed, micros)
        on conflict (number) do update set as_of = excluded.as_of, sealed = excluded.sealed,
            flips_at = excluded.flips_at
        where c.as_of <= excluded.as_of",
        &numbers as &[&str],
        &as_of,
        &sealed as &[&[u8]],
        &flips_at as &[Option<i64>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// From here on time changes nothing for these numbers.
pub(super) async fn flip(
    connection: &mut PgConnection,
    numbers: &[IdentityNumber],
) -> Result<(), StoreError> {
    if numbers.is_empty() {
        return Ok(());
    }
    let numbers: Vec<&str> = numbers.iter().map(IdentityNumber::as_str).collect();
    sqlx::query!("update contact set flips_at = null where number = any($1)", &numbers as &[&str])
        .execute(connection)
        .await?;
    Ok(())
}
