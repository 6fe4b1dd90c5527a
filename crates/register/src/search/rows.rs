//! What a person is found by.

use std::borrow::Cow;

use super::day;
use super::fold::words;
use super::place::{self, Place};
use crate::package::Package;
use crate::part::list::Item;
use crate::part::shape::Metadata;
use crate::part::{
    Birth, Death, Gender, NorwegianIdentificationNumber, PersonGender, PersonName, PersonStatusType,
};
use crate::person::Person;
use crate::rights::{Circumstances, Rule, Viewer};

// Both packages are shown the same of these, so one row serves both. A part that stops being open
// does not compile here, and needs a column for each package.
const _: () = {
    assert!(matches!(PersonName::RULE, Rule::Open) && matches!(Birth::RULE, Rule::Open));
    assert!(matches!(Death::RULE, Rule::Open) && matches!(PersonGender::RULE, Rule::Open));
    assert!(matches!(NorwegianIdentificationNumber::RULE, Rule::Open));
};

/// What a person is found by now: the row that is stored, and all there is to be found.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SearchRows {
    /// The folded words of the current names, each with its part before it and a space behind:
    /// `g:kari f:nordmann `.
    pub names: String,
    /// Day of birth as `yyyymmdd`, `yyyy0000` where only the year is known, 0 where not even that.
    pub birth: i32,
    /// Day of death in the same form, 0 for those who live or whose day of death is not known.
    pub death: i32,
    /// Gender, the status that each package is shown, and whether the person has nothing but a
    /// felles hjelpenummer.
    pub facets: Facets,
    /// The addresses that full access is shown, one line for each; see [`super::PlaceCriteria`].
    pub full_places: String,
    /// Those that restricted access is shown.
    pub restricted_places: String,
}

// Names and addresses of people do not belong in a log.
impl std::fmt::Debug for SearchRows {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SearchRows(…)")
    }
}

/// Small facts in one number: bits 0–1 the gender, 2–5 the status for full access, 6–9 the one for
/// restricted access, 10 whether the person has nothing but a felles hjelpenummer. The numbers are
/// stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facets(i16);

impl Facets {
    /// The bit of those who have nothing but a felles hjelpenummer.
    pub const ALTERNATE: i16 = 1 << 10;

    /// The bits of the gender.
    pub const GENDERS: i16 = 3;

    /// How far the status that a package is shown is shifted.
    pub fn status_shift(package: Package) -> i32 {
        match package {
            Package::FullAccess => 2,
            Package::RestrictedAccess => 6,
        }
    }

    /// As it is stored.
    pub fn number(self) -> i16 {
        self.0
    }

    /// As it was stored.
    pub fn from_number(number: i16) -> Facets {
        Facets(number)
    }

    /// Whether the person has nothing but a felles hjelpenummer.
    pub fn is_alternate(self) -> bool {
        self.0 & Self::ALTERNATE != 0
    }

    /// The same of somebody who has nothing but a felles hjelpenummer, or who is in the population
    /// register.
    #[must_use]
    pub fn with_alternate(self, is_alternate: bool) -> Facets {
        let others = self.0 & !Self::ALTERNATE;
        Facets(if is_alternate { others | Self::ALTERNATE } else { others })
    }
}

/// The stored number of a gender; 0 is none.
pub fn gender_number(gender: Gender) -> i16 {
    match gender {
        Gender::Female => 1,
        Gender::Male => 2,
    }
}

/// The stored number of a status, 1 to 10; 0 is none.
pub fn status_number(status: PersonStatusType) -> i16 {
    match status {
        PersonStatusType::Resident => 1,
        PersonStatusType::Emigrated => 2,
        PersonStatusType::Disappeared => 3,
        PersonStatusType::Deceased => 4,
        PersonStatusType::Discontinued => 5,
        PersonStatusType::RegisteredAtBirth => 6,
        PersonStatusType::Temporary => 7,
        PersonStatusType::Inactive => 8,
        PersonStatusType::NotResident => 9,
        PersonStatusType::Active => 10,
    }
}

/// What a person is found by, in the circumstances in which they are served. Which register the
/// person is from does not stand in it: [`Facets::with_alternate`] says it.
pub fn rows(person: &Person, circumstances: &Circumstances) -> SearchRows {
    let [full, restricted] =
        Package::ALL.map(|package| View::of(&Viewer::new(person, package, circumstances), person));
    let gender = current(&person.gender).find_map(|item| item.gender).map_or(0, gender_number);
    SearchRows {
        names: names(person),
        birth: current(&person.birth).find_map(day_of_birth).unwrap_or(0),
        death: day_of_death(person).unwrap_or(0),
        facets: Facets(gender | full.status << 2 | restricted.status << 6),
        full_places: full.places,
        restricted_places: restricted.places,
    }
}

/// What the packages may be shown differently.
struct View {
    status: i16,
    places: String,
}

impl View {
    fn of(viewer: &Viewer, person: &Person) -> View {
        let status = viewer.shown(&person.status);
        let residential = viewer.shown(&person.residential_address);
        let present = viewer.shown(&person.present_address);
        let shared = viewer.shown(&person.shared_residence);
        let places = shown_now(&residential).map(Place::residential);
        let places = places.chain(shown_now(&present).map(Place::present));
        let places: Vec<_> = places.chain(shown_now(&shared).map(Place::shared)).collect();
        View {
            status: shown_now(&status).find_map(|item| item.status).map_or(0, status_number),
            places: place::lines(&places),
        }
    }
}

fn shown_now<'s, T: Metadata + Clone>(items: &'s [Cow<'_, T>]) -> impl Iterator<Item = &'s T> {
    items.iter().map(AsRef::as_ref).filter(|item: &&T| item.is_current())
}

fn current<T: Metadata>(items: &[T]) -> impl Iterator<Item = &T> {
    items.iter().filter(|item| item.is_current())
}

fn names(person: &Person) -> String {
    let mut names = String::new();
    for name in current(&person.name) {
        for (mark, text) in
            [("g:", &name.given_name), ("m:", &name.middle_name), ("f:", &name.family_name)]
        {
            for word in words(text.as_deref().unwrap_or_default()) {
                names.extend([mark, &word, " "]);
            }
        }
    }
    names
}

fn day_of_birth(birth: &Birth) -> Option<i32> {
    let year = || day::number_of_year(birth.birth_year.as_deref()?);
    birth.birth_date.map(day::number).or_else(year)
}

fn day_of_death(person: &Person) -> Option<i32> {
    let death = person.death.as_ref().filter(|death| death.is_current())?;
    death.deceased_date.map(day::number)
}
