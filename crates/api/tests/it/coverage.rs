//! Every operation of the description meets every fault that can befall it. What is required is
//! read from the description, so an operation or a parameter without its row here fails.

use std::collections::BTreeSet;
use std::time::Duration;

use register::version::Version;
use reqwest::Method;
use serde_json::Value;
use testkit::proxy::{Proxy, Weather};

use crate::issuer::{
    CLIENT_KEY, FULL, ISSUER_KEY, LEGAL, NO_LEGAL, ORGNR_PARENT, RESTRICTED, sign,
};
use crate::overload::{Held, patient};
use crate::persons::{id, number};
use crate::support::*;

/// What needs no token.
const OPEN: &[&str] = &["ping"];

/// A search for persons needs a name and something besides, of which no single one is required.
const NEEDED_TO_SEARCH: [&str; 2] = ["FullName", "BirthDate"];

/// A value that can be used, for what an operation requires.
fn good(name: &str) -> Option<String> {
    Some(match name {
        "id" | "personIds" => id(1),
        "informationParts" => "Name".to_owned(),
        "nin" | "nins" => number(1),
        "FullName" => "Saether".to_owned(),
        "BirthDate" => "1982".to_owned(),
        _ => return None,
    })
}

/// A value that cannot be used, for every parameter and field there is.
fn bad(name: &str) -> Option<String> {
    Some(match name {
        "id" => "x".repeat(65),
        "informationParts" | "eventTypes" => "Shoes".to_owned(),
        "includeHistory" | "includeEventTime" => "maybe".to_owned(),
        "sequenceNumber" => "1x".to_owned(),
        "maxLimit" => "0".to_owned(),
        "waitSeconds" => "61".to_owned(),
        "nin" => "1234".to_owned(),
        "personIds" | "nins" => "x,".repeat(101),
        "includeAinResults" | "tolerantSpelling" | "includeTotalCount" => "perhaps".to_owned(),
        "FullName" | "GivenName" | "MiddleName" | "FamilyName" | "CityName" => "1234".to_owned(),
        "StreetAddress" => "Storgata %".to_owned(),
        "PostalCode" | "MunicipalityNumber" | "BasicStatisticalUnit" => "12".to_owned(),
        "BirthDate" | "BirthDateFrom" | "BirthDateTo" | "DeathDateFrom" | "DeathDateTo" => {
            "1981-02-29".to_owned()
        }
        "Gender" | "PersonStatuses" => "Other".to_owned(),
        "PageSize" => "10001".to_owned(),
        "IndexOffset" => "-1".to_owned(),
        _ => return None,
    })
}

/// A parameter in the path or the query, or a field of the form.
struct Parameter {
    name: String,
    place: String,
    required: bool,
}

struct Operation {
    version: Version,
    name: String,
    method: Method,
    path: String,
    parameters: Vec<Parameter>,
    statuses: BTreeSet<String>,
    scope: Option<String>,
    methods_of_path: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    NoToken,
    OtherScope,
    NoOrganisation,
    /// A token that is bound to a key, sent as if it were not.
    BoundToken,
    OtherVersion,
    SwitchedOff,
    /// These parameters at once.
    Bad(Vec<String>),
    Method(&'static str),
    ContentType,
    TooLargeBody,
    LongAddress,
    NumberInAddress,
    TokenInAddress,
    LargeHead,
    NoPlace,
    NoPlaceOfClient,
    NoKeys,
    NoDatabase,
}

const METHODS: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"];

impl Fault {
    fn expected(&self) -> (u16, &'static str) {
        match self {
            Fault::NoToken => (401, "token-missing"),
            Fault::OtherScope => (403, "scope-missing"),
            Fault::NoOrganisation => (403, "organisation-missing"),
            Fault::BoundToken => (401, "token-invalid"),
            Fault::OtherVersion => (400, "version-not-served"),
            Fault::SwitchedOff => (410, "version-switched-off"),
            Fault::Bad(_) => (400, "invalid-request"),
            Fault::Method(_) => (405, "method-not-allowed"),
            Fault::ContentType => (415, "unsupported-media-type"),
            Fault::TooLargeBody => (413, "body-too-large"),
            Fault::LongAddress => (414, "uri-too-long"),
            Fault::NumberInAddress => (400, "identity-number-in-url"),
            Fault::TokenInAddress => (400, "token-in-url"),
            Fault::LargeHead => (431, "head-too-large"),
            Fault::NoPlace => (503, "overloaded"),
            Fault::NoPlaceOfClient => (429, "too-many-requests"),
            Fault::NoKeys => (503, "keys-unavailable"),
            Fault::NoDatabase => (503, "register-unavailable"),
        }
    }
}

impl Operation {
    /// The operations of both versions.
    fn all() -> Vec<Operation> {
        Version::ALL.into_iter().flat_map(Operation::all_of).collect()
    }

