//! Very many events at once, as when FREG corrects everybody: `MASS_EVENTS=2000000` asks for more.

use std::time::{Duration, Instant};

use crate::checker::Model;
use crate::killed::asked;
use crate::register::{Process, Register, RunningSandbox, free_ports, gauge, sandbox};

const PERSONS: u64 = 2_000;
const EVENTS: u64 = 20_000;
/// No process may take more, whatever waits.
const MEMORY_MAX_KB: u64 = 250_000;
/// After so many events everything is as large as it gets, but for so much.
const GROWN_AFTER: i64 = 10_000;
const GROWTH_MAX_KB: u64 = 30_000;
/// Corrections that concern everybody.
const CORRECTIONS: [&str; 2] = ["identifikasjonsnummer", "sivilstand"];

/// Until there are so many, everybody is corrected again. Returns how many there are.
async fn correct(sandbox: &RunningSandbox, events: u64) -> u64 {
    let url = format!("{}/sandbox/corrections", sandbox.url);
    let mut made = 0;
    for name in CORRECTIONS.iter().cycle() {
        let body = serde_json::json!({ "name": name });
        let answer = reqwest::Client::new().post(&url).json(&body).send().await.unwrap();
        let answer: serde_json::Value = answer.json().await.unwrap();
        made += answer["persons"].as_u64().expect("a number of persons");
        if made >= events {
            break;
        }
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mass_of_events_is_worked_off_in_order_and_in_little_memory() {
    let sandbox = sandbox(PERSONS, 12).await;
    let register = Register::of(&sandbox).await;
    let ingest = register.start(&["ingest"]);
    register.start(&["bulk"]).finish().await;
    ingest.kill();
    let grown_at = sandbox.last_sequence().await + GROWN_AFTER;
    let events = correct(&sandbox, asked("MASS_EVENTS").unwrap_or(EVENTS)).await;
    for kind in ["birth", "name", "merge", "move"] {
        sandbox.change(kind).await;
    }
    let [port, _] = free_ports();
    let mut command = register.command(&["ingest"]);
    command.env("PERSONTJENESTEN__METRICS__LISTEN", format!("127.0.0.1:{port}"));
    let started = Instant::now();
    let ingest = Process::of(&mut command);
    let (mut most, mut oldest, mut longest): (f64, f64, f64) = (0.0, 0.0, 0.0);
    let last = sandbox.last_sequence().await;
    let mut grown = None;
    while !register.has_applied(last).await {
        assert!(started.elapsed() < Duration::from_secs(60 + events / 200), "too slow");
        if grown.is_none() && register.has_applied(grown_at).await {
            grown = Some(ingest.memory_kb());
        }
        let names = [
            "ingest_feed_lag_sequences",
            "ingest_feed_lag_seconds",
            "ingest_feed_caught_up_in_seconds",
        ];
        for (name, max) in names.into_iter().zip([&mut most, &mut oldest, &mut longest]) {
            *max = max.max(gauge(port, name).await.unwrap_or_default());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let elapsed = started.elapsed();
    let memory = ingest.memory_kb();
    let grown = grown.expect("it was seen at work");
    println!(
        "{events} events in {:.1} s ({:.0} a second), at most {memory} kB, {grown} kB of them after \
         the first {GROWN_AFTER}; the lag was at most {most} events and {oldest:.0} s, to be \
         caught up in {longest:.1} s",
        elapsed.as_secs_f64(),
        events as f64 / elapsed.as_secs_f64(),
    );
    assert!(memory < MEMORY_MAX_KB, "{memory} kB");
    assert!(memory < grown + GROWTH_MAX_KB, "{memory} kB, and {grown} kB before");
    assert!(most > events as f64 / 2.0 && longest > 0.0, "the lag is told while there is one");
    let caught_up = async |name| gauge(port, name).await == Some(0.0);
    for name in ["ingest_feed_lag_sequences", "ingest_feed_caught_up_in_seconds"] {
        let waited = Instant::now();
        while !caught_up(name).await {
            assert!(waited.elapsed() < Duration::from_secs(10), "{name} does not come to nought");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let verdict = Model::of(&sandbox, &register.database).await.check(&register.database).await;
    verdict.must_be_clean(&format!("{events} events at once"));
    ingest.kill();
}
