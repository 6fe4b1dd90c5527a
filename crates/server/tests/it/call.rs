//! `call` as a person types it, against a register that serves a small population.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::register::{Register, RunningSandbox, Served, sandbox};

struct World {
    sandbox: RunningSandbox,
    served: Served,
    numbers: Vec<String>,
}

struct Told {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Told {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl World {
    async fn make() -> World {
        let sandbox = sandbox(200, 5).await;
        let served = Register::of(&sandbox).await.serve(&sandbox).await;
        let numbers = sandbox.numbers(3).await;
        World { sandbox, served, numbers }
    }

    fn call(&self, line: &[&str], input: &str) -> Told {
        run(self.served.command(&[&["call"], line].concat()), input)
    }
}

fn run(mut command: Command, input: &str) -> Told {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends").into()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_and_refusals_are_told_apart() {
    let world = World::make().await;
    let id = lookups(&world);
    by_id_and_events(&world, &id);
    refusals(&world);
    as_a_client_of_helseid(&world).await;
}

/// By number, alone and in bulk, from the input. Gives a person's id.
fn lookups(world: &World) -> String {
    let number = &world.numbers[0];
    let one = ["get-by-nin", "-", "--parts", "name,NorwegianIdentificationNumber"];
    let told = world.call(&[&one[..], &["--json", "-v"]].concat(), &format!("{number}\n"));
    assert_eq!(told.code, Some(0), "{}", told.err);
    let person: Value = serde_json::from_str(&told.out).expect("JSON alone");
    assert!(person["name"].is_array() && person["birth"].is_null());
    assert!(told.err.contains("> POST ") && told.err.contains("< 200"), "{}", told.err);
    assert!(!told.err.contains(number.as_str()), "the exchange shows the number");
    assert!(!told.err.contains("eyJ"), "the exchange shows a token or a proof");

    let told = world.call(&one, number);
    assert!(told.out.starts_with("Person ") && told.out.contains("\n  Name"), "{}", told.out);

    let bulk = ["bulk-by-nin", "-", "--access", "restricted", "--parts", "all"];
    let told = world.call(&bulk, &world.numbers.join("\n"));
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.out.ends_with("\n3 persons\n"), "{}", told.out);
    let withheld = told.err.lines().find(|line| line.starts_with("Withheld-Information-Parts: "));
    assert!(withheld.is_some_and(|line| line.contains(" FamilyRelation,")), "{}", told.err);
    person["id"].as_str().expect("an id").to_owned()
}

fn by_id_and_events(world: &World, id: &str) {
    for (line, expected) in [
        (vec!["get-by-id", id, "--history"], "Person "),
        (vec!["bulk-by-id", id, id], "Person "),
        (vec!["events", "--from", "2", "--limit", "3"], "3 events"),
        (vec!["events", "--types", "PersonPopulated", "--limit", "1"], "PersonPopulated"),
        (vec!["latest-event"], "sequenceNumber"),
        (vec!["ping"], "200"),
        (vec!["health"], "ready"),
    ] {
        let told = world.call(&line, "");
        assert_eq!(told.code, Some(0), "{line:?}: {}", told.err);
        assert!(told.out.contains(expected), "{line:?}: {}", told.out);
    }
}

fn refusals(world: &World) {
    let told = world.call(&["get-by-nin", "-"], "123");
    assert_eq!(told.code, Some(3));
    for part in ["400 ", "nin: must be", "trace id: ", "/problems/invalid-request"] {
        assert!(told.err.contains(part), "{part} is not in {}", told.err);
    }
    let told = world.call(&["get-by-nin", "-"], "30908299902");
    assert_eq!(told.code, Some(5), "{}", told.err);
    let told = world.call(&["get-by-id", "30908299902"], "");
    assert_eq!(told.code, Some(1));
    assert!(told.err.contains("get-by-nin") && !told.err.contains("30908299902"), "{}", told.err);
    assert_eq!(world.call(&["get-by-nin"], "").code, Some(2));

    let nobody = ["latest-event", "--sandbox", "http://127.0.0.1:1"];
    let told = world.call(&nobody, "");
    assert_eq!(told.code, Some(1));
    assert!(
        told.err.contains("cargo xtask demo") && told.err.contains("--sandbox"),
        "{}",
        told.err
    );
    let told = world.call(&["ping", "--api", "http://127.0.0.1:1"], "");
    assert_eq!(told.code, Some(1));
    assert!(told.err.contains("persontjenesten doctor"), "{}", told.err);
}

async fn as_a_client_of_helseid(world: &World) {
    let key = world.sandbox.key_of("sandbox-both").await;
    let key_file = key.to_str().expect("text");
    let client = ["--client-id", "sandbox-both", "--key-file", key_file];
    let call = |line: &[&str]| world.call(&[line, &client].concat(), &world.numbers[1]);
    assert_eq!(call(&["get-by-nin", "-"]).code, Some(0));
    assert_eq!(call(&["get-by-nin", "-", "--access", "restricted"]).code, Some(0));

    // A token for one package does not open the other.
    let scope = "nhn:hgd-persontjenesten-api/restricted-access";
    let told = call(&["get-by-nin", "-", "--access", "full", "--scope", scope]);
    assert_eq!(told.code, Some(4), "{}", told.err);
    assert!(told.err.contains("403 ") && told.err.contains("WWW-Authenticate"), "{}", told.err);
    let told = call(&["get-by-nin", "-", "--scope", "another"]);
    assert_eq!(told.code, Some(1));
    assert!(told.err.contains("invalid_scope"), "{}", told.err);

    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
    let told = call(&["latest-event"]);
    assert_eq!(told.code, Some(1));
    assert!(told.err.contains("chmod 600"), "{}", told.err);
    let half = ["latest-event", "--client-id", "sandbox-both"];
    assert!(world.call(&half, "").err.contains("--key-file"));
}

#[test]
fn completions_know_the_operations_in_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_persontjenesten"));
        command.args(["completions", shell]);
        let told = run(command, "");
        assert_eq!(told.code, Some(0), "{}", told.err);
        for part in ["get-by-nin", "doctor", "parts"] {
            assert!(told.out.contains(part), "{part} is not in the completions of {shell}");
        }
    }
}
