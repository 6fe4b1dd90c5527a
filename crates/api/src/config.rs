//! What an operator can set for the API, with defaults that fit the external test environment.

mod version_2;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use helseid::Algorithm;
use serde::{Deserialize, Serialize};

use crate::page::PageConfig;
pub use version_2::Version2Config;

/// Settings of the API: where it listens, whose tokens it trusts, and what it refuses to wait for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// Address of the public listener. TLS ends in front of it.
    pub listen: SocketAddr,
    /// Address of the listener for health and metrics. Never exposed to clients.
    pub health_listen: SocketAddr,
    /// The scheme, host and optional path prefix that clients use, without a trailing slash.
    /// DPoP proofs are compared with it, and problem types begin with it.
    pub public_base_url: String,
    /// HelseID: issuer, audience, keys and scopes.
    pub helseid: HelseIdConfig,
    /// Version 2 of the contract, beside version 3.
    pub version_2: Version2Config,
    /// The developer's page.
    pub page: PageConfig,
    /// Upper bounds on sizes and numbers.
    pub limits: LimitConfig,
    /// How long the API waits for what.
    pub timeouts: TimeoutConfig,
}

/// Whose tokens are accepted, and where the keys come from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct HelseIdConfig {
    /// The issuer, compared exactly with the token's `iss`.
    pub issuer: String,
    /// Our own name as an audience; a token must be meant for this name and no other.
    pub audience: String,
    /// The discovery document. Empty: issuer + `/.well-known/openid-configuration`.
    pub metadata_url: String,
    /// The key set. Empty: the `jwks_uri` of the discovery document.
    pub jwks_url: String,
    /// The scope that opens full access.
    pub full_access_scope: String,
    /// The scope that opens restricted access.
    pub restricted_access_scope: String,
    /// Algorithms that an access token may be signed with.
    pub token_algorithms: Vec<String>,
    /// Leeway on a token's `exp` and `nbf`, in seconds.
    pub leeway_s: i64,
    /// How often the keys are fetched anew in the background, in seconds.
    pub keys_refresh_s: u64,
    /// How old the keys may grow while HelseID is away, in seconds. Older keys are not trusted.
    pub keys_usable_s: u64,
    /// Shortest time between two fetches that an unknown key id may cause, in seconds.
    pub unknown_key_interval_s: u64,
}

/// Upper bounds on sizes and numbers. What is above a bound gets a problem that says so.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitConfig {
    /// Connections open at once, as far as the process may open files. Further ones wait in the
    /// kernel's queue, and idle ones are closed early to let them in.
    pub connections_max: usize,
    /// Connections open at once from one address; more are closed at once. All clients behind a
    /// balancer have the balancer's address.
    pub connections_per_peer_max: usize,
    /// Requests worked on at once; more are answered 503 at once instead of queueing. About
    /// twice the database connections that read: more would only wait for one.
    pub requests_max: usize,
    /// Requests for the newest event worked on at once, apart from all others, so that they are
    /// answered while others are refused.
    pub feed_head_requests_max: usize,
    /// Requests that wait for the next event at once (`waitSeconds`), apart from all others; more
    /// are answered 503.
    pub waiting_requests_max: usize,
    /// Requests worked on at once for one client; more are answered 429.
    pub requests_per_client_max: usize,
    /// Bytes in a request body.
    pub body_bytes_max: usize,
    /// Bytes in a request's header fields. At least 8192. A head of more than twice this is not
    /// read to its end.
    pub header_bytes_max: usize,
    /// Header fields in a request.
    pub headers_max: usize,
    /// Bytes in a request's path and query.
    pub uri_bytes_max: usize,
    /// Verified access tokens kept in memory.
    pub cached_tokens_max: usize,
    /// Proof ids kept in memory, to refuse a second use.
    pub remembered_proofs_max: usize,
    /// Concurrent streams in one HTTP/2 connection.
    pub http2_streams_max: u32,
}

