//! Comparing with FREG: the answers to one question, all the way to what is published.

use std::collections::{HashMap, HashSet};

use register::id::{IdentityNumber, PersonId};
use sources::freg::bulk::BulkAnswer;
use sources::freg::difference::differing_elements;
use store::{Candidate, ComparisonCounts, SourceDocument};

use super::Reconciler;
use super::compare::{Answers, Judged, Question, Verdict};
use crate::Keys;
use crate::apply::identity::Working;
use crate::apply::render::source_associated_data;
use crate::bulk::records::seal_document;
use crate::error::IngestError;
use crate::record::RecordError;

/// How many persons of a lot whom FREG does not have are named in the log.
const NAMED_MAX: usize = 20;

impl Reconciler<'_> {
    /// Looks persons up and compares them.
    pub(super) async fn compare_with_freg(
        &self,
        asked: &[Candidate],
        repair: bool,
    ) -> Result<ComparisonCounts, IngestError> {
        if asked.is_empty() {
            return Ok(ComparisonCounts::default());
        }
        let numbers: Vec<IdentityNumber> =
            asked.iter().map(|candidate| candidate.number.clone()).collect();
        // Read before the lookup: the answers are then at least as new.
        let as_of = self.freg.last_sequence().await?;
        let answers = self.freg.by_number(&numbers).await?;
        let question = self.question(as_of, answers, &numbers).await?;
        let judged = asked.iter().map(|candidate| question.judge_asked(candidate)).collect();
        self.settle(judged, question, repair).await
    }

    /// Takes FREG's answers, and reads what the register has when it has applied all that FREG had
    /// told of by then.
    pub(super) async fn question(
        &self,
        as_of: i64,
        answers: Vec<BulkAnswer>,
        asked: &[IdentityNumber],
    ) -> Result<Question, IngestError> {
        let head = self.freg.last_sequence().await?;
        let answers = tokio::task::spawn_blocking(move || Answers::read(answers)).await?;
        self.wait_for("FREG's changes", move || self.has_applied(head)).await?;
        let numbers: HashSet<&str> =
            asked.iter().chain(answers.listed()).map(IdentityNumber::as_str).collect();
        let numbers: Vec<&str> = numbers.into_iter().collect();
        let retired = self.store.retired_numbers(&numbers).await?;
        let parked = self.store.parked_numbers(&numbers).await?.into_iter().collect();
        let states = self.store.load_states(&numbers).await?;
        Ok(Question { as_of, answers, working: Working::new(states, retired), parked })
    }

    /// Whether all of FREG's changes up to a sequence have been applied.
    async fn has_applied(&self, sequence: i64) -> Result<bool, IngestError> {
        let topic = &self.config.kafka.changes_topic;
        let positions = self.store.positions().await?;
        let at = positions.into_iter().find(|at| at.topic == *topic);
        Ok(at.and_then(|at| at.last_sequence).unwrap_or(0) >= sequence)
    }

    /// Looks into the documents that are not the same text, counts, and publishes what puts the
    /// persons right.
    pub(super) async fn settle(
        &self,
        judged: Vec<Judged>,
        question: Question,
        repair: bool,
    ) -> Result<ComparisonCounts, IngestError> {
        let looked_at = judged.iter().filter(|judged| judged.verdict == Verdict::Look);
        let ids: Vec<PersonId> = looked_at.filter_map(|judged| judged.person).collect();
        let stored: HashMap<_, _> = match ids.is_empty() {
            true => HashMap::new(),
            false => self.store.source_documents(&ids).await?.into_iter().collect(),
        };
        name_extras(&judged);
        let keys = self.keys.clone();
        let finding =
            move || find(&judged, &question, &stored, &keys).map(|found| (found, question));
        let (Found { mut counts, repairs }, question) =
            tokio::task::spawn_blocking(finding).await??;
        if repair && !repairs.is_empty() {
            let topic = self.config.kafka.snapshot_topic.clone();
            let (keys, into) = (self.keys.clone(), topic.clone());
            let Question { as_of, answers, .. } = question;
            let seal = move || {
                let papers = answers.papers.into_iter().enumerate();
                let wanted = papers.filter(|(place, _)| repairs.contains(place));
                let sealed = wanted
                    .map(|(_, paper)| seal_document("", Some(paper.json), as_of, &into, &keys));
                sealed.collect()
            };
            counts.repaired = self.publish(&topic, seal).await?;
        }
        Ok(counts)
    }
}

/// What a lot came to, and which papers put it right.
struct Found {
    counts: ComparisonCounts,
    repairs: HashSet<usize>,
}

fn find(
    judged: &[Judged],
    question: &Question,
    stored: &HashMap<PersonId, SourceDocument>,
    keys: &Keys,
) -> Result<Found, RecordError> {
    let mut found = Found { counts: ComparisonCounts::default(), repairs: HashSet::new() };
    let counts = &mut found.counts;
    for judged in judged {
        let mut is_wrong = true;
        match judged.verdict {
            Verdict::Undecided => {
                counts.undecided += 1;
                continue;
            }
            Verdict::Same => is_wrong = false,
            Verdict::Missing => counts.missing += 1,
            Verdict::Extra => counts.extra += 1,
            Verdict::Look => match differing(judged, question, stored, keys)? {
                None => {
                    counts.undecided += 1;
                    continue;
                }
                Some(elements) if elements.is_empty() => is_wrong = false,
                Some(elements) => {
                    counts.differing += 1;
                    for element in elements {
                        *counts.by_element.entry(element.to_owned()).or_default() += 1;
                    }
                }
            },
        }
        counts.compared += 1;
        found.repairs.extend(judged.paper.filter(|_| is_wrong && judged.repairs));
    }
    Ok(found)
}

/// The elements that differ; none when the register has got something newer since it was read.
fn differing(
    judged: &Judged,
    question: &Question,
    stored: &HashMap<PersonId, SourceDocument>,
    keys: &Keys,
) -> Result<Option<Vec<&'static str>>, RecordError> {
    let (Some(person), Some(paper)) = (judged.person, judged.paper) else { return Ok(None) };
    let ours = match stored.get(&person) {
        Some(source) if source.as_of > question.as_of => return Ok(None),
        Some(source) => keys.sealer.open(&source.sealed, &source_associated_data(person))?,
        // Nothing that could be read has come yet.
        None => b"{}".to_vec(),
    };
    let theirs = question.answers.papers[paper].json.get();
    // What was read as a document before is one.
    differing_elements(&ours, theirs.as_bytes()).map(Some).map_err(|_| RecordError::Format)
}

/// Somebody for whom FREG has no document at all is for a person to look into.
fn name_extras(judged: &[Judged]) {
    let is_unknown = |judged: &&Judged| judged.verdict == Verdict::Extra && judged.paper.is_none();
    let extras = judged.iter().filter(is_unknown);
    for person in extras.filter_map(|judged| judged.person).take(NAMED_MAX) {
        tracing::warn!(person = %person.0, "FREG does not have a person of the register");
    }
}
