//! `reconcile`: what FREG changes without an event is found, put right, told and reported.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::register::{Register, RunningSandbox, sandbox};

const PERSONS: u64 = 1_500;

/// Runs the subcommand to its end; what it wrote.
async fn reconcile(register: &Register, arguments: &[&str]) -> String {
    let mut command = register.command(&[&["reconcile"], arguments].concat());
    let running = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = running.await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What comparing with FREG came to.
async fn compared(register: &Register, arguments: &[&str]) -> Value {
    compared_with("freg", register, arguments).await
}

async fn compared_with(source: &str, register: &Register, arguments: &[&str]) -> Value {
    let fast = ["--persons-per-minute", "1000000", "--json"];
    let text = reconcile(register, &[arguments, &fast].concat()).await;
    let found: Value = serde_json::from_str(&text).unwrap();
    let mut compared = found["compared"].as_array().unwrap().iter();
    compared.find(|found| found["source"] == source).expect("the source is compared with").clone()
}

async fn play(sandbox: &RunningSandbox, scenario: &str) {
    let url = format!("{}/sandbox/scenarios", sandbox.url);
    let body = serde_json::json!({ "name": scenario });
    let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{scenario}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_freg_changes_in_silence_is_found_put_right_and_reported() {
    let sandbox = sandbox(PERSONS, 42).await;
    let register = Register::of(&sandbox).await;
    let _ingest = register.start(&["ingest"]);
    register.start(&["bulk"]).finish().await;

    let before = compared(&register, &["--everybody"]).await;
    assert_eq!((&before["differing"], &before["undecided"]), (&0.into(), &0.into()), "{before}");
    assert_eq!(before["compared"], PERSONS);

    let moved = sandbox.change("silent").await.expect("somebody can move");
    assert_eq!(moved["events"], Value::Array(Vec::new()));
    let found = compared(&register, &["--everybody", "--report-only"]).await;
    assert_eq!((&found["differing"], &found["repaired"]), (&1.into(), &0.into()), "{found}");
    assert_eq!(found["elements"][0]["element"], "bostedsadresse");
    assert_eq!(found["elements"][0]["part"], "ResidentialAddress");
    let found = compared(&register, &["--everybody"]).await;
    assert_eq!((&found["differing"], &found["repaired"]), (&1.into(), &1.into()), "{found}");

    play(&sandbox, "silent-migration").await;
    let found = compared(&register, &["--extract"]).await;
    let many = found["differing"].as_i64().unwrap();
    assert!(many > 1, "{found}");
    assert_eq!(found["repaired"], many);
    let clean = compared(&register, &["--persons", "5000"]).await;
    assert_eq!((&clean["compared"], &clean["differing"]), (&PERSONS.into(), &0.into()), "{clean}");

    let told = "select count(*)::text from event where visible_full and event_type =
        (select event_type from event where visible_full order by sequence_number desc limit 1)";
    let told: i64 = register.database.fetch_text(told).await[0].parse().unwrap();
    assert_eq!(told, many + 1, "each of them, by the one type that says to look again");
    reported(&register, many + 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_krr_changes_in_silence_is_found_and_put_right() {
    let sandbox = sandbox(300, 43).await;
    let register = Register::of(&sandbox).await.with_contacts(&sandbox);
    let _ingest = register.start(&["ingest"]);
    register.start(&["bulk"]).finish().await;
    // Those who collect look everybody up first.
    let started = std::time::Instant::now();
    let collected = loop {
        let found = compared_with("krr", &register, &["--everybody", "--report-only"]).await;
        if found["compared"].as_i64() > Some(0) && found["undecided"] == 0 {
            break found;
        }
        assert!(started.elapsed().as_secs() < 120, "KRR is not collected: {found}");
    };
    assert_eq!((&collected["differing"], &collected["missing"]), (&0.into(), &0.into()));

    let told = "select count(*)::text from event where visible_full";
    let before = register.database.fetch_text(told).await;
    let mut changed = BTreeSet::new();
    for _ in 0..3 {
        let done = sandbox.change("contact-silent").await.expect("somebody is registered");
        assert_eq!(done["contactChanges"], Value::Array(Vec::new()));
        changed.insert(done["number"].as_str().unwrap().to_owned());
    }
    let changed = changed.len() as i64;
    let found = compared_with("krr", &register, &["--everybody", "--report-only"]).await;
    assert_eq!((&found["differing"], &found["repaired"]), (&changed.into(), &0.into()));
    assert_eq!(found["elements"][0]["part"], "CommonContactRegisterInformation");
    let found = compared_with("krr", &register, &["--everybody"]).await;
    assert_eq!((&found["differing"], &found["repaired"]), (&changed.into(), &changed.into()));
    let clean = compared_with("krr", &register, &["--everybody"]).await;
    assert_eq!((&clean["differing"], &clean["undecided"]), (&0.into(), &0.into()), "{clean}");
    let after = register.database.fetch_text(told).await;
    let count = |rows: &[String]| rows[0].parse::<i64>().unwrap();
    assert_eq!(count(&after), count(&before) + changed, "and it is told");
}

async fn reported(register: &Register, differing: i64) {
    let report: Value =
        serde_json::from_str(&reconcile(register, &["report", "--json"]).await).unwrap();
    let sum: i64 = report["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["differing"].as_i64().unwrap())
        .sum();
    assert_eq!(sum, differing, "{report}");
    let table = reconcile(register, &["report"]).await;
    assert!(table.starts_with("DAY ") && table.contains("  FREG "), "{table}");
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("{}-reconciliation.html", uuid::Uuid::new_v4()));
    reconcile(register, &["report", "--html", file.to_str().unwrap()]).await;
    let page = std::fs::read_to_string(&file).unwrap();
    assert!(page.contains("<td>bostedsadresse</td>") && page.contains("<h2>FREG</h2>"));
    let mut status = register.command(&["ingest", "status"]);
    let status = tokio::task::spawn_blocking(move || status.output().unwrap()).await.unwrap();
    let status = String::from_utf8(status.stdout).unwrap();
    assert!(status.contains("compared with FREG") && status.contains(" 0 wrong"), "{status}");
    assert!(status.contains("comparing  "), "{status}");
}
