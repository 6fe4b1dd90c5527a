//! What the register adds to FREG's documents: urban districts and contact details.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::world::{Access, Event, World, expect};

/// The municipalities that have urban districts: Oslo, Stavanger, Bergen and Trondheim.
const CITIES: [&str; 4] = ["0301", "1103", "4601", "5001"];
/// Persons looked at in one call.
const BULK: u64 = 100;
/// The most persons looked at before a check gives up.
const LOOKED_AT_MAX: u64 = 20_000;
const CONTACT_EVENT: &str = "ChangeInCommonContactRegisterInformation";
const BOTH_PARTS: &str =
    "informationParts=ResidentialAddress&informationParts=CommonContactRegisterInformation";
/// Calls in flight together while everybody is counted.
const COUNTED_TOGETHER: usize = 4;
/// Lots of persons, spread over the population, that are looked at while we wait.
const SAMPLED_LOTS: u64 = 5;
/// KRR answers for everybody who has a number in use. Of the population some have none.
const ANSWERED_PERCENT: u64 = 90;
/// How long nothing may become more before the wait is given up.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_secs(1);
const CONTACT_PART: &str = "informationParts=CommonContactRegisterInformation";

/// In each of the four cities somebody is served a district that lies in the city, and the one
/// that the address lies in beside it; in Oslo's Sentrum and Marka they are two.
pub async fn districts(world: &World) -> anyhow::Result<()> {
    let mut cities = BTreeSet::new();
    let mut served_by_another = false;
    let parts = "informationParts=ResidentialAddress";
    each_person(world, parts, |person| {
        let address = &person["residentialAddress"][0];
        let text = |name: &str| address[name].as_str().unwrap_or_default();
        let code = text("urbanDistrictCode");
        if code.is_empty() {
            return Ok(false);
        }
        let unit = text("fullBasicStatisticalUnitNumber");
        let lies_in = text("geographicalUrbanDistrictCode");
        let city = unit.get(..4).context("a district without its whole unit")?;
        ensure!(code.starts_with(city) && lies_in.starts_with(city), "a district of another city");
        ensure!(city == "0301" || code == lies_in, "served from elsewhere outside Oslo");
        for name in ["urbanDistrictName", "geographicalUrbanDistrictName"] {
            ensure!(!text(name).is_empty(), "a district without {name}");
        }
        served_by_another |= code != lies_in;
        cities.insert(city.to_owned());
        Ok(served_by_another && CITIES.iter().all(|city| cities.contains(*city)))
    })
    .await?;
    for city in CITIES {
        ensure!(cities.contains(city), "nobody has a district in {city}");
    }
    ensure!(served_by_another, "nobody lives in a district that another one serves");
    Ok(())
}

/// What is looked for among the contacts.
#[derive(Default)]
struct Found {
    notifiable: bool,
    reserved: bool,
    expired: bool,
}

/// Somebody may be notified, somebody has refused, somebody's details are too old and still shown;
/// restricted access sees none of it.
pub async fn contacts(world: &World) -> anyhow::Result<()> {
    let mut found = Found::default();
    each_person(world, CONTACT_PART, |person| {
        let contact = &person["commonContactRegisterInformation"];
        let says = |name: &str| contact[name].as_str().unwrap_or_default();
        let may_be_notified = says("notificationStatus") == "CanBeNotified";
        let is_active = says("status") == "Active";
        let reserved = says("reservation") == "Yes";
        ensure!(!may_be_notified || (is_active && !reserved), "who has refused may be notified");
        let shown = contact["contactInformation"]["email"].is_string()
            || contact["contactInformation"]["phoneNumber"].is_string();
        found.notifiable |= may_be_notified && shown;
        found.reserved |= reserved;
        found.expired |= is_active && !reserved && !may_be_notified && shown;
        Ok(found.notifiable && found.reserved && found.expired)
    })
    .await?;
    ensure!(found.notifiable, "nobody may be notified");
    ensure!(found.reserved, "nobody has refused");
    ensure!(found.expired, "nobody's contact details are too old");
    let number = world.numbers(1).await?.swap_remove(0);
    let hidden = world.person_with(Access::Restricted, &number, CONTACT_PART).await?;
    ensure!(hidden.get("commonContactRegisterInformation").is_none(), "restricted access sees it");
    Ok(())
}

