//! KRR's state: what has changed since the start, and the feed that tells of it.
//!
//! Everybody's first record has a place in the feed too, in an order of its own, so that one who
//! begins at 0 gets the whole register. None of those is stored.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::contact::{Contact, Status};
use super::derive::{self, Holder};
use super::follow::Waiting;
use crate::calendar::Moment;
use crate::dice::{Dice, mix};
use crate::freg::wire::Folkeregisterperson;
use crate::population::Lane;
use crate::world::World;

/// Change ids lie above what 32 bits hold.
const FIRST_ID: i64 = 4_300_000_000;
/// Persons in a page, until somebody asks for another number.
const PAGE: usize = 1000;
/// Steps through the population that leave nobody out, if they do not divide its size.
const STRIDES: [i64; 2] = [7_919, 7_907];

/// The register of contact details. Shared by all requests.
pub(crate) struct Krr {
    pub(super) world: Arc<World>,
    start: Moment,
    /// The id before that of the first record.
    zero: i64,
    state: RwLock<State>,
}

struct State {
    changes: BTreeMap<i64, Arc<Contact>>,
    trails: HashMap<String, Trail>,
    /// What has silently taken the place of the record that a number began with.
    replaced: HashMap<String, Contact>,
    last: i64,
    page: usize,
    waiting: VecDeque<Waiting>,
    /// How many changes FREG has made.
    steps: u64,
}

/// The changes of a number that are kept.
struct Trail {
    newest: i64,
    before: Option<i64>,
}

/// Some of the feed.
pub(crate) struct Page {
    /// In no order.
    pub(crate) list: Vec<Arc<Contact>>,
    /// The id of the last change that the page has looked at.
    pub(crate) to: i64,
    /// The newest change.
    pub(crate) last: i64,
}

