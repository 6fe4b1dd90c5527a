//! Problems (RFC 9457): the only place where a fault becomes a status and a body.

pub mod catalogue;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::error::Error;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub use catalogue::{CATALOGUE, Code, Entry};

/// The media type of a problem body.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What a handler or a guard answers instead of a result.
#[derive(Clone, Debug)]
pub struct Problem {
    code: Code,
    detail: Option<Cow<'static, str>>,
    errors: Faults,
    retry_after_s: Option<u32>,
    challenge: Option<HeaderValue>,
}

/// Faults by field, all of them collected before the request is refused. The texts never repeat
/// a value: it may be an identity number.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Faults(BTreeMap<&'static str, Vec<Cow<'static, str>>>);

impl Faults {
    /// Adds a fault of a field.
    pub fn add(&mut self, field: &'static str, text: impl Into<Cow<'static, str>>) {
        self.0.entry(field).or_default().push(text.into());
    }

    /// Goes on when there is no fault; else refuses with all of them.
    ///
    /// # Errors
    /// The problem `invalid-request`, with the faults by field.
    pub fn check(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Problem { errors: self, ..Problem::new(Code::InvalidRequest) })
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Problem {
        Problem::new(code)
    }
}

impl Problem {
    /// A problem with nothing to add to its row in the catalogue.
    pub fn new(code: Code) -> Problem {
        let retry_after_s = matches!(code.entry().status, 429 | 503).then_some(1);
        Problem { code, detail: None, errors: Faults::default(), retry_after_s, challenge: None }
    }

    /// Which problem it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Says more about this occurrence. Never a value from the request.
    #[must_use]
    pub fn detail(mut self, detail: &'static str) -> Problem {
        self.detail = Some(Cow::Borrowed(detail));
        self
    }

    /// Adds a `WWW-Authenticate` challenge.
    #[must_use]
    pub fn challenge(mut self, challenge: &str) -> Problem {
        self.challenge = HeaderValue::from_str(challenge).ok();
        self
    }

    /// A fault of ours. The whole chain of causes is logged here, once; the caller gets the
    /// trace id only.
    pub fn internal(error: &dyn Error) -> Problem {
        tracing::error!(error = chain(error), "a request failed");
        Problem::new(Code::InternalError)
    }

    /// The database cannot be reached or did not answer in time.
    pub fn register_unavailable(error: &dyn Error) -> Problem {
        tracing::warn!(error = chain(error), "the register cannot be read");
        Problem::new(Code::RegisterUnavailable)
    }
}

/// An error and what caused it, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl IntoResponse for Problem {
    /// Status and headers. The body needs the trace id and the base URL and is written by
    /// [`complete`], outside all other layers.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(self.code.entry().status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = &self.challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// What went wrong, as RFC 9457 describes it. Two more members follow where they apply: `errors`,
/// an object with the faults of each field, and `traceId`, which finds the request in our log.
#[derive(Serialize, ToSchema)]
pub struct ProblemDetails<'a> {
    /// The kind of problem: an address in the published catalogue, and one that can be opened.
    /// It never changes, so a program can tell problems apart by it.
    #[serde(rename = "type")]
    #[schema(nullable, required = false)]
    pub kind: String,
    /// Short text, the same for every occurrence of this kind.
    #[schema(nullable, required = false)]
    pub title: &'a str,
    /// The HTTP status, repeated.
    #[schema(nullable, required = false)]
    pub status: i32,
    /// What happened this time and what to do about it.
    #[schema(nullable, required = false)]
    pub detail: &'a str,
    /// The resource that was asked for, without ids.
    #[schema(nullable, required = false)]
    pub instance: &'a str,
    /// Faults by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub errors: Option<&'a Faults>,
    /// Finds the request in our log.
    #[serde(rename = "traceId")]
    #[schema(ignore)]
    pub trace_id: &'a str,
}

/// Writes the body of a problem. Any other response passes as it is.
pub(crate) fn complete(
    mut response: Response,
    public_base_url: &str,
    instance: &str,
    trace_id: &str,
) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let entry = problem.code.entry();
    let body = ProblemDetails {
        kind: type_url(public_base_url, entry),
        title: entry.title,
        status: i32::from(entry.status),
        detail: problem.detail.as_deref().unwrap_or(entry.remedy),
        instance,
        errors: (!problem.errors.0.is_empty()).then_some(&problem.errors),
        trace_id,
    };
    // Strings and numbers only: writing them cannot fail, and an empty body would still be honest.
    let json = serde_json::to_vec(&body).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response.extensions_mut().insert(problem.code);
    *response.body_mut() = Body::from(json);
    response
}

/// The stable address of a kind of problem.
pub(crate) fn type_url(public_base_url: &str, entry: &Entry) -> String {
    format!("{public_base_url}/problems/{}", entry.name)
}

/// The page `docs/errors.md`, written from the catalogue.
pub fn documentation() -> String {
    let mut page = String::from(INTRODUCTION);
    for entry in CATALOGUE {
        page.push_str(&format!(
            "\n### {}\n\n{} **{}**\n\n{}\n\n*What to do:* {}\n",
            entry.name, entry.status, entry.title, entry.meaning, entry.remedy
        ));
    }
    page
}

const INTRODUCTION: &str = include_str!("problem/introduction.md");

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn json(response: Response) -> serde_json::Value {
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        serde_json::from_slice(&bytes).expect("JSON")
    }

    #[tokio::test]
    async fn a_problem_has_type_errors_and_trace() {
        let mut faults = Faults::default();
        faults.add("informationParts", "at least one is required");
        faults.add("nins", "at most 100");
        let problem = faults.check().expect_err("two faults");
        let response = complete(problem.into_response(), "https://api.example", "/x", "abc");
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()[CONTENT_TYPE], MEDIA_TYPE);
        let body = json(response).await;
        assert_eq!(body["type"], "https://api.example/problems/invalid-request");
        assert_eq!(body["errors"]["nins"][0], "at most 100");
        assert_eq!(body["errors"]["informationParts"][0], "at least one is required");
        assert_eq!(body["instance"], "/x");
        assert_eq!(body["traceId"], "abc");
    }

    #[tokio::test]
    async fn an_internal_error_tells_nothing_of_its_cause() {
        let cause = std::io::Error::other("secret table");
        let response = complete(Problem::internal(&cause).into_response(), "http://a", "/", "t");
        assert_eq!(response.status(), 500);
        let body = json(response).await;
        assert!(!body.to_string().contains("secret"));
        assert_eq!(body["traceId"], "t");
        assert!(body.get("errors").is_none());
    }

    #[test]
    fn what_passes_soon_says_when_to_come_back() {
        for code in [Code::Overloaded, Code::TooManyRequests, Code::RegisterUnavailable] {
            let response = Problem::new(code).into_response();
            assert_eq!(response.headers()[RETRY_AFTER], "1");
        }
        let response = Problem::new(Code::PersonNotFound).into_response();
        assert!(!response.headers().contains_key(RETRY_AFTER));
    }

    #[test]
    fn no_fault_is_no_problem() {
        assert!(Faults::default().check().is_ok());
    }
}
