//! The register's state: the population, what has changed since, and the feed that tells of it.

mod feed;
mod version;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) use feed::Event;
pub(crate) use version::Version;

use crate::calendar::{Day, Moment};
use crate::change::{Announcement, Correction, Hand, Mass, Outcome};
use crate::dice::{Dice, mix};
use crate::freg::wire::Folkeregisterperson;
use crate::population::{DECADES, Lane, Population, RANKS, Series, Sex, TODAY};
use feed::{Entry, Feed, Piece};
use version::{mass_document, mass_of_document};

/// Single events kept; older ones are refused as the register refuses those past its retention.
const EVENTS_RETAINED: usize = 100_000;
/// How many of those who changed last are remembered.
const LATELY: usize = 256;
/// The most ranks a decade of numbers can have on any date.
const RANKS_MAX: u64 = 5;
/// How many persons a search looks at before it tells how far it has come.
const SCAN_STEP: u64 = 1_000;
/// How far back a free number is looked for when the days before are full.
const DAYS_BACK: i32 = 1_000;

/// The sequence asked for is older than what is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooOld;

/// Everything the register knows. Shared by all requests.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) population: Population,
    state: RwLock<State>,
    scan: Mutex<Option<Scan>>,
    events_retained: usize,
}

/// How far the search for those whom a correction concerns has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// The correction's name.
    pub(crate) correction: &'static str,
    /// How many persons have been looked at.
    pub(crate) persons: u64,
}

#[derive(Debug, Default)]
struct State {
    /// The present version of everyone who has changed, but for what masses did since.
    changed: HashMap<u64, Arc<Version>>,
    /// Every version made by a change that an event still points at, or that is present.
    versions: HashMap<u128, Arc<Version>>,
    versions_made: u64,
    /// Numbers that lead elsewhere than the population says: of the new-born and the merged.
    numbers: HashMap<String, u64>,
    /// Who was merged into whom.
    merged: HashMap<u64, u64>,
    born: u64,
    feed: Feed,
    masses: Vec<Arc<Mass>>,
    /// By mass, the documents it made that a later change had to keep.
    kept_of_masses: HashMap<usize, Vec<u128>>,
    /// Who changed last, newest first.
    lately: VecDeque<u64>,
}

impl World {
    /// The register on its first day, with one event in the feed.
    pub(crate) fn new(population: Population) -> World {
        World::with_retention(population, EVENTS_RETAINED)
    }

    /// A register that keeps so many events.
    pub(crate) fn with_retention(population: Population, events_retained: usize) -> World {
        let first = 11_000_000 + (mix(population.seed()) % 900_000) as i64;
        let mut state = State { feed: Feed::from(first), ..State::default() };
        if population.persons() > 0 {
            let at = Moment::midnight(TODAY);
            let number = population.number(0);
            let news = Announcement { number, kind: "endringIStatus", document: None, at };
            state.feed.add(&news, Some(population.document_id(0)));
        }
        World { population, state: RwLock::new(state), scan: Mutex::default(), events_retained }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
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
        let (changed, masses) = {
            let state = self.state();
            let changed = state.changed.get(&entity).cloned();
            let from = changed.as_ref().map_or(0, |version| version.masses);
            (changed, state.masses[from..].to_vec())
        };
        let start = changed.or_else(|| self.first(entity))?;
        Some(self.through(&start, &masses).pop().unwrap_or(start))
    }

    /// The version that everybody begins with but the new-born.
    fn first(&self, entity: u64) -> Option<Arc<Version>> {
        (entity < self.population.persons()).then(|| {
            let document = self.population.document_id(entity);
            let person = self.population.person(entity);
            Arc::new(Version { entity, document, person, serial: 0, masses: 0 })
        })
    }

    /// What masses make of a version, one after the other.
    fn through(&self, start: &Arc<Version>, masses: &[Arc<Mass>]) -> Vec<Arc<Version>> {
        let mut made: Vec<Arc<Version>> = Vec::new();
        for mass in masses {
            let before = made.last().unwrap_or(start);
            made.extend(before.after(mass, self.population.seed()).map(Arc::new));
        }
        made
    }

