//! Plans: every row is found by index, whatever the server believes about its tables.

use register::event::EventType;

use crate::support::*;

/// However many hidden events there are, a page is found by index: the plan has no filter to wade
/// through.
#[tokio::test]
async fn pages_are_found_by_index() {
    let fixture = Fixture::new().await;
    fixture
        .database
        .execute(
            "insert into event
                (sequence_number, person_id, event_type, visible_full, visible_restricted)
            select n, gen_random_uuid(), n % 50, n % 50 <> 0, n % 1000 = 1
            from generate_series(1, 50000) n; analyze event",
        )
        .await;
    let plans = [
        (
            "explain select sequence_number, person_id, event_type, nin from event
            where visible_restricted and sequence_number between 1 and 50000
            order by sequence_number limit 100",
            "event_restricted",
        ),
        (
            "explain select sequence_number, person_id, event_type, nin from event
            where visible_full and sequence_number between 40000 and 50000
            order by sequence_number limit 100",
            "event_full",
        ),
        (
            "explain select sequence_number, person_id, event_type, nin from event
            where visible_full and event_type = 7 and sequence_number between 1 and 50000
            order by sequence_number limit 100",
            "event_type_full",
        ),
    ];
    for (query, index) in plans {
        let plan = fixture.database.fetch_text(query).await.join("\n");
        assert!(plan.contains(&format!("using {index} ")) && !plan.contains("Sort"), "{plan}");
    }
}

/// In a bulk load the server's statistics are behind. The writer must not read whole tables then.
#[tokio::test]
async fn the_writer_finds_its_rows_by_index_even_without_statistics() {
    let Fixture { store, database } = &Fixture::new().await;
    database.execute("alter table person set (autovacuum_enabled = off)").await;
    for first in [1, 501, 1001, 1501] {
        store.commit(&arrivals(first..first + 500)).await.unwrap();
    }
    let numbers: Vec<String> = (1..=500).map(number).collect();
    let asked: Vec<&str> = numbers.iter().map(String::as_str).collect();
    assert_eq!(store.load_states(&asked).await.unwrap().len(), 500);
    let touched = (1..=500).map(|n| event(n, EventType::ChangeInName));
    store.commit(&events(touched)).await.unwrap();
    // A session hands in what it counted when it ends.
    store.close().await;
    let scans = "select sum(seq_scan)::text from pg_stat_user_tables
        where relname in ('person', 'person_number', 'source_document', 'event')";
    for _ in 0..50 {
        let found = "select sum(idx_scan)::text from pg_stat_user_tables where relname = 'person'";
        if database.fetch_text(found).await != ["0"] {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(database.fetch_text(scans).await, ["0"]);
}
