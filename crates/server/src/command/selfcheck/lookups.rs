//! Lookups: one person, many, with history, under both packages, and what is refused.

use anyhow::{Context, ensure};
use serde_json::Value;

use super::world::{Access, PARTS, World, expect};

/// How many persons are compared with FREG's own documents.
const COMPARED: u64 = 40;
/// The most persons one bulk call takes.
const BULK: u64 = 100;

/// The person found by number is the one that FREG has.
pub async fn by_number(world: &World) -> anyhow::Result<()> {
    for (index, number) in world.population(0, COMPARED).await? {
        let served = world.person(Access::Full, &number).await?;
        let source = &world.source(index).await?["document"];
        ensure!(source.is_object(), "the sandbox has no document of person {index}");
        compare(&served, source).with_context(|| format!("person {index} of the population"))?;
    }
    Ok(())
}

/// Current items, element by element, in so far as a value is a plain copy.
fn compare(served: &Value, source: &Value) -> anyhow::Result<()> {
    let pairs = [
        ("navn", "fornavn", "name", "givenName"),
        ("navn", "mellomnavn", "name", "middleName"),
        ("navn", "etternavn", "name", "familyName"),
        ("foedsel", "foedeland", "birth", "birthCountry"),
        (
            "identifikasjonsnummer",
            "foedselsEllerDNummer",
            "norwegianIdentificationNumber",
            "identificationNumber",
        ),
    ];
    for (element, field, part, name) in pairs {
        let is_current = |item: &&Value| item["erGjeldende"] != Value::Bool(false);
        let Some(items) = source[element].as_array() else {
            continue;
        };
        for item in items.iter().filter(is_current) {
            let Some(wanted) = item[field].as_str().filter(|text| !text.is_empty()) else {
                continue;
            };
            let found = served[part]
                .as_array()
                .is_some_and(|items| items.iter().any(|item| item[name] == wanted));
            ensure!(found, "{part}.{name} is not what FREG has in {element}.{field}");
        }
    }
    Ok(())
}

/// The same person is found by its id.
pub async fn by_id(world: &World) -> anyhow::Result<()> {
    for number in world.numbers(5).await? {
        let by_number = world.person(Access::Full, &number).await?;
        let id = by_number["id"].as_str().context("a person without an id")?;
        let by_id = world.get(Access::Full, &format!("person/{id}?{PARTS}")).await?;
        ensure!(expect(by_id, 200)? == by_number, "another answer by id than by number");
    }
    Ok(())
}

/// A hundred at once, by number and by id, in the order asked; unknown ones are left out.
pub async fn bulk(world: &World) -> anyhow::Result<()> {
    let mut numbers = world.numbers(BULK - 1).await?;
    numbers.reverse();
    numbers.push("00000000000".to_owned());
    let form: Vec<(&str, &str)> = numbers.iter().map(|number| ("nins", number.as_str())).collect();
    let path = format!("person/bulk-by-nin?{PARTS}");
    let persons = expect(world.post(Access::Full, &path, &form).await?, 200)?;
    let persons = persons.as_array().context("no array")?.clone();
    ensure!(persons.len() == numbers.len() - 1, "{} persons of {}", persons.len(), numbers.len());
    for (person, number) in persons.iter().zip(&numbers) {
        let held = person["norwegianIdentificationNumber"].as_array().context("no numbers")?;
        let has = held.iter().any(|item| item["identificationNumber"] == number.as_str());
        ensure!(has, "bulk-by-nin does not answer in the order asked");
    }
    let ids: Vec<&str> = persons.iter().filter_map(|person| person["id"].as_str()).collect();
    let form: Vec<(&str, &str)> = ids.iter().map(|id| ("personIds", *id)).collect();
    let path = format!("person/bulk-by-id?{PARTS}");
    let by_id = expect(world.post(Access::Full, &path, &form).await?, 200)?;
    ensure!(by_id == Value::Array(persons), "bulk-by-id answers otherwise than bulk-by-nin");
    Ok(())
}

/// Without history only current items; with it the same ones first, and older ones for somebody.
pub async fn history(world: &World) -> anyhow::Result<()> {
    let mut historic = 0;
    for number in world.numbers(COMPARED).await? {
        let current = world.person(Access::Full, &number).await?;
        let query = format!("{PARTS}&includeHistory=true");
        let all = world.person_with(Access::Full, &number, &query).await?;
        for (part, items) in all.as_object().context("no person")? {
            let Some(items) = items.as_array() else {
                continue;
            };
            let without = current[part].as_array().map_or(&[][..], Vec::as_slice);
            ensure!(items.starts_with(without), "{part} begins otherwise with history");
            let is_current = |item: &Value| item["isValid"] == Value::Bool(true);
            ensure!(without.iter().all(is_current), "{part} has historic items without history");
            historic += items.len() - without.len();
        }
    }
    ensure!(historic > 0, "nobody has any history");
    Ok(())
}

/// Restricted access gets the same person with less in it, and is told what was withheld.
pub async fn restricted_access(world: &World) -> anyhow::Result<()> {
    for number in world.numbers(COMPARED).await? {
        let path = format!("person/get-by-nin?{PARTS}");
        let answer = world.post(Access::Restricted, &path, &[("nin", number.as_str())]).await?;
        let withheld = answer.headers.get("Withheld-Information-Parts");
        let withheld = withheld.and_then(|value| value.to_str().ok()).unwrap_or_default();
        ensure!(withheld.contains("FamilyRelation"), "the withheld part is not named");
        let person = expect(answer, 200)?;
        ensure!(person.get("familyRelation").is_none(), "family relations are shown");
        let marital = person["maritalStatus"].as_array().map_or(&[][..], Vec::as_slice);
        let related = marital.iter().any(|item| item.get("relatedByMaritalStatus").is_some());
        ensure!(!related, "a spouse is shown");
        let full = world.person(Access::Full, &number).await?;
        ensure!(person["id"] == full["id"], "another person under restricted access");
    }
    Ok(())
}

/// No token, another package's token, a bad request: refused, with a problem that says why.
pub async fn refusals(world: &World) -> anyhow::Result<()> {
    let url = format!("{}/api/v3/full-access/event/latest", world.api_url);
    let without_token = world.http.get(&url).send().await?;
    ensure!(without_token.status() == 401, "{} without a token", without_token.status());
    ensure!(without_token.headers().contains_key("WWW-Authenticate"), "no challenge");
    let wrong_package = world.restricted.get("/api/v3/full-access/event/latest").await?;
    ensure!(wrong_package.status == 403, "{} with the wrong scope", wrong_package.status);
    let wrong_part = "person/get-by-nin?informationParts=ShoeSize";
    let answer = world.post(Access::Full, wrong_part, &[("nin", "00000000000")]).await?;
    ensure!(answer.status == 400, "{} for an unknown part", answer.status);
    let problem = answer.json()?;
    ensure!(problem["errors"]["informationParts"].is_array(), "the problem names no field");
    Ok(())
}
