//! Whether the population's documents fit together, and whether the production reader takes them.

use std::collections::{BTreeMap, HashMap};

use sources::freg::document::Document;

use super::{PERSONS, persons, population};
use crate::freg::wire::{Element, Folkeregisterperson, Poststed, current};
use crate::population::grade;
use crate::population::place::PLACES;
use crate::population::place::site::UNSPECIFIED;

fn by_number(persons: &[Folkeregisterperson]) -> HashMap<&str, &Folkeregisterperson> {
    persons.iter().map(|person| (person.number(), person)).collect()
}

#[test]
fn the_production_reader_takes_every_document_and_knows_all_but_what_is_yet_to_come() {
    let population = population();
    let mut unknown: BTreeMap<&str, u64> = BTreeMap::new();
    for index in 0..PERSONS {
        let document = Document::read(&population.document(index)).expect("can be read");
        assert_eq!(document.numbers()[0].number.as_str(), population.number(index));
        for element in document.into_person().unknown {
            *unknown.entry(element).or_default() += 1;
        }
    }
    // The identity status `unik` comes in 2027.
    let to_come = unknown.remove("identitetsgrunnlag").unwrap_or(0);
    assert!(to_come < PERSONS / 200, "{to_come}");
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn municipality_postal_code_street_and_basic_unit_belong_together() {
    let mut streets: HashMap<(String, String), Poststed> = HashMap::new();
    let mut seen = 0;
    for person in persons() {
        for home in &person.bostedsadresse {
            let Some(road) = &home.vegadresse else { continue };
            let place = PLACES.iter().find(|place| {
                let old = [place.number_2020, place.number_before];
                place.number == road.kommunenummer
                    || old.into_iter().flatten().any(|number| number == road.kommunenummer)
            });
            let place = place.expect("a listed municipality");
            if home.meta.er_gjeldende {
                assert_eq!(place.number, road.kommunenummer, "today's number");
            }
            let Some(town) = &road.poststed else { continue };
            let area = place.areas.iter().find(|area| {
                Some(area.postcode) == town.postnummer.as_deref()
                    && Some(area.town) == town.poststedsnavn.as_deref()
            });
            let area = area.expect("a postal code of the municipality");
            let fits = |unit: i64| unit == UNSPECIFIED || area.units.contains(&unit);
            assert!(home.grunnkrets.is_none_or(fits));
            let street = (place.number.to_owned(), road.adressenavn.to_string());
            assert_eq!(streets.entry(street).or_insert_with(|| town.clone()), town);
            seen += 1;
        }
    }
    assert!(seen > 5_000, "{seen}");
}

#[test]
fn a_minor_lives_with_a_parent_and_shares_the_home_of_the_other() {
    let persons = persons();
    let by_number = by_number(&persons);
    let (mut with_parent, mut shared) = (0, 0);
    for child in persons.iter().filter(|person| person.status_word() == "bosatt") {
        let young = child.foedsel[0].foedselsdato.as_deref().is_some_and(|day| day > "2009-01-01");
        let parents = child.familierelasjon.iter().filter(|item| {
            ["mor", "far", "medmor"].contains(&item.relatert_persons_rolle.as_ref())
        });
        let parents: Vec<_> = parents
            .filter_map(|item| by_number.get(item.relatert_person.as_deref()?))
            .filter(|parent| parent.status_word() == "bosatt")
            .collect();
        let Some(home) = current(&child.bostedsadresse).filter(|_| young) else { continue };
        let at = |parent: &&&Folkeregisterperson| {
            current(&parent.bostedsadresse).is_some_and(|other| other.vegadresse == home.vegadresse)
        };
        with_parent += u32::from(parents.iter().any(at));
        for item in &child.delt_bosted {
            assert_ne!(item.vegadresse, home.vegadresse);
            assert!(
                item.adressegradering == home.adressegradering
                    || home.adressegradering == grade::CLIENT
            );
            let other = parents.iter().filter_map(|parent| current(&parent.bostedsadresse));
            let key = &item.adresse_identifikator_fra_matrikkelen;
            let mut other = other.filter(|home| home.adresse_identifikator_fra_matrikkelen == *key);
            assert!(other.next().is_some(), "the home of a parent");
            shared += 1;
        }
    }
    assert!(with_parent > 300 && shared > 10, "{with_parent} {shared}");
}

#[test]
fn whoever_is_named_by_number_is_there() {
    let persons = persons();
    let by_number = by_number(&persons);
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for person in &persons {
        let guardians = person.vergemaal_eller_fremtidsfullmakt.iter();
        let guardians = guardians.filter_map(|item| item.verge.foedsels_eller_d_nummer.as_deref());
        let heirs = person.kontaktinformasjon_for_doedsbo.iter();
        let heirs =
            heirs.filter_map(|item| item.person.as_ref()?.foedsels_eller_d_nummer.as_deref());
        let truth = person.falsk_identitet.iter();
        let truth =
            truth.filter_map(|item| item.rett_identitet_ved_identifikasjonsnummer.as_deref());
        let named = guardians
            .map(|number| ("guardian", number))
            .chain(heirs.map(|number| ("heir", number)))
            .chain(truth.map(|number| ("true identity", number)));
        for (kind, number) in named {
            assert_ne!(number, person.number(), "{kind}");
            let other = by_number.get(number).expect("of the population");
            assert_eq!(other.status_word(), "bosatt", "{kind}");
            *kinds.entry(kind).or_default() += 1;
        }
    }
    assert!(kinds.len() == 3 && kinds.values().all(|count| *count > 1), "{kinds:?}");
}

#[test]
fn every_address_of_a_protected_person_has_the_grade() {
    let population = crate::population::Population::new(42, 60_000);
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    for index in 0..population.persons() {
        let person = population.person(index);
        let level =
            current(&person.adressebeskyttelse).map(|item| item.graderingsnivaa.to_string());
        let post = person.postadresse.iter().map(|item| ("post", &item.adressegradering));
        let shared = person.delt_bosted.iter().map(|item| ("shared", &item.adressegradering));
        let stays = person.oppholdsadresse.iter().map(|item| ("stay", &item.adressegradering));
        for (kind, grade) in post.chain(shared).chain(stays) {
            match level.as_deref() {
                Some(grade::CONFIDENTIAL) => {
                    assert_eq!(grade, grade::CONFIDENTIAL, "{kind}");
                    *kinds.entry(kind).or_default() += 1;
                }
                Some(grade::STRICT) => assert_eq!(kind, "post"),
                _ => assert_eq!(grade, grade::OPEN),
            }
        }
    }
    assert!(kinds.contains_key("post") && kinds.contains_key("stay"), "{kinds:?}");
}

#[test]
fn a_name_is_never_empty_and_what_has_ended_is_not_current() {
    for person in persons() {
        for name in &person.navn {
            assert!(!name.fornavn.is_empty() && !name.etternavn.is_empty());
            assert!(name.fornavn.chars().count() <= 200);
        }
        for meta in person.bostedsadresse.iter().map(Element::meta) {
            assert!(meta.opphoerstidspunkt.is_none() || !meta.er_gjeldende);
            assert!(meta.gyldighetstidspunkt.is_some(), "history has times");
        }
    }
}
