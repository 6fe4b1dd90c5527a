//! `cargo xtask lab`: a Postgres and a Kafka that fail when they are told to. What runs elsewhere in
//! this checkout is left alone, so that a test may take its own services away from under a process.
//!
//! The first line of the output says where they are, as JSON; each command is answered with a line.

use std::io::{BufRead, Write, stdin, stdout};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use serde_json::json;

use crate::checkout::Checkout;
use crate::instance::{Instance, Service};
use crate::postgres::Durability;
use crate::{kafka, postgres, process, services, setup};

/// How often a request to stop is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Data that nobody needs afterwards; what a stopped server has told its clients is kept.
const DURABILITY: Durability = Durability::Throwaway;

/// Runs both until the input ends.
pub fn run(checkout: &Checkout) -> Result<ExitCode> {
    let instance = Instance::open(checkout, "lab")?;
    instance.stop_left_over()?;
    setup::ensure(checkout)?;
    let mut lab = Lab::start(checkout, &instance)?;
    say(&json!({ "database": lab.url, "kafka": lab.bootstrap }).to_string())?;
    let lines = lines();
    while let Some(line) = next(&lines)? {
        lab.obey(&line)?;
        say("done")?;
    }
    drop(lab);
    services::remove_data(checkout, &instance)?;
    Ok(ExitCode::SUCCESS)
}

struct Lab<'a> {
    checkout: &'a Checkout,
    instance: &'a Instance,
    url: String,
    bootstrap: String,
    postgres: Option<Service>,
    kafka: Option<Service>,
}

impl<'a> Lab<'a> {
    fn start(checkout: &'a Checkout, instance: &'a Instance) -> Result<Self> {
        let kafka = kafka::start(checkout, instance).context("Kafka")?;
        let postgres = postgres::start(checkout, instance, DURABILITY).context("Postgres")?;
        Ok(Self {
            checkout,
            instance,
            url: postgres.url,
            bootstrap: kafka.bootstrap,
            postgres: Some(postgres.service),
            kafka: Some(kafka.service),
        })
    }

    /// Both are stopped without a chance to finish anything: Postgres has to recover from its log,
    /// Kafka from its files.
    fn obey(&mut self, line: &str) -> Result<()> {
        match line.trim() {
            "stop postgres" => stop(&mut self.postgres, Signal::SIGQUIT),
            "stop kafka" => stop(&mut self.kafka, Signal::SIGKILL),
            "start postgres" if self.postgres.is_none() => {
                self.postgres = Some(postgres::start_again(self.instance, DURABILITY, &self.url)?);
            }
            "start kafka" if self.kafka.is_none() => {
                self.kafka = Some(kafka::start_again(self.checkout, self.instance)?);
            }
            other => {
                bail!("{other}: `stop` or `start`, and `postgres` or `kafka`, as they are not")
            }
        }
        Ok(())
    }
}

fn stop(service: &mut Option<Service>, signal: Signal) {
    if let Some(service) = service.take() {
        service.stop_by(signal);
    }
}

/// The lines of the input, from a thread of their own: reading cannot be interrupted.
fn lines() -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// None when there are no more.
fn next(lines: &Receiver<String>) -> Result<Option<String>> {
    loop {
        match lines.recv_timeout(LOOK_AGAIN) {
            Ok(line) => return Ok(Some(line)),
            Err(RecvTimeoutError::Timeout) => process::check()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}

fn say(line: &str) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).context("nobody listens")
}
