//! The park from the writer's side: how much may be set aside, and what an operator has decided.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use register::id::{IdentityNumber, PersonId};
use store::{ParkReason, ParkedRecord, StillParked, Unparked};

use super::ain;
use super::plan::{Input, Known, Parked, Place, Plan, Waited, drain, mentioned};
use super::read;
use super::render::parked_associated_data;
use super::writer::{Writer, new_id};
use super::{ApplyError, metrics};
use crate::Keys;

/// Records that are tried again in one round, and what waits with them.
const DRAINED_MAX: i64 = 100;

/// How many persons were parked lately. What hits many at once is no fault of one document: going
/// on would set the whole register aside.
pub struct ParkingRate {
    max: usize,
    lately: VecDeque<(Stopwatch, usize)>,
}

impl ParkingRate {
    /// At most so many in a minute.
    pub fn new(max: usize) -> Self {
        Self { max, lately: VecDeque::new() }
    }

    /// Takes in what a batch is about to park.
    ///
    /// # Errors
    /// [`ApplyError::TooManyParked`] when it is too much: the batch must not be written.
    pub fn admit(&mut self, parked: &[Parked]) -> Result<(), ApplyError> {
        // What waits behind another record is no news, nor a second record of the same person.
        let news = parked.iter().filter(|record| record.reason != ParkReason::BehindParked);
        let who = news.map(|Parked { person, number, place, .. }| match (person, number) {
            (Some(_), _) => (*person, None, None),
            (None, Some(_)) => (None, number.as_ref(), None),
            (None, None) => (None, None, Some(place)),
        });
        let who: HashSet<_> = who.collect();
        let now = Stopwatch::now();
        self.lately.retain(|(at, _)| now - *at < Duration::from_secs(60));
        self.lately.push_back((now, who.len()));
        let persons = self.lately.iter().map(|(_, persons)| persons).sum();
        if persons > self.max {
            return Err(ApplyError::TooManyParked { persons, max: self.max });
        }
        Ok(())
    }
}

/// What is tried again together.
struct Waiting {
    records: Vec<ParkedRecord>,
    /// Those that are not left out.
    inputs: Vec<Input>,
    persons: HashSet<PersonId>,
    /// What the plan has to know; of parked numbers, none is left.
    known: Known,
}

