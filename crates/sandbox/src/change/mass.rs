//! Corrections of many persons at once: four bytes for each event, and no document.
//!
//! A mass keeps whom it concerns. What it did to each of them is done again whenever the document
//! is asked for, from the version before it: the edit follows from the seed and the person alone.

use crate::calendar::Moment;
use crate::change::edit::{Hand, end, touch};
use crate::change::home;
use crate::change::need;
use crate::dice::Dice;
use crate::freg::wire::{Element, Folkeregisterperson, current};

/// How many persons a second the register works off in a mass correction.
const PACE: usize = 72;

/// A correction of everyone whom it concerns.
#[derive(Debug)]
pub(crate) struct Correction {
    /// Its name in the control interface: mostly the element.
    pub(crate) name: &'static str,
    /// What it does, in a line.
    pub(crate) about: &'static str,
    /// The type of the event each person gets; none when no event tells of it.
    pub(crate) event: Option<&'static str>,
    /// False for a person whom it does not concern.
    pub(crate) edit: fn(&mut Folkeregisterperson, &mut Hand<'_>) -> bool,
}

/// The county numbers of today, and those of the next reform.
const COUNTIES: &[(&str, &str)] =
    &[("31", "35"), ("32", "36"), ("33", "37"), ("34", "41"), ("39", "43"), ("40", "45")];

macro_rules! corrections {
    ($($name:literal, $about:literal, $event:expr, $edit:expr;)+) => {
        &[$(Correction { name: $name, about: $about, event: $event, edit: $edit }),+]
    };
}

/// Every correction.
pub(crate) const CORRECTIONS: &[Correction] = corrections! {
    "sivilstand", "the marital status is written anew", Some("endringISivilstand"),
        |person, hand| touch(&mut person.sivilstand, hand.now, "Patch");
    "status", "D-numbers become inactive", Some("endringIStatus"), retire_d_number;
    "personstatus", "the status is written anew", Some("endringIStatus"),
        |person, hand| touch(&mut person.status, hand.now, "Patch");
    "identitetsgrunnlag", "checked identities become unique", Some("endringIIdentitetsgrunnlag"),
        make_unique;
    "bostedsadresse", "one more key from the cadastre", Some("endringIBostedsadresseUtenFlytting"),
        home::add_unit;
    "kommunenummer", "a region reform: six counties and their municipalities get new numbers",
        Some("endringIBostedsadresseUtenFlytting"), |person, hand| renumber(person, hand);
    "kommunenummer-by-type", "the same, under a type outside of the enumeration",
        Some("endringIBostedsadresseVedKommuneregulering"), renumber;
    "familierelasjon", "the relations of the dead end", Some("endringIFamilierelasjon"),
        |person, hand| person.doedsfall.is_some() && ended(&mut person.familierelasjon, hand);
    "vergemaal", "guardianships get a new form", Some("endringIVergemaal"),
        |person, hand| touch(&mut person.vergemaal_eller_fremtidsfullmakt, hand.now, "Vergemål");
    "utlendingsmyndighetenesIdentifikasjonsnummer", "the immigration authorities' numbers anew",
        Some("endringIUtlendingsmyndighetenesIdentifikasjonsnummer"), |person, hand| {
            touch(&mut person.utlendingsmyndighetenes_identifikasjonsnummer, hand.now, "Patch")
        };
    "postadresseIUtlandet", "foreign postal addresses end", Some("endringIKontaktinformasjon"),
        |person, hand| ended(&mut person.postadresse_i_utlandet, hand);
    "identifikasjonsnummer", "the validity of numbers", Some("endringIIdentifikasjonsnummer"),
        |person, hand| touch(&mut person.identifikasjonsnummer, hand.now, "Patch");
    "historikk", "the order of historic items", Some("personErOppdatert"), reorder;
    "preferertKontaktadresse", "preferred contact addresses are emptied, and no event tells", None,
        |person, _| {
            let any = !person.preferert_kontaktadresse.is_empty();
            person.preferert_kontaktadresse.clear();
            any
        };
    "adressetilleggsnavn", "additional address names are emptied, and no event tells", None,
        |person, _| {
            let roads = person.bostedsadresse.iter_mut().filter_map(|item| item.vegadresse.as_mut());
            roads.filter_map(|road| road.adressetilleggsnavn.take()).count() > 0
        };
};

impl Correction {
    /// The correction with this name.
    pub(crate) fn from_name(name: &str) -> Option<&'static Correction> {
        CORRECTIONS.iter().find(|correction| correction.name == name)
    }
}

