//! Connections: how they are opened, checked, and given up when the server falls silent.

use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool, Postgres};

use crate::config::{Secret, StoreConfig};
use crate::error::StoreError;

/// Every row is found by index. During a bulk load the server's statistics are minutes behind, and
/// plans made from them would read whole tables for each batch; a search's plan must not depend on
/// them at all.
const ONLY_BY_INDEX: [(&str, &str); 3] =
    [("enable_seqscan", "off"), ("enable_hashjoin", "off"), ("enable_mergejoin", "off")];

/// A statement that reads is planned once for each connection. There is one good plan for each, and
/// making it anew takes longer than most of them. A search may sort the ordinals of a city's people.
const ONE_PLAN: [(&str, &str); 2] =
    [("plan_cache_mode", "force_generic_plan"), ("work_mem", "32MB")];

/// What a connection is for; it decides what the server is asked to refuse.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Write,
    Read,
}

/// A pool that opens its connections when they are asked for: a process starts while Postgres is
/// away.
pub(crate) fn pool(
    config: &StoreConfig,
    url: &Secret,
    purpose: Purpose,
    connections: u32,
) -> Result<PgPool, StoreError> {
    let options = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(config.connect_timeout())
        // The check of sqlx does not see a server that has become read-only; ours below does.
        .test_before_acquire(false)
        .max_lifetime(Duration::from_secs(300))
        .idle_timeout(Duration::from_secs(60));
    let options = match purpose {
        Purpose::Read => options,
        Purpose::Write => options
            .after_connect(|connection, _| Box::pin(check_new_writer(connection)))
            .before_acquire(|connection, _| {
                Box::pin(async { Ok(!is_read_only(connection).await?) })
            }),
    };
    let session = connect_options(config, url, purpose)?;
    Ok(options.connect_lazy_with(match purpose {
        Purpose::Read => session.options(ONLY_BY_INDEX).options(ONE_PLAN),
        Purpose::Write => session.options(ONLY_BY_INDEX),
    }))
}

/// What a session asks of the server. Its own time limits cover a slow server; ours cover a silent
/// one.
pub(crate) fn connect_options(
    config: &StoreConfig,
    url: &Secret,
    purpose: Purpose,
) -> Result<PgConnectOptions, StoreError> {
    // The driver takes any scheme; a mixed-up address should not be tried for minutes.
    let known =
        ["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme));
    let options = PgConnectOptions::from_str(url.expose())
        .ok()
        .filter(|_| known)
        .ok_or(StoreError::Address("it is not a postgres:// URL"))?
        .application_name(&config.application_name)
        // Our statements are short; compiling one takes longer than any of them.
        .options([("jit", "off")]);
    Ok(match purpose {
        Purpose::Read => options.options([
            ("statement_timeout", config.call_timeout_ms.to_string()),
            ("default_transaction_read_only", "on".to_owned()),
        ]),
        Purpose::Write => options.options([
            ("statement_timeout", config.commit_timeout_ms.to_string()),
            ("lock_timeout", config.commit_timeout_ms.min(2_000).to_string()),
            ("idle_in_transaction_session_timeout", config.commit_timeout_ms.to_string()),
            ("tcp_user_timeout", "3000".to_owned()),
        ]),
    })
}

/// Refuses a server that cannot write, and one that says "committed" before the record is safe.
async fn check_new_writer(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    if is_read_only(connection).await? {
        return Err(sqlx::Error::Configuration("the server is read-only".into()));
    }
    let commit = sqlx::query_scalar!(r#"select current_setting('synchronous_commit') as "value!""#)
        .fetch_one(connection)
        .await?;
    match commit.as_str() {
        "on" | "remote_apply" => Ok(()),
        _ => Err(sqlx::Error::Configuration("synchronous_commit must be on".into())),
    }
}

/// True after a failover has turned this server into a replica.
async fn is_read_only(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select current_setting('transaction_read_only') = 'on' as "value!""#)
        .fetch_one(connection)
        .await
}

/// A connection that goes back to its pool only when the work on it came to an end. Otherwise (our
/// time is up, the caller went away) it is closed: returned, it would be waited for as long as a
/// silent server is silent.
pub(crate) struct Lease(Option<PoolConnection<Postgres>>);

impl Lease {
    pub(crate) async fn take(pool: &PgPool) -> Result<Lease, StoreError> {
        Ok(Lease(Some(pool.acquire().await?)))
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        self.0.as_mut().expect("a lease holds its connection until it is given back")
    }

    pub(crate) fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

/// Does `work` on a connection of `pool` within `limit`.
pub(crate) async fn within<T>(
    pool: &PgPool,
    limit: Duration,
    work: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
) -> Result<T, StoreError> {
    let mut lease = Lease::take(pool).await?;
    let result = in_time(limit, work(lease.connection())).await?;
    lease.give_back();
    Ok(result?)
}

/// Waits for `work` no longer than `limit`: the only cure for a socket whose other end is gone.
pub(crate) async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = T>,
) -> Result<T, StoreError> {
    tokio::time::timeout(limit, work).await.map_err(|_| StoreError::TimedOut)
}
