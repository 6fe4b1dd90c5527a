//! The tables of geography, by version: what is current, and what a version holds.
//!
//! A version is written once (`stage`) and read whole (`read`). Which rows make sense together is
//! not decided here.

mod read;
mod stage;

use std::time::{Duration, SystemTime};

use register::geography::{Builder, Exception, NamedCode, UnitDistrict};
use sqlx::{ConnectOptions, PgConnection};

use crate::config::StoreConfig;
use crate::error::StoreError;
use crate::metrics;
use crate::pool::{Purpose, connect_options, in_time};
use crate::store::Store;

pub use stage::{GeographyStage, NewGeography};

/// How long the server may be silent while a version is written or read.
const SILENCE_LIMIT: Duration = Duration::from_secs(60);

/// A version of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeographyVersion {
    /// Its id, which no other version gets.
    pub id: i64,
    /// The digest of what it holds: equal for equal tables.
    pub digest: String,
    /// When it was loaded.
    pub loaded_at: SystemTime,
    /// When the sources were last seen to say this.
    pub checked_at: SystemTime,
    /// Addresses in it.
    pub addresses: i64,
    /// Units that lie in a district and that nobody was said to serve, when it was loaded.
    pub unserved_units: i64,
}

/// Every row of a version but its addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeographyRows {
    /// Counties' names.
    pub counties: Vec<NamedCode<2>>,
    /// Municipalities' names.
    pub municipalities: Vec<NamedCode<4>>,
    /// Units' names.
    pub units: Vec<NamedCode<8>>,
    /// Districts' names.
    pub districts: Vec<NamedCode<6>>,
    /// Which district units lie in.
    pub unit_districts: Vec<UnitDistrict>,
    /// Who gives services where the district does not.
    pub exceptions: Vec<Exception>,
}

impl GeographyRows {
    /// Gives every row to a builder.
    pub fn add_to(self, builder: &mut Builder) {
        self.counties.into_iter().for_each(|row| builder.county(row));
        self.municipalities.into_iter().for_each(|row| builder.municipality(row));
        self.units.into_iter().for_each(|row| builder.unit(row));
        self.districts.into_iter().for_each(|row| builder.district(row));
        self.unit_districts.into_iter().for_each(|row| builder.unit_district(row));
        self.exceptions.into_iter().for_each(|row| builder.exception(row));
    }
}

struct VersionRow {
    id: i64,
    digest: String,
    loaded_s: f64,
    checked_s: f64,
    addresses: i64,
    unserved_units: i64,
}

impl From<VersionRow> for GeographyVersion {
    fn from(row: VersionRow) -> Self {
        let instant = |s: f64| SystemTime::UNIX_EPOCH + Duration::from_secs_f64(s.max(0.0));
        Self {
            id: row.id,
            digest: row.digest,
            loaded_at: instant(row.loaded_s),
            checked_at: instant(row.checked_s),
            addresses: row.addresses,
            unserved_units: row.unserved_units,
        }
    }
}

/// The current version; none before the first load.
pub(crate) async fn current(
    connection: &mut PgConnection,
) -> Result<Option<GeographyVersion>, sqlx::Error> {
    let row = sqlx::query_as!(
        VersionRow,
        r#"select id, digest, extract(epoch from loaded_at)::float8 as "loaded_s!",
            extract(epoch from checked_at)::float8 as "checked_s!", addresses, unserved_units
        from geography_version where is_current"#
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Into::into))
}

impl Store {
    /// The current version of the geography; none before the first load. From the primary.
    ///
    /// # Errors
    /// What every call on the primary meets.
    pub async fn current_geography(&self) -> Result<Option<GeographyVersion>, StoreError> {
        let current = self.on_primary(current).await?;
        current.iter().for_each(metrics::geography);
        Ok(current)
    }

    /// Notes that the sources still say what the version says.
    ///
    /// # Errors
    /// What every call on the primary meets.
    pub async fn geography_checked(&self, version: i64) -> Result<(), StoreError> {
        self.on_primary(async |connection| {
            sqlx::query!("update geography_version set checked_at = now() where id = $1", version)
                .execute(connection)
                .await
        })
        .await?;
        Ok(())
    }

    /// A connection of its own: the statements that write or read millions of rows take longer than
    /// those of the pools may, and are given up when the server falls silent.
    async fn geography_connection(&self) -> Result<PgConnection, StoreError> {
        let config = StoreConfig { commit_timeout_ms: 0, ..self.inner.config.clone() };
        let options = connect_options(&config, &config.url, Purpose::Write)?;
        Ok(in_time(config.connect_timeout(), options.connect()).await??)
    }
}
