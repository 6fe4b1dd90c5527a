//! Fetching over HTTP: a few attempts, each given up when the server falls silent.

use std::fs::File;
use std::io::{self, Write};
use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use reqwest::{Response, Url};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::error::{DownloadError, GeographyError};
use super::progress::{GeographyProgress, Progress, Step};
use crate::config::GeographyConfig;
use crate::error::chain;
use crate::retry;

/// Fetches what is configured.
pub(super) struct Fetcher<'a> {
    http: reqwest::Client,
    config: &'a GeographyConfig,
    progress: &'a Progress,
    shutdown: &'a CancellationToken,
}

/// One thing to fetch.
pub(super) struct Wanted {
    pub(super) what: &'static str,
    pub(super) url: Url,
    pub(super) accept: &'static str,
    pub(super) bytes_max: u64,
    /// What is being done meanwhile.
    pub(super) step: Step,
}

impl<'a> Fetcher<'a> {
    pub(super) fn new(
        config: &'a GeographyConfig,
        progress: &'a Progress,
        shutdown: &'a CancellationToken,
    ) -> Result<Self, GeographyError> {
        let http = reqwest::Client::builder()
            .user_agent("persontjenesten")
            .redirect(Policy::none())
            .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
            .build()
            .map_err(|error| GeographyError::Http(error.without_url()))?;
        Ok(Self { http, config, progress, shutdown })
    }

    /// Fetches into what `fresh` makes; a failed attempt is forgotten, with what it had written.
    pub(super) async fn fetch<W: Write>(
        &self,
        wanted: &Wanted,
        fresh: impl Fn() -> io::Result<W>,
    ) -> Result<W, GeographyError> {
        let what = wanted.what;
        let failed = |source| GeographyError::Download { what, source };
        let mut failures = 0;
        loop {
            let mut into = fresh().map_err(|error| failed(DownloadError::Disk(error)))?;
            let attempt = self.shutdown.run_until_cancelled(self.attempt(wanted, &mut into));
            let error = match attempt.await.ok_or(GeographyError::Stopped)? {
                Ok(()) => return Ok(into),
                Err(error) => error,
            };
            failures += 1;
            if !error.passes() || failures >= self.config.attempts {
                return Err(failed(error));
            }
            let pause =
                retry::pause(failures, retry::jitter(), None, self.config.retry_pause_max());
            tracing::warn!(what, failures, error = chain(&error), ?pause, "trying again");
            let slept = self.shutdown.run_until_cancelled(tokio::time::sleep(pause));
            slept.await.ok_or(GeographyError::Stopped)?;
        }
    }

    async fn attempt(&self, wanted: &Wanted, into: &mut impl Write) -> Result<(), DownloadError> {
        let call = self.http.get(wanted.url.clone()).header(ACCEPT, wanted.accept).send();
        let mut answer = self.heard(call).await?;
        if answer.status().as_u16() != 200 {
            return Err(DownloadError::Status(answer.status().as_u16()));
        }
        let total = answer.content_length();
        let mut length = 0;
        while let Some(chunk) = self.heard(chunk(&mut answer)).await? {
            length += chunk.as_ref().len() as u64;
            if length > wanted.bytes_max {
                return Err(DownloadError::TooLarge(wanted.bytes_max));
            }
            into.write_all(chunk.as_ref()).map_err(DownloadError::Disk)?;
            self.progress.send_replace(GeographyProgress {
                step: wanted.step,
                done: length,
                total,
            });
        }
        into.flush().map_err(DownloadError::Disk)
    }

    async fn heard<T>(
        &self,
        work: impl Future<Output = reqwest::Result<T>>,
    ) -> Result<T, DownloadError> {
        match tokio::time::timeout(self.config.silence_timeout(), work).await {
            Err(_) => Err(DownloadError::Silent),
            Ok(Err(error)) => Err(DownloadError::Network(kind(&error))),
            Ok(Ok(heard)) => Ok(heard),
        }
    }
}

async fn chunk(answer: &mut Response) -> reqwest::Result<Option<impl AsRef<[u8]> + use<>>> {
    answer.chunk().await
}

/// What failed. The error's own text has the address, which may hold what should not be told.
fn kind(error: &reqwest::Error) -> &'static str {
    if error.is_connect() {
        "nobody is there"
    } else if error.is_timeout() {
        "nobody answered in time"
    } else if error.is_body() || error.is_decode() {
        "the answer was cut off"
    } else {
        "the call was not understood"
    }
}

/// A file that nobody else sees and that is gone with this process, however that ends.
pub(super) fn unnamed_file() -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("persontjenesten-{}.zip", Uuid::new_v4()));
    let file = File::options().read(true).write(true).create_new(true).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}
