//! How far a load is.

use tokio::sync::watch;

/// Where a load tells how far it is.
pub type Progress = watch::Sender<GeographyProgress>;

/// What a load is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Klass is asked.
    #[default]
    Klass,
    /// The archive of addresses is downloaded, in bytes.
    Archive,
    /// Addresses are read.
    Reading,
    /// Persons are looked at.
    Persons,
    /// Addresses are written.
    Writing,
}

/// How far a load is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GeographyProgress {
    /// What it is doing.
    pub step: Step,
    /// Bytes, addresses or persons that are done with.
    pub done: u64,
    /// How many there are, where that is known.
    pub total: Option<u64>,
}

impl GeographyProgress {
    pub(super) fn new(step: Step, done: u64, total: Option<u64>) -> Self {
        Self { step, done, total }
    }
}
