//! Access tokens: what is wrong with them, and some that look odd and are right.

use helseid::TokenFault::{
    self, Algorithm, Audience, Claims, Confirmation, Expired, ForbiddenHeader, Issuer, KeyId,
    NotYetValid, Signature, Times, Type, UnknownKey,
};
use serde_json::{Value, json};

use super::bend::{Bend, Variant};
use super::expected::Refusal;
use super::token_shapes::{doubled, signatures, texts};
use super::world::{CLIENT_KEY, ORGNR_PARENT, OTHER_KID, STRANGE_KEY, World};

/// A member, what it is instead, and the fault; the first column is the row's name.
type Row = (&'static str, &'static str, Option<Value>, TokenFault);

/// Every access token that must be refused.
pub fn refused_tokens(world: &World) -> Vec<Variant> {
    let headers = [algorithms(), kinds(), keys()].concat();
    let claims = [parties(world), times(world), others()].concat();
    let rows = |rows: Vec<Row>, bend: fn(&'static str, Option<Value>) -> Bend| {
        rows.into_iter().map(move |(name, member, value, fault)| {
            Variant::new(name, bend(member, value), Refusal::Token(fault))
        })
    };
    let mut all = nones();
    all.extend(rows(headers, Bend::Header));
    all.extend(rows(claims, Bend::Claim));
    all.extend(signatures());
    all.extend(doubled(world));
    all.extend(texts(world));
    all.extend(rights(world));
    all
}

/// `none` in all its sixteen spellings.
fn nones() -> Vec<Variant> {
    let spell = |bits: usize| -> String {
        let letters = "none".chars().enumerate();
        let spelt = letters.map(|(at, letter)| match bits >> at & 1 {
            1 => letter.to_ascii_uppercase(),
            _ => letter,
        });
        spelt.collect()
    };
    let row = |spelt: String| {
        let bend = Bend::Header("alg", Some(json!(spelt)));
        Variant::new(format!("alg {spelt}"), bend, Refusal::Token(Algorithm))
    };
    (0..16).map(spell).map(row).collect()
}

#[rustfmt::skip]
fn algorithms() -> Vec<Row> {
    vec![
        ("alg absent", "alg", None, Algorithm),
        ("alg null", "alg", Some(Value::Null), Algorithm),
        ("alg empty", "alg", Some(json!("")), Algorithm),
        ("alg a number", "alg", Some(json!(256)), Algorithm),
        ("alg in a list", "alg", Some(json!(["RS256"])), Algorithm),
        ("alg HS256", "alg", Some(json!("HS256")), Algorithm),
        ("alg HS384", "alg", Some(json!("HS384")), Algorithm),
        ("alg HS512", "alg", Some(json!("HS512")), Algorithm),
        ("alg EdDSA", "alg", Some(json!("EdDSA")), Algorithm),
        ("alg ES256K", "alg", Some(json!("ES256K")), Algorithm),
        ("alg RS1", "alg", Some(json!("RS1")), Algorithm),
        ("alg RSA-OAEP", "alg", Some(json!("RSA-OAEP")), Algorithm),
        ("alg dir", "alg", Some(json!("dir")), Algorithm),
        ("alg in lower case", "alg", Some(json!("rs256")), Algorithm),
        ("alg with a space", "alg", Some(json!("RS256 ")), Algorithm),
        ("alg with a zero byte", "alg", Some(json!("RS256\0")), Algorithm),
        ("alg not configured, RS384", "alg", Some(json!("RS384")), Algorithm),
        ("alg not configured, PS256", "alg", Some(json!("PS256")), Algorithm),
        ("alg not configured, ES256", "alg", Some(json!("ES256")), Algorithm),
        ("alg not configured, ES512", "alg", Some(json!("ES512")), Algorithm),
    ]
}

