//! `cargo xtask demo`: the whole register on this machine, from an empty folder to a first lookup.

use std::fs;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use crate::checkout::Checkout;
use crate::instance::Instance;
use crate::postgres::Durability;
use crate::process::{exit_code, stop_requested};
use crate::progress::{announce, step};
use crate::register::{self, Configuration, Population, Profile, Register, http};
use crate::services::{self, Services};
use crate::{scan, setup};

/// How often the running parts are looked after.
const LOOK_AFTER: Duration = Duration::from_millis(250);

/// What a person chooses about the demo.
#[derive(Args)]
pub struct Options {
    /// Load, let it check itself through the public API, print one JSON line, and stop.
    #[arg(long)]
    once: bool,
    /// Persons in the sandbox's population.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    persons: u64,
    /// The population and all that happens to it follow from this number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Changes that happen to the population by themselves each second: 1 unless said otherwise,
    /// none with `--once`, whose checks make their own.
    #[arg(long)]
    changes_per_second: Option<f64>,
}

impl Options {
    fn changes_per_second(&self) -> f64 {
        self.changes_per_second.unwrap_or(if self.once { 0.0 } else { 1.0 })
    }
}

/// Runs the demo until Ctrl-C, or once.
pub fn run(checkout: &Checkout, options: &Options) -> Result<ExitCode> {
    let instance = Instance::open(checkout, "demo")?;
    instance.stop_left_over()?;
    setup::ensure(checkout)?;
    let program = register::build(&instance, Profile::Dev)?;
    // Dropped, and so stopped, in the opposite order: first the server's parts, then these.
    let mut services = services::private(checkout, &instance, Durability::Safe)?;
    let population = Population {
        persons: options.persons,
        seed: options.seed,
        changes_per_second: options.changes_per_second(),
    };
    let mut register =
        Register::start(checkout, &instance, &program, &services, &population, |register| {
            register.start_api()?;
            register.start_ingest()
        })?;
    step("Loading geography", || register.load_geography())?;
    announce(&format!("Loading {} persons", options.persons));
    let report = register.load(&[])?;
    step("Publishing persons with a felles hjelpenummer", || register.publish_alternates())?;
    if options.once {
        return check(&mut register, &services, &report);
    }
    introduce(&register, &services)?;
    stay(&mut register, &mut services)
}

/// The register checks itself, and what it has written is searched.
fn check(register: &mut Register<'_>, services: &Services, report: &Path) -> Result<ExitCode> {
    let mut check = register.command("selfcheck");
    check.args(["--api", &register.configuration.api_url()]);
    check.args(["--sandbox", &register.configuration.sandbox_url()]);
    check.arg("--bulk-report").arg(report);
    let status = register.instance.run("selfcheck", &mut check)?;
    register.must_run()?;
    register.keep_metrics()?;
    step("Searching the logs and metrics", || {
        let password = services.endpoints.database_password();
        scan::folder(&register.instance.dir.join("log"), &[("the database's password", password)])
    })?;
    Ok(exit_code(status))
}

/// The first setting of this name in the configuration of the demo that runs, or ran, here.
pub fn setting(checkout: &Checkout, name: &str) -> Result<String> {
    let file = checkout.local().join("demo/persontjenesten.toml");
    let text = fs::read_to_string(&file).context("no demo has run here")?;
    let start = format!("{name} = \"");
    let value = text.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('"'));
    Ok(value.with_context(|| format!("the demo's configuration has no {name}"))?.to_owned())
}

fn introduce(register: &Register<'_>, services: &Services) -> Result<()> {
    let Register { instance, program, configuration, .. } = register;
    let Configuration { file, health, metrics, .. } = configuration;
    println!("\nThe register is up.");
    for (what, place) in [
        ("API and its page", configuration.api_url()),
        ("its health", format!("http://{health}/health/ready")),
        ("its metrics", format!("http://{health}/metrics")),
        ("ingest's metrics", format!("http://{metrics}/metrics")),
        ("sandbox", configuration.sandbox_url()),
        ("Postgres", services.endpoints.database.clone()),
        ("Kafka", services.endpoints.kafka.clone()),
        ("configuration", file.display().to_string()),
        ("logs", instance.dir.join("log").display().to_string()),
    ] {
        println!("  {what:<17} {place}");
    }
    println!("\nThree calls to try in another terminal:");
    for call in calls_to_try(program, configuration)? {
        println!("  {call}");
    }
    println!("\nCtrl-C stops everything.");
    stdout().flush().context("cannot write")
}

fn stay(register: &mut Register<'_>, services: &mut Services) -> Result<ExitCode> {
    while !stop_requested() {
        services.must_run()?;
        register.must_run()?;
        thread::sleep(LOOK_AFTER);
    }
    eprintln!("Stopping");
    Ok(ExitCode::SUCCESS)
}

/// A lookup, a change in FREG, and the event that tells of it. The person is one of the sandbox's.
fn calls_to_try(program: &Path, configuration: &Configuration) -> Result<[String; 3]> {
    let persons: Value =
        serde_json::from_str(&http::get(configuration.sandbox, "/sandbox/persons?limit=1")?)?;
    let number = persons["persons"][0]["number"].as_str();
    let number = number.context("the sandbox has no persons")?;
    let program = program.display();
    let (api, sandbox) = (configuration.api_url(), configuration.sandbox_url());
    let asked = format!("--api {api} --sandbox {sandbox}");
    Ok([
        format!("{program} call get-by-nin {number} {asked}"),
        format!("{program} sandbox change move --number {number} --url {sandbox}"),
        format!("{program} call latest-event {asked}"),
    ])
}
