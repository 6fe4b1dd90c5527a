//! Comparing with KRR: what it says of a number, held against what is stored of that number. The
//! leave to send notices is none of it: time changes it, on both sides.

use std::collections::HashMap;

use register::id::IdentityNumber;
use sources::krr::difference::differing_fields;
use sources::krr::persons::Listed;
use store::{Candidate, ComparisonCounts, Cursor, StoredContact};

use super::Reconciler;
use crate::Keys;
use crate::apply::contact::contact_associated_data;
use crate::contacts::{self, FEED, LOOKUPS};
use crate::error::IngestError;
use crate::krr_client::Found;
use crate::record::RecordError;

/// What KRR answered, and what is stored by the time that all it had told of is applied.
struct Question {
    /// KRR's change before the question: the answers are at least as new.
    as_of: i64,
    answers: HashMap<IdentityNumber, Listed>,
    /// Whether who is not among the answers is known to be unknown to KRR.
    complete: bool,
    /// Everybody before this ordinal has been looked up by those who collect.
    looked_up: i64,
    stored: HashMap<IdentityNumber, StoredContact>,
}

/// Where somebody stands.
enum Verdict {
    Same,
    Undecided,
    Missing,
    Extra,
    Differing(Vec<&'static str>),
}

impl Reconciler<'_> {
    /// Looks persons up and compares what is said of the numbers they use.
    pub(super) async fn compare_with_krr(
        &self,
        persons: &[Candidate],
        repair: bool,
    ) -> Result<ComparisonCounts, IngestError> {
        let asked: Vec<Candidate> = persons.iter().filter(|person| !person.stub).cloned().collect();
        if asked.is_empty() {
            return Ok(ComparisonCounts::default());
        }
        let Some(question) = self.ask_krr(&asked).await? else {
            let undecided = asked.len() as i64;
            return Ok(ComparisonCounts { undecided, ..ComparisonCounts::default() });
        };
        let (as_of, keys) = (question.as_of, self.keys.clone());
        let finding = move || find(&asked, question, &keys);
        let (mut counts, repairs) = tokio::task::spawn_blocking(finding).await??;
        if repair && !repairs.is_empty() {
            let topic = self.config.kafka.contacts_topic.clone();
            let (into, keys) = (topic.clone(), self.keys.clone());
            let seal = move || contacts::seal(repairs, as_of, &into, &keys);
            counts.repaired = self.publish(&topic, seal).await?;
        }
        Ok(counts)
    }

    /// None where KRR's feed is not followed yet: then nobody knows how new anything is.
    async fn ask_krr(&self, asked: &[Candidate]) -> Result<Option<Question>, IngestError> {
        let (Some(krr), Some(feed)) = (&self.krr, self.store.cursor(FEED).await?) else {
            return Ok(None);
        };
        let looked_up = self.store.cursor(LOOKUPS).await?.map_or(0, |at| at.next_sequence);
        let numbers: Vec<IdentityNumber> =
            asked.iter().map(|candidate| candidate.number.clone()).collect();
        let as_of = feed.next_sequence;
        let Found { persons, unreadable, refused } = krr.persons(&numbers).await?;
        let last = krr.changes(as_of).await?.last;
        self.wait_for("KRR's changes", move || self.has_applied_of_krr(last)).await?;
        let numbers: Vec<&str> = numbers.iter().map(IdentityNumber::as_str).collect();
        let stored = self.store.contacts(&numbers).await?;
        Ok(Some(Question {
            as_of,
            answers: persons.into_iter().map(|listed| (listed.number.clone(), listed)).collect(),
            complete: unreadable == 0 && refused == 0,
            looked_up,
            stored: stored.into_iter().map(|contact| (contact.number.clone(), contact)).collect(),
        }))
    }

    /// Whether all of KRR's changes up to an id have been collected and applied.
    async fn has_applied_of_krr(&self, change: i64) -> Result<bool, IngestError> {
        let at = self.store.cursor(FEED).await?;
        let is_read = at.is_some_and(|Cursor { next_sequence, .. }| next_sequence >= change);
        Ok(is_read && contacts::all_is_applied(self.config, self.store, self.shutdown).await?)
    }
}

/// What a lot came to, and what puts it right.
fn find(
    asked: &[Candidate],
    mut question: Question,
    keys: &Keys,
) -> Result<(ComparisonCounts, Vec<Listed>), RecordError> {
    let (mut counts, mut repairs) = (ComparisonCounts::default(), Vec::new());
    for candidate in asked {
        let verdict = question.judge(candidate, keys)?;
        counts.compared += 1;
        match &verdict {
            Verdict::Same => continue,
            Verdict::Undecided => {
                counts.compared -= 1;
                counts.undecided += 1;
                continue;
            }
            Verdict::Missing => counts.missing += 1,
            Verdict::Extra => counts.extra += 1,
            Verdict::Differing(fields) => {
                counts.differing += 1;
                for field in fields {
                    *counts.by_element.entry((*field).to_owned()).or_default() += 1;
                }
            }
        }
        repairs.extend(question.answers.remove(&candidate.number));
    }
    Ok((counts, repairs))
}

impl Question {
    fn judge(&self, candidate: &Candidate, keys: &Keys) -> Result<Verdict, RecordError> {
        let number = &candidate.number;
        Ok(match (self.stored.get(number), self.answers.get(number)) {
            (Some(stored), _) if stored.as_of > self.as_of => Verdict::Undecided,
            (_, None) if !self.complete => Verdict::Undecided,
            (Some(_), None) => Verdict::Extra,
            (None, None) => Verdict::Same,
            // Those who collect have not come to it yet.
            (None, Some(_)) if candidate.ordinal >= self.looked_up => Verdict::Undecided,
            (None, Some(_)) => Verdict::Missing,
            (Some(stored), Some(listed)) => {
                let bound_to = contact_associated_data(number, keys);
                let ours = keys.sealer.open(&stored.sealed, &bound_to)?;
                let differing = differing_fields(&ours, listed.record.get().as_bytes());
                match differing.map_err(|_| RecordError::Format)? {
                    fields if fields.is_empty() => Verdict::Same,
                    fields => Verdict::Differing(fields),
                }
            }
        })
    }
}
