//! All routes, and what every request passes on its way to one.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{self, HeaderMap, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use bytes::Bytes;
use register::version::Version;
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;

use crate::admission::admit;
use crate::app::App;
use crate::auth::challenge;
use crate::config::LimitConfig;
use crate::openapi::{self, documented_routes};
use crate::page;
use crate::parameters::{Fields, url_holds_identity_number};
use crate::problem::catalogue::find;
use crate::problem::{CATALOGUE, Code, Entry, Problem, type_url};
use crate::request_log::record;
use crate::version;

/// The routes of the public listener.
///
/// From the outside in: the request log, so that nothing goes unlogged; the catch of panics;
/// checks of the head; for the register's own routes a place among the requests in progress
/// and a deadline; then the guard and the limits on the body, which are the handlers' arguments.
pub(crate) fn router(app: Arc<App>) -> Router {
    let [v2, v3] = Version::ALL.map(documented_routes);
    let described = Version::ALL.map(|version| {
        let document = Bytes::from(openapi::to_json(&openapi::openapi(version)));
        let address = format!("/swagger/v{}/swagger.json", version.name());
        (address, get(|| async { json(document) }))
    });
    let described = described
        .into_iter()
        .fold(Router::new(), |routes, (address, document)| routes.route(&address, document));
    v2.0.merge(v3.0)
        .route_layer(from_fn_with_state(app.clone(), admit))
        .merge(openapi::ping_route().split_for_parts().0)
        .merge(described)
        .merge(page::routes(&app.config))
        .route("/problems", get(problems))
        .route("/problems/{code}", get(problem))
        .fallback(|| async { Problem::new(Code::AddressNotFound) })
        .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed) })
        .layer(from_fn_with_state(app.clone(), check_head))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), record))
        .with_state(app)
}

/// Refuses what must not stand in an address or is too much of a head, before anything else looks
/// at it.
async fn check_head(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let limits = &app.config.limits;
    match address_problem(request.uri(), limits.uri_bytes_max)
        .or_else(|| fields_problem(request.headers(), limits))
        .or_else(|| host_problem(&request))
    {
        // RFC 6750 §3.1: a token where none may stand is a malformed request, not a wrong token.
        Some(Code::TokenInUrl) => {
            let version = version::of_path(request.uri().path()).unwrap_or(Version::V3);
            let challenge = challenge(version, "error=\"invalid_request\"");
            Problem::new(Code::TokenInUrl).challenge(&challenge).into_response()
        }
        Some(code) => Problem::new(code).into_response(),
        None => next.run(request).await,
    }
}

fn fields_problem(fields: &HeaderMap, limits: &LimitConfig) -> Option<Code> {
    let bytes: usize = fields.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let too_large = fields.len() > limits.headers_max || bytes > limits.header_bytes_max;
    too_large.then_some(Code::HeadTooLarge)
}

fn address_problem(uri: &Uri, bytes_max: usize) -> Option<Code> {
    let query = uri.query();
    if uri.path().len() + query.map_or(0, str::len) > bytes_max {
        Some(Code::UriTooLong)
    } else if url_holds_identity_number(uri.path(), query) {
        Some(Code::IdentityNumberInUrl)
    } else if query.is_some_and(|query| Fields::parse(query.as_bytes()).has("access_token")) {
        Some(Code::TokenInUrl)
    } else {
        None
    }
}

/// In HTTP/2 the host stands among what is not a header field.
fn host_problem(request: &Request) -> Option<Code> {
    let hosts = request.headers().get_all(HOST).iter().count();
    (request.version() == http::Version::HTTP_11 && hosts != 1).then_some(Code::HostNotSingle)
}

fn panicked(_: Box<dyn Any + Send>) -> Response<Body> {
    // The panic's own text may hold data; the hook has written where it happened.
    tracing::error!("a handler panicked");
    Problem::new(Code::InternalError).into_response()
}

fn json(document: Bytes) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], document)
}

/// A row of the catalogue, as it is published.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PublishedProblem {
    r#type: String,
    status: u16,
    title: &'static str,
    meaning: &'static str,
    what_to_do: &'static str,
}

impl PublishedProblem {
    fn new(public_base_url: &str, entry: &Entry) -> PublishedProblem {
        PublishedProblem {
            r#type: type_url(public_base_url, entry),
            status: entry.status,
            title: entry.title,
            meaning: entry.meaning,
            what_to_do: entry.remedy,
        }
    }
}

async fn problems(State(app): State<Arc<App>>) -> Json<Vec<PublishedProblem>> {
    let base_url = &app.config.public_base_url;
    Json(CATALOGUE.iter().map(|entry| PublishedProblem::new(base_url, entry)).collect())
}

async fn problem(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
) -> Result<Json<PublishedProblem>, Problem> {
    let entry = find(&code).ok_or(Code::AddressNotFound)?;
    Ok(Json(PublishedProblem::new(&app.config.public_base_url, entry)))
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_a_problem() {
        async fn broken() -> &'static str {
            panic!("a secret")
        }
        let router: Router = Router::new().route("/", get(broken));
        let router = router.layer(CatchPanicLayer::custom(panicked));
        let answer = router.oneshot(Request::new(Body::empty())).await.expect("an answer");
        let problem = answer.extensions().get::<Problem>().expect("a problem");
        assert_eq!(problem.code(), Code::InternalError);
    }

    #[test]
    fn header_fields_are_counted_and_measured() {
        let limits = LimitConfig { headers_max: 2, header_bytes_max: 10, ..Default::default() };
        let of = |fields: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in fields {
                map.append(*name, value.parse().expect("a header value"));
            }
            fields_problem(&map, &limits)
        };
        assert_eq!(of(&[("a", "1234"), ("a", "1234")]), None);
        assert_eq!(of(&[("a", "1234"), ("a", "12345")]), Some(Code::HeadTooLarge));
        assert_eq!(of(&[("a", "1"), ("a", "1"), ("b", "1")]), Some(Code::HeadTooLarge));
    }

    #[test]
    fn an_address_is_checked_for_length_numbers_and_tokens() {
        for (uri, expected) in [
            ("/ping", None),
            ("/ping?a=b", None),
            ("/ping?ACCESS_TOKEN=x", Some(Code::TokenInUrl)),
            ("/ping?nin=13897248022", Some(Code::IdentityNumberInUrl)),
            ("/ping?a=0123456789012345678901234567890123456789", Some(Code::UriTooLong)),
        ] {
            let uri: Uri = uri.parse().expect("an address");
            assert_eq!(address_problem(&uri, 40), expected, "{uri}");
        }
    }
}
