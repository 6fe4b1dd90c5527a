//! What a store needs to know, with defaults that suit one node.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

/// A text that is never shown: a database URL holds a password.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Hides the text from every `Debug`.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True when nothing was configured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where Postgres is and how long it may take to answer. Times are in milliseconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// `postgres://…` of the primary, or of the balancer that leads to it.
    pub url: Secret,
    /// The direct address of each replica that may answer lookups, past any balancer. With none,
    /// the primary answers.
    pub read_urls: Vec<Secret>,
    /// What Postgres shows as `application_name`.
    pub application_name: String,
    /// Largest number of connections that write.
    pub write_connections: u32,
    /// Largest number of connections that read, for each replica.
    pub read_connections: u32,
    /// How long to wait for a connection, a new one included.
    pub connect_timeout_ms: u64,
    /// How long one reading call may take.
    pub call_timeout_ms: u64,
    /// How long the statements of one batch may take together, and its COMMIT again as long.
    pub commit_timeout_ms: u64,
    /// How often the counter rows of the primary and the replicas are read.
    pub head_poll_ms: u64,
    /// A replica that is further behind than this answers no lookups until it has caught up.
    pub max_replica_lag_ms: u64,
}

impl Default for StoreConfig {
    fn default() -> Self {
        StoreConfig {
            url: Secret::default(),
            read_urls: Vec::new(),
            application_name: "persontjenesten".to_owned(),
            write_connections: 4,
            read_connections: 16,
            connect_timeout_ms: 2_000,
            call_timeout_ms: 2_000,
            commit_timeout_ms: 15_000,
            head_poll_ms: 100,
            max_replica_lag_ms: 5_000,
        }
    }
}

impl StoreConfig {
    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(crate) fn call_timeout(&self) -> Duration {
        Duration::from_millis(self.call_timeout_ms)
    }

    pub(crate) fn commit_timeout(&self) -> Duration {
        Duration::from_millis(self.commit_timeout_ms)
    }

    pub(crate) fn head_poll(&self) -> Duration {
        Duration::from_millis(self.head_poll_ms.max(1))
    }

    pub(crate) fn max_replica_lag(&self) -> Duration {
        Duration::from_millis(self.max_replica_lag_ms)
    }
}
