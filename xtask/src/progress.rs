//! What a person sees while something takes long: a spinner on a terminal, plain lines elsewhere.
//! All of it goes to standard error, so that standard output holds results only.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

/// Does one named step and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let spinner = stderr().is_terminal().then(|| spinner(what));
    if spinner.is_none() {
        eprintln!("{what} …");
    }
    let result = work();
    if let Some(spinner) = spinner {
        spinner.finish_and_clear();
    }
    let seconds = started.elapsed().as_secs_f32();
    let outcome = if result.is_ok() { "done" } else { "FAILED" };
    eprintln!("{what}: {outcome} ({seconds:.1} s)");
    result
}

/// Announces a step whose own output follows.
pub fn announce(what: &str) {
    eprintln!("── {what}");
}

fn spinner(what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let spinner = ProgressBar::new_spinner().with_style(style).with_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}
