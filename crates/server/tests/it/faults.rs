//! FREG on a bad day, two writers at once, records that are gone, and a register that is broken on
//! purpose, which must not go unnoticed.

use std::time::Duration;

use testkit::database::TestDatabase;

use crate::checker::{Model, check};
use crate::killed::dice;
use crate::register::{Process, Register, RunningSandbox, sandbox};

/// A loaded register with what runs for it.
async fn loaded(persons: u64, halves: &[&str]) -> (RunningSandbox, Register, Vec<Process>) {
    let sandbox = sandbox(persons, 5).await;
    let register = Register::of(&sandbox).await;
    let running = halves.iter().map(|half| register.start(&["ingest", half])).collect();
    register.start(&["bulk"]).finish().await;
    (sandbox, register, running)
}

async fn happen(sandbox: &RunningSandbox, times: usize) {
    for _ in 0..times {
        for kind in ["name", "merge", "birth", "split", "move", "protection"] {
            sandbox.change(kind).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_freg_answers_everything_comes_once_and_in_order() {
    let (sandbox, register, running) = loaded(200, &["collect", "apply"]).await;
    for (kind, path) in [
        ("html", "feed"),
        ("truncated", "feed"),
        ("429", "feed"),
        ("503", "feed"),
        ("feed-duplicates", "feed"),
        ("feed-out-of-order", "feed"),
        ("slow", "feed"),
        ("html", "arkiv"),
        ("truncated", "arkiv"),
        ("429", "arkiv"),
        ("503", "arkiv"),
        ("429", "token"),
    ] {
        sandbox.fault(kind, path, 1).await;
        happen(&sandbox, 1).await;
    }
    check(&register, &sandbox, "FREG's bad day").await;
    // A hole of FREG's own, and events that say that they happened days before.
    sandbox.fault("sequence-hole", "", 3).await;
    sandbox.fault("late-timestamp", "", 12).await;
    happen(&sandbox, 3).await;
    check(&register, &sandbox, "a hole and events stamped late").await;
    sandbox.fault("feed-duplicates", "feed", 2).await;
    sandbox.fault("sequence-hole", "", 1).await;
    sandbox.fault("feed-out-of-order", "feed", 2).await;
    happen(&sandbox, 3).await;
    check(&register, &sandbox, "holes among duplicates").await;
    assert_eq!(sandbox.faults_waiting().await, 0, "every fault was met");
    running.into_iter().for_each(Process::kill);
}

/// The writer is stopped where it stands, loses its lock, and goes on when another one writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_wakes_up_after_another_took_over_writes_nothing() {
    let mut dice = dice();
    let (sandbox, register, mut running) = loaded(200, &["collect", "apply"]).await;
    let collect = running.remove(0);
    let mut asleep = running.remove(0);
    for round in 0..4 {
        let awake = register.start(&["ingest", "apply"]);
        happen(&sandbox, 2).await;
        tokio::time::sleep(Duration::from_millis(dice.below(150) as u64)).await;
        asleep.signal("STOP");
        end_lock(&register.database).await;
        happen(&sandbox, 3).await;
        register.await_sequence(sandbox.last_sequence().await).await;
        happen(&sandbox, 2).await;
        asleep.signal("CONT");
        happen(&sandbox, 2).await;
        check(&register, &sandbox, &format!("writer {round} slept")).await;
        assert!(asleep.runs(), "it waits for its turn");
        std::mem::replace(&mut asleep, awake).kill();
    }
    drop((collect, asleep));
}

/// The server ends the session that holds the lock of whoever applies, as when a network is cut.
async fn end_lock(database: &TestDatabase) {
    database
        .execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
            and objid = 1
            and database = (select oid from pg_database where datname = current_database())",
        )
        .await;
}

/// What comes next is not in the topic: nothing is skipped, everybody is told, and what FREG still
/// has is collected again.
#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_gone_stop_it_and_are_told() {
    let (sandbox, register, mut running) = loaded(50, &["collect", "apply"]).await;
    let skip = |topic: &str| {
        let reason = ["--reason", "the topic was made anew"];
        register.said(&[&["ingest", "skip-gap", "--topic", topic], &reason[..]].concat())
    };
    register.await_sequence(sandbox.last_sequence().await).await;
    running.remove(1).kill();
    register
        .database
        .execute("update position set next_offset = next_offset + 1000 where topic like 'change%'")
        .await;
    let before = register.database.fetch_text("select count(*)::text from event").await;
    happen(&sandbox, 2).await;
    let topics = "select topic from position where topic like 'change%'";
    let topic = register.database.fetch_text(topics).await.swap_remove(0);
    let mut apply = register.start(&["ingest", "apply"]);
    let stopped = register.await_stopped("apply").await;
    assert!(stopped.starts_with("records_gone "), "{stopped}");
    assert!(stopped.contains("the record at the stored position is gone"), "{stopped}");
    assert!(apply.runs(), "whoever looks after it finds it");
    // A machine that is very busy may not answer the first time.
    let tables = (0..5).map(|_| register.said(&["ingest", "status"]).1);
    let told = |table: &str| table.contains("records are GONE") && table.contains("docs/ingest.md");
    assert!(tables.into_iter().any(|table| told(&table)), "status does not say so");
    let after = register.database.fetch_text("select count(*)::text from event").await;
    assert_eq!(before, after, "nothing was written");
    apply.kill();
    let (status, said) = skip(&topic);
    assert!(!status.success() && said.contains("stop all of ingest first"), "{said}");
    running.into_iter().for_each(Process::kill);
    for topic in ["changes", "no.such"] {
        let (status, said) = skip(topic);
        assert!(!status.success() && said.contains("is none of the topics"), "{said}");
    }
    let (status, said) = skip(&topic);
    assert!(status.success() && said.contains("nothing is left out"), "{said}");
    let ingest = register.start(&["ingest"]);
    happen(&sandbox, 1).await;
    check(&register, &sandbox, "records were gone").await;
    ingest.kill();
}