#[rustfmt::skip]
fn kinds() -> Vec<Row> {
    let key = || Some(STRANGE_KEY.public_jwk());
    let elsewhere = || Some(json!("https://evil.example.test/keys"));
    vec![
        ("typ absent", "typ", None, Type),
        ("typ of a proof", "typ", Some(json!("dpop+jwt")), Type),
        ("typ of an identity token", "typ", Some(json!("id_token+jwt")), Type),
        ("typ of a log-out token", "typ", Some(json!("logout+jwt")), Type),
        ("typ of a client assertion", "typ", Some(json!("client-authentication+jwt")), Type),
        ("typ with application/", "typ", Some(json!("application/at+jwt")), Type),
        ("typ JWS", "typ", Some(json!("JWS")), Type),
        ("typ in a list", "typ", Some(json!(["at+jwt"])), Type),
        ("crit", "crit", Some(json!(["exp"])), ForbiddenHeader),
        ("crit empty", "crit", Some(json!([])), ForbiddenHeader),
        ("crit with b64", "crit", Some(json!(["b64"])), ForbiddenHeader),
        ("jwk", "jwk", key(), ForbiddenHeader),
        ("jku", "jku", elsewhere(), ForbiddenHeader),
        ("jku null", "jku", Some(Value::Null), ForbiddenHeader),
        ("x5u", "x5u", elsewhere(), ForbiddenHeader),
    ]
}

#[rustfmt::skip]
fn keys() -> Vec<Row> {
    vec![
        ("kid absent", "kid", None, KeyId),
        ("kid empty", "kid", Some(json!("")), KeyId),
        ("kid a number", "kid", Some(json!(7)), KeyId),
        ("kid in a list", "kid", Some(json!([OTHER_KID])), KeyId),
        ("kid of 10 kB", "kid", Some(json!("k".repeat(7_400))), KeyId),
        ("kid of 129 characters", "kid", Some(json!("k".repeat(129))), KeyId),
        ("kid unknown", "kid", Some(json!("leaking-key-id")), UnknownKey),
        ("kid with a path", "kid", Some(json!("../../../../etc/passwd")), UnknownKey),
        ("kid with an address", "kid", Some(json!("https://evil.example.test/key")), UnknownKey),
        ("kid with SQL", "kid", Some(json!("x' UNION SELECT 'key' --")), UnknownKey),
        ("kid with a command", "kid", Some(json!("key|/usr/bin/id")), UnknownKey),
        ("kid with line breaks", "kid", Some(json!("a\r\nleaking-log-line")), UnknownKey),
        ("kid with a zero byte", "kid", Some(json!("key\0.pem")), UnknownKey),
        ("kid in lower case", "kid", Some(json!(OTHER_KID.to_lowercase())), UnknownKey),
        ("kid swapped", "kid", Some(json!(OTHER_KID)), Signature),
    ]
}

#[rustfmt::skip]
fn parties(world: &World) -> Vec<Row> {
    let (iss, aud) = (world.issuer.as_str(), world.audience.as_str());
    vec![
        ("iss absent", "iss", None, Issuer),
        ("iss another", "iss", Some(json!("https://elsewhere.example.test")), Issuer),
        ("iss with a slash", "iss", Some(json!(format!("{iss}/"))), Issuer),
        ("iss in upper case", "iss", Some(json!(iss.to_uppercase())), Issuer),
        ("iss with a longer host", "iss", Some(json!(format!("{iss}.evil.example.test"))), Issuer),
        ("iss with a space", "iss", Some(json!(format!(" {iss}"))), Issuer),
        ("iss in a list", "iss", Some(json!([iss])), Issuer),
        ("iss empty", "iss", Some(json!("")), Issuer),
        ("aud absent", "aud", None, Audience),
        ("aud null", "aud", Some(Value::Null), Audience),
        ("aud empty", "aud", Some(json!("")), Audience),
        ("aud an empty list", "aud", Some(json!([])), Audience),
        ("aud another API", "aud", Some(json!("nhn:another-api")), Audience),
        ("aud another API in a list", "aud", Some(json!(["nhn:another-api"])), Audience),
        ("aud ours and another", "aud", Some(json!([aud, "nhn:another-api"])), Audience),
        ("aud another and ours", "aud", Some(json!(["nhn:another-api", aud])), Audience),
        ("aud ours twice", "aud", Some(json!([aud, aud])), Audience),
        ("aud in an object", "aud", Some(json!({"x": aud})), Audience),
        ("aud a prefix of ours", "aud", Some(json!(&aud[..aud.len() - 1])), Audience),
        ("aud longer than ours", "aud", Some(json!(format!("{aud}2"))), Audience),
        ("aud in upper case", "aud", Some(json!(aud.to_uppercase())), Audience),
        ("aud of an identity token", "aud", Some(json!("leaking-client-id-ø")), Audience),
    ]
}

