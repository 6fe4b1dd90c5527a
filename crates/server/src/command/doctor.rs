//! `doctor`: looks at everything that the register needs, says what is wrong and what to do.
//!
//! Each check is a row: its name, what it looks at, and how. All of them run side by side, each for
//! a limited time, so that one silent server neither hides nor delays what the others find.

mod broker;
mod clock;
mod configuration;
mod database;
mod disk;
mod finding;
mod geography;
mod issuer;
mod krr;
mod patient;
mod sources;

use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use futures_util::future::join_all;
use serde_json::{Value, json};

use self::finding::{Finding, Severity, worst};
use self::patient::Patient;

/// How to look.
#[derive(Args)]
#[command(after_help = "Exit codes: 0 nothing is wrong, 1 there are warnings, 2 something fails.")]
pub struct DoctorArguments {
    /// The findings as one JSON object.
    #[arg(long)]
    json: bool,
    /// How long each check may take, in seconds. All run at the same time.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout_s: u64,
}

type Findings<'a> = Pin<Box<dyn Future<Output = Vec<Finding>> + Send + 'a>>;

/// A row of the table.
struct Check {
    name: &'static str,
    looks_at: &'static str,
    run: for<'a> fn(&'a Patient) -> Findings<'a>,
}

const CHECKS: &[Check] = &[
    Check {
        name: "configuration",
        looks_at: "unknown and unusable settings, missing secrets, insecure values",
        run: |patient| Box::pin(async { configuration::look(patient) }),
    },
    Check {
        name: "database",
        looks_at: "Postgres is reached, its version, whether it takes writes",
        run: |patient| Box::pin(database::primary(patient)),
    },
    Check {
        name: "replicas",
        looks_at: "every replica is reached and keeps up",
        run: |patient| Box::pin(database::replicas(patient)),
    },
    Check {
        name: "migrations",
        looks_at: "the schema is this version's",
        run: |patient| Box::pin(database::migrations(patient)),
    },
    Check {
        name: "dictionaries",
        looks_at: "what is stored was compressed with dictionaries that this binary has",
        run: |patient| Box::pin(database::dictionaries(patient)),
    },
    Check {
        name: "register",
        looks_at: "the bulk load is done and no person is parked",
        run: |patient| Box::pin(database::register(patient)),
    },
    Check {
        name: "geography",
        looks_at: "it is loaded, not too old, and every unit with a district is served",
        run: |patient| Box::pin(geography::look(patient)),
    },
    Check {
        name: "broker",
        looks_at: "Kafka is reached",
        run: |patient| Box::pin(broker::broker(patient)),
    },
    Check {
        name: "topics",
        looks_at: "our topics: partitions, retention, compression, and the records we still need",
        run: |patient| Box::pin(broker::topics(patient)),
    },
    Check {
        name: "issuer",
        looks_at: "HelseID's metadata are there and name the issuer as we do",
        run: |patient| Box::pin(issuer::metadata(patient)),
    },
    Check {
        name: "keys",
        looks_at: "HelseID's keys can be read and verify what we accept",
        run: |patient| Box::pin(issuer::keys(patient)),
    },
    Check {
        name: "sources",
        looks_at: "Maskinporten gives tokens, FREG and KRR answer, how far we have read",
        run: |patient| Box::pin(sources::look(patient)),
    },
    Check {
        name: "clock",
        looks_at: "our clock against HelseID's and the database's",
        run: |patient| Box::pin(clock::look(patient)),
    },
    Check {
        name: "disk",
        looks_at: "free space here, and under Postgres when it is on this machine",
        run: |patient| Box::pin(disk::look(patient)),
    },
];

/// A row and what it found.
struct Outcome {
    check: &'static Check,
    findings: Vec<Finding>,
    took: Duration,
}

/// Runs every check, whatever the others find, and tells all.
///
/// # Errors
/// None of its own: what cannot be looked at is a finding.
pub async fn run(arguments: DoctorArguments, file: Option<&Path>) -> anyhow::Result<ExitCode> {
    let patient = Patient::read(file);
    let limit = Duration::from_secs(arguments.timeout_s);
    let outcomes = join_all(CHECKS.iter().map(|check| examine(check, &patient, limit))).await;
    let severity = worst(outcomes.iter().flat_map(|outcome| &outcome.findings));
    if arguments.json {
        println!("{:#}", as_json(&outcomes, severity));
    } else {
        print!("{}", as_text(&outcomes, severity));
    }
    Ok(ExitCode::from(severity.exit_code()))
}

async fn examine(check: &'static Check, patient: &Patient, limit: Duration) -> Outcome {
    let started = Instant::now();
    let findings = tokio::time::timeout(limit, (check.run)(patient)).await;
    let findings = findings.unwrap_or_else(|_| {
        let what =
            format!("no end after {} s: somebody accepts and does not answer", limit.as_secs());
        vec![Finding::failure(what, "look at the network and the load of what this check needs")]
    });
    Outcome { check, findings, took: started.elapsed() }
}

fn as_json(outcomes: &[Outcome], severity: Severity) -> Value {
    let finding = |finding: &Finding| {
        let Finding { severity, what, to_do } = finding;
        json!({ "severity": severity.name(), "what": what, "toDo": to_do })
    };
    let check = |outcome: &Outcome| {
        json!({
            "name": outcome.check.name,
            "looksAt": outcome.check.looks_at,
            "severity": worst(&outcome.findings).name(),
            "tookMs": outcome.took.as_millis() as u64,
            "findings": outcome.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    };
    json!({
        "severity": severity.name(),
        "checks": outcomes.iter().map(check).collect::<Vec<_>>(),
    })
}

fn as_text(outcomes: &[Outcome], severity: Severity) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let mut name = outcome.check.name;
        for Finding { severity, what, to_do } in &outcome.findings {
            text += &format!("{:<8} {name:<14} {what}\n", severity.name());
            if let Some(to_do) = to_do {
                text += &format!("{:24}→ {to_do}\n", "");
            }
            name = "";
        }
    }
    let count = |wanted: Severity| {
        let found = outcomes.iter().filter(|outcome| worst(&outcome.findings) == wanted);
        found.count()
    };
    text + &format!(
        "\n{} checks: {} ok, {} with warnings, {} failed: {}\n",
        outcomes.len(),
        count(Severity::Ok),
        count(Severity::Warning),
        count(Severity::Failure),
        severity.verdict()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_check_that_never_ends_is_ended_and_said_so() {
        const STUCK: Check =
            Check { name: "stuck", looks_at: "nothing", run: |_| Box::pin(std::future::pending()) };
        let patient = Patient::read(None);
        let outcome = examine(&STUCK, &patient, Duration::from_millis(20)).await;
        assert_eq!(worst(&outcome.findings), Severity::Failure);
        let text = as_text(&[outcome], Severity::Failure);
        assert!(text.starts_with("failure  stuck") && text.contains("1 failed"), "{text}");
    }

    #[test]
    fn every_check_has_a_name_of_its_own() {
        let names: std::collections::HashSet<_> = CHECKS.iter().map(|check| check.name).collect();
        assert_eq!(names.len(), CHECKS.len());
    }
}
