//! What differs between the descriptions of the two versions.

use register::event::EventType;
use register::package::Package;
use register::part::InformationPart;
use register::version::{NEWER_THAN_2, Version};
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{AdditionalProperties, Object, Schema};
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, Deprecated, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, RefOr,
    Required, Type,
};

use crate::auth;
use crate::config::ApiConfig;
use crate::events::{EventDocument, least_number};
use crate::problem::ProblemDetails;
use crate::version::is_newer;

/// The name of the security scheme.
pub(super) const SECURITY: &str = "HelseID";

const COMMON: &str = "\
Paths, parameter names and enumeration values are matched without regard to upper and lower case, \
unknown parameters are ignored, and lists are repeated keys or values with commas between. Facts \
that are dates only are written as midnight UTC. What is absent, empty or unknown is left out.

Every refusal is a problem body (RFC 9457) with a stable `type`; the catalogue is at /problems.";

const PURPOSE: &str = "\
The health sector's copy of the Norwegian population register: persons by id or identity number, \
searches for them, and a feed of what happened to them.";

const V3: &str = "\
Two rights packages share one set of schemas. `full-access` sees everything but the strictly \
confidential; `restricted-access` sees less, and what it does not see is left out. Every call \
carries a DPoP-bound access token from HelseID and a DPoP proof. The header `api-version` may be \
left out; if it is sent, it is `3`.";

const V2: &str = "\
Version 2 is deprecated: use version 3, described at /swagger/v3/swagger.json. Its answers say in \
the headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) since when, and until when it is \
served; after that its addresses answer 410.

Two rights packages share one set of schemas. `legal-basis` sees everything but the strictly \
confidential; `no-legal-basis` sees less, and what it does not see is left out. Every call carries \
a bearer token from HelseID. Answers hold no field that is not described here.";

const SECURITY_V3: &str = "\
HelseID, machine to machine: client credentials with `private_key_jwt` and a DPoP-bound access \
token (RFC 9449). Every call carries `Authorization: DPoP <token>` and a new proof in the header \
`DPoP`, made over the method and the address without its query. Bearer is not accepted.";

const SECURITY_V2: &str = "\
HelseID, machine to machine: client credentials with `private_key_jwt`, and the access token as \
`Authorization: Bearer <token>`. A token that is bound to a key is not accepted.";

/// Refusals in words of the version.
pub(super) fn refusals(version: Version) -> &'static [(&'static str, &'static str)] {
    match version {
        Version::V2 => &[
            ("401", "The token is missing or not accepted"),
            ("403", "The token lacks the scope of this package"),
            ("410", "Version 2 is not served any longer"),
        ],
        Version::V3 => &[
            ("401", "The token or the proof is missing or not accepted"),
            ("403", "The token lacks the scope of this package, or names no parent organisation"),
        ],
    }
}

/// The scope that opens a package where nothing else is configured.
pub(super) fn scope(package: Package, version: Version) -> String {
    auth::Scopes::new(&ApiConfig::default()).of(package, version).to_owned()
}

/// The description without operations: what it is, and how to come in.
pub(super) fn frame(version: Version) -> OpenApi {
    let text = match version {
        Version::V2 => V2,
        Version::V3 => V3,
    };
    let description = format!("{PURPOSE}\n\n{text}\n\n{COMMON}");
    let info = InfoBuilder::new().title("Person API").version(version.name());
    // What only parameters refer to is not collected by itself.
    let components = ComponentsBuilder::new()
        .schema_from::<InformationPart>()
        .schema_from::<EventType>()
        .security_scheme(SECURITY, security(version));
    OpenApiBuilder::new()
        .info(info.description(Some(description)))
        .components(Some(components.build()))
        .build()
}

fn security(version: Version) -> SecurityScheme {
    match version {
        Version::V2 => {
            let mut bearer = Http::new(HttpAuthScheme::Bearer);
            bearer.bearer_format = Some("JWT".to_owned());
            bearer.description = Some(SECURITY_V2.to_owned());
            SecurityScheme::Http(bearer)
        }
        Version::V3 => {
            let named = |package: Package| {
                (scope(package, version), format!("The rights package {}", package.name()))
            };
            let scopes = Scopes::from_iter(Package::ALL.map(named));
            let token_url = format!("{}/connect/token", ApiConfig::default().helseid.issuer);
            let flow = Flow::ClientCredentials(ClientCredentials::new(token_url, scopes));
            SecurityScheme::OAuth2(OAuth2::with_description([flow], SECURITY_V3))
        }
    }
}

/// Makes an operation what it is in its version.
pub(super) fn fit_operation(operation: &mut Operation, version: Version) {
    if version == Version::V3 {
        return;
    }
    let parameters = operation.parameters.get_or_insert_default();
    parameters.retain(|it| !matches!(it, RefOr::T(it) if is_newer(&it.name)));
    parameters.iter_mut().for_each(|it| bound_sequence_number(it, version));
    parameters.push(RefOr::T(version_parameter(version)));
    operation.responses.responses.remove("304");
    if operation.operation_id.as_deref().is_some_and(|name| name.ends_with("_get_match_list")) {
        // Its pages took its place while version 2 was the only one.
        operation.deprecated = Some(Deprecated::True);
    }
    for content in operation.request_body.iter_mut().filter_map(|body| match body {
        RefOr::T(body) => Some(&mut body.content),
        RefOr::Ref(_) => None,
    }) {
        for content in content.values_mut() {
            if let RefOr::T(content) = content
                && let Some(RefOr::T(Schema::Object(form))) = &mut content.schema
            {
                form.properties.retain(|name, _| !is_newer(name));
                form.properties.values_mut().for_each(write_pattern_as_published);
            }
        }
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.remove("ETag");
        }
    }
}

