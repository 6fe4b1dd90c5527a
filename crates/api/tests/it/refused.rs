//! Every way to be refused, over HTTP: the table that `helseid` is tested with, and what only a
//! request can do wrong. Each gets its status, its problem, its challenge, and its line in the log;
//! and nothing of what was sent is in the log.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use reqwest::header::HeaderValue;
use serde_json::Value;
use testkit::refusal::{
    Answer as Expected, Bend, ISSUER_KEY, KID, OTHER_KID, Refusal, SECOND_ISSUER_KEY, Variant,
    World, accepted_proofs, accepted_tokens, refused_proofs, refused_tokens,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::issuer::{AUDIENCE, FULL, RESTRICTED, now_s, unique};
use crate::logs::logged;
use crate::support::*;

const EVENT: &str = "/api/v3/full-access/event";

/// Rows may be added; none may get lost without somebody noticing.
const REFUSED_AT_LEAST: usize = 400;

const ALGORITHMS: &str = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512";

/// What a good token says and a log may: our log names the client of a token that holds.
const CLIENT: [&str; 2] = ["leaking-client-id-ø", "319999994"];

/// An API with the table's issuer, and what was sent to it.
struct Door {
    api: TestApi,
    /// Name, trace id and check of every refusal.
    refused: Vec<(String, String, Expected)>,
    sent: BTreeSet<String>,
}

impl Door {
    async fn open() -> Door {
        let api = TestApi::start().await;
        api.issuer.publish(&[(KID, &ISSUER_KEY), (OTHER_KID, &SECOND_ISSUER_KEY)]);
        let door = Door { api, refused: Vec::new(), sent: BTreeSet::new() };
        let world = door.world();
        let token = world.token();
        door.let_in("the good call", &token, &world.proof(&token, &unique())).await;
        door
    }

    /// A good call now: proofs are good for seconds only.
    fn world(&self) -> World {
        World {
            issuer: self.api.issuer.name(),
            audience: AUDIENCE.to_owned(),
            scope: FULL.to_owned(),
            other_scope: RESTRICTED.to_owned(),
            method: "GET".to_owned(),
            url: called(EVENT),
            now_s: now_s(),
        }
    }

    async fn let_in(&self, name: &str, token: &str, proof: &str) {
        let request = self.api.bare(Method::GET, EVENT).header("authorization", dpop(token));
        let answer = self.api.send(request.header("dpop", proof)).await;
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
    }

    async fn refuse(&mut self, name: &str, headers: &[(&str, String)], expected: Expected) {
        let request = self.api.bare(Method::GET, EVENT);
        self.refuse_request(name, request, headers, expected).await;
    }

    async fn refuse_request(
        &mut self,
        name: &str,
        mut request: reqwest::RequestBuilder,
        headers: &[(&str, String)],
        expected: Expected,
    ) {
        for (header, value) in headers {
            let sent = HeaderValue::from_bytes(value.as_bytes());
            request = request.header(*header, sent.unwrap_or_else(|_| panic!("{name}: {header}")));
            self.sent.extend(value.split([' ', ',']).map(str::to_owned));
        }
        let answer = self.api.send(request).await;
        assert_eq!(answer.status, expected.status, "{name}: {answer:?}");
        // The answer to HEAD has no body.
        if !answer.text.is_empty() {
            assert_eq!(answer.problem(), expected.problem, "{name}: {answer:?}");
        }
        assert_eq!(challenge(&answer), challenge_of(&expected), "{name}");
        assert!(!answer.text.contains("leaking"), "{name}: {answer:?}");
        self.refused.push((name.to_owned(), answer.header("trace-id").to_owned(), expected));
    }

    /// Each refusal is in the log under its own name and with nothing else about the caller; and
    /// nothing that was sent is in the log at all.
    fn check_log(&self) {
        tracing::info!(control = "leaking-negative-control", "a line that does tell");
        let log = logged();
        assert!(log.contains("leaking-negative-control"), "the log is not kept");
        for (name, trace_id, expected) in &self.refused {
            let lines: Vec<&str> = log.lines().filter(|line| line.contains(trace_id)).collect();
            let fault = format!("fault=\"{}\"", expected.fault);
            assert!(lines.iter().any(|line| line.contains(&fault)), "{name}: {fault} {lines:?}");
            let tells = |line: &&str| CLIENT.iter().any(|text| line.contains(text));
            if expected.status == 401 {
                assert!(!lines.iter().any(tells), "{name}: {lines:?}");
            }
        }
        let needles: BTreeSet<String> = self.sent.iter().flat_map(|text| told_by(text)).collect();
        assert!(needles.iter().any(|needle| needle == "18817066611"), "a person's number is sent");
        let issuer = self.world().issuer;
        let url = called(EVENT);
        let ours = [&issuer, &url, FULL, RESTRICTED, CLIENT[0], CLIENT[1]];
        let may_be_told = |needle: &str| {
            needle.starts_with(&issuer)
                || needle.starts_with("/api/")
                || ours.iter().any(|own| own.contains(needle))
        };
        let told = needles.iter().filter(|needle| !may_be_told(needle) && log.contains(*needle));
        let told: Vec<_> = told.collect();
        assert!(told.is_empty(), "in the log: {told:?}");
    }
}

fn challenge(answer: &Answer) -> String {
    let all: Vec<_> = answer.headers.get_all("www-authenticate").iter().collect();
    all.iter().map(|value| value.to_str().expect("text")).collect::<Vec<_>>().join(" AND ")
}

fn challenge_of(expected: &Expected) -> String {
    let error = expected.error.map(|error| format!("error=\"{error}\", ")).unwrap_or_default();
    let scope = match expected.fault {
        "scope_missing" => format!("scope=\"{FULL}\", "),
        _ => String::new(),
    };
    format!("DPoP {error}{scope}algs=\"{ALGORITHMS}\"")
}

/// The pieces of something sent that must not be found anywhere: its parts as they were sent, and
/// every text in its header and its claims.
fn told_by(sent: &str) -> Vec<String> {
    let mut told = Vec::new();
    for part in sent.split('.') {
        let json = URL_SAFE_NO_PAD.decode(part).ok();
        let json = json.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        json.iter().for_each(|value| texts(value, &mut told));
        told.push(part.to_owned());
    }
    // Shorter texts are words that stand in any log, and so does the time of day.
    let is_now = |text: &str| text.parse().is_ok_and(|time: i64| (time - now_s()).abs() < 3600);
    told.retain(|text| text.len() >= 9 && !is_now(text));
    told
}

fn texts(value: &Value, told: &mut Vec<String>) {
    match value {
        Value::String(text) => told.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| texts(one, told)),
        Value::Object(object) => object.values().for_each(|one| texts(one, told)),
        _ => {}
    }
}

