//! Connections that take their time, take too much, or come in too great a number.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use api::ApiConfig;
use reqwest::Method;

use crate::issuer::{FULL, proof};
use crate::support::*;

/// Much longer than anything here takes on a machine that does nothing else.
const PATIENCE: Duration = Duration::from_secs(8);

/// Sends bytes and reads until the server closes; tells what came and how long it took. Gives up
/// after 10 seconds.
async fn exchange(address: SocketAddr, sent: Vec<u8>) -> (String, Duration) {
    let exchange = tokio::task::spawn_blocking(move || {
        let started = Instant::now();
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        stream.write_all(&sent).expect("sent");
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => panic!("the connection is still open: {error}"),
        }
        (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
    });
    exchange.await.expect("an exchange")
}

fn impatient(config: &mut ApiConfig) {
    config.timeouts.header_read_ms = 300;
    config.timeouts.keep_alive_ms = 1000;
    config.timeouts.body_read_ms = 300;
}

#[tokio::test]
async fn a_head_that_does_not_come_whole_ends_the_connection() {
    let api = TestApi::start_with(impatient).await;
    for sent in [
        &b""[..],
        b"GET /ping HTTP/1.1\r\nHost: x\r\nX-Half: ",
        b"PRI * HTTP/2.0\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let (answer, took) = exchange(api.address, sent.to_vec()).await;
        assert!(!answer.contains("200 OK"), "{answer}");
        assert!(took >= Duration::from_millis(250) && took < PATIENCE, "{took:?}");
    }
    let whole = b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n".to_vec();
    let (answer, took) = exchange(api.address, whole).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(took < PATIENCE, "an idle connection ends, too: {took:?}");
}

#[tokio::test]
async fn a_connection_may_be_idle_longer_than_a_head_may_take() {
    let api = TestApi::start_with(|config| config.timeouts.header_read_ms = 300).await;
    let address = api.address;
    let closed_after = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        for _ in 0..3 {
            stream.write_all(b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
            let mut answer = [0; 1024];
            let length = stream.read(&mut answer).expect("an answer");
            assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK"));
            std::thread::sleep(Duration::from_millis(700));
        }
        stream.write_all(b"GET /ping HTTP/1.1\r\nHost: ").expect("sent");
        let half_sent = Instant::now();
        stream.read_to_end(&mut Vec::new()).expect("closed");
        half_sent.elapsed()
    });
    assert!(closed_after.await.expect("no panic") < PATIENCE);
}

#[tokio::test]
async fn a_connection_is_closed_politely_at_its_age() {
    let api = TestApi::start_with(|config| config.timeouts.connection_age_ms = 500).await;
    let request = b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n".to_vec();
    let (answer, took) = exchange(api.address, request).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(took >= Duration::from_millis(450) && took < PATIENCE, "{took:?}");
}

/// The head of a form of `length` bytes, and half of the form.
pub fn half_a_form(api: &TestApi, length: &str) -> Vec<u8> {
    let target = format!("/api/v3/full-access/person/bulk-by-nin?{NAME}");
    let token = api.issuer.token(FULL);
    let proof = proof("POST", &called(&target), &token);
    format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nAuthorization: DPoP {token}\r\nDPoP: {proof}\r\n\
         Content-Type: {FORM}\r\nConnection: close\r\n{length}\r\n\r\nnins=1"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_body_that_does_not_come_is_a_problem() {
    let api = TestApi::start_with(impatient).await;
    let (answer, took) = exchange(api.address, half_a_form(&api, "Content-Length: 20")).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("/problems/body-too-slow"), "{answer}");
    assert!(took < PATIENCE, "{took:?}");
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_at_the_limit() {
    let api = TestApi::start_with(|_| {}).await;
    let mut sent = half_a_form(&api, "Transfer-Encoding: chunked");
    sent.truncate(sent.len() - "nins=1".len());
    for _ in 0..9 {
        sent.extend(format!("2000\r\n{}\r\n", "1".repeat(0x2000)).bytes());
    }
    sent.extend(b"0\r\n\r\n");
    let (answer, _) = exchange(api.address, sent).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn a_request_without_a_place_is_refused_at_once() {
    let api = TestApi::start_with(|config| config.limits.requests_max = 1).await;
    let held = hold_a_place(&api).await;
    let answer = wait_for(&api, 503).await;
    answer.assert_problem(503, "overloaded");
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(api.send(api.bare(Method::GET, "/ping")).await.status, 200);
    drop(held);
    wait_for(&api, 200).await;
}

#[tokio::test]
async fn one_client_cannot_take_every_place() {
    let api = TestApi::start_with(|config| config.limits.requests_per_client_max = 1).await;
    let held = hold_a_place(&api).await;
    let answer = wait_for(&api, 429).await;
    answer.assert_problem(429, "too-many-requests");
    assert_eq!(answer.header("retry-after"), "1");
    let mut claims = api.issuer.claims(FULL);
    claims["client_id"] = "another-client".into();
    let token = crate::issuer::sign(&crate::issuer::ISSUER_KEY, "first", &claims);
    let other = api.request_with(Method::GET, "/api/v3/full-access/event", &token);
    assert_eq!(api.send(other).await.status, 200);
    drop(held);
    wait_for(&api, 200).await;
}

/// Keeps one request in progress: its body is never finished.
async fn hold_a_place(api: &TestApi) -> TcpStream {
    let (address, sent) = (api.address, half_a_form(api, "Content-Length: 20"));
    let stream = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.write_all(&sent).expect("sent");
        stream
    });
    stream.await.expect("a connection")
}

/// Asks for events until the answer has this status.
async fn wait_for(api: &TestApi, status: u16) -> Answer {
    for _ in 0..250 {
        let answer = api.get(FULL, "/api/v3/full-access/event").await;
        if answer.status == status {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no answer has status {status}");
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    let api = TestApi::start_with(|config| config.timeouts.request_ms = 300).await;
    let (answer, took) = exchange(api.address, half_a_form(&api, "Content-Length: 20")).await;
    assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("too-slow"), "{answer}");
    assert!(took < PATIENCE, "{took:?}");
}
