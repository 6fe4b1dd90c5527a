//! What comparing measures. Names are part of the operating interface.

use std::time::{SystemTime, UNIX_EPOCH};

use metrics::{counter, gauge};
use store::{ComparedWith, ComparisonCounts};

/// What a lot has come to.
pub(super) fn compared(with: ComparedWith, lot: &ComparisonCounts) {
    let source = with.name();
    let outcomes = [
        ("compared", lot.compared),
        ("missing", lot.missing),
        ("extra", lot.extra),
        ("differing", lot.differing),
        ("undecided", lot.undecided),
        ("repaired", lot.repaired),
    ];
    for (outcome, persons) in outcomes {
        let persons = persons.max(0).cast_unsigned();
        counter!("ingest_reconciled_persons_total", "source" => source, "outcome" => outcome)
            .increment(persons);
    }
    for (element, persons) in &lot.by_element {
        let persons = (*persons).max(0).cast_unsigned();
        let element = element.clone();
        counter!("ingest_reconciled_elements_total", "source" => source, "element" => element)
            .increment(persons);
    }
}

/// The ordinal of the next person to be compared.
pub(super) fn at(with: ComparedWith, ordinal: i64) {
    gauge!("ingest_reconcile_ordinal", "source" => with.name()).set(ordinal as f64);
}

/// A run has come to its end.
pub(super) fn finished(with: ComparedWith) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    gauge!("ingest_reconcile_last_success_seconds", "source" => with.name()).set(now.as_secs_f64());
}

/// A window that broke off and is tried again.
pub(super) fn broken_off(with: ComparedWith) {
    counter!("ingest_reconcile_failures_total", "source" => with.name()).increment(1);
}
