//! Moves, addresses that change by themselves, and the protection of addresses.

use crate::calendar::Day;
use crate::calendar::Moment;
use crate::change::edit::{Hand, meta, replace, touch};
use crate::change::need;
use crate::change::scene::Scene;
use crate::change::{Outcome, Planned};
use crate::freg::wire::{
    Adressebeskyttelse, DeltBosted, Folkeregisterperson, Oppholdsadresse, Postadresse,
    PostadresseIUtlandet, PreferertKontaktadresse, Text, UkjentBosted, Vegadresse, current,
};
use crate::population::{COUNTRIES, Home, foreign, grade, strict_post};

/// A day of before the reform of 2024, when many municipalities had other numbers.
const BEFORE_REFORM: Day = Day::of(2023, 6, 1);

/// A household moves: one event for each person, the one who was asked for first.
pub(super) fn relocation(scene: &mut Scene<'_>) -> Planned {
    let person = scene.pick(need::HOME)?;
    let to = Home::new(scene.dice);
    let mut outcome = Outcome::default();
    for mut subject in scene.household(person) {
        settle(&mut subject.person, &to, scene.now, "Flytting innenlands");
        outcome.tell(subject, &["endringIBostedsadresse"], scene.now);
    }
    Ok(outcome)
}

/// The new home becomes current and the old one historic, graded as the person is.
pub(super) fn settle(
    person: &mut Folkeregisterperson,
    to: &Home,
    now: Moment,
    reason: &'static str,
) {
    let today = now.day();
    let home = to.residence(meta(now, today, reason), today, today, grade_of(person));
    replace(&mut person.bostedsadresse, home);
}

/// How an address of this person is graded.
fn grade_of(person: &Folkeregisterperson) -> &'static str {
    match current(&person.adressebeskyttelse).map(|item| item.graderingsnivaa.as_ref()) {
        Some(grade::CONFIDENTIAL) => grade::CONFIDENTIAL,
        _ => grade::OPEN,
    }
}

/// A home whose municipality had another number before the last reform.
fn renumbered_home(hand: &mut Hand<'_>) -> Home {
    let mut home = Home::new(hand.dice);
    for _ in 0..200 {
        let known = home.road(BEFORE_REFORM).is_some();
        if known && home.municipality(BEFORE_REFORM) != home.municipality(hand.now.day()) {
            break;
        }
        home = Home::new(hand.dice);
    }
    home
}

/// A move that is registered late, into a municipality number that no longer exists.
pub(super) fn move_to_old_number(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let today = hand.now.day();
    let home = renumbered_home(hand);
    let meta = hand.meta("Flytting innenlands");
    let home = home.residence(meta, today, BEFORE_REFORM, grade_of(person));
    replace(&mut person.bostedsadresse, home);
}

/// The data change and no event says what: the consumer must fetch the person again.
pub(super) fn refresh(scene: &mut Scene<'_>) -> Planned {
    let mut outcome = silent_move(scene)?;
    let number = outcome.documents[0].1.number().to_owned();
    outcome.tell_bare(number, "personErOppdatert", scene.now);
    Ok(outcome)
}

/// The data change and no event comes.
pub(super) fn silent_move(scene: &mut Scene<'_>) -> Planned {
    let mut subject = scene.pick(need::HOME)?;
    let to = Home::new(scene.dice);
    settle(&mut subject.person, &to, scene.now, "Flytting innenlands");
    let documents = vec![(subject.entity, subject.person)];
    Ok(Outcome { documents, ..Outcome::default() })
}

/// The address was never right; the right one stands in its place.
pub(super) fn correct_home(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let to = Home::new(hand.dice);
    let Some(wrong) = person.bostedsadresse.iter_mut().find(|item| item.meta.er_gjeldende) else {
        return;
    };
    let grade = wrong.adressegradering.clone();
    let (from, moved) = (wrong.meta.gyldighetstidspunkt.clone(), wrong.flyttedato.clone());
    let today = hand.now.day();
    *wrong = to.residence(hand.meta("Patch"), today, today, grade::OPEN);
    wrong.adressegradering = grade;
    wrong.meta.gyldighetstidspunkt = from;
    wrong.flyttedato = moved;
}

