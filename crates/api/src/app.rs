//! What the handlers share.

use std::sync::atomic::{AtomicBool, Ordering};

use store::{Store, StoreError};
use tokio::sync::Semaphore;

use crate::auth::Guard;
use crate::config::ApiConfig;
use crate::problem::Problem;
use crate::serve::ApiError;

/// The parts that every request needs, made once at start.
pub struct App {
    pub(crate) config: ApiConfig,
    pub(crate) store: Store,
    pub(crate) guard: Guard,
    /// Places for requests in progress.
    pub(crate) places: Semaphore,
    /// Places for requests for the newest event.
    pub(crate) feed_head_places: Semaphore,
    draining: AtomicBool,
}

impl App {
    pub(crate) fn new(config: ApiConfig, store: Store) -> Result<App, ApiError> {
        let guard = Guard::new(&config)?;
        let places = Semaphore::new(config.limits.requests_max);
        let feed_head_places = Semaphore::new(config.limits.feed_head_requests_max);
        let draining = AtomicBool::new(false);
        Ok(App { config, store, guard, places, feed_head_places, draining })
    }

    /// From now on the balancer is told to send requests elsewhere.
    pub(crate) fn start_draining(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Why requests should be sent elsewhere; empty when they should come here.
    pub(crate) async fn unready(&self) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        if self.draining.load(Ordering::Relaxed) {
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
