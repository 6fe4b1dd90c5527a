//! DPoP proofs: what is wrong with them, and some that look odd and are right. The thirteen faults
//! that HelseID's own test service makes are among them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use helseid::ProofFault::{
    self, Algorithm, Binding, ForbiddenHeader, FromFuture, Id, IssuedAt, Key, Malformed, Method,
    PrivateKey, Signature, TokenHash, TooOld, Type, Url,
};
use helseid::access_token_hash;
use serde_json::{Value, json};

use super::bend::{Bend, Change, Variant};
use super::expected::Refusal;
use super::world::{CLIENT_KEY, CLIENT_RSA_KEY, ISSUER_KEY, STRANGE_KEY, World};

/// A member, what it is instead, and the fault; the first column is the row's name.
type Row = (&'static str, &'static str, Option<Value>, ProofFault);

/// Every proof that must be refused for this token.
pub fn refused_proofs(world: &World, token: &str) -> Vec<Variant> {
    let headers = [headers(), curves(), modules()].concat();
    let claims = [call(world), times(world), others(token)].concat();
    let rows = |rows: Vec<Row>, bend: fn(&'static str, Option<Value>) -> Bend| {
        rows.into_iter().map(move |(name, member, value, fault)| {
            Variant::new(name, bend(member, value), Refusal::Proof(fault))
        })
    };
    let mut all: Vec<Variant> = rows(headers, Bend::Header).collect();
    all.extend(rows(claims, Bend::Claim));
    all.extend(foreign_keys());
    all.extend(shapes());
    all.extend(texts(token));
    all
}

#[rustfmt::skip]
fn headers() -> Vec<Row> {
    let elsewhere = || Some(json!("https://evil.example.test/keys"));
    vec![
        ("typ absent", "typ", None, Type),
        ("typ jwt", "typ", Some(json!("jwt")), Type),
        ("typ of an access token", "typ", Some(json!("at+jwt")), Type),
        ("typ longer", "typ", Some(json!("dpop+jwt2")), Type),
        ("typ a number", "typ", Some(json!(1)), Type),
        ("alg absent", "alg", None, Algorithm),
        ("alg none", "alg", Some(json!("none")), Algorithm),
        ("alg None", "alg", Some(json!("None")), Algorithm),
        ("alg nOnE", "alg", Some(json!("nOnE")), Algorithm),
        ("alg empty", "alg", Some(json!("")), Algorithm),
        ("alg in lower case", "alg", Some(json!("es256")), Algorithm),
        ("alg HS256", "alg", Some(json!("HS256")), Algorithm),
        ("alg HS384", "alg", Some(json!("HS384")), Algorithm),
        ("alg HS512", "alg", Some(json!("HS512")), Algorithm),
        ("alg EdDSA", "alg", Some(json!("EdDSA")), Algorithm),
        ("alg ES256K", "alg", Some(json!("ES256K")), Algorithm),
        ("alg a list", "alg", Some(json!(["ES256"])), Algorithm),
        ("alg of another kind of key", "alg", Some(json!("RS256")), Key),
        ("alg of another curve", "alg", Some(json!("ES384")), Key),
        ("crit", "crit", Some(json!(["htu"])), ForbiddenHeader),
        ("jku", "jku", elsewhere(), ForbiddenHeader),
        ("x5u", "x5u", elsewhere(), ForbiddenHeader),
        ("jwk absent", "jwk", None, Key),
        ("jwk null", "jwk", Some(Value::Null), Key),
        ("jwk a text", "jwk", Some(json!(CLIENT_KEY.public_jwk().to_string())), Key),
        ("jwk in a list", "jwk", Some(json!([CLIENT_KEY.public_jwk()])), Key),
        ("jwk empty", "jwk", Some(json!({})), Key),
        ("jwk symmetric", "jwk", Some(json!({"kty": "oct", "k": "c2VjcmV0"})), PrivateKey),
        ("jwk symmetric without its secret", "jwk", Some(json!({"kty": "oct"})), PrivateKey),
        ("jwk with its private part", "jwk", Some(private_jwk()), PrivateKey),
    ]
}

