//! Makes changes happen: plans, applies and commits one at a time.

use std::sync::{Arc, Mutex, PoisonError};

use crate::calendar::Moment;
use crate::change::plan::{PlanError, plan};
use crate::change::{Change, KINDS, Kind, apply};
use crate::dice::Dice;
use crate::world::{Event, World};

/// The one hand that changes the register.
#[derive(Debug)]
pub(crate) struct Maker {
    world: Arc<World>,
    dice: Mutex<Dice>,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Done {
    pub(crate) events: Vec<Event>,
    /// The number in use of the person it is about.
    pub(crate) number: String,
    /// Every number that an event names.
    pub(crate) numbers: Vec<String>,
    pub(crate) persons_touched: usize,
}

impl Maker {
    /// A maker whose choices follow from the population's seed.
    pub(crate) fn new(world: Arc<World>) -> Maker {
        let dice = Dice::new(&[world.population.seed(), 0xC4A6E]);
        Maker { world, dice: Mutex::new(dice) }
    }

    /// Makes a change of this kind happen at `now`, to the person with `number` or to anyone.
    pub(crate) fn make(
        &self,
        kind: Kind,
        number: Option<&str>,
        now: Moment,
    ) -> Result<Done, PlanError> {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let change = plan(&self.world, kind, number, now, &mut dice)?;
        let main = main_number(&change);
        let outcome = apply(change, now);
        let born = outcome.documents.first().map(|first| first.1.number().to_owned());
        let in_use = outcome.documents.last().map(|last| last.1.number().to_owned());
        let mut entities: Vec<u64> = outcome.documents.iter().map(|found| found.0).collect();
        entities.extend(outcome.merged.as_ref().map(|merged| merged.0));
        entities.sort_unstable();
        entities.dedup();
        let events = self.world.commit(outcome);
        let mut numbers: Vec<String> = Vec::new();
        for event in &events {
            if !numbers.contains(&event.number) {
                numbers.push(event.number.clone());
            }
        }
        let number = match kind {
            Kind::Birth => born,
            Kind::NationalNumber => in_use,
            _ => Some(main),
        };
        Ok(Done {
            number: number.unwrap_or_default(),
            numbers,
            persons_touched: entities.len(),
            events,
        })
    }

    /// Makes a change of a kind that the dice choose, at the weights of [`KINDS`].
    pub(crate) fn make_any(&self, now: Moment) -> Result<Done, PlanError> {
        let kind = {
            let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
            any_kind(&mut dice)
        };
        self.make(kind, None, now)
    }
}

fn any_kind(dice: &mut Dice) -> Kind {
    let total = KINDS.iter().map(|row| row.2).sum();
    let mut left = dice.below(total);
    for (kind, _, weight) in KINDS {
        if left < *weight {
            return *kind;
        }
        left -= weight;
    }
    Kind::Move
}

fn main_number(change: &Change) -> String {
    let subject = match change {
        Change::Birth { mother: subject, .. }
        | Change::Death { person: subject, .. }
        | Change::Marriage { first: subject, .. }
        | Change::Rename { person: subject, .. }
        | Change::Protect { person: subject, .. }
        | Change::Unprotect { person: subject, .. }
        | Change::GiveNationalNumber { person: subject, .. }
        | Change::Merge { survivor: subject, .. }
        | Change::Split { kept: subject, .. }
        | Change::Erase { person: subject }
        | Change::Emigrate { person: subject, .. }
        | Change::Refresh { person: subject, .. } => Some(subject),
        Change::Move { household, .. } => household.first(),
    };
    subject.map(|subject| subject.person.number().to_owned()).unwrap_or_default()
}
