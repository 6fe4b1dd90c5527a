//! Changes in FREG: they become events, and what they announce is there to be read.

use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::world::{Access, Event, PARTS, World, expect};

/// The most pages of events that are read; a larger feed is checked from its end.
const PAGES_MAX: i64 = 2_000;
const PAGE: i64 = 1_000;

/// A move becomes an event, and behind it is the new address. Returns the time from the change in
/// FREG to the event in our feed, in milliseconds.
pub async fn a_move(world: &World) -> anyhow::Result<u64> {
    let from = world.latest(Access::Full).await? + 1;
    let number = resident(world).await?;
    let before = world.person(Access::Full, &number).await?;
    let started = Instant::now();
    world.change("move", Some(&number)).await?;
    let id = before["id"].as_str().context("a person without an id")?;
    let moved =
        |event: &Event| event.person == id && event.event_type == "ChangeInResidentialAddress";
    let event = world.await_event(Access::Full, from, moved).await?;
    let lag_ms = started.elapsed().as_millis() as u64;
    let after = world.person(Access::Full, &number).await?;
    ensure!(
        after["residentialAddress"] != before["residentialAddress"],
        "the event is there, and the old address behind it"
    );
    let sequence = after["sequenceNumber"].as_i64().context("a person without a number")?;
    ensure!(sequence >= event.sequence, "the person is older than the event");
    world.await_event(Access::Restricted, from, moved).await.context("restricted access")?;
    Ok(lag_ms)
}

/// Somebody who lives at an address that anybody may see.
async fn resident(world: &World) -> anyhow::Result<String> {
    for number in world.numbers(200).await? {
        let person = world.person(Access::Restricted, &number).await?;
        let lives = person["status"][0]["status"] == "Resident";
        if lives && person["residentialAddress"][0].get("streetAddress").is_some() {
            return Ok(number);
        }
    }
    anyhow::bail!("none of the first persons lives at an open street address")
}

/// Address protection hides the address from restricted access, history included.
pub async fn protection(world: &World) -> anyhow::Result<()> {
    let number = resident(world).await?;
    let from = world.latest(Access::Full).await? + 1;
    let before = world.person(Access::Full, &number).await?;
    world.change("protection", Some(&number)).await?;
    let id = before["id"].as_str().context("a person without an id")?;
    let protected =
        |event: &Event| event.person == id && event.event_type == "ChangeInAddressProtection";
    world.await_event(Access::Restricted, from, protected).await?;
    let query = format!("{}&includeHistory=true", PARTS);
    let after = world.person_with(Access::Restricted, &number, &query).await?;
    let level = after["addressProtection"][0]["protectionLevel"].as_str().unwrap_or_default();
    ensure!(level == "Confidential" || level == "StrictlyConfidential", "no protection is shown");
    let addresses = after["residentialAddress"].as_array().map_or(&[][..], Vec::as_slice);
    let shows = |item: &Value| {
        item.get("streetAddress").is_some() || item.get("cadastralAddress").is_some()
    };
    ensure!(!addresses.iter().any(shows), "restricted access sees a protected address");
    Ok(())
}

/// A D-number becomes a fødselsnummer: one person, one id, both numbers lead to it.
pub async fn new_number(world: &World) -> anyhow::Result<()> {
    let from = world.latest(Access::Full).await? + 1;
    let happened = world.change("d-number-to-foedselsnummer", None).await?;
    let (old, new) = two_numbers(&happened)?;
    let before = world.person(Access::Full, &old).await?;
    let id = before["id"].as_str().context("a person without an id")?.to_owned();
    let resident = |event: &Event| event.person == id && event.event_type == "PersonIsResident";
    world.await_event(Access::Full, from, resident).await?;
    for number in [&old, &new] {
        let person = world.person(Access::Full, number).await?;
        ensure!(person["id"] == id.as_str(), "the number leads to another person");
    }
    Ok(())
}

/// A merge leaves one person that both numbers lead to, and a stub with the other's id.
pub async fn merge(world: &World) -> anyhow::Result<()> {
    let from = world.latest(Access::Full).await? + 1;
    let happened = world.change("merge", None).await?;
    let (first, second) = two_numbers(&happened)?;
    // The sandbox may merge others by itself at the same time.
    let ended = |event: &Event| {
        event.event_type == "PersonIsDiscontinuedAsDuplicate" && event.number == second
    };
    let event = world.await_event(Access::Full, from, ended).await?;
    let first = world.person(Access::Full, &first).await?;
    let second = world.person(Access::Full, &second).await?;
    ensure!(first["id"] == second["id"], "the numbers lead to two persons");
    ensure!(first["id"] != event.person.as_str(), "the survivor was discontinued");
    let path = format!("person/{}?{}", event.person, PARTS);
    let stub = expect(world.get(Access::Full, &path).await?, 200)?;
    ensure!(stub["status"][0]["status"] == "Discontinued", "the other is no stub");
    ensure!(stub.get("name").is_none(), "the stub has a name");
    Ok(())
}

fn two_numbers(happened: &Value) -> anyhow::Result<(String, String)> {
    let numbers = happened["numbers"].as_array().context("the sandbox names no numbers")?;
    let number = |at: usize| {
        let text = numbers.get(at).and_then(Value::as_str).map(str::to_owned);
        text.context("the sandbox names fewer than two numbers")
    };
    Ok((number(0)?, number(1)?))
}

/// The feed is in order, without a repetition, and has told of every person once. Returns the
/// number of the newest event.
pub async fn feed(world: &World, persons: Option<i64>) -> anyhow::Result<i64> {
    let latest = world.latest(Access::Full).await?;
    let mut next = (latest - PAGES_MAX * PAGE).max(1);
    let whole = next == 1;
    let (mut last, mut populated, mut created) = (next - 1, 0, 0);
    loop {
        let page = world.events(Access::Full, next).await?;
        let Some(end) = page.last() else { break };
        for event in &page {
            ensure!(event.sequence > last, "event {} follows {last}", event.sequence);
            last = event.sequence;
            populated += i64::from(event.event_type == "PersonPopulated");
            created += i64::from(event.event_type == "PersonIsCreated");
        }
        next = end.sequence + 1;
    }
    ensure!(last >= latest, "the feed ends at {last}, before its newest event {latest}");
    if let (true, Some(persons)) = (whole, persons) {
        ensure!(
            populated + created >= persons,
            "{persons} persons, but {populated} were populated and {created} created"
        );
    }
    Ok(last)
}
