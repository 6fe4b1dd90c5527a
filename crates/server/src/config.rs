//! One configuration: a TOML file, then environment variables, checked whole before anything starts.

use std::path::Path;

use anyhow::{Context, bail};
use api::ApiConfig;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use figment::providers::{Env, Format, Toml};
use figment::{Figment, Provider};
use ingest::Keys;
use ingest::config::IngestConfig;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::{Secret, StoreConfig};

use crate::telemetry::{LogConfig, MetricsConfig};

/// Every setting with its default and a comment, as `persontjenesten config` prints it.
pub const COMMENTED_DEFAULTS: &str = include_str!("config.default.toml");

/// Prefix of the environment variables; `__` stands between section and setting.
const ENVIRONMENT_PREFIX: &str = "PERSONTJENESTEN__";

const SECTIONS: [&str; 6] = ["log", "metrics", "store", "keys", "ingest", "api"];

/// Everything that can be set.
#[derive(Debug, Default)]
pub struct Config {
    /// The logs.
    pub log: LogConfig,
    /// The metrics of ingest.
    pub metrics: MetricsConfig,
    /// Postgres.
    pub store: StoreConfig,
    /// Keys for sealing and for hashing numbers.
    pub keys: KeyConfig,
    /// FREG, Kafka and the applying of changes.
    pub ingest: IngestConfig,
    /// The HTTP API.
    pub api: ApiConfig,
}

/// The keys that keep numbers and documents unreadable where they are at rest.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyConfig {
    /// Which key new values are sealed with, 1 to 255; it is written in their header.
    pub sealing_key_id: u8,
    /// 32 bytes in base64.
    pub sealing_key: Secret,
    /// 32 bytes in base64: makes Kafka keys of numbers. Changing it moves persons between
    /// partitions of the snapshot topic, which is harmless between two bulk loads.
    pub number_hash_key: Secret,
}

impl Config {
    /// Reads the file, if there is one, and the environment.
    ///
    /// # Errors
    /// Names every setting that is wrong, not only the first.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut figment = Figment::new();
        if let Some(file) = file {
            let shown = file.display();
            if !file.is_file() {
                bail!(
                    "the configuration file {shown} is not there (--config, PERSONTJENESTEN_CONFIG)"
                );
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        Self::read(&figment.merge(Env::prefixed(ENVIRONMENT_PREFIX).split("__")))
    }

    fn read(figment: &Figment) -> anyhow::Result<Self> {
        let mut faults = unknown_sections(figment)?;
        let config = Self {
            log: section(figment, "log", &mut faults),
            metrics: section(figment, "metrics", &mut faults),
            store: section(figment, "store", &mut faults),
            keys: section(figment, "keys", &mut faults),
            ingest: section(figment, "ingest", &mut faults),
            api: section(figment, "api", &mut faults),
        };
        faults.extend(config.api.faults().into_iter().map(|fault| format!("api.{fault}")));
        if faults.is_empty() {
            return Ok(config);
        }
        bail!("the configuration has {} fault(s):\n  - {}", faults.len(), faults.join("\n  - "))
    }
}

impl KeyConfig {
    /// The keys, ready to use.
    ///
    /// # Errors
    /// Says which key is missing or is not 32 bytes in base64.
    pub fn keys(&self) -> anyhow::Result<Keys> {
        if self.sealing_key_id == 0 {
            bail!("keys.sealing_key_id: 1 to 255 (0 means unsealed)");
        }
        let sealing = key(&self.sealing_key).context("keys.sealing_key")?;
        let number_hash = key(&self.number_hash_key).context("keys.number_hash_key")?;
        Keys::new(self.sealing_key_id, sealing, number_hash).context("keys.sealing_key_id")
    }
}

fn key(secret: &Secret) -> anyhow::Result<[u8; 32]> {
    // Neither the text nor the decoder's error, which can quote it, may be shown.
    let bytes = BASE64_STANDARD.decode(secret.expose()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .context("32 bytes in base64 are wanted; make some with: openssl rand -base64 32")
}

fn unknown_sections(figment: &Figment) -> anyhow::Result<Vec<String>> {
    let data = figment.data().context("the configuration cannot be read")?;
    let names = data.into_values().flat_map(|profile| profile.into_keys());
    Ok(names
        .filter(|name| !SECTIONS.contains(&name.as_str()))
        .map(|name| format!("{name}: no such section; there are {}", SECTIONS.join(", ")))
        .collect())
}

fn section<T: DeserializeOwned + Default>(
    figment: &Figment,
    name: &str,
    faults: &mut Vec<String>,
) -> T {
    if !figment.contains(name) {
        return T::default();
    }
    figment.extract_inner(name).unwrap_or_else(|error| {
        faults.extend(error.into_iter().map(|error| {
            // figment puts the section behind the path within it, and its own text quotes the value,
            // which can be a secret.
            let within = error.path.iter().filter(|step| *step != name).map(String::as_str);
            let path: Vec<&str> = [name].into_iter().chain(within).collect();
            format!("{}: {}", path.join("."), describe(&error.kind))
        }));
        T::default()
    })
}

fn describe(kind: &figment::error::Kind) -> String {
    use figment::error::Kind;
    match kind {
        Kind::UnknownField(field, known) => {
            format!("no setting is called {field}; there are {}", known.join(", "))
        }
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
            format!("wanted {expected}")
        }
        Kind::UnknownVariant(_, known) => format!("wanted one of {}", known.join(", ")),
        Kind::MissingField(field) => format!("{field} is missing"),
        _ => "cannot be read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> anyhow::Result<Config> {
        Config::read(&Figment::from(Toml::string(toml)))
    }

    #[test]
    fn the_commented_defaults_are_the_defaults() {
        let written = read(COMMENTED_DEFAULTS).unwrap();
        assert_eq!(format!("{written:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn every_fault_is_named_at_once_and_no_secret_is_shown() {
        let error = read(
            "[stroe]\nurl = \"x\"\n[store]\nread_connections = \"hunter2\"\n[api]\nlisten = 5\n\
             [log]\ncolour = true\n",
        )
        .unwrap_err()
        .to_string();
        for part in ["stroe", "store.read_connections", "api.listen", "colour"] {
            assert!(error.contains(part), "{part} is not in: {error}");
        }
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_key_of_the_wrong_length_is_refused_without_being_shown() {
        let keys = KeyConfig {
            sealing_key_id: 1,
            sealing_key: Secret::new("c2hvcnQ="),
            number_hash_key: Secret::default(),
        };
        let error = format!("{:#}", keys.keys().unwrap_err());
        assert!(error.contains("keys.sealing_key") && !error.contains("c2hvcnQ"), "{error}");
    }
}
