//! The report as a page of its own: no script, no style or picture from anywhere else.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use register::time::Day;
use store::{ComparedWith, Reconciliation};

use super::summary::{DaySum, Summary, part_name};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;\
padding:0 1rem;color:#1b1f24;background:#fff}h1,h2{line-height:1.2}table{border-collapse:collapse;\
width:100%;margin:1rem 0}th,td{padding:.3rem .6rem;border-bottom:1px solid #d0d7de;text-align:right}\
th:first-child,td:first-child,th.t,td.t{text-align:left}td.w{color:#a40e26;font-weight:600}\
svg{width:100%;height:auto}.missing{fill:#8250df}.extra{fill:#bf8700}.differing{fill:#cf222e}\
text{font-size:11px;fill:#57606a}.k{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}\
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}th,td{border-color:#30363d}\
text{fill:#8b949e}td.w{color:#ff7b72}}";

/// How tall and how wide a chart is, in its own units.
const HEIGHT: f64 = 140.0;
const WIDTH: f64 = 900.0;
/// How many runs are listed.
const RUNS_MAX: usize = 100;

/// The whole page. Texts in it are ours, numbers, and the sources' names of elements.
pub fn page(summary: &Summary, runs: &[Reconciliation], days: u32) -> String {
    let mut body = String::new();
    if runs.is_empty() {
        body += "<p>Nothing has been compared.</p>";
    }
    for with in ComparedWith::ALL {
        let sums: Vec<(Day, &DaySum)> = summary
            .days
            .iter()
            .filter(|((_, source), _)| *source == with)
            .map(|((day, _), sum)| (*day, sum))
            .collect();
        if !sums.is_empty() {
            body += &source(with, &sums, summary);
        }
    }
    if !runs.is_empty() {
        body += &listed(runs);
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>Reconciliation</title><style>{STYLE}</style></head><body>\
         <h1>Is the register what its sources say?</h1>\
         <p>What comparing it with FREG and KRR has come to within {days} days. A person who was \
         compared twice counts twice.</p>{body}</body></html>\n"
    )
}

fn source(with: ComparedWith, sums: &[(Day, &DaySum)], summary: &Summary) -> String {
    let name = with.name().to_uppercase();
    let rows = sums.iter().rev().map(|(day, sum)| {
        let counts = &sum.counts;
        let cells = [
            (sum.runs, false),
            (counts.compared, false),
            (counts.missing, true),
            (counts.extra, true),
            (counts.differing, true),
            (counts.undecided, false),
            (counts.repaired, false),
        ];
        format!("<tr><td>{}</td>{}</tr>", day.date(), cells.map(cell).concat())
    });
    let mut section = format!(
        "<h2>{name}</h2>{}<table><tr><th>Day</th><th>Runs</th><th>Compared</th><th>Missing</th>\
         <th>Extra</th><th>Differing</th><th>Undecided</th><th>Repaired</th></tr>{}</table>",
        chart(&name, sums),
        rows.collect::<String>()
    );
    let elements: Vec<_> =
        summary.elements.iter().filter(|((source, _), _)| *source == with).collect();
    if !elements.is_empty() {
        section += "<table><tr><th>Element</th><th class=\"t\">Part</th><th>Persons</th></tr>";
        for ((_, element), persons) in elements {
            let part = part_name(with, element);
            // A text takes what is written to it.
            let _ = write!(
                section,
                "<tr><td>{}</td><td class=\"t\">{part}</td><td>{persons}</td></tr>",
                escape(element)
            );
        }
        section += "</table>";
    }
    section
}

/// A number in a table; one that should be zero stands out when it is not.
fn cell((value, is_fault): (i64, bool)) -> String {
    let class = if is_fault && value > 0 { " class=\"w\"" } else { "" };
    format!("<td{class}>{value}</td>")
}

/// What was wrong, day by day: a bar for each, of missing, extra and differing.
fn chart(name: &str, sums: &[(Day, &DaySum)]) -> String {
    let wrong = |sum: &DaySum| sum.counts.missing + sum.counts.extra + sum.counts.differing;
    let most = sums.iter().map(|(_, sum)| wrong(sum)).max().unwrap_or(0);
    let legend: String = ["missing", "extra", "differing"]
        .map(|kind| {
            format!(
                "<svg class=\"k\" viewBox=\"0 0 1 1\" style=\"width:.8em\"><rect class=\"{kind}\" \
                 width=\"1\" height=\"1\"/></svg>{kind}"
            )
        })
        .concat();
    let step = WIDTH / sums.len().max(1) as f64;
    let mut bars = String::new();
    for (place, (day, sum)) in sums.iter().enumerate() {
        let counts = &sum.counts;
        let kinds =
            [("missing", counts.missing), ("extra", counts.extra), ("differing", counts.differing)];
        let (x, width) = (place as f64 * step, (step * 0.8).min(40.0));
        let mut y = HEIGHT;
        for (kind, persons) in kinds.into_iter().filter(|(_, persons)| *persons > 0) {
            let height = HEIGHT * persons as f64 / most.max(1) as f64;
            y -= height;
            let _ = write!(
                bars,
                "<rect class=\"{kind}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                 height=\"{height:.1}\"><title>{}: {persons} {kind}</title></rect>",
                day.date()
            );
        }
    }
    let ends = [sums.first(), sums.last()].map(|end| end.map(|(day, _)| day.date().to_string()));
    let ends: BTreeSet<String> = ends.into_iter().flatten().collect();
    let labels = ends.iter().zip([("0", "start"), ("900", "end")]).map(|(day, (x, anchor))| {
        format!("<text x=\"{x}\" y=\"158\" text-anchor=\"{anchor}\">{day}</text>")
    });
    format!(
        "<p>Persons who were not as {name} has them, at most {most} in a day:{legend}</p>\
         <svg viewBox=\"0 0 900 165\" role=\"img\" aria-label=\"Persons who were not as {name} has \
         them, by day\">{bars}<path d=\"M0 140.5H900\" stroke=\"#8b949e\"/>{}</svg>",
        labels.collect::<String>()
    )
}

fn listed(runs: &[Reconciliation]) -> String {
    let rows = runs.iter().take(RUNS_MAX).map(|run| {
        let counts = &run.counts;
        let end = match run.finished_at {
            Some(end) => end.to_string(),
            None => "under way, or broken off".to_owned(),
        };
        let numbers = [
            (counts.compared, false),
            (counts.missing + counts.extra + counts.differing, true),
            (counts.repaired, false),
        ];
        format!(
            "<tr><td>{}</td><td class=\"t\">{}</td><td class=\"t\">{}</td><td class=\"t\">{end}</td>\
             {}</tr>",
            run.started_at,
            run.with.name().to_uppercase(),
            run.mode.name(),
            numbers.map(cell).concat()
        )
    });
    format!(
        "<h2>The last runs</h2><table><tr><th>Begun</th><th class=\"t\">Source</th>\
         <th class=\"t\">By</th><th class=\"t\">Ended</th><th>Compared</th><th>Wrong</th>\
         <th>Repaired</th></tr>{}</table>",
        rows.collect::<String>()
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::run;
    use super::*;

    #[test]
    fn the_page_needs_nothing_from_elsewhere_and_shows_every_day() {
        let runs = [
            run(3, ComparedWith::Krr, "2026-11-22T12:00:00Z", 0),
            run(2, ComparedWith::Freg, "2026-11-22T11:00:00Z", 5),
            run(1, ComparedWith::Freg, "2026-11-20T12:00:00Z", 10),
        ];
        let page = page(&Summary::of(&runs), &runs, 90);
        for text in [
            "<h2>FREG</h2>",
            "<h2>KRR</h2>",
            "at most 10 in a day",
            "<td>bostedsadresse</td><td class=\"t\">ResidentialAddress</td><td>15</td>",
            "<title>2026-11-22: 5 differing</title>",
            "height=\"70.0\"",
            "<td>2026-11-20</td>",
            "under way, or broken off",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        for outside in ["http", "src=", "<script", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert_eq!(page.matches("<table>").count(), page.matches("</table>").count());
    }

    #[test]
    fn a_page_of_nothing_says_so_and_a_strange_name_is_text() {
        assert!(page(&Summary::default(), &[], 7).contains("Nothing has been compared"));
        let mut strange = run(2, ComparedWith::Krr, "2026-11-22T12:00:00Z", 1);
        strange.counts.by_element = [("<b>\"&".to_owned(), 1)].into();
        let page = page(&Summary::of(std::slice::from_ref(&strange)), &[strange], 7);
        assert!(page.contains("<td>&lt;b&gt;&quot;&amp;</td>") && !page.contains("<b>"));
    }
}
