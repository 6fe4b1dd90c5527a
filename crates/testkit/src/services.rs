//! Where the services are that tests need: in the environment, else where `cargo xtask up` wrote it
//! down.

use std::path::{Path, PathBuf};

/// The file that `cargo xtask up` writes: `KEY=VALUE` lines, below the root of the checkout.
const SERVICES_FILE: &str = ".local/services.env";

/// The URL of a Postgres server on which databases may be made.
///
/// # Panics
/// When no service is known; the text says how to start one.
pub fn database_url() -> String {
    service("PERSONTJENESTEN_TEST_DATABASE_URL")
}

/// The bootstrap address (`host:port`) of a Kafka broker.
///
/// # Panics
/// When no service is known; the text says how to start one.
pub fn kafka_bootstrap() -> String {
    service("PERSONTJENESTEN_TEST_KAFKA")
}

fn service(key: &str) -> String {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| ".".into(), PathBuf::from);
    match std::env::var(key).ok().filter(|value| !value.is_empty()).or_else(|| noted(&here, key)) {
        Some(value) => value,
        None => panic!(
            "{key} is not set and {SERVICES_FILE} does not name it. Start the services with \
             `cargo xtask up`, or let `cargo xtask test` start them for one run."
        ),
    }
}

/// The value of `key` in the nearest services file at or above `from`.
fn noted(from: &Path, key: &str) -> Option<String> {
    let from = std::path::absolute(from).ok()?;
    let text = from
        .ancestors()
        .find_map(|folder| std::fs::read_to_string(folder.join(SERVICES_FILE)).ok())?;
    value_of(&text, key)
}

fn value_of(text: &str, key: &str) -> Option<String> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == key)
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_whole_name() {
        let text = "# services\nAB=1\nA=postgres://u@h:1/d?x=y \nEMPTY=\n";
        assert_eq!(value_of(text, "A").as_deref(), Some("postgres://u@h:1/d?x=y"));
        assert_eq!(value_of(text, "B"), None);
        assert_eq!(value_of(text, "EMPTY"), None);
    }
}
