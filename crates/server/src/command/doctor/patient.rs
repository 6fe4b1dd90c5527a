//! What is examined: the configuration, as far as it can be read, and its faults.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::Config;

/// How long one connection may take to open. Well below a check's own limit, so that the check can
/// say what happened.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// How long one call over HTTP may take.
const CALL_LIMIT: Duration = Duration::from_secs(5);

/// The register's configuration and what is wrong with it.
pub struct Patient {
    /// Where a section cannot be used, its defaults.
    pub config: Config,
    /// Every fault of the configuration.
    pub faults: Vec<String>,
    /// The file, if one was named.
    pub file: Option<PathBuf>,
}

impl Patient {
    /// Reads what can be read.
    pub fn read(file: Option<&Path>) -> Self {
        let (config, faults) = Config::examine(file);
        Self { config, faults, file: file.map(Path::to_owned) }
    }

    /// A client for one short look.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn http(&self) -> reqwest::Result<reqwest::Client> {
        let client = reqwest::Client::builder().connect_timeout(CONNECT_LIMIT).timeout(CALL_LIMIT);
        client.redirect(reqwest::redirect::Policy::none()).build()
    }
}
