//! DPoP proofs: the nine algorithms, the thirteen spoilt proofs of HelseID's test
//! service, and what a table of rows does not show. The rest stands in `refused`.

use std::collections::HashSet;

use helseid::{
    Algorithm, ExpectedProof, ProofFault, ProofRules, SigningKey, make_proof, verify_proof,
    verify_token_request_proof,
};
use serde_json::{Value, json};

use crate::support::*;

fn claims() -> Value {
    json!({
        "htm": "POST",
        "htu": URL,
        "iat": NOW,
        "jti": "j-1",
        "ath": helseid::access_token_hash(TOKEN),
    })
}

fn header(key: &SigningKey) -> Value {
    json!({"typ": "dpop+jwt", "alg": key.algorithm().name(), "jwk": key.public_jwk()})
}

fn sign(key: &SigningKey, header: &Value, claims: &Value) -> String {
    key.sign_compact(header.to_string().as_bytes(), claims.to_string().as_bytes()).expect("signed")
}

#[test]
fn all_nine_algorithms_are_accepted() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);
        let verified = check_proof(&valid_proof(key), key);
        let verified = verified.unwrap_or_else(|fault| panic!("{algorithm:?}: {fault}"));
        assert_eq!(verified.forget_after_s, NOW + 15);
        // A signature by any other algorithm does not hold.
        for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            let lying = with(header(key), "alg", json!(other.name()));
            let refused = check_proof(&sign(key, &lying, &claims()), key);
            assert!(
                matches!(refused, Err(ProofFault::Key | ProofFault::Signature)),
                "{algorithm:?} as {other:?}: {refused:?}"
            );
        }
    }
}

#[test]
fn larger_rsa_keys_are_accepted_to_4096_bits() {
    for bits in [3072, 4096] {
        let key = SigningKey::generate_rsa(Algorithm::Ps256, bits).expect("a key");
        assert!(check_proof(&valid_proof(&key), &key).is_ok(), "{bits}");
    }
}

/// The thirteen variants of HelseID's test service.
#[test]
fn the_thirteen_spoilt_proofs_are_refused() {
    use ProofFault::*;
    let key = key(helseid::Algorithm::Es256);
    let header = header(key);
    let mut private = key.public_jwk();
    private["d"] = key.to_private_jwk().expect("a JWK")["d"].clone();
    let cases: Vec<(&str, Value, Value, ProofFault)> = vec![
        ("no htu", header.clone(), with(claims(), "htu", Value::Null), Url),
        ("no htm", header.clone(), with(claims(), "htm", Value::Null), Method),
        ("iat past", header.clone(), with(claims(), "iat", json!(NOW - 16)), TooOld),
        ("iat future", header.clone(), with(claims(), "iat", json!(NOW + 6)), FromFuture),
        ("no ath", header.clone(), with(claims(), "ath", Value::Null), TokenHash),
        ("no alg", with(header.clone(), "alg", Value::Null), claims(), Algorithm),
        ("no jwk", with(header.clone(), "jwk", Value::Null), claims(), Key),
        ("no jti", header.clone(), with(claims(), "jti", Value::Null), Id),
        ("symmetric", with(header.clone(), "alg", json!("HS256")), claims(), Algorithm),
        ("private key", with(header.clone(), "jwk", private), claims(), PrivateKey),
        ("wrong typ", with(header.clone(), "typ", json!("jwt")), claims(), Type),
    ];
    for (what, header, claims, fault) in cases {
        assert_eq!(check_proof(&sign(key, &header, &claims), key), Err(fault), "{what}");
    }
    let other = SigningKey::generate(helseid::Algorithm::Es256).expect("a key");
    let badly_signed = sign(&other, &header, &claims());
    assert_eq!(check_proof(&badly_signed, key), Err(Signature), "bad signature");
    assert_eq!(check_proof(&valid_proof(&other), key), Err(Binding), "another jkt");
}

