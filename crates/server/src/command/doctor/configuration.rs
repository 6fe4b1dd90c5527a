//! The check of the configuration: faults, missing secrets, and values that are usable but unwise.

use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Url;
use store::Secret;
use store::inspect::is_local;

use super::finding::Finding;
use super::patient::Patient;
use crate::config::{COMMENTED_DEFAULTS, Config};

/// Everything that can be seen without calling anybody.
pub fn look(patient: &Patient) -> Vec<Finding> {
    let config = &patient.config;
    let mut findings: Vec<Finding> = patient
        .faults
        .iter()
        .map(|fault| Finding::failure(fault, "persontjenesten config prints every setting"))
        .collect();
    if let Err(fault) = config.keys.keys() {
        let what = format!("{fault:#}");
        findings.push(Finding::failure(what, "ingest and bulk do not start without: set [keys]"));
    }
    findings.extend(config.ingest.faults().into_iter().map(|fault| {
        Finding::failure(format!("ingest.{fault}"), "ingest and bulk do not start: set it")
    }));
    findings.extend(weak_keys(config));
    findings.extend(unprotected(config));
    findings.extend(readable_files(patient));
    if findings.is_empty() {
        let file = patient.file.as_ref().map(|file| format!("{}: ", file.display()));
        let settings = COMMENTED_DEFAULTS.lines().filter(|line| line.contains(" = ")).count();
        let what = format!("{}nothing wrong in {settings} settings", file.unwrap_or_default());
        findings.push(Finding::ok(what));
    }
    findings
}

/// A key of few different bytes was typed, not made.
fn weak_keys(config: &Config) -> Vec<Finding> {
    let keys = [
        ("keys.sealing_key", &config.keys.sealing_key),
        ("keys.number_hash_key", &config.keys.number_hash_key),
    ];
    let is_weak = |(_, key): &(&str, &Secret)| {
        let bytes = BASE64_STANDARD.decode(key.expose()).unwrap_or_default();
        let distinct: std::collections::HashSet<u8> = bytes.iter().copied().collect();
        bytes.len() == 32 && distinct.len() < 8
    };
    let to_do = "make one with: openssl rand -base64 32";
    let weak = keys.into_iter().filter(is_weak);
    let mut findings: Vec<Finding> =
        weak.map(|(name, _)| Finding::warning(format!("{name} is no random key"), to_do)).collect();
    let [(_, sealing), (_, hashing)] = keys;
    if !sealing.is_empty() && sealing == hashing {
        findings.push(Finding::warning("both keys are the same", to_do));
    }
    findings
}

/// What leaves this machine without TLS.
fn unprotected(config: &Config) -> Vec<Finding> {
    let helseid = &config.api.helseid;
    let (freg, krr) = (&config.ingest.freg, &config.ingest.krr);
    let urls = [
        ("api.public_base_url", &config.api.public_base_url),
        ("api.helseid.issuer", &helseid.issuer),
        ("api.helseid.metadata_url", &helseid.metadata_url),
        ("api.helseid.jwks_url", &helseid.jwks_url),
        ("ingest.freg.base_url", &freg.base_url),
        ("ingest.freg.maskinporten.token_url", &freg.maskinporten.token_url),
        ("ingest.krr.base_url", &krr.base_url),
        ("ingest.krr.maskinporten.token_url", &krr.maskinporten.token_url),
        ("call.issuer", &config.call.issuer),
        ("call.api_url", &config.call.api_url),
    ];
    let in_clear = urls.into_iter().filter(|(_, url)| is_http_elsewhere(url));
    let mut findings: Vec<Finding> = in_clear
        .map(|(name, _)| {
            Finding::warning(format!("{name} is http, and not on this machine"), "use https")
        })
        .collect();
    let databases = std::iter::once(("store.url", &config.store.url))
        .chain(config.store.read_urls.iter().map(|url| ("store.read_urls", url)));
    let is_safe = |url: &Secret| {
        url.is_empty()
            || is_local(url)
            || ["require", "verify-ca", "verify-full"]
                .iter()
                .any(|mode| url.expose().contains(&format!("sslmode={mode}")))
    };
    findings.extend(databases.filter(|(_, url)| !is_safe(url)).map(|(name, _)| {
        Finding::warning(
            format!("{name} leads to another machine and does not ask for TLS"),
            "add ?sslmode=verify-full to it",
        )
    }));
    findings
}

fn is_http_elsewhere(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    url.scheme() == "http" && !is_here
}

/// Files with secrets that others than their owner may read.
fn readable_files(patient: &Patient) -> Vec<Finding> {
    let config = &patient.config;
    let has_secrets = !config.keys.sealing_key.is_empty() || !config.store.url.is_empty();
    let files = [
        patient.file.as_deref().filter(|_| has_secrets),
        Some(config.ingest.freg.maskinporten.key_file.as_path()),
        Some(config.ingest.krr.maskinporten.key_file.as_path()),
        Some(config.call.key_file.as_path()),
    ];
    let told = |file: &Path| {
        Finding::warning(
            format!("{} holds secrets, and others than its owner can read it", file.display()),
            format!("chmod 600 {}", file.display()),
        )
    };
    files.into_iter().flatten().filter(|file| others_may_read(file)).map(told).collect()
}

fn others_may_read(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|seen| seen.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Severity, worst};
    use super::*;

    #[test]
    fn http_is_for_this_machine_alone() {
        for (url, expected) in [
            ("http://127.0.0.1:1", false),
            ("http://localhost/x", false),
            ("http://[::1]:8", false),
            ("https://h", false),
            ("http://h", true),
            ("http://10.0.0.1", true),
            ("", false),
        ] {
            assert_eq!(is_http_elsewhere(url), expected, "{url}");
        }
    }

    #[test]
    fn typed_keys_and_twins_are_told_without_being_shown() {
        let key = |byte: u8| Secret::new(BASE64_STANDARD.encode([byte; 32]));
        let mut config = Config::default();
        assert!(weak_keys(&config).is_empty());
        config.keys.sealing_key = key(b'a');
        config.keys.number_hash_key = key(b'a');
        let told: Vec<String> = weak_keys(&config).into_iter().map(|found| found.what).collect();
        assert_eq!(told.len(), 3);
        assert!(!told.join(" ").contains(key(b'a').expose()));
    }

    #[test]
    fn a_database_elsewhere_is_asked_for_tls() {
        let judged = |url: &str| {
            let mut config = Config::default();
            config.store.url = Secret::new(url);
            worst(&unprotected(&config))
        };
        assert_eq!(judged("postgres://u:p@127.0.0.1/d"), Severity::Ok);
        assert_eq!(judged("postgres://u:p@db.example/d?sslmode=verify-full"), Severity::Ok);
        assert_eq!(judged("postgres://u:p@db.example/d"), Severity::Warning);
    }
}