/// Breaks of what the checker looks at, and what it must say of each.
const BREAKS: &[(&str, &str)] = &[
    ("delete from event where source_sequence = (select max(source_sequence) from event)", "is lost"),
    ("delete from event where source_sequence = (select max(source_sequence) from event)", "holes"),
    (
        "insert into event (sequence_number, person_id, event_type, visible_full, visible_restricted,
            nin, source_sequence)
        select sequence_number + 1, person_id, event_type, true, true, nin, source_sequence
        from event where sequence_number = (select last_sequence from event_counter)",
        "is told 2 times",
    ),
    (
        "update event set source_sequence = -source_sequence where sequence_number =
            (select last_sequence from event_counter)",
        "sequences told that FREG does not have",
    ),
    (
        "update event e set source_sequence = (select min(source_sequence) + max(source_sequence)
            from event) - source_sequence where source_sequence in
            (select unnest(array[min(source_sequence), max(source_sequence)]) from event)",
        " after ",
    ),
    ("update event set event_type = 1 where source_sequence = (select max(source_sequence)
        from event)", "is told as"),
    ("update event set nin = null where source_sequence is not null", "of another number"),
    (
        "update person set served_full = served_restricted where id = (select id from person
            where not stub and served_full <> served_restricted limit 1)",
        "is served otherwise",
    ),
    (
        "update person_number set person_id = null where person_id =
            (select id from person where ordinal = 3)",
        "has other numbers",
    ),
    ("update person set stub = true where ordinal = 3", "is missing"),
    ("update person set sequence_full = 1 where ordinal = 3", "number of its last event"),
    ("delete from event where person_id = (select id from person where ordinal = 3)", "never told"),
    (
        "insert into event_gap select max(sequence_number), max(sequence_number) from event",
        "never given out",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_checker_sees_what_is_broken() {
    let (sandbox, register, running) = loaded(60, &["collect", "apply"]).await;
    happen(&sandbox, 2).await;
    check(&register, &sandbox, "nothing at all").await;
    running.into_iter().for_each(Process::kill);
    let model = Model::of(&sandbox, &register.database).await;
    for (sql, finding) in BREAKS {
        let broken = register.database.copy().await;
        broken.execute(sql).await;
        let findings = model.check(&broken).await.findings;
        assert!(findings.iter().any(|found| found.contains(finding)), "{sql}: {findings:?}");
    }
}

/// Two writers that neither elect one of them nor look at each other's positions: the second has a
/// table of positions and a lock function of its own. Each tells every event.
#[tokio::test(flavor = "multi_thread")]
async fn two_writers_without_a_fence_are_caught() {
    let (sandbox, register, running) = loaded(60, &["collect", "apply"]).await;
    happen(&sandbox, 1).await;
    check(&register, &sandbox, "one writer").await;
    register
        .database
        .execute(
            "create schema fenceless;
            create table fenceless.position as select * from position;
            alter table fenceless.position add primary key (topic, partition);
            create function fenceless.pg_try_advisory_lock(integer, integer) returns boolean
                language sql as 'select true';",
        )
        .await;
    let mut url = register.database.url();
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str("options=-c%20search_path%3Dfenceless%2Cpublic%2Cpg_catalog");
    for _ in 0..5 {
        register
            .database
            .execute(
                "update fenceless.position own set next_offset = p.next_offset,
                    last_sequence = p.last_sequence
                from public.position p where p.topic = own.topic and p.partition = own.partition",
            )
            .await;
        let mut command = register.command(&["ingest", "apply"]);
        let mut second = Process::of(command.env("PERSONTJENESTEN__STORE__URL", &url));
        // It must have begun before there is more, else Kafka's memory stops it.
        tokio::time::sleep(Duration::from_secs(3)).await;
        for _ in 0..10 {
            sandbox.change("name").await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        register.await_sequence(sandbox.last_sequence().await).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        if second.runs() {
            let model = Model::of(&sandbox, &register.database).await;
            let findings = model.check(&register.database).await.findings;
            let doubled = findings.iter().filter(|found| found.contains("is told 2 times"));
            assert!(doubled.count() > 0, "two writers, and nothing is noticed: {findings:?}");
            running.into_iter().for_each(Process::kill);
            return;
        }
    }
    panic!("the second writer does not begin");
}