    fn all_of(version: Version) -> Vec<Operation> {
        let document = api::openapi(version);
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, item)| {
            let item = item.as_object().expect("a path item");
            let methods: BTreeSet<_> = item.keys().map(|name| name.to_uppercase()).collect();
            item.iter().map(move |(method, it)| Operation {
                version,
                ..Operation::read(path, method, it, methods.clone())
            })
        });
        operations.collect()
    }

    fn read(path: &str, method: &str, it: &Value, methods: BTreeSet<String>) -> Operation {
        let form = &it["requestBody"]["content"][FORM]["schema"];
        let required_fields = form["required"].as_array();
        let fields = form["properties"].as_object().into_iter().flatten().map(|(name, _)| {
            let needed =
                path.ends_with("/search/person") && NEEDED_TO_SEARCH.contains(&name.as_str());
            let required = needed
                || required_fields.is_some_and(|names| names.contains(&name.as_str().into()));
            Parameter { name: name.clone(), place: "form".to_owned(), required }
        });
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        // What stands in a header is none of the values that are judged together.
        let parameters = it["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.filter(|it| it["in"] != "header").map(|it| Parameter {
            name: text(&it["name"]),
            place: text(&it["in"]),
            required: it["required"] == true,
        });
        Operation {
            version: Version::V3,
            name: text(&it["operationId"]),
            method: method.to_uppercase().parse().expect("a method"),
            path: path.to_owned(),
            parameters: parameters.chain(fields).collect(),
            statuses: it["responses"].as_object().expect("responses").keys().cloned().collect(),
            scope: it["security"][0]["HelseID"][0].as_str().map(str::to_owned),
            methods_of_path: methods,
        }
    }

    fn has_form(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.place == "form")
    }

    /// Every fault that can befall this operation.
    fn faults(&self) -> BTreeSet<Fault> {
        use Fault::*;
        let mut faults = BTreeSet::from([LongAddress, NumberInAddress, TokenInAddress, LargeHead]);
        let is_get = self.methods_of_path.contains("GET");
        let others = METHODS.iter().filter(|method| !self.methods_of_path.contains(**method));
        faults.extend(others.filter(|other| !(is_get && **other == "HEAD")).map(|it| Method(it)));
        if OPEN.contains(&self.name.as_str()) {
            return faults;
        }
        faults.extend([NoToken, OtherScope, OtherVersion, NoPlaceOfClient, NoKeys, NoDatabase]);
        match self.version {
            Version::V2 => faults.extend([BoundToken, SwitchedOff]),
            Version::V3 => faults.extend([NoOrganisation]),
        }
        if !self.path.ends_with("/event/latest") {
            // That one has places of its own: see `overload`.
            faults.insert(NoPlace);
        }
        if self.has_form() {
            faults.extend([ContentType, TooLargeBody]);
        }
        let names: Vec<_> = self.parameters.iter().map(|it| it.name.clone()).collect();
        faults.extend(names.iter().map(|name| Bad(vec![name.clone()])));
        if names.len() > 1 {
            faults.insert(Bad(names));
        }
        faults
    }

    /// The target and the form of a call with these parameters bad and the others good; none when
    /// the tables do not know a parameter.
    fn call(&self, are_bad: &[String]) -> Option<(String, String)> {
        let mut path = self.path.clone();
        let (mut query, mut form) = (Vec::new(), Vec::new());
        for Parameter { name, place, required } in &self.parameters {
            let value = match are_bad.contains(name) {
                true => bad(name)?,
                false if *required => good(name)?,
                false => continue,
            };
            match place.as_str() {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                "query" => query.push(format!("{name}={value}")),
                "form" => form.push(format!("{name}={value}")),
                _ => return None,
            }
        }
        Some((format!("{path}?{}", query.join("&")), form.join("&")))
    }
}