/// Everything that is known of where somebody lives, or lived, disappears.
pub(super) fn annul_home(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let unknown = crate::freg::wire::Bostedsadresse {
        meta: hand.meta("Patch"),
        ukjent_bosted: Some(UkjentBosted { bostedskommune: None }),
        adressegradering: grade_of(person).into(),
        ..Default::default()
    };
    person.bostedsadresse = vec![unknown];
}

/// The present road address, to be written anew while its owner stays where he is.
fn same_place(
    person: &mut Folkeregisterperson,
    hand: &Hand<'_>,
    reason: &'static str,
    edit: impl Fn(&mut Vegadresse),
) {
    let Some(old) = current(&person.bostedsadresse) else { return };
    let mut new = old.clone();
    new.meta = hand.meta(reason);
    if let Some(road) = &mut new.vegadresse {
        edit(road);
    }
    if let Some(land) = &mut new.matrikkeladresse {
        land.undernummer = Some(land.undernummer.unwrap_or(0) + 1);
    }
    replace(&mut person.bostedsadresse, new);
}

/// The street gets another name.
pub(super) fn rename_street(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let name = hand.dice.pick(&["Nyveien", "Øvre Ånesveg", "Tårnfjellvegen"]);
    same_place(person, hand, "Adresseoppdatering", |road| {
        road.adressenavn = if road.adressenavn == name { "Gamleveien" } else { name }.into();
        road.adressekode = Some("9901".into());
    });
}

/// The municipality gets another number: its last digit counts on.
pub(super) fn renumber_municipality(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    same_place(person, hand, "Kommuneregulering", |road| {
        let last = road.kommunenummer.bytes().last().map_or(0, |digit| (digit - b'0' + 1) % 10);
        let stem: String = road.kommunenummer.chars().take(3).collect();
        road.kommunenummer = format!("{stem}{last}").into();
    });
}

/// This one address would tell too much; its owner is not protected.
pub(super) fn client_address(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let to = Home::new(hand.dice);
    settle(person, &to, hand.now, "Flytting innenlands");
    if let Some(home) = person.bostedsadresse.first_mut() {
        home.adressegradering = grade::CLIENT.into();
    }
}

pub(super) fn shared_residence(person: &Folkeregisterperson, hand: &mut Hand<'_>) -> DeltBosted {
    let home = Home::new(hand.dice);
    let today = hand.now.day();
    let meta = hand.meta("Delt bosted");
    let lived = home.residence(meta, today, today, grade_of(person));
    DeltBosted {
        meta: lived.meta,
        vegadresse: lived.vegadresse,
        matrikkeladresse: lived.matrikkeladresse,
        ukjent_bosted: lived.ukjent_bosted,
        adresse_identifikator_fra_matrikkelen: lived.adresse_identifikator_fra_matrikkelen,
        naer_adresse_identifikator_fra_matrikkelen: None,
        adressegradering: lived.adressegradering,
        startdato_for_kontrakt: Some(today.iso().into()),
        sluttdato_for_kontrakt: hand.dice.chance(300).then(|| today.plus(1_500).iso().into()),
    }
}

pub(super) fn present_address(
    person: &Folkeregisterperson,
    hand: &mut Hand<'_>,
) -> Oppholdsadresse {
    let today = hand.now.day();
    let country = &COUNTRIES[hand.dice.below(COUNTRIES.len() as u64) as usize];
    let road = Home::new(hand.dice).road(today);
    let elsewhere = hand.dice.pick(&["militaer", "utenriks", "paaSvalbard", "pendler"]);
    let abroad = elsewhere == "utenriks";
    Oppholdsadresse {
        meta: hand.meta("Oppholdsadresse og opphold annet sted"),
        adressen_er_ukjent: (road.is_none() && !abroad).then_some(true),
        vegadresse: road.filter(|_| !abroad),
        utenlandsk_adresse: abroad.then(|| foreign(country)),
        adressegradering: grade_of(person).into(),
        oppholdsadressedato: Some(today.iso().into()),
        opphold_annet_sted: Some(elsewhere.into()),
        ..Oppholdsadresse::default()
    }
}

