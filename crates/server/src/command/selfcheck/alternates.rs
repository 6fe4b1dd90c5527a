//! Persons with a felles hjelpenummer: found by their number, and in lists only when asked for.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::world::{Access, PARTS, World, expect};

/// How long the last of them may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(500);
const CREATED: &str = "CreatedAlternateIdentificationNumber";
const UPDATED: &str = "UpdatedAlternateIdentificationNumber";

/// Everybody in the sandbox has arrived, is found as they should be, and has been told of in both
/// packages. Returns how many there are.
pub async fn check(world: &World) -> anyhow::Result<i64> {
    let persons = world.alternates().await?;
    let count = arrived(world, persons.len() as i64).await?;
    for person in persons.iter().filter(|person| person["person"]["state"] == "InUse").take(5) {
        in_use(world, person).await.context("one whose number is in use")?;
    }
    let continued = |person: &&Value| person["person"].get("continuedAs").is_some();
    let replaced = persons.iter().find(continued).context("nobody's number was replaced")?;
    let [old, new] = [&replaced["number"], &replaced["person"]["continuedAs"]]
        .map(|number| number.as_str().unwrap_or_default());
    let (old, new) =
        (world.person(Access::Full, old).await?, world.person(Access::Full, new).await?);
    ensure!(old["id"] == new["id"], "a number that was replaced leads to another person");
    let updated = persons.iter().filter(|person| person["version"] != 1).count();
    for access in [Access::Full, Access::Restricted] {
        ensure!(told(world, access, CREATED).await? >= persons.len(), "not everybody was told of");
        ensure!(told(world, access, UPDATED).await? >= updated, "a change was not told");
    }
    Ok(count)
}

/// Waits until there are so many more with them than without.
async fn arrived(world: &World, expected: i64) -> anyhow::Result<i64> {
    let started = Instant::now();
    loop {
        let found = counted(world, "", true).await? - counted(world, "", false).await?;
        if found == expected && told(world, Access::Full, CREATED).await? as i64 >= expected {
            return Ok(found);
        }
        if started.elapsed() > PATIENCE {
            bail!("{found} have arrived, of {expected}");
        }
        tokio::time::sleep(POLL).await;
    }
}

/// How many match a family name, or how many there are.
async fn counted(world: &World, family_name: &str, with_ain: bool) -> anyhow::Result<i64> {
    let path = format!("search/match-count?includeAinResults={with_ain}");
    let form = [("FamilyName", family_name)];
    let form = if family_name.is_empty() { &[][..] } else { &form[..] };
    let answer = expect(world.post(Access::Full, &path, form).await?, 200)?;
    answer["matchCount"].as_i64().context("no count")
}

async fn in_use(world: &World, listed: &Value) -> anyhow::Result<()> {
    let number = listed["number"].as_str().context("no number")?;
    for access in [Access::Full, Access::Restricted] {
        let person = world.person(access, number).await?;
        let own = &person["norwegianIdentificationNumber"][0];
        ensure!(own["identificationNumber"] == number, "another number is served");
        let kind = &own["identificationNumberType"];
        ensure!(kind == "AlternateIdentificationNumber", "the number is served as another kind");
        let name = &listed["person"]["name"]["familyName"];
        ensure!(person["name"][0]["familyName"] == *name, "another name is served");
    }
    let person = world.person(Access::Full, number).await?;
    let id = person["id"].as_str().context("a person without an id")?;
    let path = format!("person/{id}?{PARTS}");
    ensure!(
        expect(world.get(Access::Full, &path).await?, 200)? == person,
        "the id leads elsewhere"
    );
    let Some(name) = listed["person"]["name"]["familyName"].as_str() else { return Ok(()) };
    for (with_ain, is_found) in [(true, true), (false, false)] {
        let path = format!("search/paged-match-list?includeAinResults={with_ain}");
        let form = [("FamilyName", name), ("PageSize", "10000")];
        let answer = expect(world.post(Access::Full, &path, &form).await?, 200)?;
        let ids = answer["results"].as_array().context("no list")?;
        ensure!(ids.iter().any(|found| found == id) == is_found, "found or left out wrongly");
    }
    Ok(())
}

/// How many events of a type the feed has.
async fn told(world: &World, access: Access, event_type: &str) -> anyhow::Result<usize> {
    let (mut next, mut count) = (1, 0);
    loop {
        let path = format!("event?sequenceNumber={next}&eventTypes={event_type}");
        let page = world.event_page(access, &path).await?;
        let Some(last) = page.last() else { return Ok(count) };
        count += page.len();
        next = last.sequence + 1;
    }
}
