//! What ingest measures. Names are part of the operating interface.

use std::time::Duration;

use metrics::{counter, gauge, histogram};

use crate::collect::plan::Counts;

/// One attempt at a call to a source, whatever came of it; `metric` is the source's own.
pub(crate) fn call(metric: &'static str, call: &'static str, took: Duration) {
    histogram!(metric, "call" => call).record(took.as_secs_f64());
}

/// A call to a source that must be repeated; `metric` is the source's own.
pub(crate) fn retry(metric: &'static str, call: &'static str, why: &'static str) {
    counter!(metric, "call" => call, "why" => why).increment(1);
}

/// How far behind FREG collecting is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lag {
    /// Events that are left.
    pub(crate) sequences: i64,
    /// How long ago FREG wrote the newest one that is collected; nought when none is left.
    pub(crate) seconds: f64,
    /// How long it takes until none is left, at the pace of the last page.
    pub(crate) caught_up_s: f64,
}

/// A page of the feed that the broker has acknowledged.
pub(crate) fn page(events: u64, last: i64, lag: Lag, documents: &Counts, took: Duration) {
    counter!("ingest_feed_pages_total").increment(1);
    counter!("ingest_feed_events_total").increment(events);
    gauge!("ingest_feed_last_sequence").set(last as f64);
    histogram!("ingest_feed_page_seconds").record(took.as_secs_f64());
    let Counts { by_id, by_number, missing } = *documents;
    for (had, count) in [("by_id", by_id), ("by_number", by_number), ("missing", missing)] {
        counter!("ingest_feed_documents_total", "had" => had).increment(count);
    }
    self::lag(lag);
}

/// What the feed held that it should not, or held not that it should.
pub(crate) fn oddities(missing: u64, misplaced: u64, repeated: u64) {
    counter!("ingest_feed_missing_sequences_total").increment(missing);
    counter!("ingest_feed_misplaced_events_total").increment(misplaced);
    counter!("ingest_feed_repeated_events_total").increment(repeated);
}

/// How far the cursor is behind the newest event.
pub(crate) fn lag(lag: Lag) {
    gauge!("ingest_feed_lag_sequences").set(lag.sequences as f64);
    gauge!("ingest_feed_lag_seconds").set(lag.seconds);
    gauge!("ingest_feed_caught_up_in_seconds").set(lag.caught_up_s);
}

/// Whether a half has ended for good, and why.
pub(crate) fn stopped(task: &'static str, reason: &'static str, is_so: bool) {
    gauge!("ingest_stopped", "task" => task, "reason" => reason).set(f64::from(u8::from(is_so)));
}

/// Records that the broker has acknowledged.
pub(crate) fn published(topic: &str, records: u64) {
    counter!("ingest_records_published_total", "topic" => topic.to_owned()).increment(records);
}

/// A publication that failed and is repeated.
pub(crate) fn publish_failure() {
    counter!("ingest_publish_failures_total").increment(1);
}

/// A batch of a bulk extract that the broker has acknowledged.
pub(crate) fn bulk_batch(documents: u64) {
    counter!("ingest_bulk_batches_total").increment(1);
    counter!("ingest_bulk_documents_total").increment(documents);
}
