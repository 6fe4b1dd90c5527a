//! The feed: pages of visible events up to the confirmed head.

use register::event::EventType;
use register::package::Package;
use store::{EventWrite, StoreError};

use crate::support::*;

const FULL: Package = Package::FullAccess;
const RESTRICTED: Package = Package::RestrictedAccess;
const NAME: EventType = EventType::ChangeInName;
const DEATH: EventType = EventType::ChangeInDeath;

async fn page(fixture: &Fixture, from: i64, types: &[EventType], limit: i64) -> Vec<i64> {
    sequences(fixture, from, types, limit, FULL).await
}

async fn sequences(
    fixture: &Fixture,
    from: i64,
    types: &[EventType],
    limit: i64,
    package: Package,
) -> Vec<i64> {
    let rows = fixture.store.events(from, types, limit, package).await.unwrap();
    rows.iter().map(|row| row.sequence).collect()
}

#[tokio::test]
async fn nothing_is_shown_or_denied_before_the_head_is_found() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    store.commit(&arrivals([1])).await.unwrap();
    assert_eq!(store.confirmed_head(), 0);
    let latest = store.latest_event(FULL).await.map(drop);
    let events = store.events(0, &[], 10, FULL).await.map(drop);
    for answer in [latest, events] {
        assert!(
            matches!(&answer, Err(error @ StoreError::HeadUnknown) if error.is_retryable()),
            "{answer:?}"
        );
    }
    assert!(!store.head_is_found());
    assert_eq!(store.refresh_head().await, 1);
    assert!(store.head_is_found());
    assert_eq!(page(&fixture, 0, &[], 10).await, [1]);
}

#[tokio::test]
async fn an_empty_register_has_a_head_and_no_events() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.store.refresh_head().await, 0);
    assert_eq!(fixture.store.latest_event(FULL).await.unwrap(), None);
    assert!(page(&fixture, 0, &[], 10).await.is_empty());
    assert!(fixture.store.head_is_found());
}

#[tokio::test]
async fn an_event_comes_back_as_it_was_written() {
    let fixture = Fixture::new().await;
    fixture.store.commit(&arrivals([1])).await.unwrap();
    let announced = EventWrite { nin: Some(number(1).into()), ..event(1, DEATH) };
    fixture.store.commit(&events([announced, rendered(1)])).await.unwrap();
    fixture.store.refresh_head().await;
    let latest = fixture.store.latest_event(FULL).await.unwrap().unwrap();
    assert_eq!((latest.sequence, latest.person_id, latest.event_type), (2, id(1), DEATH));
    assert_eq!(latest.nin.unwrap().as_str(), number(1));
    assert_eq!(fixture.store.events(2, &[], 9, FULL).await.unwrap().len(), 1, "from is inclusive");
    assert!(page(&fixture, 3, &[], 9).await.is_empty(), "a rendering is never shown");
    assert!(page(&fixture, i64::MAX, &[], 9).await.is_empty());
    assert_eq!(page(&fixture, i64::MIN, &[], 9).await, [1, 2]);
}

#[tokio::test]
async fn hidden_events_do_not_make_short_pages() {
    let fixture = Fixture::new().await;
    fixture.store.commit(&arrivals([1])).await.unwrap();
    // A thousand renderings and hidden events between two that restricted access sees.
    let between = (0..1000).map(|n| if n % 2 == 0 { rendered(1) } else { hidden(1, NAME) });
    fixture.store.commit(&events(between)).await.unwrap();
    fixture.store.commit(&events([event(1, DEATH), event(1, NAME)])).await.unwrap();
    fixture.store.refresh_head().await;
    assert_eq!(sequences(&fixture, 0, &[], 2, RESTRICTED).await, [1, 1002]);
    assert_eq!(sequences(&fixture, 2, &[], 2, RESTRICTED).await, [1002, 1003]);
    assert_eq!(sequences(&fixture, 0, &[], 2, FULL).await, [1, 3]);
    assert_eq!(sequences(&fixture, 0, &[NAME], 9, RESTRICTED).await, [1003]);
    assert_eq!(sequences(&fixture, 1000, &[NAME], 9, FULL).await, [1001, 1003]);
    let latest = fixture.store.latest_event(RESTRICTED).await.unwrap().unwrap();
    assert_eq!(latest.sequence, 1003);
}

#[tokio::test]
async fn a_filtered_page_is_full_and_in_order_over_all_types() {
    let fixture = Fixture::new().await;
    fixture.store.commit(&arrivals([1])).await.unwrap();
    let types = [NAME, DEATH, EventType::ChangeInGender];
    let mixed = (0..300_usize).map(|n| event(1, types[n % 3]));
    fixture.store.commit(&events(mixed)).await.unwrap();
    fixture.store.refresh_head().await;
    let wanted = [DEATH, NAME, DEATH];
    assert_eq!(page(&fixture, 0, &wanted, 5).await, [2, 3, 5, 6, 8]);
    assert_eq!(page(&fixture, 6, &wanted, 3).await, [6, 8, 9]);
    assert_eq!(page(&fixture, 0, &wanted, 1000).await.len(), 200);
    assert!(page(&fixture, 0, &[EventType::ChangeInBirth], 10).await.is_empty());
}

#[tokio::test]
async fn a_page_has_at_most_a_thousand_events() {
    let fixture = Fixture::new().await;
    fixture.store.commit(&arrivals([1])).await.unwrap();
    fixture.store.commit(&events((0..1100).map(|_| event(1, NAME)))).await.unwrap();
    fixture.store.refresh_head().await;
    assert_eq!(page(&fixture, 0, &[], i64::MAX).await.len(), 1000);
    assert_eq!(page(&fixture, 0, &[NAME], 5000).await.len(), 1000);
    assert!(page(&fixture, 0, &[], 0).await.is_empty());
    assert!(page(&fixture, 0, &[], -1).await.is_empty());
}
