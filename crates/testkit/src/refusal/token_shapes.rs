//! Access tokens whose signature, spelling or form is wrong.

use helseid::TokenFault::{Algorithm, ForbiddenHeader, Malformed, Signature, Type};
use helseid::{SigningKey, make_client_assertion};
use serde_json::json;

use super::bend::{Bend, Change, Variant};
use super::expected::Refusal;
use super::world::{CLIENT_KEY, ISSUER_KEY, STRANGE_KEY, World};

/// Deeper than a reader goes, and still small enough for a header.
const DEEP: usize = 1_000;

/// Forged signatures.
pub(super) fn signatures() -> Vec<Variant> {
    let published = ISSUER_KEY.public_jwk();
    let hs256 = || Bend::Header("alg", Some(json!("HS256")));
    let number = published["n"].as_str().expect("a number").to_owned();
    let one = |name: &str, bend| Variant::new(name, bend, Refusal::Token(Signature));
    let both = |name: &str, secret: Vec<u8>| Variant {
        name: name.to_owned(),
        bends: vec![hs256(), Bend::Hmac(secret)],
        refusal: Refusal::Token(Algorithm),
    };
    let brought = Variant {
        name: "a key of its own that it is signed with".to_owned(),
        bends: vec![
            Bend::Header("jwk", Some(STRANGE_KEY.public_jwk())),
            Bend::SignedBy(&STRANGE_KEY),
        ],
        refusal: Refusal::Token(ForbiddenHeader),
    };
    vec![
        one("signed by a key nobody published", Bend::SignedBy(&STRANGE_KEY)),
        one("signed by the client", Bend::SignedBy(&CLIENT_KEY)),
        one("a signature of zeros", Bend::Signature(vec![0; 256])),
        one("a signature that is too short", Bend::Signature(vec![1; 255])),
        one("a signature that is too long", Bend::Signature(vec![1; 257])),
        one("a signature of one byte", Bend::Signature(vec![0])),
        one("an HMAC under RS256", Bend::Hmac(published.to_string().into_bytes())),
        both("HS256 with the public key as JWK", published.to_string().into_bytes()),
        both("HS256 with the public key's number", number.into_bytes()),
        both("HS256 with an empty secret", Vec::new()),
        brought,
    ]
}

