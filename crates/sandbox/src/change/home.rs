//! Moves and the protection of addresses.

use crate::calendar::Moment;
use crate::change::edit::{meta, replace};
use crate::change::{Announcement, Outcome, Subject};
use crate::freg::wire::{Adressebeskyttelse, Folkeregisterperson, Text, current};
use crate::population::{Home, grade, strict_post};

/// A household moves: one event for each person, the one who was asked for first.
pub(super) fn move_all(household: Vec<Subject>, to: &Home, now: Moment) -> Outcome {
    let mut outcome = Outcome::default();
    for mut subject in household {
        settle(&mut subject.person, to, now, "Flytting innenlands");
        outcome.tell(subject, &["endringIBostedsadresse"], now);
    }
    outcome
}

/// The new home becomes current and the old one historic, graded as the person is.
pub(super) fn settle(
    person: &mut Folkeregisterperson,
    to: &Home,
    now: Moment,
    reason: &'static str,
) {
    let grade = match current(&person.adressebeskyttelse).map(|item| item.graderingsnivaa.as_ref())
    {
        Some(grade::CONFIDENTIAL) => grade::CONFIDENTIAL,
        _ => grade::OPEN,
    };
    let today = now.day();
    let home = to.residence(meta(now, today, reason), today, today, grade);
    replace(&mut person.bostedsadresse, home);
}

/// The data change and no event says what: the consumer must fetch the person again.
pub(super) fn refresh(mut subject: Subject, to: &Home, now: Moment) -> Outcome {
    settle(&mut subject.person, to, now, "Flytting innenlands");
    let number = subject.person.number().to_owned();
    let kind = "personErOppdatert";
    Outcome {
        announcements: vec![Announcement { number, kind, document: None, at: now }],
        documents: vec![(subject.entity, subject.person)],
        ..Outcome::default()
    }
}

/// Protects a person. Confidential grades every address, history too. Strictly confidential takes
/// the addresses away but for a shared post box; `leaks` leaves the old ones, graded as open.
pub(super) fn protect(
    mut subject: Subject,
    level: &'static str,
    leaks: bool,
    now: Moment,
) -> Outcome {
    let person = &mut subject.person;
    set_level(person, level, now);
    if level == grade::STRICT {
        person.bostedsadresse.retain(|item| leaks && !item.meta.er_gjeldende);
        person.oppholdsadresse.clear();
        person.postadresse_i_utlandet.clear();
        person.postadresse = vec![strict_post(meta(now, now.day(), "Adressebeskyttelse"))];
        for grade in grades(person) {
            *grade = grade::OPEN.into();
        }
    } else {
        for grade in grades(person) {
            *grade = level.into();
        }
    }
    let mut outcome = Outcome::default();
    outcome.tell(subject, &["endringIAdressebeskyttelse"], now);
    outcome
}

/// Ends a person's protection; who had no address gets one.
pub(super) fn unprotect(mut subject: Subject, home: &Home, now: Moment) -> Outcome {
    let person = &mut subject.person;
    set_level(person, grade::OPEN, now);
    for grade in grades(person) {
        *grade = grade::OPEN.into();
    }
    let resident = person.status_word() == "bosatt";
    if resident && current(&person.bostedsadresse).is_none() {
        person.postadresse.clear();
        settle(person, home, now, "Adressebeskyttelse");
    }
    let mut outcome = Outcome::default();
    outcome.tell(subject, &["endringIAdressebeskyttelse"], now);
    outcome
}

/// The person's level: this element has no history.
fn set_level(person: &mut Folkeregisterperson, level: &'static str, now: Moment) {
    let meta = meta(now, now.day(), "Adressebeskyttelse");
    person.adressebeskyttelse = vec![Adressebeskyttelse { meta, graderingsnivaa: level.into() }];
}

/// The grade of every address a person has or had.
fn grades(person: &mut Folkeregisterperson) -> impl Iterator<Item = &mut Text> {
    let homes = person.bostedsadresse.iter_mut().map(|item| &mut item.adressegradering);
    let stays = person.oppholdsadresse.iter_mut().map(|item| &mut item.adressegradering);
    let post = person.postadresse.iter_mut().map(|item| &mut item.adressegradering);
    let abroad = person.postadresse_i_utlandet.iter_mut().map(|item| &mut item.adressegradering);
    homes.chain(stays).chain(post).chain(abroad)
}
