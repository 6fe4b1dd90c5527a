//! What the service that gives out felles hjelpenummer would write: visitors, the unconscious and
//! the newborn, whom the population register does not know.
//!
//! The service writes to a topic of its own, which is not the sandbox's to reach: here are its
//! records, oldest first, for whoever can.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::Sandbox;
use crate::calendar::Day;
use crate::dice::{Dice, mix};
use crate::freg::wire::Vegadresse;
use crate::population::{
    COUNTRIES, Country, Home, Population, Sex, TODAY, check_digits, family_name, given_name,
};

/// One person with such a number for so many in the population register.
const PERSONS_FOR_EACH: u64 = 200;
/// Never fewer than these.
const LEAST: u64 = 12;
/// The first nine digits are at least this. Each number has a window of candidates of its own, of
/// which some have check digits.
const FIRST: u64 = 800_000_000;
const WINDOW: u64 = 20;
/// What becomes of a person goes by the place among so many.
const EVERY: u64 = 12;
/// The number is replaced by one of the population register.
const REPLACED: u64 = 5;
/// The number is given up.
const DISCONTINUED: u64 = 6;
/// Nothing is known but the number.
const NAMELESS: u64 = 10;
/// Nothing is known but the number and the sex.
const SEX_ALONE: u64 = 11;

/// The routes of the control interface.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/sandbox/ain", get(get_records))
        .route("/sandbox/ain/persons", get(get_persons))
        .with_state(sandbox)
}

/// `GET /sandbox/ain`: every record, one JSON object on each line.
async fn get_records(State(sandbox): State<Arc<Sandbox>>) -> impl IntoResponse {
    let population = &sandbox.world.population;
    let records = (0..count(population)).flat_map(|place| records(population, place));
    let lines: String = records.map(|record| format!("{record}\n")).collect();
    ([(CONTENT_TYPE, "application/x-ndjson")], lines)
}

/// `GET /sandbox/ain/persons`: whom the records are about, and how they stand in the end.
async fn get_persons(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let population = &sandbox.world.population;
    let last = |place| records(population, place).pop();
    let persons: Vec<Value> = (0..count(population)).filter_map(last).collect();
    Json(json!({ "total": persons.len(), "persons": persons }))
}

fn count(population: &Population) -> u64 {
    (population.persons() / PERSONS_FOR_EACH).max(LEAST)
}

fn number(population: &Population, place: u64) -> String {
    let start = mix(population.seed() ^ 0xA1) % 1_000_000;
    let first = FIRST + (start + place) * WINDOW;
    (first..first + WINDOW).find_map(check_digits).unwrap_or_default()
}

/// The states that a number has been in, in their order; every third has had two.
fn records(population: &Population, place: u64) -> Vec<Value> {
    let number = number(population, place);
    let mut person = person(population, place, &number);
    let record = |version: u64, person: &Value| -> Value {
        json!({ "number": number, "version": version, "person": person })
    };
    let mut records = vec![record(1, &person)];
    let becomes = match place % EVERY {
        REPLACED => json!({ "state": "Discontinued",
            "continuedAs": population.number(place % population.persons().max(1)) }),
        DISCONTINUED => json!({ "state": "Discontinued" }),
        place if place.is_multiple_of(3) => {
            json!({ "name": { "givenName": "Ukjent", "familyName": "Hjelpeløs-Ærlig" } })
        }
        _ => return records,
    };
    for (name, value) in becomes.as_object().into_iter().flatten() {
        person[name] = value.clone();
    }
    person["registeredAt"] = json!("2026-06-02T08:30:00+02:00");
    records.push(record(2, &person));
    records
}

/// Of some little is known: a number alone, or no more than a sex.
fn person(population: &Population, place: u64, number: &str) -> Value {
    let mut dice = Dice::new(&[population.seed(), 0xA1, place]);
    let mut person = json!({
        "number": number,
        "state": "InUse",
        "registeredAt": "2026-05-01T12:00:00+02:00",
    });
    let sex = if dice.chance(500) { Sex::Female } else { Sex::Male };
    let country = dice.pick(COUNTRIES);
    if place % EVERY == NAMELESS {
        return person;
    }
    person["gender"] = json!(if sex == Sex::Female { "Female" } else { "Male" });
    if place % EVERY == SEX_ALONE {
        return person;
    }
    person["name"] = json!({
        "givenName": given_name(&mut dice, sex, Some(&country)),
        "familyName": family_name(&mut dice, Some(&country)),
    });
    person["birthDate"] = json!(Day(TODAY.0 - dice.between(0, 30_000)).iso());
    let road = Home::new(&mut dice).road(TODAY).filter(|_| place.is_multiple_of(2));
    person["address"] = road.map_or_else(|| abroad(country), street);
    person
}

fn street(road: Vegadresse) -> Value {
    let (house, town) = (road.adressenummer, road.poststed);
    json!({ "confidentiality": "Unclassified", "streetAddress": {
        "municipalityNumber": road.kommunenummer,
        "addressName": road.adressenavn,
        "addressCode": road.adressekode,
        "houseNumber": house.as_ref().map(|house| &house.husnummer),
        "houseLetter": house.as_ref().map(|house| &house.husbokstav),
        "postalCode": town.as_ref().map(|town| &town.postnummer),
        "cityName": town.as_ref().map(|town| &town.poststedsnavn),
    }})
}

fn abroad(country: Country) -> Value {
    json!({ "confidentiality": "Unclassified", "foreignAddress": {
        "cityOrPlaceName": country.city,
        "postCode": country.postcode,
        "countryCode": country.alpha2,
    }})
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use register::id::NumberKind;
    use sources::ain::AlternatePerson;

    use super::*;

    #[test]
    fn every_record_is_in_the_form_that_is_read_and_every_number_is_its_own() {
        for (seed, persons) in [(1, 10_000), (2, 1), (u64::MAX, 1_000)] {
            let population = Population::new(seed, persons);
            let mut numbers = HashSet::new();
            let (mut replaced, mut ended, mut known) = (0, 0, 0);
            for place in 0..count(&population) {
                let records = records(&population, place);
                for record in &records {
                    let json = record["person"].to_string();
                    let person = AlternatePerson::read(json.as_bytes()).expect("it can be read");
                    assert_eq!(record["number"], person.number().as_str());
                    assert_eq!(
                        person.number().kind(),
                        Some(NumberKind::AlternateIdentificationNumber)
                    );
                    replaced += usize::from(person.continued_as().is_some());
                    ended += usize::from(!person.is_in_use());
                    known += usize::from(json.contains("streetAddress"));
                }
                numbers.insert(number(&population, place));
            }
            assert_eq!(numbers.len() as u64, count(&population));
            assert!(replaced > 0 && ended > replaced && known > 0);
        }
    }
}
