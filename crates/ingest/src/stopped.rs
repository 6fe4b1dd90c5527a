//! Halves of ingest that end for good: everybody who may ask is told, nobody else stops for it, and
//! what somebody can mend from outside is tried again.
//!
//! A process that ended instead would take with it what goes well, and its metrics too.

use std::collections::BTreeMap;
use std::error::Error;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::apply::ApplyError;
use crate::error::{IngestError, chain};
use crate::metrics;

/// How long to wait before a half is tried again.
const PAUSE: Duration = Duration::from_secs(15);
/// A half that has gone on for so long goes on: before, what stopped it may stop it again.
const PROVEN: Duration = Duration::from_secs(30);

/// A kind of fault that does not pass by itself.
#[derive(Debug)]
pub struct Reason {
    /// Its name in metrics, logs and the table of what has stopped.
    pub name: &'static str,
    /// What an operator does about it.
    pub to_do: &'static str,
    /// Whether the half is tried again. Where that would let the fault through bit by bit, it waits
    /// for a person to restart the process.
    again: bool,
}

const fn reason(name: &'static str, to_do: &'static str) -> Reason {
    Reason { name, to_do, again: true }
}

static FEED_TOO_OLD: Reason = reason(
    "feed_too_old",
    "run `persontjenesten bulk --force-new` beside it; collecting then goes on by itself",
);
static SOURCE_REFUSES: Reason = reason("source_refuses", "`persontjenesten doctor` says why");
static RECORDS_GONE: Reason = reason("records_gone", "docs/ingest.md, Records that are gone");
static RESTORED: Reason = reason("restored", "docs/ingest.md, After a restore");
static TOO_MANY_PARKED: Reason = Reason {
    name: "too_many_parked",
    to_do: "docs/ingest.md, Too much at once; then restart ingest",
    again: false,
};
static DATABASE_REFUSES: Reason = reason("database_refuses", "`persontjenesten doctor` says why");
static KEYS: Reason = reason("keys", "are [keys] those that it was sealed with? `doctor` looks");
static FAULT: Reason =
    reason("fault", "a fault of ours: tell whoever maintains it; the log has it");

static REASONS: [&Reason; 8] = [
    &FEED_TOO_OLD,
    &SOURCE_REFUSES,
    &RECORDS_GONE,
    &RESTORED,
    &TOO_MANY_PARKED,
    &DATABASE_REFUSES,
    &KEYS,
    &FAULT,
];

impl Reason {
    /// The kind with this name.
    pub fn named(name: &str) -> Option<&'static Reason> {
        REASONS.into_iter().find(|reason| reason.name == name)
    }
}

/// An error that ends a half for good.
pub trait Stops: Error {
    /// Which kind it is.
    fn reason(&self) -> &'static Reason;
}

impl Stops for IngestError {
    fn reason(&self) -> &'static Reason {
        match self {
            Self::TooOld { .. } => &FEED_TOO_OLD,
            Self::Source(_) => &SOURCE_REFUSES,
            Self::Store(error) => of_store(error),
            Self::Record(_) => &KEYS,
            _ => &FAULT,
        }
    }
}

impl Stops for ApplyError {
    fn reason(&self) -> &'static Reason {
        match self {
            Self::RecordsGone { .. } | Self::Plan(_) => &RECORDS_GONE,
            Self::Restored { .. } => &RESTORED,
            Self::TooManyParked { .. } => &TOO_MANY_PARKED,
            Self::Store(error) => of_store(error),
            Self::Record { .. } | Self::Seal(_) => &KEYS,
            _ => &FAULT,
        }
    }
}

fn of_store(error: &StoreError) -> &'static Reason {
    match error {
        StoreError::Refused(_) => &DATABASE_REFUSES,
        _ => &FAULT,
    }
}

/// The halves of this process that have ended for good.
#[derive(Clone, Default)]
pub struct Standing(Arc<Mutex<BTreeMap<&'static str, &'static Reason>>>);

impl Standing {
    /// Each of them with the reason, as `apply: records_gone`.
    pub fn stopped(&self) -> Vec<String> {
        let stopped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stopped.iter().map(|(task, reason)| format!("{task}: {}", reason.name)).collect()
    }

    fn set(&self, task: &'static str, reason: Option<&'static Reason>) {
        let mut stopped = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = match reason {
            Some(reason) => stopped.insert(task, reason),
            None => stopped.remove(task),
        };
        if let Some(before) = before {
            metrics::stopped(task, before.name, false);
        }
        if let Some(reason) = reason {
            metrics::stopped(task, reason.name, true);
        }
    }
}

/// A half of ingest, and who is told of it.
pub struct Half<'a> {
    /// Its name.
    pub task: &'static str,
    /// Where whoever asks for the status is told.
    pub store: &'a Store,
    /// Where this process is told.
    pub standing: &'a Standing,
}

impl Half<'_> {
    /// Does `work` until shutdown is asked for, also after it has ended for good.
    pub async fn keep<E: Stops, W: Future<Output = Result<(), E>>>(
        self,
        shutdown: &CancellationToken,
        work: impl Fn() -> W,
    ) {
        let mut told = String::new();
        loop {
            let mut work = pin!(work());
            let outcome = match tokio::time::timeout(PROVEN, &mut work).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    told.clear();
                    tokio::join!(work, self.goes_on()).0
                }
            };
            let Err(error) = outcome else { return };
            let pause = match self.stops(&error, &mut told).await {
                Reason { again: true, .. } => tokio::time::sleep(PAUSE),
                // For ever.
                Reason { again: false, .. } => tokio::time::sleep(Duration::MAX),
            };
            if shutdown.run_until_cancelled(pause).await.is_none() {
                return;
            }
        }
    }

    async fn goes_on(&self) {
        self.standing.set(self.task, None);
        if let Err(error) = self.store.note_going(self.task).await {
            tracing::debug!(error = chain(&error), "the store was not told that a task goes on");
        }
    }

    /// Tells it once, however often it stops again.
    async fn stops<E: Stops>(&self, error: &E, told: &mut String) -> &'static Reason {
        let (task, reason, error) = (self.task, error.reason(), chain(&error));
        if *told != error {
            tracing::error!(task, reason = reason.name, error, to_do = reason.to_do, "STOPPED");
        }
        self.standing.set(task, Some(reason));
        if let Err(error) = self.store.note_stopped(task, reason.name, &error).await {
            tracing::debug!(error = chain(&error), "the store was not told that a task stopped");
        }
        *told = error;
        reason
    }
}