pub(super) fn postal_address(person: &Folkeregisterperson, hand: &mut Hand<'_>) -> Postadresse {
    use crate::freg::wire::Postboksadresse;
    let home = Home::new(hand.dice);
    Postadresse {
        meta: hand.meta("Postadresse"),
        postboksadresse: Some(Postboksadresse {
            postbokseier: None,
            postboks: format!("Postboks {}", 1 + hand.dice.below(90_000)).into(),
            poststed: Some(home.town()),
        }),
        adressegradering: grade_of(person).into(),
        ..Postadresse::default()
    }
}

pub(super) fn foreign_post(
    person: &Folkeregisterperson,
    hand: &mut Hand<'_>,
) -> PostadresseIUtlandet {
    let country = &COUNTRIES[hand.dice.below(COUNTRIES.len() as u64) as usize];
    PostadresseIUtlandet {
        meta: hand.meta("Postadresse"),
        utenlandsk_adresse: Some(foreign(country)),
        adressegradering: grade_of(person).into(),
        ..PostadresseIUtlandet::default()
    }
}

pub(super) fn preferred(
    person: &Folkeregisterperson,
    hand: &mut Hand<'_>,
) -> PreferertKontaktadresse {
    PreferertKontaktadresse {
        meta: hand.meta("Postadresse"),
        valg: Some(hand.dice.pick(&["bostedsadresse", "oppholdsadresse", "postadresse"]).into()),
        adressegradering: Some(grade_of(person).into()),
        kontaktadresse_i_fritt_format: None,
    }
}

/// Protects a person as confidential: grades every address, history too.
pub(super) fn protect(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    set_level(person, grade::CONFIDENTIAL, hand);
    for grade in grades(person) {
        *grade = grade::CONFIDENTIAL.into();
    }
}

/// Protects a person strictly: the addresses are taken away but for a shared post box. Now and then
/// the old ones are left, graded as open.
pub(super) fn protect_strictly(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let leaks = hand.dice.chance(600);
    set_level(person, grade::STRICT, hand);
    person.bostedsadresse.retain(|item| leaks && !item.meta.er_gjeldende);
    person.delt_bosted.clear();
    person.oppholdsadresse.clear();
    person.postadresse_i_utlandet.clear();
    person.preferert_kontaktadresse.clear();
    person.postadresse = vec![strict_post(hand.meta("Adressebeskyttelse"))];
    for grade in grades(person) {
        *grade = grade::OPEN.into();
    }
}

/// Ends a person's protection; who had no address gets one.
pub(super) fn unprotect(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) {
    let home = Home::new(hand.dice);
    set_level(person, grade::OPEN, hand);
    for grade in grades(person) {
        *grade = grade::OPEN.into();
    }
    let resident = person.status_word() == "bosatt";
    if resident && current(&person.bostedsadresse).is_none() {
        person.postadresse.clear();
        settle(person, &home, hand.now, "Adressebeskyttelse");
    }
}

/// The person's level: this element has no history.
fn set_level(person: &mut Folkeregisterperson, level: &'static str, hand: &Hand<'_>) {
    let meta = hand.meta("Adressebeskyttelse");
    person.adressebeskyttelse = vec![Adressebeskyttelse { meta, graderingsnivaa: level.into() }];
}

/// The grade of every address a person has or had.
fn grades(person: &mut Folkeregisterperson) -> impl Iterator<Item = &mut Text> {
    let homes = person.bostedsadresse.iter_mut().map(|item| &mut item.adressegradering);
    let shared = person.delt_bosted.iter_mut().map(|item| &mut item.adressegradering);
    let stays = person.oppholdsadresse.iter_mut().map(|item| &mut item.adressegradering);
    let post = person.postadresse.iter_mut().map(|item| &mut item.adressegradering);
    let abroad = person.postadresse_i_utlandet.iter_mut().map(|item| &mut item.adressegradering);
    homes.chain(shared).chain(stays).chain(post).chain(abroad)
}

/// One more key from the cadastre: the unit of an address gets a number.
pub(super) fn add_unit(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) -> bool {
    let number = format!("H{:04}", 101 + hand.dice.below(8) * 100);
    let homes = person.bostedsadresse.iter_mut().filter(|item| item.meta.er_gjeldende);
    let mut any = false;
    for road in homes.filter_map(|item| item.vegadresse.as_mut()) {
        road.bruksenhetsnummer = Some(number.clone().into());
        any = true;
    }
    any && touch(&mut person.bostedsadresse, hand.now, "Adresseoppdatering")
}
