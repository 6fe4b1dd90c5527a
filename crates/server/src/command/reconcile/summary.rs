//! Runs put together: by day and source, and by element.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ::ingest::reconcile::information_part;
use register::time::Day;
use serde_json::{Value, json};
use store::{ComparedWith, ComparisonCounts, Reconciliation};

/// What the runs of one day came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaySum {
    /// How many there were.
    pub runs: i64,
    /// In all of them.
    pub counts: ComparisonCounts,
}

/// What runs came to. A person who was compared twice counts twice.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// By the day in Oslo on which they began.
    pub days: BTreeMap<(Day, ComparedWith), DaySum>,
    /// How many persons differed, by element.
    pub elements: BTreeMap<(ComparedWith, String), i64>,
}

impl Summary {
    /// Puts runs together.
    pub fn of(runs: &[Reconciliation]) -> Summary {
        let mut summary = Summary::default();
        for run in runs {
            let day = summary.days.entry((run.started_at.day(), run.with)).or_default();
            day.runs += 1;
            let (sum, counts) = (&mut day.counts, &run.counts);
            sum.compared += counts.compared;
            sum.missing += counts.missing;
            sum.extra += counts.extra;
            sum.differing += counts.differing;
            sum.undecided += counts.undecided;
            sum.repaired += counts.repaired;
            for (element, persons) in &counts.by_element {
                *summary.elements.entry((run.with, element.clone())).or_default() += persons;
                *sum.by_element.entry(element.clone()).or_default() += persons;
            }
        }
        summary
    }
}

/// The name that clients know the part by which an element becomes.
pub fn part_name(with: ComparedWith, element: &str) -> &'static str {
    information_part(with, element).map_or("", |part| part.name())
}

/// The counts as JSON, each element with its part.
pub fn as_json(with: ComparedWith, counts: &ComparisonCounts) -> Value {
    let elements = counts.by_element.iter().map(|(element, persons)| {
        json!({ "element": element, "part": part_name(with, element), "persons": persons })
    });
    json!({
        "source": with.name(),
        "compared": counts.compared,
        "missing": counts.missing,
        "extra": counts.extra,
        "differing": counts.differing,
        "undecided": counts.undecided,
        "repaired": counts.repaired,
        "elements": elements.collect::<Vec<_>>(),
    })
}

/// The whole report as one line of JSON.
pub fn report(summary: &Summary, runs: &[Reconciliation]) -> Value {
    let days = summary.days.iter().map(|((day, with), sum)| {
        let mut row = as_json(*with, &sum.counts);
        row["day"] = json!(day.date().to_string());
        row["runs"] = json!(sum.runs);
        row
    });
    let runs = runs.iter().map(|run| {
        let mut row = as_json(run.with, &run.counts);
        row["mode"] = json!(run.mode.name());
        row["started"] = json!(run.started_at);
        row["finished"] = json!(run.finished_at);
        row
    });
    json!({ "days": days.collect::<Vec<_>>(), "runs": runs.collect::<Vec<_>>() })
}

/// The days as a table.
pub fn table(summary: &Summary) -> String {
    if summary.days.is_empty() {
        return "nothing has been compared\n".to_owned();
    }
    let mut text = format!(
        "{:<10}  {:<6}  {:>5}  {:>10}  {:>8}  {:>8}  {:>9}  {:>9}  {:>8}\n",
        "DAY",
        "SOURCE",
        "RUNS",
        "COMPARED",
        "MISSING",
        "EXTRA",
        "DIFFERING",
        "UNDECIDED",
        "REPAIRED"
    );
    for ((day, with), DaySum { runs, counts }) in summary.days.iter().rev() {
        // A text takes what is written to it.
        let _ = writeln!(
            text,
            "{:<10}  {:<6}  {runs:>5}  {:>10}  {:>8}  {:>8}  {:>9}  {:>9}  {:>8}",
            day.date().to_string(),
            with.name().to_uppercase(),
            counts.compared,
            counts.missing,
            counts.extra,
            counts.differing,
            counts.undecided,
            counts.repaired
        );
    }
    text
}

#[cfg(test)]
pub(super) mod tests {
    use register::time::Instant;
    use store::ComparisonMode;

    use super::*;

    pub fn run(id: i64, with: ComparedWith, started: &str, differing: i64) -> Reconciliation {
        let started_at = Instant::parse(started).unwrap();
        let by_element = BTreeMap::from([("bostedsadresse".to_owned(), differing)]);
        let counts = ComparisonCounts {
            compared: 1_000,
            differing,
            repaired: differing,
            by_element: if differing > 0 { by_element } else { BTreeMap::new() },
            ..ComparisonCounts::default()
        };
        let finished_at = (id > 1).then_some(started_at);
        let mode = ComparisonMode::Sample;
        Reconciliation { id, with, mode, started_at, updated_at: started_at, finished_at, counts }
    }

    #[test]
    fn runs_of_a_day_in_oslo_are_put_together() {
        let runs = [
            run(4, ComparedWith::Freg, "2026-11-22T21:59:00Z", 2),
            run(3, ComparedWith::Krr, "2026-11-22T12:00:00Z", 0),
            run(2, ComparedWith::Freg, "2026-11-21T23:30:00Z", 5),
            run(1, ComparedWith::Freg, "2026-11-21T12:00:00Z", 1),
        ];
        let summary = Summary::of(&runs);
        let sums: Vec<_> = summary
            .days
            .iter()
            .map(|((day, with), sum)| {
                (day.date().to_string(), with.name(), sum.runs, sum.counts.differing)
            })
            .collect();
        let day = |day: &str| format!("2026-11-{day}");
        assert_eq!(
            sums,
            [(day("21"), "freg", 1, 1), (day("22"), "freg", 2, 7), (day("22"), "krr", 1, 0)]
        );
        let report = report(&summary, &runs);
        assert_eq!(report["days"][1]["elements"][0]["part"], "ResidentialAddress");
        assert_eq!(report["runs"][3]["finished"], Value::Null);
        let table = table(&summary);
        assert!(
            table.lines().nth(2).unwrap().starts_with("2026-11-22  FREG        2        2000"),
            "{table}"
        );
    }
}
