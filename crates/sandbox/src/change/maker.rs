//! Makes changes happen: plans and commits one at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::calendar::Moment;
use crate::change::scene::{PlanError, Scene};
use crate::change::{Correction, Kind, Mass, kinds};
use crate::dice::Dice;
use crate::krr::{Krr, following};
use crate::world::{Event, World};

/// The one hand that changes the register.
pub(crate) struct Maker {
    world: Arc<World>,
    krr: Arc<Krr>,
    dice: Mutex<Dice>,
    /// Held by the one mass correction that is made.
    mass: Mutex<()>,
}

/// What has happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Done {
    /// The kind of change.
    pub(crate) kind: &'static str,
    pub(crate) events: Vec<Event>,
    /// The number in use of the person it is about.
    pub(crate) number: String,
    /// Every number that an event names, or whose document or record in KRR has changed.
    pub(crate) numbers: Vec<String>,
    pub(crate) persons_touched: usize,
    /// The ids of its changes in KRR's feed.
    pub(crate) contacts: Vec<i64>,
}

impl Maker {
    /// A maker whose choices follow from the population's seed.
    pub(crate) fn new(world: Arc<World>, krr: Arc<Krr>) -> Maker {
        let dice = Dice::new(&[world.population.seed(), 0xC4A6E]);
        Maker { world, krr, dice: Mutex::new(dice), mass: Mutex::default() }
    }

    /// The register that is changed.
    pub(super) fn world(&self) -> &World {
        &self.world
    }

    fn dice(&self) -> MutexGuard<'_, Dice> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a change of this kind happen at `now`, to the person with `number` or to anyone.
    pub(crate) fn make(
        &self,
        kind: &'static Kind,
        number: Option<&str>,
        now: Moment,
    ) -> Result<Done, PlanError> {
        self.make_ahead(kind, number, None, now)
    }

    /// As [`Maker::make`]; what shall happen by itself afterwards does so in so many seconds.
    pub(crate) fn make_ahead(
        &self,
        kind: &'static Kind,
        number: Option<&str>,
        seconds: Option<u32>,
        now: Moment,
    ) -> Result<Done, PlanError> {
        let mut dice = self.dice();
        let (world, krr) = (&self.world, &self.krr);
        let mut scene = Scene { world, now, dice: &mut dice, asked: number, krr, seconds };
        let mut outcome = scene.plan(kind)?;
        let first = outcome.documents.first().map(|first| first.1.number().to_owned());
        let about = outcome.about.clone().or(first).unwrap_or_default();
        let mut entities: Vec<u64> = outcome.documents.iter().map(|found| found.0).collect();
        entities.extend(outcome.merged.map(|merged| merged.0));
        entities.sort_unstable();
        entities.dedup();
        let changed: Vec<String> =
            outcome.documents.iter().map(|found| found.1.number().to_owned()).collect();
        let following = following(&outcome, now);
        let in_krr = outcome.contacts.iter().chain(&outcome.silent_contacts);
        let in_krr = in_krr.map(|contact| contact.number.clone());
        let changed: Vec<String> = changed.into_iter().chain(in_krr).collect();
        let contacts = krr.commit(std::mem::take(&mut outcome.contacts));
        krr.commit_silently(std::mem::take(&mut outcome.silent_contacts));
        let events = self.world.commit(outcome);
        krr.follow(following, now);
        let mut numbers: Vec<String> = Vec::new();
        for number in events.iter().map(|event| &event.number).chain(&changed) {
            if !numbers.contains(number) {
                numbers.push(number.clone());
            }
        }
        let persons_touched = entities.len();
        Ok(Done { kind: kind.name, number: about, numbers, persons_touched, events, contacts })
    }

    /// Makes a change of a kind that the dice choose, as often as in a week of the country.
    pub(crate) fn make_any(&self, now: Moment) -> Result<Done, PlanError> {
        let kind = any_kind(&mut self.dice());
        self.make(kind, None, now)
    }

    /// Corrects up to `count` persons at once. The events stand in the feed together; their times
    /// lie behind `now`, as many a second as the register has been seen to work off.
    pub(crate) fn correct(
        &self,
        correction: &'static Correction,
        count: u64,
        now: Moment,
    ) -> Result<Arc<Mass>, PlanError> {
        // Looking through millions takes a minute: single changes go on meanwhile.
        let _mass = self.mass.lock().unwrap_or_else(PoisonError::into_inner);
        let versions = self.world.versions_made();
        let mut entities = self.world.whom(correction, count, now);
        let _dice = self.dice();
        self.world.look_again(correction, versions, now, &mut entities);
        entities.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        entities.shrink_to_fit();
        if entities.is_empty() {
            return Err(PlanError::NobodyFits(correction.about));
        }
        Ok(self.world.commit_mass(correction, entities, now))
    }
}

fn any_kind(dice: &mut Dice) -> &'static Kind {
    let total = kinds().map(|kind| u64::from(kind.weekly)).sum();
    let mut left = dice.below(total);
    let drawn = kinds().find(|kind| {
        let weekly = u64::from(kind.weekly);
        let found = left < weekly;
        left = left.saturating_sub(weekly);
        found
    });
    drawn.expect("the dice fall below the sum of the rates")
}
