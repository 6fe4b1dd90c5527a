//! Marriages, what ends them, and names.

use crate::calendar::Moment;
use crate::change::edit::{end, meta, replace};
use crate::change::{Outcome, Subject};
use crate::freg::wire::{Element, Familierelasjon, Folkeregisterperson, Navn, Sivilstand, current};
use crate::population::FullName;

const SPOUSE: &str = "ektefelleEllerPartner";

/// A wedding today: one event for each of the two.
pub(super) fn marry(mut first: Subject, mut second: Subject, now: Moment) -> Outcome {
    let numbers = [first.person.number().to_owned(), second.person.number().to_owned()];
    for (person, other) in [(&mut first.person, &numbers[1]), (&mut second.person, &numbers[0])] {
        let married = Sivilstand {
            myndighet: Some("ANSATT_I_KOMMUNE".into()),
            sted: Some("Rådhuset".into()),
            relatert_ved_sivilstand: Some(other.clone().into()),
            ..status_alone(now, "gift", "Vigsel")
        };
        replace(&mut person.sivilstand, married);
        person.familierelasjon.push(Familierelasjon {
            meta: meta(now, now.day(), "Vigsel"),
            relatert_person: Some(other.clone().into()),
            relatert_person_uten_folkeregisteridentifikator: None,
            relatert_persons_rolle: SPOUSE.into(),
            min_rolle_for_person: Some(SPOUSE.into()),
        });
    }
    let mut outcome = Outcome::default();
    outcome.tell(first, &["endringISivilstand"], now);
    outcome.tell(second, &["endringISivilstand"], now);
    outcome
}

/// A marital status from today on with no partner.
pub(super) fn status_alone(now: Moment, word: &'static str, reason: &'static str) -> Sivilstand {
    Sivilstand {
        meta: meta(now, now.day(), reason),
        sivilstand: word.into(),
        sivilstandsdato: Some(now.day().iso().into()),
        myndighet: None,
        kommune: None,
        sted: None,
        utland: None,
        relatert_ved_sivilstand: None,
    }
}

/// The relation between spouses ends.
pub(super) fn end_marriage(person: &mut Folkeregisterperson, now: Moment) {
    for item in person.familierelasjon.iter_mut() {
        if item.relatert_persons_rolle == SPOUSE && item.meta().er_gjeldende {
            end(std::slice::from_mut(item), now);
        }
    }
}

/// The spouse of someone who died.
pub(super) fn widow(person: &mut Folkeregisterperson, dead: &str, now: Moment) {
    let partner = current(&person.sivilstand)
        .is_some_and(|item| item.sivilstand.to_lowercase().contains("partner"));
    let word = if partner { "gjenlevendePartner" } else { "enkeEllerEnkemann" };
    let status = Sivilstand {
        relatert_ved_sivilstand: Some(dead.to_owned().into()),
        ..status_alone(now, word, "Dødsfall")
    };
    replace(&mut person.sivilstand, status);
    end_marriage(person, now);
}

/// A new name from today on.
pub(super) fn rename(mut person: Subject, name: FullName, now: Moment) -> Outcome {
    let name = Navn {
        meta: meta(now, now.day(), "Navn"),
        fornavn: name.given.into(),
        mellomnavn: name.middle.map(Into::into),
        etternavn: name.family.into(),
        forkortet_navn: None,
        originalt_navn: None,
    };
    replace(&mut person.person.navn, name);
    let mut outcome = Outcome::default();
    outcome.tell(person, &["endringINavn"], now);
    outcome
}
