//! What the server says about itself, and that nothing it describes is unguarded.

use reqwest::Method;
use serde_json::Value;

use crate::issuer::{FULL, RESTRICTED};
use crate::persons::id;
use crate::support::*;

/// Every described operation that needs a token: method and path.
fn guarded() -> Vec<(Method, String)> {
    let document = serde_json::to_value(api::openapi()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut found = Vec::new();
    for (path, item) in paths.iter().filter(|(path, _)| *path != "/ping") {
        for method in item.as_object().expect("a path item").keys() {
            let method = method.to_uppercase().parse().expect("a method");
            found.push((method, path.replace("{id}", &id(1))));
        }
    }
    assert_eq!(found.len(), 12);
    found
}

#[tokio::test]
async fn no_operation_opens_without_a_token() {
    let api = TestApi::start().await;
    for (method, path) in guarded() {
        let answer = api.send(api.bare(method, &path)).await;
        answer.assert_problem(401, "token-missing");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.starts_with("DPoP algs=\"RS256 "), "{challenge}");
        assert!(!challenge.contains("error"), "{challenge}");
    }
}

#[tokio::test]
async fn no_operation_opens_with_the_other_package_s_scope() {
    let api = TestApi::start().await;
    for (method, path) in guarded() {
        let (wrong, needed) =
            if path.contains("full") { (RESTRICTED, FULL) } else { (FULL, RESTRICTED) };
        let answer = api.send(api.request(method, wrong, &path)).await;
        answer.assert_problem(403, "scope-missing");
        let expected = format!("DPoP error=\"insufficient_scope\", scope=\"{needed}\"");
        assert_eq!(answer.header("www-authenticate"), expected);
    }
}

#[tokio::test]
async fn ping_answers_everybody() {
    let api = TestApi::start().await;
    let answer = api.send(api.bare(Method::GET, "/PING")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
}

#[tokio::test]
async fn the_description_is_served_as_it_is_committed() {
    let api = TestApi::start().await;
    let answer = api.send(api.bare(Method::GET, "/swagger/v3/swagger.json")).await;
    assert_eq!(answer.text, api::to_json(&api::openapi()));
    assert!(answer.json()["paths"].get("/ping").is_some());
}

#[tokio::test]
async fn every_problem_type_can_be_opened() {
    let api = TestApi::start().await;
    let index = api.send(api.bare(Method::GET, "/problems")).await.json();
    let rows = index.as_array().expect("a list");
    assert_eq!(rows.len(), api::problem::CATALOGUE.len());
    for row in rows {
        let path = row["type"].as_str().and_then(|kind| kind.strip_prefix(BASE_URL));
        let answer = api.send(api.bare(Method::GET, path.expect("our address"))).await;
        assert_eq!(&answer.json(), row);
    }
    let unknown = api.send(api.bare(Method::GET, "/problems/none")).await;
    unknown.assert_problem(404, "address-not-found");
}

#[tokio::test]
async fn health_tells_why() {
    let api = TestApi::start().await;
    assert_eq!(api.health("/health/live").await.json()["live"], true);
    let ready = api.health("/health/ready").await;
    assert_eq!((ready.status, ready.json()["ready"].clone()), (200, Value::Bool(true)));
    let metrics = api.health("/metrics").await;
    assert_eq!(metrics.text, "# metrics\n");
    assert!(metrics.header("content-type").starts_with("text/plain"));
    // Health is for the operators: clients find nothing there.
    let outside = api.send(api.bare(Method::GET, "/health/ready")).await;
    outside.assert_problem(404, "address-not-found");
}
