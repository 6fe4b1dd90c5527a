//! The writing half: what is read becomes one transaction after another.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant as Stopwatch;

use rayon::prelude::*;
use register::id::{IdentityNumber, PersonId};
use store::{Committed, PersonState, Position, PositionMove, Store, StoredContact, WriteBatch};
use uuid::Uuid;

use super::ain::{self, AinInput};
use super::committing::{Told, UnderWay, numbers_of};
use super::enriching::Enriching;
use super::first_load::FirstLoad;
use super::parking::ParkingRate;
use super::plan::{Input, Known, mentioned, parked_by_reason, plan};
use super::reader::Batch;
use super::refresh::{Refreshed, Refreshes, Writes, refresh};
use super::rendering::Renderer;
use super::{ApplyError, metrics};
use crate::Keys;
use crate::config::IngestConfig;
use crate::memory::Memory;

/// The position that every transaction of the writer moves by one. Persons are written from
/// several topics and from none, so the position of a topic alone would not tell a writer that
/// another has written since.
const COMMITS: &str = "apply";

/// Holds how far everything is.
pub struct Writer<'a> {
    pub(super) store: &'a Store,
    pub(super) keys: &'a Keys,
    pub(super) config: &'a IngestConfig,
    pub(super) enriching: Enriching,
    /// With what is being written.
    pub(super) next_offsets: HashMap<(String, i32), i64>,
    commits: i64,
    last_sequence: Option<i64>,
    parking: ParkingRate,
    pub(super) first_load: FirstLoad,
    pub(super) memory: Memory,
    pub(super) committing: UnderWay,
}

impl<'a> Writer<'a> {
    /// Starts from the stored positions.
    pub async fn start(
        config: &'a IngestConfig,
        store: &'a Store,
        keys: &'a Keys,
        positions: &[Position],
        memory: Memory,
    ) -> Result<Self, ApplyError> {
        let commits = store.ensure_position(COMMITS, 0, 0).await?.next_offset;
        let next_offsets =
            positions.iter().map(|at| ((at.topic.clone(), at.partition), at.next_offset)).collect();
        let changes = positions.iter().find(|at| at.topic == config.kafka.changes_topic);
        let last_sequence = changes.and_then(|at| at.last_sequence);
        let enriching = Enriching::start(store, &config.apply.clock).await?;
        let parking = ParkingRate::new(config.apply.parked_persons_per_minute_max);
        Ok(Self {
            store,
            keys,
            config,
            enriching,
            next_offsets,
            commits,
            last_sequence,
            parking,
            first_load: FirstLoad::unknown(),
            memory,
            committing: UnderWay::new(),
        })
    }

    /// Plans records of FREG while the ones before are being written, and lets them be written
    /// next.
    pub async fn write(&mut self, batch: Batch<Input>) -> Result<(), ApplyError> {
        let started = Stopwatch::now();
        let Batch { inputs, raw, next_offsets, published } = batch;
        let records = inputs.len();
        let mentioned = mentioned(&inputs);
        let mut known = self.known(&mentioned).await?;
        let mut numbers = numbers_of(mentioned.clone(), &known.states);
        if self.is_committing_any_of(&numbers) {
            self.settle().await?;
            known = self.known(&mentioned).await?;
            numbers = numbers_of(mentioned, &known.states);
        }
        let plan = plan(inputs, known, self.last_sequence, &mut new_id)?;
        self.parking.admit(&plan.parked)?;
        let told = Told {
            published,
            started,
            records,
            counts: plan.counts,
            parked: parked_by_reason(&plan.parked),
            last_sequence: plan.last_sequence,
            loaded: started.elapsed(),
        };
        let mut positions = self.moves(&next_offsets, plan.last_sequence);
        positions.push(self.count_commit());
        self.last_sequence = plan.last_sequence;
        self.next_offsets.extend(next_offsets);
        let rendering = self.renderer().render(plan, raw, positions);
        self.begin(rendering, numbers, told).await
    }

    /// Writes records of felles hjelpenummer.
    pub async fn write_ain(&mut self, batch: Batch<AinInput>) -> Result<(), ApplyError> {
        let started = Stopwatch::now();
        let Batch { inputs, raw, next_offsets, published } = batch;
        let records = inputs.len();
        let words = inputs.iter().filter_map(|input| input.word.as_ref());
        let states = self.load(&words.map(|word| word.number.clone()).collect()).await?;
        let planned = ain::plan(inputs, states, &HashSet::new(), &mut new_id);
        let (outcomes, parked) = (planned.outcomes(), planned.plan.parked.len());
        let positions = self.moves(&next_offsets, None);
        let mut write = self.renderer().render(planned.plan, raw, positions).await?;
        let committed = self.commit(&mut write).await?;
        self.moved(next_offsets, committed);
        metrics::delay(published);
        metrics::ain(&outcomes);
        if parked > 0 || planned.conflicting > 0 {
            let conflicting = planned.conflicting;
            tracing::warn!(parked, conflicting, "records of felles hjelpenummer were set aside");
        }
        tracing::info!(
            records,
            persons = write.persons.len(),
            created = planned.created,
            events = write.events.len(),
            last_event = committed.last_sequence,
            elapsed_ms = started.elapsed().as_millis() as u64,
            "felles hjelpenummer applied"
        );
        Ok(())
    }

