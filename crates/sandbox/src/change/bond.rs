//! Marriages, what ends them, and fathers who become known.

use crate::calendar::Moment;
use crate::change::edit::{correct, end, meta, replace};
use crate::change::need::{self, age_in_years, is_female};
use crate::change::scene::Scene;
use crate::change::{Hand, Outcome, Planned, Subject, value};
use crate::freg::wire::{
    Element, Familierelasjon, Folkeregisterperson, Foreldreansvar, RelatertBiPerson, Sivilstand,
    current,
};

const SPOUSE: &str = "ektefelleEllerPartner";

/// A wedding today: one event for each of the two.
pub(super) fn marriage(scene: &mut Scene<'_>) -> Planned {
    let first = scene.pick(need::FREE)?;
    let number = first.person.number().to_owned();
    let related = |other: &str| {
        let mut relations = first.person.familierelasjon.iter();
        relations.any(|item| item.relatert_person.as_deref() == Some(other))
    };
    let second = scene.anyone(need::FREE.text, |_, other| {
        let theirs = other.person.number();
        (need::FREE.met)(&other.person) && theirs != number && !related(theirs)
    })?;
    Ok(marry(first, second, scene.now))
}

fn marry(mut first: Subject, mut second: Subject, now: Moment) -> Outcome {
    let numbers = [first.person.number().to_owned(), second.person.number().to_owned()];
    for (person, other) in [(&mut first.person, &numbers[1]), (&mut second.person, &numbers[0])] {
        let married = Sivilstand {
            myndighet: Some("ANSATT_I_KOMMUNE".into()),
            sted: Some("Rådhuset".into()),
            relatert_ved_sivilstand: Some(other.clone().into()),
            ..status_alone(now, "gift", "Vigsel")
        };
        replace(&mut person.sivilstand, married);
        person.familierelasjon.push(relation(now, other, SPOUSE, SPOUSE, "Vigsel"));
    }
    let mut outcome = Outcome::default();
    outcome.tell(first, &["endringISivilstand"], now);
    outcome.tell(second, &["endringISivilstand"], now);
    outcome
}

fn relation(
    now: Moment,
    other: &str,
    role: &'static str,
    mine: &'static str,
    reason: &'static str,
) -> Familierelasjon {
    Familierelasjon {
        meta: meta(now, now.day(), reason),
        relatert_person: Some(other.to_owned().into()),
        relatert_person_uten_folkeregisteridentifikator: None,
        relatert_persons_rolle: role.into(),
        min_rolle_for_person: Some(mine.into()),
    }
}

/// The couple separates.
pub(super) fn separation(scene: &mut Scene<'_>) -> Planned {
    parting(scene, need::MARRIED, "separert", "Separasjon", &["endringISivilstand"])
}

/// The couple is divorced, and no longer related.
pub(super) fn divorce(scene: &mut Scene<'_>) -> Planned {
    let kinds = &["endringISivilstand", "endringIFamilierelasjon"];
    parting(scene, need::SEPARATED, "skilt", "Skilsmisse", kinds)
}

fn parting(
    scene: &mut Scene<'_>,
    need: need::Need,
    word: &'static str,
    reason: &'static str,
    kinds: &[&'static str],
) -> Planned {
    let first = scene.pick_where(need, |_, subject| {
        let mut relations = subject.person.familierelasjon.iter();
        relations.any(|item| item.relatert_persons_rolle == SPOUSE && item.meta.er_gjeldende)
    })?;
    let spouse = scene.spouse(&first.person).filter(|other| other.entity != first.entity);
    let mut outcome = Outcome::default();
    for mut subject in [Some(first), spouse].into_iter().flatten() {
        let partner = current(&subject.person.sivilstand)
            .and_then(|item| item.relatert_ved_sivilstand.clone());
        let status = Sivilstand {
            relatert_ved_sivilstand: partner,
            ..status_alone(scene.now, word, reason)
        };
        replace(&mut subject.person.sivilstand, status);
        if word == "skilt" {
            end_marriage(&mut subject.person, scene.now);
        }
        outcome.tell(subject, kinds, scene.now);
    }
    Ok(outcome)
}

/// A marital status from today on with no partner.
pub(super) fn status_alone(now: Moment, word: &'static str, reason: &'static str) -> Sivilstand {
    Sivilstand {
        meta: meta(now, now.day(), reason),
        sivilstand: word.into(),
        sivilstandsdato: Some(now.day().iso().into()),
        ..Sivilstand::default()
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

/// A father becomes known: relation and responsibility on both sides.
pub(super) fn paternity(scene: &mut Scene<'_>) -> Planned {
    let mut child = scene.pick_where(need::MINOR, |_, subject| {
        let mut relations = subject.person.familierelasjon.iter();
        !relations.any(|item| ["far", "medmor"].contains(&item.relatert_persons_rolle.as_ref()))
    })?;
    let age = age_in_years(&child.person);
    let mut father = scene.anyone(need::ADULT.text, |_, other| {
        let person = &other.person;
        let is_man = current(&person.kjoenn).is_some() && !is_female(person);
        (need::ADULT.met)(person) && is_man && age_in_years(person) > age + 17
    })?;
    let now = scene.now;
    let numbers = [father.person.number().to_owned(), child.person.number().to_owned()];
    child.person.familierelasjon.push(relation(now, &numbers[0], "far", "barn", "Farskap"));
    father.person.familierelasjon.push(relation(now, &numbers[1], "barn", "far", "Farskap"));
    let [ansvarlig, ansvarssubjekt] = numbers;
    let responsibility = Foreldreansvar {
        meta: meta(now, now.day(), "Farskap"),
        ansvar: "felles".into(),
        ansvarssubjekt: Some(ansvarssubjekt.into()),
        ansvarlig: Some(ansvarlig.into()),
        ..Foreldreansvar::default()
    };
    child.person.foreldreansvar.push(responsibility.clone());
    father.person.foreldreansvar.push(responsibility);
    let kinds = ["endringIFamilierelasjon", "endringIForeldreansvar"];
    let mut outcome = Outcome::default();
    outcome.tell(child, &kinds, now);
    outcome.tell(father, &kinds, now);
    Ok(outcome)
}

/// The relative without a number, if there is one.
fn relative_abroad(person: &mut Folkeregisterperson) -> Option<usize> {
    let abroad =
        |item: &Familierelasjon| item.relatert_person_uten_folkeregisteridentifikator.is_some();
    person.familierelasjon.iter().position(abroad)
}

/// What is known of a relative without a number was wrong.
pub(super) fn correct_relative_abroad(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let Some(position) = relative_abroad(person) else { return };
    let told = value::relative_abroad(person, hand);
    let item = &mut person.familierelasjon[position];
    let born = told.relatert_person_uten_folkeregisteridentifikator;
    let known = item.relatert_person_uten_folkeregisteridentifikator.take().unwrap_or_default();
    item.meta = told.meta;
    item.relatert_person_uten_folkeregisteridentifikator =
        Some(RelatertBiPerson { kjoenn: known.kjoenn, ..born.unwrap_or_default() });
}

/// The relative without a number never was one.
pub(super) fn annul_relative_abroad(person: &mut Folkeregisterperson, _: &mut Hand<'_>) {
    if let Some(position) = relative_abroad(person) {
        person.familierelasjon.remove(position);
    }
}

/// The marital status was registered wrongly.
pub(super) fn correct_status(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let right = value::marital_status(person, hand);
    correct(&mut person.sivilstand, right);
}