/// A correction that has happened.
#[derive(Debug)]
pub(crate) struct Mass {
    pub(crate) correction: &'static Correction,
    /// Its place among the masses.
    pub(crate) index: usize,
    /// Whom it concerns, in ascending order.
    pub(crate) entities: Vec<u32>,
    /// When it was finished.
    pub(crate) at: Moment,
    /// The sequence of its first event, if it has any.
    pub(crate) first: Option<i64>,
}

impl Mass {
    /// The place of a person in it.
    pub(crate) fn position(&self, entity: u64) -> Option<usize> {
        let entity = u32::try_from(entity).ok()?;
        self.entities.binary_search(&entity).ok()
    }

    /// When it came to the person at this place.
    pub(crate) fn time(&self, position: usize) -> Moment {
        let left = self.entities.len().saturating_sub(position);
        self.at.plus(-((left / PACE) as i64))
    }

    /// Does to a person what it did.
    pub(crate) fn redo(&self, seed: u64, position: usize, person: &mut Folkeregisterperson) {
        let entity = u64::from(self.entities[position]);
        let mut dice = Dice::new(&[seed, 0x3A55, self.index as u64, entity]);
        let mut hand = Hand { now: self.time(position), dice: &mut dice };
        (self.correction.edit)(person, &mut hand);
    }
}

fn retire_d_number(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) -> bool {
    let due = person.status_word() == "midlertidig" && need::national_number(person).is_some();
    if due {
        super::life::become_status(person, hand, "inaktiv", "Person med d-nummer");
    }
    due
}

fn make_unique(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) -> bool {
    let checked = current(&person.identitetsgrunnlag)
        .is_some_and(|item| item.identitetsgrunnlagstatus == "kontrollert");
    if checked {
        let unique = super::value::unique_identity(person, hand);
        super::edit::replace(&mut person.identitetsgrunnlag, unique);
    }
    checked
}

fn ended<T: Element>(items: &mut [T], hand: &Hand<'_>) -> bool {
    let any = current(items).is_some();
    end(items, hand.now);
    any
}

/// Turns the historic addresses about.
fn reorder(person: &mut Folkeregisterperson, _: &mut Hand<'_>) -> bool {
    let first = person.bostedsadresse.iter().position(|item| !item.meta.er_gjeldende);
    let historic = first.map_or(&mut [][..], |first| &mut person.bostedsadresse[first..]);
    historic.reverse();
    historic.len() > 1
}

/// The new number of a municipality, if its county gets one.
fn renumbered(number: &str) -> Option<String> {
    let (_, county) = COUNTIES.iter().find(|(old, _)| number.starts_with(old))?;
    Some(format!("{county}{}", &number[2..]))
}

/// The present home is written anew under the new number; the old one stays as history.
fn renumber(person: &mut Folkeregisterperson, hand: &mut Hand<'_>) -> bool {
    let Some(old) = current(&person.bostedsadresse) else { return false };
    let mut new = old.clone();
    let road = new.vegadresse.as_mut().map(|road| &mut road.kommunenummer);
    let land = new.matrikkeladresse.as_mut().map(|land| &mut land.matrikkelnummer.kommunenummer);
    let unknown = new.ukjent_bosted.as_mut().and_then(|home| home.bostedskommune.as_mut());
    let Some(place) = road.or(land).or(unknown) else { return false };
    let Some(number) = renumbered(place) else { return false };
    *place = number.into();
    new.meta = hand.meta("Kommuneregulering");
    super::edit::replace(&mut person.bostedsadresse, new);
    true
}