/// A header value that no text can be made of does not get as far as the token.
fn over_http(variant: &Variant, text: &str) -> Expected {
    match variant.refusal.answer() {
        _ if !text.is_ascii() => Expected::token("authorization_not_single"),
        answer => answer,
    }
}

#[tokio::test]
async fn every_refusal_is_answered_and_logged_by_its_name_only() {
    let mut door = Door::open().await;
    let count = refused_tokens(&door.world()).len();
    for index in 0..count {
        let world = door.world();
        let variant = &refused_tokens(&world)[index];
        let token = world.bent_token(variant);
        let proof = world.proof(&token, &unique());
        let expected = over_http(variant, &token);
        let headers = [("authorization", format!("DPoP {token}")), ("dpop", proof)];
        door.refuse(&variant.name, &headers, expected).await;
    }
    let token = door.world().token();
    let count = refused_proofs(&door.world(), &token).len();
    for index in 0..count {
        let world = door.world();
        let variant = &refused_proofs(&world, &token)[index];
        let proof = world.bent_proof(variant, &token, &unique());
        let headers = [("authorization", format!("DPoP {token}")), ("dpop", proof)];
        door.refuse(&variant.name, &headers, variant.refusal.answer()).await;
    }
    credentials(&mut door).await;
    forged_addresses(&mut door).await;
    replays(&mut door).await;
    println!("{} calls refused", door.refused.len());
    assert!(door.refused.len() >= REFUSED_AT_LEAST, "{} calls", door.refused.len());
    door.check_log();
    // The memory of used proofs, the cache and the keys have come through all this.
    let token = door.world().token();
    door.let_in("a good call after all", &token, &door.world().proof(&token, &unique())).await;
}