/// Servers in every state that a call can meet.
struct Rig {
    healthy: TestApi,
    full: TestApi,
    client_full: TestApi,
    no_keys: TestApi,
    no_database: TestApi,
    switched_off: TestApi,
    _held: [Held; 2],
}

impl Rig {
    async fn start() -> Rig {
        let healthy = TestApi::start().await;
        let full = TestApi::start_with(|config| {
            patient(config);
            config.limits.requests_max = 1;
        });
        let client_full = TestApi::start_with(|config| {
            patient(config);
            config.limits.requests_per_client_max = 1;
        });
        let (full, client_full) = tokio::join!(full, client_full);
        let held = [Held::place_of(&full).await, Held::place_of(&client_full).await];
        let no_keys = TestApi::start_with(|config| {
            config.helseid.keys_refresh_s = 1;
            config.helseid.keys_usable_s = 2;
        })
        .await;
        no_keys.issuer.go_away();
        while !no_keys.health("/health/ready").await.text.contains("keys:") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let no_database = without_database().await;
        let switched_off = TestApi::start_with(|config| config.version_2.enabled = false).await;
        Rig { switched_off, healthy, full, client_full, no_keys, no_database, _held: held }
    }

    fn api(&self, fault: &Fault) -> &TestApi {
        match fault {
            Fault::NoPlace => &self.full,
            Fault::NoPlaceOfClient => &self.client_full,
            Fault::NoKeys => &self.no_keys,
            Fault::NoDatabase => &self.no_database,
            Fault::SwitchedOff => &self.switched_off,
            _ => &self.healthy,
        }
    }

    /// A call of the operation that is good but for this fault; none when it cannot be made.
    async fn call(&self, operation: &Operation, fault: &Fault) -> Option<Answer> {
        let api = self.api(fault);
        let are_bad: &[String] = if let Fault::Bad(names) = fault { names } else { &[] };
        let (mut target, mut form) = operation.call(are_bad)?;
        let mut method = operation.method.clone();
        match fault {
            Fault::Method(other) => method = other.parse().expect("a method"),
            Fault::LongAddress => target.push_str(&format!("&x={}", "a".repeat(9_000))),
            Fault::NumberInAddress => target.push_str(&format!("&x={}", number(1))),
            Fault::TokenInAddress => target.push_str("&access_token=x"),
            Fault::TooLargeBody => form.push_str(&"1".repeat(70_000)),
            _ => {}
        }
        let needed = operation.scope.as_deref();
        if needed.is_none() && !OPEN.contains(&operation.name.as_str()) {
            return None;
        }
        let scope = match (fault, needed) {
            (Fault::OtherScope, Some(FULL)) => RESTRICTED,
            (Fault::OtherScope, Some(RESTRICTED)) => FULL,
            (Fault::OtherScope, Some(LEGAL)) => NO_LEGAL,
            (Fault::OtherScope, Some(_)) => LEGAL,
            (_, needed) => needed.unwrap_or_default(),
        };
        let mut claims = api.issuer.claims(scope);
        if *fault == Fault::NoOrganisation {
            claims.as_object_mut()?.remove(ORGNR_PARENT);
        }
        if *fault == Fault::BoundToken {
            claims["cnf"] = serde_json::json!({"jkt": CLIENT_KEY.thumbprint()});
        }
        let mut request = match fault {
            Fault::NoToken => api.bare(method, &target),
            _ => api.request_with(method, &target, &sign(&ISSUER_KEY, "first", &claims)),
        };
        if operation.has_form() {
            let json = *fault == Fault::ContentType;
            let media_type = if json { "application/json" } else { FORM };
            request = request.header("content-type", media_type).body(form);
        }
        if *fault == Fault::OtherVersion {
            request = request.header("api-version", "1.6");
        }
        if *fault == Fault::LargeHead {
            request = request.header("x-large", "a".repeat(20_000));
        }
        Some(api.send(request).await)
    }
}

/// A server whose database was there and is there no more.
async fn without_database() -> TestApi {
    let mut proxy = None;
    let through = |url: String| {
        let (user, rest) = url.split_once('@').expect("a user");
        let (server, path) = rest.split_once('/').expect("a path");
        let proxy = proxy.insert(Proxy::start(server));
        format!("{user}@{}/{path}", proxy.address())
    };
    let api = TestApi::start_behind(through, |_| {}).await;
    // A letter that every message of the driver holds.
    proxy.expect("a proxy").set(Weather::CutAt(b"s"));
    api
}