/// Patterns of words in version 3, and those of version 2. What version 3 allows besides is
/// accepted in both.
const PATTERNS: [(&str, &str); 2] = [
    (r"[\s]*[\p{L}]+[\p{L}\s\-\']*", r"[\p{L}\s\-]+"),
    (r"[\s]*[\p{L}\p{N}]+[\p{L}\s\p{N}\-\.\'\,\/]*", r"[\p{L}\s\p{N}]+"),
];

fn write_pattern_as_published(field: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(field)) = field
        && let Some(pattern) = &mut field.pattern
        && let Some((_, older)) = PATTERNS.iter().find(|(newer, _)| newer == pattern)
    {
        *pattern = (*older).to_owned();
    }
}

fn bound_sequence_number(parameter: &mut RefOr<Parameter>, version: Version) {
    if let RefOr::T(parameter) = parameter
        && parameter.name == "sequenceNumber"
        && let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema
    {
        schema.minimum = Some(utoipa::Number::Int(least_number(version) as isize));
        // As published; what is no text has no use for it.
        schema.pattern = Some("^([1-9][0-9]+|[1-9])$".to_owned());
    }
}

/// The header that chose the version when the path did not. Required, as it was published, so that
/// clients generated anew call as those before did.
fn version_parameter(version: Version) -> Parameter {
    let schema =
        ObjectBuilder::new().schema_type(Type::String).default(Some(version.name().into())).build();
    ParameterBuilder::new()
        .name("api-version")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("The version; a request without it is answered in the same way."))
        .schema(Some(schema))
        .build()
}

/// Makes the schemas what they are in this version, and describes a person's parts.
pub(super) fn finish(document: &mut OpenApi, version: Version) {
    let Some(components) = &mut document.components else { return };
    if version == Version::V2 {
        for row in NEWER_THAN_2 {
            take_out(&mut components.schemas, row.schema, row.fields);
        }
        take_out(&mut components.schemas, &EventDocument::name(), &["nin", "eventTime"]);
        components.schemas.remove("Duplicated");
        for (name, schema) in &mut components.schemas {
            if let RefOr::T(Schema::Object(object)) = schema
                && !object.properties.is_empty()
                && *name != ProblemDetails::name()
            {
                object.additional_properties =
                    Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
    describe_parts(&mut components.schemas);
}

/// The schemas of a document.
pub(super) type Schemas = std::collections::BTreeMap<String, RefOr<Schema>>;

fn take_out(schemas: &mut Schemas, name: &str, fields: &[&str]) {
    if let Some(object) = object_mut(schemas, name) {
        object.properties.retain(|field, _| !fields.contains(&field.as_str()));
    }
}

/// The schema of this name, if it is there and an object's or an enumeration's.
pub(super) fn object_mut<'a>(schemas: &'a mut Schemas, name: &str) -> Option<&'a mut Object> {
    match schemas.get_mut(name) {
        Some(RefOr::T(Schema::Object(object))) => Some(object),
        _ => None,
    }
}

/// A person's property is described where its part is, and here once more: whoever reads `Person`
/// should not have to follow 35 references to know what is what.
fn describe_parts(schemas: &mut Schemas) {
    let described: Vec<(String, String)> = schemas
        .iter()
        .filter_map(|(name, schema)| match schema {
            RefOr::T(Schema::Object(object)) => Some((name.clone(), object.description.clone()?)),
            _ => None,
        })
        .collect();
    let of = |schema: &str| {
        described.iter().find(|(name, _)| name == schema).map(|(_, text)| text.clone())
    };
    let Some(person) = object_mut(schemas, "Person") else { return };
    for property in person.properties.values_mut() {
        let text = part_of(property).and_then(|part| of(&part));
        match property {
            RefOr::T(Schema::Array(array)) => array.description = text,
            RefOr::T(Schema::OneOf(choice)) => choice.description = text,
            _ => {}
        }
    }
}

/// The name of the schema that a property of a person refers to.
pub(super) fn part_of(property: &RefOr<Schema>) -> Option<String> {
    use utoipa::openapi::schema::ArrayItems;
    let refers = |schema: &RefOr<Schema>| match schema {
        RefOr::Ref(reference) => reference.ref_location.rsplit('/').next().map(str::to_owned),
        RefOr::T(_) => None,
    };
    match property {
        RefOr::T(Schema::Array(array)) => match &array.items {
            ArrayItems::RefOrSchema(items) => refers(items),
            ArrayItems::False => None,
        },
        RefOr::T(Schema::OneOf(choice)) => choice.items.iter().find_map(refers),
        _ => None,
    }
}
