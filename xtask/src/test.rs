//! `cargo xtask test` and `check`: everything that must hold before a change is taken in.

use std::fmt;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write, pipe, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::checkout::{Checkout, remove};
use crate::instance::Instance;
use crate::process::{cargo, exit_code, run};
use crate::progress::{announce, step};
use crate::services::{self, Services};
use crate::{layering, scan, setup, sqlx};

const FORMAT: &[&str] = &["fmt", "--all", "--", "--check"];
const LINTS: &[&str] = &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];

/// What a person chooses about the tests.
#[derive(Args)]
pub struct Options {
    /// Leave out format, lints and the comparison of the described queries.
    #[arg(long)]
    quick: bool,
    /// Let the tests of failures go on for long: hundreds of kills, a quarter of a million
    /// simulated histories.
    #[arg(long)]
    long: bool,
    /// Given to `cargo test`.
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// What makes tests that can be long be long.
const LONG: &[(&str, &str)] =
    &[("FAULT_KILLS", "200"), ("SIMULATION_SEEDS", "250000"), ("MASS_EVENTS", "200000")];

/// Sets up, checks, and runs every test.
pub fn test(checkout: &Checkout, options: &Options) -> Result<ExitCode> {
    let quick = options.quick;
    let instance = Instance::open(checkout, "test")?;
    instance.stop_left_over()?;
    setup::ensure(checkout)?;
    if !quick {
        must_pass("Format", FORMAT)?;
        must_pass("Lints", LINTS)?;
    }
    step("Layering", || layering::check(checkout))?;
    let services = services::for_tests(checkout, &instance)?;
    if !quick {
        let database = &services.endpoints.database;
        step("Committed queries", || sqlx::compare(checkout, &instance, database))?;
    }
    announce("Tests");
    let said = Said::empty(&instance)?;
    let outcome = run_tests(&instance, &services, &said, options);
    let passed = outcome.as_ref().is_ok_and(|code| *code == ExitCode::SUCCESS);
    // What a failed test says may hold what it compared.
    let searched = if passed { said.search(&services) } else { Ok(()) };
    drop(services);
    services::remove_data(checkout, &instance)?;
    searched.and(outcome)
}

/// Names to tests the folder in which they keep what they log.
const SAID: &str = "PERSONTJENESTEN_TEST_SAID";

/// Everything that a test run says, kept to be searched.
struct Said {
    folder: PathBuf,
}

impl Said {
    fn empty(instance: &Instance) -> Result<Self> {
        let folder = instance.dir.join("said");
        remove(&folder)?;
        fs::create_dir_all(&folder).context("cannot write in the checkout")?;
        Ok(Self { folder })
    }

    fn file(&self, name: &str) -> Result<File> {
        File::create(self.folder.join(name)).context("cannot keep what the tests say")
    }

    fn search(&self, services: &Services) -> Result<()> {
        let password = services.endpoints.database_password();
        scan::folder(&self.folder, &[("the database's password", password)])
    }
}

/// What needs no services: format, lints, layering, and what is generated and committed.
pub fn check(checkout: &Checkout) -> Result<ExitCode> {
    must_pass("Format", FORMAT)?;
    must_pass("Lints", LINTS)?;
    step("Layering", || layering::check(checkout))?;
    must_pass("Rules of the house", &["test", "-q", "-p", "xtask"])?;
    must_pass("OpenAPI", &["test", "-q", "-p", "api", "openapi"])?;
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask openapi`: writes the committed documents anew.
pub fn write_openapi() -> Result<ExitCode> {
    let mut command = cargo();
    command.args(["test", "-q", "-p", "api", "openapi"]).env("UPDATE_OPENAPI", "1");
    Ok(exit_code(run(&mut command)?))
}

fn must_pass(what: &str, arguments: &[&str]) -> Result<()> {
    announce(what);
    let status = run(cargo().args(arguments))?;
    if !status.success() {
        bail!("{what}: `cargo {}` failed", arguments.join(" "));
    }
    Ok(())
}

/// Shows what the test runner says as it says it, and closes with the sum of all its summaries.
fn run_tests(
    instance: &Instance,
    services: &Services,
    kept: &Said,
    Options { arguments, long, .. }: &Options,
) -> Result<ExitCode> {
    let (said, saying) = pipe().context("no pipe")?;
    let (warned, warning) = pipe().context("no pipe")?;
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]).stdout(saying).stderr(warning);
    command.env(SAID, &kept.folder);
    // What a person has set holds.
    let lengths = LONG.iter().filter(|(name, _)| *long && std::env::var_os(name).is_none());
    command.envs(lengths.copied());
    if !arguments.iter().any(|argument| names_a_package(argument)) {
        command.arg("--workspace");
    }
    services.endpoints.tell(command.args(arguments));
    let (out, err) = (kept.file("stdout.log")?, kept.file("stderr.log")?);
    let copying = thread::spawn(move || copy_and_count(BufReader::new(said), Both(stdout(), out)));
    let warnings =
        thread::spawn(move || copy_and_count(BufReader::new(warned), Both(stderr(), err)));
    let status = instance.run("cargo-test", &mut command)?;
    // It holds our end of the pipe, which must be closed before the copy can end.
    drop(command);
    warnings.join().ok().context("reading the tests' warnings panicked")??;
    let counts = copying.join().ok().context("reading the test runner's output panicked")??;
    if counts.total() > 0 {
        println!("\n{counts}");
    } else if status.success() && arguments.is_empty() {
        bail!("no test was run");
    }
    Ok(exit_code(status))
}

fn names_a_package(argument: &str) -> bool {
    argument == "-p" || argument.starts_with("--package") || argument.starts_with("-p=")
}

fn copy_and_count(said: impl BufRead, mut out: impl Write) -> Result<Counts> {
    let mut counts = Counts::default();
    for line in said.split(b'\n') {
        let line = line?;
        out.write_all(&line)?;
        out.write_all(b"\n")?;
        out.flush()?;
        counts.add(&String::from_utf8_lossy(&line));
    }
    Ok(counts)
}

/// Writes to two places.
struct Both<A, B>(A, B);

impl<A: Write, B: Write> Write for Both<A, B> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write_all(bytes)?;
        self.1.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Sums of the test runner's summaries.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Counts {
    /// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`, and no other line.
    fn add(&mut self, line: &str) {
        let Some(result) = line.strip_prefix("test result: ") else {
            return;
        };
        for part in result.split(['.', ';']) {
            let Some((number, what)) = part.trim().split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }

    fn total(&self) -> u64 {
        self.passed + self.failed
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_summed() {
        let said = "running 3 tests\ntest a ... ok\n\n\
            test result: FAILED. 1 passed; 2 failed; 3 ignored; 0 measured; 4 filtered out; \
            finished in 0.50s\n\
            test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; \
            finished in 1.00s\n";
        let mut shown = Vec::new();
        let counts = copy_and_count(said.as_bytes(), &mut shown).unwrap();
        assert_eq!(shown, said.as_bytes());
        assert_eq!(counts, Counts { passed: 11, failed: 2, skipped: 3 });
        assert_eq!(counts.to_string(), "11 passed, 2 failed, 3 skipped");
    }

    #[test]
    fn a_package_is_recognised() {
        assert!(names_a_package("-p") && names_a_package("--package=api"));
        assert!(!names_a_package("person"));
    }
}
