//! The bulk extract (uttrekk): an order, then batches of document ids until the list ends.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::FormatError;

/// What a batch of the extract holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtractBatch {
    /// Ids of person documents, to be looked up by `personer/bulkoppslag/arkiv`.
    Documents(Vec<String>),
    /// There are no more batches: FREG answered `{}`.
    End,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    jobb_id: Option<String>,
}

#[derive(Deserialize)]
struct Batch {
    dokumentidentifikator: Option<Vec<String>>,
}

/// Reads the answer of `uttrekk/komplett`: the id of the job (`jobbId`).
///
/// # Errors
/// [`FormatError::Missing`] if FREG took no order (it then sends a message instead of an id).
pub fn read_order(body: &[u8]) -> Result<String, FormatError> {
    let order: Order = serde_json::from_slice(body)?;
    let job = order.jobb_id.filter(|job| !job.is_empty());
    job.ok_or(FormatError::Missing { field: "jobbId" })
}

/// Reads the answer of `uttrekk/{jobbId}/batch/{batchnr}`.
///
/// Only an object without content is the end. An empty list is an empty batch, and a message or
/// a list of another kind is an error: a load that ends too early loses people in silence.
///
/// # Errors
/// [`FormatError`] if this is neither a batch of a full extract nor the end.
pub fn read_batch(body: &[u8]) -> Result<ExtractBatch, FormatError> {
    let batch: Batch = serde_json::from_slice(body)?;
    if let Some(documents) = batch.dokumentidentifikator {
        return Ok(ExtractBatch::Documents(documents));
    }
    let fields: BTreeMap<String, Option<IgnoredAny>> = serde_json::from_slice(body)?;
    if fields.values().all(Option::is_none) {
        Ok(ExtractBatch::End)
    } else {
        Err(FormatError::Missing { field: "dokumentidentifikator" })
    }
}
