//! Lookups: by number, by id, and where a number leads after it has moved.

use register::package::Package;
use store::WriteBatch;

use crate::support::*;

const FULL: Package = Package::FullAccess;
const RESTRICTED: Package = Package::RestrictedAccess;

#[tokio::test]
async fn a_person_is_found_by_number_and_id_in_both_packages() {
    let Fixture { store, .. } = &Fixture::new().await;
    let mut batch = arrivals([1]);
    batch.events.push(hidden(1, register::event::EventType::ChangeInName));
    store.commit(&batch).await.unwrap();
    let full = store.person_by_number(&number(1), FULL).await.unwrap().unwrap();
    assert_eq!((full.id, full.sequence, full.stale), (id(1), 2, false));
    assert_eq!(full.served, b"full 1");
    let restricted = store.person_by_id(id(1), RESTRICTED).await.unwrap().unwrap();
    assert_eq!((restricted.sequence, restricted.served.as_slice()), (1, &b"less 1"[..]));
    assert_eq!(store.person_by_number("", FULL).await.unwrap(), None);
    assert_eq!(store.person_by_number(&number(2), FULL).await.unwrap(), None);
    assert_eq!(store.person_by_id(id(2), FULL).await.unwrap(), None);
}

#[tokio::test]
async fn bulk_lookups_leave_out_what_is_unknown() {
    let Fixture { store, .. } = &Fixture::new().await;
    let mut batch = arrivals([1, 2, 3]);
    batch.numbers.push(maps(9, Some(1), 10));
    store.commit(&batch).await.unwrap();
    let asked = [number(9), number(1), number(2), number(4), "not a number".to_owned()];
    let mut found: Vec<_> = store
        .persons_by_numbers(&asked, FULL)
        .await
        .unwrap()
        .into_iter()
        .map(|(number, row)| (number, row.id))
        .collect();
    found.sort();
    assert_eq!(found, [(number(1), id(1)), (number(2), id(2)), (number(9), id(1))]);
    let by_id = store.persons_by_ids(&[id(3), id(8), id(3)], RESTRICTED).await.unwrap();
    assert_eq!(by_id.iter().map(|row| row.id).collect::<Vec<_>>(), [id(3)]);
    assert!(store.persons_by_ids(&[], FULL).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_number_follows_the_writers_last_word() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&arrivals([1, 2])).await.unwrap();
    let leads_to =
        async || store.person_by_number(&number(5), FULL).await.unwrap().map(|row| row.id);
    let say = async |numbers| {
        store.commit(&WriteBatch { numbers, ..WriteBatch::default() }).await.unwrap();
    };
    say(vec![maps(5, Some(1), 20)]).await;
    assert_eq!(leads_to().await, Some(id(1)));
    say(vec![maps(5, Some(2), 19)]).await;
    assert_eq!(leads_to().await, Some(id(2)), "the writer has weighed what is newer");
    say(vec![maps(5, Some(1), 22), maps(5, None, 23), maps(5, Some(1), 21)]).await;
    assert_eq!(leads_to().await, None, "in one batch the newest one holds");
    say(vec![maps(5, Some(1), 22)]).await;
    assert_eq!(leads_to().await, Some(id(1)));
}

#[tokio::test]
async fn a_damaged_blob_is_an_error_and_not_an_answer() {
    let Fixture { store, database } = &Fixture::new().await;
    store.commit(&arrivals([1])).await.unwrap();
    database.execute("update person set served_full = '\\x0100ff'").await;
    let error = store.person_by_id(id(1), FULL).await.unwrap_err();
    assert!(matches!(error, store::StoreError::Blob(_)), "{error:?}");
    assert!(store.person_by_id(id(1), RESTRICTED).await.unwrap().is_some());
}

/// The whole point of the layout: nothing of a usual person lies outside its heap page.
#[tokio::test]
async fn served_forms_lie_in_the_row() {
    let Fixture { store, database } = &Fixture::new().await;
    let noise = |seed: u32| -> Vec<u8> {
        (0..1_200_u32).map(|i| (i.wrapping_mul(2_654_435_761 + seed) >> 13) as u8).collect()
    };
    let mut batch = arrivals(1..=50);
    for (person, seed) in batch.persons.iter_mut().zip(0..) {
        let served = person.served.as_mut().unwrap();
        served.full = noise(seed);
        served.restricted = noise(seed + 1);
    }
    store.commit(&batch).await.unwrap();
    let toast = "select pg_relation_size(reltoastrelid)::text from pg_class
        where oid = 'person'::regclass";
    assert_eq!(database.fetch_text(toast).await, ["0"]);
}

/// Servers spawn their calls. Whether they can shows only where a call is made, so it is made here.
#[tokio::test]
async fn every_call_can_be_spawned() {
    fn spawnable(_: impl Send) {}
    let Fixture { store, .. } = &Fixture::new().await;
    let cursor = store::Cursor { next_sequence: 1, by_number_until: 1 };
    spawnable(store.person_by_number("", FULL));
    spawnable(store.persons_by_numbers(&[], FULL));
    spawnable(store.persons_by_ids(&[], FULL));
    spawnable(store.latest_event(FULL));
    spawnable(store.events(1, &[], 1, FULL));
    spawnable(store.ready());
    spawnable(store.refresh_head());
    spawnable(store.load_states(&[]));
    spawnable(store.load_source(id(1)));
    spawnable(store.parked_numbers(&[]));
    spawnable(store.positions());
    spawnable(store.ensure_position(TOPIC, 0, 0));
    spawnable(store.totals());
    spawnable(store.elect_writer(store::WriterLock::Apply));
    spawnable(store.cursor(""));
    spawnable(store.start_cursor("", cursor));
    spawnable(store.move_cursor("", 1, cursor));
    spawnable(store.bulk_load());
    spawnable(store.is_where_a_load_begins(1));
    spawnable(store.start_bulk_load(1, ""));
    spawnable(store.advance_bulk_load("", 1, 1));
    spawnable(store.finish_bulk_load(""));
    spawnable(store.close());
}
