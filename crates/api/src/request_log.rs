//! One line in the log and one measurement for each request: the route's template, never the path.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use register::version::Version;
use tracing::{Instrument, Span};
use uuid::Uuid;

use crate::app::App;
use crate::auth::Caller;
use crate::metrics;
use crate::problem::{self, Code};
use crate::version;

/// The header that holds the request's name in our log.
static TRACE_ID: HeaderName = HeaderName::from_static("trace-id");

/// Stands for a status where there was nobody to tell it to.
const CLIENT_LEFT: u16 = 499;

/// How many persons an answer holds, and from which package. Put on the response by a handler.
#[derive(Clone, Copy)]
pub(crate) struct Answered {
    pub(crate) package: &'static str,
    pub(crate) persons: u64,
}

/// Names the request, has it answered, completes the answer, and writes down what happened.
pub(crate) async fn record(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let trace_id = Uuid::new_v4().simple().to_string();
    let caller = Caller::default();
    request.extensions_mut().insert(caller.clone());

    let span = tracing::info_span!("request", trace_id, route);
    let unanswered = Unanswered { span: &span, method, route, started };
    let response = next.run(request).instrument(span.clone()).await;
    // There is an answer, so there is nothing to write down for its absence.
    std::mem::forget(unanswered);
    let base_url = &app.config.public_base_url;
    let mut response = problem::complete(response, base_url, instance(route), &trace_id);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&trace_id) {
        headers.insert(TRACE_ID.clone(), value);
    }
    if version::of_path(route) == Some(Version::V2) {
        headers.extend(app.farewell.iter().cloned());
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    span.in_scope(|| write_down(method, route, &response, &caller, started.elapsed()));
    response
}

/// Writes down a request whose client left before there was an answer: the work on it is dropped
/// where it stands, and nothing after it runs.
struct Unanswered<'a> {
    span: &'a Span,
    method: &'static str,
    route: &'a str,
    started: Instant,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        let elapsed = self.started.elapsed();
        metrics::request(self.method, self.route, CLIENT_LEFT, elapsed);
        let elapsed_ms = elapsed.as_secs_f64() * 1000.0;
        self.span.in_scope(|| tracing::info!(method = self.method, elapsed_ms, "the client left"));
    }
}

fn write_down(
    method: &'static str,
    route: &str,
    response: &Response,
    caller: &Caller,
    elapsed: Duration,
) {
    let status = response.status().as_u16();
    let problem = response.extensions().get::<Code>().copied();
    let answered = response.extensions().get::<Answered>();
    metrics::request(method, route, status, elapsed);
    if let Some(code) = problem {
        metrics::problem(code);
    }
    if let Some(answered) = answered {
        metrics::persons(answered.package, answered.persons);
    }
    let token = caller.token();
    tracing::info!(
        method,
        status,
        elapsed_ms = elapsed.as_secs_f64() * 1000.0,
        problem = problem.map(|code| code.entry().name),
        package = answered.map(|answered| answered.package),
        persons = answered.map(|answered| answered.persons),
        client.id = token.map(|token| token.client_id.as_str()),
        organisation.parent = token.and_then(|token| token.orgnr_parent.as_deref()),
        organisation.child = token.and_then(|token| token.orgnr_child.as_deref()),
        organisation.supplier = token.and_then(|token| token.orgnr_supplier.as_deref()),
        "request"
    );
}

/// The resource without its ids: the template up to the first of them.
fn instance(route: &str) -> &str {
    match route.split_once("/{") {
        Some((resource, _)) => resource,
        None if route.starts_with('/') => route,
        None => "/",
    }
}

/// A client can make up methods; a metric's labels must not grow with them.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_holds_no_id() {
        let route = "/api/v3/full-access/person/{id}";
        assert_eq!(instance(route), "/api/v3/full-access/person");
        assert_eq!(instance("/ping"), "/ping");
        assert_eq!(instance("unmatched"), "/");
    }

    #[test]
    fn a_method_that_is_made_up_has_one_name() {
        let method = Method::from_bytes(b"BREW").expect("a method");
        assert_eq!(method_name(&method), "other");
    }
}