/// What a request brings, header by header, and what it gets.
type Brought = (&'static str, &'static [(&'static str, &'static str)], Expected);

const AUTH: &str = "authorization";
const PROOF: &str = "dpop";
const MISSING: Expected = Expected::nothing("token-missing", "token_missing");
const SCHEME: Expected = Expected::token("authorization_scheme");
const NO_SCHEME: Expected = Expected::token("authorization_malformed");
const SINGLE: Expected = Expected::token("authorization_not_single");
const TOKEN: Expected = Expected::token("token_malformed");
const ONE_PROOF: Expected = Expected::proof("proof_not_single");
const BAD_PROOF: Expected = Expected::proof("proof_malformed");

/// Other things than one token and one proof. `{token}` is a good token, `{unbound}` one that is
/// bound to no key, `{proof}` a new proof for the call, `{same}` the same one each time.
#[rustfmt::skip]
const BROUGHT: &[Brought] = &[
    ("nothing", &[], MISSING),
    ("a proof without a token", &[(PROOF, "{proof}")], MISSING),
    ("a cookie", &[("cookie", "access_token={token}")], MISSING),
    ("another header", &[("x-access-token", "{token}"), (PROOF, "{proof}")], MISSING),
    ("a proxy's header", &[("proxy-authorization", "DPoP {token}"), (PROOF, "{proof}")], MISSING),
    ("Authorization empty", &[(AUTH, ""), (PROOF, "{proof}")], NO_SCHEME),
    ("the scheme only", &[(AUTH, "DPoP"), (PROOF, "{proof}")], NO_SCHEME),
    ("the token only", &[(AUTH, "{token}"), (PROOF, "{proof}")], NO_SCHEME),
    ("a tab after the scheme", &[(AUTH, "DPoP\t{token}"), (PROOF, "{proof}")], NO_SCHEME),
    ("Bearer, bound", &[(AUTH, "Bearer {token}")], SCHEME),
    ("Bearer, bound, with a proof", &[(AUTH, "Bearer {token}"), (PROOF, "{proof}")], SCHEME),
    ("Bearer in lower case", &[(AUTH, "bearer {token}"), (PROOF, "{proof}")], SCHEME),
    ("Bearer, not bound", &[(AUTH, "Bearer {unbound}")], SCHEME),
    ("Basic", &[(AUTH, "Basic bGVha2luZzpwYXNzd29yZA=="), (PROOF, "{proof}")], SCHEME),
    ("a longer scheme", &[(AUTH, "DPoPx {token}"), (PROOF, "{proof}")], SCHEME),
    ("two alike", &[(AUTH, "DPoP {token}"), (AUTH, "DPoP {token}"), (PROOF, "{proof}")], SINGLE),
    ("Bearer too", &[(AUTH, "Bearer {token}"), (AUTH, "DPoP {token}"), (PROOF, "{proof}")], SINGLE),
    ("an empty one too", &[(AUTH, "DPoP {token}"), (AUTH, ""), (PROOF, "{proof}")], SINGLE),
    ("two tokens in one header", &[(AUTH, "DPoP {token} {token}"), (PROOF, "{proof}")], TOKEN),
    ("two schemes in one", &[(AUTH, "DPoP {token}, DPoP {token}"), (PROOF, "{proof}")], TOKEN),
    ("the token as a parameter", &[(AUTH, "DPoP token=\"{token}\""), (PROOF, "{proof}")], TOKEN),
    ("no proof", &[(AUTH, "DPoP {token}")], ONE_PROOF),
    ("two proofs", &[(AUTH, "DPoP {token}"), (PROOF, "{proof}"), (PROOF, "{proof}")], ONE_PROOF),
    ("one proof twice", &[(AUTH, "DPoP {token}"), (PROOF, "{same}"), (PROOF, "{same}")], ONE_PROOF),
    ("an empty proof too", &[(AUTH, "DPoP {token}"), (PROOF, "{proof}"), (PROOF, "")], ONE_PROOF),
    ("a proof that is no text", &[(AUTH, "DPoP {token}"), (PROOF, "é")], ONE_PROOF),
    ("an empty proof", &[(AUTH, "DPoP {token}"), (PROOF, "")], BAD_PROOF),
    ("a proof with its scheme", &[(AUTH, "DPoP {token}"), (PROOF, "DPoP {proof}")], BAD_PROOF),
    ("swapped", &[(AUTH, "DPoP {proof}"), (PROOF, "{token}")], Expected::token("token_algorithm")),
];

