//! Rubbish is refused and never breaks anything.

use helseid::{Algorithm, KeySet, PublicKey, SigningKey, unverified_issuer, unverified_kid};
use proptest::prelude::*;

use crate::support::*;

/// Three parts of base64url with JSON of a kind: deeper than plain rubbish gets.
fn almost_a_token() -> impl Strategy<Value = String> {
    let member = prop_oneof![
        "\"(alg|typ|kid|jwk|aud|exp|iat|cnf|scope|htu|htm|jti|ath)\":(\"[ -~]{0,12}\"|-?[0-9]{1,25})",
        Just(r#""alg":"RS256""#.to_owned()),
        Just(r#""typ":"at+jwt""#.to_owned()),
        Just(r#""typ":"dpop+jwt""#.to_owned()),
        Just(r#""jwk":{"kty":"EC","crv":"P-256","x":"","y":""}"#.to_owned()),
        Just(r#""jwk":{"kty":"RSA","n":"","e":""}"#.to_owned()),
    ];
    let object = prop::collection::vec(member, 0..5)
        .prop_map(|members| base64url(format!("{{{}}}", members.join(",")).as_bytes()));
    (object.clone(), object, "[A-Za-z0-9_-]{0,90}")
        .prop_map(|(header, claims, signature)| format!("{header}.{claims}.{signature}"))
}

proptest! {
    #[test]
    fn any_text_is_refused(text in prop_oneof![any::<String>(), "[A-Za-z0-9._=-]{0,200}", almost_a_token()]) {
        let key = key(Algorithm::Es256);
        prop_assert!(check_token(&text).is_err());
        prop_assert!(check_proof(&text, key).is_err());
        // These two read without judging; they must only not break.
        let _ = (unverified_kid(&text), unverified_issuer(&text));
    }

    #[test]
    fn any_bytes_are_no_keys(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(KeySet::read(&bytes).is_err());
        prop_assert!(SigningKey::from_jwk(&bytes).is_err());
        if let Ok(serde_json::Value::Object(jwk)) = serde_json::from_slice(&bytes) {
            prop_assert!(PublicKey::from_jwk(&jwk).is_err());
        }
    }

    #[test]
    fn a_token_with_one_changed_character_is_refused(
        place in any::<prop::sample::Index>(),
        replacement in prop::char::range('!', '~'),
    ) {
        static VALID: std::sync::LazyLock<(String, String)> = std::sync::LazyLock::new(|| {
            (sign_token(&token_claims()), valid_proof(key(Algorithm::Es256)))
        });
        let spoil = |text: &str| {
            let mut characters: Vec<char> = text.chars().collect();
            let place = place.index(characters.len());
            let changed = characters[place] != replacement;
            characters[place] = replacement;
            changed.then(|| characters.into_iter().collect::<String>())
        };
        if let Some(token) = spoil(&VALID.0) {
            prop_assert!(check_token(&token).is_err());
        }
        if let Some(proof) = spoil(&VALID.1) {
            prop_assert!(check_proof(&proof, key(Algorithm::Es256)).is_err());
        }
    }
}