impl Krr {
    /// The register as it is at `start`.
    pub(crate) fn new(world: Arc<World>, start: Moment) -> Krr {
        let population = &world.population;
        let zero = FIRST_ID + (mix(population.seed() ^ 0x3477) % 900_000) as i64;
        let state = State {
            changes: BTreeMap::new(),
            trails: HashMap::new(),
            replaced: HashMap::new(),
            last: zero + population.persons() as i64,
            page: PAGE,
            waiting: VecDeque::new(),
            steps: 0,
        };
        Krr { start, zero, state: RwLock::new(state), world }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest change's id.
    pub(crate) fn last_id(&self) -> i64 {
        self.state().last
    }

    /// How many persons a page of the feed holds.
    pub(crate) fn set_page(&self, persons: usize) {
        self.state_mut().page = persons;
    }

    /// Whether this is a number that something has happened to here.
    pub(crate) fn knows(&self, number: &str) -> bool {
        self.state().trails.contains_key(number)
    }

    /// What the register holds on a number; of one that it never saw, that it is not registered.
    pub(crate) fn record(&self, number: &str) -> Arc<Contact> {
        if let Some(changed) = self.changed(number) {
            return changed;
        }
        let population = &self.world.population;
        let person = population.index_of(number).map(|index| population.person(index));
        let person = person.filter(|person| person.lists(number));
        Arc::new(match person {
            Some(person) => self.first_of(&person, number),
            None => Contact::not_registered(number),
        })
    }

    fn changed(&self, number: &str) -> Option<Arc<Contact>> {
        let state = self.state();
        let newest = state.trails.get(number)?.newest;
        state.changes.get(&newest).cloned()
    }

    /// The record that a person's number begins with, or what has silently taken its place.
    fn first_of(&self, person: &Folkeregisterperson, number: &str) -> Contact {
        if let Some(replaced) = self.state().replaced.get(number) {
            return replaced.clone();
        }
        let born = Lane::of(number).map(|found| found.0.born);
        let holder = Holder {
            number,
            age: born.map_or(0, |born| self.start.day().years_since(born)),
            dead: person.doedsfall.is_some(),
            in_use: person.uses(number),
        };
        derive::contact(self.world.population.seed(), holder, self.start)
    }

    /// Takes changes into the register, one after the other as one step; their ids.
    pub(crate) fn commit(&self, contacts: Vec<Contact>) -> Vec<i64> {
        let mut state = self.state_mut();
        contacts.into_iter().map(|contact| state.add(contact)).collect()
    }

    /// Puts records in the place of the newest of their numbers. Whoever has read the feed so far
    /// is not told.
    pub(crate) fn commit_silently(&self, contacts: Vec<Contact>) {
        let mut state = self.state_mut();
        for contact in contacts {
            match state.trails.get(&contact.number).map(|trail| trail.newest) {
                Some(newest) => {
                    state.changes.insert(newest, Arc::new(contact));
                }
                None => {
                    state.replaced.insert(contact.number.clone(), contact);
                }
            }
        }
    }

    /// Something happened in FREG; what follows from it here happens later.
    pub(super) fn step(&self, now: Moment, following: impl Iterator<Item = Waiting>) {
        let mut state = self.state_mut();
        state.steps += 1;
        let steps = state.steps;
        state.waiting.extend(following.map(|waiting| waiting.due(steps, now)));
    }

    /// Takes out what waited for this time.
    pub(super) fn due(&self, now: Moment) -> Vec<Waiting> {
        if self.state().waiting.is_empty() {
            return Vec::new();
        }
        let mut state = self.state_mut();
        let steps = state.steps;
        let (due, waiting) = state.waiting.drain(..).partition(|one| one.is_due(steps, now));
        state.waiting = waiting;
        due.into()
    }

    /// A page of what changed after an id. Somebody can be on it twice.
    pub(crate) fn page(&self, from: i64) -> Page {
        let (size, last) = {
            let state = self.state();
            (state.page, state.last)
        };
        let mut page = Page { list: Vec::new(), to: from, last };
        if !self.fill_with_first(&mut page, size) {
            return shuffled(page, from);
        }
        let state = self.state();
        let after = (Bound::Excluded(page.to), Bound::Included(last.max(page.to)));
        for (id, contact) in state.changes.range(after) {
            if page.list.len() >= size {
                break;
            }
            page.to = *id;
            // Whom nobody registered is not told of.
            if contact.status != Status::NotRegistered {
                page.list.push(contact.clone());
            }
        }
        drop(state);
        if page.list.len() < size {
            page.to = page.to.max(last);
        }
        shuffled(page, from)
    }

    /// Adds those who have the record that they began with; whether there are no more of them.
    fn fill_with_first(&self, page: &mut Page, size: usize) -> bool {
        let persons = self.world.population.persons() as i64;
        let mut position = (page.to - self.zero).clamp(0, persons);
        while position < persons {
            let told = self.first_at(position, persons);
            if !page.list.is_empty() && page.list.len() + told.len() > size {
                break;
            }
            page.list.extend(told.into_iter().map(Arc::new));
            position += 1;
            page.to = self.zero + position;
            if page.list.len() >= size {
                break;
            }
        }
        position == persons
    }

    /// The first records of the person at a place of the feed: one for each number, but for those
    /// that changed since. A few come twice, as they were and as they are.
    fn first_at(&self, position: i64, persons: i64) -> Vec<Contact> {
        let population = &self.world.population;
        let stride = STRIDES.iter().find(|stride| persons % **stride != 0).unwrap_or(&1);
        let index = (position * stride + self.zero) % persons;
        let person = population.person(index as u64);
        let numbers = person.identifikasjonsnummer.iter().map(|item| &item.foedsels_eller_d_nummer);
        let mut told = Vec::new();
        for number in numbers.filter(|number| !self.knows(number)) {
            let contact = self.first_of(&person, number);
            let twice = contact.is_active() && mix(position as u64).is_multiple_of(300);
            told.extend(twice.then(|| earlier(&contact)).flatten());
            told.extend((contact.status != Status::NotRegistered).then_some(contact));
        }
        told
    }
}

fn shuffled(mut page: Page, from: i64) -> Page {
    let mut dice = Dice::new(&[from as u64]);
    for at in (1..page.list.len()).rev() {
        page.list.swap(at, dice.below(at as u64 + 1) as usize);
    }
    page
}

/// The same person a year before, if that shows on the dates.
fn earlier(contact: &Contact) -> Option<Contact> {
    let mut older = contact.clone();
    let before = |date: Option<Moment>| date.map(|date| date.plus(-365 * 86_400));
    for channel in older.channels_mut() {
        channel.updated = before(channel.updated);
        channel.verified = before(channel.verified);
        channel.validated = before(channel.validated);
    }
    if let Some(mail) = &mut older.mail {
        mail.address.insert_str(0, "before.");
    }
    (older != *contact).then_some(older)
}

impl State {
    /// Adds a change; ids have gaps. Of a number the last two are kept.
    fn add(&mut self, contact: Contact) -> i64 {
        let id = self.last + 1 + (mix(self.last as u64) % 3) as i64;
        self.last = id;
        let number = contact.number.clone();
        self.changes.insert(id, Arc::new(contact));
        let before = self.trails.get(&number);
        let oldest = before.and_then(|trail| trail.before);
        let before = before.map(|trail| trail.newest);
        self.trails.insert(number, Trail { newest: id, before });
        if let Some(oldest) = oldest {
            self.changes.remove(&oldest);
        }
        id
    }
}