fn private_jwk() -> Value {
    CLIENT_KEY.to_private_jwk().expect("a private key")
}

fn with(mut jwk: Value, name: &str, value: Value) -> Option<Value> {
    jwk[name] = value;
    Some(jwk)
}

#[rustfmt::skip]
fn curves() -> Vec<Row> {
    let jwk = |name, value| with(CLIENT_KEY.public_jwk(), name, value);
    let x = CLIENT_KEY.public_jwk()["x"].clone();
    let padded = format!("{}=", x.as_str().expect("a coordinate"));
    let edwards = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
    vec![
        ("jwk with a secret", "jwk", jwk("k", json!("AA")), PrivateKey),
        ("jwk of an Edwards curve", "jwk", Some(edwards), Key),
        ("jwk without a kind", "jwk", jwk("kty", Value::Null), Key),
        ("jwk of the kind ec", "jwk", jwk("kty", json!("ec")), Key),
        ("jwk of the kind RSA without numbers", "jwk", jwk("kty", json!("RSA")), Key),
        ("jwk of a larger curve", "jwk", jwk("crv", json!("P-384")), Key),
        ("jwk of a curve nobody allows", "jwk", jwk("crv", json!("secp256k1")), Key),
        ("jwk with a short coordinate", "jwk", jwk("x", json!("AA")), Key),
        ("jwk with a padded coordinate", "jwk", jwk("x", json!(padded)), Key),
        ("jwk with a number as coordinate", "jwk", jwk("y", json!(7)), Key),
        ("jwk with an empty coordinate", "jwk", jwk("y", json!("")), Key),
    ]
}

#[rustfmt::skip]
fn modules() -> Vec<Row> {
    let jwk = |name, value| with(CLIENT_RSA_KEY.public_jwk(), name, value);
    let modulus = |bits: usize| {
        let mut bytes = vec![0xff; bits.div_ceil(8)];
        bytes[0] >>= (8 - bits % 8) % 8;
        jwk("n", json!(URL_SAFE_NO_PAD.encode(bytes)))
    };
    let even = jwk("n", json!(URL_SAFE_NO_PAD.encode([vec![0xff; 255], vec![0xfe]].concat())));
    let bits_of = |name, bits| (name, "jwk", modulus(bits), Key);
    let exponent = |name, value: &str| (name, "jwk", jwk("e", json!(value)), Key);
    vec![
        bits_of("RSA of 512 bits", 512),
        bits_of("RSA of 1024 bits", 1024),
        bits_of("RSA of 2047 bits", 2047),
        bits_of("RSA of 4097 bits", 4097),
        bits_of("RSA of 8192 bits", 8192),
        bits_of("RSA of 16384 bits", 16384),
        ("RSA with an even modulus", "jwk", even, Key),
        exponent("RSA with an empty exponent", ""),
        exponent("RSA with the exponent 1", "AQ"),
        exponent("RSA with the exponent 3", "Aw"),
        exponent("RSA with an even exponent", "AQAA"),
        exponent("RSA with a leading zero", "AAEAAQ"),
        exponent("RSA with a long exponent", "AQAAAAAB"),
        ("RSA with a prime", "jwk", jwk("p", json!("AQAB")), PrivateKey),
        ("RSA with other primes", "jwk", jwk("oth", json!([])), PrivateKey),
    ]
}

