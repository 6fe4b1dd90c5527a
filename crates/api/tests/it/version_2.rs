//! Version 2 beside version 3: the same register, in the words that version 2 has.

use register::part::InformationPart;
use register::version::{NEWER_THAN_2, Version};
use reqwest::Method;
use serde_json::Value;

use crate::issuer::{FULL, ISSUER_KEY, LEGAL, NO_LEGAL, ORGNR_PARENT, RESTRICTED, sign};
use crate::persons::{id, number};
use crate::support::*;

/// Scope and path of each package, in version 2 and in version 3.
const PACKAGES: [[(&str, &str); 2]; 2] = [
    [(LEGAL, "/api/legal-basis"), (FULL, "/api/v3/full-access")],
    [(NO_LEGAL, "/api/no-legal-basis"), (RESTRICTED, "/api/v3/restricted-access")],
];

fn all_parts() -> String {
    let names = InformationPart::ALL.iter().map(|part| part.name()).collect::<Vec<_>>();
    format!("includeHistory=true&informationParts={}", names.join(","))
}

/// Every answer with persons or events that the packages give.
async fn answers(api: &TestApi, (scope, path): (&str, &str)) -> Vec<(&'static str, Value)> {
    let parts = all_parts();
    let of = |name: &str| format!("{path}/{name}?{parts}");
    let numbers = format!("nins={},{}", number(1), number(2));
    let ids = format!("personIds={}&personIds={}", id(1), id(3));
    let nin = format!("nin={}", number(2));
    let found = [
        ("Person", api.get(scope, &of(&format!("person/{}", id(1)))).await),
        ("Person", api.post(scope, &of("person/get-by-nin"), &nin).await),
        ("[Person]", api.post(scope, &of("person/bulk-by-id"), &ids).await),
        ("[Person]", api.post(scope, &of("person/bulk-by-nin"), &numbers).await),
        ("EventDocument", api.get(scope, &format!("{path}/event/latest")).await),
        ("EventDocumentSearchResult", api.get(scope, &format!("{path}/event")).await),
    ];
    let read = found.into_iter().map(|(schema, answer)| {
        assert_eq!(answer.status, 200, "{schema} {answer:?}");
        (schema, answer.json())
    });
    read.collect()
}

/// Every field of an answer that its schema does not have.
fn strangers(schemas: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        return strangers(schemas, &schemas[name], value, at, found);
    }
    if let Some(one) = schema["allOf"].get(0) {
        return strangers(schemas, one, value, at, found);
    }
    for item in value.as_array().into_iter().flatten() {
        strangers(schemas, &schema["items"], item, at, found);
    }
    for (field, value) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{field}");
        match schema["properties"].get(field) {
            Some(schema) => strangers(schemas, schema, value, &at, found),
            None => found.push(at),
        }
    }
}

#[tokio::test]
async fn no_answer_holds_what_the_schemas_do_not_have() {
    let api = TestApi::start().await;
    for version in Version::ALL {
        let document = api::openapi(version);
        let schemas = &document["components"]["schemas"];
        let newest = usize::from(version == Version::V3);
        for package in PACKAGES {
            for (name, answer) in answers(&api, package[newest]).await {
                let (list, name) = (name.starts_with('['), name.trim_matches(['[', ']']));
                let reference = serde_json::json!({"$ref": format!("#/components/schemas/{name}")});
                let schema = if list { serde_json::json!({"items": reference}) } else { reference };
                let mut found = Vec::new();
                strangers(schemas, &schema, &answer, name, &mut found);
                assert_eq!(found, [""; 0], "{version:?}");
            }
        }
    }
}

