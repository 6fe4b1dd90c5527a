//! `cargo xtask clients`: clients made from the committed OpenAPI documents by two generators that
//! know nothing of each other, compiled, and run against the demo.
//!
//! What is generated, and what Maven and npm fetch for it, stays in `.local/clients`.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::checkout::Checkout;
use crate::demo::setting;
use crate::instance::Instance;
use crate::progress::step;
use crate::setup;

/// The programs that call the API, and the exact versions of the generators.
const JAVA: &str = "deploy/clients/java/pom.xml";
const TYPESCRIPT: &str = "deploy/clients/typescript";

/// Where the API is.
#[derive(Args)]
pub struct Options {
    /// The API's address; that of the running demo when left out.
    #[arg(long, requires = "issuer")]
    url: Option<String>,
    /// The address of the sandbox that plays HelseID; that of the running demo when left out.
    #[arg(long, requires = "url")]
    issuer: Option<String>,
}

/// Generates, compiles and runs, and fails with the first thing that does not work.
pub fn run(checkout: &Checkout, options: &Options) -> Result<ExitCode> {
    let instance = Instance::open(checkout, "clients")?;
    instance.stop_left_over()?;
    setup::install(checkout, setup::CLIENTS)?;
    let api = match &options.url {
        Some(url) => url.clone(),
        None => setting(checkout, "public_base_url")?,
    };
    let issuer = match &options.issuer {
        Some(issuer) => issuer.clone(),
        None => setting(checkout, "issuer")?,
    };
    let calls = Calls { checkout, instance: &instance, api, issuer };
    calls.java()?;
    calls.typescript()?;
    Ok(ExitCode::SUCCESS)
}

struct Calls<'a> {
    checkout: &'a Checkout,
    instance: &'a Instance,
    api: String,
    issuer: String,
}

impl Calls<'_> {
    fn java(&self) -> Result<()> {
        let maven = |goals: &[&str]| {
            let mut command = Command::new("mvn");
            command.args(["-q", "-B", "-f"]).arg(self.checkout.root.join(JAVA)).args(goals);
            command
        };
        step("Java: generating and compiling", || {
            self.instance.run_quietly("java", &mut maven(&["clean", "compile"]))
        })?;
        self.run("java", &mut maven(&["exec:java"]))
    }

    fn typescript(&self) -> Result<()> {
        let folder = self.instance.dir.join("typescript");
        copy(&self.checkout.root.join(TYPESCRIPT), &folder)?;
        let quietly = |name: &str, program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            self.instance.run_quietly(name, command.args(arguments).current_dir(&folder))
        };
        step("TypeScript: fetching the generator", || {
            quietly("npm", "npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        })?;
        step("TypeScript: generating and compiling", || {
            for version in ["v2", "v3"] {
                let document = format!("openapi/person-api-{version}.json");
                let document = self.checkout.root.join(document).display().to_string();
                let types = format!("{version}.ts");
                let program = "node_modules/.bin/openapi-typescript";
                quietly("generate", program, &[&document, "--output", &types])?;
            }
            quietly("tsc", "node_modules/.bin/tsc", &["--project", "."])
        })?;
        let mut command = Command::new("node");
        self.run("typescript", command.arg("built/clients.js").current_dir(&folder))
    }

    /// Runs a program that says itself what it has seen.
    fn run(&self, name: &str, command: &mut Command) -> Result<()> {
        command.env("API", &self.api).env("ISSUER", &self.issuer);
        let status = self.instance.run(name, command)?;
        ensure!(status.success(), "the client in {name} failed ({status})");
        Ok(())
    }
}

/// Copies the files of a folder. What else is in the other folder stays there.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).context("the program is gone")? {
        let path = entry?.path();
        if let Some(name) = path.file_name().filter(|_| path.is_file()) {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
