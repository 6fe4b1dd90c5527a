//! Postgres and Kafka together: kept running by `up`, or for one command only.

use std::fs;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::thread;

use anyhow::{Context, Result, anyhow};

use crate::checkout::{Checkout, remove, write_private};
use crate::instance::{Instance, Service};
use crate::postgres::Durability;
use crate::progress::step;
use crate::{kafka, postgres, setup};

/// The tests' database server: address of a superuser in any database.
pub const DATABASE: &str = "PERSONTJENESTEN_TEST_DATABASE_URL";
/// The tests' broker: `host:port`.
const KAFKA: &str = "PERSONTJENESTEN_TEST_KAFKA";

const UP: &str = "up";

/// Where services answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// With user and password.
    pub database: String,
    /// `host:port`.
    pub kafka: String,
}

impl Endpoints {
    /// Tells them to a command as tests read them.
    pub fn tell(&self, command: &mut Command) {
        command.env(DATABASE, &self.database).env(KAFKA, &self.kafka);
    }

    /// The password in the database's address; empty when there is none.
    pub fn database_password(&self) -> &str {
        let user = self.database.split_once('@').map_or("", |(before, _)| before);
        user.rsplit_once(':').map_or("", |(_, password)| password)
    }

    fn file_text(&self) -> String {
        format!("{DATABASE}={}\n{KAFKA}={}\n", self.database, self.kafka)
    }

    fn read(text: &str) -> Option<Self> {
        let value = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once('='));
            lines.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        };
        Some(Self { database: value(DATABASE)?, kafka: value(KAFKA)? })
    }
}

/// Services for as long as this lives.
pub struct Services {
    /// Where they answer.
    pub endpoints: Endpoints,
    /// What this command started itself; the last is stopped first.
    started: Vec<Service>,
    /// Held so that nobody stops what `up` started while it is used here.
    _up: Option<Instance>,
}

impl Services {
    fn of_others(endpoints: Endpoints, up: Option<Instance>) -> Self {
        Self { endpoints, started: Vec::new(), _up: up }
    }

    /// What was started here.
    pub fn started(&self) -> &[Service] {
        &self.started
    }

    /// Fails if one that was started here has ended by itself.
    pub fn must_run(&mut self) -> Result<()> {
        self.started.iter_mut().try_for_each(Service::must_run)
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        while let Some(service) = self.started.pop() {
            drop(service);
        }
    }
}

