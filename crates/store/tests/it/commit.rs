//! One batch, one transaction: fenced, numbered, whole or not at all.

use register::event::EventType;
use register::part::{InformationPart, PartSet};
use store::{ParkReason, ParkedWrite, PersonWrite, SourceWrite, StoreError, WriteBatch};

use crate::support::*;

#[tokio::test]
async fn a_cold_start_finds_nothing_and_ensures_positions_once() {
    let Fixture { store, .. } = &Fixture::new().await;
    assert_eq!(store.positions().await.unwrap(), []);
    let first = store.ensure_position(TOPIC, 0, 7).await.unwrap();
    assert_eq!((first.next_offset, first.last_sequence), (7, None));
    let again = store.ensure_position(TOPIC, 0, 99).await.unwrap();
    assert_eq!(again, first, "a position that is there stays where it is");
    assert_eq!(store.positions().await.unwrap(), [first]);
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.persons, totals.last_sequence, totals.parked), (0, 0, 0));
}

#[tokio::test]
async fn the_same_batch_again_is_fenced_and_changes_nothing() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.ensure_position(TOPIC, 0, 0).await.unwrap();
    let batch = WriteBatch { positions: vec![from_to(0, 0, 3)], ..arrivals(1..=3) };
    let committed = store.commit(&batch).await.unwrap();
    assert_eq!((committed.first_sequence, committed.last_sequence, committed.persons), (1, 3, 3));
    let again = store.commit(&batch).await;
    assert!(matches!(again, Err(StoreError::Fenced)), "{again:?}");
    assert_eq!(store.totals().await.unwrap().last_sequence, 3);
    let position = &store.positions().await.unwrap()[0];
    assert_eq!((position.next_offset, position.last_sequence), (3, Some(300)));
}

#[tokio::test]
async fn one_foreign_position_fences_the_whole_batch() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.ensure_position(TOPIC, 0, 0).await.unwrap();
    store.ensure_position(TOPIC, 1, 5).await.unwrap();
    let positions = vec![from_to(0, 0, 1), from_to(1, 4, 6)];
    let fenced = store.commit(&WriteBatch { positions, ..arrivals([1]) }).await;
    assert!(matches!(fenced, Err(StoreError::Fenced)), "{fenced:?}");
    assert!(!fenced.unwrap_err().is_retryable());
    let unknown = vec![from_to(7, 0, 1)];
    let fenced = store.commit(&WriteBatch { positions: unknown, ..arrivals([1]) }).await;
    assert!(matches!(fenced, Err(StoreError::Fenced)), "a position must have been ensured");
    let offsets: Vec<i64> =
        store.positions().await.unwrap().iter().map(|position| position.next_offset).collect();
    assert_eq!(offsets, [0, 5]);
    assert_eq!(store.totals().await.unwrap().persons, 0);
}

/// Two processes believe that they are the writer. Each record is applied by exactly one of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zombie_never_writes_what_its_successor_wrote() {
    let fixture = Fixture::new().await;
    fixture.store.ensure_position(TOPIC, 0, 0).await.unwrap();
    let writer = |store: store::Store| async move {
        let (mut won, mut offset) = (0, 0);
        while offset < 50 {
            let n = offset as u32 + 1;
            let positions = vec![from_to(0, offset, offset + 1)];
            match store.commit(&WriteBatch { positions, ..arrivals([n]) }).await {
                Ok(_) => won += 1,
                Err(StoreError::Fenced) => {}
                Err(error) => panic!("{error:?}"),
            }
            offset = store.positions().await.unwrap()[0].next_offset;
        }
        won
    };
    let one = tokio::spawn(writer(fixture.store.clone()));
    let other = tokio::spawn(writer(fixture.store.clone()));
    assert_eq!(one.await.unwrap() + other.await.unwrap(), 50);
    let totals = fixture.store.totals().await.unwrap();
    assert_eq!((totals.persons, totals.last_sequence), (50, 50));
}

/// A reader must never see number 8 before number 7, nor a gap left by a batch that failed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_dense_and_in_commit_order_under_concurrent_commits() {
    let fixture = Fixture::new().await;
    fixture.store.ensure_position(TOPIC, 0, 0).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4_u32 {
        let store = fixture.store.clone();
        writers.spawn(async move {
            for round in 0..15_u32 {
                let first = 1 + writer * 1000 + round * 10;
                let size = 1 + (writer + round) % 4;
                store.commit(&arrivals(first..first + size)).await.unwrap();
                // This one is rolled back: the person exists.
                assert!(store.commit(&arrivals([first])).await.is_err());
            }
        });
    }
    while !writers.is_empty() {
        let dense = "select (count(*) = coalesce(max(sequence_number), 0))::text from event";
        assert_eq!(fixture.database.fetch_text(dense).await, ["true"]);
        while writers.try_join_next().transpose().unwrap().is_some() {}
    }
    let totals = fixture.store.totals().await.unwrap();
    let seen = fixture
        .database
        .fetch_text(
            "select concat_ws(' ', (select count(*) from person), (select max(ordinal) from person),
                (select count(*) from event), (select max(sequence_number) from event))",
        )
        .await;
    let (persons, events) = (totals.persons, totals.last_sequence);
    assert_eq!(seen, [format!("{persons} {persons} {events} {events}")]);
    assert_eq!(persons, 4 * 15 / 4 * (1 + 2 + 3 + 4));
}

