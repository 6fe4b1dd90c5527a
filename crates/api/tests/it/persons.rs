//! Persons and events to find, written through the store as the ingest writes them.

use std::time::Duration;

use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::part::PartSet;
use register::person::Person;
use register::render::{Circumstances, render};
use register::search::rows;
use store::{
    EventWrite, NumberWrite, PersonWrite, ServedBlobs, SourceWrite, Store, WriteBatch, blob,
};
use uuid::Uuid;

/// The id of person `n`. It ends in twelve digits, which are no identity number.
pub fn id(n: u32) -> String {
    person_id(n).to_string()
}

fn person_id(n: u32) -> PersonId {
    PersonId(Uuid::from_u128(0x2c37_dae1_a161_433f_95b3_1000_0000_0000 + u128::from(n)))
}

/// The number in use of person `n`: synthetic, its month is 80 too large.
pub fn number(n: u32) -> String {
    format!("158170{n:05}")
}

/// An older number of person `n`.
pub fn old_number(n: u32) -> String {
    format!("558170{n:05}")
}

/// Writes persons 1 to `count`, each the sample of every part, created in this order; then waits
/// until their events are shown.
pub async fn seed(store: &Store, count: u32) {
    let mut batch = WriteBatch::default();
    for n in 1..=count {
        batch.persons.push(person(n));
        for number in [number(n), old_number(n)] {
            let number = IdentityNumber::from(number);
            batch.numbers.push(NumberWrite {
                number,
                person_id: Some(person_id(n)),
                as_of: 1,
                continued_as: None,
            });
        }
        batch.events.push(event(n, EventType::PersonIsCreated, true));
    }
    commit(store, &batch).await;
}

/// Writes one more event of person `n`.
pub async fn happen(store: &Store, n: u32, event_type: EventType, visible_restricted: bool) {
    let person = PersonWrite { new: false, served: None, source: SourceWrite::Keep, ..person(n) };
    let events = vec![event(n, event_type, visible_restricted)];
    commit(store, &WriteBatch { persons: vec![person], events, ..WriteBatch::default() }).await;
}

/// Parks person `n`: something newer came that could not be read.
pub async fn park(store: &Store, n: u32) {
    let person = PersonWrite {
        new: false,
        served: None,
        source: SourceWrite::Keep,
        parked: true,
        ..person(n)
    };
    let events = vec![EventWrite { event_type: None, ..event(n, EventType::Unknown, false) }];
    commit(store, &WriteBatch { persons: vec![person], events, ..WriteBatch::default() }).await;
}

async fn commit(store: &Store, batch: &WriteBatch) {
    let committed = store.commit(batch).await.expect("the batch is written");
    for _ in 0..500 {
        if store.confirmed_head() >= committed.last_sequence {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the confirmed head stands still");
}

fn person(n: u32) -> PersonWrite {
    PersonWrite {
        id: person_id(n),
        new: true,
        alternate: false,
        primary_number: IdentityNumber::from(number(n)),
        stub: false,
        as_of: 1,
        content_hash: Some([1; 32]),
        masked_parts: PartSet::EMPTY,
        masked_before: PartSet::EMPTY,
        parked: false,
        protection_uncertain: false,
        contact_digest: None,
        served: Some(served()),
        source: SourceWrite::Replace(vec![1]),
        search: Some(rows(&Person::sample().sorted(), &Circumstances::default())),
    }
}

fn served() -> ServedBlobs {
    let person = Person::sample().sorted();
    let of = |package| {
        let form = render(&person, package, &Circumstances::default());
        blob::compress(package, &form).expect("a blob")
    };
    ServedBlobs {
        full: of(Package::FullAccess),
        restricted: of(Package::RestrictedAccess),
        rendered_by: 1,
    }
}

fn event(n: u32, event_type: EventType, visible_restricted: bool) -> EventWrite {
    EventWrite {
        person_id: person_id(n),
        event_type: Some(event_type),
        visible_restricted,
        nin: Some(IdentityNumber::from(number(n))),
        source_sequence: None,
    }
}

/// Writes one more person, number `n`, who is known by a felles hjelpenummer alone.
pub async fn add_alternate(store: &Store, n: u32, number: &str) {
    let mut write =
        PersonWrite { alternate: true, primary_number: IdentityNumber::from(number), ..person(n) };
    if let Some(search) = &mut write.search {
        search.facets = search.facets.with_alternate(true);
    }
    let leads = NumberWrite {
        number: IdentityNumber::from(number),
        person_id: Some(person_id(n)),
        as_of: i64::MAX,
        continued_as: None,
    };
    let told = EventWrite {
        nin: Some(IdentityNumber::from(number)),
        ..event(n, EventType::CreatedAlternateIdentificationNumber, true)
    };
    let batch = WriteBatch {
        persons: vec![write],
        numbers: vec![leads],
        events: vec![told],
        ..WriteBatch::default()
    };
    commit(store, &batch).await;
}
