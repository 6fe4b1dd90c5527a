//! What can go wrong, told apart by what the caller can do about it.

use std::fmt;

use crate::blob::BlobError;

/// A failed call. No text here holds a key, a parameter or a `DETAIL` line of Postgres: those
/// repeat stored values.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A position or a cursor was not where this writer left it: another writer has taken over.
    /// Resign.
    #[error("a position was not where this writer left it")]
    Fenced,
    /// The connection was lost while a change was made final. Read the positions (the cursor, the
    /// bulk load) again: they tell whether it is in.
    #[error("the outcome of a commit is unknown")]
    CommitUnknown(#[source] Fault),
    /// Nothing was heard within the time a call may take. Nothing was written.
    #[error("the database did not answer in time")]
    TimedOut,
    /// The database cannot be reached, is starting, stopping, full, or has become a replica.
    /// Nothing was written.
    #[error("the database is not available")]
    Unavailable(#[source] Fault),
    /// It has not been found yet, since the start, how far events may be shown.
    #[error("how far events may be shown is not known yet")]
    HeadUnknown,
    /// The register is being loaded for the first time: nobody is searchable before its end, so that
    /// nobody who is there is taken for missing.
    #[error("the first load has not come to its end, nobody is searchable yet")]
    SearchDeferred,
    /// Postgres refused the statement, and would again.
    #[error("the database refused a statement")]
    Refused(#[source] Fault),
    /// A write batch contradicts itself; nothing was sent.
    #[error("a write batch is not consistent: {0}")]
    Batch(&'static str),
    /// A URL cannot be used.
    #[error("the database address cannot be used: {0}")]
    Address(&'static str),
    /// A stored value is not one that this version knows.
    #[error("a stored value is unknown: {0}")]
    Unknown(&'static str),
    /// A stored served form cannot be opened.
    #[error("a stored served form cannot be read")]
    Blob(#[from] BlobError),
}

impl StoreError {
    /// True when the same call may succeed later and repeating it is safe.
    /// [`StoreError::CommitUnknown`] is not: the positions must be read again first.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            StoreError::TimedOut
                | StoreError::Unavailable(_)
                | StoreError::HeadUnknown
                | StoreError::SearchDeferred
        )
    }

    /// The fate of a failed COMMIT: a refusal is certain, a lost connection or a stopping server is
    /// not.
    pub(crate) fn at_commit(error: sqlx::Error) -> StoreError {
        match StoreError::from(error) {
            StoreError::Unavailable(fault) if !fault.is_rollback() => {
                StoreError::CommitUnknown(fault)
            }
            other => other,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return StoreError::TimedOut;
        }
        let fault = Fault::from(error);
        if fault.passes() { StoreError::Unavailable(fault) } else { StoreError::Refused(fault) }
    }
}

/// What Postgres or the way to it reported, with nothing in it that could repeat a stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// An error of Postgres.
    Sql {
        /// The SQLSTATE code.
        code: String,
        /// The violated constraint, if any.
        constraint: Option<String>,
    },
    /// An error of the network.
    Io(std::io::ErrorKind),
    /// An error of the driver, by its kind.
    Driver(&'static str),
    /// The time for a COMMIT ran out.
    Silence,
}

/// SQLSTATE classes and codes that pass: connection, rollback, resources, operator, and single
/// codes for a server that is read-only, a lock that was not had in time, and a session that was
/// ended.
const PASSING: [&str; 8] = ["08", "40", "53", "57", "58", "25006", "55P03", "25P03"];

impl Fault {
    fn passes(&self) -> bool {
        match self {
            Fault::Sql { code, .. } => PASSING.iter().any(|prefix| code.starts_with(prefix)),
            Fault::Io(_) | Fault::Silence => true,
            Fault::Driver(kind) => matches!(*kind, "protocol" | "tls" | "worker"),
        }
    }

    /// Postgres itself says that the transaction is rolled back.
    fn is_rollback(&self) -> bool {
        matches!(self, Fault::Sql { code, .. } if code.starts_with("40") || code.starts_with("25"))
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => Fault::Sql {
                code: error.code().map(|code| code.into_owned()).unwrap_or_default(),
                constraint: error.constraint().map(str::to_owned),
            },
            sqlx::Error::Io(error) => Fault::Io(error.kind()),
            sqlx::Error::Protocol(_) => Fault::Driver("protocol"),
            sqlx::Error::Tls(_) => Fault::Driver("tls"),
            sqlx::Error::WorkerCrashed => Fault::Driver("worker"),
            sqlx::Error::Configuration(_) => Fault::Driver("configuration"),
            sqlx::Error::PoolClosed => Fault::Driver("pool closed"),
            sqlx::Error::RowNotFound => Fault::Driver("row not found"),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Fault::Driver("decode"),
            sqlx::Error::Encode(_) => Fault::Driver("encode"),
            sqlx::Error::Migrate(_) => Fault::Driver("migrate"),
            _ => Fault::Driver("other"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Sql { code, constraint: None } => write!(f, "SQLSTATE {code}"),
            Fault::Sql { code, constraint: Some(name) } => {
                write!(f, "SQLSTATE {code}, constraint {name}")
            }
            Fault::Io(kind) => write!(f, "connection: {kind}"),
            Fault::Driver(kind) => write!(f, "driver: {kind}"),
            Fault::Silence => f.write_str("no answer in time"),
        }
    }
}

impl std::error::Error for Fault {}
