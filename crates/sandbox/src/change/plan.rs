//! Who a change happens to: the person asked for or anyone it fits, and those it takes along.

use crate::calendar::Moment;
use crate::change::{Change, Kind, Subject, identity};
use crate::dice::Dice;
use crate::freg::wire::{Folkeregisterperson, current};
use crate::population::{
    COUNTRIES, FullName, Home, Lane, Series, Sex, family_name, given_name, grade,
};
use crate::world::World;

/// How many persons are looked at before nobody fits.
const TRIES: u32 = 600;

/// Why a change cannot happen.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PlanError {
    /// Nobody has this number.
    #[error("nobody has this number")]
    UnknownNumber,
    /// The person is not one that this can happen to.
    #[error("this cannot happen to this person: {0}")]
    Unsuitable(&'static str),
    /// Nobody was found that this can happen to.
    #[error("nobody was found that this can happen to")]
    NobodyFits,
}

type Planned = Result<Change, PlanError>;

/// Finds everyone a change of this kind concerns.
pub(crate) fn plan(
    world: &World,
    kind: Kind,
    number: Option<&str>,
    now: Moment,
    dice: &mut Dice,
) -> Planned {
    let person = match number {
        Some(number) => named(world, kind, number)?,
        None if kind == Kind::Split => merged_survivor(world)?,
        None => anyone(world, dice, |subject| obstacle(world, kind, subject).is_none())?,
    };
    let home = Home::new(dice);
    Ok(match kind {
        Kind::Birth => return birth(world, person, now, dice),
        Kind::Death => Change::Death { spouse: spouse(world, &person.person), person },
        Kind::Move => Change::Move { household: household(world, person, now), to: home },
        Kind::Marriage => return marriage(world, person, dice),
        Kind::Name => Change::Rename { name: new_name(&person.person, dice), person },
        Kind::ProtectionStrict => {
            Change::Protect { person, grade: grade::STRICT, leaks: dice.chance(600) }
        }
        Kind::ProtectionConfidential => {
            Change::Protect { person, grade: grade::CONFIDENTIAL, leaks: false }
        }
        Kind::ProtectionOff => Change::Unprotect { person, home },
        Kind::NationalNumber => {
            let number = national_number(&person)?;
            Change::GiveNationalNumber { person, number, home }
        }
        Kind::Merge => return merge(world, person, dice),
        Kind::Split => return split(world, person),
        Kind::Correction => Change::Erase { person },
        Kind::Emigration => {
            let country = dice.below(COUNTRIES.len() as u64) as usize;
            Change::Emigrate { person, country }
        }
        Kind::Refresh => Change::Refresh { person, to: home },
    })
}

fn named(world: &World, kind: Kind, number: &str) -> Result<Subject, PlanError> {
    let version = world.find(number).ok_or(PlanError::UnknownNumber)?;
    let subject = Subject { entity: version.entity, person: version.person.clone() };
    match obstacle(world, kind, &subject) {
        Some(reason) => Err(PlanError::Unsuitable(reason)),
        None => Ok(subject),
    }
}

fn subject(world: &World, entity: u64) -> Option<Subject> {
    let version = world.version(entity).filter(|_| world.survivor(entity).is_none())?;
    Some(Subject { entity, person: version.person.clone() })
}

fn anyone(
    world: &World,
    dice: &mut Dice,
    fits: impl Fn(&Subject) -> bool,
) -> Result<Subject, PlanError> {
    let entities = world.entities().max(1);
    (0..TRIES)
        .filter_map(|_| subject(world, dice.roll() % entities))
        .find(|subject| fits(subject))
        .ok_or(PlanError::NobodyFits)
}

fn merged_survivor(world: &World) -> Result<Subject, PlanError> {
    let survivor = world.any_merged().and_then(|dead| world.survivor(dead));
    survivor.and_then(|entity| subject(world, entity)).ok_or(PlanError::NobodyFits)
}

/// What stands in the way of this kind of change, if anything.
fn obstacle(world: &World, kind: Kind, subject: &Subject) -> Option<&'static str> {
    let person = &subject.person;
    let resident = person.status_word() == "bosatt";
    let home = current(&person.bostedsadresse).is_some();
    let level = current(&person.adressebeskyttelse).map(|item| item.graderingsnivaa.as_ref());
    let protected = level.is_some_and(|level| level != grade::OPEN);
    let unless = |holds: bool, reason| (!holds).then_some(reason);
    match kind {
        Kind::Birth => {
            let grown = resident && (18..46).contains(&age_in_years(person));
            unless(grown && word(person) == "kvinne", "not a resident woman of that age")
        }
        Kind::Death => unless(resident, "not resident"),
        Kind::Marriage => {
            let free = current(&person.sivilstand).is_some_and(|item| {
                ["ugift", "skilt", "enkeEllerEnkemann"].contains(&item.sivilstand.as_ref())
            });
            unless(resident && free && age_in_years(person) >= 18, "not free to marry")
        }
        Kind::Move | Kind::Refresh => unless(resident && home, "not living at an address"),
        Kind::Emigration => unless(resident && home, "not living at an address"),
        Kind::Name => unless(!person.navn.is_empty(), "has no name"),
        Kind::ProtectionStrict | Kind::ProtectionConfidential => {
            unless(resident && !protected, "not resident, or protected already")
        }
        Kind::ProtectionOff => unless(protected, "not protected"),
        Kind::NationalNumber => national_number(subject).err().map(|_| "has no D-number in use"),
        Kind::Merge => unless(resident, "not resident"),
        Kind::Split => {
            unless(world.merged_into(subject.entity).is_some(), "nobody was merged into it")
        }
        Kind::Correction => {
            unless(identity::erase_one(&mut person.clone()).is_some(), "has no history")
        }
    }
}

