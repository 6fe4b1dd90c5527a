//! What is refused of an access token, and what is read from one.

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
    accept("iat", Value::Null);
    accept("exp", json!(NOW as f64 + 60.5));
    assert_eq!(accept("cnf", Value::Null).jkt, None);
    assert_eq!(accept("helseid://claims/client/client_name", json!("")).client_name, None);
    let child = accept("helseid://claims/client/claims/orgnr_child", json!("310000018"));
    assert_eq!(child.orgnr_child.as_deref(), Some("310000018"));
    let supplier = accept("helseid://claims/client/claims/orgnr_supplier", json!("310000026"));
    assert_eq!(supplier.orgnr_supplier.as_deref(), Some("310000026"));
}

#[test]
fn wrong_claims_are_refused() {
    use TokenFault::*;
    let cases: &[(&str, Value, TokenFault)] = &[
        ("iss", Value::Null, Issuer),
        ("iss", json!("https://helseid.example.test/"), Issuer),
        ("iss", json!("https://HELSEID.example.test"), Issuer),
        ("iss", json!(["https://helseid.example.test"]), Issuer),
        ("aud", Value::Null, Audience),
        ("aud", json!([]), Audience),
        ("aud", json!("nhn:another-api"), Audience),
        // An identity token has the client as its audience.
        ("aud", json!("client-ø"), Audience),
        ("aud", json!([AUDIENCE, "nhn:another-api"]), Audience),
        ("aud", json!([AUDIENCE, AUDIENCE]), Audience),
        ("aud", json!({"x": AUDIENCE}), Audience),
        ("exp", Value::Null, Times),
        ("exp", json!("1780000600"), Times),
        ("exp", json!(NOW - 5), Expired),
        ("exp", json!(0), Expired),
        ("exp", json!(1e300), Times),
        ("nbf", Value::Null, Times),
        ("nbf", json!("1780000000"), Times),
        ("nbf", json!(NOW + 6), NotYetValid),
        ("iat", json!("1780000000"), Times),
        ("iat", json!(NOW + 3600), NotYetValid),
        ("client_id", Value::Null, Claims),
        ("client_id", json!(""), Claims),
        ("client_id", json!(7), Claims),
        ("scope", json!(7), Claims),
        ("scope", json!(["a", 7]), Claims),
        ("helseid://claims/client/claims/orgnr_parent", json!(310_000_000), Claims),
        ("helseid://claims/client/claims/orgnr_parent", json!(["310000000"]), Claims),
        ("cnf", json!({}), Confirmation),
        ("cnf", json!("jkt"), Confirmation),
        ("cnf", json!({"jkt": 7}), Confirmation),
        ("cnf", json!({"jkt": "c2hvcnQ"}), Confirmation),
        ("cnf", json!({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}), Confirmation),
    ];
    for (name, value, fault) in cases {
        let token = sign_token(&with(token_claims(), name, value.clone()));
        assert_eq!(check_token(&token), Err(*fault), "{name} {value}");
    }
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
fn wrong_headers_are_refused() {
    use TokenFault::*;
    let long_kid = "k".repeat(10_000);
    let cases: &[(&str, Value, TokenFault)] = &[
        ("alg", json!("none"), Algorithm),
        ("alg", json!("None"), Algorithm),
        ("alg", json!("nOnE"), Algorithm),
        ("alg", json!("HS256"), Algorithm),
        ("alg", json!("rs256"), Algorithm),
        ("alg", json!("RS384"), Algorithm),
        ("alg", json!("ES512"), Algorithm),
        ("alg", json!(null), Algorithm),
        ("typ", json!(null), Type),
        ("typ", json!("dpop+jwt"), Type),
        ("typ", json!("application/at+jwt"), Type),
        ("typ", json!("id_token"), Type),
        ("crit", json!(["exp"]), ForbiddenHeader),
        ("jwk", strange_key().public_jwk(), ForbiddenHeader),
        ("jku", json!("https://evil.example.test/keys"), ForbiddenHeader),
        ("x5u", json!("https://evil.example.test/key.pem"), ForbiddenHeader),
        ("kid", json!(null), KeyId),
        ("kid", json!(""), KeyId),
        ("kid", json!(7), KeyId),
        ("kid", json!(long_kid), KeyId),
        ("kid", json!("../../etc/passwd"), UnknownKey),
        ("kid", json!("' OR 1=1 --"), UnknownKey),
        ("kid", json!(KID.to_lowercase()), UnknownKey),
    ];
    for (name, value, fault) in cases {
        let mut header = token_header();
        header.push((*name, value.clone()));
        let token = issuer_key().sign_jwt(&header, &token_claims()).expect("signed");
        assert_eq!(check_token(&token), Err(*fault), "{name} {value}");
    }
    for typ in ["JWT", "jwt", "AT+JWT"] {
        let header = [("typ", json!(typ)), ("kid", json!(KID))];
        let token = issuer_key().sign_jwt(&header, &token_claims()).expect("signed");
        assert!(check_token(&token).is_ok(), "{typ}");
    }
}

#[test]
fn forged_signatures_are_refused() {
    let by_another = strange_key().sign_jwt(&token_header(), &token_claims()).expect("signed");
    assert_eq!(check_token(&by_another), Err(TokenFault::Signature));

    let valid = sign_token(&token_claims());
    let (signed, signature) = valid.rsplit_once('.').expect("three parts");
    let (header, _) = signed.split_once('.').expect("three parts");
    let claims = with(token_claims(), "client_id", json!("another"));
    let changed = format!("{header}.{}.{signature}", base64url(claims.to_string().as_bytes()));
    assert_eq!(check_token(&changed), Err(TokenFault::Signature));
}

#[test]
fn a_symmetric_signature_with_the_public_key_is_refused() {
    use aws_lc_rs::hmac;
    let header = json!({"alg": "HS256", "typ": "at+jwt", "kid": KID}).to_string();
    let claims = token_claims().to_string();
    let signed = format!("{}.{}", base64url(header.as_bytes()), base64url(claims.as_bytes()));
    let secret = issuer_key().public_jwk().to_string();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
    let token = format!("{signed}.{}", base64url(tag.as_ref()));
    assert_eq!(check_token(&token), Err(TokenFault::Algorithm));
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
fn repeated_names_and_deep_json_are_refused() {
    let header = json!({"alg": "RS256", "typ": "at+jwt", "kid": KID}).to_string();
    let claims = token_claims().to_string();
    let sign = |header: &str, claims: &str| {
        issuer_key().sign_compact(header.as_bytes(), claims.as_bytes()).expect("signed")
    };
    assert!(check_token(&sign(&header, &claims)).is_ok());
    let twice = |json: &str, member: &str| json.replacen('{', &format!("{{{member},"), 1);
    for (header, claims) in [
        (twice(&header, r#""alg":"none""#), claims.clone()),
        (header.clone(), twice(&claims, r#""aud":"nhn:another-api""#)),
        (header.clone(), twice(&claims, r#""\u0061ud":"nhn:another-api""#)),
        (header.clone(), twice(&claims, r#""x":{"y":1,"y":2}"#)),
        (
            header.clone(),
            twice(&claims, &format!(r#""x":{}1{}"#, "[".repeat(2000), "]".repeat(2000))),
        ),
        (header.clone(), format!("[{claims}]")),
        (header.clone(), format!("{claims}{claims}")),
    ] {
        assert_eq!(check_token(&sign(&header, &claims)), Err(TokenFault::Malformed), "{claims}");
    }
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
        match algorithm {
            Algorithm::Es512 => assert_eq!(verified, Err(TokenFault::Algorithm)),
            _ => assert!(verified.is_ok(), "{algorithm:?}"),
        }
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
