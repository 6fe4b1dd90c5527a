//! The population as a whole: whether its persons agree with each other.

use std::collections::{HashMap, HashSet};

mod census;
mod consistency;

use super::*;
use crate::freg::wire::current;

const PERSONS: u64 = 6_007;

fn population() -> Population {
    Population::new(42, PERSONS)
}

fn persons() -> Vec<Folkeregisterperson> {
    let population = population();
    (0..PERSONS).map(|index| population.person(index)).collect()
}

#[test]
fn every_listed_number_is_unique_and_leads_back_to_its_person() {
    for seed in [1, 42] {
        let population = Population::new(seed, PERSONS);
        let mut seen = HashSet::new();
        for index in 0..PERSONS {
            let person = population.person(index);
            assert_eq!(person.number(), population.number(index));
            for item in &person.identifikasjonsnummer {
                let number = item.foedsels_eller_d_nummer.to_string();
                let month: u32 = number[2..4].parse().expect("digits");
                assert!(
                    [80, 65, 40].iter().any(|mark| (1..=12).contains(&(month.wrapping_sub(*mark))))
                );
                assert_eq!(population.index_of(&number), Some(index));
                assert!(seen.insert(number));
            }
        }
        assert!(seen.len() as u64 > PERSONS + 200, "some have had more than one number");
    }
}

#[test]
fn the_largest_population_reaches_its_last_person() {
    let population = Population::new(7, u64::MAX);
    let last = population.persons() - 1;
    assert_eq!(population.persons(), PERSONS_MAX);
    assert_eq!(population.index_of(&population.number(last)), Some(last));
    assert_eq!(population.index_of_document(population.document_id(last)), Some(last));
}

#[test]
fn documents_are_the_same_every_time_and_differ_by_seed() {
    let (first, second) = (population(), population());
    let larger = Population::new(42, 1_000_000);
    let other = Population::new(43, PERSONS);
    for index in 0..500 {
        assert_eq!(first.document(index), second.document(index));
        assert_eq!(first.document(index), larger.document(index));
        assert_ne!(first.document(index), other.document(index));
        assert_eq!(first.index_of_document(first.document_id(index)), Some(index));
    }
    assert_eq!(first.index_of_document(larger.document_id(PERSONS)), None);
    assert_eq!(first.index_of_document(12), None);
}

#[test]
fn family_relations_are_told_by_both_sides() {
    let persons = persons();
    let by_number: HashMap<&str, &Folkeregisterperson> =
        persons.iter().map(|person| (person.number(), person)).collect();
    let mut kinds: HashMap<String, u32> = HashMap::new();
    for person in &persons {
        for relation in &person.familierelasjon {
            let Some(other) = &relation.relatert_person else {
                continue;
            };
            let other = by_number[other.as_ref()];
            let mine = relation.min_rolle_for_person.clone().expect("always written");
            let answer = other.familierelasjon.iter().any(|back| {
                back.relatert_person.as_deref() == Some(person.number())
                    && back.relatert_persons_rolle == mine
                    && back.min_rolle_for_person.as_ref() == Some(&relation.relatert_persons_rolle)
                    && back.meta.er_gjeldende == relation.meta.er_gjeldende
            });
            assert!(answer, "{mine} has no counterpart");
            *kinds.entry(relation.relatert_persons_rolle.to_string()).or_default() += 1;
        }
    }
    for role in ["mor", "far", "medmor", "barn", "ektefelleEllerPartner"] {
        assert!(kinds.get(role).is_some_and(|count| *count > 5), "{role}: {kinds:?}");
    }
}

#[test]
fn marital_status_is_told_by_both_sides() {
    let persons = persons();
    let by_number: HashMap<&str, &Folkeregisterperson> =
        persons.iter().map(|person| (person.number(), person)).collect();
    let mut words: HashMap<String, u32> = HashMap::new();
    for person in &persons {
        let now = current(&person.sivilstand).expect("everyone has one");
        *words.entry(now.sivilstand.to_string()).or_default() += 1;
        let Some(partner) = &now.relatert_ved_sivilstand else {
            continue;
        };
        let partner = by_number[partner.as_ref()];
        let theirs = current(&partner.sivilstand).expect("everyone has one");
        let tells = |item: &crate::freg::wire::Sivilstand| {
            item.relatert_ved_sivilstand.as_deref() == Some(person.number())
        };
        assert!(partner.sivilstand.iter().any(tells));
        // Whoever has married again is bound to somebody else now.
        if !tells(theirs) {
            assert!(
                ["skilt", "enkeEllerEnkemann", "skiltPartner"].contains(&now.sivilstand.as_ref())
            );
            continue;
        }
        if person.doedsfall.is_none() && partner.doedsfall.is_none() {
            assert_eq!(theirs.sivilstand, now.sivilstand);
        }
        if ["enkeEllerEnkemann", "gjenlevendePartner"].contains(&now.sivilstand.as_ref()) {
            assert!(partner.doedsfall.is_some());
        }
    }
    for word in ["ugift", "gift", "separert", "skilt", "enkeEllerEnkemann", "uoppgitt"] {
        assert!(words.get(word).is_some_and(|count| *count > 5), "{word}: {words:?}");
    }
}

