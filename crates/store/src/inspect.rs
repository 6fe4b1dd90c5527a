//! What one Postgres server says of itself and of our tables: plain questions to that server alone,
//! past the pools, which would hide which server answered. It reads and never writes.

mod work;

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use sqlx::migrate::Migrate;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::config::Secret;
use crate::geography::GeographyVersion;
use crate::store::MIGRATOR;

pub use work::{Holder, LastRun, ParkKind, StoppedWork, Work};

/// How long a connection may take to open.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// How long one question may take, told to the server.
const STATEMENT_LIMIT_MS: &str = "5000";
/// Below this number of persons all are looked at; above, as many by chance.
const PERSONS_LOOKED_AT: f64 = 20_000.0;

/// Why a server cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// Nothing is configured.
    #[error("no address is set")]
    NoAddress,
    /// The address is not one of Postgres. It is not shown: it may hold a password.
    #[error("the address is no postgres:// URL")]
    Address,
    /// Nobody answers in time.
    #[error("no answer within {} s", CONNECT_LIMIT.as_secs())]
    Silent,
    /// What the driver or the server says.
    #[error("{}", without_values(.0))]
    Refused(#[from] sqlx::Error),
}

/// The message of the server or the driver. A server's detail and hint, which can quote rows, are
/// not part of it.
fn without_values(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

/// One server.
pub struct Server {
    connection: PgConnection,
}

/// What a server says of itself.
pub struct About {
    /// As `server_version_num`: 150004 is 15.4.
    pub version: u32,
    /// A replica.
    pub in_recovery: bool,
    /// Refuses writes, whatever the cause.
    pub read_only: bool,
    /// `synchronous_commit`.
    pub synchronous_commit: String,
    /// Bytes in our database.
    pub size: i64,
    /// Where it keeps its files, if we may know.
    pub data_directory: Option<String>,
    /// Its clock, in seconds since 1970.
    pub now_s: f64,
}

/// What our tables say.
pub struct Contents {
    /// Rows in `person`.
    pub persons: i64,
    /// Those of them that are known by a felles hjelpenummer alone.
    pub alternates: i64,
    /// Records that could not be read or applied.
    pub parked: i64,
    /// The newest event.
    pub last_sequence: i64,
    /// Whether the newest bulk load came to its end; none if there was never one.
    pub bulk_finished: Option<bool>,
}

/// How far a partition is applied.
pub struct Applied {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// The offset of the next record.
    pub next_offset: i64,
}

/// `host:port` of an address, for findings; nothing else of it may be shown.
pub fn name_of(url: &Secret) -> String {
    match PgConnectOptions::from_str(url.expose()) {
        Ok(options) => format!("{}:{}", options.get_host(), options.get_port()),
        Err(_) => "an address that cannot be read".to_owned(),
    }
}

/// Whether the server is on this machine, by its address.
pub fn is_local(url: &Secret) -> bool {
    let host =
        PgConnectOptions::from_str(url.expose()).map(|options| options.get_host().to_owned());
    host.is_ok_and(|host| {
        ["localhost", "127.0.0.1", "::1"].contains(&&*host) || host.starts_with('/')
    })
}

impl Server {
    /// Opens one connection.
    pub async fn connect(url: &Secret) -> Result<Self, Trouble> {
        if url.is_empty() {
            return Err(Trouble::NoAddress);
        }
        let is_postgres =
            ["postgres://", "postgresql://"].map(|scheme| url.expose().starts_with(scheme));
        let options = PgConnectOptions::from_str(url.expose()).ok();
        let options = options.filter(|_| is_postgres.contains(&true)).ok_or(Trouble::Address)?;
        let options = options
            .application_name("persontjenesten-inspect")
            // The tables with one row each have no statistics: their product would be compiled.
            .options([("statement_timeout", STATEMENT_LIMIT_MS), ("jit", "off")]);
        let connection = tokio::time::timeout(CONNECT_LIMIT, options.connect()).await;
        let connection = connection.map_err(|_| Trouble::Silent)??;
        Ok(Self { connection })
    }

    /// What the server says of itself.
    pub async fn about(&mut self) -> Result<About, Trouble> {
        let row = sqlx::query!(
            r#"select current_setting('server_version_num')::int as "version!",
                pg_is_in_recovery() as "in_recovery!",
                current_setting('transaction_read_only') = 'on' as "read_only!",
                current_setting('synchronous_commit') as "synchronous_commit!",
                pg_database_size(current_database()) as "size!",
                case when pg_has_role(current_user, 'pg_read_all_settings', 'usage')
                    then current_setting('data_directory') end as data_directory,
                extract(epoch from clock_timestamp())::float8 as "now_s!""#
        )
        .fetch_one(&mut self.connection)
        .await?;
        Ok(About {
            version: row.version.unsigned_abs(),
            in_recovery: row.in_recovery,
            read_only: row.read_only,
            synchronous_commit: row.synchronous_commit,
            size: row.size,
            data_directory: row.data_directory,
            now_s: row.now_s,
        })
    }

    /// The server's clock and ours half-way through the question, in seconds since 1970.
    pub async fn clocks(&mut self) -> Result<(f64, f64), Trouble> {
        // The first answer carries the preparation of the question.
        self.about().await?;
        let before = now_s();
        let about = self.about().await?;
        Ok((about.now_s, before.midpoint(now_s())))
    }

    /// How long ago, in seconds, the newest change happened that a replica has replayed; none while
    /// it has replayed everything that it has received.
    pub async fn replay_lag_s(&mut self) -> Result<Option<f64>, Trouble> {
        let lag = sqlx::query_scalar!(
            "select case when pg_last_wal_receive_lsn() is distinct from pg_last_wal_replay_lsn()
                then extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
                end"
        );
        Ok(lag.fetch_one(&mut self.connection).await?)
    }

    /// The newest event that the server has.
    pub async fn last_sequence(&mut self) -> Result<i64, Trouble> {
        let last = sqlx::query_scalar!("select last_sequence from event_counter");
        Ok(last.fetch_one(&mut self.connection).await?)
    }

    /// The migrations that were run, by version with their checksums, and one that broke off.
    pub async fn migrations(&mut self) -> Result<(Vec<(i64, Vec<u8>)>, Option<i64>), Trouble> {
        let exists = sqlx::query_scalar!(
            r#"select to_regclass('_sqlx_migrations') is not null as "exists!""#
        );
        if !exists.fetch_one(&mut self.connection).await? {
            return Ok((Vec::new(), None));
        }
        let table = &MIGRATOR.table_name;
        let dirty = self.connection.dirty_version(table).await.map_err(sqlx::Error::from)?;
        let applied = self.connection.list_applied_migrations(table).await;
        let applied = applied.map_err(sqlx::Error::from)?;
        let listed = applied.into_iter().map(|row| (row.version, row.checksum.into_owned()));
        Ok((listed.collect(), dirty))
    }

    /// What our tables say.
    pub async fn contents(&mut self) -> Result<Contents, Trouble> {
        let row = sqlx::query!(
            r#"select last_ordinal, last_freg_ordinal, last_sequence,
                (select count(*) from parked) as "parked!",
                (select finished from bulk_load order by started_at desc limit 1) as bulk_finished
            from event_counter"#
        )
        .fetch_one(&mut self.connection)
        .await?;
        Ok(Contents {
            // Ordinals are dense and no row is deleted, so the last one is the number of persons.
            persons: row.last_ordinal,
            alternates: row.last_ordinal - row.last_freg_ordinal,
            parked: row.parked,
            last_sequence: row.last_sequence,
            bulk_finished: row.bulk_finished,
        })
    }

    /// The current version of the geography; none before the first load.
    pub async fn geography(&mut self) -> Result<Option<GeographyVersion>, Trouble> {
        Ok(crate::geography::current(&mut self.connection).await?)
    }

    /// How far each partition is applied.
    pub async fn applied(&mut self) -> Result<Vec<Applied>, Trouble> {
        let applied =
            sqlx::query_as!(Applied, "select topic, partition, next_offset from position");
        Ok(applied.fetch_all(&mut self.connection).await?)
    }

    /// How far a source's feed is collected, if it was begun.
    pub async fn collected(&mut self, source: &str) -> Result<Option<i64>, Trouble> {
        let next = sqlx::query_scalar!(
            "select next_sequence from source_cursor where source = $1",
            source
        );
        Ok(next.fetch_optional(&mut self.connection).await?)
    }

    /// How long ago a source's cursor was last moved or found to be at the end, in seconds.
    pub async fn read_age_s(&mut self, source: &str) -> Result<Option<f64>, Trouble> {
        let age = sqlx::query_scalar!(
            r#"select extract(epoch from clock_timestamp() - read_at)::float8 as "age!"
            from source_cursor where source = $1"#,
            source
        );
        Ok(age.fetch_optional(&mut self.connection).await?)
    }

    /// One served form for each way that forms begin: the beginning names the dictionary. Also how
    /// many persons were looked at, roughly.
    pub async fn forms(&mut self) -> Result<(Vec<Vec<u8>>, i64), Trouble> {
        let persons = self.contents().await?.persons as f64;
        let share = (100.0 * PERSONS_LOOKED_AT / persons.max(1.0)).min(100.0);
        // The header of a form, then that of a frame: marks, flags, and the dictionary's id.
        let forms = sqlx::query_scalar!(
            r#"with looked_at as (
                select served_full, served_restricted from person tablesample system ($1)
            ), forms as (
                select served_full as form from looked_at
                union all select served_restricted from looked_at
            )
            select distinct on (substring(form from 1 for 11)) form as "form!" from forms
            where octet_length(form) > 0"#,
            share as f32
        );
        let looked_at = persons.min(PERSONS_LOOKED_AT) as i64;
        Ok((forms.fetch_all(&mut self.connection).await?, looked_at))
    }

    /// Says good-bye; a failure to do so means nothing any more.
    pub async fn close(self) {
        drop(self.connection.close().await);
    }
}

/// Our clock, in seconds since 1970.
pub fn now_s() -> f64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_secs_f64()
}
