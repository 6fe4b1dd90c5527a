//! Contact details and enrichment, as the writer keeps them.

use register::time::{Day, Instant};
use store::{ContactWrite, EnrichedWith, Enrichment, StoreError, WriteBatch};

use crate::support::*;

fn contact(n: u32, as_of: i64, flips_at: Option<&str>) -> ContactWrite {
    ContactWrite {
        number: number(n).into(),
        as_of,
        sealed: vec![n as u8, as_of as u8],
        flips_at: flips_at.map(instant),
    }
}

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn says(contacts: impl IntoIterator<Item = ContactWrite>) -> WriteBatch {
    WriteBatch { contacts: contacts.into_iter().collect(), ..WriteBatch::default() }
}

#[tokio::test]
async fn an_older_word_on_a_number_never_wins() {
    let store = &Fixture::new().await.store;
    store.commit(&says([contact(1, 20, None), contact(2, 20, None)])).await.unwrap();
    let later = [contact(1, 19, None), contact(2, 21, Some("2030-01-01T00:00:00.123456789Z"))];
    store.commit(&says(later)).await.unwrap();
    let (one, two, three) = (number(1), number(2), number(3));
    let mut stored = store.contacts(&[&one, &two, &three]).await.unwrap();
    stored.sort_by_key(|contact| contact.as_of);
    let seen = stored.iter().map(|read| (read.number.as_str(), read.as_of, read.flips_at));
    let end = Some(instant("2030-01-01T01:00:00.123456+01:00"));
    assert_eq!(seen.collect::<Vec<_>>(), [(&*one, 20, None), (&*two, 21, end)]);
    assert_eq!(stored[0].sealed, [1, 20]);
    let twice = store.commit(&says([contact(1, 30, None), contact(1, 31, None)])).await;
    assert!(matches!(twice, Err(StoreError::Batch(_))), "{twice:?}");
}

#[tokio::test]
async fn what_time_ends_is_found_at_its_microsecond_and_told_once() {
    let store = &Fixture::new().await.store;
    let ends = ["2026-03-29T03:00:00.000001+02", "9999-01-01T00:00:00Z", "2026-01-01T00:00:00Z"];
    let written = (1..).zip(ends).map(|(n, end)| contact(n, 1, Some(end)));
    store.commit(&says(written)).await.unwrap();
    let due = async |now: &str, limit| {
        let due = store.due_contacts(instant(now), limit).await.unwrap();
        due.iter().map(|number| number.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(due("2026-03-29T03:00:00+02", 9).await, [number(3)]);
    assert_eq!(due("2026-03-29T03:00:00.000001+02", 9).await, [number(3), number(1)]);
    assert_eq!(due("2026-03-29T03:00:00.000001+02", 1).await, [number(3)]);
    let flipped = vec![number(3).into()];
    store.commit(&WriteBatch { flipped, ..WriteBatch::default() }).await.unwrap();
    assert_eq!(due("2027-01-01T00:00:00Z", 9).await, [number(1)]);
}

#[tokio::test]
async fn only_who_has_the_number_as_primary_and_is_no_stub_holds_it() {
    let store = &Fixture::new().await.store;
    let mut batch = arrivals([1, 2, 3]);
    batch.numbers.push(maps(9, Some(1), 10));
    batch.persons[1].stub = true;
    batch.persons[2].contact_digest = Some(-7);
    store.commit(&batch).await.unwrap();
    let asked = [1, 2, 3, 9].map(number);
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    let mut holders = store.holders(&asked).await.unwrap();
    holders.sort();
    assert_eq!(holders, [id(1), id(3)]);
    let persons = store.stored_persons(&[id(3), id(1)]).await.unwrap();
    let digests = persons.iter().map(|person| (person.state.ordinal, person.state.contact_digest));
    assert_eq!(digests.collect::<Vec<_>>(), [(1, None), (3, Some(-7))]);
    let forms = served("3");
    assert_eq!((&persons[1].full, &persons[1].restricted), (&forms.full, &forms.restricted));
    assert_eq!(persons[1].source, Some(vec![3; 3]));
    let sources = store.sources(2, 4).await.unwrap();
    let of: Vec<_> = sources.iter().map(|source| (source.person, source.sealed.clone())).collect();
    assert_eq!(of, [(id(2), vec![2; 3]), (id(3), vec![3; 3])]);
}

#[tokio::test]
async fn how_far_enrichment_is_comes_back_as_it_was_written() {
    let store = &Fixture::new().await.store;
    let nothing = Enrichment { done: None, target: None, next_ordinal: 1 };
    assert_eq!(store.enrichment().await.unwrap(), nothing);
    let with = |version, day| EnrichedWith { version, day: Day::parse(day).unwrap() };
    let under_way = Enrichment {
        done: Some(with(None, "2024-02-29")),
        target: Some(with(Some(7), "2024-03-01")),
        next_ordinal: 12,
    };
    for enrichment in [under_way, Enrichment { target: None, ..under_way }, nothing] {
        let batch = WriteBatch { enrichment: Some(enrichment), ..WriteBatch::default() };
        store.commit(&batch).await.unwrap();
        assert_eq!(store.enrichment().await.unwrap(), enrichment);
    }
}