#[tokio::test]
async fn a_persons_numbers_follow_its_last_event_of_each_package() {
    let Fixture { store, database } = &Fixture::new().await;
    store.commit(&arrivals([1, 2])).await.unwrap();
    let name = EventType::ChangeInName;
    let batch = events([event(1, name), hidden(1, name), rendered(2), rendered(1)]);
    let committed = store.commit(&batch).await.unwrap();
    assert_eq!((committed.first_sequence, committed.last_sequence, committed.persons), (3, 6, 0));
    let stored = "select sequence_full || ' ' || sequence_restricted from person order by ordinal";
    assert_eq!(database.fetch_text(stored).await, ["6 3", "5 2"]);
}

#[tokio::test]
async fn a_batch_with_nothing_but_a_position_takes_no_number() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.ensure_position(TOPIC, 0, 0).await.unwrap();
    store.commit(&arrivals([1])).await.unwrap();
    let batch = WriteBatch { positions: vec![from_to(0, 0, 1)], ..WriteBatch::default() };
    let committed = store.commit(&batch).await.unwrap();
    assert_eq!((committed.first_sequence, committed.last_sequence, committed.persons), (2, 1, 0));
}

#[tokio::test]
async fn a_batch_that_contradicts_itself_is_refused_before_it_is_sent() {
    let Fixture { store, .. } = &Fixture::new().await;
    let twice = WriteBatch { persons: vec![new_person(1), new_person(1)], ..arrivals([1]) };
    let silent = WriteBatch { events: Vec::new(), ..arrivals([1]) };
    let bare = PersonWrite { served: None, ..new_person(1) };
    let bare = WriteBatch { persons: vec![bare], ..arrivals([1]) };
    let moved = vec![from_to(0, 0, 1), from_to(0, 1, 2)];
    let moved = WriteBatch { positions: moved, ..WriteBatch::default() };
    let nobody = events([event(9, EventType::ChangeInName)]);
    let absent = PersonWrite { new: false, ..new_person(9) };
    let absent = WriteBatch { persons: vec![absent], ..nobody.clone() };
    for batch in [twice, silent, bare, moved, nobody, absent] {
        let refused = store.commit(&batch).await;
        assert!(matches!(refused, Err(StoreError::Batch(_))), "{refused:?}");
    }
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.persons, totals.last_sequence), (0, 0));
}

#[tokio::test]
async fn a_state_comes_back_as_it_was_written() {
    let Fixture { store, .. } = &Fixture::new().await;
    let masked: PartSet = [InformationPart::ResidentialAddress].into_iter().collect();
    let person = PersonWrite {
        masked_parts: masked,
        parked: true,
        protection_uncertain: true,
        ..new_person(1)
    };
    let numbers = vec![maps(1, Some(1), 10), maps(5, Some(1), 12)];
    store.commit(&WriteBatch { persons: vec![person], numbers, ..arrivals([1]) }).await.unwrap();
    let (by_primary, by_other) = (number(1), number(5));
    let states = store.load_states(&[&by_primary, &by_other, "00000000000"]).await.unwrap();
    let [state] = &states[..] else { panic!("once, however it is found: {states:?}") };
    assert_eq!((state.id, state.ordinal, state.as_of), (id(1), 1, 10));
    assert_eq!((state.stub, state.parked, state.protection_uncertain), (false, true, true));
    assert_eq!((state.masked_parts, state.content_hash), (masked, Some([1; 32])));
    assert_eq!(state.primary_number.as_str(), by_primary);
    let numbers: Vec<(&str, i64)> =
        state.numbers.iter().map(|mapped| (mapped.number.as_str(), mapped.as_of)).collect();
    assert_eq!(numbers, [(by_primary.as_str(), 10), (by_other.as_str(), 12)]);
    assert!(store.load_states(&[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn flags_move_and_the_body_stays() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&arrivals([1])).await.unwrap();
    let flagged = PersonWrite {
        new: false,
        parked: true,
        served: None,
        source: SourceWrite::Keep,
        ..new_person(1)
    };
    let batch = WriteBatch { persons: vec![flagged], ..events([rendered(1)]) };
    store.commit(&batch).await.unwrap();
    let row = store.person_by_id(id(1), register::package::Package::FullAccess).await.unwrap();
    let row = row.unwrap();
    assert_eq!((row.sequence, row.stale, row.served), (2, true, b"full 1".to_vec()));
    assert_eq!(store.load_source(id(1)).await.unwrap().unwrap().sealed, [1; 3]);
}

#[tokio::test]
async fn a_merge_leaves_a_stub_and_a_split_brings_it_back() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&arrivals([1, 2])).await.unwrap();
    // One batch: person 1 takes over the primary number of person 2, who becomes a stub.
    let survivor =
        PersonWrite { new: false, primary_number: number(2).into(), as_of: 20, ..new_person(1) };
    let stub = PersonWrite { new: false, stub: true, source: SourceWrite::Remove, ..new_person(2) };
    let merged = EventType::PersonIsDiscontinuedAsDuplicate;
    let merge = WriteBatch {
        persons: vec![survivor.clone(), stub.clone()],
        numbers: vec![maps(2, Some(1), 20)],
        ..events([event(1, EventType::PersonIsContinuedAsValidUponMerger), event(2, merged)])
    };
    store.commit(&merge).await.unwrap();
    assert_eq!(store.load_source(id(2)).await.unwrap(), None);
    let of_two = number(2);
    let mut states = store.load_states(&[&of_two]).await.unwrap();
    states.sort_by_key(|state| state.ordinal);
    let found: Vec<_> = states.iter().map(|state| (state.ordinal, state.stub)).collect();
    assert_eq!(found, [(1, false), (2, true)], "the stub keeps its primary and is found by it");
    assert_eq!(states[1].numbers, []);
    let split = WriteBatch {
        persons: vec![
            PersonWrite { primary_number: number(1).into(), as_of: 30, ..survivor },
            PersonWrite { stub: false, source: SourceWrite::Replace(vec![4]), as_of: 30, ..stub },
        ],
        numbers: vec![maps(2, Some(2), 30)],
        ..events([
            event(2, EventType::PersonIsRestoredBySplitting),
            event(1, EventType::PersonIsChangedBySplitting),
        ])
    };
    store.commit(&split).await.unwrap();
    let states = store.load_states(&[&of_two]).await.unwrap();
    assert_eq!(states.len(), 1);
    assert_eq!((states[0].id, states[0].ordinal, states[0].stub), (id(2), 2, false));
}

