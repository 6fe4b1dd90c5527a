//! A backup is restored: the register goes on from it, and no event number comes twice.

use std::collections::{BTreeMap, BTreeSet};

use testkit::database::TestDatabase;

use crate::checker::Model;
use crate::register::{Register, RunningSandbox, sandbox};

async fn happen(sandbox: &RunningSandbox) {
    for kind in ["name", "birth", "move", "merge", "split", "arrival", "name", "death"] {
        sandbox.change(kind).await;
    }
}

/// A client that keeps a copy as docs/events.md tells it to.
#[derive(Default)]
struct Copy {
    next: i64,
    /// The number of the newest event that a person was looked up after, and what was served.
    persons: BTreeMap<String, (i64, String)>,
}

impl Copy {
    /// Reads on, and looks up whom the events are about.
    async fn read(&mut self, database: &TestDatabase) {
        let events = "select concat_ws(' ', sequence_number, person_id) from event
            where visible_full order by sequence_number";
        let mut about = BTreeSet::new();
        for row in database.fetch_text(events).await {
            let (number, person) = row.split_once(' ').unwrap();
            let number: i64 = number.parse().unwrap();
            if number >= self.next {
                self.next = number + 1;
                about.insert(person.to_owned());
            }
        }
        for (id, row) in served(database).await {
            let known = self.persons.get(&id).map(|(number, _)| *number);
            if about.contains(&id) && known.is_none_or(|known| known <= row.0) {
                self.persons.insert(id, row);
            }
        }
    }

    /// After a disaster: whoever is newer than the backup is looked up, and what comes holds.
    async fn mend(&mut self, database: &TestDatabase, backup: i64) {
        let served = served(database).await;
        let newer = self.persons.iter().filter(|(_, (number, _))| *number > backup);
        for id in newer.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            match served.get(&id) {
                Some(row) => self.persons.insert(id, row.clone()),
                None => self.persons.remove(&id),
            };
        }
    }
}

/// Everybody by id: the person's own number, and a digest of what is served.
async fn served(database: &TestDatabase) -> BTreeMap<String, (i64, String)> {
    let rows = "select concat_ws(' ', id, sequence_full, md5(served_full)) from person";
    let rows = database.fetch_text(rows).await;
    let read = rows.iter().map(|row| {
        let words: Vec<&str> = row.split(' ').collect();
        (words[0].to_owned(), (words[1].parse().unwrap(), words[2].to_owned()))
    });
    read.collect()
}

async fn last_event(register: &Register) -> i64 {
    let last = "select last_sequence::text from event_counter";
    register.database.fetch_text(last).await[0].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_register_goes_on_beyond_what_was_seen() {
    let sandbox = sandbox(300, 9).await;
    let register = Register::of(&sandbox).await;
    let ingest = register.start(&["ingest"]);
    register.start(&["bulk"]).finish().await;
    happen(&sandbox).await;
    register.await_sequence(sandbox.last_sequence().await).await;
    let mut client = Copy::default();
    client.read(&register.database).await;
    ingest.kill();
    let backup = register.database.copy().await;
    let backup_last = last_event(&register).await;

    let ingest = register.start(&["ingest"]);
    for _ in 0..3 {
        happen(&sandbox).await;
    }
    register.await_sequence(sandbox.last_sequence().await).await;
    client.read(&register.database).await;
    let seen = last_event(&register).await;
    assert!(seen > backup_last && client.next > backup_last);
    ingest.kill();
    register.database.restore(&backup).await;
    assert_eq!(last_event(&register).await, backup_last);

    refuse(&register, backup_last, seen).await;
    let number = (seen + 1_000).to_string();
    let (status, said) = register.said(&["ingest", "restored", "--last-event", &number]);
    assert!(status.success(), "{said}");
    assert!(said.contains(&format!("the backup's last event is {backup_last}")), "{said}");

    let ingest = register.start(&["ingest"]);
    happen(&sandbox).await;
    register.await_sequence(sandbox.last_sequence().await).await;
    Model::of(&sandbox, &register.database)
        .await
        .check(&register.database)
        .await
        .must_be_clean("a restored backup");
    let again = "select count(*)::text from event e, event_gap g
        where e.sequence_number > g.last_sequence and e.source_sequence is not null";
    let again: i64 = register.database.fetch_text(again).await[0].parse().unwrap();
    assert!(again > 0, "what the backup did not know of is told again");

    client.read(&register.database).await;
    client.mend(&register.database, backup_last).await;
    assert_eq!(client.persons, served(&register.database).await, "the client's copy");
    let (status, said) = register.said(&["ingest", "restored", "--last-event", "1000000000"]);
    assert!(!status.success() && said.contains("stop all of ingest first"), "{said}");
    ingest.kill();
}

/// Nothing is applied before the numbering is settled, and it is not settled below what was seen.
async fn refuse(register: &Register, backup_last: i64, seen: i64) {
    let ingest = register.start(&["ingest", "apply"]);
    let said = register.await_stopped("apply").await;
    assert!(said.starts_with("restored ") && said.contains("was a backup restored?"), "{said}");
    assert!(said.contains(&format!("Event {seen} has been given out")), "{said}");
    ingest.kill();
    for (number, why) in [
        (backup_last - 1, "is too low"),
        (seen - 1, "is too low"),
        (2_000_000_000_000, "is too high"),
    ] {
        let number = number.to_string();
        let (status, said) = register.said(&["ingest", "restored", "--last-event", &number]);
        assert!(!status.success() && said.contains(why), "{number}: {said}");
    }
    assert_eq!(last_event(register).await, backup_last, "nothing has been given out");
}
