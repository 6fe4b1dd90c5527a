//! What is logged: who asked for what, and nothing that may not stand in a log.

use std::io::Write;
use std::net::TcpStream;
use std::sync::{Mutex, Once};
use std::time::Duration;

use reqwest::Method;
use tracing_subscriber::fmt::MakeWriter;

use crate::issuer::{FULL, RESTRICTED, proof};
use crate::persons::{id, number};
use crate::support::*;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[derive(Clone)]
struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        testkit::said::append(bytes);
        LINES.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Sink {
    type Writer = Sink;

    fn make_writer(&'a self) -> Sink {
        Sink
    }
}

/// Keeps everything that is logged in this process, down to the last detail.
pub fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(Sink)
            .init();
    });
}

/// All of it until now.
pub fn logged() -> String {
    String::from_utf8_lossy(&LINES.lock().expect("no panic")).into_owned()
}

#[tokio::test]
async fn the_log_tells_the_route_and_the_client_and_no_secret() {
    let api = TestApi::start().await;
    // Numbers that no other test uses.
    let secrets = ["18817066601", "18817066602", "18817066603", "18817066604"];
    let by_nin = format!("/api/v3/full-access/person/get-by-nin?{NAME}");
    let token = api.issuer.token(FULL);
    let used = proof("POST", &called(&by_nin), &token);
    for _ in 0..2 {
        let request = api.bare(Method::POST, &by_nin).header("authorization", dpop(&token));
        let request = request.header("dpop", &used).header("content-type", FORM);
        api.send(request.body(format!("nin={}", secrets[0]))).await;
    }
    let person = format!("/api/v3/full-access/person/{}?{NAME}", id(1));
    let found = api.get(FULL, &person).await;
    let in_path = format!("/api/v3/full-access/person/{}?{NAME}", secrets[1]);
    api.get(FULL, &in_path).await.assert_problem(400, "identity-number-in-url");
    let in_query = format!("/api/v3/full-access/event?nin={}", secrets[2]);
    api.get(FULL, &in_query).await.assert_problem(400, "identity-number-in-url");
    let as_part = format!("/api/v3/full-access/person/{}?informationParts=1{}", id(1), secrets[3]);
    api.get(FULL, &as_part).await;
    api.post(FULL, &by_nin, &format!("nin={}", number(1))).await;

    let log = logged();
    let traced = |answer: &Answer| -> String {
        let trace_id = answer.header("trace-id");
        log.lines().filter(|line| line.contains(trace_id)).collect::<Vec<_>>().join("\n")
    };
    let line = traced(&found);
    for part in [
        "route=\"/api/v3/full-access/person/{id}\"",
        "client.id=\"a-client\"",
        "organisation.parent=\"999977777\"",
        "persons=1",
        "package=\"full-access\"",
        "status=200",
    ] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(log.contains("proof_replayed"));
    for secret in secrets.iter().copied().chain([token.as_str(), used.as_str()]) {
        // A token's last part is its signature: the surest sign of the whole.
        let secret = secret.rsplit('.').next().unwrap_or(secret);
        assert!(!log.contains(secret), "a secret is in the log");
    }
}

#[tokio::test]
async fn a_client_that_leaves_is_written_down_too() {
    let api = TestApi::start().await;
    let target = format!("/api/v3/restricted-access/person/{}?{NAME}", id(1));
    let token = api.issuer.token(RESTRICTED);
    let head = format!(
        "GET {target} HTTP/1.1\r\nHost: x\r\nAuthorization: DPoP {token}\r\nDPoP: {}\r\n\r\n",
        proof("GET", &called(&target), &token)
    );
    let slow = api.database.execute("begin; lock table person; select pg_sleep(1.5); commit");
    let leave = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut stream = TcpStream::connect(api.address).expect("a connection");
        stream.write_all(head.as_bytes()).expect("sent");
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(stream);
        for _ in 0..50 {
            let left = |line: &str| {
                line.contains("the client left") && line.contains("/restricted-access/person/{id}")
            };
            if logged().lines().any(left) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    };
    assert!(tokio::join!(slow, leave).1);
}
