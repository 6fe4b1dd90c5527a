//! A full load into a register in use, after FREG has forgotten what we had not read: nobody who
//! reads meanwhile sees anything that was never true.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use register::event::EventType;
use sandbox::client::ApiClient;
use testkit::database::TestDatabase;

use crate::checker::Model;
use crate::readers::{History, Log, Readers, judge, person};
use crate::register::{Process, Register, RunningSandbox, free_ports, gauge, sandbox};

const PERSONS: u64 = 600;
const STOPPED: &str = r#"ingest_stopped{task="collect",reason="feed_too_old"}"#;
/// What happens while nobody reads FREG's feed, and again while everybody is loaded.
const CHANGES: [&str; 7] =
    ["name", "move", "birth", "merge", "protection", "d-number-to-foedselsnummer", "death"];

#[tokio::test(flavor = "multi_thread")]
async fn a_full_load_beside_serving_shows_nobody_half_loaded() {
    let sandbox = sandbox(PERSONS, 21).await;
    let register = Register::of(&sandbox).await;
    let ingest = register.start(&["ingest"]);
    register.start(&["bulk"]).finish().await;
    register.await_sequence(sandbox.last_sequence().await).await;
    ingest.kill();
    let served = register.serve_beside(&sandbox, Vec::new()).await;
    let register = &served.register;
    let mut history = History::begin(&sandbox).await;
    let readers = Readers::start(&sandbox, &served.url, &history).await;
    let before = Before::of(&register.database).await;
    let read_until = sandbox.last_sequence().await;
    for kind in CHANGES.iter().cycle().take(28) {
        sandbox.change(kind).await;
    }
    let absent = history.follow().await;
    // All but the last: FREG keeps what is younger than three years.
    let forgotten = sandbox.last_sequence().await - read_until;
    sandbox.fault("forgotten-events", "", u32::try_from(forgotten).unwrap()).await;

    let [port, _] = free_ports();
    let mut command = register.command(&["ingest"]);
    command.env("PERSONTJENESTEN__METRICS__LISTEN", format!("127.0.0.1:{port}"));
    let mut ingest = Process::of(&mut command);
    told_to_load(register, port).await;
    let Load { from, during } = load(register, &sandbox, &mut history).await;
    register.await_sequence(sandbox.last_sequence().await).await;
    await_gauge(port, STOPPED, 0.0).await;
    assert_eq!(readiness(port).await, 200);
    let stopped = register.database.fetch_text("select task from stopped_work").await;
    assert!(stopped.is_empty(), "{stopped:?} is still told as stopped");
    assert!(ingest.runs(), "nobody had to start it again");
    ingest.kill();

    let logs = readers.stop().await;
    let model = Model::since(&sandbox, from).await;
    model.check(&register.database).await.must_be_clean("a full load beside serving");
    for log in &logs {
        let found = judge(log, &history);
        assert!(found.is_empty(), "{found:#?}");
    }
    let lookups: usize = logs.iter().map(|log| log.lookups.len()).sum();
    println!("{lookups} lookups, {} of whom FREG had many forms", history.changed());
    assert!(lookups > 1_000, "{lookups} lookups only");
    let all =
        "select sequence_number::text from event e where visible_full order by e.sequence_number";
    let all = register.database.fetch_text(all).await;
    let read: Vec<String> = logs.iter().flat_map(|log| &log.events).map(i64::to_string).collect();
    assert_eq!(read, all, "the feed as a client has read it");
    before.compare(&register.database, &absent, &during).await;
    notices_what_is_wrong(&served.url, &sandbox, register, &history, &logs).await;
}

/// Collecting has stopped, which is told to everybody who asks, and it takes nobody with it.
async fn told_to_load(register: &Register, port: u16) {
    await_gauge(port, STOPPED, 1.0).await;
    assert_eq!(readiness(port).await, 503);
    let (_, said) = register.said(&["ingest", "status"]);
    let line = said.lines().find(|line| line.contains("STOPPED")).expect("it is told");
    assert!(line.contains("feed_too_old") && line.contains("bulk --force-new"), "{said}");
    let applying = said.lines().find(|line| line.contains("applying ")).expect("a line");
    assert!(applying.contains("by a process at"), "{said}");
}

/// A load that has come to its end.
struct Load {
    /// FREG's sequence at which its extract began.
    from: i64,
    /// The numbers of those to whom something has happened since.
    during: HashSet<String>,
}

/// Loads everybody, slowly, while things go on happening.
async fn load(register: &Register, sandbox: &RunningSandbox, history: &mut History) -> Load {
    sandbox.extract(1_500, 60).await;
    sandbox.fault("slow", "arkiv", 3).await;
    let mut load = register.start(&["bulk", "--force-new"]);
    let mut during: HashSet<String> = HashSet::new();
    let mut changes = 0;
    while load.runs() {
        sandbox.change(CHANGES[changes % CHANGES.len()]).await;
        changes += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
        during.extend(history.follow().await);
    }
    assert!(load.end().await.success());
    assert!(changes > 2 * CHANGES.len(), "{changes} changes only during the load");
    for kind in CHANGES {
        sandbox.change(kind).await;
    }
    during.extend(history.follow().await);
    let from = "select max(from_sequence)::text from bulk_load";
    let from = register.database.fetch_text(from).await[0].parse().unwrap();
    // The event that it begins at is told again, of whomever it is.
    during.extend(history.numbers_at(from).await);
    Load { from, during }
}

