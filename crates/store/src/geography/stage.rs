//! Writing a version: all of it and the move to it in one transaction, so that a load that is
//! killed leaves nothing behind.

use std::fmt::{Display, Write};

use register::geography::{
    Address, Exception, NamedCode, Property, ServedArea, UnitDistrict, Validity,
};
use sqlx::{Connection, PgConnection};

use super::{GeographyRows, SILENCE_LIMIT};
use crate::error::{Fault, StoreError};
use crate::pool::in_time;
use crate::store::Store;

/// What is known of a version before its addresses are written.
pub struct NewGeography<'a> {
    /// The digest of the tables.
    pub digest: &'a str,
    /// Everything but the addresses.
    pub rows: &'a GeographyRows,
    /// Units that lie in a district and that nobody is said to serve.
    pub unserved_units: i64,
    /// What was said of the load, as JSON.
    pub report: &'a str,
}

/// A version that is being written. Dropped before it is made current, it has never been.
pub struct GeographyStage {
    connection: PgConnection,
    version: i64,
    addresses: i64,
    text: String,
}

impl Store {
    /// Deletes every version that nothing needs: not the current one, nor the one before it, nor
    /// those between which persons are being re-rendered. Returns how many.
    ///
    /// # Errors
    /// What every call meets.
    pub async fn delete_old_geographies(&self) -> Result<u64, StoreError> {
        let mut connection = self.geography_connection().await?;
        let deleting = delete_old(&mut connection);
        let deleted = in_time(SILENCE_LIMIT * 5, deleting).await??;
        drop(in_time(SILENCE_LIMIT, connection.close()).await);
        Ok(deleted)
    }

    /// Begins to write a version.
    ///
    /// # Errors
    /// What every call meets.
    pub async fn stage_geography(
        &self,
        new: &NewGeography<'_>,
    ) -> Result<GeographyStage, StoreError> {
        let mut connection = self.geography_connection().await?;
        let version = in_time(SILENCE_LIMIT, begin(&mut connection, new)).await??;
        Ok(GeographyStage { connection, version, addresses: 0, text: String::new() })
    }
}

impl GeographyStage {
    /// Whether the tables have room for the numbers of an address. None that exists is too large.
    pub fn takes(address: &Address) -> bool {
        let fits = |number: u32| i32::try_from(number).is_ok();
        // A letter needs no escape in the text that is sent; what does is no letter.
        let letter = |letter: char| letter.is_alphabetic();
        address.id.is_none_or(|id| i64::try_from(id).is_ok())
            && address.door.is_none_or(|door| {
                fits(door.code) && fits(door.number) && door.letter.is_none_or(letter)
            })
            && address.property.is_none_or(|property| {
                let Property { land, title, leasehold, sub } = property;
                [land, title, leasehold, sub].into_iter().all(fits)
            })
    }

    /// Writes some of the addresses, each of which it takes.
    ///
    /// # Errors
    /// [`StoreError::Batch`] for one that it does not take, and what every call meets.
    pub async fn addresses(&mut self, addresses: &[Address]) -> Result<(), StoreError> {
        self.text.clear();
        for address in addresses {
            if !Self::takes(address) {
                return Err(StoreError::Batch("a number of an address is too large"));
            }
            write_line(&mut self.text, self.version, address);
        }
        let copying = async {
            let mut copy = self.connection.copy_in_raw(COPY).await?;
            copy.send(self.text.as_bytes()).await?;
            copy.finish().await
        };
        in_time(SILENCE_LIMIT, copying).await??;
        self.addresses += addresses.len() as i64;
        Ok(())
    }

    /// Makes this version the current one and ends the transaction. Returns its id.
    ///
    /// # Errors
    /// [`StoreError::CommitUnknown`] when the connection was lost at the end, and what every call
    /// meets.
    pub async fn activate(mut self) -> Result<i64, StoreError> {
        let moving = activate(&mut self.connection, self.version, self.addresses);
        in_time(SILENCE_LIMIT, moving).await??;
        let commit = sqlx::query!("commit").execute(&mut self.connection);
        match in_time(SILENCE_LIMIT, commit).await {
            Err(_) => return Err(StoreError::CommitUnknown(Fault::Silence)),
            Ok(Err(error)) => return Err(StoreError::at_commit(error)),
            Ok(Ok(_)) => {}
        }
        // It is in; a server that does not say good-bye changes nothing.
        drop(in_time(SILENCE_LIMIT, self.connection.close()).await);
        Ok(self.version)
    }
}

const COPY: &str = "copy geography_address (address_id, version, municipality, unit, street_code,
    house_number, land, title, leasehold, sub, house_letter) from stdin";

/// Adds a line in the text format of `copy`. The numbers are those that [`GeographyStage::takes`].
fn write_line(text: &mut String, version: i64, address: &Address) {
    let Address { id, municipality, unit, door, property } = address;
    let numbers = [
        door.map(|door| door.code),
        door.map(|door| door.number),
        property.map(|property| property.land),
        property.map(|property| property.title),
        property.map(|property| property.leasehold),
        property.map(|property| property.sub),
    ];
    push(text, *id);
    let fixed = format_args!("\t{version}\t{}\t{}", municipality.number(), unit.number());
    // A text takes what is written to it.
    let _ = text.write_fmt(fixed);
    for number in numbers {
        text.push('\t');
        push(text, number);
    }
    text.push('\t');
    push(text, door.and_then(|door| door.letter));
    text.push('\n');
}

