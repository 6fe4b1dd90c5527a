//! The interface descriptions: written from the handlers, so that no route exists without one.

mod edition;
mod example;
mod older;

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use register::version::Version;
use serde_json::Value;
use utoipa::__dev::SchemaReferences;
use utoipa::Path;
use utoipa::openapi::path::{Operation, Paths};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    Content, Header, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    Type,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::{PathItemExt, routes};

use crate::app::App;
use crate::auth::{Access, FullAccess, LegalBasis, NoLegalBasis, RestrictedAccess};
use crate::ping::{__path_ping, ping};
use crate::problem::{self, ProblemDetails};
use crate::{events, lookup, search, version};
use edition::{SECURITY, frame, scope};

/// The description of the public interface in a version.
pub fn openapi(version: Version) -> Value {
    let mut document = documented_routes(version).1;
    document.merge(ping_route().into_openapi());
    edition::finish(&mut document, version);
    example::add(&mut document, version);
    // Maps with text keys and plain values only: writing them cannot fail.
    older::as_3_0(serde_json::to_value(document).unwrap_or_default())
}

/// The description as it is committed and served: indented JSON with a line end.
pub fn to_json(document: &Value) -> String {
    format!("{document:#}\n")
}

/// The routes of a version's packages, with their description.
pub(crate) fn documented_routes(version: Version) -> (Router<Arc<App>>, OpenApi) {
    let routes = OpenApiRouter::with_openapi(frame(version));
    let routes = match version {
        Version::V2 => below::<NoLegalBasis>(below::<LegalBasis>(routes)),
        Version::V3 => below::<RestrictedAccess>(below::<FullAccess>(routes)),
    };
    routes.split_for_parts()
}

fn below<A: Access>(routes: OpenApiRouter<Arc<App>>) -> OpenApiRouter<Arc<App>> {
    routes.nest(&version::prefix::<A>(), package_routes::<A>())
}

/// The route that answers without a token.
pub(crate) fn ping_route() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default().routes(routes!(ping))
}

fn package_routes<A: Access>() -> OpenApiRouter<Arc<App>> {
    let routes = OpenApiRouter::default()
        .routes(operation::<A, events::__path_get_latest_event, _>(events::get_latest_event::<A>))
        .routes(operation::<A, events::__path_get_events, _>(events::get_events::<A>))
        .routes(operation::<A, lookup::__path_get_person, _>(lookup::get_person::<A>))
        .routes(operation::<A, lookup::__path_get_person_by_nin, _>(lookup::get_person_by_nin::<A>))
        .routes(operation::<A, lookup::__path_get_persons, _>(lookup::get_persons::<A>))
        .routes(operation::<A, lookup::__path_get_persons_by_nin, _>(
            lookup::get_persons_by_nin::<A>,
        ))
        .routes(operation::<A, search::__path_search_persons, _>(search::search_persons::<A>))
        .routes(operation::<A, search::__path_get_paged_match_list, _>(
            search::get_paged_match_list::<A>,
        ))
        .routes(operation::<A, search::__path_get_match_count, _>(search::get_match_count::<A>));
    match A::VERSION {
        Version::V3 => routes,
        // Gone in version 3, which has pages.
        Version::V2 => routes
            .routes(operation::<A, search::__path_get_match_list, _>(search::get_match_list::<A>)),
    }
}

/// A handler and its description, for one package. What all operations share is added here. This
/// is what utoipa's `routes!` does, which takes no handler with a type parameter.
fn operation<A: Access, D: Path + SchemaReferences, T: 'static>(
    handler: impl Handler<T, Arc<App>>,
) -> UtoipaMethodRouter<Arc<App>> {
    let mut schemas = vec![(ProblemDetails::name().into_owned(), ProblemDetails::schema())];
    D::schemas(&mut schemas);
    let methods = D::methods();
    let router = methods.iter().fold(MethodRouter::new(), |router, method| {
        router.on(method.to_method_filter(), handler.clone())
    });
    let mut paths = Paths::new();
    paths.add_path_operation(D::path(), methods, described::<A>(D::operation()));
    (schemas, paths, router)
}

fn described<A: Access>(mut operation: Operation) -> Operation {
    let package = A::NAME.replace('-', "_");
    operation.operation_id = operation.operation_id.map(|name| format!("{package}_{name}"));
    operation.tags = Some(vec![A::NAME.to_owned()]);
    let scope = scope(A::PACKAGE, A::VERSION);
    operation.security = Some(vec![SecurityRequirement::new(SECURITY, [scope])]);
    edition::fit_operation(&mut operation, A::VERSION);
    let answers_persons = operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == PARTS));
    let responses = &mut operation.responses.responses;
    if let Some(RefOr::T(found)) = responses.get_mut("200")
        && answers_persons
    {
        let headers = PERSON_HEADERS.iter().map(|(name, text)| ((*name).to_owned(), header(text)));
        found.headers.extend(headers);
    }
    for (status, text) in REFUSALS.iter().chain(edition::refusals(A::VERSION)) {
        responses.insert((*status).to_owned(), refusal(text));
    }
    for (status, text) in REFUSALS_OF_BODIES.iter().filter(|_| operation.request_body.is_some()) {
        responses.insert((*status).to_owned(), refusal(text));
    }
    operation
}

const PARTS: &str = "informationParts";

/// Headers of an answer with persons.
const PERSON_HEADERS: &[(&str, &str)] = &[
    (
        "Withheld-Information-Parts",
        "The parts that were asked for and are never shown to this rights package, with commas \
         between. Absent when there are none.",
    ),
    (
        "Possibly-Stale-Persons",
        "The ids of the persons in the answer for whom a newer document has come that could not \
         be read yet, with commas between. Absent when there are none.",
    ),
];

/// What every operation of a package may answer instead of a result.
const REFUSALS: &[(&str, &str)] = &[
    ("400", "Values that cannot be used; `errors` names them all, by field"),
    ("414", "The path and query together are too long"),
    ("429", "This client has too many requests in progress; `Retry-After` says when to come back"),
    ("431", "The header fields are too many or too long"),
    ("500", "A fault of ours; `traceId` finds it in our log"),
    (
        "503",
        "The server is busy, too slow, or cannot reach the register or HelseID now; `Retry-After` \
         says when to come back",
    ),
    ("default", "Any other refusal or fault; the catalogue is at /problems"),
];

/// What an operation with a body may answer besides.
const REFUSALS_OF_BODIES: &[(&str, &str)] = &[
    ("408", "The body did not arrive in time"),
    ("413", "The body is too large"),
    ("415", "The body is not a form"),
];

fn header(text: &str) -> RefOr<Header> {
    let text_schema = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new().schema(Some(text_schema)).description(Some(text)).build().into()
}

fn refusal(text: &str) -> RefOr<Response> {
    let body = Content::new(Some(Ref::from_schema_name(ProblemDetails::name())));
    ResponseBuilder::new().description(text).content(problem::MEDIA_TYPE, body).build().into()
}

#[cfg(test)]
mod tests;
