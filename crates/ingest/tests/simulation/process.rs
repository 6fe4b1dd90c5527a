//! The processes of the simulation: the shells round the pure halves, one small step at a time, so
//! that anything may happen between two of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ingest::apply::document::{PreparedDocument, prepare};
use ingest::apply::plan::{
    Change, Content, Incoming, Input, Place, Waited, drain, mentioned, plan,
};
use ingest::collect::plan::{Page, Plan, Start};
use ingest::record::{Carried, ChangeRecord, SnapshotRecord};
use register::id::{IdentityNumber, PersonId};
use serde_json::value::RawValue;
use store::Cursor;
use testkit::dice::Dice;
use uuid::Uuid;

use crate::freg::Freg;
use crate::log::{Log, Record, Topic};
use crate::store::{Parked, Store, Write};

/// Everything that processes share.
#[derive(Default)]
pub struct World {
    pub freg: Freg,
    pub log: Log,
    pub store: Store,
    /// False for the register whose positions are not looked at: the checker must see it.
    pub fenced: bool,
    /// Where the feed began when it was begun last: a register restored to before its load is loaded
    /// anew.
    pub loaded_from: i64,
    pub ids: u128,
    pub documents: HashMap<String, Option<Arc<PreparedDocument>>>,
}

impl World {
    fn read(&mut self, topic: Topic, offset: i64, record: &Record) -> Input {
        let place = place(topic, offset);
        let content = match record {
            Record::Change(change) => Content::Change(Change {
                sequence: change.sequence,
                previous_sequence: change.previous_sequence,
                number: IdentityNumber::new(change.number.clone()),
                event_type: change.event_type.clone(),
                document: self.incoming(&change.document),
            }),
            Record::Snapshot(snapshot) => Content::Snapshot(self.incoming(&snapshot.document)),
        };
        Input { place, content }
    }

    fn incoming(&mut self, carried: &Carried) -> Incoming {
        let (as_of, json) = match carried {
            Carried::Elsewhere => return Incoming::Elsewhere,
            Carried::Missing { .. } => return Incoming::Missing,
            Carried::Document { as_of, json } => (*as_of, json.get()),
        };
        let known = self.documents.entry(json.to_owned());
        match known.or_insert_with(|| prepare(json).ok().map(Arc::new)) {
            Some(document) => Incoming::Document { as_of, document: Arc::clone(document) },
            None => Incoming::Unreadable { as_of },
        }
    }

    /// What a failed commit may have done nevertheless.
    fn commit(&mut self, write: Write, dice: &mut Dice) -> bool {
        if self.fenced && !self.store.is_expected(&write) {
            return false;
        }
        let fails = dice.percent(8);
        if !fails || dice.percent(50) {
            self.store.write(write);
        }
        !fails
    }

    fn with_ids<T>(&mut self, work: impl FnOnce(&Self, &mut dyn FnMut() -> PersonId) -> T) -> T {
        let mut ids = self.ids;
        let mut new_id = || {
            ids += 1;
            PersonId(Uuid::from_u128(ids))
        };
        let done = work(self, &mut new_id);
        self.ids = ids;
        done
    }
}

/// What a collecting process has in hand between two steps.
#[derive(Default)]
pub struct Collector {
    page: Option<(Start, Plan, i64)>,
    published: Option<(i64, Cursor)>,
}

impl Collector {
    /// One step. A step that fails starts the process again.
    pub fn step(&mut self, world: &mut World, dice: &mut Dice) {
        if let Some((next, to)) = self.published.take() {
            if world.store.cursor.is_some_and(|cursor| cursor.next_sequence == next) {
                world.store.cursor = Some(to);
            }
            return;
        }
        match self.page.take() {
            Some((start, plan, last)) => {
                let by_number_until = start.by_number_until;
                let records = plan.into_records(start.previous);
                let records = records.into_iter().map(Record::Change).collect();
                if world.log.publish(Topic::Changes, records, dice) {
                    let to = Cursor { next_sequence: last + 1, by_number_until };
                    self.published = Some((start.next, to));
                }
            }
            None => self.page = read_page(world, dice),
        }
    }
}

