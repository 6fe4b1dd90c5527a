//! Reading a version whole, as it stood at one moment.

use futures_util::TryStreamExt;
use register::geography::{
    Address, Code, Door, Exception, NamedCode, Property, ServedArea, UnitDistrict, Validity,
};
use register::time::Day;
use sqlx::{Connection, PgConnection};

use super::{GeographyRows, SILENCE_LIMIT};
use crate::error::StoreError;
use crate::pool::in_time;
use crate::store::Store;

impl Store {
    /// Reads a version: gives out every address, and returns the other rows. None where there is no
    /// such version (any more). From the primary.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] for a row that no version of ours has written, and what every call
    /// meets.
    pub async fn read_geography(
        &self,
        version: i64,
        address: impl FnMut(Address),
    ) -> Result<Option<GeographyRows>, StoreError> {
        let mut connection = self.geography_connection().await?;
        sqlx::query!("begin isolation level repeatable read read only")
            .execute(&mut connection)
            .await?;
        let exists = sqlx::query_scalar!("select id from geography_version where id = $1", version);
        if in_time(SILENCE_LIMIT, exists.fetch_optional(&mut connection)).await??.is_none() {
            return Ok(None);
        }
        let mut rows = GeographyRows::default();
        in_time(SILENCE_LIMIT, areas(&mut connection, version, &mut rows)).await??;
        rows.unit_districts =
            in_time(SILENCE_LIMIT, unit_districts(&mut connection, version)).await??;
        rows.exceptions = in_time(SILENCE_LIMIT, exceptions(&mut connection, version)).await??;
        addresses(&mut connection, version, address).await?;
        drop(in_time(SILENCE_LIMIT, connection.close()).await);
        Ok(Some(rows))
    }
}

const UNKNOWN: StoreError = StoreError::Unknown("row of geography");

fn code<const DIGITS: u32>(number: i32) -> Result<Code<DIGITS>, StoreError> {
    u32::try_from(number).ok().and_then(Code::from_number).ok_or(UNKNOWN)
}

fn validity(from: &str, to: Option<&str>) -> Result<Validity, StoreError> {
    let day = |text: &str| Day::parse(text).map_err(|_| UNKNOWN);
    Ok(Validity { from: day(from)?, to: to.map(day).transpose()? })
}

async fn areas(
    connection: &mut PgConnection,
    version: i64,
    into: &mut GeographyRows,
) -> Result<(), StoreError> {
    fn named<const DIGITS: u32>(
        into: &mut Vec<NamedCode<DIGITS>>,
        number: i32,
        name: String,
        valid: Validity,
    ) -> Result<(), StoreError> {
        into.push(NamedCode { code: code(number)?, name, valid });
        Ok(())
    }
    let rows = sqlx::query!(
        r#"select kind, code, name, to_char(valid_from, 'YYYY-MM-DD') as "valid_from!",
            to_char(valid_to, 'YYYY-MM-DD') as valid_to
        from geography_area where version = $1"#,
        version
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let valid = validity(&row.valid_from, row.valid_to.as_deref())?;
        match row.kind.as_str() {
            "county" => named(&mut into.counties, row.code, row.name, valid)?,
            "municipality" => named(&mut into.municipalities, row.code, row.name, valid)?,
            "unit" => named(&mut into.units, row.code, row.name, valid)?,
            "district" => named(&mut into.districts, row.code, row.name, valid)?,
            _ => return Err(UNKNOWN),
        }
    }
    Ok(())
}

async fn unit_districts(
    connection: &mut PgConnection,
    version: i64,
) -> Result<Vec<UnitDistrict>, StoreError> {
    let rows = sqlx::query!(
        r#"select unit, district, to_char(valid_from, 'YYYY-MM-DD') as "valid_from!",
            to_char(valid_to, 'YYYY-MM-DD') as valid_to
        from geography_unit_district where version = $1"#,
        version
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(UnitDistrict {
                unit: code(row.unit)?,
                district: code(row.district)?,
                valid: validity(&row.valid_from, row.valid_to.as_deref())?,
            })
        })
        .collect()
}

async fn exceptions(
    connection: &mut PgConnection,
    version: i64,
) -> Result<Vec<Exception>, StoreError> {
    let rows = sqlx::query!(
        r#"select kind, code, served_by, to_char(valid_from, 'YYYY-MM-DD') as "valid_from!",
            to_char(valid_to, 'YYYY-MM-DD') as valid_to
        from geography_exception where version = $1"#,
        version
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Exception {
                area: match row.kind.as_str() {
                    "unit" => ServedArea::Unit(code(row.code)?),
                    "district" => ServedArea::District(code(row.code)?),
                    _ => return Err(UNKNOWN),
                },
                served_by: row.served_by.map(code).transpose()?,
                valid: validity(&row.valid_from, row.valid_to.as_deref())?,
            })
        })
        .collect()
}

struct AddressRow {
    address_id: Option<i64>,
    municipality: i32,
    unit: i32,
    street_code: Option<i32>,
    house_number: Option<i32>,
    land: Option<i32>,
    title: Option<i32>,
    leasehold: Option<i32>,
    sub: Option<i32>,
    house_letter: Option<String>,
}

/// Streamed: the country's addresses are never in memory as rows.
async fn addresses(
    connection: &mut PgConnection,
    version: i64,
    mut give: impl FnMut(Address),
) -> Result<(), StoreError> {
    let mut rows = sqlx::query_as!(
        AddressRow,
        "select address_id, municipality, unit, street_code, house_number, land, title, leasehold,
            sub, house_letter
        from geography_address where version = $1",
        version
    )
    .fetch(connection);
    while let Some(row) = in_time(SILENCE_LIMIT, rows.try_next()).await?? {
        give(address(row)?);
    }
    Ok(())
}

fn address(row: AddressRow) -> Result<Address, StoreError> {
    let number = i32::cast_unsigned;
    let letter = row.house_letter.and_then(|letter| letter.chars().next());
    let door = row.street_code.zip(row.house_number).map(|(code, at)| Door {
        code: number(code),
        number: number(at),
        letter,
    });
    let property = row.land.zip(row.title).map(|(land, title)| Property {
        land: number(land),
        title: number(title),
        leasehold: row.leasehold.map_or(0, number),
        sub: row.sub.map_or(0, number),
    });
    Ok(Address {
        id: row.address_id.map(i64::cast_unsigned),
        municipality: code(row.municipality)?,
        door,
        property,
        unit: code(row.unit)?,
    })
}