/// How long the API waits for what, in milliseconds.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimeoutConfig {
    /// For a whole request head, counted from its first byte or the start of the connection.
    pub header_read_ms: u64,
    /// For the next request to begin on an HTTP/1.1 connection that is kept open. Longer than
    /// the balancer keeps one, so that it is never the server that closes first.
    pub keep_alive_ms: u64,
    /// For a whole request body.
    pub body_read_ms: u64,
    /// For an answer to be ready. Shorter than any client's own patience.
    pub request_ms: u64,
    /// Age at which a connection is closed politely, so that load spreads over the nodes.
    pub connection_age_ms: u64,
    /// For the calls to HelseID.
    pub helseid_ms: u64,
    /// Between readiness failing and the listener closing: one interval of the balancer's checks
    /// and a second more.
    pub drain_wait_ms: u64,
    /// For open requests to finish after the listener closed; then they are cut.
    pub drain_deadline_ms: u64,
}

impl Default for ApiConfig {
    fn default() -> ApiConfig {
        ApiConfig {
            listen: local(8080),
            health_listen: local(8081),
            public_base_url: "http://localhost:8080".to_owned(),
            helseid: HelseIdConfig::default(),
            version_2: Version2Config::default(),
            page: PageConfig::default(),
            limits: LimitConfig::default(),
            timeouts: TimeoutConfig::default(),
        }
    }
}

impl Default for HelseIdConfig {
    fn default() -> HelseIdConfig {
        HelseIdConfig {
            issuer: "https://helseid-sts.test.nhn.no".to_owned(),
            audience: "nhn:hgd-persontjenesten-api".to_owned(),
            metadata_url: String::new(),
            jwks_url: String::new(),
            full_access_scope: "nhn:hgd-persontjenesten-api/full-access".to_owned(),
            restricted_access_scope: "nhn:hgd-persontjenesten-api/restricted-access".to_owned(),
            token_algorithms: vec!["RS256".to_owned()],
            leeway_s: 5,
            keys_refresh_s: 600,
            keys_usable_s: 24 * 60 * 60,
            unknown_key_interval_s: 30,
        }
    }
}

impl Default for LimitConfig {
    fn default() -> LimitConfig {
        LimitConfig {
            connections_max: 12_000,
            connections_per_peer_max: 12_000,
            requests_max: 64,
            feed_head_requests_max: 8,
            waiting_requests_max: 1_000,
            requests_per_client_max: 48,
            body_bytes_max: 64 * 1024,
            header_bytes_max: 16 * 1024,
            headers_max: 64,
            uri_bytes_max: 8 * 1024,
            cached_tokens_max: 20_000,
            remembered_proofs_max: 1_000_000,
            http2_streams_max: 100,
        }
    }
}

impl Default for TimeoutConfig {
    fn default() -> TimeoutConfig {
        TimeoutConfig {
            header_read_ms: 5_000,
            keep_alive_ms: 75_000,
            body_read_ms: 5_000,
            request_ms: 10_000,
            connection_age_ms: 5 * 60 * 1000,
            helseid_ms: 5_000,
            drain_wait_ms: 3_000,
            drain_deadline_ms: 20_000,
        }
    }
}

