//! The register on this machine: the sources, the API and ingest, each a process of the server.

mod configuration;
pub mod http;

use std::fs;
use std::io::{BufRead, BufReader, pipe, stderr};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::checkout::Checkout;
use crate::instance::{Instance, Service};
use crate::process::{cargo, wait_for};
use crate::progress::{announce, step};
use crate::services::Services;
pub use configuration::Configuration;

/// How long a part of the server may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Where the sandbox tells what our client at Maskinporten needs.
const CLIENT_PATH: &str = "/sandbox/maskinporten-client";

/// Where the sandbox has what the service of felles hjelpenummer would write.
const AIN_PATH: &str = "/sandbox/ain";

/// Tries with other ports when one of ours was taken before the server had it.
const TRIES: u32 = 3;

/// How the server is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to compile: the one that tests use.
    Dev,
    /// As it is delivered.
    Release,
}

/// Whom the sandbox knows, and what happens to them.
pub struct Population {
    /// How many persons.
    pub persons: u64,
    /// All of it follows from this number.
    pub seed: u64,
    /// Changes that happen by themselves.
    pub changes_per_second: f64,
}

/// Builds the server and returns where cargo put it.
pub fn build(instance: &Instance, profile: Profile) -> Result<PathBuf> {
    announce("Building the server (the first time takes some minutes)");
    let (said, saying) = pipe().context("no pipe")?;
    let mut command = cargo();
    command.args(["build", "-p", "server", "--message-format=json-render-diagnostics"]);
    command.args((profile == Profile::Release).then_some("--release"));
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
pub struct Register<'a> {
    /// Where they and their logs are written down.
    pub instance: &'a Instance,
    /// The server.
    pub program: PathBuf,
    /// Where everything is.
    pub configuration: Configuration,
    /// In the order in which they were started.
    parts: Vec<Service>,
}

impl Drop for Register<'_> {
    fn drop(&mut self) {
        while let Some(last) = self.parts.pop() {
            drop(last);
        }
    }
}

impl<'a> Register<'a> {
    /// Starts the sources, makes an empty database, and starts what `more` adds.
    pub fn start(
        checkout: &Checkout,
        instance: &'a Instance,
        program: &Path,
        services: &Services,
        population: &Population,
        more: impl Fn(&mut Self) -> Result<()>,
    ) -> Result<Self> {
        for last in (0..TRIES).rev() {
            let configuration = Configuration::write(checkout, instance, &services.endpoints)?;
            let program = program.to_owned();
            let mut register = Self { instance, program, configuration, parts: Vec::new() };
            let started = register.start_sources(population).and_then(|()| more(&mut register));
            match started {
                Ok(()) => return Ok(register),
                Err(_) if last > 0 && register.parts.iter().any(Service::lost_its_port) => {}
                Err(error) => return Err(error),
            }
        }
        bail!("no free ports")
    }

    fn start_sources(&mut self, population: &Population) -> Result<()> {
        let sandbox = self.configuration.sandbox;
        let mut command = self.command("sandbox");
        command.args(["--listen", &sandbox.to_string()]);
        command.args(["--public-url", &self.configuration.sandbox_url()]);
        command.args(["--persons", &population.persons.to_string()]);
        command.args(["--seed", &population.seed.to_string()]);
        command.args(["--changes-per-second", &population.changes_per_second.to_string()]);
        step("Starting the sandbox (FREG, KRR, SSB, Kartverket, Maskinporten, HelseID)", || {
            self.start_part("sandbox", command, || listens(sandbox))
        })?;
        self.configuration.write_client_key(&http::get(sandbox, CLIENT_PATH)?)?;
        step("Preparing the database", || {
            self.instance.run_quietly("migrate", &mut self.command("migrate"))
        })
    }

    /// Starts the API.
    pub fn start_api(&mut self) -> Result<()> {
        let health = self.configuration.health;
        let command = self.command("api");
        step("Starting the API", || {
            self.start_part("api", command, || Ok(http::get(health, "/health/live").is_ok()))
        })
    }

    /// Starts all of ingest.
    pub fn start_ingest(&mut self) -> Result<()> {
        let metrics = self.configuration.metrics;
        let command = self.command("ingest");
        step("Starting ingest", || self.start_part("ingest", command, || listens(metrics)))
    }

    /// Starts one half of ingest, with its metrics at an address of its own.
    pub fn start_half(&mut self, half: &str, metrics: SocketAddr) -> Result<()> {
        let mut command = self.command("ingest");
        command.arg(half).env("PERSONTJENESTEN__METRICS__LISTEN", metrics.to_string());
        self.start_part(half, command, || listens(metrics))
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

    /// A part that was started.
    pub fn part(&self, name: &str) -> Result<&Service> {
        let part = self.parts.iter().find(|part| part.name == name);
        part.with_context(|| format!("{name} was not started"))
    }

    /// All that were started.
    pub fn parts(&self) -> &[Service] {
        &self.parts
    }

    /// Fails if a part has ended by itself.
    pub fn must_run(&mut self) -> Result<()> {
        self.parts.iter_mut().try_for_each(Service::must_run)
    }

    /// One of the server's commands, told where everything is.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(name).env("PERSONTJENESTEN_CONFIG", &self.configuration.file);
        command
    }

    /// Districts and addresses first, so that nobody has to be rendered twice.
    pub fn load_geography(&self) -> Result<()> {
        let mut command = self.command("ingest");
        self.instance.run_quietly("geography", command.arg("geography"))
    }

    /// Loads everybody, and writes what was done to a file. The command shows its own progress;
    /// standard output is kept for results.
    pub fn load(&mut self, arguments: &[&str]) -> Result<PathBuf> {
        let report = self.instance.dir.join("bulk.json");
        let mut bulk = self.command("bulk");
        bulk.args(arguments).arg("--report").arg(&report).stdout(stderr());
        if !self.instance.run("bulk", &mut bulk)?.success() {
            self.must_run()?;
            bail!("bulk failed; the logs are in {}", self.instance.dir.join("log").display());
        }
        Ok(report)
    }

    /// The service that gives the numbers out is outside, and so in the sandbox; it cannot reach the
    /// topic by itself.
    pub fn publish_alternates(&self) -> Result<()> {
        let records = http::get(self.configuration.sandbox, AIN_PATH)?;
        let file = self.instance.dir.join("ain.ndjson");
        fs::write(&file, records)?;
        let mut command = self.command("ingest");
        self.instance.run_quietly("ain", command.arg("ain").arg(&file))
    }

    /// Writes what both metrics listeners show beside the logs.
    pub fn keep_metrics(&self) -> Result<()> {
        let Configuration { health, metrics, .. } = self.configuration;
        for (name, address) in [("api-metrics", health), ("ingest-metrics", metrics)] {
            let shown = http::get(address, "/metrics").context("the metrics are not shown")?;
            fs::write(self.instance.log_of(name), shown)?;
        }
        Ok(())
    }
}

fn listens(address: SocketAddr) -> Result<bool> {
    Ok(TcpStream::connect(address).is_ok())
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
