//! Who will change: every stored document is looked at with both geographies, in bounded batches.

use std::sync::Arc;

use rayon::prelude::*;
use register::geography::{Changes, Geography, enrich, enrich_with_keys};
use register::person::Person;
use register::time::Day;
use store::{Store, StoredSource};
use tokio_util::sync::CancellationToken;

use super::error::GeographyError;
use super::progress::{GeographyProgress, Progress, Step};
use super::report::PersonsReport;
use crate::Keys;
use crate::apply::document::prepare;
use crate::apply::render::source_associated_data;

/// How many ordinals a batch has.
const BATCH: i64 = 2_000;

/// What was, what will be, and whom it may touch.
pub(super) struct Comparison {
    pub(super) old: Arc<Geography>,
    pub(super) new: Arc<Geography>,
    pub(super) changes: Changes,
    pub(super) today: Day,
}

/// What becomes of one person.
enum Fate {
    Same,
    Changed { district: bool },
    Unreadable,
}

/// Looks at everybody.
pub(super) async fn count(
    store: &Store,
    keys: &Keys,
    comparison: Comparison,
    progress: &Progress,
    shutdown: &CancellationToken,
) -> Result<PersonsReport, GeographyError> {
    let comparison = Arc::new(comparison);
    let persons = store.totals().await?.persons;
    let mut report = PersonsReport::default();
    for first in (1..=persons).step_by(BATCH as usize) {
        if shutdown.is_cancelled() {
            return Err(GeographyError::Stopped);
        }
        let done = (first - 1).unsigned_abs();
        let total = Some(persons.unsigned_abs());
        progress.send_replace(GeographyProgress::new(Step::Persons, done, total));
        let sources = store.sources(first, first + BATCH).await?;
        let (comparison, keys) = (Arc::clone(&comparison), keys.clone());
        let fates = tokio::task::spawn_blocking(move || {
            let fates = sources.par_iter().map(|source| comparison.fate(source, &keys));
            fates.collect::<Result<Vec<_>, _>>()
        });
        for fate in fates.await?? {
            report.looked_at += 1;
            match fate {
                Fate::Same => {}
                Fate::Changed { district } => {
                    report.changed += 1;
                    report.changed_district += u64::from(district);
                }
                Fate::Unreadable => report.unreadable += 1,
            }
        }
    }
    Ok(report)
}

impl Comparison {
    fn fate(&self, source: &StoredSource, keys: &Keys) -> Result<Fate, GeographyError> {
        let bound_to = source_associated_data(source.person);
        let json = keys.sealer.open(&source.sealed, &bound_to)?;
        let prepared = str::from_utf8(&json).ok().and_then(|json| prepare(json).ok());
        Ok(prepared.map_or(Fate::Unreadable, |document| self.compare(document.person)))
    }

    fn compare(&self, person: Person) -> Fate {
        let mut after = person.clone();
        if !self.changes.touch(&enrich_with_keys(&mut after, &self.new, self.today)) {
            return Fate::Same;
        }
        let mut before = person;
        enrich(&mut before, &self.old, self.today);
        if before == after {
            return Fate::Same;
        }
        Fate::Changed { district: serving(&before) != serving(&after) }
    }
}

/// The districts that serve a person, wherever they live or stay.
fn serving(person: &Person) -> Vec<Option<&str>> {
    let residential = person.residential_address.iter().map(|item| &item.urban_district_code);
    let present = person.present_address.iter().map(|item| &item.urban_district_code);
    let shared = person.shared_residence.iter().map(|item| &item.urban_district_code);
    residential.chain(present).chain(shared).map(Option::as_deref).collect()
}
