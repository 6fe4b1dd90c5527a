//! The register's state: the population, what has changed since, and the feed that tells of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::calendar::{Moment, Spelling, hex128};
use crate::change::Outcome;
use crate::dice::{Dice, mix};
use crate::freg::wire::Folkeregisterperson;
use crate::population::{DECADES, Lane, Population, RANKS, Series, Sex, TODAY};

/// Events kept; older ones are refused as the register refuses those past its retention.
const EVENTS_RETAINED: usize = 100_000;

/// A version of one person's document.
#[derive(Debug)]
pub(crate) struct Version {
    /// The person's place in the register: an index of the population; the new-born come after.
    pub(crate) entity: u64,
    pub(crate) document: u128,
    pub(crate) person: Folkeregisterperson,
}

/// One event of the feed.
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

/// The sequence asked for is older than what is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooOld;

/// Everything the register knows. Shared by all requests.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) population: Population,
    state: RwLock<State>,
    events_retained: usize,
}

#[derive(Debug, Default)]
struct State {
    /// The present version of everyone who has changed.
    changed: HashMap<u64, Arc<Version>>,
    /// Every version made by a change that an event still points at, or that is present.
    versions: HashMap<u128, Arc<Version>>,
    versions_made: u64,
    /// Numbers that lead elsewhere than the population says: of the new-born and the merged.
    numbers: HashMap<String, u64>,
    /// Who was merged into whom.
    merged: HashMap<u64, u64>,
    born: u64,
    events: VecDeque<Event>,
    /// The sequence the next event gets.
    next_sequence: i64,
}

impl World {
    /// The register on its first day, with one event in the feed.
    pub(crate) fn new(population: Population) -> World {
        World::with_retention(population, EVENTS_RETAINED)
    }