/// A holder of a D-number whom nothing else refers to.
fn is_mergeable(world: &World, subject: &Subject) -> bool {
    let person = &subject.person;
    national_number(subject).is_ok()
        && person.familierelasjon.is_empty()
        && world.merged_into(subject.entity).is_none()
}

/// The national number in the same lane as the D-number in use: nobody else can have it.
fn national_number(subject: &Subject) -> Result<String, PlanError> {
    const REASON: PlanError = PlanError::Unsuitable("has no D-number in use");
    let number = subject.person.number();
    let (lane, series) = Lane::of(number).ok_or(REASON)?;
    if series != Series::D || !subject.person.uses(number) {
        return Err(REASON);
    }
    lane.number(Series::National).ok_or(REASON)
}

fn marriage(world: &World, first: Subject, dice: &mut Dice) -> Planned {
    let number = first.person.number().to_owned();
    let fits = |other: &Subject| {
        obstacle(world, Kind::Marriage, other).is_none()
            && other.person.number() != number
            && !is_related(&first.person, other.person.number())
    };
    let second = anyone(world, dice, fits)?;
    Ok(Change::Marriage { first, second })
}

fn merge(world: &World, survivor: Subject, dice: &mut Dice) -> Planned {
    let fits = |other: &Subject| other.entity != survivor.entity && is_mergeable(world, other);
    let other = anyone(world, dice, fits)?;
    Ok(Change::Merge { survivor, other })
}

fn split(world: &World, kept: Subject) -> Planned {
    let dead = world.merged_into(kept.entity).and_then(|dead| world.version(dead));
    let dead = dead.ok_or(PlanError::Unsuitable("nobody was merged into it"))?;
    let restored = Subject { entity: dead.entity, person: dead.person.clone() };
    Ok(Change::Split { kept, restored })
}

fn birth(world: &World, mother: Subject, now: Moment, dice: &mut Dice) -> Planned {
    let sex = if dice.chance(514) { Sex::Male } else { Sex::Female };
    let lane = world.free_lane(now.day(), sex, dice).ok_or(PlanError::NobodyFits)?;
    let father = spouse(world, &mother.person).filter(|spouse| word(&spouse.person) == "mann");
    Ok(Change::Birth { mother, father, child: world.entities(), lane })
}

/// The living spouse.
fn spouse(world: &World, person: &Folkeregisterperson) -> Option<Subject> {
    let item = current(&person.sivilstand)?;
    if !["gift", "registrertPartner", "separert"].contains(&item.sivilstand.as_ref()) {
        return None;
    }
    relative(world, item.relatert_ved_sivilstand.as_deref()?)
        .filter(|spouse| spouse.person.doedsfall.is_none())
}

fn relative(world: &World, number: &str) -> Option<Subject> {
    let version = world.find(number)?;
    Some(Subject { entity: version.entity, person: version.person.clone() })
}

/// Those who move along: spouse and minor children at the same address.
fn household(world: &World, person: Subject, now: Moment) -> Vec<Subject> {
    let address = |person: &Folkeregisterperson| {
        let home = current(&person.bostedsadresse)?;
        Some((home.adresse_identifikator_fra_matrikkelen.clone()?, home.vegadresse.clone()))
    };
    let here = address(&person.person);
    let today = now.day();
    let related = person.person.familierelasjon.iter().filter(|item| item.meta.er_gjeldende);
    let along: Vec<Subject> = related
        .filter_map(|item| Some((relative(world, item.relatert_person.as_deref()?)?, item)))
        .filter(|(other, item)| match item.relatert_persons_rolle.as_ref() {
            "ektefelleEllerPartner" => true,
            "barn" => Lane::of(other.person.number())
                .is_some_and(|(lane, _)| today.years_since(lane.born) < 18),
            _ => false,
        })
        .map(|(other, _)| other)
        .filter(|other| other.person.status_word() == "bosatt")
        .filter(|other| here.is_some() && address(&other.person) == here)
        .collect();
    std::iter::once(person).chain(along).collect()
}

fn is_related(person: &Folkeregisterperson, number: &str) -> bool {
    person.familierelasjon.iter().any(|item| item.relatert_person.as_deref() == Some(number))
}

fn new_name(person: &Folkeregisterperson, dice: &mut Dice) -> FullName {
    let sex = if word(person) == "kvinne" { Sex::Female } else { Sex::Male };
    let old = current(&person.navn).map(|name| name.etternavn.to_string());
    let middle = old.filter(|_| dice.chance(400));
    FullName { given: given_name(dice, sex, None), middle, family: family_name(dice, None).into() }
}

fn word(person: &Folkeregisterperson) -> &str {
    current(&person.kjoenn).map_or("", |item| &item.kjoenn)
}

/// Age by year of birth, on the population's day.
fn age_in_years(person: &Folkeregisterperson) -> i32 {
    let year = person.foedsel.first().and_then(|birth| birth.foedselsaar.parse().ok());
    crate::population::TODAY.year() - year.unwrap_or(crate::population::TODAY.year())
}
