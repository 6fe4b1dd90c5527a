//! How long searches take: fills a database of its own with synthetic persons, then asks each kind
//! of question many times. `cargo xtask bench search` runs it.

mod population;
mod questions;

use std::time::{Duration, Instant};

use store::{Secret, Store, StoreConfig};
use testkit::database::TestDatabase;

use population::Population;
use questions::{Ask, Row};

/// How often each question is asked, each time of another person.
const ROUNDS: u32 = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    let persons = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let database = TestDatabase::create().await;
    let config = StoreConfig {
        url: Secret::new(database.url()),
        commit_timeout_ms: 600_000,
        // A slow answer is to be measured, not to be cut.
        call_timeout_ms: 60_000,
        ..StoreConfig::default()
    };
    let store = Store::connect(&config).await.expect("an address that can be used");
    let population = Population::new(7);
    let started = Instant::now();
    population.load(&store, persons, !arguments.iter().any(|a| a == "--without-search")).await;
    let took = started.elapsed();
    eprintln!(
        "{persons} persons in {took:.1?}: {:.0} a second",
        f64::from(persons) / took.as_secs_f64()
    );
    database.execute("vacuum analyze").await;
    let mut rows = Vec::new();
    for (name, ask) in questions::ALL {
        let mut times = Vec::new();
        let begun = Instant::now();
        for round in 0..ROUNDS {
            // Enough of the slow ones too, in a time that one waits for.
            if round >= 20 && begun.elapsed() > Duration::from_secs(10) {
                break;
            }
            times.push(time(&store, &population, persons, *ask, round).await);
        }
        times.sort_unstable();
        eprintln!("{name}: {:?}", times[times.len() / 2]);
        let of = |share: usize| times[times.len() * share / 100].as_micros() as u64;
        rows.push(Row { name, p50_us: of(50), p99_us: of(99) });
    }
    if std::env::var_os("BENCH_KEEP").is_some() {
        eprintln!("{}", database.url());
        std::mem::forget(database);
    }
    report(&rows, json);
}

async fn time(store: &Store, people: &Population, persons: u32, ask: Ask, round: u32) -> Duration {
    let question = questions::make(people, persons, ask, round);
    let started = Instant::now();
    question.ask(store).await;
    started.elapsed()
}

fn report(rows: &[Row], json: bool) {
    if json {
        let rows: Vec<String> = rows
            .iter()
            .map(|Row { name, p50_us, p99_us }| {
                format!(r#"{{"name":"{name}","p50_us":{p50_us},"p99_us":{p99_us}}}"#)
            })
            .collect();
        println!(r#"{{"rows":[{}]}}"#, rows.join(","));
        return;
    }
    println!("{:42} {:>9} {:>9}", "", "p50 µs", "p99 µs");
    for Row { name, p50_us, p99_us } in rows {
        println!("{name:42} {p50_us:>9} {p99_us:>9}");
    }
}
