//! Client assertions as HelseID's token endpoint checks them.

use helseid::{
    Algorithm, AssertionFault, ExpectedAssertion, SigningKey, VerifiedAssertion,
    make_client_assertion, unverified_issuer, verify_client_assertion,
};
use serde_json::{Value, json};

use crate::support::*;

fn check(assertion: &str, key: &SigningKey) -> Result<VerifiedAssertion, AssertionFault> {
    let expected = ExpectedAssertion {
        client_id: "client",
        audiences: &[ISSUER, "https://helseid.example.test/connect/token"],
        key: key.public_key(),
    };
    verify_client_assertion(assertion, &expected, NOW)
}

#[test]
fn all_nine_algorithms_are_accepted() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);
        let assertion = make_client_assertion(key, Some("k"), "client", ISSUER, "j", NOW);
        let assertion = assertion.expect("signed");
        assert_eq!(unverified_issuer(&assertion).as_deref(), Some("client"));
        let verified = check(&assertion, key).expect("valid");
        assert_eq!(verified.forget_after_s, NOW + 65);
    }
}

#[test]
fn wrong_assertions_are_refused() {
    use AssertionFault::*;
    let signing = key(helseid::Algorithm::Es256);
    let claims = json!({
        "iss": "client", "sub": "client", "aud": ISSUER, "jti": "j", "iat": NOW, "nbf": NOW,
        "exp": NOW + 60,
    });
    let sign = |header: &[(&str, Value)], claims: &Value| {
        signing.sign_jwt(header, claims).expect("signed")
    };
    let header = [("typ", json!("JWT"))];
    assert!(check(&sign(&header, &claims), signing).is_ok());
    let endpoint = with(claims.clone(), "aud", json!("https://helseid.example.test/connect/token"));
    assert!(check(&sign(&header, &endpoint), signing).is_ok());
    let cases: &[(&str, Value, AssertionFault)] = &[
        ("iss", Value::Null, Client),
        ("iss", json!("other"), Client),
        ("sub", json!("other"), Client),
        ("aud", Value::Null, Audience),
        ("aud", json!("https://helseid.example.test/"), Audience),
        ("aud", json!([ISSUER, "x"]), Audience),
        ("exp", Value::Null, Times),
        ("exp", json!("1780000060"), Times),
        ("exp", json!(NOW - 6), Times),
        ("exp", json!(NOW + 66), Times),
        ("iat", json!(NOW + 6), Times),
        ("iat", json!("x"), Times),
        ("nbf", json!(NOW + 6), Times),
        ("jti", Value::Null, Id),
        ("jti", json!(""), Id),
    ];
    for (name, value, fault) in cases {
        let assertion = sign(&header, &with(claims.clone(), name, value.clone()));
        assert_eq!(check(&assertion, signing), Err(*fault), "{name} {value}");
    }
    let another = sign(&header, &claims);
    let other_key = SigningKey::generate(helseid::Algorithm::Es256).expect("a key");
    assert_eq!(check(&another, &other_key), Err(Signature));
    assert_eq!(check(&another, key(helseid::Algorithm::Rs256)), Err(Algorithm));
    assert_eq!(check(&sign(&[("typ", json!("at+jwt"))], &claims), signing), Err(Type));
    let none = [("typ", json!("JWT")), ("alg", json!("none"))];
    assert_eq!(check(&sign(&none, &claims), signing), Err(Algorithm));
    assert_eq!(check("a.b.c", signing), Err(Malformed));
}
