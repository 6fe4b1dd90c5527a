//! Those who are known by a felles hjelpenummer alone, beside those of the population register.

use register::event::EventType;
use register::package::Package;
use store::{NumberWrite, PersonWrite, WriteBatch};

use crate::support::*;

/// Persons of both kinds, in this order.
fn mixed(persons: &[(u32, bool)]) -> WriteBatch {
    let mut batch = arrivals(persons.iter().map(|(n, _)| *n));
    for (write, (_, alternate)) in batch.persons.iter_mut().zip(persons) {
        write.alternate = *alternate;
    }
    batch
}

#[tokio::test]
async fn each_list_is_dense_whatever_comes_between() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&mixed(&[(1, false), (2, true), (3, false)])).await.unwrap();
    store.commit(&mixed(&[(4, true)])).await.unwrap();
    // What is not written takes no place.
    let mut unusable = mixed(&[(5, false), (6, true)]);
    unusable.positions = vec![from_to(0, 7, 8)];
    store.commit(&unusable).await.unwrap_err();
    store.commit(&mixed(&[(7, true), (8, false)])).await.unwrap();
    // Nobody changes lists.
    let other = PersonWrite { new: false, alternate: false, ..new_person(2) };
    let told = vec![event(2, EventType::UpdatedAlternateIdentificationNumber)];
    let batch = WriteBatch { persons: vec![other], events: told, ..WriteBatch::default() };
    store.commit(&batch).await.unwrap();
    for (with_alternate, expected) in [(true, &[1, 2, 3, 4, 7, 8][..]), (false, &[1, 3, 8][..])] {
        let everybody: Vec<_> = expected.iter().map(|n: &u128| id(*n)).collect();
        assert_eq!(store.everybody(with_alternate, 0, 100).await.unwrap(), everybody);
        for (place, person) in everybody.iter().enumerate() {
            let page = store.everybody(with_alternate, place as i64, 1).await.unwrap();
            assert_eq!(page, [*person]);
        }
        let count = store.count_of_everybody(with_alternate).await.unwrap();
        assert_eq!(count, everybody.len() as i64);
    }
}

#[tokio::test]
async fn the_writer_is_told_which_kind_somebody_is() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&mixed(&[(1, false), (2, true)])).await.unwrap();
    let numbers = [number(1), number(2)];
    let mut states = store.load_states(&[&*numbers[0], &*numbers[1]]).await.unwrap();
    states.sort_by_key(|state| state.ordinal);
    assert_eq!(states.iter().map(|state| state.alternate).collect::<Vec<_>>(), [false, true]);
    let stored = store.stored_persons(&[id(2), id(1)]).await.unwrap();
    assert!(!stored[0].state.alternate && stored[1].state.alternate);
    let sources = store.sources(1, 3).await.unwrap();
    assert_eq!(sources.iter().map(|s| s.alternate).collect::<Vec<_>>(), [false, true]);
    // KRR is asked about nobody it cannot know.
    let gaps = store.contact_gaps(1, 10, 10).await.unwrap();
    assert_eq!(gaps.numbers, [numbers[0].as_str().into()]);
}

#[tokio::test]
async fn a_number_that_was_replaced_leads_where_the_new_one_does() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&mixed(&[(1, true)])).await.unwrap();
    let leads_to = async |n| {
        let found = store.person_by_number(&number(n), Package::FullAccess).await.unwrap();
        found.map(|person| person.id)
    };
    let continued = |n: Option<u32>| WriteBatch {
        numbers: vec![NumberWrite {
            continued_as: n.map(|n| number(n).into()),
            ..maps(1, Some(1), 10)
        }],
        ..WriteBatch::default()
    };
    store.commit(&continued(Some(2))).await.unwrap();
    assert_eq!(leads_to(1).await, Some(id(1)), "nobody has the new number yet");
    store.commit(&mixed(&[(2, false), (3, false)])).await.unwrap();
    assert_eq!(leads_to(1).await, Some(id(2)));
    // The other is merged into a third, and is asked for together with it.
    let merged = vec![maps(2, Some(3), 20)];
    store.commit(&WriteBatch { numbers: merged, ..WriteBatch::default() }).await.unwrap();
    let both = [number(1), number(2)];
    let found = store.persons_by_numbers(&both, Package::RestrictedAccess).await.unwrap();
    let mut found: Vec<_> = found.into_iter().map(|(number, row)| (number, row.id)).collect();
    found.sort();
    assert_eq!(found, both.map(|number| (number, id(3))));
    store.commit(&continued(None)).await.unwrap();
    assert_eq!(leads_to(1).await, Some(id(1)));
}
