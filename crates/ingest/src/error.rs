//! Why collecting or loading ended before it was asked to.

use std::error::Error;

use rdkafka::error::KafkaError;
use store::StoreError;

use crate::call::CallError;
use crate::kafka::PublishError;
use crate::record::RecordError;

/// What ends a run. Faults that pass (FREG away, the broker or the database restarting) are waited
/// for and do not come out of a run.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// A source cannot be called, or no longer as we call it.
    #[error("the source cannot be used")]
    Source(#[source] CallError),
    /// FREG has deleted the events from the cursor on, so the feed alone can never catch up.
    #[error(
        "FREG no longer delivers the events from {next_sequence} on: load the register again with \
         `persontjenesten bulk --force-new`"
    )]
    TooOld {
        /// The first sequence that has not been collected.
        next_sequence: i64,
    },
    /// FREG has deleted an extract before all of it was read.
    #[error("FREG no longer has the extract: run the comparison again")]
    ExtractGone,
    /// Another process works on the same bulk load.
    #[error("another process has gone on with this bulk load")]
    Superseded,
    /// The database refused.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The broker refused.
    #[error("Kafka failed")]
    Kafka(#[from] KafkaError),
    /// The broker did not take records.
    #[error("records could not be published")]
    Publish(#[from] PublishError),
    /// A record cannot be sealed with the keys of this process.
    #[error("a record cannot be sealed")]
    Record(#[from] RecordError),
    /// A worker thread died.
    #[error("a worker thread stopped")]
    Worker(#[from] tokio::task::JoinError),
    /// The run was asked to stop before it had come to its end.
    #[error("stopped before the end")]
    Stopped,
}

impl From<CallError> for IngestError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Stopped => IngestError::Stopped,
            error => IngestError::Source(error),
        }
    }
}

impl IngestError {
    /// True when starting again from what the store holds may help; nothing is lost by it.
    pub(crate) fn passes(&self) -> bool {
        match self {
            IngestError::Store(error) => {
                error.is_retryable()
                    || matches!(error, StoreError::CommitUnknown(_) | StoreError::Fenced)
            }
            IngestError::Kafka(_) | IngestError::Publish(_) => true,
            _ => false,
        }
    }
}

/// The texts of an error and of all that lie behind it, for one log line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
