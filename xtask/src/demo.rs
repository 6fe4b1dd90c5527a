//! `cargo xtask demo`: the whole register on this machine, from an empty folder to a first lookup.

mod configuration;
mod http;

use std::fs;
use std::io::{BufRead, BufReader, Write, pipe, stderr, stdout};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::checkout::Checkout;
use crate::instance::{Instance, Service};
use crate::postgres::Durability;
use crate::process::{cargo, exit_code, stop_requested, wait_for};
use crate::progress::{announce, step};
use crate::services::{self, Services};
use crate::{scan, setup};
use configuration::Configuration;

/// How long a part of the server may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// How often the running parts are looked after.
const LOOK_AFTER: Duration = Duration::from_millis(250);

/// Where the sandbox tells what our client at Maskinporten needs.
const CLIENT_PATH: &str = "/sandbox/maskinporten-client";

/// Where the sandbox has what the service of felles hjelpenummer would write.
const AIN_PATH: &str = "/sandbox/ain";

/// Tries with other ports when one of ours was taken before the server had it.
const TRIES: u32 = 3;

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
    let program = build(&instance)?;
    // Dropped, and so stopped, in the opposite order: first the server's parts, then these.
    let mut services = services::private(checkout, &instance, Durability::Safe)?;
    let mut demo = start(checkout, &instance, program, &services, options)?;
    step("Loading geography", || demo.load_geography())?;
    announce(&format!("Loading {} persons", options.persons));
    let report = instance.dir.join("bulk.json");
    // The command shows its own progress; standard output is kept for the result.
    let mut bulk = demo.command("bulk");
    bulk.arg("--report").arg(&report).stdout(stderr());
    if !instance.run("bulk", &mut bulk)?.success() {
        demo.must_run()?;
        bail!("bulk failed; the logs are in {}", instance.dir.join("log").display());
    }
    step("Publishing persons with a felles hjelpenummer", || demo.publish_alternates())?;
    if options.once {
        let mut check = demo.command("selfcheck");
        check.args(["--api", &demo.configuration.api_url()]);
        check.args(["--sandbox", &demo.configuration.sandbox_url()]);
        check.arg("--bulk-report").arg(&report);
        let status = instance.run("selfcheck", &mut check)?;
        demo.must_run()?;
        demo.keep_metrics()?;
        step("Searching the logs and metrics", || {
            let password = services.endpoints.database_password();
            scan::folder(&instance.dir.join("log"), &[("the database's password", password)])
        })?;
        return Ok(exit_code(status));
    }
    demo.introduce(&services)?;
    demo.stay(&mut services)
}

/// The first setting of this name in the configuration of the demo that runs, or ran, here.
pub fn setting(checkout: &Checkout, name: &str) -> Result<String> {
    let file = checkout.local().join("demo/persontjenesten.toml");
    let text = fs::read_to_string(&file).context("no demo has run here")?;
    let start = format!("{name} = \"");
    let value = text.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('"'));
    Ok(value.with_context(|| format!("the demo's configuration has no {name}"))?.to_owned())
}

/// `cargo xtask dictionary`: the training is the server's; the population is the demo's.
pub fn train_dictionaries(checkout: &Checkout, version: u32) -> Result<ExitCode> {
    let instance = Instance::open(checkout, "dictionary")?;
    setup::ensure(checkout)?;
    let mut command = Command::new(build(&instance)?);
    command.args(["dictionary", "--version", &version.to_string()]);
    command.arg("--folder").arg(checkout.root.join("crates/store/dictionaries"));
    Ok(exit_code(instance.run("dictionary", &mut command)?))
}

/// Builds the server and returns where cargo put it.
fn build(instance: &Instance) -> Result<PathBuf> {
    announce("Building the server (the first time takes some minutes)");
    let (said, saying) = pipe().context("no pipe")?;
    let mut command = cargo();
    command.args(["build", "-p", "server", "--message-format=json-render-diagnostics"]);
    // Read beside the wait: a full pipe would stop cargo.
    let programs = thread::spawn(move || -> Vec<PathBuf> {
        let messages = BufReader::new(said).lines().map_while(Result::ok);
        messages.filter_map(|message| executable(&message)).collect()
    });
    let status = instance.run("cargo-build", command.stdout(saying))?;
    // It holds our end of the pipe, which must be closed before the reading can end.
    drop(command);
    if !status.success() {
        bail!("the server does not build");
    }
    let found = programs.join().ok().and_then(|programs| programs.into_iter().next());
    found.context("cargo built no program called persontjenesten")
}

/// The program that one of cargo's messages tells of, if it is ours.
fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_ours = message["target"]["name"] == "persontjenesten";
    is_ours.then(|| message["executable"].as_str().map(PathBuf::from))?
}

/// The running parts of the server.
struct Demo<'a> {
    instance: &'a Instance,
    program: PathBuf,
    configuration: Configuration,
    /// In the order in which they were started.
    parts: Vec<Service>,
}

