//! The two versions of the contract: how a request says which one it means, and how an answer says
//! that the older one will end.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use jiff::fmt::rfc2822;
use register::version::Version;

use crate::auth::{Access, FullAccess, LegalBasis, NoLegalBasis, RestrictedAccess};
use crate::config::Version2Config;
use crate::problem::{Code, Problem};

static API_VERSION: HeaderName = HeaderName::from_static("api-version");
static DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
static SUNSET: HeaderName = HeaderName::from_static("sunset");

/// The path below which a rights package's operations are.
pub(crate) fn prefix<A: Access>() -> String {
    match A::VERSION {
        Version::V2 => format!("/api/{}", A::NAME),
        Version::V3 => format!("/api/v3/{}", A::NAME),
    }
}

/// The version that a route or a path, in lower case, belongs to; none outside the packages.
pub(crate) fn of_path(path: &str) -> Option<Version> {
    let below = |prefix: String| {
        path.strip_prefix(&prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if below(prefix::<FullAccess>()) || below(prefix::<RestrictedAccess>()) {
        Some(Version::V3)
    } else if below(prefix::<LegalBasis>()) || below(prefix::<NoLegalBasis>()) {
        Some(Version::V2)
    } else {
        None
    }
}

/// What a request cannot say in version 2: parameters, header fields and fields of forms. They are
/// neither described there nor read.
const NEWER_PARAMETERS: &[&str] = &[
    "maxLimit",
    "waitSeconds",
    "includeEventTime",
    "If-None-Match",
    "DeathDateFrom",
    "DeathDateTo",
    "tolerantSpelling",
    "includeTotalCount",
];

/// Whether a parameter or a form's field, in any case, came with version 3.
pub(crate) fn is_newer(name: &str) -> bool {
    NEWER_PARAMETERS.iter().any(|newer| newer.eq_ignore_ascii_case(name))
}

/// Accepts the header `api-version` if it is absent or empty, or names the version that the path
/// belongs to. The path alone decides; a header that says otherwise means that the client expects
/// something that it will not get, and it is told so.
pub(crate) fn check_header(headers: &HeaderMap, version: Version) -> Result<(), Problem> {
    let mut sent = headers.get_all(&API_VERSION).iter();
    let (first, second) = (sent.next(), sent.next());
    let named = first.map_or(Some(""), |value| value.to_str().ok()).map(str::trim);
    let is_good = |named: &str| {
        named.is_empty() || named.strip_suffix(".0").unwrap_or(named) == version.name()
    };
    if second.is_none() && named.is_some_and(is_good) {
        return Ok(());
    }
    Err(Problem::new(Code::VersionNotServed))
}

/// What answers in version 2 say about its end: RFC 9745 and RFC 8594.
pub(crate) fn farewell(config: &Version2Config) -> Vec<(HeaderName, HeaderValue)> {
    let deprecation = config.deprecated().map(|at| format!("@{}", at.as_second()));
    let date = |at| rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok();
    let sunset = config.sunset().and_then(date);
    let headers = [(&DEPRECATION, deprecation), (&SUNSET, sunset)];
    let written = headers
        .into_iter()
        .filter_map(|(name, text)| Some((name.clone(), HeaderValue::from_str(&text?).ok()?)));
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_a_version_or_to_none() {
        for (path, version) in [
            ("/api/v3/full-access/person/{id}", Some(Version::V3)),
            ("/api/v3/restricted-access", Some(Version::V3)),
            ("/api/legal-basis/event", Some(Version::V2)),
            ("/api/no-legal-basis/person/get-by-nin", Some(Version::V2)),
            ("/api/no-legal-basis-at-all", None),
            ("/api/v2/legal-basis/event", None),
            ("/ping", None),
            ("", None),
        ] {
            assert_eq!(of_path(path), version, "{path}");
        }
    }

    #[test]
    fn the_header_agrees_with_the_path_or_is_absent() {
        let check = |version, sent: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(&API_VERSION, value.parse().expect("a header value"));
            }
            check_header(&headers, version).map_err(|problem| problem.code())
        };
        for (version, own) in [(Version::V2, "2"), (Version::V3, "3")] {
            for sent in
                [[].as_slice(), &[""], &[own], &[&format!("{own}.0")], &[&format!(" {own} ")]]
            {
                assert_eq!(check(version, sent), Ok(()), "{version:?} {sent:?}");
            }
            let older = ["0.5", "1", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6"];
            let strange = ["4", "2.1", "3.1", "v3", "02", "2,3", "æ", ".0", "two"];
            for sent in older.iter().chain(&strange) {
                assert_eq!(check(version, &[sent]), Err(Code::VersionNotServed), "{sent}");
            }
            assert_eq!(check(version, &[own, own]), Err(Code::VersionNotServed));
        }
        assert!(check(Version::V2, &["3"]).is_err() && check(Version::V3, &["2"]).is_err());
    }

    #[test]
    fn the_end_is_told_as_the_standards_write_it() {
        let told = farewell(&Version2Config::default());
        let told: Vec<_> = told.iter().map(|(_, value)| value.to_str().expect("text")).collect();
        assert_eq!(told, ["@1767222000", "Fri, 31 Dec 2027 23:00:00 GMT"]);
        let silent = Version2Config {
            deprecated_at: String::new(),
            sunset_at: String::new(),
            ..Version2Config::default()
        };
        assert_eq!(farewell(&silent), []);
    }
}
