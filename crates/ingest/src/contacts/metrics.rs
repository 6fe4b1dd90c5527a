//! What collecting contact details measures. Names are part of the operating interface.

use std::time::{SystemTime, UNIX_EPOCH};

use metrics::{counter, gauge};

/// The feed has been read up to the change `to`, and KRR's newest is `last`.
pub(super) fn read_to(to: i64, last: i64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!("ingest_krr_last_success_seconds").set(now.as_secs_f64());
    gauge!("ingest_krr_cursor").set(to as f64);
    gauge!("ingest_krr_newest_change").set(last as f64);
    gauge!("ingest_krr_lag_changes").set(last.saturating_sub(to).max(0) as f64);
}

/// Records that the broker has acknowledged; `reader` is `feed` or `lookup`.
pub(super) fn published(reader: &'static str, records: usize) {
    counter!("ingest_krr_records_total", "reader" => reader).increment(records as u64);
}

/// Persons that a page of the feed repeats, and persons that cannot be read.
pub(super) fn oddities(repeated: usize, unreadable: usize) {
    counter!("ingest_krr_repeated_persons_total").increment(repeated as u64);
    counter!("ingest_krr_unreadable_persons_total").increment(unreadable as u64);
}

/// Numbers that were looked up, and those that KRR did not answer for.
pub(super) fn looked_up(asked: usize, unanswered: usize) {
    counter!("ingest_krr_lookups_total").increment(asked as u64);
    counter!("ingest_krr_unanswered_lookups_total").increment(unanswered as u64);
}

/// The ordinal of the next person to be looked at.
pub(super) fn looked_up_to(ordinal: i64) {
    gauge!("ingest_krr_lookup_ordinal").set(ordinal as f64);
}