/// That the answer is what this fault gets, and that the description says so.
fn judge(operation: &Operation, fault: &Fault, answer: &Answer) {
    let (status, code) = fault.expected();
    let what = format!("{} {fault:?}", operation.name);
    let is_old = operation.version == Version::V2 && operation.scope.is_some();
    assert_eq!(!answer.header("deprecation").is_empty(), is_old, "{what} {answer:?}");
    let scheme = if is_old { "Bearer" } else { "DPoP" };
    if *fault == Fault::Method("HEAD") {
        assert_eq!((answer.status, answer.text.as_str()), (status, ""), "{what}");
        return;
    }
    assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{what} {answer:?}");
    let is_described = operation.statuses.contains(&status.to_string());
    assert!(is_described || operation.scope.is_none() || status == 405, "{what}: not described");
    match fault {
        Fault::Bad(names) => {
            let body = answer.json();
            let named: BTreeSet<_> = body["errors"].as_object().expect("errors").keys().collect();
            assert_eq!(named, names.iter().collect(), "{what} {answer:?}");
        }
        Fault::Method(_) => {
            let allowed: BTreeSet<_> = answer.header("allow").split(',').collect();
            let expected = operation.methods_of_path.iter().map(String::as_str);
            assert!(expected.into_iter().all(|method| allowed.contains(method)), "{what}");
        }
        Fault::NoToken => {
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with(scheme) && !challenge.contains("error"), "{what}");
        }
        Fault::OtherScope => {
            let challenge = answer.header("www-authenticate");
            let needed = format!("scope=\"{}\"", operation.scope.as_deref().unwrap_or_default());
            let begin = format!("{scheme} error=\"insufficient_scope\"");
            assert!(challenge.starts_with(&begin), "{what}");
            assert!(challenge.contains(&needed), "{what}: {challenge}");
        }
        _ => {}
    }
    assert_eq!(matches!(status, 429 | 503), !answer.header("retry-after").is_empty(), "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
}

#[tokio::test]
async fn every_operation_meets_every_fault() {
    let rig = Rig::start().await;
    let mut left = Vec::new();
    let (mut met, mut codes) = (0, BTreeSet::new());
    for operation in Operation::all() {
        for fault in operation.faults() {
            match rig.call(&operation, &fault).await {
                Some(answer) => {
                    judge(&operation, &fault, &answer);
                    codes.insert(fault.expected().1);
                    met += 1;
                }
                None => left.push(format!("{} {fault:?}", operation.name)),
            }
        }
    }
    assert!(left.is_empty(), "described, and not covered here: {left:#?}");
    println!("{met} pairs of an operation and a fault");
    for code in codes {
        let page = rig.healthy.send(rig.healthy.bare(Method::GET, &format!("/problems/{code}")));
        let page = page.await;
        assert_eq!(page.status, 200, "{code}");
        assert!(page.json()["whatToDo"].as_str().is_some_and(|text| !text.is_empty()), "{code}");
    }
}

#[tokio::test]
async fn every_operation_answers_when_nothing_is_wrong() {
    let api = TestApi::start().await;
    for operation in Operation::all() {
        let (target, form) = operation.call(&[]).expect("known parameters");
        let scope = operation.scope.as_deref().unwrap_or_default();
        let mut request = api.request(operation.method.clone(), scope, &target);
        if operation.has_form() {
            request = request.header("content-type", FORM).body(form);
        }
        let answer = api.send(request).await;
        assert_eq!(answer.status, 200, "{} {answer:?}", operation.name);
    }
}

#[test]
fn what_the_tables_do_not_know_is_left_over() {
    let parameter =
        |name: &str, place: &str| serde_json::json!({"name": name, "in": place, "required": true});
    let read = |parameters: Value| {
        let it = serde_json::json!({
            "operationId": "new", "responses": {"200": {}}, "parameters": parameters,
        });
        Operation::read("/new", "get", &it, BTreeSet::from(["GET".to_owned()]))
    };
    assert!(read(serde_json::json!([parameter("shoeSize", "query")])).call(&[]).is_none());
    assert!(read(serde_json::json!([parameter("id", "cookie")])).call(&[]).is_none());
    let known = read(serde_json::json!([parameter("id", "query")]));
    assert!(known.faults().contains(&Fault::Bad(vec!["id".to_owned()])));
    assert!(known.faults().contains(&Fault::NoToken) && known.scope.is_none());
}
