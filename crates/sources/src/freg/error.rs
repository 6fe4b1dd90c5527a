//! What can be wrong with an answer from FREG as a whole.

use serde_json::error::Category;

/// An answer that cannot be read. The texts say where, never what: an answer holds persons.
///
/// serde_json's own error is dropped on purpose instead of kept as a source: its text can quote
/// the value it stumbled over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The JSON ends in the middle.
    #[error("the JSON is cut off at line {line}, column {column}")]
    Truncated {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, in bytes.
        column: usize,
    },
    /// What was sent is not JSON (a firewall's HTML page, for example).
    #[error("not JSON at line {line}, column {column}")]
    NotJson {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, in bytes.
        column: usize,
    },
    /// JSON of another shape than FREG describes.
    #[error("JSON of an unexpected shape at line {line}, column {column}")]
    Shape {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, in bytes.
        column: usize,
    },
    /// A field without which the answer means nothing is absent or unreadable.
    #[error("the answer lacks a readable `{field}`")]
    Missing {
        /// FREG's name of the field.
        field: &'static str,
    },
    /// A person document that lists no identity number: nobody can be found by it.
    #[error("the person document lists no identity number")]
    NoNumber,
}

impl From<serde_json::Error> for FormatError {
    fn from(error: serde_json::Error) -> FormatError {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            Category::Eof => FormatError::Truncated { line, column },
            Category::Data => FormatError::Shape { line, column },
            Category::Syntax | Category::Io => FormatError::NotJson { line, column },
        }
    }
}