/// Members that stand twice, and JSON of a wrong form.
pub(super) fn doubled(world: &World) -> Vec<Variant> {
    let (iss, aud) = (json!(world.issuer), json!(world.audience));
    let claims = [
        ("iss", iss.to_string()),
        ("aud", aud.to_string()),
        ("aud", r#""nhn:another-api""#.to_owned()),
        ("\\u0061ud", r#""nhn:another-api""#.to_owned()),
        ("exp", (world.now_s + 999).to_string()),
        ("nbf", "0".to_owned()),
        ("iat", "0".to_owned()),
        ("scope", json!(world.scope).to_string()),
        ("client_id", r#""leaking-second-client""#.to_owned()),
        ("cnf", r#"{"jkt":"leaking-thumbprint"}"#.to_owned()),
        ("x", r#"{"deep":[{"y":1,"y":2}]}"#.to_owned()),
    ];
    let header = [("alg", "\"none\""), ("alg", "\"RS256\""), ("kid", "\"a\""), ("typ", "\"JWT\"")];
    let brackets = format!(r#""x":{}1{}"#, "[".repeat(DEEP), "]".repeat(DEEP));
    let braces = format!(r#""x":{}1{}"#, r#"{"a":"#.repeat(DEEP / 3), "}".repeat(DEEP / 3));
    let mut bends: Vec<(String, Bend)> = Vec::new();
    for (name, value) in claims {
        let bend = Bend::ClaimFirst(format!("\"{name}\":{value}"));
        bends.push((format!("claim {name} twice, first {value}"), bend));
    }
    for (name, value) in header {
        let bend = Bend::HeaderFirst(format!("\"{name}\":{value}"));
        bends.push((format!("header {name} twice, first {value}"), bend));
    }
    let texts = [
        ("claims in deep lists", Bend::ClaimFirst(brackets.clone())),
        ("claims in deep objects", Bend::ClaimFirst(braces)),
        ("a header in deep lists", Bend::HeaderFirst(brackets)),
        ("claims in a list", Bend::ClaimsText("[{}]".to_owned())),
        ("claims twice", Bend::ClaimsText("{}{}".to_owned())),
        ("claims cut short", Bend::ClaimsText(r#"{"iss":"#.to_owned())),
        ("claims empty", Bend::ClaimsText(String::new())),
        ("claims null", Bend::ClaimsText("null".to_owned())),
        ("claims with a comment", Bend::ClaimsText("/* */{}".to_owned())),
        ("claims after a byte order mark", Bend::ClaimsText("\u{feff}{}".to_owned())),
        ("claims with an endless number", Bend::ClaimFirst(r#""x":1e999"#.to_owned())),
        ("a header in a list", Bend::HeaderText("[{}]".to_owned())),
        ("a header that is a text", Bend::HeaderText("\"RS256\"".to_owned())),
    ];
    bends.extend(texts.map(|(name, bend)| (name.to_owned(), bend)));
    let refused = |(name, bend)| Variant::new(name, bend, Refusal::Token(Malformed));
    bends.into_iter().map(refused).collect()
}

/// Other spellings of a good token, and other things than a token.
pub(super) fn texts(world: &World) -> Vec<Variant> {
    let assertion = made_assertion(&CLIENT_KEY, world);
    let proof = world.proof("leaking-token", "leaking-proof-id");
    let spoilt: [(&str, Change); 13] = [
        ("one dot", |_| ".".to_owned()),
        ("two dots", |_| "..".to_owned()),
        ("not base64url", |_| "not.a.token!".to_owned()),
        ("an opaque text", |_| "leakingOpaqueToken0123456789".to_owned()),
        ("without its signature", |token| token.rsplit_once('.').expect("dots").0.to_owned()),
        ("with an empty signature", |token| {
            format!("{}.", token.rsplit_once('.').expect("dots").0)
        }),
        ("a fourth part", |token| format!("{token}.AAAA")),
        ("five parts, as if encrypted", |token| format!("{token}.AAAA.AAAA")),
        ("padded", |token| format!("{token}=")),
        ("in the other base64", |token| token.replacen('.', "+/.", 1)),
        ("with a space in it", |token| token.replacen('.', ". ", 1)),
        ("with quotes", |token| format!("\"{token}\"")),
        ("with a letter that is no ASCII", |token| token.replacen('e', "ė", 1)),
    ];
    let spoilt = spoilt
        .map(|(name, change)| Variant::new(name, Bend::Text(change), Refusal::Token(Malformed)));
    let strangers = [("a proof as token", proof), ("a client assertion as token", assertion)];
    let [proof, assertion] = strangers.map(|(name, text)| (name, Bend::Instead(text)));
    let strangers = [
        Variant::new(proof.0, proof.1, Refusal::Token(Algorithm)),
        Variant::new(assertion.0, assertion.1, Refusal::Token(Algorithm)),
        Variant {
            name: "an identity token".to_owned(),
            bends: vec![
                Bend::Header("typ", Some(json!("JWT"))),
                Bend::Claim("aud", Some(json!("leaking-client-id-ø"))),
                Bend::Claim("nonce", Some(json!("leaking-nonce"))),
                Bend::Claim("scope", None),
            ],
            refusal: Refusal::Token(helseid::TokenFault::Audience),
        },
        Variant {
            name: "a refresh token".to_owned(),
            bends: vec![Bend::Header("typ", Some(json!("rt+jwt")))],
            refusal: Refusal::Token(Type),
        },
    ];
    spoilt.into_iter().chain(strangers).collect()
}

fn made_assertion(key: &SigningKey, world: &World) -> String {
    make_client_assertion(key, None, "leaking-assertion", &world.issuer, "leaking-id", world.now_s)
        .expect("signed")
}
