//! What a request brings: exactly one access token and exactly one proof.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName};

use crate::problem::Code;

static PROOF: HeaderName = HeaderName::from_static("dpop");

/// The token and the proof as they were sent, unverified. Never shown.
pub(super) struct Credentials<'a> {
    pub(super) token: &'a str,
    pub(super) proof: &'a str,
}

/// Which problem it is, and the name of the check that failed.
pub(super) type Fault = (Code, &'static str);

impl<'a> Credentials<'a> {
    pub(super) fn read(headers: &'a HeaderMap) -> Result<Credentials<'a>, Fault> {
        if !headers.contains_key(AUTHORIZATION) {
            return Err((Code::TokenMissing, "token_missing"));
        }
        let sent = only(headers, &AUTHORIZATION)
            .ok_or((Code::TokenInvalid, "authorization_not_single"))?;
        let (scheme, token) =
            sent.split_once(' ').ok_or((Code::TokenInvalid, "authorization_malformed"))?;
        if !scheme.eq_ignore_ascii_case("DPoP") {
            return Err((Code::TokenInvalid, "authorization_scheme"));
        }
        let proof = only(headers, &PROOF).ok_or((Code::ProofInvalid, "proof_not_single"))?;
        Ok(Credentials { token: token.trim(), proof: proof.trim() })
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

    fn read(sent: &[(&'static str, &'static str)]) -> Result<(String, String), Fault> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().expect("a header value"));
        }
        Credentials::read(&headers).map(|c| (c.token.to_owned(), c.proof.to_owned()))
    }

    #[test]
    fn a_token_and_a_proof_are_read() {
        let expected = Ok(("t".to_owned(), "p".to_owned()));
        assert_eq!(read(&[("authorization", "DPoP t"), ("dpop", "p")]), expected);
        assert_eq!(read(&[("authorization", "dpop  t "), ("dpop", "p")]), expected);
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
            assert_eq!(read(sent).expect_err("refused").0, expected, "{sent:?}");
        }
    }
}
