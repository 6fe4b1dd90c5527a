//! What an operator sees of a configuration that cannot be used.

use std::process::{Command, Output};

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_persontjenesten"))
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .expect("the binary starts")
}

#[test]
fn every_fault_is_told_at_start_and_no_secret_is_shown() {
    let faults = [
        ("PERSONTJENESTEN__API__LISTEN", "nowhere"),
        ("PERSONTJENESTEN__STORE__URL", "postgres://user:hunter2@localhost/db"),
        ("PERSONTJENESTEN__STORE__READ_CONNECTIONS", "many"),
        ("PERSONTJENESTEN__SHOES__SIZE", "43"),
    ];
    let output = run(&["api"], &faults);
    assert!(!output.status.success());
    let told = String::from_utf8(output.stderr).unwrap();
    for part in ["api.listen", "store.read_connections", "shoes"] {
        assert!(told.contains(part), "{part} is not in: {told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_missing_file_is_named() {
    let output = run(&["--config", "/nonexistent/persontjenesten.toml", "api"], &[]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("/nonexistent/"));
}

#[test]
fn the_printed_configuration_can_be_used_as_a_file() {
    let printed = run(&["config"], &[]);
    assert!(printed.status.success());
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("printed.toml");
    std::fs::write(&file, &printed.stdout).unwrap();
    let output = run(&["--config", file.to_str().unwrap(), "bulk"], &[]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("keys.sealing_key_id"), "the first thing missing is a key: {told}");
}
