//! How long searches take: fills a database of its own with synthetic persons, then asks each kind
//! of question many times. `cargo xtask bench search` runs it. With `--keep` the database stays, and
//! with its address instead of a number it is asked again.

mod hostile;
mod population;
mod questions;

use std::time::{Duration, Instant};

use store::{Secret, Store, StoreConfig};
use testkit::database::TestDatabase;

use population::Population;
use questions::{Ask, Row};

/// How often each question is asked, each time of another person.
const ROUNDS: u32 = 200;

const SIZES: &str = "select relname || ': ' || pg_relation_size(oid) / 1000000 || ' MB'
    from pg_class where relname like 'search%' order by relname";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let persons = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    let population = Population::new(7);
    let kept = arguments.iter().find(|argument| argument.starts_with("postgres://"));
    let (database, url, store) = match kept {
        Some(url) => (None, url.clone(), open(url.clone()).await),
        None => {
            write_cost(&population).await;
            let (database, store) = filled(&population, persons).await;
            let url = database.url();
            (Some(database), url, store)
        }
    };
    let mut rows = Vec::new();
    for (name, ask) in questions::ALL {
        let mut times = Vec::new();
        let begun = Instant::now();
        let cpu_before = server_cpu(&url);
        for round in 0..ROUNDS {
            // Enough of the slow ones too, in a time that one waits for.
            if round >= 20 && begun.elapsed() > Duration::from_secs(10) {
                break;
            }
            times.push(time(&store, &population, persons, *ask, round).await);
        }
        let cpu = server_cpu(&url).saturating_sub(cpu_before);
        let cpu_us = cpu.as_micros() as u64 / times.len() as u64;
        times.sort_unstable();
        eprintln!("{name}: {:?}", times[times.len() / 2]);
        let of = |share: usize| times[times.len() * share / 100].as_micros() as u64;
        rows.push(Row { name, p50_us: of(50), p99_us: of(99), cpu_us });
    }
    let cpu_before = server_cpu(&url);
    let hostile = hostile::ask(&store).await;
    let cpu = server_cpu(&url).saturating_sub(cpu_before);
    let cpu_us = cpu.as_micros() as u64 / hostile.len() as u64;
    for (time, told) in hostile.iter().rev().take(5) {
        eprintln!("{time:?}: {told}");
    }
    let of = |share: usize| hostile[(hostile.len() * share / 100).min(hostile.len() - 1)].0;
    let of = |share: usize| of(share).as_micros() as u64;
    rows.push(Row { name: "hostile searches", p50_us: of(50), p99_us: of(99), cpu_us });
    eprintln!("the slowest hostile search: {} µs", of(100));
    if let Some(database) = database.filter(|_| has("--keep")) {
        eprintln!("{}", database.url());
        std::mem::forget(database);
    }
    report(&rows, has("--json"));
}

/// A store that waits for slow answers: they are to be measured, not to be cut.
async fn open(url: String) -> Store {
    let config = StoreConfig {
        url: Secret::new(url),
        commit_timeout_ms: 600_000,
        call_timeout_ms: 60_000,
        ..StoreConfig::default()
    };
    Store::connect(&config).await.expect("an address that can be used")
}

async fn empty() -> (TestDatabase, Store) {
    let database = TestDatabase::create().await;
    let store = open(database.url()).await;
    (database, store)
}

async fn filled(population: &Population, persons: u32) -> (TestDatabase, Store) {
    let (database, store) = empty().await;
    let started = Instant::now();
    population.load(&store, persons, true).await;
    let took = started.elapsed();
    eprintln!(
        "{persons} persons in {took:.1?}: {:.0} a second",
        f64::from(persons) / took.as_secs_f64()
    );
    database.execute("vacuum analyze").await;
    for size in database.fetch_text(SIZES).await {
        eprintln!("{size}");
    }
    (database, store)
}

/// What the search costs those who write: the same persons with it and without, in turn.
async fn write_cost(population: &Population) {
    const PERSONS: u32 = 20_000;
    let mut took = [Duration::ZERO; 2];
    for round in 0..4 {
        let (_database, store) = empty().await;
        let started = Instant::now();
        population.load(&store, PERSONS, round % 2 == 1).await;
        took[round % 2] += started.elapsed();
        store.close().await;
    }
    let [without, with] = took.map(|took| took.as_secs_f64() / f64::from(2 * PERSONS));
    eprintln!(
        "500 persons are written in {:.1} ms, {:.1} ms without search: {:.1} times as long",
        with * 500e3,
        without * 500e3,
        with / without
    );
}

/// How long the server's processes for this database have run, waiting not counted: the measure
/// that holds on a machine with other work. Nothing when the server is elsewhere.
fn server_cpu(url: &str) -> Duration {
    let name = url.rsplit('/').next().and_then(|rest| rest.split('?').next()).unwrap_or(url);
    let of_process = |process: std::fs::DirEntry| {
        let title = std::fs::read(process.path().join("cmdline")).ok()?;
        let title = String::from_utf8_lossy(&title).into_owned();
        let ours = title.starts_with("postgres:") && title.contains(name);
        let ran =
            ours.then(|| std::fs::read_to_string(process.path().join("schedstat")).ok())??;
        Some(Duration::from_nanos(ran.split(' ').next()?.parse().ok()?))
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(of_process).sum()
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
            .map(|Row { name, p50_us, p99_us, cpu_us }| {
                format!(
                    r#"{{"name":"{name}","p50_us":{p50_us},"p99_us":{p99_us},"cpu_us":{cpu_us}}}"#
                )
            })
            .collect();
        println!(r#"{{"rows":[{}]}}"#, rows.join(","));
        return;
    }
    println!("{:42} {:>9} {:>9} {:>14}", "", "p50 µs", "p99 µs", "server CPU µs");
    for Row { name, p50_us, p99_us, cpu_us } in rows {
        println!("{name:42} {p50_us:>9} {p99_us:>9} {cpu_us:>14}");
    }
}
