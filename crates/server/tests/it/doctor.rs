//! `doctor` against what is whole, what is half broken, what is silent, and nothing at all.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::database::TestDatabase;

use crate::register::{Register, sandbox};

/// The exit code, each check's severity by name, and the whole report.
struct Report {
    code: i32,
    severities: BTreeMap<String, String>,
    text: String,
}

impl Report {
    fn of(mut command: Command, variables: &[(&str, &str)]) -> Report {
        let output = command.envs(variables.iter().copied()).output().expect("the binary starts");
        let text = String::from_utf8(output.stdout).expect("text");
        let report: Value = serde_json::from_str(&text).expect("JSON alone");
        let checks = report["checks"].as_array().expect("checks").iter();
        let word = |value: &Value| value.as_str().expect("a word").to_owned();
        let severities = checks.map(|check| (word(&check["name"]), word(&check["severity"])));
        Report {
            code: output.status.code().expect("no signal"),
            severities: severities.collect(),
            text,
        }
    }

    fn expect(&self, severity: &str, names: &[&str]) {
        for name in names {
            assert_eq!(self.severities[*name], severity, "{name}: {}", self.text);
        }
    }

    fn says(&self, part: &str) {
        assert!(self.text.contains(part), "{part} is not in {}", self.text);
    }
}

