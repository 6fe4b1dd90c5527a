//! What collecting contact details from KRR needs to know.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::{MaskinportenConfig, is_http_url};

/// Contact details, mailboxes, and the feed of changes.
const SCOPE: &str = "krr:global/kontaktinformasjon.read krr:global/digitalpost.read \
                     krr:global/hentendring.read";

/// Where KRR, the register of contact details, is and how it is called.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KrrConfig {
    /// The address that KRR's resources are added to: `https://…/rest/v2`. Empty: no contact
    /// details are collected.
    pub base_url: String,
    /// How often the feed is read when there is nothing left to read. KRR wants it at least daily.
    pub poll_interval_ms: u64,
    /// How often everybody in the register without contact details is looked up again.
    pub lookup_interval_s: u64,
    /// How long a connection may take to open.
    pub connect_timeout_ms: u64,
    /// How long one call may take, its answer included.
    pub call_timeout_ms: u64,
    /// The largest answer that is read. A thousand persons are about 1 MB, 4 with certificates.
    pub answer_bytes_max: usize,
    /// The longest pause between two attempts at the same call.
    pub retry_pause_max_ms: u64,
    /// Where access tokens come from.
    #[serde(deserialize_with = "with_scope")]
    pub maskinporten: MaskinportenConfig,
}

impl Default for KrrConfig {
    fn default() -> Self {
        KrrConfig {
            base_url: String::new(),
            poll_interval_ms: 60_000,
            lookup_interval_s: 3_600,
            connect_timeout_ms: 5_000,
            call_timeout_ms: 30_000,
            answer_bytes_max: 64 * 1024 * 1024,
            retry_pause_max_ms: 60_000,
            maskinporten: MaskinportenConfig {
                scope: SCOPE.to_owned(),
                ..MaskinportenConfig::default()
            },
        }
    }
}

/// Settings that are left out have the defaults that suit FREG, and FREG's scope is no use here.
fn with_scope<'de, D: Deserializer<'de>>(from: D) -> Result<MaskinportenConfig, D::Error> {
    let mut config = MaskinportenConfig::deserialize(from)?;
    if config.scope == MaskinportenConfig::default().scope {
        SCOPE.clone_into(&mut config.scope);
    }
    Ok(config)
}

impl KrrConfig {
    /// Whether contact details are collected at all.
    pub fn is_used(&self) -> bool {
        !self.base_url.is_empty()
    }

    /// The pause between two readings of the feed when it has nothing new.
    pub fn poll_interval(&self) -> Duration {
        Duration::from_millis(self.poll_interval_ms.max(1))
    }

    /// The time from the beginning of one pass over everybody to that of the next.
    pub fn lookup_interval(&self) -> Duration {
        Duration::from_secs(self.lookup_interval_s)
    }

    /// Every fault that can be seen without calling anybody; none where nothing is collected.
    pub(super) fn faults(&self) -> Vec<String> {
        if !self.is_used() {
            return Vec::new();
        }
        let MaskinportenConfig { token_url, audience, client_id, scope, key_file, key_id: _ } =
            &self.maskinporten;
        let empty = " is empty";
        let checks = [
            (!is_http_url(&self.base_url), "base_url", " is no http or https address"),
            (self.lookup_interval_s == 0, "lookup_interval_s", " must be at least 1"),
            (self.call_timeout_ms == 0, "call_timeout_ms", " must be at least 1"),
            (self.answer_bytes_max == 0, "answer_bytes_max", " must be at least 1"),
            (!is_http_url(token_url), "maskinporten.token_url", " is no http or https address"),
            (audience.is_empty(), "maskinporten.audience", empty),
            (client_id.is_empty(), "maskinporten.client_id", empty),
            (scope.is_empty(), "maskinporten.scope", empty),
            (*key_file == PathBuf::new(), "maskinporten.key_file", empty),
        ];
        let told = checks.into_iter().filter(|(is_wrong, ..)| *is_wrong);
        told.map(|(_, name, fault)| format!("krr.{name}{fault}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> KrrConfig {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_scope_is_that_of_krr_unless_another_is_set() {
        for json in ["{}", r#"{"maskinporten": {"client_id": "c"}}"#] {
            let scope = read(json).maskinporten.scope;
            assert!(scope.ends_with(" krr:global/hentendring.read"), "{scope}");
            assert_eq!(scope.split(' ').count(), 3);
        }
        assert_eq!(read(r#"{"maskinporten": {"scope": "a:b"}}"#).maskinporten.scope, "a:b");
    }

    #[test]
    fn faults_are_told_only_when_krr_is_used() {
        assert_eq!(KrrConfig::default().faults(), Vec::<String>::new());
        let config = read(r#"{"base_url": "krr.example", "lookup_interval_s": 0}"#);
        let faults = config.faults();
        for fault in [
            "krr.base_url is no http or https address",
            "krr.lookup_interval_s must be at least 1",
            "krr.maskinporten.token_url is no http or https address",
            "krr.maskinporten.key_file is empty",
        ] {
            assert!(faults.iter().any(|told| told == fault), "{fault}: {faults:?}");
        }
    }
}