#[rustfmt::skip]
fn times(world: &World) -> Vec<Row> {
    let now = world.now_s;
    vec![
        ("exp absent", "exp", None, Times),
        ("exp a text", "exp", Some(json!((now + 600).to_string())), Times),
        ("exp null", "exp", Some(Value::Null), Times),
        ("exp true", "exp", Some(json!(true)), Times),
        ("exp in a list", "exp", Some(json!([now + 600])), Times),
        ("exp without end", "exp", Some(json!(1e300)), Times),
        ("exp past", "exp", Some(json!(now - 60)), Expired),
        ("exp just past", "exp", Some(json!(now - 5)), Expired),
        ("exp zero", "exp", Some(json!(0)), Expired),
        ("exp below zero", "exp", Some(json!(-1)), Expired),
        ("nbf absent", "nbf", None, Times),
        ("nbf a text", "nbf", Some(json!(now.to_string())), Times),
        ("nbf null", "nbf", Some(Value::Null), Times),
        ("nbf a date", "nbf", Some(json!("2026-01-01T00:00:00Z")), Times),
        ("nbf future", "nbf", Some(json!(now + 60)), NotYetValid),
        ("nbf in milliseconds", "nbf", Some(json!(now * 1000)), NotYetValid),
        ("iat absent", "iat", None, Times),
        ("iat a text", "iat", Some(json!(now.to_string())), Times),
        ("iat null", "iat", Some(Value::Null), Times),
        ("iat an object", "iat", Some(json!({"s": now})), Times),
        ("iat without end", "iat", Some(json!(-1e300)), Times),
        ("iat future", "iat", Some(json!(now + 60)), NotYetValid),
        ("iat far ahead", "iat", Some(json!(now + 315_360_000)), NotYetValid),
    ]
}

#[rustfmt::skip]
fn others() -> Vec<Row> {
    const CHILD: &str = "helseid://claims/client/claims/orgnr_child";
    const SUPPLIER: &str = "helseid://claims/client/claims/orgnr_supplier";
    let jkt = CLIENT_KEY.thumbprint();
    vec![
        ("client_id absent", "client_id", None, Claims),
        ("client_id empty", "client_id", Some(json!("")), Claims),
        ("client_id a number", "client_id", Some(json!(7)), Claims),
        ("client_id of 300 characters", "client_id", Some(json!("c".repeat(300))), Claims),
        ("scope a number", "scope", Some(json!(7)), Claims),
        ("scope null", "scope", Some(Value::Null), Claims),
        ("scope an object", "scope", Some(json!({"full-access": true})), Claims),
        ("scope a list with a number", "scope", Some(json!(["leaking-scope", 7])), Claims),
        ("scope a list of lists", "scope", Some(json!([["leaking-scope"]])), Claims),
        ("orgnr_parent a number", ORGNR_PARENT, Some(json!(319_999_994)), Claims),
        ("orgnr_parent in a list", ORGNR_PARENT, Some(json!(["319999994"])), Claims),
        ("orgnr_parent of eight digits", ORGNR_PARENT, Some(json!("31999999")), Claims),
        ("orgnr_parent a person's number", ORGNR_PARENT, Some(json!("18817066611")), Claims),
        ("orgnr_parent in other digits", ORGNR_PARENT, Some(json!("٣١٩٩٩٩٩٩٤")), Claims),
        ("orgnr_child a person's number", CHILD, Some(json!("18817066611")), Claims),
        ("orgnr_child with line breaks", CHILD, Some(json!("1\nleaking-log")), Claims),
        ("orgnr_supplier a text", SUPPLIER, Some(json!("leaking-supplier")), Claims),
        ("cnf null", "cnf", Some(Value::Null), Confirmation),
        ("cnf empty", "cnf", Some(json!({})), Confirmation),
        ("cnf a text", "cnf", Some(json!(jkt)), Confirmation),
        ("cnf a text with JSON", "cnf", Some(json!(json!({"jkt": jkt}).to_string())), Confirmation),
        ("cnf in a list", "cnf", Some(json!([{"jkt": jkt}])), Confirmation),
        ("jkt a number", "cnf", Some(json!({"jkt": 7})), Confirmation),
        ("jkt too short", "cnf", Some(json!({"jkt": &jkt[..20]})), Confirmation),
        ("jkt with padding", "cnf", Some(json!({"jkt": format!("{jkt}=")})), Confirmation),
        ("cnf of a certificate", "cnf", Some(json!({"x5t#S256": jkt})), Confirmation),
        ("cnf with a key", "cnf", Some(json!({"jwk": CLIENT_KEY.public_jwk()})), Confirmation),
    ]
}

