//! The one binary, `persontjenesten`: every role of the register as a subcommand.
//!
//! Composition only: what a role does is in the crate that it is named after.

mod command;
mod config;
mod shutdown;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::command::Command;

/// A document is read into many small values and gone a moment later, on several threads: the
/// system's allocator takes a tenth of ingest's time with that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The health sector's copy of the Norwegian National Population Register.
#[derive(Parser)]
#[command(name = "persontjenesten", version, about)]
struct Arguments {
    /// Configuration file (TOML). Every setting has a default or an environment variable;
    /// `persontjenesten config` prints them all with comments.
    #[arg(long, env = "PERSONTJENESTEN_CONFIG", global = true)]
    config: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("persontjenesten: no runtime could be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(command::run(command, config.as_deref())) {
        Ok(code) => code,
        Err(error) => {
            // The whole chain, once, on the error stream; logs may be JSON on the other.
            eprintln!("persontjenesten: {error:#}");
            ExitCode::FAILURE
        }
    }
}
