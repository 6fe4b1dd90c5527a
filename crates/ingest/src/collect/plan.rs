//! What to fetch for a page of the feed, and which records the page becomes. No I/O.
//!
//! ```text
//! feed page ─► Page::tidy ─► Plan::new ─► documents ─► take_documents ─► numbers ─► take_persons
//!                                                                              ─► into_records
//! ```

use std::collections::{BTreeMap, HashMap, HashSet};

use register::id::IdentityNumber;
use register::time::Instant;
use serde_json::value::RawValue;
use sources::freg::bulk::BulkAnswer;
use sources::freg::document::Document;
use sources::freg::event::{carries_document, must_refetch};
use sources::freg::feed::FeedEntry;
use store::Cursor;

use crate::record::{Carried, ChangeRecord};

/// How many events FREG puts on a page.
pub const PAGE_EVENTS: usize = 1000;

/// Where in the feed a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The first sequence that has not been collected.
    pub next: i64,
    /// Up to this sequence documents are fetched by number.
    pub by_number_until: i64,
    /// The sequence before `next` in our topic; none right after a bulk load.
    pub previous: Option<i64>,
}

impl Start {
    /// Where the cursor says that the next page begins.
    ///
    /// The cursor always stands right behind the last event that was published, unless a bulk load
    /// has put it where its extract begins (`after_load`).
    pub fn new(cursor: Cursor, after_load: bool) -> Start {
        Start {
            next: cursor.next_sequence,
            by_number_until: cursor.by_number_until,
            previous: (!after_load).then_some(cursor.next_sequence - 1),
        }
    }
}

/// A page of the feed in order, each sequence once, with what was odd about it.
#[derive(Debug, Default)]
pub struct Page {
    entries: Vec<FeedEntry>,
    /// Entries that stood after one with a higher sequence.
    pub misplaced: u64,
    /// Entries that came twice, or that lie before the sequence asked for.
    pub repeated: u64,
    /// Sequences that FREG left out, from the one asked for to the page's last.
    pub missing: u64,
    /// True when FREG sent as many events as a page holds, so that more may be waiting.
    pub full: bool,
}

impl Page {
    /// Puts in order what FREG answered when asked for the feed from `start`.
    pub fn tidy(mut entries: Vec<FeedEntry>, start: &Start) -> Page {
        let received = entries.len();
        let full = received >= PAGE_EVENTS;
        let misplaced = entries.windows(2).filter(|pair| pair[0].sequence > pair[1].sequence);
        let misplaced = misplaced.count() as u64;
        entries.sort_by_key(|entry| entry.sequence);
        entries.dedup_by_key(|entry| entry.sequence);
        entries.retain(|entry| entry.sequence >= start.next);
        let repeated = (received - entries.len()) as u64;
        // Right after a bulk load nothing is known of the sequences before the first entry.
        let mut last = start.previous;
        let mut missing = 0;
        for entry in &entries {
            missing += last.map_or(0, |last| entry.sequence.abs_diff(last) - 1);
            last = Some(entry.sequence);
        }
        Page { entries, misplaced, repeated, missing, full }
    }

    /// True when there is nothing to collect.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many events the page holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// When FREG wrote the newest of the events; their times do not rise along the feed.
    pub fn written_at(&self) -> Option<Instant> {
        self.entries.iter().filter_map(|entry| entry.registered_at).max()
    }

    /// The sequence of the last event; none on an empty page.
    pub fn last_sequence(&self) -> Option<i64> {
        self.entries.last().map(|entry| entry.sequence)
    }
}

/// The documents that a page needs, and those that have been found.
pub struct Plan {
    entries: Vec<FeedEntry>,
    lookups: Vec<Lookup>,
}

/// How the documents of a page were had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By their own id.
    pub by_id: u64,
    /// By their person's number.
    pub by_number: u64,
    /// Not at all.
    pub missing: u64,
}

/// One document to be had: the newest of a number in this page.
struct Lookup {
    number: IdentityNumber,
    /// Index of the entry that will carry the document.
    rides_on: usize,
    /// The sequence of the newest event that the document must cover.
    newest: i64,
    /// The document's id; none when the number itself must be looked up.
    document: Option<String>,
    by_number: bool,
    found: Option<Carried>,
}

impl Plan {
    /// Chooses the documents that the events of `page` need.
    ///
    /// The newest event of a number decides, and the document rides on the first, so that no event
    /// is applied before the data it announces. A ceased duplicate has no document and ends what
    /// came before it: events of the number after it get a document of their own, lest the
    /// duplicate's end be applied on top of a document that is newer than it.
    pub fn new(page: Page, by_number_until: i64) -> Plan {
        let mut lookups: Vec<Lookup> = Vec::new();
        let mut open: HashMap<&IdentityNumber, usize> = HashMap::new();
        for (index, entry) in page.entries.iter().enumerate() {
            if !carries_document(&entry.event_type) {
                open.remove(&entry.number);
                continue;
            }
            let at = *open.entry(&entry.number).or_insert_with(|| {
                lookups.push(Lookup::starting_at(index, entry));
                lookups.len() - 1
            });
            lookups[at].newest = entry.sequence;
            lookups[at].document = document_id(entry, by_number_until);
        }
        Plan { entries: page.entries, lookups }
    }

