//! One configuration: a TOML file, then environment variables, checked before anything starts.

pub mod reference;

use std::path::{Path, PathBuf};

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

const SECTIONS: [&str; 7] = ["log", "metrics", "store", "keys", "ingest", "api", "call"];

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
    /// Whom `call` and nothing else acts as.
    pub call: CallConfig,
}

/// The client of HelseID that `call` acts as. With nothing set it is one of the sandbox's.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallConfig {
    /// The API's public base URL; empty: `api.public_base_url`.
    pub api_url: String,
    /// HelseID, as it names itself; empty: `api.helseid.issuer`.
    pub issuer: String,
    /// A client at HelseID.
    pub client_id: String,
    /// A file with the client's private key as a JWK, which only its owner may read.
    pub key_file: PathBuf,
    /// The scope to ask for; empty: that of the rights package.
    pub scope: String,
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
        let (config, faults) = Self::examine(file);
        if faults.is_empty() {
            return Ok(config);
        }
        bail!("the configuration has {} fault(s):\n  - {}", faults.len(), faults.join("\n  - "))
    }

    /// Reads what can be read, and tells everything that is wrong: a section with a fault has its
    /// defaults.
    pub fn examine(file: Option<&Path>) -> (Self, Vec<String>) {
        let mut figment = Figment::new();
        let mut faults = Vec::new();
        match file {
            Some(file) if file.is_file() => figment = figment.merge(Toml::file_exact(file)),
            Some(file) => faults.push(format!(
                "the configuration file {} is not there (--config, PERSONTJENESTEN_CONFIG)",
                file.display()
            )),
            None => {}
        }
        let config =
            Self::read(&figment.merge(Env::prefixed(ENVIRONMENT_PREFIX).split("__")), &mut faults);
        (config, faults)
    }

    fn read(figment: &Figment, faults: &mut Vec<String>) -> Self {
        match figment.data() {
            Ok(data) => {
                let names = data.into_values().flat_map(|profile| profile.into_keys());
                faults.extend(names.filter_map(|name| unknown_section(&name)));
            }
            // Each section would tell it again.
            Err(error) => {
                faults.push(format!("the configuration cannot be read: {}", where_in(&error)));
                return Self::default();
            }
        }
        let config = Self {
            log: section(figment, "log", faults),
            metrics: section(figment, "metrics", faults),
            store: section(figment, "store", faults),
            keys: section(figment, "keys", faults),
            ingest: section(figment, "ingest", faults),
            api: section(figment, "api", faults),
            call: section(figment, "call", faults),
        };
        faults.extend(config.api.faults().into_iter().map(|fault| format!("api.{fault}")));
        config
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

fn unknown_section(name: &str) -> Option<String> {
    let told = || format!("{name}: no such section; there are {}", SECTIONS.join(", "));
    (!SECTIONS.contains(&name)).then(told)
}

/// The line of a file that is no TOML. The parser's own text quotes the line, which can be a secret.
fn where_in(error: &figment::Error) -> String {
    let text = error.to_string();
    let at = text.split_once("at line ").map(|(_, rest)| rest);
    let line = at.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    match line {
        Some(line) => format!("line {line} is no TOML"),
        None => "the file is no TOML".to_owned(),
    }
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
        let mut faults = Vec::new();
        let config = Config::read(&Figment::from(Toml::string(toml)), &mut faults);
        if faults.is_empty() { Ok(config) } else { bail!("{}", faults.join("\n")) }
    }

    #[test]
    fn the_commented_defaults_are_the_defaults() {
        let written = read(COMMENTED_DEFAULTS).unwrap();
        assert_eq!(format!("{written:?}"), format!("{:?}", Config::default()));
    }

    /// Asks each section for a setting that none has: the answer names all that there are.
    #[test]
    fn every_setting_is_among_the_commented_defaults() {
        let mut listed = 0;
        for section in COMMENTED_DEFAULTS.split("\n[").skip(1) {
            let (name, body) = section.split_once("]\n").unwrap();
            let told = read(&format!("[{name}]\nno_such_setting = 1\n")).unwrap_err().to_string();
            let known = told.split_once("there are ").unwrap().1;
            for setting in known.lines().next().unwrap().split(", ") {
                let is_line = |line: &str| {
                    line.trim_start_matches("# ").starts_with(&format!("{setting} = "))
                };
                let is_section = COMMENTED_DEFAULTS.contains(&format!("\n[{name}.{setting}]\n"));
                assert!(is_section || body.lines().any(is_line), "[{name}] {setting} is not there");
                listed += 1;
            }
        }
        assert!(listed > 70, "only {listed} settings were asked for");
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
    fn a_file_that_is_no_toml_is_told_by_line_without_the_line() {
        let error = read("[log]\nformat = \"human\"\n[keys]\nsealing_key = hunter2\n");
        let told = error.unwrap_err().to_string();
        assert!(told.contains("line 4") && !told.contains("hunter2"), "{told}");
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
