//! Doing something unless the run is asked to stop first.

use tokio_util::sync::CancellationToken;

use crate::error::IngestError;

/// Does `work`, or drops it half done when `shutdown` is asked for.
pub(crate) async fn unless_stopped<T, E: Into<IngestError>>(
    shutdown: &CancellationToken,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, IngestError> {
    match shutdown.run_until_cancelled(work).await {
        Some(outcome) => outcome.map_err(Into::into),
        None => Err(IngestError::Stopped),
    }
}
