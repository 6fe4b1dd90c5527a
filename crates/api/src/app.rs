//! What the handlers share.

use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue};
use store::{Store, StoreError};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::auth::Guard;
use crate::config::ApiConfig;
use crate::problem::Problem;
use crate::serve::ApiError;
use crate::version;

/// The parts that every request needs, made once at start.
pub struct App {
    pub(crate) config: ApiConfig,
    pub(crate) store: Store,
    pub(crate) guard: Guard,
    /// Places for requests in progress.
    pub(crate) places: Arc<Semaphore>,
    /// Places for requests for the newest event.
    pub(crate) feed_head_places: Arc<Semaphore>,
    /// Places for requests that wait for the next event, and for their looks into the feed.
    pub(crate) waiting_places: Semaphore,
    pub(crate) waiting_looks: Semaphore,
    /// What answers in version 2 say about its end.
    pub(crate) farewell: Vec<(HeaderName, HeaderValue)>,
    /// From when on requests should be sent elsewhere, and those that only wait end.
    pub(crate) draining: CancellationToken,
}

/// Looks into the feed at once for all who wait. The database has room for more, but waiting is
/// what nobody else must notice.
const LOOKS_AT_ONCE: usize = 4;

impl App {
    pub(crate) fn new(config: ApiConfig, store: Store) -> Result<App, ApiError> {
        let guard = Guard::new(&config)?;
        let limits = &config.limits;
        Ok(App {
            guard,
            places: Arc::new(Semaphore::new(limits.requests_max)),
            feed_head_places: Arc::new(Semaphore::new(limits.feed_head_requests_max)),
            waiting_places: Semaphore::new(limits.waiting_requests_max),
            waiting_looks: Semaphore::new(LOOKS_AT_ONCE),
            farewell: version::farewell(&config.version_2),
            draining: CancellationToken::new(),
            config,
            store,
        })
    }

    /// From now on the balancer is told to send requests elsewhere.
    pub(crate) fn start_draining(&self) {
        self.draining.cancel();
    }

    /// Why requests should be sent elsewhere; empty when they should come here.
    pub(crate) async fn unready(&self) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        if self.draining.is_cancelled() {
            reasons.push("draining: this server is about to stop");
        }
        if !self.guard.has_keys() {
            reasons.push("keys: HelseID's keys are missing or too old");
        }
        if let Err(error) = self.store.ready().await {
            tracing::warn!(error = crate::problem::chain(&error), "the store is not ready");
            reasons.push("store: the database cannot be read");
        } else if !self.store.head_is_found() {
            reasons.push("feed: how far events may be shown is not known yet");
        }
        reasons
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        if error.is_retryable() {
            Problem::register_unavailable(&error)
        } else {
            Problem::internal(&error)
        }
    }
}
