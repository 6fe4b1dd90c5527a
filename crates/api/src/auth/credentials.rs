//! What a request brings: exactly one access token, and in version 3 exactly one proof.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};
use register::version::Version;

use crate::problem::Code;

static PROOF: HeaderName = HeaderName::from_static("dpop");

/// The token and the proof as they were sent, unverified. Never shown.
pub(super) struct Credentials<'a> {
    pub(super) token: &'a str,
    /// None in version 2, whose tokens are bound to no key.
    pub(super) proof: Option<&'a str>,
}

/// How a token is sent in this version.
pub(super) fn scheme(version: Version) -> &'static str {
    match version {
        Version::V2 => "Bearer",
        Version::V3 => "DPoP",
    }
}

/// Which problem it is, and the name of the check that failed.
pub(super) type Fault = (Code, &'static str);

impl<'a> Credentials<'a> {
    pub(super) fn read(headers: &'a HeaderMap, version: Version) -> Result<Credentials<'a>, Fault> {
        if !headers.contains_key(AUTHORIZATION) {
            return Err((Code::TokenMissing, "token_missing"));
        }
        let sent = only(headers, &AUTHORIZATION)
            .ok_or((Code::TokenInvalid, "authorization_not_single"))?;
        let (sent_scheme, token) =
            sent.split_once(' ').ok_or((Code::TokenInvalid, "authorization_malformed"))?;
        if !sent_scheme.eq_ignore_ascii_case(scheme(version)) {
            return Err((Code::TokenInvalid, "authorization_scheme"));
        }
        let proof = match version {
            Version::V2 => None,
            Version::V3 => {
                Some(only(headers, &PROOF).ok_or((Code::ProofInvalid, "proof_not_single"))?.trim())
            }
        };
        Ok(Credentials { token: token.trim(), proof })
    }
}

/// The header's value, if it stands exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Sent = [(&'static str, &'static str)];

    fn read(version: Version, sent: &Sent) -> Result<(String, Option<String>), Fault> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().expect("a header value"));
        }
        let read = Credentials::read(&headers, version);
        read.map(|it| (it.token.to_owned(), it.proof.map(str::to_owned)))
    }

    #[test]
    fn a_token_and_a_proof_are_read() {
        let read = |sent: &Sent| read(Version::V3, sent);
        let expected = Ok(("t".to_owned(), Some("p".to_owned())));
        assert_eq!(read(&[("authorization", "DPoP t"), ("dpop", "p")]), expected);
        assert_eq!(read(&[("authorization", "dpop  t "), ("dpop", "p")]), expected);
    }

    #[test]
    fn version_2_takes_a_bearer_token_and_nothing_else() {
        let read = |sent: &Sent| read(Version::V2, sent);
        let expected = Ok(("t".to_owned(), None));
        assert_eq!(read(&[("authorization", "bearer t")]), expected);
        assert_eq!(read(&[("authorization", "Bearer t"), ("dpop", "p")]), expected);
        for sent in ["DPoP t", "Bearer", "Basic t"] {
            assert_eq!(
                read(&[("authorization", sent)]).expect_err("refused").0,
                Code::TokenInvalid
            );
        }
        let twice = [("authorization", "Bearer t"), ("authorization", "Bearer t")];
        assert_eq!(read(&twice).expect_err("refused").0, Code::TokenInvalid);
        assert_eq!(read(&[]).expect_err("refused").0, Code::TokenMissing);
    }

    #[test]
    fn everything_else_is_refused() {
        let cases: [(&[(&str, &str)], Code); 6] = [
            (&[("dpop", "p")], Code::TokenMissing),
            (&[("authorization", "Bearer t"), ("dpop", "p")], Code::TokenInvalid),
            (&[("authorization", "DPoP"), ("dpop", "p")], Code::TokenInvalid),
            (
                &[("authorization", "DPoP t"), ("authorization", "DPoP t"), ("dpop", "p")],
                Code::TokenInvalid,
            ),
            (&[("authorization", "DPoP t")], Code::ProofInvalid),
            (&[("authorization", "DPoP t"), ("dpop", "p"), ("dpop", "p")], Code::ProofInvalid),
        ];
        for (sent, expected) in cases {
            let fault = read(Version::V3, sent).expect_err("refused");
            assert_eq!(fault.0, expected, "{sent:?}");
        }
    }
}
