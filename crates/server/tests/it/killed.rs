//! Ten kills at random moments of a load leave the register as if nothing had happened.

use std::collections::HashSet;
use std::time::Duration;

use crate::register::{Process, Register, RunningSandbox, sandbox};

const KILLS: u32 = 10;
const PERSONS: u64 = 3_000;
/// Changes that happen in FREG while the registers load.
const CHANGES: [&str; 8] = [
    "move",
    "marriage",
    "d-number-to-foedselsnummer",
    "merge",
    "name",
    "split",
    "birth",
    "protection",
];

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_during_a_load_leave_the_same_rows_as_an_undisturbed_one() {
    let sandbox = sandbox(PERSONS, 42).await;
    let undisturbed = Register::of(&sandbox).await;
    let disturbed = Register::of(&sandbox).await;

    let running = undisturbed.start(&["ingest"]);
    undisturbed.start(&["bulk"]).finish().await;

    let changes = async {
        for round in 0..KILLS {
            for kind in CHANGES {
                sandbox.change(kind).await;
            }
            let pause = u64::from(fastrand(round)) % 200;
            tokio::time::sleep(Duration::from_millis(100 + pause)).await;
        }
    };
    let (survivor, ()) = tokio::join!(load_with_kills(&disturbed), changes);

    // Finds nothing left to publish, and ends when all that was published is applied.
    disturbed.start(&["bulk"]).finish().await;
    let sequence = sandbox.last_sequence().await;
    undisturbed.await_sequence(sequence).await;
    disturbed.await_sequence(sequence).await;
    drop((running, survivor));

    compare(&disturbed.rows().await, &undisturbed.rows().await);
    for register in [&undisturbed, &disturbed] {
        check_events(register).await;
    }
    compare_with_freg(&disturbed, &sandbox).await;
}

/// Loads while the ingest process is killed again and again. Returns the last one, which lives.
async fn load_with_kills(register: &Register) -> Process {
    let mut ingest = register.start(&["ingest"]);
    let mut bulk = register.start(&["bulk", "--publish-only"]);
    for round in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(u64::from(fastrand(round + 100)) % 700)).await;
        ingest.kill();
        ingest = register.start(&["ingest"]);
        // The load itself is killed too, once.
        if round == 2 {
            bulk.kill();
            bulk = register.start(&["bulk", "--publish-only"]);
        }
    }
    bulk.finish().await;
    ingest
}

/// The same live persons, each served from the same content and found by the same numbers. Stubs
/// depend on whether an extract was made before or after a merge.
fn compare(disturbed: &[String], undisturbed: &[String]) {
    let (left, right): (HashSet<_>, HashSet<_>) =
        (disturbed.iter().collect(), undisturbed.iter().collect());
    let differing: Vec<_> = left.symmetric_difference(&right).take(5).collect();
    assert!(differing.is_empty(), "the registers differ, for instance in {differing:?}");
}

/// Moments that are random but the same in each run of the test.
fn fastrand(seed: u32) -> u32 {
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9);
    (mixed ^ (mixed >> 15)).wrapping_mul(0x85EB_CA6B) >> 8
}

/// Numbers are dense, nobody is told twice as new, and no person is without an event.
async fn check_events(register: &Register) {
    let text = |sql| register.database.fetch_text(sql);
    let span = text("select (max(sequence_number) - count(*))::text from event").await;
    assert_eq!(span, ["0"], "event numbers have holes");
    let twice = "select person_id::text from event where event_type in (
            select event_type from event e join person p on p.id = e.person_id
            group by event_type having count(*) >= (select count(*) from person) / 2)
        group by person_id, event_type having count(*) > 1";
    assert_eq!(text(twice).await, Vec::<String>::new(), "somebody was populated twice");
    let silent = "select id::text from person p
        where not exists (select from event e where e.person_id = p.id and e.visible_full)";
    assert_eq!(text(silent).await, Vec::<String>::new(), "a person that was never told");
    let parked = text("select id::text from parked").await;
    assert_eq!(parked, Vec::<String>::new(), "something was parked");
}

/// Every number that FREG has in use leads to a live person here.
async fn compare_with_freg(register: &Register, sandbox: &RunningSandbox) {
    let live = "select n.number from person_number n join person p on p.id = n.person_id
        where not p.stub";
    let live: HashSet<String> = register.database.fetch_text(live).await.into_iter().collect();
    let mut seen = 0;
    for offset in (0..).step_by(1000) {
        let url = format!("{}/sandbox/persons?offset={offset}&limit=1000", sandbox.url);
        let page: serde_json::Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        if page["total"].as_i64().unwrap() <= offset {
            break;
        }
        for person in page["persons"].as_array().unwrap() {
            assert!(live.contains(person["number"].as_str().unwrap()), "a person is missing");
            seen += 1;
        }
    }
    assert!(seen > PERSONS / 2, "the comparison saw only {seen} persons");
}
