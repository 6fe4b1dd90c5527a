//! Reading a form: of the right type, within the limit, in time.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::app::App;
use crate::config::ms;
use crate::parameters::Fields;
use crate::problem::{Code, Problem};

/// The fields of the form in a request's body.
pub struct Form(pub(crate) Fields);

impl FromRequest<Arc<App>> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Form, Problem> {
        let limit = app.config.limits.body_bytes_max;
        if !is_form(request.headers()) {
            return Err(Code::UnsupportedMediaType.into());
        }
        if announced_length(request.headers()).is_some_and(|length| length > limit) {
            return Err(Code::BodyTooLarge.into());
        }
        let body = Limited::new(request.into_body(), limit).collect();
        match tokio::time::timeout(ms(app.config.timeouts.body_read_ms), body).await {
            Err(_) => Err(Code::BodyTooSlow.into()),
            Ok(Ok(body)) => Ok(Form(Fields::parse(&body.to_bytes()))),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Code::BodyTooLarge.into()),
            // Chunks that are none, or a client that broke off and may still read.
            Ok(Err(_)) => Err(Code::BodyMalformed.into()),
        }
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    let length: &HeaderValue = headers.get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_told_by_its_media_type() {
        for (sent, expected) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-URLEncoded; charset=utf-8", true),
            ("application/json", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, sent.parse().expect("a header value"));
            assert_eq!(is_form(&headers), expected, "{sent}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }
}
