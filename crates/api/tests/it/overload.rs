//! More than the server can do: what is refused, and what is answered all the same.

use std::time::Duration;

use reqwest::Method;

use crate::issuer::{FULL, proof};
use crate::raw::*;
use crate::support::*;

const EVENT: &str = "/api/v3/full-access/event";
const LATEST: &str = "/api/v3/full-access/event/latest";

/// A request that stays in progress for as long as this lives: its body is never finished.
pub struct Held(Raw);

impl Held {
    /// Takes a place, and waits until it is taken.
    pub async fn place_of(api: &TestApi) -> Held {
        let mut raw = Raw::connect(api.address).await;
        raw.send(form_head(api, "Content-Length: 600\r\nExpect: 100-continue")).await;
        // Asked for its body: so the handler has begun.
        raw.read_until(|read| read.ends_with(b"\r\n\r\n")).await;
        assert_eq!(raw.statuses(), [100], "{}", raw.text());
        Held(raw)
    }
}

/// Requests that are held are not given up while a test runs.
pub fn patient(config: &mut api::ApiConfig) {
    config.timeouts.body_read_ms = 300_000;
    config.timeouts.request_ms = 300_000;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_and_the_newest_event_are_answered_while_all_else_is_refused() {
    let api = TestApi::start_with(|config| {
        patient(config);
        config.limits.requests_max = 3;
    })
    .await;
    crate::persons::seed(&api.store, 1).await;
    let held = [Held::place_of(&api).await, Held::place_of(&api).await, Held::place_of(&api).await];
    for _ in 0..20 {
        let refused = api.get(FULL, EVENT).await;
        refused.assert_problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), "1");
        assert_healthy(&api, "all places were taken").await;
    }
    let [first, ..] = held;
    first.0.break_off();
    for _ in 0..50 {
        if api.get(FULL, EVENT).await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("a place that was given back is not used");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_event_has_a_limit_of_its_own() {
    let api = TestApi::start_with(|config| config.limits.feed_head_requests_max = 2).await;
    crate::persons::seed(&api.store, 1).await;
    let lock = api.database.execute("begin; lock table event; select pg_sleep(1.5); commit");
    let calls = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let target = format!("/api/v3/full-access/person/{}?{NAME}", crate::persons::id(1));
        let (first, second) = (api.get(FULL, LATEST), api.get(FULL, LATEST));
        let third = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let refused = api.get(FULL, LATEST).await;
            (refused, api.get(FULL, &target).await)
        };
        tokio::join!(first, second, third)
    };
    let (_, (first, second, (refused, lookup))) = tokio::join!(lock, calls);
    assert_eq!((first.status, second.status, lookup.status), (200, 200, 200));
    refused.assert_problem(503, "overloaded");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_has_its_connections_and_no_more() {
    let api = TestApi::start_with(|config| config.limits.connections_per_peer_max = 3).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut raw = Raw::connect(api.address).await;
        raw.send(PING).await;
        raw.read_until(|read| read.ends_with(b"\r\n\r\n")).await;
        assert_eq!(raw.statuses(), [200]);
        held.push(raw);
    }
    let mut refused = Raw::connect(api.address).await;
    refused.send(PING).await;
    assert!(refused.read_to_end().await && refused.read.is_empty(), "{}", refused.text());
    assert_eq!(api.health("/health/live").await.status, 200, "health has room of its own");
    held.pop();
    for _ in 0..100 {
        let mut raw = Raw::connect(api.address).await;
        raw.send(PING).await;
        raw.read_until(|read| read.ends_with(b"\r\n\r\n")).await;
        if raw.statuses() == [200] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a place that was given back is not used");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_make_room_for_new_ones() {
    let api = TestApi::start_with(|config| {
        config.limits.connections_max = 16;
        config.timeouts.header_read_ms = 600;
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..16 {
        let mut raw = Raw::connect(api.address).await;
        raw.send(PING).await;
        raw.read_until(|read| read.ends_with(b"\r\n\r\n")).await;
        held.push(raw);
    }
    // Kept open for 75 seconds otherwise.
    let mut next = Raw::connect(api.address).await;
    next.send(PING).await;
    assert!(!next.read_until(|read| read.ends_with(b"\r\n\r\n")).await);
    assert_eq!(next.statuses(), [200]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_disturb_nobody() {
    let api = TestApi::start_with(|config| config.timeouts.header_read_ms = 60_000).await;
    crate::persons::seed(&api.store, 1).await;
    let count = idle_connections();
    let mut idle = Vec::with_capacity(count);
    for n in 0..count {
        let mut raw = Raw::connect(api.address).await;
        // Some have had an answer, some have begun a head, most have said nothing.
        match n % 10 {
            0 => {
                raw.send(PING).await;
                raw.read_until(|read| read.ends_with(b"\r\n\r\n")).await;
            }
            1 => _ = raw.send("GET /ping HTTP/1.1\r\nHost").await,
            _ => {}
        }
        idle.push(raw);
    }
    println!("{count} connections that wait");
    for _ in 0..5 {
        assert_healthy(&api, &format!("{count} idle connections")).await;
    }
    let mut last = idle.pop().expect("a connection");
    last.send(PING).await;
    last.read_until(|read| read.ends_with(b"\r\n\r\n")).await;
    assert_eq!(last.statuses(), [200], "the idle are still there");
}

/// Ten thousand, or fewer where this process may open fewer files: both ends of each connection
/// are files here, and the other tests need some, too.
fn idle_connections() -> usize {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    let wanted = hard.min(40_000);
    setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).expect("what is allowed");
    let files = usize::try_from(wanted).expect("a count");
    (files.saturating_sub(2_500) / 2).clamp(100, 10_000)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_through_another_name_is_the_same_call() {
    let api = TestApi::start().await;
    let token = api.issuer.token(FULL);
    let proof = proof(Method::GET.as_str(), &called(EVENT), &token);
    let mut raw = Raw::connect(api.address).await;
    raw.send(format!(
        "GET http://elsewhere.example{EVENT} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Authorization: DPoP {token}\r\nDPoP: {proof}\r\n\r\n"
    ))
    .await;
    assert!(raw.read_to_end().await);
    assert_eq!(raw.statuses(), [200], "{}", raw.text());
}
