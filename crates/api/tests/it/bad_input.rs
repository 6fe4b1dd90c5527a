//! What bad input gets: a problem that says what to do, with every faulty field at once.

use reqwest::Method;

use crate::issuer::FULL;
use crate::persons::{id, number};
use crate::support::*;

const PERSON: &str = "/api/v3/full-access/person";

/// A call below the package's path, a form, and the fields that are refused. `{id}` stands for a
/// person, `{65}` for 65 characters, `{name}` for a good choice of parts.
#[rustfmt::skip]
const FAULTY: &[(&str, &str, &str)] = &[
    ("GET /person/{id}", "", "informationParts"),
    ("GET /person/{id}?informationParts=", "", "informationParts"),
    ("GET /person/{id}?informationParts=Shoes", "", "informationParts"),
    ("GET /person/{id}?{name}&includeHistory=maybe", "", "includeHistory"),
    ("GET /person/{id}?includeHistory=2", "", "includeHistory informationParts"),
    ("GET /person/{65}?{name}", "", "id"),
    ("POST /person/get-by-nin", "", "informationParts nin"),
    ("POST /person/get-by-nin?{name}", "nin=1234567890", "nin"),
    ("POST /person/get-by-nin?{name}", "nin=1581700000x", "nin"),
    ("POST /person/bulk-by-id?{name}", "", "personIds"),
    ("POST /person/bulk-by-nin", "nins=", "informationParts nins"),
    ("GET /event?maxLimit=0", "", "maxLimit"),
    ("GET /event?maxLimit=1001", "", "maxLimit"),
    ("GET /event?sequenceNumber=1x", "", "sequenceNumber"),
    ("GET /event?maxLimit=x&eventTypes=y", "", "eventTypes maxLimit"),
];

#[tokio::test]
async fn faulty_values_are_refused_by_field() {
    let api = TestApi::start().await;
    for (call, form, fields) in FAULTY {
        let (method, path) = call.split_once(' ').expect("a method and a path");
        let path = path.replace("{id}", &id(1)).replace("{name}", NAME);
        let target = format!("/api/v3/full-access{}", path.replace("{65}", &"x".repeat(65)));
        let answer = match method {
            "GET" => api.get(FULL, &target).await,
            _ => api.post(FULL, &target, form).await,
        };
        answer.assert_problem(400, "invalid-request");
        let body = answer.json();
        let errors = body["errors"].as_object().expect("errors");
        let named: Vec<_> = errors.keys().map(String::as_str).collect();
        assert_eq!(named.join(" "), *fields, "{call} {answer:?}");
    }
}

#[tokio::test]
async fn a_bulk_request_holds_at_most_a_hundred() {
    let api = TestApi::start().await;
    for (path, field) in [("bulk-by-id", "personIds"), ("bulk-by-nin", "nins")] {
        let target = format!("{PERSON}/{path}?{NAME}");
        let ask = async |count| {
            let form = format!("{field}={}", "x,".repeat(count));
            api.post(FULL, &target, &form).await
        };
        let refused = ask(101).await;
        refused.assert_problem(400, "invalid-request");
        let text = refused.json()["errors"][field][0].to_string();
        assert!(text.contains("at most 100"), "{text}");
        assert_eq!(ask(100).await.text, "[]");
    }
}

#[tokio::test]
async fn an_identity_number_in_an_address_is_refused_and_not_repeated() {
    let api = TestApi::start().await;
    let secret = number(1);
    let encoded = secret.replace('1', "%31");
    for target in [
        format!("{PERSON}/{secret}?{NAME}"),
        format!("{PERSON}/{encoded}?{NAME}"),
        format!("{PERSON}/get-by-nin?{NAME}&nin={secret}"),
        format!("/nowhere/{secret}"),
        format!("/ping?{secret}"),
        "/ping?duf=201012345678".to_owned(),
    ] {
        let answer = api.send(api.bare(Method::GET, &target)).await;
        answer.assert_problem(400, "identity-number-in-url");
        assert!(!answer.text.contains(&secret) && !answer.text.contains(&encoded), "{answer:?}");
    }
}

#[tokio::test]
async fn a_body_must_be_a_form_of_a_size_that_makes_sense() {
    let api = TestApi::start().await;
    let target = format!("{PERSON}/get-by-nin?{NAME}");
    let form = format!("nin={}", number(1));
    for content_type in ["application/json", "text/plain", ""] {
        let request = api.request(Method::POST, FULL, &target);
        let request = request.header("content-type", content_type).body(form.clone());
        api.send(request).await.assert_problem(415, "unsupported-media-type");
    }
    let untyped = api.request(Method::POST, FULL, &target).body(form);
    api.send(untyped).await.assert_problem(415, "unsupported-media-type");
    let large = format!("nin={}", "1".repeat(64 * 1024));
    api.post(FULL, &target, &large).await.assert_problem(413, "body-too-large");
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_told_apart() {
    let api = TestApi::start().await;
    for target in ["/nn", "/api", "/api/v3/full-access/persons", "/api/v2/full-access/event"] {
        let answer = api.get(FULL, target).await;
        answer.assert_problem(404, "address-not-found");
        assert_eq!(answer.json()["instance"], "/");
    }
    let answer = api.get(FULL, &format!("{PERSON}/bulk-by-nin/x")).await;
    answer.assert_problem(404, "address-not-found");
    let answer = api.send(api.bare(Method::DELETE, "/api/v3/full-access/event")).await;
    answer.assert_problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let long = format!("/api/v3/full-access/event?x={}", "a".repeat(8 * 1024));
    api.get(FULL, &long).await.assert_problem(414, "uri-too-long");
}
