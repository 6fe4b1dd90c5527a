//! The store: its pools, and the calls that concern it as a whole.

use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use crate::config::{Secret, StoreConfig};
use crate::error::StoreError;
use crate::head::Heads;
use crate::metrics;
use crate::pool::{Purpose, connect_options, in_time, pool, within};

/// Every migration, embedded.
pub static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");

/// How often a reading call is tried.
const READ_ATTEMPTS: u32 = 3;

/// The way to Postgres. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: StoreConfig,
    /// Writes, and reads that must see them.
    pub(crate) primary: PgPool,
    /// Lookups while no replica serves.
    pub(crate) primary_reads: PgPool,
    pub(crate) heads: Heads,
}

impl Store {
    /// Prepares the pools. Connections are opened when they are needed, so that a process starts
    /// while Postgres is away; [`Store::ready`] tells whether it answers. Fails only when an
    /// address cannot be used.
    pub async fn connect(config: &StoreConfig) -> Result<Store, StoreError> {
        let inner = Inner {
            primary: pool(config, &config.url, Purpose::Write, config.write_connections)?,
            primary_reads: pool(config, &config.url, Purpose::Read, config.read_connections)?,
            heads: Heads::new(config)?,
            config: config.clone(),
        };
        Ok(Store { inner: Arc::new(inner) })
    }

    /// Brings the schema at `url` up to this version. Waits for another migration that is under
    /// way.
    pub async fn migrate(url: &Secret) -> Result<(), StoreError> {
        // No time limits of the server: building an index takes what it takes.
        let config = StoreConfig { commit_timeout_ms: 0, ..StoreConfig::default() };
        let options = connect_options(&config, url, Purpose::Write)?;
        let limit = config.connect_timeout();
        let mut connection: PgConnection = in_time(limit, options.connect()).await??;
        MIGRATOR.run(&mut connection).await.map_err(sqlx::Error::from)?;
        connection.close().await?;
        Ok(())
    }

    /// Succeeds when lookups can be answered: a server is there and has our schema. While
    /// [`Store::follow_head`] hears from one nobody is asked: a question would stand in line behind
    /// the lookups, and a node that is busy would be taken for one that is broken.
    pub async fn ready(&self) -> Result<(), StoreError> {
        if self.inner.heads.hears() {
            return Ok(());
        }
        self.read(async |connection| {
            sqlx::query_scalar!("select last_sequence from event_counter")
                .fetch_one(connection)
                .await
        })
        .await?;
        Ok(())
    }

    /// Closes every connection. Calls that are under way come to their end first.
    pub async fn close(&self) {
        self.inner.heads.close().await;
        self.inner.primary_reads.close().await;
        self.inner.primary.close().await;
    }

    /// A reading call, on a replica that serves or else on the primary. A connection that has died
    /// while it was idle shows only now, so a call that met one is repeated, on the next replica if
    /// there is one.
    pub(crate) async fn read<T>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error> + Clone,
    ) -> Result<T, StoreError> {
        let limit = self.inner.config.call_timeout();
        for _ in 1..READ_ATTEMPTS {
            match within(self.read_pool(), limit, work.clone()).await {
                Err(StoreError::Unavailable(_)) => {}
                answer => return answer,
            }
        }
        within(self.read_pool(), limit, work).await
    }

    fn read_pool(&self) -> &PgPool {
        self.inner.heads.next_serving().unwrap_or(&self.inner.primary_reads)
    }

    /// A call on the primary: the writer reads what it wrote.
    pub(crate) async fn on_primary<T>(
        &self,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        within(&self.inner.primary, self.inner.config.commit_timeout(), work).await
    }

    pub(crate) fn commit_timeout(&self) -> Duration {
        self.inner.config.commit_timeout()
    }

    /// Sets the gauges of the pools.
    pub(crate) fn record_pools(&self) {
        metrics::pool("write", &self.inner.primary);
        metrics::pool("read", &self.inner.primary_reads);
    }
}