/// Every check, so that a report that leaves one out is noticed.
const CHECKS: [&str; 14] = [
    "configuration",
    "database",
    "replicas",
    "migrations",
    "dictionaries",
    "register",
    "geography",
    "broker",
    "topics",
    "issuer",
    "keys",
    "sources",
    "clock",
    "disk",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_works_and_what_breaks_it() {
    let sandbox = sandbox(200, 6).await;
    let served = Register::of(&sandbox).await.serve(&sandbox).await;
    let doctor =
        |variables: &[(&str, &str)]| Report::of(served.command(&["doctor", "--json"]), variables);

    let whole = doctor(&[]);
    // The keys of the tests are typed, and their file can be read by others.
    whole.expect("warning", &["configuration"]);
    whole.says("is no random key");
    whole.says("chmod 600");
    whole.expect("warning", &["geography"]);
    whole.says("none is loaded");
    whole.expect("ok", &CHECKS[1..6]);
    whole.expect("ok", &CHECKS[7..13]);
    assert_eq!((whole.code, whole.severities.len()), (1, CHECKS.len()), "{}", whole.text);

    let no_database =
        doctor(&[("PERSONTJENESTEN__STORE__URL", "postgres://u:hunter2@127.0.0.1:1/d")]);
    no_database
        .expect("failure", &["database", "migrations", "dictionaries", "register", "geography"]);
    no_database.expect("ok", &["broker", "topics", "issuer", "keys", "sources"]);
    assert!(!no_database.text.contains("hunter2"), "{}", no_database.text);
    assert_eq!(no_database.code, 2);

    let no_kafka = doctor(&[("PERSONTJENESTEN__INGEST__KAFKA__BOOTSTRAP", "127.0.0.1:1")]);
    no_kafka.expect("failure", &["broker", "topics"]);
    no_kafka.expect("ok", &["database", "migrations", "issuer", "sources"]);

    let slashed = format!("{}/", sandbox.url);
    let wrong_issuer = doctor(&[("PERSONTJENESTEN__API__HELSEID__ISSUER", &slashed)]);
    wrong_issuer.expect("failure", &["issuer"]);
    wrong_issuer.says("names itself");
    wrong_issuer.expect("ok", &["keys", "clock", "database"]);

    other_settings(&doctor, &served.register.database.url());
}

/// What is there, and not as it is configured.
fn other_settings(doctor: &impl Fn(&[(&str, &str)]) -> Report, url: &str) {
    let partitions = doctor(&[("PERSONTJENESTEN__INGEST__KAFKA__SNAPSHOT_PARTITIONS", "5")]);
    partitions.expect("failure", &["topics"]);
    partitions.says("has 3 partitions, and 5 are configured");

    let retention = doctor(&[("PERSONTJENESTEN__INGEST__KAFKA__RETENTION_DAYS", "90")]);
    retention.expect("warning", &["topics"]);

    let topic = doctor(&[("PERSONTJENESTEN__INGEST__KAFKA__CHANGES_TOPIC", "no-such-topic")]);
    topic.expect("warning", &["topics"]);
    topic.says("there is no topic no-such-topic");

    let algorithms = doctor(&[("PERSONTJENESTEN__API__HELSEID__TOKEN_ALGORITHMS", r#"["PS512"]"#)]);
    algorithms.expect("failure", &["keys"]);

    let client = doctor(&[("PERSONTJENESTEN__INGEST__FREG__MASKINPORTEN__CLIENT_ID", "another")]);
    client.expect("failure", &["sources"]);
    client.says("Maskinporten refused a token");

    let replicas = format!("[\"{url}\", \"postgres://u@127.0.0.1:1/d\"]");
    let replicas = doctor(&[("PERSONTJENESTEN__STORE__READ_URLS", &replicas)]);
    replicas.expect("failure", &["replicas"]);
    replicas.says("is no replica");

    let unknown =
        doctor(&[("PERSONTJENESTEN__STORE__SHOES", "43"), ("PERSONTJENESTEN__HATS__X", "1")]);
    unknown.expect("failure", &["configuration"]);
    unknown.says("no setting is called shoes");
    unknown.says("hats: no such section");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_that_is_not_ours_and_a_database_that_takes_no_writes() {
    let sandbox = sandbox(10, 7).await;
    let empty = TestDatabase::create_empty().await;
    let url = empty.url();
    let mut command = Command::new(env!("CARGO_BIN_EXE_persontjenesten"));
    command.args(["doctor", "--json"]);
    let report = Report::of(command, &[("PERSONTJENESTEN__STORE__URL", &url)]);
    report.expect("ok", &["database"]);
    report.expect("failure", &["migrations", "dictionaries", "register"]);
    report.says("migrations are pending");

    let register = Register::of(&sandbox).await;
    let database = &register.database;
    for broken in [
        "update _sqlx_migrations set checksum = '\\x00'
            where version = (select min(version) from _sqlx_migrations)",
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
            values (99990101000000, 'later', true, '\\x00', 0)",
        "insert into parked (topic, partition, record_offset, reason, sealed)
            values ('t', 0, 0, 1, '')",
    ] {
        database.execute(broken).await;
    }
    let mut url = database.url();
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str("options=-c%20default_transaction_read_only%3Don");
    let report = Report::of(
        register.command(&["doctor", "--json"]),
        &[("PERSONTJENESTEN__STORE__URL", &url)],
    );
    report.expect("failure", &["database", "migrations"]);
    report.expect("warning", &["register", "topics"]);
    for part in [
        "refuses writes",
        "99990101000000",
        "was another",
        "1 records are parked",
        "no bulk load yet",
    ] {
        report.says(part);
    }
}

/// Sockets that take connections and never say a word.
#[test]
fn whoever_is_silent_neither_hangs_nor_hides_the_others() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_persontjenesten"));
    command.args(["doctor", "--json", "--timeout-s", "4"]);
    let started = Instant::now();
    let report = Report::of(
        command,
        &[
            ("PERSONTJENESTEN__STORE__URL", &format!("postgres://u@{at}/d")),
            ("PERSONTJENESTEN__INGEST__KAFKA__BOOTSTRAP", &at.to_string()),
            ("PERSONTJENESTEN__API__HELSEID__ISSUER", &format!("http://{at}")),
        ],
    );
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert_eq!(report.severities.len(), CHECKS.len());
    report.expect("failure", &["database", "migrations", "broker", "topics", "issuer", "keys"]);
    assert_eq!(report.code, 2);
}

#[test]
fn nothing_at_all_is_told_check_by_check() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_persontjenesten"));
    command.args(["--config", "/nonexistent/persontjenesten.toml", "doctor", "--json"]);
    let nowhere = [
        ("PERSONTJENESTEN__INGEST__KAFKA__BOOTSTRAP", "127.0.0.1:1"),
        ("PERSONTJENESTEN__API__HELSEID__ISSUER", "http://127.0.0.1:1"),
    ];
    let report = Report::of(command, &nowhere);
    assert_eq!(report.code, 2);
    for name in CHECKS {
        assert!(report.severities.contains_key(name), "{name} did not run");
    }
    report.expect("failure", &["configuration", "database", "broker", "issuer", "sources"]);
    report.says("/nonexistent/persontjenesten.toml is not there");
    report.says("no address is set");
}