#[test]
fn parental_responsibility_sits_on_the_child_and_on_the_parent() {
    let persons = persons();
    let by_number: HashMap<&str, &Folkeregisterperson> =
        persons.iter().map(|person| (person.number(), person)).collect();
    let mut seen = 0;
    for person in &persons {
        for item in &person.foreldreansvar {
            let pair = [item.ansvarssubjekt.as_deref(), item.ansvarlig.as_deref()];
            for number in pair.into_iter().flatten() {
                let other = by_number[number];
                assert!(other.foreldreansvar.iter().any(|same| {
                    same.ansvarssubjekt == item.ansvarssubjekt && same.ansvarlig == item.ansvarlig
                }));
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn spouses_who_live_together_have_one_address() {
    let persons = persons();
    let by_number: HashMap<&str, &Folkeregisterperson> =
        persons.iter().map(|person| (person.number(), person)).collect();
    let mut seen = 0;
    for person in &persons {
        let Some(now) = current(&person.sivilstand) else {
            continue;
        };
        let partner = now.relatert_ved_sivilstand.as_deref().map(|number| by_number[number]);
        let Some(partner) = partner.filter(|_| now.sivilstand == "gift") else {
            continue;
        };
        if let (Some(mine), Some(theirs)) =
            (current(&person.bostedsadresse), current(&partner.bostedsadresse))
        {
            assert_eq!(mine.vegadresse, theirs.vegadresse);
            assert_eq!(mine.matrikkeladresse, theirs.matrikkeladresse);
            assert_eq!(mine.adressegradering, theirs.adressegradering);
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn at_most_one_item_of_an_element_is_current_and_addresses_are_one_kind() {
    for person in persons() {
        let now = |flags: Vec<bool>| flags.into_iter().filter(|is| *is).count();
        assert_eq!(now(person.navn.iter().map(|item| item.meta.er_gjeldende).collect()), 1);
        assert_eq!(now(person.status.iter().map(|item| item.meta.er_gjeldende).collect()), 1);
        let homes = person.bostedsadresse.iter().map(|item| item.meta.er_gjeldende).collect();
        assert!(now(homes) <= 1);
        for home in &person.bostedsadresse {
            let kinds = [
                home.vegadresse.is_some(),
                home.matrikkeladresse.is_some(),
                home.ukjent_bosted.is_some(),
            ];
            assert_eq!(now(kinds.to_vec()), 1);
        }
    }
}

#[test]
fn residents_have_a_home_and_d_numbers_never_have() {
    let mut seen = HashMap::new();
    for person in persons() {
        let d = person.number().as_bytes()[0] >= b'4';
        let strict = current(&person.adressebeskyttelse)
            .is_some_and(|item| item.graderingsnivaa == grade::STRICT);
        let home = current(&person.bostedsadresse).is_some();
        match person.status_word() {
            _ if d => assert!(person.bostedsadresse.is_empty()),
            "forsvunnet" => assert!(home),
            "bosatt" | "foedselsregistrert" => assert_ne!(home, strict),
            "doed" | "utflyttet" => assert!(!home),
            _ => {}
        }
        *seen.entry(person.status_word().to_owned()).or_insert(0) += 1;
    }
    let words = [
        "bosatt",
        "doed",
        "utflyttet",
        "midlertidig",
        "inaktiv",
        "ikkeBosatt",
        "opphoert",
        "aktiv",
        "forsvunnet",
    ];
    for word in words {
        assert!(seen.contains_key(word), "{word}: {seen:?}");
    }
}

#[test]
fn protection_shows_the_way_the_register_shows_it() {
    let population = Population::new(42, 30_000);
    let (mut strict, mut leaking, mut confidential, mut client) = (0, 0, 0, 0);
    for index in 0..population.persons() {
        let person = population.person(index);
        let grades = || person.bostedsadresse.iter().map(|item| item.adressegradering.as_ref());
        match current(&person.adressebeskyttelse).map(|item| item.graderingsnivaa.as_ref()) {
            Some(grade::STRICT) => {
                strict += 1;
                leaking += u32::from(grades().any(|word| word == grade::OPEN));
                assert!(current(&person.bostedsadresse).is_none());
                assert_eq!(person.postadresse.len(), 1);
                assert_eq!(person.postadresse[0].adressegradering, grade::OPEN);
            }
            Some(grade::CONFIDENTIAL) => {
                confidential += 1;
                assert!(grades().all(|word| word == grade::CONFIDENTIAL));
            }
            _ => client += u32::from(grades().any(|word| word == grade::CLIENT)),
        }
    }
    for count in [strict, leaking, strict - leaking, confidential, client] {
        assert!(count > 3, "{strict} {leaking} {confidential} {client}");
    }
}

#[test]
fn a_document_is_as_large_as_real_ones_are() {
    let population = population();
    let bytes: usize = (0..2_000).map(|index| population.document(index).len()).sum();
    let mean = bytes / 2_000;
    assert!((4_000..7_000).contains(&mean), "{mean}");
}