#[test]
fn the_window_is_ten_seconds_and_five_of_skew() {
    let key = key(Algorithm::Es256);
    let at = |iat: Value| {
        check_proof(&sign(key, &header(key), &with(claims(), "iat", iat)), key)
            .map(|verified| verified.forget_after_s)
    };
    assert_eq!(at(json!(NOW - 15)), Ok(NOW));
    assert_eq!(at(json!(NOW - 16)), Err(ProofFault::TooOld));
    assert_eq!(at(json!(NOW + 5)), Ok(NOW + 20));
    assert_eq!(at(json!(NOW + 6)), Err(ProofFault::FromFuture));
    assert_eq!(at(json!(NOW as f64 + 0.25)), Ok(NOW + 15));
}

#[test]
fn a_point_off_the_curve_verifies_nothing() {
    let key = key(Algorithm::Es256);
    let jwk = with(key.public_jwk(), "y", json!(base64url(&[7; 32])));
    let proof = sign(key, &with(header(key), "jwk", jwk.clone()), &claims());
    let public = helseid::PublicKey::from_jwk(jwk.as_object().expect("an object"));
    let jkt = public.expect("members of the right form").thumbprint();
    let expected = ExpectedProof { jkt: &jkt, ..expected_proof(key) };
    let refused = verify_proof(&proof, &expected, &ProofRules::default(), NOW);
    assert_eq!(refused, Err(ProofFault::Signature));
}

#[test]
fn signatures_in_other_forms_are_refused() {
    let key = key(Algorithm::Es256);
    let proof = valid_proof(key);
    let (signed, signature) = proof.rsplit_once('.').expect("three parts");
    use base64::Engine;
    let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).expect("base64");
    let der = [&[0x30, 0x44, 0x02, 0x20], &raw[..32], &[0x02, 0x20], &raw[32..]].concat();
    let zeros = [0_u8; 64];
    for other in [der.as_slice(), &raw[..63], &[&raw[..], &[0]].concat(), &zeros] {
        let proof = format!("{signed}.{}", base64url(other));
        assert_eq!(check_proof(&proof, key), Err(ProofFault::Signature));
    }
}

#[test]
fn unreadable_proofs_are_refused() {
    let key = key(Algorithm::Es256);
    let valid = valid_proof(key);
    for proof in ["", "..", "a.b.c", "eyJ9.eyJ9.AA", &format!("{valid}="), &format!(" {valid}")] {
        assert_eq!(check_proof(proof, key), Err(ProofFault::Malformed), "{proof}");
    }
    assert_eq!(check_proof(&"a".repeat(8 * 1024 + 1), key), Err(ProofFault::TooLong));
    let twice = claims().to_string().replacen('{', r#"{"jti":"j-0","#, 1);
    let twice = key.sign_compact(header(key).to_string().as_bytes(), twice.as_bytes());
    assert_eq!(check_proof(&twice.expect("signed"), key), Err(ProofFault::Malformed));
}

#[test]
fn ids_of_different_keys_never_meet() {
    let keys = [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512];
    let hashes: HashSet<_> = keys
        .into_iter()
        .map(|algorithm| check_proof(&valid_proof(key(algorithm)), key(algorithm)).expect("valid"))
        .map(|verified| verified.jti_hash)
        .collect();
    assert_eq!(hashes.len(), 3);
    let key = key(Algorithm::Es256);
    let again = [valid_proof(key), valid_proof(key)].map(|proof| check_proof(&proof, key));
    assert_eq!(again[0], again[1], "one jti is one id, whatever the signature's bytes");
}

#[test]
fn the_token_endpoint_reads_key_and_nonce() {
    let key = key(Algorithm::Rs256);
    let url = "https://helseid.example.test/connect/token";
    let rules = ProofRules::default();
    let proof = make_proof(key, "POST", url, None, Some("n-1"), "j-2", NOW).expect("signed");
    let verified = verify_token_request_proof(&proof, "POST", url, &rules, NOW).expect("valid");
    assert_eq!(verified.jkt, key.thumbprint());
    assert_eq!(verified.nonce.as_deref(), Some("n-1"));
    let late = verify_token_request_proof(&proof, "POST", url, &rules, NOW + 16);
    assert_eq!(late, Err(ProofFault::TooOld));
    // Such a proof names no token, so it opens no API.
    let expected = ExpectedProof { url, ..expected_proof(key) };
    assert_eq!(verify_proof(&proof, &expected, &rules, NOW), Err(ProofFault::TokenHash));
}
