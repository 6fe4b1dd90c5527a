//! Whom a change can happen to.

use crate::freg::wire::{Folkeregisterperson, current};
use crate::population::{Lane, Series, TODAY, grade};

/// A condition on a person, in words and as a test of the document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    /// What the person must be, to follow "it needs".
    pub(crate) text: &'static str,
    pub(crate) met: fn(&Folkeregisterperson) -> bool,
}

pub(super) const ALIVE: Need = Need { text: "a living person", met: is_alive };
pub(super) const RESIDENT: Need = Need { text: "a resident", met: is_resident };
pub(super) const ADULT: Need = Need {
    text: "a resident of age",
    met: |person| is_resident(person) && age_in_years(person) >= 18,
};
pub(super) const MINOR: Need = Need {
    text: "a resident child",
    met: |person| is_resident(person) && age_in_years(person) < 18,
};
pub(super) const HOME: Need = Need { text: "a resident who lives at an address", met: has_home };
pub(super) const NAMED: Need =
    Need { text: "somebody with a name", met: |person| current(&person.navn).is_some() };
pub(super) const DEAD: Need =
    Need { text: "somebody who has died", met: |person| person.doedsfall.is_some() };
pub(super) const DEATH_DAY: Need = Need {
    text: "somebody whose day of death is known",
    met: |person| person.doedsfall.as_ref().is_some_and(|death| death.doedsdato.is_some()),
};
pub(super) const ADDRESS: Need = Need {
    text: "a resident at a road or cadastral address",
    met: |person| {
        has_home(person)
            && current(&person.bostedsadresse).is_some_and(|home| home.ukjent_bosted.is_none())
    },
};
pub(super) const PROTECTED: Need = Need { text: "a protected person", met: is_protected };
pub(super) const OPEN: Need = Need {
    text: "a resident without protection",
    met: |person| is_resident(person) && !is_protected(person),
};
pub(super) const OPEN_HOME: Need = Need {
    text: "a resident without protection who lives at an address",
    met: |person| has_home(person) && !is_protected(person),
};
pub(super) const MOTHER: Need = Need {
    text: "a resident woman of 18 to 45 years",
    met: |person| {
        is_resident(person) && is_female(person) && (18..46).contains(&age_in_years(person))
    },
};
pub(super) const FREE: Need =
    Need { text: "a resident of age who is free to marry", met: is_free_to_marry };
pub(super) const D_NUMBER: Need =
    Need { text: "a D-number in use", met: |person| national_number(person).is_some() };
pub(super) const TEMPORARY: Need = Need {
    text: "a D-number that is not inactive",
    met: |person| {
        let word = person.status_word();
        national_number(person).is_some() && ["midlertidig", "aktiv", "ikkeBosatt"].contains(&word)
    },
};
pub(super) const HALF_WAY: Need = Need {
    text: "somebody whose D-number has ceased and who has no other number yet",
    met: |person| {
        let numbers = &person.identifikasjonsnummer;
        let ceased = numbers.iter().all(|item| item.status == "opphoert");
        ceased && is_alive(person) && current(numbers).is_none() && lane(person).is_some()
    },
};
pub(super) const EMIGRANT: Need = Need {
    text: "somebody who has emigrated",
    met: |person| person.status_word() == "utflyttet" && person.doedsfall.is_none(),
};
pub(super) const INACTIVE: Need = Need {
    text: "an inactive person",
    met: |person| person.status_word() == "inaktiv" && person.doedsfall.is_none(),
};
pub(super) const FALSE_IDENTITY: Need =
    Need { text: "a person with a false identity", met: |person| person.falsk_identitet.is_some() };
pub(super) const NUMBERED_RESIDENT: Need = Need {
    text: "a resident with a national number, a sex and a day of birth",
    met: |person| {
        is_resident(person)
            && !person.kjoenn.is_empty()
            && person.uses(person.number())
            && Lane::of(person.number()).is_some_and(|(_, series)| series == Series::National)
            && current(&person.foedsel).is_some_and(|birth| birth.foedselsdato.is_some())
    },
};
pub(super) const MARRIED: Need = Need {
    text: "a living married person",
    met: |person| is_alive(person) && marital_word(person) == "gift",
};
pub(super) const SEPARATED: Need = Need {
    text: "a living separated person",
    met: |person| is_alive(person) && marital_word(person) == "separert",
};
pub(super) const HISTORY: Need = Need {
    text: "a person with history",
    met: |person| super::identity::erase_one(&mut person.clone()).is_some(),
};
pub(super) const RELATIVE_ABROAD: Need = Need {
    text: "a relative without a number",
    met: |person| {
        let mut relations = person.familierelasjon.iter();
        relations.any(|item| item.relatert_person_uten_folkeregisteridentifikator.is_some())
    },
};
pub(super) const TWELVE: Need = Need {
    text: "a resident of age without protection who lives at an address and has a sex",
    met: |person| {
        has_home(person)
            && !is_protected(person)
            && age_in_years(person) >= 18
            && current(&person.kjoenn).is_some()
    },
};

fn is_alive(person: &Folkeregisterperson) -> bool {
    person.doedsfall.is_none() && !["doed", "opphoert"].contains(&person.status_word())
}

fn is_resident(person: &Folkeregisterperson) -> bool {
    person.status_word() == "bosatt"
}

fn has_home(person: &Folkeregisterperson) -> bool {
    is_resident(person) && current(&person.bostedsadresse).is_some()
}

fn is_protected(person: &Folkeregisterperson) -> bool {
    let level = current(&person.adressebeskyttelse).map(|item| item.graderingsnivaa.as_ref());
    level.is_some_and(|level| level != grade::OPEN)
}

/// Whether the register has the person as a woman.
pub(super) fn is_female(person: &Folkeregisterperson) -> bool {
    current(&person.kjoenn).is_some_and(|item| item.kjoenn == "kvinne")
}

fn marital_word(person: &Folkeregisterperson) -> &str {
    current(&person.sivilstand).map_or("", |item| &item.sivilstand)
}

fn is_free_to_marry(person: &Folkeregisterperson) -> bool {
    let free = ["ugift", "skilt", "enkeEllerEnkemann"].contains(&marital_word(person));
    free && is_resident(person) && age_in_years(person) >= 18
}

/// The place in number space of the number a person has or last had.
fn lane(person: &Folkeregisterperson) -> Option<Lane> {
    Lane::of(person.number()).filter(|found| found.1 == Series::D).map(|found| found.0)
}

/// The national number in the same lane as the D-number in use: nobody else can have it.
pub(super) fn national_number(person: &Folkeregisterperson) -> Option<String> {
    let number = person.number();
    lane(person).filter(|_| person.uses(number))?.number(Series::National)
}

/// The national number that is due to somebody between two numbers.
pub(super) fn number_due(person: &Folkeregisterperson) -> Option<String> {
    lane(person)?.number(Series::National)
}

/// Age by year of birth, on the population's day.
pub(super) fn age_in_years(person: &Folkeregisterperson) -> i32 {
    let year = person.foedsel.first().and_then(|birth| birth.foedselsaar.parse().ok());
    TODAY.year() - year.unwrap_or(TODAY.year())
}
