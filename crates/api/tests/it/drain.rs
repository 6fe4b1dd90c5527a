//! Stopping: readiness fails first, open requests are finished, and there is an end to it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::connections::half_a_form;
use crate::issuer::FULL;
use crate::support::*;

/// A request in progress, half sent.
async fn begin(api: &TestApi) -> TcpStream {
    let (address, sent) = (api.address, half_a_form(api, "Content-Length: 13"));
    let stream = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.write_all(&sent).expect("sent");
        stream
    });
    let stream = stream.await.expect("a connection");
    tokio::time::sleep(Duration::from_millis(200)).await;
    stream
}

#[tokio::test]
async fn a_request_in_progress_is_finished_while_draining() {
    let api = TestApi::start_with(|config| {
        config.timeouts.drain_wait_ms = 3000;
        config.timeouts.body_read_ms = 60_000;
        config.timeouts.request_ms = 60_000;
    })
    .await;
    let mut stream = begin(&api).await;
    api.shutdown.cancel();
    tokio::time::sleep(Duration::from_millis(300)).await;

    let ready = api.health("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert!(ready.json()["reasons"][0].as_str().expect("a reason").starts_with("draining"));
    let late = api.get(FULL, "/api/v3/full-access/event").await;
    assert_eq!(late.status, 200, "the listener is open until the balancer knows");

    wait_until_closed(&api).await;
    let answer = tokio::task::spawn_blocking(move || {
        stream.write_all(b"2,3,4,5").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    });
    let answer = answer.await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("[]"), "{answer}");
    api.running.await.expect("no panic").expect("a clean end");
}

async fn wait_until_closed(api: &TestApi) {
    for _ in 0..100 {
        if TcpStream::connect(api.address).is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the listener is still open");
}

#[tokio::test]
async fn draining_ends_at_its_deadline() {
    let api = TestApi::start_with(|config| {
        config.timeouts.drain_deadline_ms = 500;
        config.timeouts.body_read_ms = 60_000;
        config.timeouts.request_ms = 60_000;
    })
    .await;
    let _stream = begin(&api).await;
    let started = Instant::now();
    api.shutdown.cancel();
    api.running.await.expect("no panic").expect("a clean end");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_server_without_requests_stops_at_once() {
    let api = TestApi::start().await;
    assert_eq!(api.get(FULL, "/api/v3/full-access/event").await.status, 200);
    let started = Instant::now();
    api.shutdown.cancel();
    api.running.await.expect("no panic").expect("a clean end");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