async fn readiness(port: u16) -> u16 {
    let answer = reqwest::get(format!("http://127.0.0.1:{port}/health/ready")).await.unwrap();
    answer.status().as_u16()
}

async fn await_gauge(port: u16, name: &str, value: f64) {
    let started = Instant::now();
    while gauge(port, name).await != Some(value) {
        assert!(started.elapsed() < Duration::from_secs(120), "{name} does not become {value}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The register before the load.
struct Before {
    last_event: i64,
    /// The person that each number leads to.
    ids: BTreeMap<String, String>,
}

impl Before {
    async fn of(database: &TestDatabase) -> Before {
        // Kept for a reader to find again later, as if somebody had gone back in time.
        database.execute("create table kept as select * from person").await;
        let last = database.fetch_text("select last_sequence::text from event_counter").await;
        Before { last_event: last[0].parse().unwrap(), ids: ids(database).await }
    }

    /// Numbers lead where they led, and events tell what is different and nothing else.
    async fn compare(
        &self,
        database: &TestDatabase,
        absent: &HashSet<String>,
        during: &HashSet<String>,
    ) {
        let after = ids(database).await;
        let rows = "select concat_ws(' ', sequence_number, person_id, event_type,
                coalesce(source_sequence::text, '-'))
            from event where visible_full order by sequence_number";
        let mut told: HashMap<String, Vec<EventType>> = HashMap::new();
        let mut dead = BTreeSet::new();
        for row in database.fetch_text(rows).await {
            let words: Vec<&str> = row.split(' ').collect();
            if words[0].parse::<i64>().unwrap() <= self.last_event {
                continue;
            }
            let event_type = EventType::from_code(words[2].parse().unwrap()).unwrap();
            if event_type == EventType::PersonIsDiscontinuedAsDuplicate {
                dead.insert(words[1].to_owned());
            }
            told.entry(words[1].to_owned()).or_default().push(event_type);
        }
        for (number, id) in &self.ids {
            let kept = after.get(number) == Some(id) || dead.contains(id);
            assert!(kept, "a number of {id} leads elsewhere, and {id} is no duplicate");
        }
        let whose = |numbers: &HashSet<String>| -> HashSet<String> {
            let now = numbers.iter().filter_map(|number| after.get(number));
            now.chain(numbers.iter().filter_map(|number| self.ids.get(number))).cloned().collect()
        };
        let (absent, during) = (whose(absent), whose(during));
        let alone: Vec<&String> = absent.difference(&during).collect();
        assert!(alone.len() > 10, "{} persons have changed before the load alone", alone.len());
        for id in alone {
            let events = told.get(id).map(Vec::as_slice).unwrap_or_default();
            let known = self.ids.values().any(|known| known == id);
            let due = match (known, dead.contains(id)) {
                (_, true) => EventType::PersonIsDiscontinuedAsDuplicate,
                (true, false) => EventType::PersonIsUpdated,
                (false, false) => EventType::PersonPopulated,
            };
            assert_eq!(events, [due], "{id} changed before the load");
        }
        let others = told.keys().filter(|id| !absent.contains(*id) && !during.contains(*id));
        assert_eq!(others.count(), 0, "persons who did not change are told");
        let persons = database.fetch_text("select count(*)::text from person").await;
        println!("{} of {} persons told by {} events", told.len(), persons[0], count(&told));
    }
}

fn count(told: &HashMap<String, Vec<EventType>>) -> usize {
    told.values().map(Vec::len).sum()
}

async fn ids(database: &TestDatabase) -> BTreeMap<String, String> {
    let rows = "select concat_ws(' ', number, person_id) from person_number
        where person_id is not null";
    let rows = database.fetch_text(rows).await;
    let pairs = rows.iter().filter_map(|row| row.split_once(' '));
    pairs.map(|(number, id)| (number.to_owned(), id.to_owned())).collect()
}

/// The judge can find something: a register that goes back to what was kept, and one that serves a
/// person as another.
async fn notices_what_is_wrong(
    api: &str,
    sandbox: &RunningSandbox,
    register: &Register,
    history: &History,
    logs: &[Log],
) {
    let client = ApiClient::connect(&sandbox.url, "sandbox-full-access", api).await.unwrap();
    let look = async |number: &str| person(&client, 0, number).await.unwrap().expect("it is found");
    // Somebody whose number has led to nobody else.
    let mut log = Log::default();
    for seen in logs.iter().flat_map(|log| &log.lookups).filter(|seen| history.is_over(seen)) {
        let now = look(&seen.number).await;
        if now.id == seen.id {
            log.lookups.push(now);
            break;
        }
    }
    let number = log.lookups[0].number.clone();
    assert!(judge(&log, history).is_empty());
    register
        .database
        .execute(
            "update person p set served_full = k.served_full, sequence_full = k.sequence_full
            from kept k where k.id = p.id",
        )
        .await;
    log.lookups.push(look(&number).await);
    let found = judge(&log, history);
    assert!(found.iter().any(|found| found.contains("has gone back in time")), "{found:?}");
    assert!(found.iter().any(|found| found.contains("last event")), "{found:?}");
    register
        .database
        .execute("update person set served_full = (select served_full from kept limit 1)")
        .await;
    log.lookups.push(look(&number).await);
    let found = judge(&log, history);
    assert!(found.iter().any(|found| found.contains("FREG never had it")), "{found:?}");
}
