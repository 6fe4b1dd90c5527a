//! How KRR says no: the body that its kind of server has, and for tokens the challenge of RFC 6750.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refused call. It never repeats anything of the call.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    header: Option<(HeaderName, HeaderValue)>,
}

const fn plain(status: StatusCode) -> Refusal {
    Refusal { status, header: None }
}

fn challenge(status: StatusCode, value: &'static str) -> Refusal {
    Refusal { status, header: Some((WWW_AUTHENTICATE, HeaderValue::from_static(value))) }
}

impl Refusal {
    /// 400: not the body that is described, or too many numbers.
    pub(crate) fn bad_request() -> Refusal {
        plain(StatusCode::BAD_REQUEST)
    }

    /// 401: no token, or one that is not valid.
    pub(crate) fn unauthorized() -> Refusal {
        challenge(StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#)
    }

    /// 403: a token without the scope.
    pub(crate) fn forbidden() -> Refusal {
        challenge(StatusCode::FORBIDDEN, r#"Bearer error="insufficient_scope""#)
    }

    /// 404.
    pub(crate) fn not_found() -> Refusal {
        plain(StatusCode::NOT_FOUND)
    }

    /// 405.
    pub(crate) fn method_not_allowed() -> Refusal {
        plain(StatusCode::METHOD_NOT_ALLOWED)
    }

    /// 415: the body is not said to be JSON.
    pub(crate) fn unsupported_media_type() -> Refusal {
        plain(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    /// 429; `Retry-After` is in seconds, as the standard has it.
    pub(crate) fn throttled() -> Refusal {
        let header = Some((RETRY_AFTER, HeaderValue::from_static("1")));
        Refusal { status: StatusCode::TOO_MANY_REQUESTS, header }
    }

    /// 500.
    pub(crate) fn broken() -> Refusal {
        plain(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// 503.
    pub(crate) fn unavailable() -> Refusal {
        plain(StatusCode::SERVICE_UNAVAILABLE)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let reason = self.status.canonical_reason().unwrap_or_default();
        let body = json!({
            "timestamp": jiff::Timestamp::now().to_string(),
            "status": self.status.as_u16(),
            "error": reason,
        });
        let mut response = (self.status, Json(body)).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
