//! The configuration file that the parts of the server share, and the keys it names.

use std::fmt::Display;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::checkout::{Checkout, random, write_private};
use crate::instance::Instance;
use crate::postgres::free_ports;
use crate::services::Endpoints;

/// Where FREG's interface for those with a legal basis begins.
const FREG_PATH: &str = "/folkeregisteret/offentlig-med-hjemmel/api/v1";

/// Where the contact register's interface begins.
const KRR_PATH: &str = "/krr/rest/v2";

/// Where the classifications of Statistics Norway begin.
const KLASS_PATH: &str = "/klass/v1";

/// Where Kartverket's file of all addresses is.
const ADDRESS_PATH: &str = "/kartverket/Basisdata_0000_Norge_25833_MatrikkelenAdresse_CSV.zip";

/// The written file and the addresses in it.
pub struct Configuration {
    /// `.local/<instance>/persontjenesten.toml`.
    pub file: PathBuf,
    /// The API's public listener.
    pub api: SocketAddr,
    /// The API's listener for health and metrics.
    pub health: SocketAddr,
    /// Ingest's listener for metrics.
    pub metrics: SocketAddr,
    /// The sandbox: the sources, Maskinporten and HelseID.
    pub sandbox: SocketAddr,
    /// File for the private key of our client at Maskinporten.
    client_key: PathBuf,
}

/// Keys made once for each checkout.
struct Keys {
    /// Seals stored documents; base64.
    sealing: String,
    /// Makes Kafka keys of numbers; base64.
    number_hash: String,
}

impl Configuration {
    /// Chooses free ports and writes the file.
    pub fn write(checkout: &Checkout, instance: &Instance, endpoints: &Endpoints) -> Result<Self> {
        let [api, health, metrics, sandbox] = free_ports::<4>()?.map(local);
        let file = instance.dir.join("persontjenesten.toml");
        let client_key = instance.dir.join("maskinporten.jwk");
        let configuration = Self { file, api, health, metrics, sandbox, client_key };
        let text = configuration.text(endpoints, &Keys::of(checkout)?);
        write_private(&configuration.file, &text)?;
        Ok(configuration)
    }

    /// Writes the key that the sandbox made for our client at Maskinporten, from what it tells.
    pub fn write_client_key(&self, client: &str) -> Result<()> {
        let client: Value = serde_json::from_str(client)?;
        let key = client.get("privateKey").context("the sandbox tells no client key")?;
        write_private(&self.client_key, &key.to_string())
    }

    /// The sandbox's address for its clients.
    pub fn sandbox_url(&self) -> String {
        format!("http://{}", self.sandbox)
    }

    /// The API's address for its clients.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.api)
    }

    fn text(&self, endpoints: &Endpoints, keys: &Keys) -> String {
        let sandbox = self.sandbox_url();
        let maskinporten = [
            ("token_url", quoted(format!("{sandbox}/maskinporten/token"))),
            ("audience", quoted(format!("{sandbox}/maskinporten/"))),
            ("client_id", quoted("persontjenesten-demo")),
            ("key_file", quoted(self.client_key.display())),
        ];
        let tables: &[(&str, &[(&str, String)])] = &[
            ("metrics", &[("listen", quoted(self.metrics))]),
            ("store", &[("url", quoted(&endpoints.database))]),
            (
                "keys",
                &[
                    ("sealing_key_id", "1".to_owned()),
                    ("sealing_key", quoted(&keys.sealing)),
                    ("number_hash_key", quoted(&keys.number_hash)),
                ],
            ),
            ("ingest.kafka", &[("bootstrap", quoted(&endpoints.kafka))]),
            (
                "ingest.freg",
                &[
                    ("base_url", quoted(format!("{sandbox}{FREG_PATH}"))),
                    ("extract_poll_ms", "250".to_owned()),
                    ("poll_interval_ms", "200".to_owned()),
                ],
            ),
            ("ingest.freg.maskinporten", &maskinporten),
            (
                "ingest.krr",
                &[
                    ("base_url", quoted(format!("{sandbox}{KRR_PATH}"))),
                    ("poll_interval_ms", "500".to_owned()),
                    ("lookup_interval_s", "5".to_owned()),
                ],
            ),
            ("ingest.krr.maskinporten", &maskinporten),
            (
                "ingest.geography",
                &[
                    ("klass_url", quoted(format!("{sandbox}{KLASS_PATH}"))),
                    ("address_url", quoted(format!("{sandbox}{ADDRESS_PATH}"))),
                ],
            ),
            (
                "api",
                &[
                    ("listen", quoted(self.api)),
                    ("health_listen", quoted(self.health)),
                    ("public_base_url", quoted(self.api_url())),
                ],
            ),
            ("api.helseid", &[("issuer", quoted(&sandbox))]),
            ("api.page", &[("sandbox_url", quoted(&sandbox))]),
            // No balancer asks after the demo's health, so none needs time to see it go.
            ("api.timeouts", &[("drain_wait_ms", "0".to_owned())]),
        ];
        let mut text = String::from("# Written by `cargo xtask`, anew at each start.\n");
        for (table, settings) in tables {
            text += &format!("\n[{table}]\n");
            for (name, value) in *settings {
                text += &format!("{name} = {value}\n");
            }
        }
        text
    }
}

