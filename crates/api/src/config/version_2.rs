//! Settings of version 2 of the contract: until when it is served, and to whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Version 2, which is served beside version 3 until its clients have moved.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Version2Config {
    /// Whether it is served. If not, its addresses answer 410 and say where to go.
    pub enabled: bool,
    /// The scope that opens `/api/legal-basis`.
    pub legal_basis_scope: String,
    /// The scope that opens `/api/no-legal-basis`.
    pub no_legal_basis_scope: String,
    /// Since when, or from when on, it is deprecated, as RFC 3339 (header `Deprecation`). Empty:
    /// nothing is said.
    pub deprecated_at: String,
    /// When it will be switched off, as RFC 3339 (header `Sunset`). Empty: nothing is said.
    pub sunset_at: String,
}

impl Default for Version2Config {
    fn default() -> Version2Config {
        Version2Config {
            enabled: true,
            legal_basis_scope: "nhn:hgd-persontjenesten-api/read-with-legal-basis".to_owned(),
            no_legal_basis_scope: "nhn:hgd-persontjenesten-api/read-no-legal-basis".to_owned(),
            deprecated_at: "2026-01-01T00:00:00+01:00".to_owned(),
            sunset_at: "2028-01-01T00:00:00+01:00".to_owned(),
        }
    }
}

impl Version2Config {
    /// What cannot be used, in words, beside whether it can.
    pub(super) fn checks(&self) -> [(bool, &'static str); 4] {
        let is_time = |text: &str| text.is_empty() || text.parse::<Timestamp>().is_ok();
        let in_order = match (self.deprecated(), self.sunset()) {
            (Some(deprecated), Some(sunset)) => deprecated <= sunset,
            _ => true,
        };
        [
            (
                !self.legal_basis_scope.is_empty()
                    && !self.no_legal_basis_scope.is_empty()
                    && self.legal_basis_scope != self.no_legal_basis_scope,
                "version_2: both scopes must be there, and differ",
            ),
            (is_time(&self.deprecated_at), "version_2.deprecated_at: as 2026-01-01T00:00:00+01:00"),
            (is_time(&self.sunset_at), "version_2.sunset_at: as 2026-01-01T00:00:00+01:00"),
            (in_order, "version_2.sunset_at: not before deprecated_at"),
        ]
    }

    /// Since when it is deprecated, if that is said.
    pub(crate) fn deprecated(&self) -> Option<Timestamp> {
        self.deprecated_at.parse().ok()
    }

    /// When it will be switched off, if that is said.
    pub(crate) fn sunset(&self) -> Option<Timestamp> {
        self.sunset_at.parse().ok()
    }
}