fn read_page(world: &World, dice: &mut Dice) -> Option<(Start, Plan, i64)> {
    let cursor = world.store.cursor?;
    let start = Start::new(cursor, world.store.loads.contains(&cursor.next_sequence));
    let page = Page::tidy(world.freg.page(start.next, dice), &start);
    let last = page.last_sequence()?;
    let mut plan = Plan::new(page, start.by_number_until);
    plan.take_documents(world.freg.by_document(&plan.documents(), dice));
    let last_sequence = world.freg.last_sequence();
    plan.take_persons(world.freg.by_number(&plan.numbers()), last_sequence);
    Some((start, plan, last))
}

/// What an applying process believes, and what it is about to write.
#[derive(Default)]
pub struct Applier {
    believes: Option<Believes>,
    pending: Option<Write>,
}

struct Believes {
    positions: HashMap<Topic, i64>,
    commits: i64,
    last_sequence: Option<i64>,
}

impl Applier {
    /// One step. A step that fails starts the process again from the stored positions.
    pub fn step(&mut self, world: &mut World, decided: &mut Vec<i64>, dice: &mut Dice) {
        if let Some(write) = self.pending.take() {
            let moves = write.moves.clone();
            let last_sequence = write.plan.last_sequence;
            if !world.commit(write, dice) {
                self.believes = None;
                return;
            }
            let believes = self.believes.as_mut().expect("it has planned");
            believes.positions.extend(moves.into_iter().map(|(topic, _, next)| (topic, next)));
            believes.commits += 1;
            believes.last_sequence = last_sequence.or(believes.last_sequence);
            return;
        }
        let Some(believes) = &self.believes else {
            let Store { positions, commits, last_sequence, .. } = &world.store;
            let (commits, last_sequence) = (*commits, *last_sequence);
            self.believes = Some(Believes { positions: positions.clone(), commits, last_sequence });
            return;
        };
        self.pending = batch(believes, world, dice).or_else(|| tried(believes, world, decided));
    }
}

/// Records of either topic, in order within it.
fn batch(believes: &Believes, world: &mut World, dice: &mut Dice) -> Option<Write> {
    let mut taken: Vec<(Topic, i64, Record)> = Vec::new();
    let mut moves = Vec::new();
    let mut topics = [Topic::Changes, Topic::Snapshot];
    topics.rotate_left(dice.below(2));
    for topic in topics {
        let from = believes.positions.get(&topic).copied().unwrap_or(0);
        let records = world.log.of(topic).iter().zip(0..).skip(from as usize);
        let records: Vec<_> = records.take(dice.below(8)).collect();
        moves.push((topic, from, from + records.len() as i64));
        taken.extend(records.into_iter().map(|(record, at)| (topic, at, record.clone())));
    }
    if taken.is_empty() {
        return None;
    }
    let inputs = taken.iter().map(|(topic, at, record)| world.read(*topic, *at, record)).collect();
    let planned = world.with_ids(|world, new_id| {
        plan(inputs, world.store.known(), believes.last_sequence, new_id)
    });
    Some(Write {
        // A writer that has been replaced may read what is newer than what it believes.
        plan: planned.unwrap_or_else(|error| panic!("{error}")),
        moves,
        commits: believes.commits,
        records: taken.into_iter().map(|(topic, at, record)| ((topic, at), record)).collect(),
        tried: Vec::new(),
    })
}