async fn credentials(door: &mut Door) {
    for (name, headers, expected) in BROUGHT {
        let world = door.world();
        let token = world.token();
        let same = world.proof(&token, &unique());
        let unbound = world.bent_token(&Variant {
            name: String::new(),
            bends: vec![Bend::Claim("cnf", None)],
            refusal: Refusal::Unbound,
        });
        let filled = headers.iter().map(|(header, text)| {
            let text = text.replace("{token}", &token).replace("{unbound}", &unbound);
            let text = text.replace("{proof}", &world.proof(&token, &unique()));
            (*header, text.replace("{same}", &same))
        });
        let filled: Vec<_> = filled.collect();
        door.refuse(name, &filled, *expected).await;
    }
}

/// Proofs for the address that somebody would like to have called.
async fn forged_addresses(door: &mut Door) {
    let forged = [
        ("host", "evil.example.test"),
        ("x-forwarded-host", "evil.example.test"),
        ("forwarded", "host=evil.example.test;proto=https"),
        ("x-original-url", "/api/v3/full-access/event/latest"),
        ("x-forwarded-prefix", "/elsewhere"),
    ];
    for (header, value) in forged {
        let mut world = door.world();
        world.url = match header {
            "x-original-url" => called("/api/v3/full-access/event/latest"),
            "x-forwarded-prefix" => "https://persontjenesten.test/elsewhere".to_owned() + EVENT,
            _ => format!("https://evil.example.test{EVENT}"),
        };
        let token = world.token();
        let proof = world.proof(&token, &unique());
        let headers = [(header, value.to_owned()), ("authorization", format!("DPoP {token}"))];
        let headers = [&headers[..], &[("dpop", proof)]].concat();
        door.refuse(&format!("a forged {header}"), &headers, Expected::proof("proof_url")).await;
    }
    let world = door.world();
    let token = world.token();
    for (header, value) in [("x-http-method-override", "GET"), ("x-ignored", "1")] {
        let headers = [
            (header, value.to_owned()),
            ("authorization", format!("DPoP {token}")),
            ("dpop", world.proof(&token, &unique())),
        ];
        let request = door.api.bare(Method::HEAD, EVENT);
        let expected = Expected::proof("proof_method");
        door.refuse_request(&format!("HEAD with {header}"), request, &headers, expected).await;
    }
}

/// Proofs that were good once.
async fn replays(door: &mut Door) {
    let world = door.world();
    let token = world.token();
    let expected = Expected::proof("proof_replayed");
    let jti = unique();
    let proof = world.proof(&token, &jti);
    door.let_in("the first use", &token, &proof).await;
    let again = [("authorization", format!("DPoP {token}")), ("dpop", proof)];
    door.refuse("a proof again", &again, expected).await;
    let signed_anew = [again[0].clone(), ("dpop", world.proof(&token, &jti))];
    door.refuse("the same id, signed anew", &signed_anew, expected).await;
    let mut other = door.world();
    other.now_s += 1;
    let other_token = other.token();
    let headers = [
        ("authorization", format!("DPoP {other_token}")),
        ("dpop", other.proof(&other_token, &jti)),
    ];
    door.refuse("the same id for another token", &headers, expected).await;
    door.let_in("the next id", &token, &door.world().proof(&token, &unique())).await;
}

