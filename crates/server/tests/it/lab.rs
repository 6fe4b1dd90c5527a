//! A broker and a database of a test's own, which it stops and starts.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use testkit::database::TestDatabase;

use crate::checker::check;
use crate::register::{Register, RunningSandbox, sandbox};

/// `cargo xtask lab`; its services end with this value.
struct Lab {
    process: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    database: String,
    kafka: String,
}

impl Lab {
    fn start() -> Lab {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["xtask", "lab"]).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let commands = process.stdin.take();
        let mut answers = BufReader::new(process.stdout.take().unwrap());
        let at: Value = serde_json::from_str(&line(&mut answers)).expect("where the services are");
        let word = |name: &str| at[name].as_str().unwrap().to_owned();
        Lab { process, commands, answers, database: word("database"), kafka: word("kafka") }
    }

    fn tell(&mut self, command: &str) {
        let commands = self.commands.as_mut().unwrap();
        writeln!(commands, "{command}").and_then(|()| commands.flush()).unwrap();
        assert_eq!(line(&mut self.answers), "done", "{command}");
    }
}

fn line(from: &mut impl BufRead) -> String {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

impl Drop for Lab {
    fn drop(&mut self) {
        // The end of its input ends it, and it ends its services.
        drop(self.commands.take());
        drop(self.process.wait());
    }
}

async fn happen(sandbox: &RunningSandbox) {
    for kind in ["name", "move", "birth", "merge", "marriage", "split", "name", "death"] {
        sandbox.change(kind).await;
    }
}

/// Each is stopped while things happen, stays away for a while in which more happens, and comes
/// back; then both at once, and ingest is started while they are away.
#[tokio::test(flavor = "multi_thread")]
async fn kafka_and_postgres_go_away_and_come_back() {
    let mut lab = tokio::task::spawn_blocking(Lab::start).await.unwrap();
    let sandbox = sandbox(400, 8).await;
    let database = TestDatabase::create_at(&lab.database).await;
    let register = Register::at(&sandbox, database, &lab.kafka);
    let mut ingest = register.start(&["ingest"]);
    register.start(&["bulk"]).finish().await;
    for (service, away_s) in [("kafka", 4), ("postgres", 4), ("postgres", 1)] {
        happen(&sandbox).await;
        lab.tell(&format!("stop {service}"));
        happen(&sandbox).await;
        tokio::time::sleep(Duration::from_secs(away_s)).await;
        happen(&sandbox).await;
        lab.tell(&format!("start {service}"));
        check(&register, &sandbox, &format!("{service} was away for {away_s} s")).await;
        assert!(ingest.runs(), "it waits for {service}, and does not give up");
    }
    happen(&sandbox).await;
    lab.tell("stop postgres");
    lab.tell("stop kafka");
    ingest.kill();
    let mut ingest = register.start(&["ingest"]);
    tokio::time::sleep(Duration::from_secs(2)).await;
    lab.tell("start kafka");
    lab.tell("start postgres");
    if !ingest.runs() {
        // Without a database there is nothing to wait with: whoever starts it starts it again.
        ingest = register.start(&["ingest"]);
    }
    check(&register, &sandbox, "both were away").await;
    ingest.kill();
}
