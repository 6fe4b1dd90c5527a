//! `cargo xtask bench ingest`: from records in Kafka to served rows, and from a change in FREG to a
//! served row, by the server as it is delivered, with everything on.

use std::collections::VecDeque;
use std::fs;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{Options, usage};
use crate::checkout::Checkout;
use crate::instance::Instance;
use crate::postgres::{self, Durability, free_ports};
use crate::process::{self, cargo};
use crate::progress::{announce, step};
use crate::register::{self, Population, Profile, Register, http};
use crate::services::{self, Services};

/// The halves of ingest, each a process of its own.
const APPLY: &str = "apply";
const COLLECT: &str = "collect";

/// What ingest tells of itself.
const RECORDS: &str = "register_ingest_apply_records_total";
const SEQUENCE: &str = "register_ingest_apply_last_sequence";
const SEARCH_DEFERRED: &str = "register_ingest_search_deferred";

/// The correction that makes the change feed long, and of how many persons at most.
const CORRECTION: &str = "sivilstand";
const CORRECTED_MAX: u64 = 100_000;

/// The pace at which the time from FREG to the register is measured, and what changes.
const CHANGE_EVERY: Duration = Duration::from_millis(20);
const CHANGES: u32 = 3_000;
const KINDS: [&str; 3] = ["move", "name", "marriage"];

/// How many persons the measurement of COPY takes.
const COPIED: u64 = 20_000;

/// The dearest kinds of statements, with the microseconds that each has taken in all.
const STATEMENTS: &str = "
    select json_object_agg(what, micros) from (
        select concat_ws(' ', lower(substring(query from '\\w+')),
                substring(query from '(?i)(?:into|copy|update|from|join)\\s+(\\w+)')) as what,
            round(sum(total_exec_time) * 1000) as micros
        from pg_stat_statements group by 1 order by 2 desc limit 12) as dearest";

/// How often is looked whether work is done, and how often is told how much is.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const TELL_EVERY: Duration = Duration::from_secs(10);
/// Making everybody of a large register searchable takes minutes.
const SEARCHABLE_WITHIN: Duration = Duration::from_mins(30);
/// Without any progress for so long, something is wrong.
const STANDSTILL_MAX: Duration = Duration::from_secs(120);

/// Measures, and shows a table or one line of JSON.
pub fn run(checkout: &Checkout, instance: &Instance, options: &Options) -> Result<ExitCode> {
    let program = register::build(instance, Profile::Release)?;
    let services = services::private(checkout, instance, Durability::Counted)?;
    let persons = u64::from(options.persons);
    let population = Population { persons, seed: 1, changes_per_second: 0.0 };
    let register =
        Register::start(checkout, instance, &program, &services, &population, |_| Ok(()))?;
    let [apply, collect] = free_ports::<2>()?.map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
    let mut bench = Bench { register, services: &services, apply, collect };
    let bulk = bench.bulk()?;
    let feed = bench.feed(persons.min(CORRECTED_MAX))?;
    let delays = bench.delays()?;
    let memory = bench.memory()?;
    let copy = if persons >= COPIED { Some(bench.copy()?) } else { None };
    let result = json!({
        "bulk_docs_per_s": bulk.per_second().round(),
        "bulk_processor_us_per_doc": bulk.micros_each(),
        "feed_persons_per_s": feed.per_second().round(),
        "feed_processor_us_per_person": feed.micros_each(),
        "delay_ms": delays,
        "memory_mb": memory,
        "copy": copy,
    });
    drop(bench);
    drop(services);
    services::remove_data(checkout, instance)?;
    if options.json {
        println!("{result}");
    } else {
        println!("{}", table(&bulk, &feed, &result));
    }
    Ok(ExitCode::SUCCESS)
}

struct Bench<'a> {
    register: Register<'a>,
    services: &'a Services,
    /// Where each half tells its metrics.
    apply: SocketAddr,
    collect: SocketAddr,
}

/// Work that was done, in which time, by whom.
struct Work {
    count: f64,
    took: Duration,
    /// Seconds of processor by process.
    processor: Vec<(String, f64)>,
    /// Microseconds of Postgres for each, by kind of statement.
    statements: Vec<(String, f64)>,
}

impl Work {
    fn per_second(&self) -> f64 {
        self.count / self.took.as_secs_f64()
    }