/// `cargo xtask up`.
pub fn up(checkout: &Checkout) -> Result<ExitCode> {
    let given = Given::read();
    if let Some(endpoints) = given.both() {
        println!("Nothing to start: the environment names both.\n{}", endpoints.file_text());
        return Ok(ExitCode::SUCCESS);
    }
    let instance = Instance::open(checkout, UP)?;
    if let Some(endpoints) = running(checkout, &instance, &given) {
        println!("Already up.\n{}", endpoints.file_text());
        return Ok(ExitCode::SUCCESS);
    }
    setup::ensure(checkout)?;
    let (endpoints, started) = start(checkout, &instance, Durability::Throwaway, given)?;
    write_private(&env_file(checkout), &endpoints.file_text())?;
    started.into_iter().for_each(Service::keep);
    println!("Up until `cargo xtask down`. Written to .local/services.env:");
    println!("{}", endpoints.file_text());
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask down`.
pub fn down(checkout: &Checkout) -> Result<ExitCode> {
    let instance = Instance::open(checkout, UP)?;
    remove(&env_file(checkout))?;
    let stopped = instance.stop_all()?;
    remove_data(checkout, &instance)?;
    println!("{}", if stopped == 0 { "Nothing was up." } else { "Down." });
    Ok(ExitCode::SUCCESS)
}

/// Services for tests: those that the environment names, else those of `up`, else new ones that
/// are stopped at the end.
pub fn for_tests(checkout: &Checkout, instance: &Instance) -> Result<Services> {
    let given = Given::read();
    if let Some(endpoints) = given.both() {
        return Ok(Services::of_others(endpoints, None));
    }
    if env_file(checkout).is_file() {
        let up = Instance::share(checkout, UP)?;
        if let Some(endpoints) = running(checkout, &up, &given) {
            eprintln!("Using the services of `cargo xtask up`");
            return Ok(Services::of_others(endpoints, Some(up)));
        }
    }
    let (endpoints, started) = start(checkout, instance, Durability::Throwaway, given)?;
    Ok(Services { endpoints, started, _up: None })
}

/// New services, whatever else there is, that are stopped at the end.
pub fn private(
    checkout: &Checkout,
    instance: &Instance,
    durability: Durability,
) -> Result<Services> {
    let (endpoints, started) = start(checkout, instance, durability, Given::nothing())?;
    Ok(Services { endpoints, started, _up: None })
}

/// Removes what stopped services leave on the disk.
pub fn remove_data(checkout: &Checkout, instance: &Instance) -> Result<()> {
    postgres::remove_data(checkout, instance)?;
    kafka::remove_data(instance)
}

/// What the environment names; the rest is ours to start.
struct Given {
    database: Option<String>,
    kafka: Option<String>,
}

impl Given {
    fn read() -> Self {
        let value = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self { database: value(DATABASE), kafka: value(KAFKA) }
    }

    fn nothing() -> Self {
        Self { database: None, kafka: None }
    }

    fn both(&self) -> Option<Endpoints> {
        Some(Endpoints { database: self.database.clone()?, kafka: self.kafka.clone()? })
    }
}

fn env_file(checkout: &Checkout) -> PathBuf {
    checkout.local().join("services.env")
}

/// What `up` wrote down, if all that it started still runs and answers and nothing else is given.
fn running(checkout: &Checkout, instance: &Instance, given: &Given) -> Option<Endpoints> {
    let endpoints = Endpoints::read(&fs::read_to_string(env_file(checkout)).ok()?)?;
    let Endpoints { database, kafka } = &endpoints;
    let has_database = match &given.database {
        Some(given) => given == database,
        None => instance.is_alive(postgres::SERVICE) && postgres::answers(database),
    };
    let has_kafka = match &given.kafka {
        Some(given) => given == kafka,
        None => instance.is_alive(kafka::SERVICE) && TcpStream::connect(kafka).is_ok(),
    };
    (has_database && has_kafka).then_some(endpoints)
}

/// Both at the same time: each mostly waits for itself.
fn start(
    checkout: &Checkout,
    instance: &Instance,
    durability: Durability,
    given: Given,
) -> Result<(Endpoints, Vec<Service>)> {
    instance.stop_left_over()?;
    let (postgres, kafka) = step("Starting Postgres and Kafka", || {
        thread::scope(|scope| {
            let kafka = scope.spawn(|| match given.kafka {
                Some(bootstrap) => Ok((bootstrap, None)),
                None => kafka::start(checkout, instance).map(|it| (it.bootstrap, Some(it.service))),
            });
            let postgres = match given.database {
                Some(url) => Ok((url, None)),
                None => postgres::start(checkout, instance, durability)
                    .map(|it| (it.url, Some(it.service))),
            };
            let kafka = kafka.join().map_err(|_| anyhow!("starting Kafka panicked"))?;
            Ok((postgres.context("Postgres")?, kafka.context("Kafka")?))
        })
    })?;
    let endpoints = Endpoints { database: postgres.0, kafka: kafka.0 };
    Ok((endpoints, [postgres.1, kafka.1].into_iter().flatten().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_for_tests_is_read_back() {
        let endpoints = Endpoints {
            database: "postgres://u:p@127.0.0.1:5/postgres?a=b".to_owned(),
            kafka: "127.0.0.1:6".to_owned(),
        };
        assert_eq!(endpoints.database_password(), "p");
        assert_eq!(Endpoints::read(&endpoints.file_text()), Some(endpoints));
        assert_eq!(Endpoints::read("PERSONTJENESTEN_TEST_KAFKA=only"), None);
    }
}
