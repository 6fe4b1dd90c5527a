//! The explorer of the interface's description: Swagger UI, out of this binary.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use utoipa_swagger_ui::Config;

use super::assets::version;
use super::html::fill;
use crate::app::App;
use crate::problem::{Code, Problem};

const INDEX: &str = include_str!("explorer.html");

/// Swagger UI sets styles on elements and draws its icons from data.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// What the explorer is made of; the rest of the distribution is for other uses.
const FILES: &[&str] =
    &["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"];

/// The files keep their addresses from one release of Swagger UI to the next.
const FOR_A_DAY: &str = "public, max-age=86400";

pub(super) fn routes(prefix: &str) -> Router<Arc<App>> {
    let html = fill(INDEX, &[("prefix", prefix.to_owned()), ("version", version())]);
    let html = Bytes::from(html);
    let headers: [(HeaderName, &str); 4] = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-cache"),
    ];
    Router::new()
        .route("/swagger", get(move || async move { (headers, html) }))
        .route("/swagger/{name}", get(file))
}

async fn file(Path(name): Path<String>) -> Result<Response, Problem> {
    if !FILES.contains(&name.as_str()) {
        return Err(Code::AddressNotFound.into());
    }
    let found = utoipa_swagger_ui::serve(&name, Arc::new(Config::default())).ok().flatten();
    let file = found.ok_or(Code::AddressNotFound)?;
    let mut response = ([(CACHE_CONTROL, FOR_A_DAY)], file.bytes.into_owned()).into_response();
    let headers = response.headers_mut();
    if let Ok(content_type) = HeaderValue::from_str(&file.content_type) {
        headers.insert(CONTENT_TYPE, content_type);
    }
    if file.gzpipped {
        // Compressed at build time; every browser reads it.
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_file_is_in_the_binary() {
        for name in FILES {
            let response = file(Path((*name).to_owned())).await.expect("a file");
            let headers = response.headers();
            assert_eq!(headers.get_all(CONTENT_TYPE).iter().count(), 1, "{headers:?}");
            let content_type = headers[CONTENT_TYPE].to_str().expect("text");
            assert!(content_type.starts_with("text/"), "{name}: {content_type}");
            assert_eq!(headers[CONTENT_ENCODING], "gzip");
        }
        assert!(file(Path("index.html".to_owned())).await.is_err());
    }

    #[test]
    fn the_frame_asks_for_what_is_served() {
        for name in FILES {
            assert!(INDEX.contains(&format!("{{{{prefix}}}}/swagger/{name}")), "{name}");
        }
    }
}
