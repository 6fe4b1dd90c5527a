//! Short ways to write the batches that the tests are about.

use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::part::PartSet;
use store::{
    EventWrite, NumberWrite, PersonWrite, PositionMove, Secret, ServedBlobs, SourceWrite, Store,
    StoreConfig, WriteBatch, blob,
};
use testkit::database::TestDatabase;
use uuid::Uuid;

pub const TOPIC: &str = "freg.changes";

pub struct Fixture {
    pub database: TestDatabase,
    pub store: Store,
}

impl Fixture {
    pub async fn new() -> Fixture {
        let database = TestDatabase::create().await;
        let store = Store::connect(&config(&database)).await.unwrap();
        Fixture { database, store }
    }
}

pub fn config(database: &TestDatabase) -> StoreConfig {
    StoreConfig { url: Secret::new(database.url()), ..StoreConfig::default() }
}

/// A person id that a test can write down.
pub fn id(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// A synthetic number: its month is 80 too large.
pub fn number(n: u32) -> String {
    format!("018190{n:05}")
}

pub fn served(text: &str) -> ServedBlobs {
    ServedBlobs {
        full: blob::compress(Package::FullAccess, format!("full {text}").as_bytes()).unwrap(),
        restricted: blob::compress(Package::RestrictedAccess, format!("less {text}").as_bytes())
            .unwrap(),
        rendered_by: 1,
    }
}

/// The first document of person `n`, whose primary number is `number(n)`.
pub fn new_person(n: u32) -> PersonWrite {
    PersonWrite {
        id: id(n.into()),
        new: true,
        alternate: false,
        primary_number: IdentityNumber::from(number(n)),
        stub: false,
        as_of: 10,
        content_hash: Some([n as u8; 32]),
        masked_parts: PartSet::EMPTY,
        masked_before: PartSet::EMPTY,
        parked: false,
        protection_uncertain: false,
        contact_digest: None,
        served: Some(served(&n.to_string())),
        source: SourceWrite::Replace(vec![n as u8; 3]),
        search: None,
    }
}

pub fn event(person: u128, event_type: EventType) -> EventWrite {
    EventWrite {
        person_id: id(person),
        event_type: Some(event_type),
        visible_restricted: true,
        nin: None,
        source_sequence: None,
    }
}

pub fn rendered(person: u128) -> EventWrite {
    EventWrite { event_type: None, ..event(person, EventType::PersonPopulated) }
}

pub fn hidden(person: u128, event_type: EventType) -> EventWrite {
    EventWrite { visible_restricted: false, ..event(person, event_type) }
}

pub fn maps(n: u32, person: Option<u128>, as_of: i64) -> NumberWrite {
    let number = IdentityNumber::from(number(n));
    NumberWrite { number, person_id: person.map(id), as_of, continued_as: None }
}

/// New persons with their numbers, and one event for each.
pub fn arrivals(numbers: impl IntoIterator<Item = u32>) -> WriteBatch {
    let mut batch = WriteBatch::default();
    for n in numbers {
        batch.persons.push(new_person(n));
        batch.numbers.push(maps(n, Some(n.into()), 10));
        batch.events.push(event(n.into(), EventType::PersonPopulated));
    }
    batch
}

pub fn events(events: impl IntoIterator<Item = EventWrite>) -> WriteBatch {
    WriteBatch { events: events.into_iter().collect(), ..WriteBatch::default() }
}

pub fn from_to(partition: i32, expected: i64, next: i64) -> PositionMove {
    PositionMove {
        topic: TOPIC.to_owned(),
        partition,
        expected,
        next,
        last_sequence: Some(next * 100),
    }
}
