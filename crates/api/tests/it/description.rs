//! What the server says about itself, and that nothing it describes is unguarded.

use register::version::Version;
use reqwest::Method;
use serde_json::Value;

use crate::support::*;

#[tokio::test]
async fn ping_answers_everybody() {
    let api = TestApi::start().await;
    let answer = api.send(api.bare(Method::GET, "/PING")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
}

#[tokio::test]
async fn the_descriptions_are_served_as_they_are_committed() {
    let api = TestApi::start().await;
    for version in Version::ALL {
        let address = format!("/swagger/v{}/swagger.json", version.name());
        let answer = api.send(api.bare(Method::GET, &address)).await;
        assert_eq!(answer.text, api::to_json(&api::openapi(version)));
        assert!(answer.json()["paths"].get("/ping").is_some());
    }
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
