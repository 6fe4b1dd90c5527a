//! What bad input gets: a problem that says what to do, with every faulty field at once.

use reqwest::Method;

use crate::issuer::FULL;
use crate::persons::{id, number};
use crate::support::*;

const PERSON: &str = "/api/v3/full-access/person";

#[tokio::test]
async fn faulty_values_are_refused_by_field() {
    let api = TestApi::start().await;
    let person = format!("{PERSON}/{}", id(1));
    let long_id = format!("{PERSON}/{}?{NAME}", "x".repeat(65));
    let many = "x,".repeat(101);
    let cases: [(&str, &str, &str, &[&str]); 15] = [
        ("GET", &person, "", &["informationParts"]),
        (
            "GET",
            &format!("{person}?informationParts="),
            "",
            &["informationParts"],
        ),
        (
            "GET",
            &format!("{person}?informationParts=Shoes"),
            "",
            &["informationParts"],
        ),
        (
            "GET",
            &format!("{person}?{NAME}&includeHistory=maybe"),
            "",
            &["includeHistory"],
        ),
        (
            "GET",
            &format!("{person}?includeHistory=2"),
            "",
            &["includeHistory", "informationParts"],
        ),
        ("GET", &long_id, "", &["id"]),
        (
            "POST",
            &format!("{PERSON}/get-by-nin"),
            "",
            &["informationParts", "nin"],
        ),
        (
            "POST",
            &format!("{PERSON}/get-by-nin?{NAME}"),
            "nin=1234567890",
            &["nin"],
        ),
        (
            "POST",
            &format!("{PERSON}/get-by-nin?{NAME}"),
            "nin=1581700000x",
            &["nin"],
        ),
        (
            "POST",
            &format!("{PERSON}/bulk-by-id?{NAME}"),
            "",
            &["personIds"],
        ),
        (
            "POST",
            &format!("{PERSON}/bulk-by-nin"),
            "nins=",
            &["informationParts", "nins"],
        ),
        (
            "GET",
            "/api/v3/full-access/event?maxLimit=0",
            "",
            &["maxLimit"],
        ),
        (
            "GET",
            "/api/v3/full-access/event?maxLimit=1001",
            "",
            &["maxLimit"],
        ),
        (
            "GET",
            "/api/v3/full-access/event?sequenceNumber=1x",
            "",
            &["sequenceNumber"],
        ),
        (
            "GET",
            "/api/v3/full-access/event?maxLimit=x&eventTypes=y",
            "",
            &["eventTypes", "maxLimit"],
        ),
    ];
    for (method, target, form, fields) in cases {
        let answer = match method {
            "GET" => api.get(FULL, target).await,
            _ => api.post(FULL, target, form).await,
        };
        answer.assert_problem(400, "invalid-request");
        let body = answer.json();
        let named: Vec<_> = body["errors"]
            .as_object()
            .expect("errors")
            .keys()
            .cloned()
            .collect();
        assert_eq!(named, fields, "{target} {answer:?}");
    }
    for (path, field) in [("bulk-by-id", "personIds"), ("bulk-by-nin", "nins")] {
        let target = format!("{PERSON}/{path}?{NAME}");
        let answer = api.post(FULL, &target, &format!("{field}={many}")).await;
        answer.assert_problem(400, "invalid-request");
        let text = answer.json()["errors"][field][0].to_string();
        assert!(text.contains("at most 100"), "{text}");
        let hundred = format!("{field}={}", "x,".repeat(100));
        assert_eq!(api.post(FULL, &target, &hundred).await.text, "[]");
    }
}

#[tokio::test]
async fn a_part_that_is_not_served_yet_is_named() {
    let api = TestApi::start().await;
    let parts = register::part::InformationPart::ALL;
    for part in parts.iter().filter(|part| !part.is_served()) {
        let target = format!("{PERSON}/{}?informationParts={}", id(1), part.name());
        let answer = api.get(FULL, &target).await;
        answer.assert_problem(400, "invalid-request");
        let text = answer.json()["errors"]["informationParts"][0].to_string();
        assert!(
            text.contains(part.name()) && text.contains("leave it out"),
            "{text}"
        );
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
        assert!(
            !answer.text.contains(&secret) && !answer.text.contains(&encoded),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_body_must_be_a_form_of_a_size_that_makes_sense() {
    let api = TestApi::start().await;
    let target = format!("{PERSON}/get-by-nin?{NAME}");
    let form = format!("nin={}", number(1));
    for content_type in ["application/json", "text/plain", ""] {
        let request = api.request(Method::POST, FULL, &target);
        let request = request
            .header("content-type", content_type)
            .body(form.clone());
        api.send(request)
            .await
            .assert_problem(415, "unsupported-media-type");
    }
    let untyped = api.request(Method::POST, FULL, &target).body(form);
    api.send(untyped)
        .await
        .assert_problem(415, "unsupported-media-type");
    let large = format!("nin={}", "1".repeat(64 * 1024));
    api.post(FULL, &target, &large)
        .await
        .assert_problem(413, "body-too-large");
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_told_apart() {
    let api = TestApi::start().await;
    for target in [
        "/",
        "/api",
        "/api/v3/full-access/persons",
        "/api/v2/full-access/event",
    ] {
        let answer = api.get(FULL, target).await;
        answer.assert_problem(404, "address-not-found");
        assert_eq!(answer.json()["instance"], "/");
    }
    let answer = api.get(FULL, &format!("{PERSON}/bulk-by-nin/x")).await;
    answer.assert_problem(404, "address-not-found");
    let answer = api
        .send(api.bare(Method::DELETE, "/api/v3/full-access/event"))
        .await;
    answer.assert_problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let long = format!("/api/v3/full-access/event?x={}", "a".repeat(8 * 1024));
    api.get(FULL, &long)
        .await
        .assert_problem(414, "uri-too-long");
}
