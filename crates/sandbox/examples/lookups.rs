//! Lookups by number against a running demo, as fast as a number of callers get answers.
//!
//! `cargo run --release -p sandbox --example lookups -- API_URL SANDBOX_URL [SECONDS] [CALLERS] [BULK]`
//!
//! A closed loop with the caller on the same machine: each call signs a new proof, which costs the
//! caller about what verifying it costs the API. With BULK, each call asks for that many persons.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sandbox::client::ApiClient;
use tokio::task::JoinSet;

const PARTS: &str = "informationParts=Name,Birth,Status,ResidentialAddress,FamilyRelation";

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [api, sandbox, rest @ ..] = &arguments[..] else {
        return Err("usage: lookups API_URL SANDBOX_URL [SECONDS] [CALLERS] [BULK]".into());
    };
    let number = |at: usize, default: u64| rest.get(at).map_or(Ok(default), |text| text.parse());
    let (seconds, callers, bulk) = (number(0, 10)?, number(1, 16)?, number(2, 0)? as usize);
    let client = Arc::new(ApiClient::connect(sandbox, "sandbox-full-access", api).await?);
    let numbers: Arc<[String]> = numbers(sandbox).await?.into();
    let end = Instant::now() + Duration::from_secs(seconds);

    let mut running = JoinSet::new();
    for caller in 0..callers as usize {
        let (client, numbers) = (Arc::clone(&client), Arc::clone(&numbers));
        running.spawn(async move { call_until(end, caller, &client, &numbers, bulk).await });
    }
    let mut latencies: Vec<Duration> = Vec::new();
    while let Some(done) = running.join_next().await {
        latencies.extend(done??);
    }
    latencies.sort_unstable();
    report(&latencies, seconds, bulk.max(1));
    Ok(())
}

async fn numbers(sandbox: &str) -> Result<Vec<String>, Failure> {
    let url = format!("{sandbox}/sandbox/persons?limit=1000");
    let listed: serde_json::Value = reqwest::get(url).await?.json().await?;
    let persons = listed["persons"].as_array().ok_or("the sandbox lists no persons")?;
    let number = |person: &serde_json::Value| person["number"].as_str().map(str::to_owned);
    Ok(persons.iter().filter_map(number).collect())
}

async fn call_until(
    end: Instant,
    caller: usize,
    client: &ApiClient,
    numbers: &[String],
    bulk: usize,
) -> Result<Vec<Duration>, Failure> {
    let mut latencies = Vec::new();
    // Callers walk through the numbers at different paces, so that they do not ask in step.
    let mut at = caller * 37;
    while Instant::now() < end {
        let started = Instant::now();
        at += caller + 1;
        let number = |offset: usize| numbers[(at + offset) % numbers.len()].as_str();
        let answer = if bulk == 0 {
            let path = format!("/api/v3/full-access/person/get-by-nin?{PARTS}");
            client.post_form(&path, &[("nin", number(0))]).await?
        } else {
            let asked: Vec<_> = (0..bulk).map(|offset| ("nins", number(offset))).collect();
            let path = format!("/api/v3/full-access/person/bulk-by-nin?{PARTS}");
            client.post_form(&path, &asked).await?
        };
        if answer.status != 200 {
            return Err(format!("an answer with status {}", answer.status).into());
        }
        latencies.push(started.elapsed());
    }
    Ok(latencies)
}

fn report(latencies: &[Duration], seconds: u64, persons_each: usize) {
    let calls = latencies.len();
    let rate = calls as f64 / seconds as f64;
    println!(
        "{calls} calls, {rate:.0} a second, {:.0} persons a second",
        rate * persons_each as f64
    );
    for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)] {
        if let Some(latency) = latencies.get((calls as f64 * share) as usize) {
            println!("{name:>6} {:.2} ms", latency.as_secs_f64() * 1000.0);
        }
    }
}
