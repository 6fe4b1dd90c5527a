//! Maskinporten's token endpoint, and the token check of the register.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, FREG, assert_shape, shared, start};

#[tokio::test]
async fn a_good_assertion_gives_a_token_once() {
    let sandbox = shared().await;
    let client = Client::of(&sandbox.url).await;
    let assertion = client.sign(&client.claims());
    let (status, granted) = client.ask(&assertion).await;
    assert_eq!(status, 200);
    assert_shape(&granted, "token.json");
    let (status, refused) = client.ask(&assertion).await;
    assert_eq!(status, 400, "an assertion is used once");
    assert_shape(&refused, "token-refused.json");
}

#[tokio::test]
async fn assertions_that_are_wrong_give_none() {
    let sandbox = shared().await;
    let client = Client::of(&sandbox.url).await;
    let now = client.claims()["iat"].as_i64().expect("a time");
    let wrong = [
        ("aud", json!("https://maskinporten.example/"), "invalid_grant"),
        ("iss", json!("somebody-else"), "invalid_client"),
        ("scope", json!("folkeregister:deling/finans"), "invalid_scope"),
        ("exp", json!(now - 60), "invalid_grant"),
        ("exp", json!(now + 3_600), "invalid_grant"),
        ("iat", json!(now + 50), "invalid_grant"),
        ("exp", Value::Null, "invalid_grant"),
        ("jti", Value::Null, "invalid_grant"),
    ];
    for (name, value, code) in wrong {
        let mut claims = client.claims();
        claims[name] = value;
        let (status, refused) = client.ask(&client.sign(&claims)).await;
        assert_eq!(status, 400, "{name}");
        assert_eq!(refused["error"], code, "{name}");
    }
    let mut forged = client.sign(&client.claims());
    let last = if forged.ends_with('A') { 'B' } else { 'A' };
    forged.replace_range(forged.len() - 20..forged.len() - 19, &last.to_string());
    for assertion in [forged.as_str(), "", "a.b", "a.b.c"] {
        let (status, refused) = client.ask(assertion).await;
        assert_eq!(status, 400);
        assert_shape(&refused, "token-refused.json");
    }
}

#[tokio::test]
async fn every_resource_wants_a_token_that_is_still_known() {
    let sandbox = start(50, 0.0).await;
    let paths = [
        "hendelser/feed?seq=1",
        "hendelser/siste/sekvensnummer",
        "personer/15908299902",
        "personer/arkiv/00112233445566778899aabbccddeeff",
        "uttrekk/komplett",
        "uttrekk/x/batch/0",
    ];
    for path in paths {
        let url = format!("{}{FREG}/{path}", sandbox.url);
        let answer = reqwest::get(&url).await.expect("an answer");
        assert_eq!(answer.status(), 401, "{path}");
        assert_shape(&answer.json().await.expect("JSON"), "error-token.json");
    }
    assert!(sandbox.last_sequence().await > 0);
    sandbox.command(Method::POST, "maskinporten/expire", &Value::Null).await;
    assert_eq!(sandbox.get("hendelser/siste/sekvensnummer").await.0, 401);
    let body = json!({"foedselsEllerDNummer": []});
    assert_eq!(sandbox.post("personer/bulkoppslag", &body).await.0, 401);
}

#[tokio::test]
async fn only_json_can_be_had() {
    let sandbox = shared().await;
    let path = format!("{FREG}/hendelser/siste/sekvensnummer");
    for (accept, wanted) in
        [("application/xml", 406), ("application/json", 200), ("text/html, */*;q=0.1", 200)]
    {
        let request = sandbox.request(Method::GET, &path).header("accept", accept);
        assert_eq!(request.send().await.expect("an answer").status(), wanted, "{accept}");
    }
}