    /// The version with this document identifier, however old.
    pub(crate) fn archived(&self, document: u128) -> Option<Arc<Version>> {
        if let Some(kept) = self.state().versions.get(&document) {
            return Some(kept.clone());
        }
        if let Some(index) = self.population.index_of_document(document) {
            return self.first(index);
        }
        let (number, entity) = mass_of_document(self.population.seed(), document)?;
        let (changed, masses) = {
            let state = self.state();
            let changed = state.changed.get(&entity).cloned();
            let from = changed.as_ref().map_or(0, |version| version.masses);
            // What a mass made before the last change was kept by that change.
            (changed, state.masses.get(from..=number)?.to_vec())
        };
        let start = changed.or_else(|| self.first(entity))?;
        self.through(&start, &masses).pop().filter(|version| version.document == document)
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

    /// Who changed last, newest first.
    pub(crate) fn changed_lately(&self) -> Vec<u64> {
        self.state().lately.iter().copied().collect()
    }

    /// The present document of each person in a range, without those merged away.
    pub(crate) fn documents(&self, entities: std::ops::Range<u64>) -> Vec<u128> {
        let state = self.state();
        let living = entities.filter(|entity| !state.merged.contains_key(entity));
        let document = |entity: u64| {
            let changed = state.changed.get(&entity);
            let from = changed.map_or(0, |version| version.masses);
            let mut masses = state.masses[from..].iter().rev();
            match (masses.find(|mass| mass.position(entity).is_some()), changed) {
                (Some(mass), _) => mass_document(self.population.seed(), mass.index, entity),
                (None, Some(version)) => version.document,
                (None, None) => self.population.document_id(entity),
            }
        };
        living.map(document).collect()
    }

    /// Up to `limit` events from a sequence on, it included.
    pub(crate) fn events(&self, from: i64, limit: usize) -> Result<Vec<Event>, TooOld> {
        let pieces = {
            let state = self.state();
            if from < state.feed.first() {
                return Err(TooOld);
            }
            state.feed.page(from, limit)
        };
        let mut events = Vec::new();
        for piece in pieces {
            match piece {
                Piece::One(record) => events.push(record.tell()),
                Piece::Mass { first, mass, positions } => {
                    events.extend(positions.map(|at| self.mass_event(first, &mass, at)));
                }
            }
        }
        Ok(events)
    }

    /// The event of one person in a mass.
    fn mass_event(&self, first: i64, mass: &Mass, position: usize) -> Event {
        let entity = u64::from(mass.entities[position]);
        let document = mass_document(self.population.seed(), mass.index, entity);
        let changed = self.state().changed.contains_key(&entity);
        let number = if changed {
            // The number that the person had then.
            let then = self.archived(document).or_else(|| self.version(entity));
            then.map(|version| version.person.number().to_owned()).unwrap_or_default()
        } else {
            self.population.number(entity)
        };
        let kind = mass.correction.event.unwrap_or_default();
        let document = (kind != "personErOppdatert").then_some(document);
        Event::new(first + position as i64, number, kind, document, mass.time(position))
    }

    /// The newest event's sequence.
    pub(crate) fn last_sequence(&self) -> i64 {
        self.state().feed.last()
    }

    /// Leaves out so many sequences before the next event.
    pub(crate) fn skip_sequences(&self, sequences: u32) {
        self.state_mut().feed.skip(sequences);
    }

    /// Stamps so many events to come days before they happen.
    pub(crate) fn stamp_late(&self, events: u32) {
        self.state_mut().feed.stamp_late(events);
    }

    /// Drops so many of the oldest events that are held one by one, and what comes before them.
    pub(crate) fn forget_oldest(&self, events: u32) {
        let mut state = self.state_mut();
        let keep = state.feed.singles().saturating_sub(events as usize);
        state.forget(keep);
    }

    /// A lane nobody has, of somebody registered on a day or, when that day is full, the days
    /// before. Up to the population's own day it is of the ranks that the population leaves free.
    pub(crate) fn free_lane(&self, born: Day, sex: Sex, dice: &mut Dice) -> Option<Lane> {
        let free = |number: String| {
            !self.state().numbers.contains_key(&number) && self.find(&number).is_none()
        };
        (0..DAYS_BACK).map(|days| born.plus(-days)).find_map(|born| {
            let ranks = if born > TODAY { 0..RANKS } else { RANKS..RANKS_MAX };
            (0..40).find_map(|_| {
                let decade = dice.below(DECADES) as u8;
                let rank = (ranks.start + dice.below(ranks.end - ranks.start)) as u8;
                let lane = Lane { born, sex, decade, rank };
                let numbers = [lane.number(Series::National)?, lane.number(Series::D)?];
                numbers.into_iter().all(free).then_some(lane)
            })
        })
    }

    /// A national number that nobody has or can get, for somebody born on a day: of the ranks that
    /// the population leaves free where a date has them.
    pub(crate) fn free_number(&self, born: Day, sex: Sex, dice: &mut Dice) -> Option<String> {
        (0..400).find_map(|_| {
            let decade = dice.below(DECADES) as u8;
            let rank = (RANKS + dice.below(RANKS_MAX - RANKS)) as u8;
            let number = Lane { born, sex, decade, rank }.number(Series::National)?;
            self.find(&number).is_none().then_some(number)
        })
    }

    /// Whom a correction concerns: up to `count`, in order, each tried on the present version.
    pub(crate) fn whom(&self, correction: &Correction, count: u64, now: Moment) -> Vec<u32> {
        let entities = self.entities().min(u64::from(u32::MAX));
        let mut found = Vec::new();
        for entity in 0..entities {
            if found.len() as u64 >= count {
                break;
            }
            if entity % SCAN_STEP == 0 {
                self.set_scan(Some(Scan { correction: correction.name, persons: entity }));
            }
            if self.concerns(correction, entity, now) {
                found.push(entity as u32);
            }
        }
        self.set_scan(None);
        found
    }

    /// Puts right what [`World::whom`] found, for those who changed while it looked: since so many
    /// versions had been made.
    pub(crate) fn look_again(
        &self,
        correction: &Correction,
        versions: u64,
        now: Moment,
        found: &mut Vec<u32>,
    ) {
        let (again, merged) = {
            let state = self.state();
            let changed = state.changed.values().filter(|version| version.serial > versions);
            let again: HashSet<u64> = changed.map(|version| version.entity).collect();
            (again, state.merged.clone())
        };
        found.retain(|entity| {
            let entity = u64::from(*entity);
            !again.contains(&entity) && !merged.contains_key(&entity)
        });
        let changed = again.into_iter().filter(|entity| self.concerns(correction, *entity, now));
        found.extend(changed.filter_map(|entity| u32::try_from(entity).ok()));
        found.sort_unstable();
    }

    /// Whether a correction does anything to a person.
    fn concerns(&self, correction: &Correction, entity: u64, now: Moment) -> bool {
        let version = self.version(entity).filter(|_| self.survivor(entity).is_none());
        version.is_some_and(|version| {
            let kept = Arc::try_unwrap(version);
            let mut person = kept.map_or_else(|kept| kept.person.clone(), |own| own.person);
            let mut dice = Dice::new(&[entity]);
            (correction.edit)(&mut person, &mut Hand { now, dice: &mut dice })
        })
    }

    /// How many versions changes have made so far.
    pub(crate) fn versions_made(&self) -> u64 {
        self.state().versions_made
    }

    /// The search for those whom a correction concerns, while there is one.
    pub(crate) fn scan(&self) -> Option<Scan> {
        *self.scan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_scan(&self, scan: Option<Scan>) {
        *self.scan.lock().unwrap_or_else(PoisonError::into_inner) = scan;
    }

    /// Takes a mass into the register, and its events if it has any, as one step.
    pub(crate) fn commit_mass(
        &self,
        correction: &'static Correction,
        entities: Vec<u32>,
        at: Moment,
    ) -> Arc<Mass> {
        let mut state = self.state_mut();
        let index = state.masses.len();
        let first = correction.event.is_some().then(|| state.feed.next());
        let mass = Arc::new(Mass { correction, index, entities, at, first });
        state.masses.push(mass.clone());
        if first.is_some() {
            state.feed.add_mass(mass.clone());
        }
        mass
    }

    /// Takes a change into the register: new versions, and its events in their order, as one step.
    pub(crate) fn commit(&self, outcome: Outcome) -> Vec<Event> {
        let mut state = self.state_mut();
        let seed = self.population.seed();
        let mut made = Vec::with_capacity(outcome.documents.len());
        for (entity, person) in outcome.documents {
            if entity >= self.population.persons() + state.born {
                state.born += 1;
            }
            let in_use = person.number().to_owned();
            if self.population.index_of(&in_use) != Some(entity) {
                state.numbers.insert(in_use, entity);
            }
            self.keep_masses(&mut state, entity);
            made.push(state.add_version(seed, entity, person));
        }
        state.numbers.extend(outcome.leads);
        if let Some((dead, survivor)) = outcome.merged {
            state.merged.insert(dead, survivor);
        }
        if let Some(restored) = outcome.restored {
            state.merged.remove(&restored);
        }
        let first = state.feed.next();
        for news in &outcome.announcements {
            state.feed.add(news, news.document.map(|position| made[position]));
        }
        let new = state.feed.page(first, usize::MAX);
        state.forget(self.events_retained);
        let told = new.iter().filter_map(|piece| match piece {
            Piece::One(record) => Some(record.tell()),
            Piece::Mass { .. } => None,
        });
        told.collect()
    }

    /// Keeps what masses made of a person since the last change, before the next change.
    fn keep_masses(&self, state: &mut State, entity: u64) {
        let changed = state.changed.get(&entity).cloned();
        let from = changed.as_ref().map_or(0, |version| version.masses);
        let masses: Vec<Arc<Mass>> = state.masses[from..].to_vec();
        if !masses.iter().any(|mass| mass.position(entity).is_some()) {
            return;
        }
        let Some(start) = changed.or_else(|| self.first(entity)) else { return };
        for version in self.through(&start, &masses) {
            let kept = state.kept_of_masses.entry(version.masses - 1).or_default();
            kept.push(version.document);
            state.versions.insert(version.document, version);
        }
    }
}

impl State {
    fn add_version(&mut self, seed: u64, entity: u64, person: Folkeregisterperson) -> u128 {
        self.versions_made += 1;
        let half = |what: u64| u128::from(mix(mix(seed ^ what) ^ self.versions_made));
        let document = (half(0xD0C1) << 64) | half(0xD0C2);
        let masses = self.masses.len();
        let serial = self.versions_made;
        let version = Arc::new(Version { entity, document, person, serial, masses });
        self.changed.insert(entity, version.clone());
        self.versions.insert(document, version);
        self.lately.retain(|known| *known != entity);
        self.lately.push_front(entity);
        self.lately.truncate(LATELY);
        document
    }

    /// Drops the oldest events, and the versions that only they pointed at.
    fn forget(&mut self, keep: usize) {
        for entry in self.feed.forget(keep) {
            match entry {
                Entry::One(record) => {
                    if let Some(document) = record.document {
                        self.forget_version(document.get());
                    }
                }
                Entry::Mass { mass, .. } => {
                    for document in self.kept_of_masses.remove(&mass.index).unwrap_or_default() {
                        self.forget_version(document);
                    }
                }
            }
        }
    }

    fn forget_version(&mut self, document: u128) {
        let Some(version) = self.versions.get(&document) else { return };
        let present = self.changed.get(&version.entity);
        if present.is_none_or(|present| present.document != document) {
            self.versions.remove(&document);
        }
    }
}
