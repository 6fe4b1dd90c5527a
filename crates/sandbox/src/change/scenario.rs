//! Stories that need several changes in a certain order, for tests of ingest and of load.

use crate::calendar::Moment;
use crate::change::maker::{Done, Maker};
use crate::change::{Correction, Kind, PlanError, kinds};

/// Persons of the country that the weekly rates are of: with national numbers and with D-numbers.
const COUNTRY: u64 = 7_600_000;

/// A story.
#[derive(Debug)]
pub(crate) struct Scenario {
    /// Its name in the control interface.
    pub(crate) name: &'static str,
    /// What happens, in a line.
    pub(crate) about: &'static str,
    play: fn(&mut Stage<'_>) -> Result<(), PlanError>,
}

macro_rules! scenarios {
    ($($name:literal, $about:literal, $play:expr;)+) => {
        &[$(Scenario { name: $name, about: $about, play: $play }),+]
    };
}

/// Every scenario.
pub(crate) const SCENARIOS: &[Scenario] = scenarios! {
    "merge-twice", "two are merged into one person, in both orders, and one is split off again",
        merge_twice;
    "d-number", "a D-number becomes a national number, with others' events between the halves",
        d_number;
    "new-numbers", "one person gets three numbers: the day of birth and the sex are corrected",
        new_numbers;
    "reactivation", "every reactivation, of which one only corrects a day of death", reactivation;
    "corrections", "every correction and every annulment, none of which leaves a trace",
        corrections;
    "every-event", "every kind of change once", every_event;
    "lost-events", "three moves without an event, then the events that tell nothing", lost_events;
    "flurry", "one page holds twelve events for each of five persons", flurry;
    "region-reform", "six counties get new numbers, and some still move into old ones",
        region_reform;
    "unique-identity", "every checked identity becomes unique", unique_identity;
    "silent-migration", "data change for many, and no event tells", silent_migration;
    "contacts", "KRR: one person registers, moves, refuses, expires and is taken out", contacts;
    "week", "a week of the country, scaled to the population", week;
};

impl Scenario {
    /// The scenario with this name.
    pub(crate) fn from_name(name: &str) -> Option<&'static Scenario> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }
}

/// What a scenario led to.
#[derive(Debug, Default)]
pub(crate) struct Played {
    /// Each change, in order.
    pub(crate) changes: Vec<Done>,
    /// Each mass: its correction's name, and how many persons it changed.
    pub(crate) masses: Vec<(&'static str, usize)>,
}

struct Stage<'a> {
    maker: &'a Maker,
    now: Moment,
    played: Played,
}

impl Maker {
    /// Plays a scenario, beginning at `now`.
    pub(crate) fn play(&self, scenario: &Scenario, now: Moment) -> Result<Played, PlanError> {
        let mut stage = Stage { maker: self, now, played: Played::default() };
        (scenario.play)(&mut stage)?;
        Ok(stage.played)
    }
}

impl Stage<'_> {
    /// Makes a change to this person or anyone; the number that is then in use.
    fn make(&mut self, kind: &str, number: Option<&str>) -> Result<String, PlanError> {
        let kind = Kind::from_name(kind).expect("scenarios name kinds that there are");
        let done = self.maker.make(kind, number, self.now)?;
        let number = done.number.clone();
        self.played.changes.push(done);
        self.now = self.now.plus(1);
        Ok(number)
    }

    /// Makes a change to anyone, if there is anyone it fits.
    fn try_make(&mut self, kind: &str) {
        if let Err(error) = self.make(kind, None) {
            tracing::debug!(kind, %error, "a change of the scenario did not happen");
        }
    }

    fn correct(&mut self, name: &str) -> Result<(), PlanError> {
        let correction = Correction::from_name(name).expect("scenarios name corrections");
        let mass = self.maker.correct(correction, u64::MAX, self.now)?;
        self.played.masses.push((correction.name, mass.entities.len()));
        Ok(())
    }
}

fn merge_twice(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    let survivor = stage.make("merge", None)?;
    stage.make("merge-duplicate-first", Some(&survivor))?;
    stage.make("split", Some(&survivor))?;
    Ok(())
}

fn d_number(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    let old = stage.make("d-number-ceases", None)?;
    for kind in ["move", "name", "birth"] {
        stage.make(kind, None)?;
    }
    stage.make("new-number-settles", Some(&old))?;
    Ok(())
}

fn new_numbers(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    let second = stage.make("new-number-birth-date", None)?;
    stage.make("new-number-sex", Some(&second))?;
    Ok(())
}

fn reactivation(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    let temporary = stage.make("inactivity", None)?;
    stage.make("reactivation", Some(&temporary))?;
    let dead = stage.make("death", None)?;
    stage.make("reactivation-death-date", Some(&dead))?;
    stage.make("death-annulment", Some(&dead))?;
    Ok(())
}

fn corrections(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    for kind in kinds() {
        if kind.name.ends_with("correction") || kind.name.ends_with("annulment") {
            stage.try_make(kind.name);
        }
    }
    Ok(())
}

fn every_event(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    for kind in kinds() {
        stage.try_make(kind.name);
    }
    Ok(())
}

fn lost_events(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    let mut moved = Vec::new();
    for _ in 0..3 {
        moved.push(stage.make("silent", None)?);
    }
    for number in moved {
        stage.make("refresh", Some(&number))?;
    }
    Ok(())
}

fn flurry(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    for _ in 0..5 {
        stage.make("twelve-events", None)?;
    }
    Ok(())
}

fn region_reform(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    stage.correct("kommunenummer")?;
    for _ in 0..3 {
        stage.make("move-to-old-municipality", None)?;
    }
    Ok(())
}

fn unique_identity(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    stage.correct("identitetsgrunnlag")
}

fn silent_migration(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    stage.correct("adressetilleggsnavn")
}

/// One person's whole story in KRR, and beside it what only KRR or only the order makes odd.
fn contacts(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    let number = stage.make("contact-registered", None)?;
    for kind in ["new-address", "confirmed", "reserved", "unreserved", "expires", "deleted"] {
        stage.make(&format!("contact-{kind}"), Some(&number))?;
    }
    stage.make("contact-of-unknown", None)?;
    stage.make("contact-repeated", None)?;
    Ok(())
}

/// As many changes as the rates say for a population of this size, drawn at those rates.
fn week(stage: &mut Stage<'_>) -> Result<(), PlanError> {
    let weekly: u64 = kinds().map(|kind| u64::from(kind.weekly)).sum();
    let persons = stage.maker.world().entities();
    for _ in 0..(weekly * persons).div_ceil(COUNTRY) {
        match stage.maker.make_any(stage.now) {
            Ok(done) => stage.played.changes.push(done),
            Err(error) => tracing::debug!(%error, "a change of the week did not happen"),
        }
        stage.now = stage.now.plus(1);
    }
    Ok(())
}
