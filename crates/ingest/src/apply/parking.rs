//! The park from the writer's side: how much may be set aside, and what an operator has decided.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch};

use register::id::{IdentityNumber, PersonId};
use store::{ParkReason, ParkedRecord, StillParked, Unparked};

use super::plan::{Input, Known, Parked, Place, drain, mentioned};
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
        let Waiting { records, inputs, persons, mut known } = self.waiting(decided).await?;
        for number in records.iter().filter_map(|record| record.number.as_ref()) {
            known.parked_numbers.remove(number);
        }
        let (skipped, tried): (Vec<_>, Vec<_>) = records.iter().partition(|record| record.skip);
        let ids: HashMap<Place, i64> =
            tried.iter().map(|record| (place(record), record.id)).collect();
        let mut plan = drain(inputs, known, &persons, &mut new_id)?;
        let stay = std::mem::take(&mut plan.parked).into_iter().map(|parked| StillParked {
            id: ids[&parked.place],
            person_id: parked.person,
            reason: parked.reason,
        });
        let stay: Vec<StillParked> = stay.collect();
        let staying: HashSet<i64> = stay.iter().map(|stay| stay.id).collect();
        let gone = records.iter().map(|record| record.id).filter(|id| !staying.contains(id));
        let gone: Vec<i64> = gone.collect();
        let applied = gone.len() - skipped.len();
        let mut write = self.render(plan, Vec::new(), Vec::new()).await?;
        write.unparked = Unparked { gone, stay };
        self.commit(&mut write).await?;
        metrics::drained(applied, skipped.len(), staying.len());
        let (skipped, staying) = (skipped.len(), staying.len());
        tracing::info!(applied, skipped, staying, "parked records tried again");
        Ok(true)
    }

    /// These records and all that waits with them: for the same person or number, and for everybody
    /// else in the park whom their documents bear on, as two persons whom one of them merges.
    async fn waiting(&self, ids: Vec<i64>) -> Result<Waiting, ApplyError> {
        let mut persons: HashSet<PersonId> = HashSet::new();
        loop {
            let asked: Vec<PersonId> = persons.iter().copied().collect();
            let records = self.store.parked_together(&ids, &asked).await?;
            persons.extend(records.iter().filter_map(|record| record.person_id));
            let tried = records.iter().filter(|record| !record.skip);
            let inputs = tried.map(|record| parked_input(record, self.keys));
            let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
            let mut numbers = mentioned(&inputs);
            numbers.extend(self.primary_numbers(&persons).await?);
            let known = self.known(&numbers).await?;
            let parked = known.states.iter().filter(|state| state.parked).map(|state| state.id);
            let others: Vec<PersonId> = parked.filter(|id| !persons.contains(id)).collect();
            if others.is_empty() {
                return Ok(Waiting { records, inputs, persons, known });
            }
            persons.extend(others);
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

fn parked_input(record: &ParkedRecord, keys: &Keys) -> Result<Input, ApplyError> {
    let (topic, partition, offset) = &record.place;
    let bound_to = parked_associated_data(topic, *partition, *offset);
    let value = keys.sealer.open(&record.sealed, &bound_to)?;
    read::parse(place(record), &value, record.source_sequence.is_some())
}
