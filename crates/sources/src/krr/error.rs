//! What can be wrong with an answer from KRR as a whole.

/// An answer that cannot be read. The texts say where, never what: an answer holds persons.
///
/// serde_json's own error is dropped on purpose: its text can quote what it stumbled over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// JSON that ends in the middle or is none, or of another shape than KRR describes.
    #[error("not the JSON that KRR describes, at line {line}, column {column}")]
    Json {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, in bytes.
        column: usize,
    },
    /// A field without which the answer means nothing is absent.
    #[error("the answer lacks `{field}`")]
    Missing {
        /// KRR's name of the field.
        field: &'static str,
    },
    /// A page of changes that ends before it begins, or where it begins although there is more:
    /// whoever went on from its end would ask for ever.
    #[error("the page of changes makes no headway")]
    NoHeadway,
    /// What stands in a person's place is no object.
    #[error("not a person")]
    NoPerson,
    /// A person without an identity number: nobody can be found by it.
    #[error("the person has no identity number")]
    NoNumber,
}

impl From<serde_json::Error> for FormatError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json { line: error.line(), column: error.column() }
    }
}
