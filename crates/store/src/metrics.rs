//! What the store measures. Names are part of the operating interface.

use std::time::{Duration, SystemTime};

use metrics::{counter, gauge, histogram};
use sqlx::PgPool;

use crate::geography::GeographyVersion;

pub(crate) fn pool(name: &'static str, pool: &PgPool) {
    gauge!("store_pool_connections", "pool" => name).set(f64::from(pool.size()));
    gauge!("store_pool_idle", "pool" => name).set(pool.num_idle() as f64);
}

pub(crate) fn replica(index: usize, pool: &PgPool, serving: bool, lag: Duration) {
    let replica = index.to_string();
    gauge!("store_replica_connections", "replica" => replica.clone()).set(f64::from(pool.size()));
    gauge!("store_replica_serving", "replica" => replica.clone()).set(u8::from(serving));
    gauge!("store_replica_lag_seconds", "replica" => replica).set(lag.as_secs_f64());
}

pub(crate) fn confirmed_head(sequence: i64) {
    gauge!("store_confirmed_head").set(sequence as f64);
}

pub(crate) fn commit(outcome: &'static str, took: Duration) {
    histogram!("store_commit_seconds", "outcome" => outcome).record(took.as_secs_f64());
}

pub(crate) fn rows(table: &'static str, rows: usize) {
    counter!("store_rows_written_total", "table" => table).increment(rows as u64);
}

/// The current geography, as it is asked for every few seconds. Its age is the time since
/// `checked_at`, for whoever reads the metrics to reckon.
pub(crate) fn geography(version: &GeographyVersion) {
    let checked_at = version.checked_at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    gauge!("store_geography_checked_at_seconds").set(checked_at.as_secs_f64());
    gauge!("store_geography_addresses").set(version.addresses as f64);
    gauge!("store_geography_unserved_units").set(version.unserved_units as f64);
}