/// The fields in one answer that are not in the other, by their names alone.
fn more(newer: &Value, older: &Value, found: &mut Vec<String>) {
    match (newer, older) {
        (Value::Object(newer), Value::Object(older)) => {
            assert!(older.keys().all(|field| newer.contains_key(field)), "{older:?}");
            for (field, value) in newer {
                match older.get(field) {
                    Some(older) => more(value, older, found),
                    None => found.push(field.clone()),
                }
            }
        }
        (Value::Array(newer), Value::Array(older)) => {
            assert_eq!(newer.len(), older.len());
            newer.iter().zip(older).for_each(|(newer, older)| more(newer, older, found));
        }
        _ => assert_eq!(newer, older),
    }
}

#[tokio::test]
async fn what_version_2_has_is_the_same_as_in_version_3() {
    let api = TestApi::start().await;
    let mut expected: Vec<&str> = NEWER_THAN_2.iter().flat_map(|row| row.fields).copied().collect();
    expected.push("nin");
    expected.sort_unstable();
    for (package, [older, newer]) in PACKAGES.into_iter().enumerate() {
        let (older, newer) = (answers(&api, older).await, answers(&api, newer).await);
        let mut found = Vec::new();
        for ((_, older), (_, newer)) in older.iter().zip(&newer) {
            more(newer, older, &mut found);
        }
        found.sort_unstable();
        found.dedup();
        // Restricted access does not see the part that has grown.
        let expected = if package == 0 { expected.as_slice() } else { &["nin"] };
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn the_headers_say_what_the_answer_leaves_out_and_when_it_ends() {
    let api = TestApi::start().await;
    let target = format!("/api/no-legal-basis/person/{}?{}", id(1), all_parts());
    let answer = api.get(NO_LEGAL, &target).await;
    assert!(answer.header("withheld-information-parts").contains("FamilyRelation"));
    assert_eq!(answer.header("deprecation"), "@1767222000");
    assert_eq!(answer.header("sunset"), "Fri, 31 Dec 2027 23:00:00 GMT");
    let refused = api.get(LEGAL, &target).await;
    refused.assert_problem(403, "scope-missing");
    assert_eq!(refused.header("deprecation"), "@1767222000");
    let newer = api.get(FULL, "/api/v3/full-access/event").await;
    assert_eq!((newer.status, newer.header("deprecation"), newer.header("sunset")), (200, "", ""));
}

#[tokio::test]
async fn the_version_in_the_header_is_that_of_the_path() {
    let api = TestApi::start().await;
    for (scope, path, own, other) in
        [(LEGAL, "/api/legal-basis/event", "2", "3"), (FULL, "/api/v3/full-access/event", "3", "2")]
    {
        for (sent, status) in [(own, 200), ("", 200), (other, 400), ("1.0", 400), ("1.5", 400)] {
            let request = api.request(Method::GET, scope, path).header("api-version", sent);
            let answer = api.send(request).await;
            assert_eq!(answer.status, status, "{path} {sent}");
            if status == 400 {
                answer.assert_problem(400, "version-not-served");
                assert!(answer.json()["detail"].as_str().expect("text").contains("api-version"));
            }
        }
    }
}

#[tokio::test]
async fn a_token_opens_its_own_version_only() {
    let api = TestApi::start().await;
    let (older, newer) = ("/api/legal-basis/event", "/api/v3/full-access/event");
    // A bound token without its proof, in both schemes.
    let bound = sign(&ISSUER_KEY, "first", &api.issuer.claims(FULL));
    let answer = api.send(api.bare(Method::GET, older).bearer_auth(&bound)).await;
    answer.assert_problem(401, "token-invalid");
    let expected = "Bearer error=\"invalid_token\", realm=\"persontjenesten\"";
    assert_eq!(answer.header("www-authenticate"), expected);
    let answer = api.send(api.bare(Method::GET, older).header("authorization", dpop(&bound))).await;
    answer.assert_problem(401, "token-invalid");
    // A free token in version 3, with a proof and without.
    let free = api.issuer.token(LEGAL);
    let answer = api.send(api.request_with(Method::GET, newer, &free)).await;
    answer.assert_problem(401, "token-invalid");
    let answer = api.send(api.bare(Method::GET, newer).bearer_auth(&free)).await;
    answer.assert_problem(401, "token-invalid");
    // Version 3's scope does not open version 2, bound or not.
    let mut claims = api.issuer.claims(LEGAL);
    claims["scope"] = serde_json::json!([FULL]);
    let answer =
        api.send(api.request_with(Method::GET, older, &sign(&ISSUER_KEY, "first", &claims)));
    answer.await.assert_problem(403, "scope-missing");
}

#[tokio::test]
async fn a_token_that_is_bound_in_any_way_is_no_bearer_token() {
    let api = TestApi::start().await;
    for bound in [
        serde_json::json!({"jkt": crate::issuer::CLIENT_KEY.thumbprint()}),
        serde_json::json!({"x5t#S256": "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"}),
        serde_json::json!({"kid": "ø"}),
        serde_json::json!({}),
        serde_json::json!("x"),
        Value::Null,
    ] {
        let mut claims = api.issuer.claims(LEGAL);
        claims["cnf"] = bound.clone();
        let token = sign(&ISSUER_KEY, "first", &claims);
        let request = api.request_with(Method::GET, "/api/legal-basis/event", &token);
        let answer = api.send(request).await;
        assert_eq!((answer.status, answer.problem().as_str()), (401, "token-invalid"), "{bound}");
    }
}

#[tokio::test]
async fn an_organisation_is_not_asked_for_and_an_array_of_scopes_is_no_other_than_a_text() {
    let api = TestApi::start().await;
    let mut claims = api.issuer.claims(LEGAL);
    claims.as_object_mut().expect("an object").remove(ORGNR_PARENT);
    claims["scope"] = serde_json::json!(format!("{NO_LEGAL} {LEGAL}"));
    let token = sign(&ISSUER_KEY, "first", &claims);
    for path in ["/api/legal-basis/event/latest", "/API/No-Legal-Basis/Event/Latest/"] {
        let request = api.bare(Method::GET, path).bearer_auth(&token);
        assert_eq!(api.send(request).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_a_request_can_say_is_what_version_2_has() {
    let api = TestApi::start().await;
    let events =
        async |query: &str| api.get(LEGAL, &format!("/api/legal-basis/event?{query}")).await;
    let count = |answer: &Answer| answer.json()["results"].as_array().map(Vec::len);
    assert_eq!(count(&events("sequenceNumber=1").await), Some(3));
    assert_eq!(count(&events("eventTypes=personiscreated&sequenceNumber=3").await), Some(1));
    for bad in ["sequenceNumber=0", "sequenceNumber=-1", "eventTypes=Shoes"] {
        events(bad).await.assert_problem(400, "invalid-request");
    }
    // Version 2 does not know these, and what is not known is ignored, whatever its value.
    let answer = events("maxLimit=1&waitSeconds=99&includeEventTime=perhaps").await;
    assert_eq!((answer.status, count(&answer)), (200, Some(3)));
    let latest = api.request(Method::GET, LEGAL, "/api/legal-basis/event/latest");
    let latest = api.send(latest.header("if-none-match", "*")).await;
    assert_eq!((latest.status, latest.header("etag")), (200, ""));
}

#[tokio::test]
async fn what_is_switched_off_says_where_to_go() {
    let api = TestApi::start_with(|config| config.version_2.enabled = false).await;
    crate::persons::seed(&api.store, 1).await;
    // Not even a token is looked at.
    for path in ["/api/legal-basis/event", "/api/no-legal-basis/event/latest"] {
        let answer = api.send(api.bare(Method::GET, path)).await;
        answer.assert_problem(410, "version-switched-off");
        assert!(answer.json()["detail"].as_str().expect("text").contains("/api/v3/full-access"));
    }
    assert_eq!(api.get(FULL, "/api/v3/full-access/event").await.status, 200);
}
