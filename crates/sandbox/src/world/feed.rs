//! The feed as it is held: eighty bytes for an event, and for a mass of them what the mass holds.

use std::collections::VecDeque;
use std::num::NonZeroU128;
use std::sync::Arc;

use crate::calendar::{Moment, Spelling, hex128};
use crate::change::{Announcement, Mass};
use crate::dice::mix;

/// A day, in seconds.
const DAY: i64 = 86_400;

/// One event of the feed, as it is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) sequence: i64,
    pub(crate) number: String,
    pub(crate) kind: &'static str,
    /// Missing for the kinds that have no event document.
    pub(crate) event_document: Option<String>,
    pub(crate) person_document: Option<u128>,
    pub(crate) at: String,
}

impl Event {
    /// The event with this sequence, everything that follows from it filled in.
    pub(crate) fn new(
        sequence: i64,
        number: String,
        kind: &'static str,
        person_document: Option<u128>,
        at: Moment,
    ) -> Event {
        // The identifier follows from the sequence alone, as in every environment of the register.
        let half = |what: u64| u128::from(mix(what ^ sequence as u64));
        let thick = kind != "personErOppdatert";
        let event_document = thick.then(|| hex128((half(0xE1) << 64) | half(0xE2)));
        let at = at.write(Spelling { fraction: 3, ..Spelling::PLAIN });
        Event { sequence, number, kind, event_document, person_document, at }
    }
}

/// One event, held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    sequence: i64,
    number: [u8; 11],
    kind: &'static str,
    pub(crate) document: Option<NonZeroU128>,
    at: Moment,
}

impl Record {
    /// The event as it is told.
    pub(crate) fn tell(&self) -> Event {
        let number = String::from_utf8_lossy(&self.number).into_owned();
        let document = self.document.map(NonZeroU128::get);
        Event::new(self.sequence, number, self.kind, document, self.at)
    }
}

/// What stands in the feed: an event, or the events of a mass from a sequence on.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    One(Record),
    Mass { first: i64, mass: Arc<Mass> },
}

impl Entry {
    /// The sequence of its first event.
    pub(crate) fn first(&self) -> i64 {
        match self {
            Entry::One(record) => record.sequence,
            Entry::Mass { first, .. } => *first,
        }
    }

    /// The sequence of its last event.
    pub(crate) fn last(&self) -> i64 {
        match self {
            Entry::One(record) => record.sequence,
            Entry::Mass { first, mass } => first + mass.entities.len() as i64 - 1,
        }
    }
}

/// A piece of a page: an event, or some events of a mass.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    One(Record),
    Mass { first: i64, mass: Arc<Mass>, positions: std::ops::Range<usize> },
}

/// The events that are kept, in order.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    entries: VecDeque<Entry>,
    /// Events that are held one by one.
    singles: usize,
    /// The sequence the next event gets.
    next: i64,
    /// So many events to come are stamped days before they happen.
    late: u32,
}

impl Feed {
    /// A feed whose first event has this sequence.
    pub(crate) fn from(next: i64) -> Feed {
        Feed { next, ..Feed::default() }
    }

    /// The sequence the next event gets.
    pub(crate) fn next(&self) -> i64 {
        self.next
    }

    /// The newest event's sequence, the one before the first if there is none.
    pub(crate) fn last(&self) -> i64 {
        self.entries.back().map_or(self.next - 1, Entry::last)
    }

    /// The oldest sequence that is kept.
    pub(crate) fn first(&self) -> i64 {
        self.entries.front().map_or(self.next, Entry::first)
    }

    /// How many events are held one by one.
    pub(crate) fn singles(&self) -> usize {
        self.singles
    }

    /// Leaves out so many sequences before the next event.
    pub(crate) fn skip(&mut self, sequences: u32) {
        self.next += i64::from(sequences);
    }

    /// Stamps so many events to come days before they happen.
    pub(crate) fn stamp_late(&mut self, events: u32) {
        self.late += events;
    }

    /// Adds an event.
    pub(crate) fn add(&mut self, news: &Announcement, document: Option<u128>) {
        let mut number = *b"00000000000";
        let digits = news.number.as_bytes();
        let length = digits.len().min(number.len());
        number[..length].copy_from_slice(&digits[..length]);
        let mut at = news.at;
        if self.late > 0 {
            self.late -= 1;
            at = at.plus(-DAY * (1 + i64::from(self.late % 5)));
        }
        let sequence = self.next;
        let document = document.and_then(NonZeroU128::new);
        let record = Record { sequence, number, kind: news.kind, document, at };
        self.entries.push_back(Entry::One(record));
        self.singles += 1;
        self.next += 1;
    }

    /// Adds the events of a mass.
    pub(crate) fn add_mass(&mut self, mass: Arc<Mass>) {
        let first = self.next;
        self.next += mass.entities.len() as i64;
        self.entries.push_back(Entry::Mass { first, mass });
    }

    /// The entries that are dropped so that no more than `keep` single events remain.
    pub(crate) fn forget(&mut self, keep: usize) -> Vec<Entry> {
        let mut dropped = Vec::new();
        while self.singles > keep {
            let Some(entry) = self.entries.pop_front() else { break };
            self.singles -= usize::from(matches!(entry, Entry::One(_)));
            dropped.push(entry);
        }
        dropped
    }

    /// Up to `limit` events from a sequence on, it included, in pieces.
    pub(crate) fn page(&self, from: i64, limit: usize) -> Vec<Piece> {
        let mut left = limit;
        let mut pieces = Vec::new();
        let start = self.entries.partition_point(|entry| entry.last() < from);
        for entry in self.entries.range(start..) {
            if left == 0 {
                break;
            }
            match entry {
                Entry::One(record) => {
                    pieces.push(Piece::One(*record));
                    left -= 1;
                }
                Entry::Mass { first, mass } => {
                    let begin = usize::try_from(from - first).unwrap_or(0);
                    let end = mass.entities.len().min(begin + left);
                    left -= end - begin;
                    let (first, mass) = (*first, mass.clone());
                    pieces.push(Piece::Mass { first, mass, positions: begin..end });
                }
            }
        }
        pieces
    }
}