#[rustfmt::skip]
fn call(world: &World) -> Vec<Row> {
    let (url, method) = (world.url.as_str(), world.method.as_str());
    let (base, last) = url.rsplit_once('/').expect("a path");
    let (scheme, rest) = url.split_once("://").expect("a scheme");
    let (host, path) = rest.split_at(rest.find('/').expect("a path"));
    let at = |text: String| Some(json!(text));
    let encoded = format!("{base}/%{:02x}{}", last.as_bytes()[0], &last[1..]);
    let other_scheme = if scheme == "https" { "http" } else { "https" };
    let longer = format!("{scheme}://{host}.evil.example.test{path}");
    vec![
        ("htm absent", "htm", None, Method),
        ("htm another", "htm", Some(json!("DELETE")), Method),
        ("htm HEAD", "htm", Some(json!("HEAD")), Method),
        ("htm in lower case", "htm", Some(json!(method.to_lowercase())), Method),
        ("htm with a space", "htm", at(format!("{method} ")), Method),
        ("htm two methods", "htm", at(format!("{method},POST")), Method),
        ("htm in a list", "htm", Some(json!([method])), Method),
        ("htm empty", "htm", Some(json!("")), Method),
        ("htu absent", "htu", None, Url),
        ("htu empty", "htu", Some(json!("")), Url),
        ("htu a number", "htu", Some(json!(7)), Url),
        ("htu in a list", "htu", Some(json!([url])), Url),
        ("htu another path", "htu", at(format!("{base}/leaking-path")), Url),
        ("htu the path above", "htu", Some(json!(base)), Url),
        ("htu a longer path", "htu", at(format!("{url}/x")), Url),
        ("htu with a slash at the end", "htu", at(format!("{url}/")), Url),
        ("htu with two slashes", "htu", at(format!("{base}//{last}")), Url),
        ("htu with dots", "htu", at(format!("{base}/./{last}")), Url),
        ("htu in another case", "htu", at(format!("{base}/{}", last.to_uppercase())), Url),
        ("htu with an encoded letter", "htu", at(encoded), Url),
        ("htu with a query", "htu", at(format!("{url}?leaking=query")), Url),
        ("htu with an empty query", "htu", at(format!("{url}?")), Url),
        ("htu with a fragment", "htu", at(format!("{url}#top")), Url),
        ("htu without a host", "htu", Some(json!(path)), Url),
        ("htu without a scheme", "htu", at(format!("//{rest}")), Url),
        ("htu by another scheme", "htu", at(format!("{other_scheme}://{rest}")), Url),
        ("htu of another host", "htu", at(format!("{scheme}://evil.example.test{path}")), Url),
        ("htu of a longer host", "htu", at(longer), Url),
        ("htu of a part of the host", "htu", at(format!("{scheme}://{}{path}", &host[1..])), Url),
        ("htu of another port", "htu", at(format!("{scheme}://{host}:4443{path}")), Url),
        ("htu with a user", "htu", at(format!("{scheme}://{host}@evil.example.test{path}")), Url),
        ("htu with a space", "htu", at(format!(" {url}")), Url),
        ("htu with a line break", "htu", at(format!("{url}\n")), Url),
    ]
}

#[rustfmt::skip]
fn times(world: &World) -> Vec<Row> {
    let now = world.now_s;
    vec![
        ("iat absent", "iat", None, IssuedAt),
        ("iat a text", "iat", Some(json!(now.to_string())), IssuedAt),
        ("iat null", "iat", Some(Value::Null), IssuedAt),
        ("iat in a list", "iat", Some(json!([now])), IssuedAt),
        ("iat without end", "iat", Some(json!(1e300)), IssuedAt),
        ("iat past", "iat", Some(json!(now - 16)), TooOld),
        ("iat long past", "iat", Some(json!(now - 86_400)), TooOld),
        ("iat zero", "iat", Some(json!(0)), TooOld),
        ("iat as far back as can be", "iat", Some(json!(-9_007_199_254_740_991_i64)), TooOld),
        ("iat future", "iat", Some(json!(now + 60)), FromFuture),
        ("iat in milliseconds", "iat", Some(json!(now * 1000)), FromFuture),
        ("iat as far ahead as can be", "iat", Some(json!(9_007_199_254_740_991_i64)), FromFuture),
    ]
}

