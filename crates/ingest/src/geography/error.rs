//! Why geography cannot be loaded.

use std::io;
use std::path::PathBuf;

use sources::kartverket::AddressFileError;
use sources::ssb::KlassError;
use store::StoreError;
use zip::result::ZipError;

/// What ends a load. No text here quotes a file. What cannot be read as a whole cannot be forced
/// either.
#[derive(Debug, thiserror::Error)]
pub enum GeographyError {
    /// A version that is not stored, or no longer.
    #[error("version {version} of the geography is not stored")]
    Missing {
        /// Its id.
        version: i64,
    },
    /// Another process is loading geography.
    #[error("another process is loading geography: wait until it is done")]
    Busy,
    /// An exception in the configuration cannot be used.
    #[error("the configuration cannot be used: {0}")]
    Configuration(String),
    /// The HTTP client could not be made.
    #[error("the HTTP client could not be made")]
    Http(#[source] reqwest::Error),
    /// Something could not be fetched.
    #[error("{what} cannot be fetched")]
    Download {
        /// What.
        what: &'static str,
        /// Why not.
        #[source]
        source: DownloadError,
    },
    /// A file could not be opened or written.
    #[error("{} cannot be used", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        #[source]
        source: io::Error,
    },
    /// An answer of Klass cannot be read.
    #[error("Klass, {table}: the answer is none, or was cut off")]
    Klass {
        /// What the answer is about.
        table: &'static str,
        /// Where it is wrong.
        #[source]
        source: KlassError,
    },
    /// The archive of addresses cannot be read.
    #[error("the archive of addresses is damaged or was cut off: fetch it again")]
    Archive(#[from] ArchiveError),
    /// The archive said something else when it was read again.
    #[error("the archive of addresses was changed while it was read: try again")]
    Changed,
    /// The database refused.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A stored document cannot be opened.
    #[error("a stored document cannot be opened: is the sealing key configured?")]
    Seal(#[from] store::seal::SealError),
    /// A worker thread died.
    #[error("a worker thread stopped")]
    Worker(#[from] tokio::task::JoinError),
    /// The load was asked to stop. Nothing was changed.
    #[error("stopped before the end; nothing was changed")]
    Stopped,
}

/// Why something could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// There is no way to the server, or it was lost.
    #[error("the connection failed: {0}")]
    Network(&'static str),
    /// The server fell silent.
    #[error("no answer in time")]
    Silent,
    /// An answer without what was asked for.
    #[error("the server answers with status {0}")]
    Status(u16),
    /// More than may be.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(u64),
    /// It cannot be kept.
    #[error("it cannot be written here")]
    Disk(#[source] io::Error),
}

impl DownloadError {
    /// True when the same call may succeed later.
    pub(super) fn passes(&self) -> bool {
        match self {
            Self::Network(_) | Self::Silent => true,
            Self::Status(status) => matches!(status, 408 | 429 | 500..=599),
            Self::TooLarge(_) | Self::Disk(_) => false,
        }
    }
}

/// Why an archive of addresses cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It is no zip archive, or was cut off.
    #[error("not a whole zip archive")]
    Zip(#[from] ZipError),
    /// The address file is not in it, or more than one could be meant.
    #[error("{0} files in the archive could be the addresses: one must be matrikkelenAdresse….csv")]
    Contents(usize),
    /// The address file cannot be read to its end.
    #[error(transparent)]
    Addresses(#[from] AddressFileError),
    /// Whoever wanted the addresses wants no more.
    #[error("nobody takes the addresses")]
    Unwanted,
}
