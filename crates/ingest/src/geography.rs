//! Geography: the tables of where things lie, loaded from SSB and Kartverket into the store, and
//! from the store into memory.
//!
//! Read in this order: `update` (a load, step by step), `klass` and `archive` (where the tables come
//! from), `check` (what is refused), `persons` (who will change).

mod archive;
mod check;
mod download;
mod error;
mod klass;
mod persons;
mod progress;
mod report;
mod update;

use register::geography::{Builder, Geography};
use store::Store;

pub use check::Refusal;
pub use error::{ArchiveError, DownloadError, GeographyError};
pub use progress::{GeographyProgress, Progress, Step};
pub use report::{
    CityReport, GeographyReport, LeftOut, Outcome, PersonsReport, SourceReport, TableReport,
};
pub use update::{UpdateOptions, update};

/// Loads a stored version into memory: seconds for the whole country, so in the background.
///
/// # Errors
/// [`GeographyError::Missing`] where there is no such version, and what the store meets.
pub async fn load(store: &Store, version: i64) -> Result<Geography, GeographyError> {
    let mut builder = Builder::default();
    let rows = store.read_geography(version, |address| builder.address(&address)).await?;
    let rows = rows.ok_or(GeographyError::Missing { version })?;
    let built = tokio::task::spawn_blocking(move || {
        rows.add_to(&mut builder);
        builder.build().0
    });
    Ok(built.await?)
}
