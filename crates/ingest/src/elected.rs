//! Work that one process at a time does, however many are started.

use std::time::Duration;

use store::{Election, Store, StoreError, WriterLock};
use tokio_util::sync::CancellationToken;

use crate::error::{IngestError, chain};
use crate::retry;

/// How long to wait before trying again to be elected.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause after a fault of ours that passes.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Does `work` whenever this process is elected for `lock`, until shutdown is asked for; `task`
/// names the work in the log. What ends the work and passes is waited out, then elections go on.
///
/// # Errors
/// A fault that does not pass.
pub(crate) async fn run<W: Future<Output = Result<(), IngestError>>>(
    store: &Store,
    lock: WriterLock,
    task: &'static str,
    shutdown: &CancellationToken,
    work: impl Fn(Election) -> W,
) -> Result<(), IngestError> {
    let (mut failures, mut waiting) = (0, false);
    loop {
        let pause = match if_elected(store, lock, task, &mut waiting, &work).await {
            Ok(()) => {
                failures = 0;
                PAUSE
            }
            Err(IngestError::Stopped) => return Ok(()),
            Err(error) if error.passes() => {
                failures += 1;
                let error = chain(&error);
                tracing::warn!(error, task, "starting again from the stored cursors");
                retry::pause(failures, retry::jitter(), None, PAUSE_MAX)
            }
            Err(error) => return Err(error),
        };
        if shutdown.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return Ok(());
        }
    }
}

/// Takes the place of those who apply and collect, so that nobody of them begins meanwhile.
///
/// # Errors
/// [`Busy`]: what a process is doing, or the store.
pub(crate) async fn in_place_of_all(store: &Store) -> Result<Vec<Election>, Busy> {
    let mut elections = Vec::new();
    for (lock, what) in [(WriterLock::Apply, "applying"), (WriterLock::Collect, "collecting")] {
        let election = store.elect_writer(lock).await?;
        elections.push(election.ok_or(Busy::With(what))?);
    }
    Ok(elections)
}

/// Why nobody can stand aside for a command.
#[derive(Debug, thiserror::Error)]
pub enum Busy {
    /// Somebody works with the register.
    #[error("a process is {0} with this database: stop all of ingest first")]
    With(&'static str),
    /// Postgres.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// Ends when another process may have been elected, or shutdown is asked for.
///
/// # Errors
/// Always: that is how it ends.
pub(crate) async fn hold(
    mut election: Election,
    shutdown: &CancellationToken,
) -> Result<(), IngestError> {
    while election.still_held().await {
        if shutdown.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
            return Err(IngestError::Stopped);
        }
    }
    Err(StoreError::Fenced.into())
}

async fn if_elected<W: Future<Output = Result<(), IngestError>>>(
    store: &Store,
    lock: WriterLock,
    task: &'static str,
    waiting: &mut bool,
    work: &impl Fn(Election) -> W,
) -> Result<(), IngestError> {
    let Some(election) = store.elect_writer(lock).await? else {
        if !std::mem::replace(waiting, true) {
            tracing::info!(task, "another process is at it; waiting");
        }
        return Ok(());
    };
    *waiting = false;
    tracing::info!(task, "this process is at it");
    work(election).await
}
