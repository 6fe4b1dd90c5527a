//! HelseID's keys: fetched in the background, used for a stated time while HelseID is away, and
//! fetched for an unknown key id at most once in an interval. Without keys nobody comes in.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use helseid::KeySet;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::config::HelseIdConfig;
use crate::metrics;
use crate::problem::chain;

/// The largest answer that is read from HelseID.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
/// Time between two attempts while the keys cannot be fetched.
const RETRY: Duration = Duration::from_secs(5);

/// The keys that access tokens are verified with.
pub(crate) struct Keys {
    client: reqwest::Client,
    config: HelseIdConfig,
    held: RwLock<Option<Held>>,
    /// When the keys were last asked for because of an unknown key id. Held while asking, so
    /// that many requests with unknown ids cause one fetch.
    last_asked: Mutex<Option<Instant>>,
}

#[derive(Clone)]
struct Held {
    keys: Arc<KeySet>,
    json: bytes::Bytes,
    fetched_at: Instant,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    #[error("HelseID did not answer as expected")]
    Http(#[source] reqwest::Error),
    #[error("HelseID's answer is larger than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the discovery document cannot be read")]
    Metadata(#[source] serde_json::Error),
    #[error("the discovery document names another issuer than the configured one")]
    Issuer,
    #[error("the key set cannot be read")]
    KeySet(#[source] helseid::KeySetFault),
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl Keys {
    pub(crate) fn new(config: HelseIdConfig, timeout: Duration) -> Result<Keys, reqwest::Error> {
        let client = reqwest::Client::builder()
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Keys { client, config, held: RwLock::new(None), last_asked: Mutex::new(None) })
    }

    /// The keys held, unless they are missing or older than the limit.
    pub(crate) fn usable(&self) -> Option<Arc<KeySet>> {
        let limit = Duration::from_secs(self.config.keys_usable_s);
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().filter(|held| held.fetched_at.elapsed() <= limit).map(|h| h.keys.clone())
    }

    /// Newer keys than these, which did not hold a token's key. Asks HelseID, but not more often
    /// than the interval allows; none when there is nothing newer.
    pub(super) async fn newer_than(&self, known: &Arc<KeySet>) -> Option<Arc<KeySet>> {
        let newer = || self.usable().filter(|keys| !Arc::ptr_eq(keys, known));
        if let Some(keys) = newer() {
            return Some(keys);
        }
        let interval = Duration::from_secs(self.config.unknown_key_interval_s);
        let mut last_asked = self.last_asked.lock().await;
        if newer().is_none() && last_asked.is_none_or(|asked| asked.elapsed() >= interval) {
            *last_asked = Some(Instant::now());
            self.refresh().await;
        }
        newer()
    }

    /// Fetches the keys again and again until cancelled.
    pub(crate) async fn keep_fresh(&self, stop: CancellationToken) {
        let interval = Duration::from_secs(self.config.keys_refresh_s);
        loop {
            let next = stop.run_until_cancelled(self.refresh()).await;
            let pause = match next {
                None => return,
                Some(true) => interval,
                Some(false) => RETRY.min(interval),
            };
            if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    /// Fetches the keys once. What is held stays when the fetch fails.
    async fn refresh(&self) -> bool {
        match self.fetch().await {
            Ok(fetched) => {
                metrics::key_fetch("ok");
                self.replace(fetched);
                true
            }
            Err(error) => {
                metrics::key_fetch("failed");
                metrics::keys_age(self.age());
                tracing::warn!(error = chain(&error), "HelseID's keys were not fetched");
                false
            }
        }
    }

    /// Puts newly fetched keys in place. The same document is the same key set, so that what was
    /// verified with it stays verified.
    fn replace(&self, mut fetched: Held) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = held.as_ref().filter(|before| before.json == fetched.json) {
            fetched.keys = before.keys.clone();
        }
        *held = Some(fetched);
    }

    fn age(&self) -> Duration {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|held| held.fetched_at.elapsed()).unwrap_or_default()
    }

    async fn fetch(&self) -> Result<Held, KeysError> {
        let url = self.key_set_url().await?;
        let json = self.get(&url).await?;
        let keys = KeySet::read(&json).map_err(KeysError::KeySet)?;
        Ok(Held { keys: Arc::new(keys), json, fetched_at: Instant::now() })
    }

    async fn key_set_url(&self) -> Result<String, KeysError> {
        if !self.config.jwks_url.is_empty() {
            return Ok(self.config.jwks_url.clone());
        }
        let answer = self.get(&self.config.metadata_url()).await?;
        let metadata: Metadata = serde_json::from_slice(&answer).map_err(KeysError::Metadata)?;
        if metadata.issuer != self.config.issuer {
            return Err(KeysError::Issuer);
        }
        Ok(metadata.jwks_uri)
    }

    async fn get(&self, url: &str) -> Result<bytes::Bytes, KeysError> {
        let sent = self.client.get(url).send().await;
        let mut answer =
            sent.and_then(reqwest::Response::error_for_status).map_err(KeysError::Http)?;
        let mut body = bytes::BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(KeysError::Http)? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(KeysError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}
