//! How long searches take: fills a database of its own with synthetic persons, then asks each kind
//! of question many times. `cargo xtask bench search` runs it. With `--keep` the database stays, and
//! with its address instead of a number it is asked again.

mod hostile;
mod population;
mod questions;
mod server;

use std::time::{Duration, Instant};

use store::{Secret, Store, StoreConfig};
use testkit::database::TestDatabase;

use population::Population;
use questions::{Ask, Row};
use server::Server;

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
    let mut server = Server::watch(&url).await;
    let mut rows = Vec::new();
    for (name, ask) in questions::ALL {
        let row = measure(name, *ask, &store, &population, persons, &mut server).await;
        eprintln!("{name}: {} µs", row.p50);
        rows.push(row);
    }
    rows.push(hostile(&store, &mut server).await);
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

async fn measure(
    name: &'static str,
    ask: Ask,
    store: &Store,
    people: &Population,
    persons: u32,
    server: &mut Server,
) -> Row {
    let (mut times, mut statements) = (Vec::new(), Vec::new());
    let begun = Instant::now();
    server.processor();
    for round in 0..ROUNDS {
        // Enough of the slow ones too, in a time that one waits for.
        if round >= 20 && begun.elapsed() > Duration::from_secs(10) {
            break;
        }
        let question = questions::make(people, persons, ask, round);
        let started = Instant::now();
        question.ask(store).await;
        times.push(started.elapsed());
        statements.extend(server.statements().await);
    }
    let cpu = server.processor() / times.len() as u32;
    times.sort_unstable();
    statements.sort_unstable();
    Row {
        name,
        p50: share(&times, 50),
        p99: share(&times, 99),
        database: (!statements.is_empty()).then(|| share(&statements, 50)),
        cpu: cpu.as_micros() as u64,
    }
}

async fn hostile(store: &Store, server: &mut Server) -> Row {
    server.processor();
    let asked = hostile::ask(store).await;
    let count = asked.len() as u32;
    for (time, told) in asked.iter().rev().take(5) {
        eprintln!("{time:?}: {told}");
    }
    let times: Vec<Duration> = asked.into_iter().map(|(time, _)| time).collect();
    eprintln!("the slowest hostile search: {} µs", share(&times, 100));
    Row {
        name: "hostile searches",
        p50: share(&times, 50),
        p99: share(&times, 99),
        database: server.statements().await.map(|all| (all / count).as_micros() as u64),
        cpu: (server.processor() / count).as_micros() as u64,
    }
}

/// The time, in microseconds, that so many in a hundred do not exceed; they are in order.
fn share(times: &[Duration], percent: usize) -> u64 {
    times[(times.len() * percent / 100).min(times.len() - 1)].as_micros() as u64
}

fn report(rows: &[Row], json: bool) {
    if json {
        let rows: Vec<String> = rows.iter().map(Row::json).collect();
        println!(r#"{{"rows":[{}]}}"#, rows.join(","));
        return;
    }
    println!(
        "{:42} {:>9} {:>9} {:>12} {:>14}",
        "", "p50 µs", "p99 µs", "database µs", "server CPU µs"
    );
    for Row { name, p50, p99, database, cpu } in rows {
        let database = database.map_or_else(String::new, |us| us.to_string());
        println!("{name:42} {p50:>9} {p99:>9} {database:>12} {cpu:>14}");
    }
}