fn push(text: &mut String, value: Option<impl Display>) {
    let _ = match value {
        Some(value) => write!(text, "{value}"),
        None => text.write_str("\\N"),
    };
}

async fn delete_old(connection: &mut PgConnection) -> Result<u64, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let old = sqlx::query_scalar!(
        "delete from geography_version where not is_current
            and id < (select max(id) from geography_version where not is_current)
            and id not in (select done_version from enrichment where done_version is not null
                union select target_version from enrichment where target_version is not null)
        returning id"
    )
    .fetch_all(&mut *transaction)
    .await?;
    if !old.is_empty() {
        sqlx::query!("delete from geography_address where version = any($1)", &old)
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(old.len() as u64)
}

async fn begin(connection: &mut PgConnection, new: &NewGeography<'_>) -> Result<i64, sqlx::Error> {
    sqlx::query!("begin").execute(&mut *connection).await?;
    let version = sqlx::query_scalar!(
        "insert into geography_version (digest, addresses, unserved_units, report)
        values ($1, 0, $2, ($3::text)::json) returning id",
        new.digest,
        new.unserved_units,
        new.report
    )
    .fetch_one(&mut *connection)
    .await?;
    let rows = new.rows;
    insert_areas(connection, version, "county", &rows.counties).await?;
    insert_areas(connection, version, "municipality", &rows.municipalities).await?;
    insert_areas(connection, version, "unit", &rows.units).await?;
    insert_areas(connection, version, "district", &rows.districts).await?;
    insert_unit_districts(connection, version, &rows.unit_districts).await?;
    insert_exceptions(connection, version, &rows.exceptions).await?;
    Ok(version)
}

/// The first days and the ends of some rows, as Postgres reads them.
fn days(rows: impl Iterator<Item = Validity>) -> (Vec<String>, Vec<Option<String>>) {
    rows.map(|valid| {
        let Validity { from, to } = valid;
        (from.date().to_string(), to.map(|to| to.date().to_string()))
    })
    .unzip()
}

/// A code as its column has it.
fn column(code: u32) -> i32 {
    // Codes have at most eight digits.
    code.cast_signed()
}

async fn insert_areas<const DIGITS: u32>(
    connection: &mut PgConnection,
    version: i64,
    kind: &str,
    rows: &[NamedCode<DIGITS>],
) -> Result<(), sqlx::Error> {
    let codes: Vec<i32> = rows.iter().map(|row| column(row.code.number())).collect();
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let (from, to) = days(rows.iter().map(|row| row.valid));
    sqlx::query!(
        r#"insert into geography_area (version, kind, code, name, valid_from, valid_to)
        select $1, $2, code, name, valid_from::date, valid_to::date
        from unnest($3::int[], $4::text[], $5::text[], $6::text[])
            as given (code, name, valid_from, valid_to)"#,
        version,
        kind,
        &codes,
        &names,
        &from,
        &to as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_unit_districts(
    connection: &mut PgConnection,
    version: i64,
    rows: &[UnitDistrict],
) -> Result<(), sqlx::Error> {
    let units: Vec<i32> = rows.iter().map(|row| column(row.unit.number())).collect();
    let districts: Vec<i32> = rows.iter().map(|row| column(row.district.number())).collect();
    let (from, to) = days(rows.iter().map(|row| row.valid));
    sqlx::query!(
        r#"insert into geography_unit_district (version, unit, district, valid_from, valid_to)
        select $1, unit, district, valid_from::date, valid_to::date
        from unnest($2::int[], $3::int[], $4::text[], $5::text[])
            as given (unit, district, valid_from, valid_to)"#,
        version,
        &units,
        &districts,
        &from,
        &to as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_exceptions(
    connection: &mut PgConnection,
    version: i64,
    rows: &[Exception],
) -> Result<(), sqlx::Error> {
    let area = |row: &Exception| match row.area {
        ServedArea::Unit(unit) => ("unit".to_owned(), column(unit.number())),
        ServedArea::District(district) => ("district".to_owned(), column(district.number())),
    };
    let (kinds, codes): (Vec<String>, Vec<i32>) = rows.iter().map(area).unzip();
    let served_by: Vec<Option<i32>> =
        rows.iter().map(|row| row.served_by.map(|code| column(code.number()))).collect();
    let (from, to) = days(rows.iter().map(|row| row.valid));
    sqlx::query!(
        r#"insert into geography_exception (version, kind, code, served_by, valid_from, valid_to)
        select $1, kind, code, served_by, valid_from::date, valid_to::date
        from unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::text[])
            as given (kind, code, served_by, valid_from, valid_to)"#,
        version,
        &kinds,
        &codes,
        &served_by as &[Option<i32>],
        &from,
        &to as &[Option<String>]
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn activate(
    connection: &mut PgConnection,
    version: i64,
    addresses: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!("update geography_version set is_current = false where is_current")
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update geography_version set is_current = true, addresses = $2 where id = $1",
        version,
        addresses
    )
    .execute(connection)
    .await?;
    Ok(())
}
