//! A first load: nobody is searchable before its end, and then everybody as ever.

use register::search::{Criteria, SearchRows};
use store::{PositionMove, SearchBuild, StoreError};

use super::*;

/// Everything that a search reads, and in which indexes. Tallies come down to nothing and words stay
/// when a person has changed; what is built never had them.
const BUILT: [&str; 6] = [
    "select string_agg(r::text, ';' order by r) from search_person r",
    "select string_agg(r::text, ';' order by r) from search_key r",
    "select string_agg(r::text, ';' order by r) from search_tally r where persons <> 0",
    "select string_agg(r::text, ';' order by r) from search_word r
    where word in (select key from search_key)",
    "select string_agg(r::text, ';' order by r) from search_spelling r
    where word in (select key from search_key)",
    "select string_agg(indexdef, ';' order by indexname) from pg_indexes
    where tablename like 'search%'",
];

async fn built(fixture: &Fixture) -> Vec<Vec<String>> {
    let mut built = Vec::new();
    for query in BUILT {
        built.push(fixture.database.fetch_text(query).await);
    }
    built
}

/// A register that a first load fills, or one that is filled otherwise.
async fn filled(by_load: bool) -> (Fixture, People) {
    let fixture = Fixture::new().await;
    if by_load {
        fixture.store.start_bulk_load(1, "job").await.expect("a load begins");
    }
    let people = People::write(&fixture.store).await;
    // Somebody has moved since, and somebody has lost everything there was to search.
    let mut again = arrivals(1..=2);
    for (person, names) in again.persons.iter_mut().zip(["g:karen f:dahl ", ""]) {
        person.new = false;
        person.search = Some(SearchRows { names: names.to_owned(), ..SearchRows::default() });
    }
    fixture.store.commit(&again).await.expect("the change is written");
    (fixture, people)
}

fn fence(expected: i64) -> PositionMove {
    let topic = "apply".to_owned();
    PositionMove { topic, partition: 0, expected, next: expected + 1, last_sequence: None }
}

fn everybody() -> Search {
    Search { criteria: Criteria::default(), ..list("GivenName=karen") }
}

#[tokio::test]
async fn what_is_built_at_the_end_is_what_is_written_person_by_person() {
    let (one_by_one, _) = filled(false).await;
    let (loaded, _) = filled(true).await;
    let store = &loaded.store;
    assert_eq!(loaded.database.fetch_text("select count(*)::text from search_key").await, ["0"]);
    store.ensure_position("apply", 0, 0).await.unwrap();
    let mut told = Vec::new();
    assert!(store.build_search(&[fence(0)], |at| told.push(at)).await.unwrap());
    assert_eq!(built(&loaded).await, built(&one_by_one).await);
    assert!(matches!(told[..], [SearchBuild { done: 20, total: 20, .. }]), "{told:?}");
    assert!(!store.totals().await.unwrap().search_deferred);
    assert!(!store.build_search(&[fence(1)], |_| {}).await.unwrap(), "once is enough");
    for fixture in [&loaded, &one_by_one] {
        let found = fixture.store.search_page(&list("GivenName=karen"), 0, 10).await.unwrap();
        assert_eq!(found, [id(1)]);
    }
    // What comes now comes as to any other register.
    let mut more = arrivals(21..=21);
    more.persons[0].search =
        Some(SearchRows { names: "g:karen ".to_owned(), ..SearchRows::default() });
    store.commit(&more).await.unwrap();
    assert_eq!(store.search_count(&list("GivenName=karen")).await.unwrap(), 2);
}

#[tokio::test]
async fn every_case_finds_whom_it_should_after_a_first_load() {
    let fixture = Fixture::new().await;
    fixture.store.start_bulk_load(1, "job").await.unwrap();
    let people = People::write(&fixture.store).await;
    assert!(fixture.store.build_search(&[], |_| {}).await.unwrap());
    check_cases(&fixture, &people).await;
}

#[tokio::test]
async fn nobody_is_taken_for_missing_before_the_end() {
    let (fixture, _) = filled(true).await;
    let store = &fixture.store;
    // Whether the head has been looked for or not, and after it.
    for _ in 0..2 {
        let refused = [
            store.search_best(&everybody()).await.map(drop),
            store.search_page(&everybody(), 0, 10).await.map(drop),
            store.search_count(&everybody()).await.map(drop),
            store.everybody(true, 0, 10).await.map(drop),
            store.count_of_everybody(true).await.map(drop),
        ];
        for refused in refused {
            assert!(matches!(refused, Err(StoreError::SearchDeferred)), "{refused:?}");
        }
        store.refresh_head().await;
    }
    store.build_search(&[], |_| {}).await.unwrap();
    assert_eq!(store.search_count(&list("GivenName=karen")).await.unwrap(), 1);
    store.refresh_head().await;
    assert_eq!(store.search_count(&list("GivenName=karen")).await.unwrap(), 1);
}

#[tokio::test]
async fn a_writer_that_was_replaced_builds_nothing() {
    let (fixture, _) = filled(true).await;
    fixture.store.ensure_position("apply", 0, 7).await.unwrap();
    let before = built(&fixture).await;
    let refused = fixture.store.build_search(&[fence(3)], |_| {}).await;
    assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
    assert!(fixture.store.totals().await.unwrap().search_deferred);
    assert_eq!(built(&fixture).await, before, "the indexes are there too");
}

#[tokio::test]
async fn a_load_into_a_register_in_use_defers_nothing() {
    let (fixture, _) = filled(false).await;
    fixture.store.start_bulk_load(1, "job").await.unwrap();
    assert!(!fixture.store.totals().await.unwrap().search_deferred);
    assert_eq!(fixture.store.search_count(&list("GivenName=karen")).await.unwrap(), 1);
}

/// More persons than are read at a time, with a hole where somebody has no row.
#[tokio::test]
async fn everybody_is_built_however_many_there_are() {
    let fixture = Fixture::new().await;
    fixture.store.start_bulk_load(1, "job").await.unwrap();
    let fill = "with filled as (
            insert into search_person (ordinal, id, facets, birth, death, names, places_full)
            select n, gen_random_uuid(), 0, 19000101, 0, 'g:kari ', ''
            from generate_series(1, 45000) n where n <> 20001 returning ordinal
        )
        update event_counter set last_ordinal = 45000 from (select count(*) from filled) f
        returning last_ordinal::text";
    assert_eq!(fixture.database.fetch_text(fill).await, ["45000"]);
    let mut told = Vec::new();
    assert!(fixture.store.build_search(&[], |at| told.push(at.done)).await.unwrap());
    assert_eq!(told, [20_000, 40_000, 45_000]);
    let keys = "select count(distinct ordinal)::text from search_key where key = 'kari'";
    assert_eq!(fixture.database.fetch_text(keys).await, ["44999"]);
    assert_eq!(fixture.store.search_count(&list("BirthDate=1900-01-01")).await.unwrap(), 44_999);
}
