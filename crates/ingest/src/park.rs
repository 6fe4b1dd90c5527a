//! What an operator does about parked records: try them again, with newer documents if need be, or
//! leave them out. The writer does the work; here it is asked for.

use std::collections::HashMap;

use register::id::IdentityNumber;
use serde_json::value::RawValue;
use sources::freg::bulk::BulkAnswer;
use store::{ParkedRecord, Store};
use tokio_util::sync::CancellationToken;

use crate::Keys;
use crate::apply::render::parked_associated_data;
use crate::config::IngestConfig;
use crate::error::IngestError;
use crate::freg_client::FregClient;
use crate::record::{Carried, ChangeRecord, RecordError, SnapshotRecord, read_record};

/// Records whose documents are fetched in one go.
const FETCHED_MAX: usize = 500;

/// What fetching newer documents came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Records that have a newer document now.
    pub renewed: usize,
    /// Records that FREG has no document for, or of which nobody is named.
    pub without: usize,
}

/// Puts FREG's documents of today into parked records that have none that can be read. An event
/// gets the document of the number it names, a document of an extract the same one again.
///
/// # Errors
/// What FREG, the store or our keys refuse; what was renewed until then stays so.
pub async fn fetch(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    ids: &[i64],
    shutdown: &CancellationToken,
) -> Result<Fetched, IngestError> {
    let client = FregClient::new(&config.freg, shutdown.clone())?;
    let mut fetched = Fetched::default();
    for ids in ids.chunks(FETCHED_MAX) {
        let records = store.parked_records(ids).await?;
        let records = records.into_iter().map(|record| Opened::new(record, keys));
        let records = records.collect::<Result<Vec<_>, _>>()?;
        let documents = Documents::of(&records, &client).await?;
        for opened in records {
            let Some(value) = documents.renew(&opened)? else {
                fetched.without += 1;
                continue;
            };
            let sealed = keys.sealer.seal(&value, &bound_to(&opened.record));
            let sealed = sealed.map_err(RecordError::from)?;
            let renewed = store.replace_parked(opened.record.id, &opened.record.sealed, &sealed);
            fetched.renewed += usize::from(renewed.await?);
        }
    }
    Ok(fetched)
}

fn bound_to(record: &ParkedRecord) -> Vec<u8> {
    let (topic, partition, offset) = &record.place;
    parked_associated_data(topic, *partition, *offset)
}

enum Value {
    Change(ChangeRecord),
    Snapshot(SnapshotRecord),
}

struct Opened {
    record: ParkedRecord,
    value: Value,
}

impl Opened {
    fn new(record: ParkedRecord, keys: &Keys) -> Result<Self, RecordError> {
        let plain = keys.sealer.open(&record.sealed, &bound_to(&record))?;
        let value = match record.source_sequence {
            Some(_) => Value::Change(read_record(&plain)?),
            None => Value::Snapshot(read_record(&plain)?),
        };
        Ok(Self { record, value })
    }
}

/// What FREG says today of the numbers and documents that parked records name.
struct Documents {
    /// Read before the documents were: they are at least as new.
    as_of: i64,
    by_number: HashMap<String, Box<RawValue>>,
    by_id: HashMap<String, Box<RawValue>>,
}

impl Documents {
    async fn of(records: &[Opened], client: &FregClient) -> Result<Self, IngestError> {
        let (mut numbers, mut ids) = (Vec::new(), Vec::new());
        for opened in records {
            match &opened.value {
                Value::Change(change) => numbers.push(IdentityNumber::new(change.number.clone())),
                Value::Snapshot(snapshot) => match &opened.record.number {
                    Some(number) => numbers.push(number.clone()),
                    None => ids.push(snapshot.document_id.clone()),
                },
            }
        }
        let as_of = client.last_sequence().await?;
        let by_number = found(client.by_number(&numbers).await?);
        let by_id = found(client.by_document(&ids).await?);
        Ok(Self { as_of, by_number, by_id })
    }

    /// The record with its document of today; none where there is none.
    fn renew(&self, opened: &Opened) -> Result<Option<Vec<u8>>, RecordError> {
        let today = |number: &str| {
            let json = self.by_number.get(number)?;
            Some(Carried::Document { as_of: self.as_of, json: json.clone() })
        };
        let record = match (&opened.value, &opened.record.number) {
            (Value::Change(change), _) => today(&change.number)
                .map(|document| serde_json::to_vec(&ChangeRecord { document, ..change.clone() })),
            (Value::Snapshot(snapshot), number) => match number {
                Some(number) => today(number.as_str()),
                None => self.by_id.get(&snapshot.document_id).map(|json| again(snapshot, json)),
            }
            .map(|document| serde_json::to_vec(&SnapshotRecord { document, ..snapshot.clone() })),
        };
        record.transpose().map_err(|_| RecordError::Format)
    }
}

/// A document of an extract, fetched again: as old as the extract, which the record knows.
fn again(snapshot: &SnapshotRecord, json: &RawValue) -> Carried {
    let as_of = match &snapshot.document {
        Carried::Document { as_of, .. } | Carried::Missing { as_of } => *as_of,
        Carried::Elsewhere => 0,
    };
    Carried::Document { as_of, json: json.to_owned() }
}

fn found(answers: Vec<BulkAnswer>) -> HashMap<String, Box<RawValue>> {
    answers.into_iter().filter_map(|answer| Some((answer.key, answer.outcome.ok()?))).collect()
}
