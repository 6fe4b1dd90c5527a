//! Who a change happens to: the person asked for or anyone it fits, and those it takes along.

use crate::calendar::Moment;
use crate::change::edit::Hand;
use crate::change::need::Need;
use crate::change::{Does, Kind, Outcome, Planned, Subject};
use crate::dice::Dice;
use crate::freg::wire::{Folkeregisterperson, current};
use crate::krr::Krr;
use crate::population::Lane;
use crate::world::World;

/// How many persons are drawn before all are gone through.
const DRAWS: u32 = 300;
/// How many are gone through before nobody fits.
const LOOKED_AT_MAX: u64 = 30_000;

/// Why a change cannot happen.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    /// Nobody has this number.
    #[error("nobody has this number")]
    UnknownNumber,
    /// The person is not one that this can happen to.
    #[error("this cannot happen to this person: it needs {0}")]
    Unsuitable(&'static str),
    /// Nobody was found that this can happen to.
    #[error("nobody was found that this can happen to: it needs {0}")]
    NobodyFits(&'static str),
}

/// Where a change takes place: the register, the time, the dice, and who was asked for.
pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) now: Moment,
    pub(crate) dice: &'a mut Dice,
    pub(crate) asked: Option<&'a str>,
    /// KRR, for what happens there.
    pub(crate) krr: &'a Krr,
    /// How many seconds ahead something shall happen, if that was asked for.
    pub(crate) seconds: Option<u32>,
}

impl Scene<'_> {
    /// Plans a change of this kind.
    pub(crate) fn plan(&mut self, kind: &Kind) -> Planned {
        match kind.does {
            Does::Story(story) => story(self),
            Does::Alone(need, edit) => {
                let mut subject = self.pick(need)?;
                edit(&mut subject.person, &mut self.hand());
                let mut outcome = Outcome::default();
                outcome.tell(subject, kind.events, self.now);
                Ok(outcome)
            }
        }
    }

    /// The hand that edits documents here and now.
    pub(super) fn hand(&mut self) -> Hand<'_> {
        Hand { now: self.now, dice: self.dice }
    }

    /// The person asked for, who must be as needed, or anyone who is.
    pub(super) fn pick(&mut self, need: Need) -> Result<Subject, PlanError> {
        self.pick_where(need, |_, _| true)
    }

    /// As [`Scene::pick`], with a condition that the document alone does not tell.
    pub(super) fn pick_where(
        &mut self,
        need: Need,
        fits: impl Fn(&World, &Subject) -> bool,
    ) -> Result<Subject, PlanError> {
        let Some(number) = self.asked else {
            return self.anyone(need.text, |world, subject| {
                (need.met)(&subject.person) && fits(world, subject)
            });
        };
        let version = self.world.find(number).ok_or(PlanError::UnknownNumber)?;
        let subject = Subject { entity: version.entity, person: version.person.clone() };
        if (need.met)(&subject.person) && fits(self.world, &subject) {
            Ok(subject)
        } else {
            Err(PlanError::Unsuitable(need.text))
        }
    }

    /// Anyone who fits: of some that the dice draw, of those who changed lately, and then of all in
    /// order from somewhere.
    pub(super) fn anyone(
        &mut self,
        text: &'static str,
        fits: impl Fn(&World, &Subject) -> bool,
    ) -> Result<Subject, PlanError> {
        let entities = self.world.entities().max(1);
        let (world, dice) = (self.world, &mut *self.dice);
        let start = dice.roll() % entities;
        let drawn = (0..DRAWS).map(|_| dice.roll() % entities);
        let in_order = (0..entities.min(LOOKED_AT_MAX)).map(|step| (start + step) % entities);
        drawn
            .chain(world.changed_lately())
            .chain(in_order)
            .filter_map(|entity| subject(world, entity))
            .find(|subject| fits(world, subject))
            .ok_or(PlanError::NobodyFits(text))
    }

    /// The living spouse.
    pub(super) fn spouse(&self, person: &Folkeregisterperson) -> Option<Subject> {
        let item = current(&person.sivilstand)?;
        if !["gift", "registrertPartner", "separert"].contains(&item.sivilstand.as_ref()) {
            return None;
        }
        self.relative(item.relatert_ved_sivilstand.as_deref()?)
            .filter(|spouse| spouse.person.doedsfall.is_none())
    }

    /// The person with this number, as a relation of somebody names it.
    pub(super) fn relative(&self, number: &str) -> Option<Subject> {
        let version = self.world.find(number)?;
        Some(Subject { entity: version.entity, person: version.person.clone() })
    }

    /// Those who move along: spouse and minor children at the same address.
    pub(super) fn household(&self, person: Subject) -> Vec<Subject> {
        let address = |person: &Folkeregisterperson| {
            let home = current(&person.bostedsadresse)?;
            Some((home.adresse_identifikator_fra_matrikkelen.clone()?, home.vegadresse.clone()))
        };
        let here = address(&person.person);
        let today = self.now.day();
        let related = person.person.familierelasjon.iter().filter(|item| item.meta.er_gjeldende);
        let mut along: Vec<Subject> = Vec::new();
        for item in related {
            let Some(other) = item.relatert_person.as_deref().and_then(|n| self.relative(n)) else {
                continue;
            };
            let moves = match item.relatert_persons_rolle.as_ref() {
                "ektefelleEllerPartner" => true,
                "barn" => Lane::of(other.person.number())
                    .is_some_and(|(lane, _)| today.years_since(lane.born) < 18),
                _ => false,
            };
            let known = along.iter().any(|known| known.entity == other.entity)
                || other.entity == person.entity;
            let together = here.is_some() && address(&other.person) == here;
            if moves && !known && together && other.person.status_word() == "bosatt" {
                along.push(other);
            }
        }
        std::iter::once(person).chain(along).collect()
    }
}

/// The person with this index, unless merged away.
fn subject(world: &World, entity: u64) -> Option<Subject> {
    let version = world.version(entity).filter(|_| world.survivor(entity).is_none())?;
    Some(Subject { entity, person: version.person.clone() })
}