    /// Microseconds of processor for each, by process.
    fn micros_each(&self) -> Value {
        let each = self.processor.iter();
        let each = each.map(|(name, s)| (name.clone(), json!((s * 1e6 / self.count).round())));
        Value::Object(each.collect())
    }
}

impl Bench<'_> {
    /// A full load, from the start of the process that applies until everybody can be looked up and
    /// searched for.
    fn bulk(&mut self) -> Result<Work> {
        step("Loading geography", || self.register.load_geography())?;
        announce("Publishing everybody");
        let report = self.register.load(&["--publish-only"])?;
        let report: Value = serde_json::from_str(&fs::read_to_string(report)?)?;
        let documents = report["documents"].as_f64().context("bulk told no number")?;
        announce("Applying everybody");
        let database = &self.services.endpoints.database;
        postgres::psql(database, &["-c", "create extension pg_stat_statements"])?;
        let mut work = self.measure(documents, |bench| {
            bench.register.start_half(APPLY, bench.apply)?;
            bench.wait_until(RECORDS, documents)?;
            process::wait_for("everybody to be searchable", SEARCHABLE_WITHIN, || {
                bench.register.must_run()?;
                Ok((bench.told(SEARCH_DEFERRED)? == 0.0).then_some(()))
            })
        })?;
        let statements: Value =
            serde_json::from_str(&postgres::psql(database, &["-c", STATEMENTS])?)?;
        let micros = statements.as_object().context("no statement was counted")?.iter();
        work.statements = micros
            .filter_map(|(what, micros)| Some((what.clone(), micros.as_f64()? / documents)))
            .collect();
        work.statements.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        Ok(work)
    }

    /// Changes of many persons at once, from FREG's feed to served rows.
    fn feed(&mut self, persons: u64) -> Result<Work> {
        announce(&format!("Changing {persons} persons at once"));
        let sandbox = self.register.configuration.sandbox;
        let body = json!({ "name": CORRECTION, "count": persons }).to_string();
        let answer: Value =
            serde_json::from_str(&http::post(sandbox, "/sandbox/corrections", &body)?)?;
        let (persons, last) = (answer["persons"].as_f64(), answer["lastSequence"].as_f64());
        let (Some(persons), Some(last)) = (persons, last) else { bail!("nobody was corrected") };
        self.measure(persons, |bench| {
            bench.register.start_half(COLLECT, bench.collect)?;
            bench.wait_until(SEQUENCE, last)
        })
    }

    /// The time from when a change was due until it is served, at a steady pace.
    fn delays(&mut self) -> Result<Value> {
        announce(&format!("{CHANGES} changes, one every {} ms", CHANGE_EVERY.as_millis()));
        let sandbox = self.register.configuration.sandbox;
        let mut waiting: VecDeque<(f64, Instant)> = VecDeque::new();
        let mut delays: Vec<f64> = Vec::new();
        let begun = Instant::now();
        for (number, kind) in (0..CHANGES).zip(KINDS.iter().cycle()) {
            let due = begun + CHANGE_EVERY * number;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let body = json!({ "kind": kind }).to_string();
            let answer: Value =
                serde_json::from_str(&http::post(sandbox, "/sandbox/changes", &body)?)?;
            let events = answer["events"].as_array().context("a change told no events")?;
            let sequences = events.iter().filter_map(|event| event["sequence"].as_f64());
            waiting.extend(sequences.max_by(f64::total_cmp).map(|sequence| (sequence, due)));
            self.note_applied(&mut waiting, &mut delays)?;
        }
        process::wait_for("the last change", STANDSTILL_MAX, || {
            self.note_applied(&mut waiting, &mut delays)?;
            Ok(waiting.is_empty().then_some(()))
        })?;
        delays.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| delays[((delays.len() - 1) as f64 * share) as usize].round();
        Ok(json!({ "p50": at(0.5), "p99": at(0.99), "max": at(1.0) }))
    }

    fn note_applied(
        &mut self,
        waiting: &mut VecDeque<(f64, Instant)>,
        delays: &mut Vec<f64>,
    ) -> Result<()> {
        self.register.must_run()?;
        let applied = self.told(SEQUENCE)?;
        while let Some((sequence, due)) = waiting.front().copied()
            && sequence <= applied
        {
            delays.push(due.elapsed().as_secs_f64() * 1e3);
            waiting.pop_front();
        }
        Ok(())
    }

    /// The most that each process of ours has held.
    fn memory(&self) -> Result<Value> {
        let of = |half| usage::memory_mb(self.register.part(half)?.pid());
        Ok(json!({ APPLY: of(APPLY)?, COLLECT: of(COLLECT)? }))
    }

    /// COPY of what is stored against COPY of JSON; see the example of that name.
    fn copy(&self) -> Result<Value> {
        announce("Copying what is stored, and JSON");
        let mut command = cargo();
        command.args(["run", "-q", "--release", "-p", "store", "--example", "copy_bench"]);
        command.env(services::DATABASE, &self.services.endpoints.database);
        Ok(serde_json::from_str(&process::output_of(&mut command)?)?)
    }

    fn measure(&mut self, count: f64, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<Work> {
        let before = self.processor()?;
        let started = Instant::now();
        work(self)?;
        let took = started.elapsed();
        let processor = self.processor()?.into_iter().map(|(name, s)| {
            let earlier = before.iter().find(|(earlier, _)| *earlier == name);
            (name, s - earlier.map_or(0.0, |(_, earlier)| *earlier))
        });
        Ok(Work { count, took, processor: processor.collect(), statements: Vec::new() })
    }

    /// Seconds of processor of every process so far.
    fn processor(&self) -> Result<Vec<(String, f64)>> {
        let all = self.services.started().iter().chain(self.register.parts());
        all.map(|part| Ok((part.name.clone(), usage::processor_s(part.pid())?))).collect()
    }

    /// Waits until what the applying half tells has come so far, for as long as it goes on.
    fn wait_until(&mut self, metric: &str, target: f64) -> Result<()> {
        let (mut reached, mut moved, mut told) = (0.0, Instant::now(), Instant::now());
        let first = self.told(metric)?;
        while reached < target {
            process::check()?;
            self.register.must_run()?;
            thread::sleep(LOOK_EVERY);
            let now = self.told(metric)?;
            if now > reached {
                (reached, moved) = (now, Instant::now());
            }
            if moved.elapsed() > STANDSTILL_MAX {
                bail!("nothing has been applied for {} s", STANDSTILL_MAX.as_secs());
            }
            if told.elapsed() > TELL_EVERY {
                eprintln!("  {:.0} of {:.0}", reached - first, target - first);
                told = Instant::now();
            }
        }
        Ok(())
    }

    /// What the applying half tells of itself.
    fn told(&self, metric: &str) -> Result<f64> {
        Ok(http::metric(self.apply, metric)?)
    }
}

