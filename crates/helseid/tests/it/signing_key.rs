//! Private keys as JWK, and what they sign.

use helseid::{Algorithm, KeyFault, PublicKey, SigningKey};
use serde_json::{Value, json};

use crate::support::*;

#[test]
fn every_key_survives_its_jwk() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm);
        let jwk = key.to_private_jwk().expect("a JWK");
        assert_eq!(jwk["alg"], algorithm.name());
        let again = SigningKey::from_jwk(jwk.to_string().as_bytes()).expect("the same key");
        assert_eq!(again.thumbprint(), key.thumbprint());
        assert_eq!(again.algorithm(), algorithm);
        assert_eq!(again.to_private_jwk().expect("a JWK"), jwk);
        assert!(check_proof(&valid_proof(&again), key).is_ok(), "{algorithm:?}");
    }
}

#[test]
fn an_elliptic_key_needs_no_algorithm_and_an_rsa_key_does() {
    let without = |algorithm| {
        let jwk = with(key(algorithm).to_private_jwk().expect("a JWK"), "alg", Value::Null);
        SigningKey::from_jwk(jwk.to_string().as_bytes()).map(|key| key.algorithm())
    };
    assert_eq!(without(Algorithm::Es384), Ok(Algorithm::Es384));
    assert_eq!(without(Algorithm::Rs256), Err(KeyFault::Unreadable));
}

#[test]
fn keys_that_do_not_hold_together_are_refused() {
    let (ec, rsa) = (Algorithm::Es256, Algorithm::Rs256);
    let other = SigningKey::generate(ec).expect("a key").to_private_jwk().expect("a JWK");
    let cases = [
        (ec, "d", Value::Null),
        (ec, "d", other["d"].clone()),
        (ec, "x", json!("AA")),
        (ec, "crv", json!("P-384")),
        (ec, "alg", json!("ES384")),
        (ec, "alg", json!("RS256")),
        (ec, "alg", json!("none")),
        (ec, "kty", json!("RSA")),
        (rsa, "alg", json!("ES256")),
        (rsa, "d", Value::Null),
        (rsa, "qi", json!("AQ")),
        (rsa, "e", json!("Aw")),
        (rsa, "p", key(Algorithm::Ps256).to_private_jwk().expect("a JWK")["p"].clone()),
    ];
    for (algorithm, name, value) in cases {
        let jwk = with(key(algorithm).to_private_jwk().expect("a JWK"), name, value.clone());
        let read = SigningKey::from_jwk(jwk.to_string().as_bytes());
        assert_eq!(read.err(), Some(KeyFault::Unreadable), "{name} {value}");
    }
    for json in ["", "{}", "[]", "null"] {
        assert!(SigningKey::from_jwk(json.as_bytes()).is_err());
    }
}

#[test]
fn sizes_are_limited() {
    assert_eq!(SigningKey::generate_rsa(Algorithm::Rs256, 1024).err(), Some(KeyFault::Size));
    assert_eq!(SigningKey::generate_rsa(Algorithm::Es256, 2048).err(), Some(KeyFault::Size));
}

#[test]
fn a_public_jwk_is_the_public_half() {
    for algorithm in Algorithm::ALL {
        let jwk = key(algorithm).public_jwk();
        let public = PublicKey::from_jwk(jwk.as_object().expect("an object")).expect("public");
        assert_eq!(public.thumbprint(), key(algorithm).thumbprint());
        assert_eq!(public.to_jwk(), jwk);
        let fitting: Vec<_> = Algorithm::ALL.into_iter().filter(|one| public.fits(*one)).collect();
        assert!(fitting.contains(&algorithm));
        assert_eq!(fitting.len(), if jwk["kty"] == "RSA" { 6 } else { 1 });
    }
}

#[test]
fn debug_shows_no_private_part() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let key = key(algorithm);
        let secret = key.to_private_jwk().expect("a JWK")["d"].as_str().expect("text").to_owned();
        assert_eq!(
            format!("{key:?}"),
            format!("SigningKey({}, {})", algorithm.name(), key.thumbprint())
        );
        assert!(!format!("{key:?}").contains(&secret));
    }
}
