//! What can be wrong with an answer from Klass as a whole.

/// An answer that cannot be read. The texts say where, never what.
///
/// serde_json's own error is dropped on purpose: its text can quote what it stumbled over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KlassError {
    /// Nothing was sent, or nothing that could be read as a row.
    #[error("the answer holds no rows")]
    Empty,
    /// JSON that ends in the middle or is none, or of another shape than Klass describes.
    #[error("not the JSON that Klass describes, at line {line}, column {column}")]
    Json {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, in bytes.
        column: usize,
    },
    /// The first line is not a header that Klass writes, as with an error page.
    #[error("the first line is not a header with a column `{column}`")]
    Header {
        /// Klass's name of the column that is missing.
        column: &'static str,
    },
    /// A field in quotes that does not end: the file was cut off.
    #[error("the text is cut off in the record on line {line}")]
    Truncated {
        /// Line on which the last record begins, from 1.
        line: u64,
    },
}

impl From<serde_json::Error> for KlassError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json { line: error.line(), column: error.column() }
    }
}