fn table(bulk: &Work, feed: &Work, result: &Value) -> String {
    let mut lines = vec![format!("{:<34}{:>12}{:>12}", "", "full load", "feed")];
    let mut add = |what: &str, of: &dyn Fn(&Work) -> String| {
        lines.push(format!("{what:<34}{:>12}{:>12}", of(bulk), of(feed)));
    };
    add("persons", &|work| format!("{:.0}", work.count));
    add("seconds", &|work| format!("{:.1}", work.took.as_secs_f64()));
    add("a second", &|work| format!("{:.0}", work.per_second()));
    for (name, _) in &feed.processor {
        add(&format!("processor µs each, {name}"), &|work| {
            let used = work.processor.iter().find(|(of, _)| of == name);
            used.map_or("-".to_owned(), |(_, s)| format!("{:.0}", s * 1e6 / work.count))
        });
    }
    for (what, micros) in &bulk.statements {
        lines.push(format!("{:<34}{micros:>12.1}", format!("Postgres µs each, {what}")));
    }
    let (delay, memory, copy) = (&result["delay_ms"], &result["memory_mb"], &result["copy"]);
    lines.push(format!(
        "From FREG to the register at {} changes a second: {} ms (median), {} ms (p99), {} ms at most",
        1_000 / CHANGE_EVERY.as_millis(),
        delay["p50"],
        delay["p99"],
        delay["max"]
    ));
    if !copy.is_null() {
        lines.push(format!(
            "COPY: {} rows a second as they are stored, {} as JSON: {} times as many",
            copy["stored_rows_per_s"], copy["json_rows_per_s"], copy["copy_ratio"]
        ));
    }
    lines.push(format!("Most memory: apply {} MB, collect {} MB", memory[APPLY], memory[COLLECT]));
    lines.join("\n")
}
