//! Who writes: a session lock on a connection of its own. The positions fence whoever lost it
//! without noticing.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::error::StoreError;
use crate::pool::{Purpose, connect_options, in_time};
use crate::store::Store;

/// The first half of every lock key of this program; the second is the [`WriterLock`].
pub(crate) const LOCK_SPACE: i32 = 0x5045_5253;

/// What there is one writer for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterLock {
    /// Applying records to the register.
    Apply = 1,
    /// Collecting from the sources.
    Collect = 2,
    /// Loading geography.
    Geography = 3,
    /// Collecting contact details.
    Contacts = 4,
}

impl WriterLock {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Apply, Self::Collect, Self::Geography, Self::Contacts];
}

/// A won election; dropped, it is given up.
#[derive(Debug)]
pub struct Election {
    lock: WriterLock,
    connection: PgConnection,
    limit: Duration,
}

impl Election {
    /// True while the session that holds the lock lives, on a server that can write.
    pub async fn still_held(&mut self) -> bool {
        let alive = sqlx::query_scalar!(r#"select not pg_is_in_recovery() as "alive!""#)
            .fetch_one(&mut self.connection);
        matches!(in_time(self.limit, alive).await, Ok(Ok(true)))
    }

    /// Gives the lock up now, so that another node need not wait for the server to notice that the
    /// connection is closed.
    pub async fn resign(mut self) {
        let limit = self.limit;
        let unlock = sqlx::query_scalar!(
            r#"select pg_advisory_unlock($1, $2) as "released!""#,
            LOCK_SPACE,
            self.lock as i32
        )
        .fetch_one(&mut self.connection);
        let released = matches!(in_time(limit, unlock).await, Ok(Ok(true)));
        let closed = in_time(limit, self.connection.close()).await.is_ok();
        if !(released && closed) {
            tracing::debug!("the server did not answer a resignation");
        }
    }
}

impl Store {
    /// Tries to become the one writer for `lock`. None when another process is.
    pub async fn elect_writer(&self, lock: WriterLock) -> Result<Option<Election>, StoreError> {
        let config = &self.inner.config;
        let limit = config.connect_timeout();
        let options = connect_options(config, &config.url, Purpose::Write)?
            // A node that loses its power must not keep the lock for hours.
            .options([
                ("tcp_keepalives_idle", "5"),
                ("tcp_keepalives_interval", "2"),
                ("tcp_keepalives_count", "3"),
            ]);
        let mut connection = in_time(limit, options.connect()).await??;
        let attempt = sqlx::query_scalar!(
            r#"select (not pg_is_in_recovery() and pg_try_advisory_lock($1, $2)) as "won!""#,
            LOCK_SPACE,
            lock as i32
        )
        .fetch_one(&mut connection);
        let won = in_time(limit, attempt).await??;
        Ok(won.then_some(Election { lock, connection, limit }))
    }
}