impl Keys {
    fn of(checkout: &Checkout) -> Result<Self> {
        let folder = checkout.local().join("keys");
        fs::create_dir_all(&folder)?;
        Ok(Self {
            sealing: made_once(&folder.join("sealing"))?,
            number_hash: made_once(&folder.join("number-hash"))?,
        })
    }
}

/// The key in the file: 32 random bytes in base64, made if there is none.
fn made_once(file: &Path) -> Result<String> {
    if !fs::exists(file)? {
        write_private(file, &BASE64_STANDARD.encode(random::<32>()?))?;
    }
    fs::read_to_string(file).context("cannot read a key")
}

/// Every JSON string is a TOML string with the same meaning.
fn quoted(value: impl Display) -> String {
    Value::from(value.to_string()).to_string()
}

fn local(port: u16) -> SocketAddr {
    ([127, 0, 0, 1], port).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkout::random_hex;

    fn configuration() -> Configuration {
        let [api, health, metrics, sandbox] = [1, 2, 3, 4].map(local);
        let name = random_hex::<8>().unwrap();
        let client_key = std::env::temp_dir().join(format!("\"quoted\" {name}"));
        Configuration { file: "/c".into(), api, health, metrics, sandbox, client_key }
    }

    fn text() -> String {
        let endpoints = Endpoints { database: "postgres://d".into(), kafka: "k:9".into() };
        let keys = Keys { sealing: "c2VhbA==".into(), number_hash: "aGFzaA==".into() };
        configuration().text(&endpoints, &keys)
    }

    #[test]
    fn the_clients_key_alone_is_written() {
        let configuration = configuration();
        configuration.write_client_key(r#"{"clientId":"c","privateKey":{"kty":"RSA"}}"#).unwrap();
        let written = fs::read_to_string(&configuration.client_key).unwrap();
        assert_eq!(written, r#"{"kty":"RSA"}"#);
        fs::remove_file(&configuration.client_key).unwrap();
        assert!(configuration.write_client_key("{}").is_err());
    }

    #[test]
    fn the_file_says_where_everything_is() {
        let text = text();
        for expected in [
            "\n[store]\nurl = \"postgres://d\"\n",
            "\n[ingest.kafka]\nbootstrap = \"k:9\"\n",
            "\nbase_url = \"http://127.0.0.1:4/folkeregisteret/offentlig-med-hjemmel/api/v1\"\n",
            "\npublic_base_url = \"http://127.0.0.1:1\"\n",
            "\n[api.helseid]\nissuer = \"http://127.0.0.1:4\"\n",
            "/\\\"quoted\\\" ",
        ] {
            assert!(text.contains(expected), "{expected} is not in:\n{text}");
        }
    }

    #[test]
    fn every_line_is_a_comment_a_table_or_a_setting() {
        for line in text().lines().filter(|line| !line.is_empty()) {
            let setting = line.split_once(" = ").map(|(name, _)| name);
            let is_name = |name: &str| name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
            let is_right = line.starts_with('#')
                || (line.starts_with('[') && line.ends_with(']'))
                || setting.is_some_and(is_name);
            assert!(is_right, "{line}");
        }
    }

    #[test]
    fn a_key_is_made_once() {
        let file = std::env::temp_dir().join(random_hex::<8>().unwrap());
        let key = made_once(&file).unwrap();
        assert_eq!(BASE64_STANDARD.decode(&key).unwrap().len(), 32);
        assert_eq!(made_once(&file).unwrap(), key);
        fs::remove_file(file).unwrap();
    }
}