impl ApiConfig {
    /// Everything that is wrong with these settings, in words; empty when they can be used.
    pub fn faults(&self) -> Vec<String> {
        let (helseid, limits, timeouts) = (&self.helseid, &self.limits, &self.timeouts);
        let checks = [
            (is_base_url(&self.public_base_url), "public_base_url: http(s)://host[:port][/prefix]"),
            (!helseid.issuer.is_empty(), "helseid.issuer: must not be empty"),
            (!helseid.audience.is_empty(), "helseid.audience: must not be empty"),
            (!helseid.full_access_scope.is_empty(), "helseid.full_access_scope: must not be empty"),
            (
                !helseid.restricted_access_scope.is_empty()
                    && helseid.restricted_access_scope != helseid.full_access_scope,
                "helseid.restricted_access_scope: must be there, and another than full access",
            ),
            (!helseid.token_algorithms.is_empty(), "helseid.token_algorithms: must name one"),
            (
                helseid.token_algorithms.iter().all(|name| Algorithm::from_name(name).is_some()),
                "helseid.token_algorithms: RS256, PS256, ES256 and the like",
            ),
            ((0..=60).contains(&helseid.leeway_s), "helseid.leeway_s: 0 to 60"),
            (
                (1..helseid.keys_usable_s).contains(&helseid.keys_refresh_s),
                "helseid.keys_refresh_s: at least 1, and less than keys_usable_s",
            ),
            (self.page.fits(&helseid.issuer), PageConfig::FAULT),
            (limits.header_bytes_max >= 8192, "limits.header_bytes_max: at least 8192"),
            (limits.none_is_zero(), "limits: every one must be at least 1"),
            (timeouts.none_is_zero(), "timeouts: every one but drain_wait_ms must be at least 1"),
        ];
        let checks = checks.into_iter().chain(self.version_2.checks());
        checks.filter(|(good, _)| !good).map(|(_, fault)| (*fault).to_owned()).collect()
    }
}

impl LimitConfig {
    fn none_is_zero(&self) -> bool {
        let sizes = [
            self.connections_max,
            self.connections_per_peer_max,
            self.requests_max,
            self.feed_head_requests_max,
            self.waiting_requests_max,
            self.requests_per_client_max,
            self.body_bytes_max,
            self.headers_max,
            self.uri_bytes_max,
            self.cached_tokens_max,
            self.remembered_proofs_max,
        ];
        !sizes.contains(&0) && self.http2_streams_max > 0
    }
}

impl TimeoutConfig {
    /// Not waiting before the listener closes is a choice; the others must be some time.
    fn none_is_zero(&self) -> bool {
        let times = [
            self.header_read_ms,
            self.keep_alive_ms,
            self.body_read_ms,
            self.request_ms,
            self.connection_age_ms,
            self.helseid_ms,
            self.drain_deadline_ms,
        ];
        !times.contains(&0)
    }
}

impl HelseIdConfig {
    /// Where the discovery document is.
    pub fn metadata_url(&self) -> String {
        if self.metadata_url.is_empty() {
            format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'))
        } else {
            self.metadata_url.clone()
        }
    }
}

/// The duration of a setting in milliseconds.
pub(crate) fn ms(value: u64) -> Duration {
    Duration::from_millis(value)
}

/// This machine only: what listens to the world is a choice.
fn local(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.ends_with('/') && !rest.contains(['?', '#', ' '])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used() {
        assert_eq!(ApiConfig::default().faults(), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let mut config =
            ApiConfig { public_base_url: "localhost/".to_owned(), ..Default::default() };
        config.helseid.audience.clear();
        config.limits.header_bytes_max = 100;
        config.version_2.deprecated_at = "soon".to_owned();
        let faults = config.faults();
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(faults[0].starts_with("public_base_url"));
    }

    #[test]
    fn version_2_ends_after_it_is_deprecated_and_its_scopes_differ() {
        let mut config = ApiConfig::default();
        config.version_2.sunset_at = "2025-12-31T00:00:00Z".to_owned();
        config.version_2.no_legal_basis_scope = config.version_2.legal_basis_scope.clone();
        assert_eq!(config.faults().len(), 2, "{:?}", config.faults());
        config.version_2.sunset_at.clear();
        assert_eq!(config.faults().len(), 1, "{:?}", config.faults());
    }

    #[test]
    fn the_discovery_document_follows_the_issuer() {
        let mut config =
            HelseIdConfig { issuer: "https://sts.example/".into(), ..Default::default() };
        assert_eq!(config.metadata_url(), "https://sts.example/.well-known/openid-configuration");
        config.metadata_url = "http://127.0.0.1:1/meta".to_owned();
        assert_eq!(config.metadata_url(), "http://127.0.0.1:1/meta");
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        let fault = serde_json::from_str::<ApiConfig>(r#"{"lissten":"127.0.0.1:1"}"#);
        assert!(fault.is_err());
    }
}