impl Writer<'_> {
    /// One round of what operators have decided about parked records: with each goes all that waits
    /// for the same person, in order. False when nothing is to be done.
    pub(super) async fn drain(&mut self) -> Result<bool, ApplyError> {
        let decided = self.store.decided_parked(DRAINED_MAX).await?;
        if decided.is_empty() {
            return Ok(false);
        }
        let records = self.store.parked_records(&decided).await?;
        let ain_topic = &self.config.kafka.ain_topic;
        let (alternate, others): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|record| record.place.0 == *ain_topic);
        if others.is_empty() {
            self.drain_ain(alternate).await?;
        } else {
            self.drain_freg(others.iter().map(|record| record.id).collect()).await?;
        }
        Ok(true)
    }

    async fn drain_freg(&mut self, decided: Vec<i64>) -> Result<(), ApplyError> {
        let Waiting { records, inputs, persons, known } = self.waiting(decided).await?;
        let whose = records.iter().filter_map(|record| Some((place(record), record.person_id?)));
        let left_out = records.iter().filter(|record| record.skip);
        let waited = Waited {
            persons,
            whose: whose.collect(),
            left_out: left_out.filter_map(|record| record.person_id).collect(),
        };
        let plan = drain(inputs, known, waited, &mut new_id)?;
        self.write_drained(records, plan).await
    }

    async fn drain_ain(&mut self, decided: Vec<ParkedRecord>) -> Result<(), ApplyError> {
        let ids: Vec<i64> = decided.iter().map(|record| record.id).collect();
        let records = self.store.parked_together(&ids, &[], &[]).await?;
        let persons = records.iter().filter_map(|record| record.person_id).collect();
        let tried = records.iter().filter(|record| !record.skip);
        let inputs = tried.map(|record| Ok(ain::parse(place(record), &opened(record, self.keys)?)));
        let inputs = inputs.collect::<Result<Vec<_>, ApplyError>>()?;
        let words = inputs.iter().filter_map(|input| input.word.as_ref());
        let mut numbers: HashSet<IdentityNumber> = words.map(|word| word.number.clone()).collect();
        numbers.extend(self.primary_numbers(&persons).await?);
        let states = self.load(&numbers).await?;
        let plan = ain::plan(inputs, states, &persons, &mut new_id).plan;
        self.write_drained(records, plan).await
    }

    /// What the plan parks stays in the park, the rest leaves it.
    async fn write_drained(
        &mut self,
        records: Vec<ParkedRecord>,
        mut plan: Plan,
    ) -> Result<(), ApplyError> {
        let ids: HashMap<Place, i64> =
            records.iter().map(|record| (place(record), record.id)).collect();
        let stay = std::mem::take(&mut plan.parked).into_iter().map(|parked| StillParked {
            id: ids[&parked.place],
            person_id: parked.person,
            reason: parked.reason,
        });
        let stay: Vec<StillParked> = stay.collect();
        let staying: HashSet<i64> = stay.iter().map(|stay| stay.id).collect();
        let gone: Vec<i64> = ids.into_values().filter(|id| !staying.contains(id)).collect();
        let skipped = records.iter().filter(|record| record.skip).count();
        let (applied, staying) = (gone.len() - skipped, stay.len());
        let mut write = self.renderer().render(plan, Vec::new(), Vec::new()).await?;
        write.unparked = Unparked { gone, stay };
        self.commit(&mut write).await?;
        metrics::drained(applied, skipped, staying);
        tracing::info!(applied, skipped, staying, "parked records tried again");
        Ok(())
    }

    /// These records and all that waits with them: for the same person or number, and for everybody
    /// else in the park whom their documents bear on, as two persons whom one of them merges.
    async fn waiting(&self, ids: Vec<i64>) -> Result<Waiting, ApplyError> {
        let mut persons: HashSet<PersonId> = HashSet::new();
        let mut numbers: HashSet<IdentityNumber> = HashSet::new();
        loop {
            let asked: Vec<PersonId> = persons.iter().copied().collect();
            let of: Vec<&str> = numbers.iter().map(IdentityNumber::as_str).collect();
            let records = self.store.parked_together(&ids, &asked, &of).await?;
            persons.extend(records.iter().filter_map(|record| record.person_id));
            numbers.extend(records.iter().filter_map(|record| record.number.clone()));
            let tried = records.iter().filter(|record| !record.skip);
            let inputs = tried.map(|record| parked_input(record, self.keys));
            let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
            let mut about = mentioned(&inputs);
            about.extend(self.primary_numbers(&persons).await?);
            let mut known = self.known(&about).await?;
            known.parked_numbers.retain(|number| !numbers.contains(number));
            let (before, seen) = (persons.len(), known.parked_numbers.len());
            let parked = known.states.iter().filter(|state| state.parked && !state.alternate);
            persons.extend(parked.map(|state| state.id));
            if persons.len() == before && seen == 0 {
                return Ok(Waiting { records, inputs, persons, known });
            }
            numbers.extend(known.parked_numbers);
        }
    }

    async fn primary_numbers(
        &self,
        persons: &HashSet<PersonId>,
    ) -> Result<Vec<IdentityNumber>, ApplyError> {
        let persons: Vec<PersonId> = persons.iter().copied().collect();
        let stored = self.store.stored_persons(&persons).await?;
        Ok(stored.into_iter().map(|person| person.state.primary_number).collect())
    }
}

fn place(record: &ParkedRecord) -> Place {
    let (topic, partition, offset) = &record.place;
    Place { topic: Arc::from(topic.as_str()), partition: *partition, offset: *offset }
}

/// What a parked record says.
fn opened(record: &ParkedRecord, keys: &Keys) -> Result<Vec<u8>, ApplyError> {
    let (topic, partition, offset) = &record.place;
    let bound_to = parked_associated_data(topic, *partition, *offset);
    Ok(keys.sealer.open(&record.sealed, &bound_to)?)
}

fn parked_input(record: &ParkedRecord, keys: &Keys) -> Result<Input, ApplyError> {
    read::parse(place(record), &opened(record, keys)?, record.source_sequence.is_some())
}