    /// Ids of the documents to fetch by id, each once.
    pub fn documents(&self) -> Vec<String> {
        let wanted = self.lookups.iter().filter_map(|lookup| lookup.document.as_ref());
        let mut seen = HashSet::new();
        wanted.filter(|id| seen.insert(*id)).cloned().collect()
    }

    /// Takes FREG's answers to [`Plan::documents`]. What it refused is left for its number.
    pub fn take_documents(&mut self, answers: Vec<BulkAnswer>) {
        let answers = by_key(answers);
        for lookup in &mut self.lookups {
            let Some(id) = lookup.document.take() else {
                continue;
            };
            lookup.found = answers.get(&id).map(|json| carried(json, lookup.newest));
        }
    }

    /// Numbers to look up, each once: to be asked for after [`Plan::take_documents`].
    pub fn numbers(&self) -> Vec<IdentityNumber> {
        let wanted = self.lookups.iter().filter(|lookup| lookup.found.is_none());
        let mut seen = HashSet::new();
        wanted.map(|lookup| &lookup.number).filter(|n| seen.insert(*n)).cloned().collect()
    }

    /// Takes FREG's answers to [`Plan::numbers`]. `last_sequence` is the newest of the feed, read
    /// before the numbers were looked up: the answers are at least that new.
    pub fn take_persons(&mut self, answers: Vec<BulkAnswer>, last_sequence: i64) {
        let answers = by_key(answers);
        let echoed = |number: &IdentityNumber| answers.contains_key(number.as_str());
        let survivors = if self.numbers().iter().all(echoed) {
            HashMap::new()
        } else {
            by_listed_number(&answers)
        };
        for lookup in self.lookups.iter_mut().filter(|lookup| lookup.found.is_none()) {
            // Lookups are never behind the feed, whatever the number of its head said.
            let as_of = last_sequence.max(lookup.newest);
            lookup.by_number = true;
            let number = lookup.number.as_str();
            let json =
                answers.get(number).map(|json| &**json).or_else(|| survivors.get(number).copied());
            let missing = Carried::Missing { as_of };
            lookup.found = Some(json.map_or(missing, |json| carried(json, as_of)));
        }
    }

    /// How the documents were had, so far.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for lookup in &self.lookups {
            match &lookup.found {
                Some(Carried::Document { .. }) if lookup.by_number => counts.by_number += 1,
                Some(Carried::Document { .. }) => counts.by_id += 1,
                _ => counts.missing += 1,
            }
        }
        counts
    }

    /// The page as records, in the feed's order. `previous` is the sequence of the record before.
    pub fn into_records(self, mut previous: Option<i64>) -> Vec<ChangeRecord> {
        let riding = |lookup: Lookup| {
            let missing = Carried::Missing { as_of: lookup.newest };
            (lookup.rides_on, lookup.found.unwrap_or(missing))
        };
        let mut documents: HashMap<usize, Carried> = self.lookups.into_iter().map(riding).collect();
        let record = |(index, entry): (usize, FeedEntry)| ChangeRecord {
            sequence: entry.sequence,
            previous_sequence: previous.replace(entry.sequence),
            number: entry.number.as_str().to_owned(),
            event_type: entry.event_type,
            document: documents.remove(&index).unwrap_or(Carried::Elsewhere),
        };
        self.entries.into_iter().enumerate().map(record).collect()
    }
}

impl Lookup {
    fn starting_at(index: usize, entry: &FeedEntry) -> Lookup {
        Lookup {
            number: entry.number.clone(),
            rides_on: index,
            newest: entry.sequence,
            document: None,
            by_number: false,
            found: None,
        }
    }
}

fn carried(json: &RawValue, as_of: i64) -> Carried {
    Carried::Document { as_of, json: json.to_owned() }
}

/// The id by which the event's document is fetched; none when its number must be looked up.
fn document_id(entry: &FeedEntry, by_number_until: i64) -> Option<String> {
    let by_number = must_refetch(&entry.event_type) || entry.sequence <= by_number_until;
    entry.person_document.clone().filter(|_| !by_number)
}

fn by_key(answers: Vec<BulkAnswer>) -> BTreeMap<String, Box<RawValue>> {
    let found = answers.into_iter().filter_map(|answer| Some((answer.key, answer.outcome.ok()?)));
    found.collect()
}

/// The documents by every number they list: a number that was merged away may be answered under
/// its survivor's number alone. A document that lists the number as in use comes before others.
fn by_listed_number(answers: &BTreeMap<String, Box<RawValue>>) -> HashMap<String, &RawValue> {
    let mut by_number: HashMap<String, (bool, &RawValue)> = HashMap::new();
    for json in answers.values() {
        let Ok(document) = Document::read(json.get().as_bytes()) else {
            continue;
        };
        for listed in document.numbers() {
            let known = by_number.entry(listed.number.into_string()).or_insert((false, json));
            if listed.in_use && !known.0 {
                *known = (true, json);
            }
        }
    }
    by_number.into_iter().map(|(number, (_, json))| (number, json)).collect()
}