/// Tokens that hold, and do not open what is called.
fn rights(world: &World) -> Vec<Variant> {
    let (scope, other) = (world.scope.as_str(), world.other_scope.as_str());
    let scopes = [
        ("scope absent", None),
        ("scope an empty list", Some(json!([]))),
        ("scope an empty text", Some(json!(""))),
        ("scope of the other package", Some(json!([other]))),
        ("scope of the other package as text", Some(json!(other))),
        ("scope a prefix", Some(json!([&scope[..scope.len() - 1]]))),
        ("scope a prefix as text", Some(json!(&scope[..scope.len() - 1]))),
        ("scope longer", Some(json!([format!("{scope}2")]))),
        ("scope longer as text", Some(json!(format!("{scope}2")))),
        ("scope in upper case", Some(json!([scope.to_uppercase()]))),
        ("scope in upper case as text", Some(json!(scope.to_uppercase()))),
        ("scope without its API", Some(json!([scope.rsplit('/').next()]))),
        ("scope of another API", Some(json!(["nhn:another-api/full-access"]))),
        ("scope with a wildcard", Some(json!([format!("{}/*", world.audience)]))),
        ("scope in a list as one text", Some(json!([format!("{other} {scope}")]))),
        ("scope with commas", Some(json!(format!("{other},{scope}")))),
        ("scope with tabs", Some(json!(format!("{other}\t{scope}")))),
        ("scope with a space in a list", Some(json!([format!(" {scope}")]))),
    ];
    let scopes = scopes.map(|(name, value)| (name, "scope", value, Refusal::Scope));
    let organisations = [("orgnr_parent absent", None), ("orgnr_parent empty", Some(json!("")))];
    let organisations =
        organisations.map(|(name, value)| (name, ORGNR_PARENT, value, Refusal::Organisation));
    let rows = scopes.into_iter().chain(organisations);
    rows.chain([("cnf absent", "cnf", None, Refusal::Unbound)])
        .map(|(name, claim, value, why)| Variant::new(name, Bend::Claim(claim, value), why))
        .collect()
}

/// Tokens that look odd and are right: the control to all the others.
pub fn accepted_tokens(world: &World) -> Vec<(&'static str, Bend)> {
    let now = world.now_s;
    let (scope, other) = (&world.scope, &world.other_scope);
    let claim = |name, value| Bend::Claim(name, Some(value));
    let header = |name, value| Bend::Header(name, Some(value));
    vec![
        ("typ JWT", header("typ", json!("JWT"))),
        ("typ in upper case", header("typ", json!("AT+JWT"))),
        ("the key's x5t", header("x5t", json!("ASNFZ4mrze8BI0VniavN7wEjRWc"))),
        ("aud in a list", claim("aud", json!([world.audience]))),
        ("scope as text", claim("scope", json!(format!("{other}  {scope} ")))),
        ("several scopes", claim("scope", json!([other, scope]))),
        ("exp with a fraction", claim("exp", json!(now as f64 + 300.5))),
        ("iat with a fraction", claim("iat", json!(now as f64 + 0.25))),
        ("iat long past", claim("iat", json!(now - 86_400))),
        ("nbf long past", claim("nbf", json!(now - 86_400))),
        ("jti absent", Bend::Claim("jti", None)),
        ("a claim nobody knows", claim("leaking-claim", json!({"a": [1, {"b": null}]}))),
    ]
}