    /// Writes a batch, unless another writer has written since this one did.
    pub(super) async fn commit(&mut self, batch: &mut WriteBatch) -> Result<Committed, ApplyError> {
        self.settle().await?;
        batch.positions.push(self.count_commit());
        Ok(self.store.commit(batch).await?)
    }

    /// What fences the next transaction. Should it fail, all begins anew from what is stored.
    pub(super) fn count_commit(&mut self) -> PositionMove {
        let expected = self.commits;
        self.commits += 1;
        PositionMove {
            topic: COMMITS.to_owned(),
            partition: 0,
            expected,
            next: self.commits,
            last_sequence: None,
        }
    }

    /// How the positions of a batch move; `last_sequence` is FREG's.
    pub(super) fn moves(
        &self,
        next_offsets: &HashMap<(String, i32), i64>,
        last_sequence: Option<i64>,
    ) -> Vec<PositionMove> {
        let changes_topic = &self.config.kafka.changes_topic;
        let moved = next_offsets.iter().map(|((topic, partition), next)| PositionMove {
            topic: topic.clone(),
            partition: *partition,
            expected: self.next_offsets[&(topic.clone(), *partition)],
            next: *next,
            last_sequence: if topic == changes_topic { last_sequence } else { None },
        });
        moved.collect()
    }

    /// Notes the positions that a commit has moved.
    pub(super) fn moved(
        &mut self,
        next_offsets: HashMap<(String, i32), i64>,
        committed: Committed,
    ) {
        self.next_offsets.extend(next_offsets);
        self.memory.note(&self.next_offsets, committed.last_sequence);
    }

    /// What a plan has to know of these numbers.
    pub(super) async fn known(
        &self,
        mentioned: &HashSet<IdentityNumber>,
    ) -> Result<Known, ApplyError> {
        let numbers: Vec<&str> = mentioned.iter().map(IdentityNumber::as_str).collect();
        let retired = self.store.retired_numbers(&numbers).await?;
        let parked_numbers = self.store.parked_numbers(&numbers).await?.into_iter().collect();
        let states = self.load(mentioned).await?;
        Ok(Known { states, retired, parked_numbers })
    }

    /// Everything the store knows of these numbers, and of the numbers of the persons found so:
    /// a number that one person gives up may go back to another.
    pub(super) async fn load(
        &self,
        mentioned: &HashSet<IdentityNumber>,
    ) -> Result<Vec<PersonState>, ApplyError> {
        let mut asked: HashSet<IdentityNumber> = HashSet::new();
        let mut states: HashMap<PersonId, PersonState> = HashMap::new();
        let mut asking = mentioned.clone();
        while !asking.is_empty() {
            let numbers: Vec<&str> = asking.iter().map(IdentityNumber::as_str).collect();
            let found = self.store.load_states(&numbers).await?;
            asked.extend(asking);
            asking = found
                .iter()
                .flat_map(|state| {
                    let mapped = state.numbers.iter().map(|mapped| &mapped.number);
                    mapped.chain([&state.primary_number])
                })
                .filter(|number| !asked.contains(number))
                .cloned()
                .collect();
            states.extend(found.into_iter().map(|state| (state.id, state)));
        }
        let mut states: Vec<PersonState> = states.into_values().collect();
        states.sort_by_key(|state| state.ordinal);
        Ok(states)
    }

    /// Renders with what holds now.
    pub(super) fn renderer(&self) -> Renderer {
        Renderer {
            store: self.store.clone(),
            keys: self.keys.clone(),
            changes_topic: self.config.kafka.changes_topic.clone(),
            geography: Arc::clone(self.enriching.geography()),
            today: self.enriching.with().day,
            now: self.config.apply.clock.now(),
        }
    }

    /// Renders persons anew and adds those that are to be written to a batch, with what is told.
    /// `contacts` are those that the batch changes.
    pub(super) async fn refresh(
        &self,
        persons: &[PersonId],
        writes: Writes,
        contacts: HashMap<IdentityNumber, StoredContact>,
        batch: &mut WriteBatch,
    ) -> Result<Refreshes, ApplyError> {
        if persons.is_empty() {
            return Ok(Refreshes::default());
        }
        let stored = self.store.stored_persons(persons).await?;
        let numbers = stored.iter().map(|person| &person.state.primary_number);
        let unchanged = numbers.filter(|number| !contacts.contains_key(number));
        let unchanged: Vec<&str> = unchanged.map(IdentityNumber::as_str).collect();
        let renderer = self.renderer();
        let mut known = renderer.contacts(&unchanged).await?;
        known.extend(contacts);
        let around = renderer.around(known);
        let refreshed = tokio::task::spawn_blocking(move || {
            let refreshed = stored.into_par_iter().map(|person| refresh(person, writes, &around));
            refreshed.collect::<Result<Vec<_>, _>>()
        });
        let mut counts = Refreshes::default();
        for refreshed in refreshed.await?? {
            let change = match refreshed {
                Refreshed::Same(change) => {
                    counts.same += 1;
                    change
                }
                Refreshed::Unreadable => {
                    counts.unreadable += 1;
                    None
                }
                Refreshed::Changed(change) => {
                    counts.changed += 1;
                    Some(change)
                }
            };
            if let Some(change) = change {
                batch.persons.push(change.person);
                batch.events.extend(change.events);
            }
        }
        metrics::refreshed(counts.changed, counts.same, counts.unreadable);
        Ok(counts)
    }
}

/// A random id, for a person that is new.
pub(super) fn new_id() -> PersonId {
    PersonId(Uuid::new_v4())
}
