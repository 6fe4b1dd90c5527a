//! The three shapes in which the register says no.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refused call.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    /// `kode` and `melding`.
    fn short(status: StatusCode, code: &str, message: &str) -> Refusal {
        Refusal { status, body: json!({ "kode": code, "melding": message }) }
    }

    /// 400: the call cannot be understood.
    pub(crate) fn bad_request(code: &str, message: &str) -> Refusal {
        Refusal::short(StatusCode::BAD_REQUEST, code, message)
    }

    /// 404: nothing there, or not there yet.
    pub(crate) fn not_found(code: &str, message: &str) -> Refusal {
        Refusal::short(StatusCode::NOT_FOUND, code, message)
    }

    /// 406: an answer format, a part or a sequence that cannot be had.
    pub(crate) fn not_acceptable(code: &str, message: &str) -> Refusal {
        Refusal::short(StatusCode::NOT_ACCEPTABLE, code, message)
    }

    /// 410: a job that is gone.
    pub(crate) fn gone(code: &str, message: &str) -> Refusal {
        Refusal::short(StatusCode::GONE, code, message)
    }

    /// 401, in the shape with `feilkode`.
    pub(crate) fn unauthorized() -> Refusal {
        Refusal {
            status: StatusCode::UNAUTHORIZED,
            body: json!({
                "httpStatus": 401,
                "alvorlighetsgrad": "FEIL",
                "feilkode": "AUTH-001",
                "feilmelding": "Manglende eller ugyldig token",
                "tilleggsinformasjon": {},
            }),
        }
    }

    /// 429, 500 and 503, in the shape with `feilreferanse`.
    pub(crate) fn for_outsiders(status: StatusCode, code: &str, message: &str) -> Refusal {
        Refusal {
            status,
            body: json!({
                "httpStatus": status.as_u16(),
                "code": code,
                "message": message,
                "feilreferanse": uuid::Uuid::new_v4().to_string(),
            }),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
