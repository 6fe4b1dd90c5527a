//! What is read from an access token, and which keys it may be signed with. What is refused stands in
//! `refused`.

use helseid::{
    AccessTokenRules, Algorithm, KeySet, KeySetFault, TokenFault, jwks_document, unverified_kid,
    verify_access_token,
};
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn a_valid_token_is_read() {
    let token = check_token(&sign_token(&token_claims())).expect("a valid token");
    assert_eq!(token.client_id, "client-ø");
    assert_eq!(token.client_name.as_deref(), Some("Test client"));
    assert_eq!(token.scopes, ["nhn:hgd-persontjenesten-api/full-access"]);
    assert_eq!(token.orgnr_parent.as_deref(), Some("310000000"));
    assert_eq!((token.orgnr_child, token.orgnr_supplier), (None, None));
    assert_eq!(token.jkt.as_deref(), Some(key(Algorithm::Es256).thumbprint()));
    assert_eq!(token.jti.as_deref(), Some("A1B2"));
    assert_eq!(token.expires_at_s, NOW + 600);
}

#[test]
fn claims_have_several_allowed_forms() {
    let accept = |name: &str, value: Value| {
        let token = sign_token(&with(token_claims(), name, value.clone()));
        check_token(&token).unwrap_or_else(|fault| panic!("{name} {value}: {fault}"))
    };
    assert_eq!(accept("scope", json!("a/b  c/d ")).scopes, ["a/b", "c/d"]);
    assert_eq!(accept("scope", json!(["a/b", "c/d"])).scopes, ["a/b", "c/d"]);
    assert!(accept("scope", Value::Null).scopes.is_empty());
    accept("aud", json!([AUDIENCE]));
    accept("exp", json!(NOW as f64 + 60.5));
    assert_eq!(accept("cnf", Value::Null).jkt, None);
    assert_eq!(accept("helseid://claims/client/client_name", json!("")).client_name, None);
    let child = accept("helseid://claims/client/claims/orgnr_child", json!("310000018"));
    assert_eq!(child.orgnr_child.as_deref(), Some("310000018"));
    let supplier = accept("helseid://claims/client/claims/orgnr_supplier", json!("310000026"));
    assert_eq!(supplier.orgnr_supplier.as_deref(), Some("310000026"));
}

#[test]
fn the_leeway_is_five_seconds_and_no_more() {
    let at = |name: &str, time: i64| {
        check_token(&sign_token(&with(token_claims(), name, json!(time)))).map(|_| ())
    };
    assert_eq!(at("exp", NOW - 4), Ok(()));
    assert_eq!(at("exp", NOW - 5), Err(TokenFault::Expired));
    assert_eq!(at("nbf", NOW + 5), Ok(()));
    assert_eq!(at("nbf", NOW + 6), Err(TokenFault::NotYetValid));
    assert_eq!(at("iat", NOW + 5), Ok(()));
    assert_eq!(at("iat", NOW + 6), Err(TokenFault::NotYetValid));
}

#[test]
fn a_changed_token_is_refused() {
    let valid = sign_token(&token_claims());
    let (signed, signature) = valid.rsplit_once('.').expect("three parts");
    let (header, _) = signed.split_once('.').expect("three parts");
    let claims = with(token_claims(), "client_id", json!("another"));
    let changed = format!("{header}.{}.{signature}", base64url(claims.to_string().as_bytes()));
    assert_eq!(check_token(&changed), Err(TokenFault::Signature));
}

#[test]
fn other_spellings_of_a_valid_token_are_refused() {
    let valid = sign_token(&token_claims());
    let parts: Vec<&str> = valid.split('.').collect();
    let spoilt = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{valid}.{}", parts[2]),
        format!("{valid}="),
        format!(" {valid}"),
        format!("{valid}\n"),
        format!("Bearer {valid}"),
        valid.replace('.', ". "),
        valid.replacen('.', "\u{feff}.", 1),
        valid.replacen('e', "ė", 1),
    ];
    for token in spoilt {
        assert_eq!(check_token(&token), Err(TokenFault::Malformed), "{token}");
    }
    assert_eq!(check_token(&"a".repeat(1 << 20)), Err(TokenFault::TooLong));
    let padded = with(token_claims(), "x", json!("x".repeat(13_000)));
    assert_eq!(check_token(&sign_token(&padded)), Err(TokenFault::TooLong));
}