#[rustfmt::skip]
fn others(token: &str) -> Vec<Row> {
    let hash = access_token_hash(token);
    let padded = format!("{hash}=");
    let other = access_token_hash("another token");
    vec![
        ("jti absent", "jti", None, Id),
        ("jti empty", "jti", Some(json!("")), Id),
        ("jti a number", "jti", Some(json!(7)), Id),
        ("jti in a list", "jti", Some(json!(["leaking-proof-id"])), Id),
        ("jti of 257 characters", "jti", Some(json!("j".repeat(257))), Id),
        ("ath absent", "ath", None, TokenHash),
        ("ath empty", "ath", Some(json!("")), TokenHash),
        ("ath a number", "ath", Some(json!(7)), TokenHash),
        ("ath of another token", "ath", Some(json!(other)), TokenHash),
        ("ath padded", "ath", Some(json!(padded)), TokenHash),
        ("ath cut short", "ath", Some(json!(&hash[..hash.len() - 1])), TokenHash),
        ("ath in upper case", "ath", Some(json!(hash.to_uppercase())), TokenHash),
        ("ath is the token", "ath", Some(json!(token)), TokenHash),
    ]
}

/// Proofs by keys that the token is not bound to, and forged signatures.
fn foreign_keys() -> Vec<Variant> {
    let by = |name: &str, bends: Vec<Bend>, fault| Variant {
        name: name.to_owned(),
        bends,
        refusal: Refusal::Proof(fault),
    };
    let alg = |name: &str| Bend::Header("alg", Some(json!(name)));
    let jwk = |jwk: Value| Bend::Header("jwk", Some(jwk));
    let off_curve = with(CLIENT_KEY.public_jwk(), "y", json!(URL_SAFE_NO_PAD.encode([7; 32])));
    let secret = CLIENT_KEY.public_jwk().to_string().into_bytes();
    vec![
        by(
            "another key, honestly used",
            vec![alg("RS256"), jwk(STRANGE_KEY.public_jwk()), Bend::SignedBy(&STRANGE_KEY)],
            Binding,
        ),
        by(
            "the issuer's key",
            vec![alg("RS256"), jwk(ISSUER_KEY.public_jwk()), Bend::SignedBy(&ISSUER_KEY)],
            Binding,
        ),
        by("a point off the curve", vec![jwk(off_curve.expect("a key"))], Binding),
        by("signed by another key", vec![Bend::SignedBy(&STRANGE_KEY)], Signature),
        by("a signature of zeros", vec![Bend::Signature(vec![0; 64])], Signature),
        by("a signature that is too short", vec![Bend::Signature(vec![1; 63])], Signature),
        by("a signature that is too long", vec![Bend::Signature(vec![1; 65])], Signature),
        by("an HMAC under ES256", vec![Bend::Hmac(secret.clone())], Signature),
        by("HS256 with the public key", vec![alg("HS256"), Bend::Hmac(secret)], Algorithm),
        by(
            "HS256 with its own secret",
            {
                let jwk = jwk(json!({"kty": "oct", "k": "c2VjcmV0"}));
                vec![alg("HS256"), jwk, Bend::Hmac(b"secret".to_vec())]
            },
            Algorithm,
        ),
    ]
}

