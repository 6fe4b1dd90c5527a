//! What the applying half counts. Labels are types and reasons, never persons.

use std::collections::HashMap;
use std::time::Duration;

use metrics::{counter, gauge, histogram};
use store::ParkReason;

use super::plan::Counts;

/// A batch is in the store.
pub fn applied(
    records: usize,
    last_sequence: Option<i64>,
    counts: &Counts,
    parked: &HashMap<ParkReason, usize>,
    elapsed: Duration,
) {
    counter!("register_ingest_apply_records_total").increment(records as u64);
    histogram!("register_ingest_apply_batch_seconds").record(elapsed.as_secs_f64());
    let outcomes = [
        ("changed", counts.changed),
        ("unchanged", counts.unchanged),
        ("outdated", counts.outdated),
    ];
    for (outcome, count) in outcomes {
        counter!("register_ingest_apply_documents_total", "outcome" => outcome).increment(count);
    }
    counter!("register_ingest_apply_repeated_events_total").increment(counts.repeated);
    counter!("register_ingest_apply_unknown_duplicates_total").increment(counts.unknown_duplicates);
    for (reason, count) in parked {
        let reason = format!("{reason:?}");
        counter!("register_ingest_apply_parked_total", "reason" => reason).increment(*count as u64);
    }
    if let Some(sequence) = last_sequence {
        gauge!("register_ingest_apply_last_sequence").set(sequence as f64);
    }
}

/// A document held values that the mapping does not know, by the name of their element.
pub fn unknown_values(elements: &[&'static str]) {
    for element in elements {
        counter!("register_ingest_apply_unknown_values_total", "element" => *element).increment(1);
    }
}

/// Applying began again from the stored positions.
pub fn restarted() {
    counter!("register_ingest_apply_restarts_total").increment(1);
}

/// The broker did not answer as it should.
pub fn kafka_fault() {
    counter!("register_ingest_apply_kafka_faults_total").increment(1);
}
