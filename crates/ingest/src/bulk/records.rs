//! From FREG's answers to sealed records. No I/O.

use std::collections::HashMap;

use serde_json::value::RawValue;
use sources::freg::bulk::BulkAnswer;
use sources::freg::document::Document;

use crate::Keys;
use crate::kafka::Outgoing;
use crate::record::{Carried, RecordError, SnapshotRecord, seal_record};

/// One sealed record for each of `ids`. A document that FREG did not give becomes a record that
/// says so: apply parks it, and nobody goes missing in silence.
///
/// # Errors
/// When there is no key to seal with.
pub(super) fn seal_documents(
    ids: &[String],
    answers: Vec<BulkAnswer>,
    as_of: i64,
    topic: &str,
    keys: &Keys,
) -> Result<Vec<Outgoing>, RecordError> {
    let found = answers.into_iter().filter_map(|answer| Some((answer.key, answer.outcome.ok()?)));
    let mut found: HashMap<String, Box<RawValue>> = found.collect();
    ids.iter().map(|id| seal_document(id, found.remove(id), as_of, topic, keys)).collect()
}

/// The sealed record of a document, or of there being none. The id is empty for one that was not
/// had by its id.
///
/// # Errors
/// When there is no key to seal with.
pub(crate) fn seal_document(
    id: &str,
    json: Option<Box<RawValue>>,
    as_of: i64,
    topic: &str,
    keys: &Keys,
) -> Result<Outgoing, RecordError> {
    // A document that names nobody still needs a key; its own id is as good as any.
    let number = json.as_deref().and_then(main_number);
    let key = keys.record_key(number.as_deref().unwrap_or(id));
    let document = match json {
        Some(json) => Carried::Document { as_of, json },
        None => Carried::Missing { as_of },
    };
    let record = SnapshotRecord { document_id: id.to_owned(), document };
    let value = seal_record(&keys.sealer, topic, key.as_bytes(), &record)?;
    Ok(Outgoing { key, value })
}

/// The number in use, else the first one listed.
fn main_number(json: &RawValue) -> Option<String> {
    let mut numbers = Document::read(json.get().as_bytes()).ok()?.numbers();
    let in_use = numbers.iter().position(|listed| listed.in_use).unwrap_or(0);
    (!numbers.is_empty()).then(|| numbers.swap_remove(in_use).number.into_string())
}