#[tokio::test]
async fn what_looks_odd_and_is_right_comes_in() {
    let door = Door::open().await;
    let variant =
        |bend| Variant { name: String::new(), bends: vec![bend], refusal: Refusal::Scope };
    for index in 0..accepted_tokens(&door.world()).len() {
        let world = door.world();
        let (name, bend) = accepted_tokens(&world).swap_remove(index);
        let token = world.bent_token(&variant(bend));
        door.let_in(name, &token, &world.proof(&token, &unique())).await;
    }
    let token = door.world().token();
    for index in 0..accepted_proofs(&door.world()).len() {
        let world = door.world();
        let (name, bend) = accepted_proofs(&world).swap_remove(index);
        door.let_in(name, &token, &world.bent_proof(&variant(bend), &token, &unique())).await;
    }
    // The scheme is not told apart by case, and one space or more may follow it.
    for scheme in ["dpop", "DPOP", "DPoP "] {
        let proof = door.world().proof(&token, &unique());
        let request = door.api.bare(Method::GET, EVENT).header("dpop", proof);
        let request = request.header("authorization", format!("{scheme} {token}"));
        assert_eq!(door.api.send(request).await.status, 200, "{scheme}");
    }
}

/// Two connections, each with the same whole request but for its last byte; then both last bytes.
#[tokio::test]
async fn of_one_proof_on_two_connections_at_the_same_instant_one_comes_in() {
    let door = Door::open().await;
    let token = door.world().token();
    for round in 0..20 {
        let proof = door.world().proof(&token, &unique());
        let head = format!(
            "GET {EVENT} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Authorization: DPoP {token}\r\nDPoP: {proof}\r\n\r"
        );
        let connect = async || {
            let mut stream = TcpStream::connect(door.api.address).await.expect("a connection");
            stream.write_all(head.as_bytes()).await.expect("sent");
            stream
        };
        let (one, other) = (connect().await, connect().await);
        let finish = async |mut stream: TcpStream| {
            stream.write_all(b"\n").await.expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("an answer");
            answer.get(9..12).unwrap_or_default().to_owned()
        };
        let (one, other) = (tokio::spawn(finish(one)), tokio::spawn(finish(other)));
        let mut statuses = [one.await.expect("no panic"), other.await.expect("no panic")];
        statuses.sort();
        assert_eq!(statuses, ["200", "401"], "round {round}");
    }
}

/// Longer than any head that is read: refused before there is a request.
#[tokio::test]
async fn a_token_of_a_megabyte_is_not_read() {
    let door = Door::open().await;
    for header in ["Authorization: DPoP ", "DPoP: "] {
        let mut stream = TcpStream::connect(door.api.address).await.expect("a connection");
        let head = format!("GET {EVENT} HTTP/1.1\r\nHost: x\r\n{header}{}", "a".repeat(1 << 20));
        // The server may close before it has seen everything.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    let token = door.world().token();
    door.let_in("others", &token, &door.world().proof(&token, &unique())).await;
}

#[tokio::test]
async fn a_token_in_the_address_or_the_form_is_none() {
    let door = Door::open().await;
    let token = door.world().token();
    let in_address = |request: reqwest::RequestBuilder| door.api.send(request);
    for name in ["access_token", "ACCESS_TOKEN", "access%5Ftoken"] {
        let target = format!("{EVENT}?{name}={token}");
        let bare = in_address(door.api.bare(Method::GET, &target)).await;
        let proof = door.world().proof(&token, &unique());
        let twice = door.api.bare(Method::GET, &target).header("authorization", dpop(&token));
        let twice = in_address(twice.header("dpop", proof)).await;
        for answer in [bare, twice] {
            answer.assert_problem(400, "token-in-url");
            let expected = format!("DPoP error=\"invalid_request\", algs=\"{ALGORITHMS}\"");
            assert_eq!(challenge(&answer), expected);
            assert!(!answer.text.contains(&token));
        }
    }
    let form = door.api.bare(Method::POST, "/api/v3/full-access/person/get-by-nin");
    let form = form.header("content-type", FORM).body(format!("access_token={token}"));
    let answer = door.api.send(form).await;
    answer.assert_problem(401, "token-missing");
    assert_eq!(challenge(&answer), format!("DPoP algs=\"{ALGORITHMS}\""));
    assert!(!logged().contains(&token));
}