impl Drop for Demo<'_> {
    fn drop(&mut self) {
        while let Some(last) = self.parts.pop() {
            drop(last);
        }
    }
}

fn start<'a>(
    checkout: &Checkout,
    instance: &'a Instance,
    program: PathBuf,
    services: &Services,
    options: &Options,
) -> Result<Demo<'a>> {
    for last in (0..TRIES).rev() {
        let configuration = Configuration::write(checkout, instance, &services.endpoints)?;
        let program = program.clone();
        let mut demo = Demo { instance, program, configuration, parts: Vec::new() };
        match demo.start_parts(options) {
            Ok(()) => return Ok(demo),
            Err(_) if last > 0 && demo.parts.iter().any(Service::lost_its_port) => {}
            Err(error) => return Err(error),
        }
    }
    bail!("no free ports")
}

impl Demo<'_> {
    fn start_parts(&mut self, options: &Options) -> Result<()> {
        let Configuration { sandbox, health, metrics, .. } = self.configuration;
        let listens = |address| Ok(TcpStream::connect(address).is_ok());
        let mut command = self.command("sandbox");
        command.args(["--listen", &sandbox.to_string()]);
        command.args(["--public-url", &self.configuration.sandbox_url()]);
        command.args(["--persons", &options.persons.to_string()]);
        command.args(["--seed", &options.seed.to_string()]);
        command.args(["--changes-per-second", &options.changes_per_second().to_string()]);
        step("Starting the sandbox (FREG, KRR, SSB, Kartverket, Maskinporten, HelseID)", || {
            self.start_part("sandbox", command, || listens(sandbox))
        })?;
        self.configuration.write_client_key(&http::get(sandbox, CLIENT_PATH)?)?;
        step("Preparing the database", || {
            self.instance.run_quietly("migrate", &mut self.command("migrate"))
        })?;
        let command = self.command("api");
        step("Starting the API", || {
            let answers = || Ok(http::get(health, "/health/live").is_ok());
            self.start_part("api", command, answers)
        })?;
        let command = self.command("ingest");
        step("Starting ingest", || self.start_part("ingest", command, || listens(metrics)))
    }

    /// One of the server's commands, told where everything is.
    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(name).env("PERSONTJENESTEN_CONFIG", &self.configuration.file);
        command
    }

    /// Districts and addresses first, so that nobody has to be rendered twice.
    fn load_geography(&self) -> Result<()> {
        let mut command = self.command("ingest");
        self.instance.run_quietly("geography", command.arg("geography"))
    }

    /// The service that gives the numbers out is outside, and so in the sandbox; it cannot reach the
    /// topic by itself.
    fn publish_alternates(&self) -> Result<()> {
        let records = http::get(self.configuration.sandbox, AIN_PATH)?;
        let file = self.instance.dir.join("ain.ndjson");
        fs::write(&file, records)?;
        let mut command = self.command("ingest");
        self.instance.run_quietly("ain", command.arg("ain").arg(&file))
    }

    fn start_part(
        &mut self,
        name: &str,
        mut command: Command,
        answers: impl Fn() -> Result<bool>,
    ) -> Result<()> {
        let part = self.instance.start(name, Signal::SIGTERM, &mut command)?;
        self.parts.push(part);
        wait_for(&format!("the start of {name}"), START_LIMIT, || {
            self.must_run()?;
            Ok(answers()?.then_some(()))
        })
    }

    /// Writes what both metrics listeners show beside the logs.
    fn keep_metrics(&self) -> Result<()> {
        let Configuration { health, metrics, .. } = self.configuration;
        for (name, address) in [("api-metrics", health), ("ingest-metrics", metrics)] {
            let shown = http::get(address, "/metrics").context("the metrics are not shown")?;
            fs::write(self.instance.log_of(name), shown)?;
        }
        Ok(())
    }

    fn must_run(&mut self) -> Result<()> {
        self.parts.iter_mut().try_for_each(Service::must_run)
    }

    fn introduce(&self, services: &Services) -> Result<()> {
        let configuration = &self.configuration;
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
            ("logs", self.instance.dir.join("log").display().to_string()),
        ] {
            println!("  {what:<17} {place}");
        }
        println!("\nThree calls to try in another terminal:");
        for call in calls_to_try(&self.program, configuration)? {
            println!("  {call}");
        }
        println!("\nCtrl-C stops everything.");
        stdout().flush().context("cannot write")
    }

    fn stay(&mut self, services: &mut Services) -> Result<ExitCode> {
        while !stop_requested() {
            services.must_run()?;
            self.must_run()?;
            thread::sleep(LOOK_AFTER);
        }
        eprintln!("Stopping");
        Ok(ExitCode::SUCCESS)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_cargos_messages() {
        let ours = r#"{"target":{"name":"persontjenesten"},"executable":"/t/persontjenesten"}"#;
        let library = r#"{"target":{"name":"api"},"executable":null}"#;
        assert_eq!(executable(ours), Some(PathBuf::from("/t/persontjenesten")));
        assert_eq!(executable(library), None);
        assert_eq!(executable("no JSON"), None);
    }
}