/// What an operator has decided to try again.
fn tried(believes: &Believes, world: &mut World, decided: &mut Vec<i64>) -> Option<Write> {
    let id = loop {
        let id = decided.pop()?;
        if world.store.park.iter().any(|record| record.id == id) {
            break id;
        }
    };
    let (mut waiting, mut numbers) = (HashSet::new(), HashSet::new());
    let (tried, inputs, known) = loop {
        let tried = world.store.parked_together(id, &waiting, &numbers);
        waiting.extend(tried.iter().filter_map(|record| record.person));
        numbers.extend(tried.iter().filter_map(|record| record.number.clone()));
        let read = tried.iter();
        let read = read.map(|parked| world.read(parked.topic, parked.offset, &parked.record));
        // A document of an extract that cannot be read stays so: it is left out, and FREG's next
        // event brings the person.
        let is_hopeless =
            |input: &Input| matches!(input.content, Content::Snapshot(Incoming::Unreadable { .. }));
        let inputs: Vec<Input> = read.filter(|input| !is_hopeless(input)).collect();
        let about = mentioned(&inputs);
        let mut known = world.store.known();
        known.parked_numbers.retain(|number| about.contains(number) && !numbers.contains(number));
        let others = parked_among(&world.store, &about, &waiting);
        if others.is_empty() && known.parked_numbers.is_empty() {
            break (tried, inputs, known);
        }
        waiting.extend(others);
        numbers.extend(known.parked_numbers);
    };
    let whose = tried
        .iter()
        .filter_map(|parked| Some((place(parked.topic, parked.offset), parked.person?)));
    let whose = whose.collect();
    let waited = Waited { persons: waiting, whose, left_out: HashSet::new() };
    let planned = world.with_ids(|_, new_id| drain(inputs, known, waited, new_id));
    let plan = planned.expect("the feed's position has nothing to do with it");
    let (moves, records) = (Vec::new(), HashMap::new());
    Some(Write { plan, moves, commits: believes.commits, records, tried })
}

fn place(topic: Topic, offset: i64) -> Place {
    let name = match topic {
        Topic::Changes => "changes",
        Topic::Snapshot => "snapshot",
    };
    Place { topic: Arc::from(name), partition: 0, offset }
}

/// Who else in the park has one of these numbers.
fn parked_among(
    store: &Store,
    numbers: &HashSet<IdentityNumber>,
    known: &HashSet<PersonId>,
) -> Vec<PersonId> {
    let has = |number: &IdentityNumber, id: PersonId| {
        store.numbers.get(number.as_str()).is_some_and(|(person, _)| *person == Some(id))
            || store.persons[&id].primary_number == *number
    };
    let parked = store.persons.values().filter(|state| state.parked).map(|state| state.id);
    let others = parked.filter(|id| !known.contains(id));
    others.filter(|id| numbers.iter().any(|number| has(number, *id))).collect()
}

/// An operator fetches FREG's documents of today for what waits, and has it tried again.
pub fn retry(world: &mut World, decided: &mut Vec<i64>) {
    let World { freg, store, .. } = world;
    let as_of = freg.last_sequence();
    for Parked { id, record, number, .. } in &mut store.park {
        decided.push(*id);
        let Some(number) = number.clone() else { continue };
        let (Record::Change(ChangeRecord { document, .. })
        | Record::Snapshot(SnapshotRecord { document, .. })) = record;
        if let Some(answer) = freg.by_number(&[number]).pop()
            && let Ok(json) = answer.outcome
        {
            *document = Carried::Document { as_of, json };
        }
    }
    decided.reverse();
}

/// A load under way.
pub struct Bulk {
    from_sequence: i64,
    left: Vec<usize>,
}

impl Bulk {
    pub fn order(freg: &Freg) -> Self {
        Self { from_sequence: freg.last_sequence(), left: freg.everybody() }
    }

    /// One step; true when it was the last.
    pub fn step(&mut self, world: &mut World, dice: &mut Dice) -> bool {
        if self.left.is_empty() {
            world.store.loads.push(self.from_sequence);
            let head = world.freg.last_sequence();
            world.store.cursor = Some(match world.store.cursor {
                None => {
                    world.loaded_from = self.from_sequence;
                    Cursor { next_sequence: self.from_sequence, by_number_until: head }
                }
                Some(at) => Cursor { by_number_until: head.max(at.by_number_until), ..at },
            });
            return true;
        }
        let one = self.left[dice.below(self.left.len())];
        // The extract may be newer than what it was ordered for.
        let json = RawValue::from_string(world.freg.document(one)).expect("it is JSON");
        let document = Carried::Document { as_of: self.from_sequence, json };
        let record = SnapshotRecord { document_id: one.to_string(), document };
        if world.log.publish(Topic::Snapshot, vec![Record::Snapshot(record)], dice) {
            self.left.retain(|left| *left != one);
        }
        false
    }
}