/// Members that stand twice, and JSON of a wrong form.
fn shapes() -> Vec<Variant> {
    let deep = format!(r#""x":{}1{}"#, "[".repeat(1_000), "]".repeat(1_000));
    let rows = [
        ("htm twice", Bend::ClaimFirst(r#""htm":"DELETE""#.to_owned())),
        ("htu twice", Bend::ClaimFirst(r#""htu":"https://evil.example.test""#.to_owned())),
        ("iat twice", Bend::ClaimFirst(r#""iat":0"#.to_owned())),
        ("jti twice", Bend::ClaimFirst(r#""jti":"leaking-second-id""#.to_owned())),
        ("ath twice", Bend::ClaimFirst(r#""\u0061th":"""#.to_owned())),
        ("alg twice", Bend::HeaderFirst(r#""alg":"none""#.to_owned())),
        ("typ twice", Bend::HeaderFirst(r#""typ":"JWT""#.to_owned())),
        ("jwk twice", Bend::HeaderFirst(r#""jwk":{}"#.to_owned())),
        ("kty twice", Bend::HeaderFirst(r#""x":{"kty":"EC","kty":"RSA"}"#.to_owned())),
        ("claims in deep lists", Bend::ClaimFirst(deep.clone())),
        ("a header in deep lists", Bend::HeaderFirst(deep)),
        ("claims in a list", Bend::ClaimsText("[{}]".to_owned())),
        ("claims twice", Bend::ClaimsText("{}{}".to_owned())),
        ("claims empty", Bend::ClaimsText(String::new())),
        ("a header that is a text", Bend::HeaderText("\"ES256\"".to_owned())),
    ];
    rows.map(|(name, bend)| Variant::new(name, bend, Refusal::Proof(Malformed))).into()
}

/// Other spellings of a good proof, and other things than a proof.
fn texts(token: &str) -> Vec<Variant> {
    let spoilt: [(&str, Change); 9] = [
        ("two dots", |_| "..".to_owned()),
        ("not base64url", |_| "not.a.proof!".to_owned()),
        ("without its signature", |proof| proof.rsplit_once('.').expect("dots").0.to_owned()),
        ("with an empty signature", |proof| {
            format!("{}.", proof.rsplit_once('.').expect("dots").0)
        }),
        ("a fourth part", |proof| format!("{proof}.AAAA")),
        ("padded", |proof| format!("{proof}=")),
        ("with a space in it", |proof| proof.replacen('.', ". ", 1)),
        ("two in one header", |proof| format!("{proof}, {proof}")),
        ("with quotes", |proof| format!("\"{proof}\"")),
    ];
    let spoilt = spoilt
        .map(|(name, change)| Variant::new(name, Bend::Text(change), Refusal::Proof(Malformed)));
    let instead = |name: &str, text: String, fault| {
        Variant::new(name, Bend::Instead(text), Refusal::Proof(fault))
    };
    let others = [
        instead("the access token as proof", token.to_owned(), Type),
        instead("longer than 8 KiB", "p".repeat(8 * 1024 + 1), ProofFault::TooLong),
    ];
    spoilt.into_iter().chain(others).collect()
}

/// Proofs that look odd and are right: the control to all the others.
pub fn accepted_proofs(world: &World) -> Vec<(&'static str, Bend)> {
    let (now, url) = (world.now_s, world.url.as_str());
    let claim = |name, value| Bend::Claim(name, Some(value));
    let (scheme, rest) = url.split_once("://").expect("a scheme");
    let (host, path) = rest.split_at(rest.find('/').expect("a path"));
    let port = if scheme == "https" { 443 } else { 80 };
    let named = with(CLIENT_KEY.public_jwk(), "kid", json!("a name"));
    vec![
        ("typ in upper case", Bend::Header("typ", Some(json!("DPOP+JWT")))),
        ("jwk with a name", Bend::Header("jwk", named)),
        ("a nonce nobody asked for", claim("nonce", json!("leaking-nonce"))),
        ("iat with a fraction", claim("iat", json!(now as f64 + 0.25))),
        ("iat some seconds past", claim("iat", json!(now - 8))),
        ("iat some seconds ahead", claim("iat", json!(now + 4))),
        ("jti of 256 characters", claim("jti", json!("ø".repeat(256)))),
        (
            "host in upper case",
            claim("htu", json!(format!("{scheme}://{}{path}", host.to_uppercase()))),
        ),
        ("the default port", claim("htu", json!(format!("{scheme}://{host}:{port}{path}")))),
    ]
}
