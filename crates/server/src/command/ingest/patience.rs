//! Waiting for the writer to do what a command has asked it for.

use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio_util::sync::CancellationToken;

/// How often it is asked.
const POLL: Duration = Duration::from_millis(200);
/// How often progress is told.
const TELL: Duration = Duration::from_secs(5);
/// How long nothing may happen before the wait is given up; what was asked for stays asked for.
const LONGEST: Duration = Duration::from_secs(60);

/// What is waited for.
pub struct Patience {
    what: &'static str,
    total: usize,
}

impl Patience {
    /// So many things of a kind.
    pub fn new(what: &'static str, total: usize) -> Self {
        Self { what, total }
    }
}

/// Waits until nothing is left to be done, and tells how far it is. `ask` says how much is left,
/// and with it anything that the caller wants to know at the end.
///
/// # Errors
/// When `ask` fails, the command is stopped, or nothing happens for a minute.
pub async fn until_done<T>(
    patience: Patience,
    ask: impl AsyncFn() -> anyhow::Result<(usize, T)>,
    shutdown: &CancellationToken,
) -> anyhow::Result<T> {
    let Patience { what, total } = patience;
    let (mut last, mut moved, mut told) = (usize::MAX, Instant::now(), Instant::now());
    loop {
        let (left, answer) = ask().await?;
        if left == 0 {
            return Ok(answer);
        }
        if left != last {
            (last, moved) = (left, Instant::now());
        }
        ensure!(
            moved.elapsed() < LONGEST,
            "nothing happens: {left} of {total} {what} are left; it stays asked for, and is done \
             when `persontjenesten ingest` runs"
        );
        if told.elapsed() >= TELL {
            told = Instant::now();
            eprintln!("{what}: {} of {total} done", total.saturating_sub(left));
        }
        let stopped = shutdown.run_until_cancelled(tokio::time::sleep(POLL)).await.is_none();
        ensure!(!stopped, "stopped waiting; what was asked for stays asked for");
    }
}