    /// A register that keeps so many events.
    pub(crate) fn with_retention(population: Population, events_retained: usize) -> World {
        let first = 11_000_000 + (mix(population.seed()) % 900_000) as i64;
        let mut state = State { next_sequence: first, ..State::default() };
        if population.persons() > 0 {
            let at = Moment::midnight(TODAY);
            let document = population.document_id(0);
            state.add_event(population.number(0), "endringIStatus", Some(document), at);
        }
        World { population, state: RwLock::new(state), events_retained }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many persons there are or have been, those merged away included.
    pub(crate) fn entities(&self) -> u64 {
        self.population.persons() + self.state().born
    }

    /// The person who has or had this number; after a merge the survivor.
    pub(crate) fn find(&self, number: &str) -> Option<Arc<Version>> {
        let entity = {
            let known = self.state().numbers.get(number).copied();
            known.or_else(|| self.population.index_of(number))?
        };
        let version = self.version(entity)?;
        version.person.lists(number).then_some(version)
    }

    /// The present version of a person, also of one who was merged away.
    pub(crate) fn version(&self, entity: u64) -> Option<Arc<Version>> {
        let changed = self.state().changed.get(&entity).cloned();
        changed.or_else(|| (entity < self.population.persons()).then(|| self.first(entity)))
    }

    fn first(&self, entity: u64) -> Arc<Version> {
        let document = self.population.document_id(entity);
        Arc::new(Version { entity, document, person: self.population.person(entity) })
    }

    /// The version with this document identifier, however old.
    pub(crate) fn archived(&self, document: u128) -> Option<Arc<Version>> {
        let kept = self.state().versions.get(&document).cloned();
        kept.or_else(|| self.population.index_of_document(document).map(|index| self.first(index)))
    }

    /// The person another was merged into.
    pub(crate) fn survivor(&self, entity: u64) -> Option<u64> {
        self.state().merged.get(&entity).copied()
    }

    /// Those who were merged into this person.
    pub(crate) fn merged_into(&self, survivor: u64) -> Option<u64> {
        let state = self.state();
        let found = state.merged.iter().filter(|(_, into)| **into == survivor);
        found.map(|(dead, _)| *dead).min()
    }

    /// Somebody who was merged away, the first in order, if there is any.
    pub(crate) fn any_merged(&self) -> Option<u64> {
        self.state().merged.keys().min().copied()
    }

    /// The present document of each person in a range, without those merged away.
    pub(crate) fn documents(&self, entities: std::ops::Range<u64>) -> Vec<u128> {
        let state = self.state();
        let living = entities.filter(|entity| !state.merged.contains_key(entity));
        let document = |entity: u64| match state.changed.get(&entity) {
            Some(version) => version.document,
            None => self.population.document_id(entity),
        };
        living.map(document).collect()
    }

    /// Up to `limit` events from a sequence on, it included.
    pub(crate) fn events(&self, from: i64, limit: usize) -> Result<Vec<Event>, TooOld> {
        let state = self.state();
        let first = state.events.front().map_or(state.next_sequence, |event| event.sequence);
        if from < first {
            return Err(TooOld);
        }
        let skip = usize::try_from(from - first).unwrap_or(usize::MAX);
        Ok(state.events.iter().skip(skip).take(limit).cloned().collect())
    }

    /// The newest event's sequence.
    pub(crate) fn last_sequence(&self) -> i64 {
        self.state().next_sequence - 1
    }

    /// A number nobody has, for a child born on a day or, when that day is full, the days before.
    pub(crate) fn free_lane(
        &self,
        born: crate::calendar::Day,
        sex: Sex,
        dice: &mut Dice,
    ) -> Option<Lane> {
        let state = self.state();
        let mut day = born;
        while day >= TODAY {
            for _ in 0..40 {
                let decade = dice.below(DECADES) as u8;
                let rank = dice.below(RANKS) as u8;
                let lane = Lane { born: day, sex, decade, rank };
                let number = lane.number(Series::National)?;
                if !state.numbers.contains_key(&number) {
                    return Some(lane);
                }
            }
            day = day.plus(-1);
        }
        None
    }

    /// Takes a change into the register: new versions, and its events in their order, as one step.
    pub(crate) fn commit(&self, outcome: Outcome) -> Vec<Event> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let seed = self.population.seed();
        let mut made = Vec::with_capacity(outcome.documents.len());
        for (entity, person) in outcome.documents {
            if entity >= self.population.persons() + state.born {
                state.born += 1;
                state.numbers.insert(person.number().to_owned(), entity);
            }
            made.push(state.add_version(seed, entity, person));
        }
        if let Some((dead, survivor, numbers)) = outcome.merged {
            state.merged.insert(dead, survivor);
            state.numbers.extend(numbers.into_iter().map(|number| (number, survivor)));
        }
        if let Some((restored, numbers)) = outcome.split {
            state.merged.remove(&restored);
            state.numbers.extend(numbers.into_iter().map(|number| (number, restored)));
        }
        let first = state.next_sequence;
        for news in outcome.announcements {
            let document = news.document.map(|position| made[position]);
            state.add_event(news.number, news.kind, document, news.at);
        }
        state.forget(self.events_retained);
        let new = state.events.iter().rev().take_while(|event| event.sequence >= first);
        let mut new: Vec<Event> = new.cloned().collect();
        new.reverse();
        new
    }
}

impl State {
    fn add_version(&mut self, seed: u64, entity: u64, person: Folkeregisterperson) -> u128 {
        self.versions_made += 1;
        let half = |what: u64| u128::from(mix(mix(seed ^ what) ^ self.versions_made));
        let document = (half(0xD0C1) << 64) | half(0xD0C2);
        let version = Arc::new(Version { entity, document, person });
        self.changed.insert(entity, version.clone());
        self.versions.insert(document, version);
        document
    }

    fn add_event(
        &mut self,
        number: String,
        kind: &'static str,
        person_document: Option<u128>,
        at: Moment,
    ) {
        let sequence = self.next_sequence;
        // The identifier follows from the sequence alone, as in every environment of the register.
        let half = |what: u64| u128::from(mix(what ^ sequence as u64));
        let thick = kind != "personErOppdatert";
        let event_document = thick.then(|| hex128((half(0xE1) << 64) | half(0xE2)));
        let at = at.write(Spelling { fraction: 3, ..Spelling::PLAIN });
        self.events.push_back(Event {
            sequence,
            number,
            kind,
            event_document,
            person_document,
            at,
        });
        self.next_sequence += 1;
    }

    /// Drops the oldest events, and the versions that only they pointed at.
    fn forget(&mut self, keep: usize) {
        while self.events.len() > keep {
            let document = self.events.pop_front().and_then(|event| event.person_document);
            let Some(version) = document.and_then(|document| self.versions.get(&document)) else {
                continue;
            };
            let present = self.changed.get(&version.entity);
            if present.is_none_or(|present| present.document != version.document) {
                let document = version.document;
                self.versions.remove(&document);
            }
        }
    }
}
