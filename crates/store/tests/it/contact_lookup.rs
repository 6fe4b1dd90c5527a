//! Finding those whose contact details nobody has brought, in steps.

use register::id::IdentityNumber;
use store::ContactGaps;

use crate::support::*;

fn gaps(numbers: &[u32], next_ordinal: i64) -> ContactGaps {
    let numbers = numbers.iter().map(|n| IdentityNumber::from(number(*n))).collect();
    ContactGaps { numbers, next_ordinal }
}

#[tokio::test]
async fn a_step_ends_with_enough_numbers_or_enough_persons_or_nobody_further_on() {
    let Fixture { store, database } = &Fixture::new().await;
    assert_eq!(store.contact_gaps(1, 10, 10).await.unwrap(), gaps(&[], 1));
    store.commit(&arrivals(1..=9)).await.unwrap();
    // Ordinals 1 to 9: two are stored, one is a stub.
    database
        .execute(
            "insert into contact (number, as_of, sealed)
            select primary_number, 1, '' from person where ordinal in (2, 3);
            update person set stub = true where ordinal = 5",
        )
        .await;
    assert_eq!(store.contact_gaps(1, 100, 100).await.unwrap(), gaps(&[1, 4, 6, 7, 8, 9], 10));
    assert_eq!(store.contact_gaps(1, 100, 2).await.unwrap(), gaps(&[1, 4], 5));
    assert_eq!(store.contact_gaps(2, 2, 100).await.unwrap(), gaps(&[], 4));
    assert_eq!(store.contact_gaps(5, 3, 2).await.unwrap(), gaps(&[6, 7], 8));
    assert_eq!(store.contact_gaps(9, 3, 1).await.unwrap(), gaps(&[9], 10));
    assert_eq!(store.contact_gaps(10, 3, 1).await.unwrap(), gaps(&[], 10));
    // A cursor of another register, whose persons were more.
    assert_eq!(store.contact_gaps(500, 3, 1).await.unwrap(), gaps(&[], 500));
}

#[tokio::test]
async fn reading_to_the_same_place_again_is_remembered() {
    let Fixture { store, database } = &Fixture::new().await;
    let at = store::Cursor { next_sequence: 5_000_000_000, by_number_until: 0 };
    store.start_cursor("krr", at).await.unwrap();
    database.execute("update source_cursor set read_at = now() - interval '5 hours'").await;
    let url = store::Secret::new(database.url());
    let mut server = store::inspect::Server::connect(&url).await.unwrap();
    let age_s = server.read_age_s("krr").await.unwrap().unwrap();
    assert!((17_999.0..18_100.0).contains(&age_s), "{age_s}");
    store.move_cursor("krr", at.next_sequence, at).await.unwrap();
    assert!(server.read_age_s("krr").await.unwrap().unwrap() < 60.0);
    assert_eq!(server.read_age_s("freg").await.unwrap(), None);
    server.close().await;
}
