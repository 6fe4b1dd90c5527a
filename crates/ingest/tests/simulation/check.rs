//! What must be so when everything has come to rest, and what a client has seen on the way.

use std::collections::{BTreeMap, HashMap};

use ingest::apply::document::{PreparedDocument, prepare};
use register::event::EventType;
use register::id::PersonId;
use sources::freg::event::public_type;

use crate::freg::{DUPLICATE, Entity};
use crate::log::Topic;
use crate::process::World;
use crate::store::{Event, Store};

/// A client that keeps a copy: it reads events, and looks up whom they are about.
#[derive(Default)]
pub struct Reader {
    seen: i64,
    copy: BTreeMap<PersonId, Option<[u8; 32]>>,
}

impl Reader {
    pub fn read(&mut self, store: &Store) {
        let seen = self.seen;
        for event in store.events.iter().filter(|event| event.number > seen) {
            assert!(event.number > self.seen, "numbers rise");
            self.seen = event.number;
            if event.event_type.is_some() {
                self.copy.insert(event.person, store.served[&event.person]);
            }
        }
    }

    /// A backup takes the store's place. What it does not know of is told again under numbers that
    /// nobody has seen, and clients make their copies anew.
    pub fn restored(&mut self, store: &mut Store, backup: &Store) {
        let shown = store.last_event;
        *store = Store { last_event: shown, ..backup.clone() };
        self.copy = store.served.clone();
        self.seen = shown;
    }
}

/// Nothing is left to be collected or applied.
pub fn is_at_rest(world: &World) -> bool {
    let at = |topic: Topic| world.store.positions.get(&topic).copied().unwrap_or(0);
    let collected = world.store.cursor.is_some_and(|cursor| {
        cursor.next_sequence > world.freg.last_sequence()
            || !world.freg.feed.iter().any(|entry| entry.sequence >= cursor.next_sequence)
    });
    let applied = |topic| at(topic) == world.log.of(topic).len() as i64;
    collected && applied(Topic::Changes) && applied(Topic::Snapshot)
}

/// Everything at once.
pub fn check(world: &World, reader: &Reader) {
    persons(world);
    events(world);
    order(&world.store);
    let dense = world.store.events.windows(2).all(|two| two[0].number < two[1].number);
    assert!(dense, "numbers rise");
    for (person, served) in &reader.copy {
        assert_eq!(world.store.served[person], *served, "a client's copy is what is served");
    }
}

/// Each person of FREG's is served from the document of today, under all its numbers.
fn persons(world: &World) {
    let leads_to = |number: &str| world.store.numbers.get(number).and_then(|(id, _)| *id);
    for (one, entity) in world.freg.entities.iter().enumerate() {
        let Entity { number, ceased, merged_into, .. } = entity;
        if merged_into.is_some() {
            continue;
        }
        let document = prepare(&world.freg.document(one)).expect("nothing is broken any more");
        let id = leads_to(number).expect("the number in use leads to somebody");
        let served = world.store.served[&id];
        assert_eq!(text(world, served), text(world, Some(document.hash)), "the document of today");
        let state = &world.store.persons[&id];
        assert!(!state.stub && !state.parked && !state.protection_uncertain);
        assert_eq!(state.primary_number.as_str(), number);
        for ceased in ceased {
            assert_eq!(leads_to(ceased), Some(id), "a ceased number leads to its person");
        }
    }
    let living = world.freg.entities.iter().filter(|entity| entity.merged_into.is_none()).count();
    let live = world.store.persons.values().filter(|state| !state.stub).count();
    assert_eq!(live, living, "nobody twice");
}

/// The document with a hash: what to read when something differs.
fn text(world: &World, hash: Option<[u8; 32]>) -> Option<&str> {
    let of_hash = |document: &Option<_>| {
        document.as_ref().map(|document: &std::sync::Arc<PreparedDocument>| document.hash) == hash
    };
    let found = world.documents.iter().find(|(_, document)| of_hash(document));
    found.map(|(text, _)| text.as_str())
}

/// Each event of FREG's from the last first load on is collected, and what is collected is told
/// once.
fn events(world: &World) {
    let mut told: HashMap<(i64, EventType), usize> = HashMap::new();
    for event in &world.store.events {
        if let (Some(sequence), Some(event_type)) = (event.source_sequence, event.event_type) {
            *told.entry((sequence, event_type)).or_default() += 1;
        }
    }
    let collected = world.log.sequences();
    for entry in &world.freg.feed {
        if !collected.contains(&entry.sequence) {
            assert!(entry.sequence < world.loaded_from, "{} is not collected", entry.sequence);
            continue;
        }
        // What an extract holds may still come from a process that does not know of it.
        let is_new = entry.sequence >= world.loaded_from;
        let event_type = public_type(&entry.event_type);
        let times = told.get(&(entry.sequence, event_type)).copied().unwrap_or(0);
        // The end of a duplicate is told with the merge.
        let least = usize::from(is_new && entry.event_type != DUPLICATE);
        assert!((least..=1).contains(&times), "{} {event_type:?}: {times}", entry.sequence);
    }
}

/// What is told of a number is told in FREG's order, but for its end as a duplicate: that is told
/// when the merge is applied, which may have waited in the park for the survivor.
fn order(store: &Store) {
    let mut last: HashMap<&str, i64> = HashMap::new();
    for Event { number_told, source_sequence, event_type, .. } in &store.events {
        let (Some(number), Some(sequence)) = (number_told, source_sequence) else { continue };
        if *event_type == Some(EventType::PersonIsDiscontinuedAsDuplicate) {
            continue;
        }
        let before = last.insert(number.as_str(), *sequence);
        assert!(
            before.is_none_or(|before| before <= *sequence),
            "{event_type:?} of {sequence} is told after {before:?}"
        );
    }
}
