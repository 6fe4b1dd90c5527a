//! `cargo xtask dictionary`: fills a register with the sandbox's persons, everything on, and trains
//! on what it holds.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use crate::checkout::Checkout;
use crate::instance::Instance;
use crate::postgres::Durability;
use crate::process::{exit_code, wait_for};
use crate::progress::{announce, step};
use crate::register::{self, Population, Profile, Register, http};
use crate::{services, setup};

/// Enough that what is seldom is met, few enough to be quick.
const PERSONS: u64 = 20_000;

/// Nearly everybody has contact details, or has said that there are none.
const WITH_CONTACTS: f64 = 0.9 * PERSONS as f64;
const CONTACTS_LIMIT: Duration = Duration::from_secs(300);

/// Trains dictionaries of a new version.
pub fn train(checkout: &Checkout, version: u32) -> Result<ExitCode> {
    let instance = Instance::open(checkout, "dictionary")?;
    setup::ensure(checkout)?;
    let program = register::build(&instance, Profile::Dev)?;
    let services = services::private(checkout, &instance, Durability::Throwaway)?;
    let population = Population { persons: PERSONS, seed: 1, changes_per_second: 0.0 };
    let mut register =
        Register::start(checkout, &instance, &program, &services, &population, |register| {
            register.start_ingest()
        })?;
    step("Loading geography", || register.load_geography())?;
    announce(&format!("Loading {PERSONS} persons"));
    register.load(&[])?;
    step("Waiting for contact details", || {
        let metrics = register.configuration.metrics;
        wait_for("the last contact details", CONTACTS_LIMIT, || {
            register.must_run()?;
            let applied = http::metric(metrics, "register_ingest_apply_contacts_total")?;
            Ok((applied >= WITH_CONTACTS).then_some(()))
        })
    })?;
    let mut command = register.command("dictionary");
    command.args(["--version", &version.to_string()]);
    command.arg("--folder").arg(checkout.root.join("crates/store/dictionaries"));
    let status = instance.run("dictionary", &mut command)?;
    drop(register);
    drop(services);
    services::remove_data(checkout, &instance)?;
    Ok(exit_code(status))
}