#[tokio::test]
async fn two_living_persons_never_share_a_primary_number() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&arrivals([1])).await.unwrap();
    let rival = PersonWrite { primary_number: number(1).into(), ..new_person(2) };
    let batch = WriteBatch { persons: vec![rival.clone()], ..arrivals([2]) };
    let refused = store.commit(&batch).await.unwrap_err();
    assert!(matches!(refused, StoreError::Refused(_)), "certain, although it shows at COMMIT");
    assert!(!refused.is_retryable());
    let text = format!("{refused:?} {refused}");
    assert!(text.contains("person_live_primary") && !text.contains(&number(1)), "{text}");
    assert_eq!(store.totals().await.unwrap().persons, 1);
    let stub = PersonWrite { stub: true, ..rival };
    let batch = WriteBatch { persons: vec![stub], numbers: Vec::new(), ..arrivals([2]) };
    store.commit(&batch).await.unwrap();
}

#[tokio::test]
async fn living_persons_may_exchange_their_primary_numbers_in_one_batch() {
    let Fixture { store, .. } = &Fixture::new().await;
    store.commit(&arrivals([1, 2])).await.unwrap();
    let change = |n: u32, other: u32| PersonWrite {
        new: false,
        primary_number: number(other).into(),
        ..new_person(n)
    };
    let persons = vec![change(1, 2), change(2, 1)];
    store.commit(&WriteBatch { persons, ..events([rendered(1), rendered(2)]) }).await.unwrap();
}

#[tokio::test]
async fn a_parked_record_is_kept_with_its_place() {
    let Fixture { store, database } = &Fixture::new().await;
    store.ensure_position(TOPIC, 0, 0).await.unwrap();
    let parked = ParkedWrite {
        person_id: None,
        number: None,
        topic: TOPIC.to_owned(),
        partition: 0,
        record_offset: 0,
        source_sequence: Some(4),
        reason: ParkReason::NoNumber,
        sealed: b"sealed".to_vec(),
    };
    let known = ParkedWrite {
        person_id: Some(id(1)),
        number: Some(number(1).into()),
        record_offset: 1,
        reason: ParkReason::UnreadableDocument,
        ..parked.clone()
    };
    let unknown = ParkedWrite {
        number: Some(number(2).into()),
        record_offset: 2,
        reason: ParkReason::UnreadableDocument,
        ..parked.clone()
    };
    let positions = vec![from_to(0, 0, 3)];
    let batch =
        WriteBatch { parked: vec![parked, known, unknown], positions, ..WriteBatch::default() };
    store.commit(&batch).await.unwrap();
    assert_eq!(store.totals().await.unwrap().parked, 3);
    let rows = "select concat_ws(' ', record_offset, source_sequence, reason, number is null,
        convert_from(sealed, 'utf8')) from parked order by id";
    assert_eq!(
        database.fetch_text(rows).await,
        ["0 4 2 t sealed", "1 4 1 f sealed", "2 4 1 f sealed"]
    );
    let (one, two, three) = (number(1), number(2), number(3));
    let waiting = store.parked_numbers(&[&one, &two, &three]).await.unwrap();
    assert_eq!(waiting.len(), 2, "of a known person too: it may be another's by then");
    assert!([one, two].iter().all(|number| waiting.contains(&number.clone().into())));
}
