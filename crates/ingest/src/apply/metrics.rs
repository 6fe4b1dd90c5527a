//! What the applying half counts. Labels are types and reasons, never persons.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

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

/// Records of a topic that are not applied yet, and those that are and are still `kept`.
pub fn waiting(topic: &str, records: i64, kept: i64) {
    gauge!("register_ingest_apply_waiting_records", "topic" => topic.to_owned())
        .set(records as f64);
    gauge!("register_ingest_apply_kept_records", "topic" => topic.to_owned()).set(kept as f64);
}

/// How long the first record of a batch has waited since it was published until it is in the store.
pub fn delay(published: Option<SystemTime>) {
    if let Some(delay) = published.and_then(|published| published.elapsed().ok()) {
        histogram!("register_ingest_apply_delay_seconds").record(delay.as_secs_f64());
    }
}

/// A document held values that the mapping does not know, by the name of their element.
pub fn unknown_values(elements: &[&'static str]) {
    for element in elements {
        counter!("register_ingest_apply_unknown_values_total", "element" => *element).increment(1);
    }
}

/// Records of felles hjelpenummer, by what came of them: created, changed, unchanged, outdated,
/// conflicting (the same version says something else), parked.
pub fn ain(outcomes: &[(&'static str, u64)]) {
    for (outcome, count) in outcomes {
        counter!("register_ingest_apply_ain_total", "outcome" => *outcome).increment(*count);
    }
}

/// A record of contact details, by what came of it: changed, unchanged, unknown (nobody has the
/// number yet), outdated, unreadable.
pub fn contact(outcome: &'static str) {
    contacts(outcome, 1);
}

/// Records of contact details, by what came of them.
pub fn contacts(outcome: &'static str, count: usize) {
    counter!("register_ingest_apply_contacts_total", "outcome" => outcome).increment(count as u64);
}

/// Persons who may no longer be sent notices because time has passed.
pub fn flips(count: usize) {
    counter!("register_ingest_apply_flips_total").increment(count as u64);
}

/// Persons that were rendered anew, by what came of it.
pub fn refreshed(changed: usize, same: usize, unreadable: usize) {
    for (outcome, count) in [("changed", changed), ("same", same), ("unreadable", unreadable)] {
        counter!("register_ingest_apply_refreshed_total", "outcome" => outcome)
            .increment(count as u64);
    }
}

/// What everybody is enriched with: the version of the geography, 0 for none, and when it was
/// loaded, in seconds since 1970.
pub fn geography(version: Option<i64>, loaded_at: Option<SystemTime>) {
    gauge!("register_ingest_enrichment_geography_version").set(version.unwrap_or(0) as f64);
    let since_1970 = loaded_at.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
    gauge!("register_ingest_enrichment_geography_loaded_timestamp_seconds")
        .set(since_1970.unwrap_or_default().as_secs_f64());
}

/// A geography could not be loaded; the one before goes on.
pub fn geography_fault() {
    counter!("register_ingest_enrichment_geography_faults_total").increment(1);
}

/// How far the sweep has come; `done` is `total` when there is none.
pub fn sweep(done: i64, total: i64, changed: usize) {
    gauge!("register_ingest_enrichment_persons_done").set(done as f64);
    gauge!("register_ingest_enrichment_persons_total").set(total as f64);
    counter!("register_ingest_enrichment_persons_changed_total").increment(changed as u64);
}

/// Parked records that were tried again, by what came of them.
pub fn drained(applied: usize, skipped: usize, staying: usize) {
    for (outcome, count) in [("applied", applied), ("skipped", skipped), ("staying", staying)] {
        counter!("register_ingest_apply_drained_total", "outcome" => outcome)
            .increment(count as u64);
    }
}

/// How far rendering everybody anew has come; `done` is `total` when it is at its end.
pub fn rerender(done: i64, total: i64) {
    gauge!("register_ingest_rerender_persons_done").set(done as f64);
    gauge!("register_ingest_rerender_persons_total").set(total as f64);
}

/// Whether a first load is under way, at whose end everybody is made searchable.
pub fn search_deferred(deferred: bool) {
    gauge!("register_ingest_search_deferred").set(f64::from(u8::from(deferred)));
}

/// Applying began again from the stored positions.
pub fn restarted() {
    counter!("register_ingest_apply_restarts_total").increment(1);
}

/// The broker did not answer as it should.
pub fn kafka_fault() {
    counter!("register_ingest_apply_kafka_faults_total").increment(1);
}