/// A change in KRR becomes an event for full access alone, and behind it are the new details.
/// When they expire, with nothing happening in KRR, there is another event.
pub async fn contact_change(world: &World) -> anyhow::Result<()> {
    let from = world.latest(Access::Full).await? + 1;
    let from_restricted = world.latest(Access::Restricted).await? + 1;
    let happened = world.change("contact-expires", None).await?;
    let number = happened["numbers"][0].as_str().context("the sandbox names no number")?;
    let told = |event: &Event| event.event_type == CONTACT_EVENT && event.number == number;
    let first = world.await_event(Access::Full, from, told).await.context("KRR's change")?;
    let ends_in = happened["expiresInSeconds"].as_u64().unwrap_or_default();
    let ends_today = ends_in <= PATIENCE.as_secs();
    let status = async || {
        let person = world.person_with(Access::Full, number, CONTACT_PART).await?;
        let status = &person["commonContactRegisterInformation"]["notificationStatus"];
        anyhow::Ok(status.as_str().unwrap_or_default().to_owned())
    };
    // It may have passed already on a slow machine; then the one event told of both.
    if ends_today && status().await? == "CanBeNotified" {
        let again = world.await_event(Access::Full, first.sequence + 1, told).await;
        again.context("the details have expired")?;
    }
    // On days like 31 March no eighteen months end.
    let is_right = !ends_today || status().await? == "CanNotBeNotified";
    ensure!(is_right, "what has expired may still be used");
    let events = world.events(Access::Restricted, from_restricted).await?;
    let is_told = events.iter().any(|event| event.event_type == CONTACT_EVENT);
    ensure!(!is_told, "restricted access is told of contact details");
    Ok(())
}

/// How many persons there are, and how many of them have something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    persons: u64,
    /// With an urban district where they live.
    pub urban_districts: u64,
    /// With contact details, if only that the register of them does not know the person.
    pub contacts: u64,
}

impl Figures {
    fn add(mut self, person: &Value) -> Self {
        self.persons += 1;
        let lives_in = &person["residentialAddress"][0]["urbanDistrictCode"];
        self.urban_districts += u64::from(lives_in.is_string());
        let contact = &person["commonContactRegisterInformation"];
        self.contacts += u64::from(contact.is_object());
        self
    }

    fn together(self, other: Self) -> Self {
        Self {
            persons: self.persons + other.persons,
            urban_districts: self.urban_districts + other.urban_districts,
            contacts: self.contacts + other.contacts,
        }
    }
}

/// Counts everybody, through the public API.
pub async fn figures(world: &World) -> anyhow::Result<Figures> {
    let size = world.population_size().await?;
    let lots = stream::iter((0..size).step_by(BULK as usize));
    let counted = lots.map(|offset| lot(world, offset)).buffer_unordered(COUNTED_TOGETHER);
    counted
        .try_fold(Figures::default(), async |sum, lot| Ok(sum.together(lot)))
        .await
        .context("counting")
}

/// Waits until what comes in the background after a load has come: a sample of the population is
/// looked at until KRR's answers are there, and nothing becomes more.
pub async fn settled(world: &World) -> anyhow::Result<()> {
    let size = world.population_size().await?;
    let step = (size / SAMPLED_LOTS).max(1);
    let (mut last, mut grown) = (Figures::default(), Instant::now());
    loop {
        let mut now = Figures::default();
        for offset in (0..size).step_by(step as usize) {
            now = now.together(lot(world, offset).await?);
        }
        if now != last {
            (last, grown) = (now, Instant::now());
        } else if now.contacts * 100 >= now.persons * ANSWERED_PERCENT && now.urban_districts > 0 {
            return Ok(());
        }
        ensure!(
            grown.elapsed() < PATIENCE,
            "of {} persons {} have contact details and {} a district, and no more come",
            now.persons,
            now.contacts,
            now.urban_districts
        );
        tokio::time::sleep(POLL).await;
    }
}

async fn lot(world: &World, offset: u64) -> anyhow::Result<Figures> {
    let persons = persons(world, offset, BOTH_PARTS).await?;
    Ok(persons.iter().fold(Figures::default(), Figures::add))
}

/// Looks at the population, many at a time, until `look` says that it has seen enough.
async fn each_person(
    world: &World,
    query: &str,
    mut look: impl FnMut(&Value) -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    for offset in (0..LOOKED_AT_MAX).step_by(BULK as usize) {
        let persons = persons(world, offset, query).await?;
        if persons.is_empty() {
            break;
        }
        for person in &persons {
            if look(person)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Persons of the population from an index on, as full access is shown them.
async fn persons(world: &World, offset: u64, query: &str) -> anyhow::Result<Vec<Value>> {
    let listed = world.population(offset, BULK).await?;
    if listed.is_empty() {
        return Ok(Vec::new());
    }
    let form: Vec<(&str, &str)> =
        listed.iter().map(|(_, number)| ("nins", number.as_str())).collect();
    let path = format!("person/bulk-by-nin?{query}");
    let persons = expect(world.post(Access::Full, &path, &form).await?, 200)?;
    Ok(persons.as_array().context("no array")?.clone())
}
