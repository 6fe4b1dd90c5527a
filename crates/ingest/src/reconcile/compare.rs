//! What FREG answers, held against what is stored. No I/O.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use register::id::{IdentityNumber, PersonId};
use serde_json::value::RawValue;
use sources::freg::bulk::BulkAnswer;
use store::{Candidate, PersonState};

use crate::apply::document::{PreparedDocument, prepare};
use crate::apply::identity::Working;

/// A document of FREG.
pub(super) struct Paper {
    pub(super) json: Box<RawValue>,
    pub(super) document: PreparedDocument,
}

/// What FREG says to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A document, by its place among the papers.
    Paper(usize),
    /// That there is nobody.
    Nobody,
    /// Nothing, or nothing that can be read.
    Nothing,
}

/// FREG's answers to one question.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) papers: Vec<Paper>,
    by_key: HashMap<String, Answer>,
    /// The papers by the numbers they list, and whether as in use: whoever has been merged away may
    /// be answered for under the survivor's number alone.
    by_listed: HashMap<IdentityNumber, (bool, usize)>,
}

impl Answers {
    /// Reads documents.
    pub(super) fn read(answers: Vec<BulkAnswer>) -> Answers {
        let mut read = Answers::default();
        for BulkAnswer { key, outcome } in answers {
            let answer = match outcome {
                Err(_) => Answer::Nobody,
                Ok(json) => read.take(json),
            };
            read.by_key.insert(key, answer);
        }
        read
    }

    fn take(&mut self, json: Box<RawValue>) -> Answer {
        let Ok(document) = prepare(json.get()) else { return Answer::Nothing };
        let place = self.papers.len();
        for listed in &document.numbers {
            let known = self.by_listed.entry(listed.number.clone()).or_insert((false, place));
            if listed.in_use && !known.0 {
                *known = (true, place);
            }
        }
        self.papers.push(Paper { json, document });
        Answer::Paper(place)
    }

    /// What was answered to a number.
    pub(super) fn to(&self, number: &IdentityNumber) -> Answer {
        let by_key = self.by_key.get(number.as_str()).copied();
        by_key.unwrap_or_else(|| {
            self.by_listed.get(number).map_or(Answer::Nothing, |(_, place)| Answer::Paper(*place))
        })
    }

    /// How many keys have no document that can be read.
    pub(super) fn without(&self) -> usize {
        self.by_key.values().filter(|answer| !matches!(answer, Answer::Paper(_))).count()
    }

    /// Every number that the documents list.
    pub(super) fn listed(&self) -> impl Iterator<Item = &IdentityNumber> {
        self.by_listed.keys()
    }
}

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As FREG has it.
    Same,
    /// That cannot be said: something newer is there, waits, or nothing was answered.
    Undecided,
    /// FREG has the person and the register has not.
    Missing,
    /// The register has the person and FREG has not.
    Extra,
    /// Both have the person, and the documents are not the same text: look into them.
    Look,
}

/// What is found of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// The person in the register.
    pub(super) person: Option<PersonId>,
    /// FREG's document, by its place among the papers.
    pub(super) paper: Option<usize>,
    /// Whether applying that document would put it right. Of two documents of the same age apply
    /// believes none over the other where it comes to whose a number is.
    pub(super) repairs: bool,
}

/// One question to FREG, and what the register has of those whom the answers speak of.
pub(super) struct Question {
    /// FREG's sequence before the question: the answers are at least as new.
    pub(super) as_of: i64,
    pub(super) answers: Answers,
    pub(super) working: Working,
    /// Numbers for which a record waits in the park: what is published of them would wait behind it.
    pub(super) parked: HashSet<IdentityNumber>,
}

impl Question {
    /// Where a person stands whose number was looked up.
    pub(super) fn judge_asked(&self, asked: &Candidate) -> Judged {
        let mut judged = Judged {
            verdict: Verdict::Undecided,
            person: Some(asked.id),
            paper: None,
            repairs: false,
        };
        let Some(state) = self.working.get(asked.id) else { return judged };
        if !self.is_settled(state) || state.stub != asked.stub {
            return judged;
        }
        let paper = match self.answers.to(&asked.number) {
            Answer::Nothing => return judged,
            Answer::Nobody if state.stub => return Judged { verdict: Verdict::Same, ..judged },
            Answer::Nobody => return Judged { verdict: Verdict::Extra, ..judged },
            Answer::Paper(paper) => paper,
        };
        judged.paper = Some(paper);
        let document = &self.answers.papers[paper].document;
        if self.waits(document) {
            return judged;
        }
        let owner = self.working.owner(&document.numbers, self.as_of);
        let mut listed = document.numbers.iter().filter(|l| l.number == state.primary_number);
        let listed = listed.next();
        (judged.verdict, judged.repairs) = match owner {
            // FREG has one again whom the register takes for a duplicate.
            Some(owner) if state.stub => {
                let is_back = owner == state.id && listed.is_some_and(|listed| listed.in_use);
                (if is_back { Verdict::Missing } else { Verdict::Same }, is_back)
            }
            None if state.stub => (Verdict::Same, false),
            Some(owner) if owner == state.id => (look(state, document), true),
            None if listed.is_some() => (look(state, document), false),
            // FREG answers with somebody else.
            Some(_) => (Verdict::Extra, state.as_of < self.as_of),
            None => (Verdict::Extra, true),
        };
        judged
    }

    /// Where the person stands whose document an extract holds.
    pub(super) fn judge_listed(&self, paper: usize) -> Judged {
        let document = &self.answers.papers[paper].document;
        let owner = self.working.owner(&document.numbers, self.as_of);
        // As new as the document, and with one of its numbers.
        let rival = || {
            let holders =
                document.numbers.iter().filter_map(|l| self.working.by_primary(&l.number));
            holders.filter_map(|id| self.working.get(id)).find(|state| !state.stub)
        };
        let state = owner.and_then(|id| self.working.get(id)).or_else(rival);
        let (verdict, repairs) = match state {
            _ if self.waits(document) || self.working.is_retired(&document.numbers, self.as_of) => {
                (Verdict::Undecided, false)
            }
            None => (Verdict::Missing, true),
            Some(state) if !self.is_settled(state) => (Verdict::Undecided, false),
            Some(state) if state.stub => (Verdict::Missing, true),
            Some(state) => (look(state, document), owner == Some(state.id)),
        };
        Judged { verdict, person: state.map(|state| state.id), paper: Some(paper), repairs }
    }

    fn waits(&self, document: &PreparedDocument) -> bool {
        document.numbers.iter().any(|listed| self.parked.contains(&listed.number))
    }

    /// Whether what is stored of a person is no newer than the question, and nothing waits.
    fn is_settled(&self, state: &PersonState) -> bool {
        !state.parked && state.as_of <= self.as_of
    }
}

fn look(state: &PersonState, document: &PreparedDocument) -> Verdict {
    let is_same = state.content_hash == Some(document.hash);
    if is_same { Verdict::Same } else { Verdict::Look }
}