#[test]
fn other_algorithms_hold_only_when_configured() {
    for algorithm in Algorithm::ALL {
        let signing = key(algorithm);
        let keys = jwks_document([("k", signing)]).to_string();
        let keys = KeySet::read(keys.as_bytes()).expect("a key set");
        let header = [("typ", json!("at+jwt")), ("kid", json!("k"))];
        let token = signing.sign_jwt(&header, &token_claims()).expect("signed");
        let rules = AccessTokenRules { algorithms: vec![algorithm], ..rules() };
        let verified = verify_access_token(&token, &keys, &rules, NOW);
        assert!(verified.is_ok(), "{algorithm:?}");
        let others = Algorithm::ALL.into_iter().filter(|other| *other != algorithm).collect();
        let rules = AccessTokenRules { algorithms: others, ..rules };
        let refused = verify_access_token(&token, &keys, &rules, NOW);
        assert_eq!(refused, Err(TokenFault::Algorithm), "{algorithm:?}");
    }
}

#[test]
fn a_key_serves_only_its_own_kid_and_algorithm() {
    let jwks = jwks_document([("old", issuer_key()), (KID, strange_key())]).to_string();
    let keys = KeySet::read(jwks.as_bytes()).expect("a key set");
    // The right key is in the set, under another name.
    let swapped = verify_access_token(&sign_token(&token_claims()), &keys, &rules(), NOW);
    assert_eq!(swapped, Err(TokenFault::Signature));

    let token = issuer_key()
        .sign_jwt(
            &[("typ", json!("at+jwt")), ("kid", json!(KID)), ("alg", json!("PS256"))],
            &token_claims(),
        )
        .expect("signed");
    let rules =
        AccessTokenRules { algorithms: vec![Algorithm::Rs256, Algorithm::Ps256], ..rules() };
    // The set says that the key is for RS256.
    let refused = verify_access_token(&token, &key_set(), &rules, NOW);
    assert_eq!(refused, Err(TokenFault::UnknownKey));
}

#[test]
fn a_key_set_passes_over_what_it_cannot_use() {
    let mut document = jwks_document([(KID, issuer_key())]);
    let listed = document["keys"].as_array_mut().expect("keys");
    let good = listed[0].clone();
    listed.insert(0, json!({"kty": "oct", "kid": "o", "k": "c2VjcmV0"}));
    listed.insert(0, with(good.clone(), "use", json!("enc")));
    listed.insert(0, with(good.clone(), "kid", Value::Null));
    listed.insert(0, json!({"kty": "OKP", "crv": "Ed25519", "kid": "e", "x": "AA"}));
    listed.insert(0, json!("no key"));
    for bits in [1024, 2047, 4097, 8192] {
        let mut modulus = vec![0xff; usize::div_ceil(bits, 8)];
        modulus[0] >>= (8 - bits % 8) % 8;
        listed.insert(0, with(good.clone(), "n", json!(base64url(&modulus))));
    }
    listed.insert(0, with(with(good.clone(), "alg", json!("RSA-OAEP")), "kid", json!("w")));
    let keys = KeySet::read(document.to_string().as_bytes()).expect("a key set");
    assert_eq!(keys.count(), 1);
    assert!(verify_access_token(&sign_token(&token_claims()), &keys, &rules(), NOW).is_ok());

    let refused = |document: Value| KeySet::read(document.to_string().as_bytes()).err();
    assert_eq!(refused(json!({"keys": []})), Some(KeySetFault::Empty));
    assert_eq!(refused(json!({})), Some(KeySetFault::Unreadable));
    assert_eq!(refused(json!([])), Some(KeySetFault::Unreadable));
    assert_eq!(refused(json!({"keys": [good, good]})), Some(KeySetFault::Ambiguous));
}

#[test]
fn the_kid_can_be_read_before_the_keys_are_known() {
    let token = sign_token(&token_claims());
    assert_eq!(unverified_kid(&token).as_deref(), Some(KID));
    assert_eq!(unverified_kid("a.b.c"), None);
}

#[test]
fn neither_faults_nor_tokens_show_a_token() {
    let token = sign_token(&with(token_claims(), "iss", json!("https://secret.example.test")));
    let fault = check_token(&token).expect_err("another issuer");
    assert_eq!(fault.code(), "token_issuer");
    assert!(!format!("{fault} {fault:?}").contains("secret"));
    let valid = sign_token(&token_claims());
    let shown = format!("{:?}", check_token(&valid).expect("valid"));
    assert!(!valid.split('.').any(|part| shown.contains(part)));
}
