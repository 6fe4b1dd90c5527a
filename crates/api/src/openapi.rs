//! The interface description: written from the handlers, so that no route exists without one.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use register::event::EventType;
use register::package::Package;
use register::part::InformationPart;
use utoipa::__dev::SchemaReferences;
use utoipa::Path;
use utoipa::openapi::path::{Operation, Paths};
use utoipa::openapi::security::{
    ClientCredentials, Flow, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, Content, Header, HeaderBuilder, InfoBuilder, ObjectBuilder, OpenApi,
    OpenApiBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::{PathItemExt, routes};

use crate::app::App;
use crate::auth::{Access, FullAccess, RestrictedAccess};
use crate::config::HelseIdConfig;
use crate::ping::{__path_ping, ping};
use crate::problem::{self, ProblemDetails};
use crate::{events, lookup};

const SECURITY: &str = "HelseID";

const DESCRIPTION: &str = "\
The health sector's copy of the Norwegian population register: persons by id or identity number, \
and a feed of what happened to them.

Two rights packages share one set of schemas. `full-access` sees everything but the strictly \
confidential; `restricted-access` sees less, and what it does not see is left out. Every call \
carries a DPoP-bound access token from HelseID and a DPoP proof.

Paths, parameter names and enumeration values are matched without regard to upper and lower case, \
unknown parameters are ignored, and lists are repeated keys or values with commas between. Facts \
that are dates only are written as midnight UTC. What is absent, empty or unknown is left out.

Every refusal is a problem body (RFC 9457) with a stable `type`; the catalogue is at /problems.";

/// The description of the public interface.
pub fn openapi() -> OpenApi {
    let mut document = documented_routes().1;
    document.merge(ping_route().into_openapi());
    document
}

/// The description as it is committed and served: indented JSON with a line end.
pub fn to_json(document: &OpenApi) -> String {
    // Maps with text keys and plain values only: writing them cannot fail.
    let mut json = serde_json::to_string_pretty(document).unwrap_or_default();
    json.push('\n');
    json
}

/// The routes of both packages, with their description.
pub(crate) fn documented_routes() -> (Router<Arc<App>>, OpenApi) {
    OpenApiRouter::with_openapi(frame())
        .nest("/api/v3/full-access", package_routes::<FullAccess>())
        .nest("/api/v3/restricted-access", package_routes::<RestrictedAccess>())
        .split_for_parts()
}

/// The route that answers without a token.
pub(crate) fn ping_route() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default().routes(routes!(ping))
}

fn package_routes<A: Access>() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::default()
        .routes(operation::<A, events::__path_get_latest_event, _>(events::get_latest_event::<A>))
        .routes(operation::<A, events::__path_get_events, _>(events::get_events::<A>))
        .routes(operation::<A, lookup::__path_get_person, _>(lookup::get_person::<A>))
        .routes(operation::<A, lookup::__path_get_person_by_nin, _>(lookup::get_person_by_nin::<A>))
        .routes(operation::<A, lookup::__path_get_persons, _>(lookup::get_persons::<A>))
        .routes(operation::<A, lookup::__path_get_persons_by_nin, _>(
            lookup::get_persons_by_nin::<A>,
        ))
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
    operation.security = Some(vec![SecurityRequirement::new(SECURITY, [scope(A::PACKAGE)])]);
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
    for (status, text) in REFUSALS {
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
    ("401", "The token or the proof is missing or not accepted"),
    ("403", "The token lacks the scope of this package, or names no parent organisation"),
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

/// The description without operations: what it is, and how to come in.
fn frame() -> OpenApi {
    let info = InfoBuilder::new().title("Person API").version("3").description(Some(DESCRIPTION));
    let scopes = Scopes::from_iter([
        (scope(Package::FullAccess), "The rights package full-access".to_owned()),
        (scope(Package::RestrictedAccess), "The rights package restricted-access".to_owned()),
    ]);
    let token_url = format!("{}/connect/token", HelseIdConfig::default().issuer);
    let flow = Flow::ClientCredentials(ClientCredentials::new(token_url, scopes));
    let scheme = OAuth2::with_description([flow], SECURITY_DESCRIPTION);
    // What only parameters refer to is not collected by itself.
    let components = ComponentsBuilder::new()
        .schema_from::<InformationPart>()
        .schema_from::<EventType>()
        .security_scheme(SECURITY, SecurityScheme::OAuth2(scheme));
    OpenApiBuilder::new().info(info).components(Some(components.build())).build()
}

const SECURITY_DESCRIPTION: &str = "\
HelseID, machine to machine: client credentials with `private_key_jwt` and a DPoP-bound access \
token (RFC 9449). Every call carries `Authorization: DPoP <token>` and a new proof in the header \
`DPoP`, made over the method and the address without its query. Bearer is not accepted.";

fn scope(package: Package) -> String {
    let helseid = HelseIdConfig::default();
    match package {
        Package::FullAccess => helseid.full_access_scope,
        Package::RestrictedAccess => helseid.restricted_access_scope,
    }
}

#[cfg(test)]
mod tests;
