//! A register of its own for a test: a database, topics, a configuration, and the processes of the
//! binary that a test starts and kills.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::database::TestDatabase;
use testkit::services::kafka_bootstrap;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long anything may take before a test gives up: far more than it ever needs.
const PATIENCE: Duration = Duration::from_secs(180);

/// A sandbox that lives as long as this value.
pub struct RunningSandbox {
    /// Its address.
    pub url: String,
    /// The file with the private key of its Maskinporten client.
    pub key_file: PathBuf,
    _stop: tokio_util::sync::DropGuard,
}

/// Starts a sandbox in this process.
pub async fn sandbox(persons: u64, seed: u64) -> RunningSandbox {
    let stop = CancellationToken::new();
    let (ready, listening) = oneshot::channel();
    let config = sandbox::SandboxConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: String::new(),
        persons,
        seed,
        changes_per_second: 0.0,
    };
    tokio::spawn(sandbox::serve(config, stop.clone(), ready));
    let url = format!("http://{}", listening.await.expect("the sandbox listens"));
    let client: Value = get(&format!("{url}/sandbox/maskinporten-client")).await;
    let key_file = temporary_file("key.json", &client["privateKey"].to_string());
    RunningSandbox { url, key_file, _stop: stop.drop_guard() }
}

impl RunningSandbox {
    /// Makes one change; a kind that finds nobody it suits is passed over.
    pub async fn change(&self, kind: &str) -> Option<Value> {
        let url = format!("{}/sandbox/changes", self.url);
        let body = serde_json::json!({ "kind": kind });
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        if answer.status() == reqwest::StatusCode::CONFLICT {
            return None;
        }
        assert!(answer.status().is_success(), "{kind}: {}", answer.status());
        Some(answer.json().await.unwrap())
    }

    /// Lets something go wrong with the next calls whose path contains this.
    pub async fn fault(&self, kind: &str, path: &str, count: u32) {
        let url = format!("{}/sandbox/faults", self.url);
        let body = serde_json::json!({"kind": kind, "path_contains": path, "count": count});
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{kind}: {}", answer.status());
    }

    /// How extracts that are ordered from now on behave.
    pub async fn extract(&self, ready_after_ms: u64, batch_size: u64) {
        let url = format!("{}/sandbox/extract", self.url);
        let body = serde_json::json!({"readyAfterMs": ready_after_ms, "batchSize": batch_size});
        let answer = reqwest::Client::new().put(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// How many faults have not happened yet.
    pub async fn faults_waiting(&self) -> usize {
        let waiting: Value = get(&format!("{}/sandbox/faults", self.url)).await;
        let waiting = waiting.as_array().expect("faults").iter();
        waiting.filter(|fault| fault["count"].as_u64() > Some(0)).count()
    }

    /// The numbers of some persons of the population.
    pub async fn numbers(&self, limit: usize) -> Vec<String> {
        let listed: Value = get(&format!("{}/sandbox/persons?limit={limit}", self.url)).await;
        let persons = listed["persons"].as_array().expect("persons");
        persons.iter().map(|person| person["number"].as_str().unwrap().to_owned()).collect()
    }

    /// The private key of a client at HelseID, in a file that only we may read.
    pub async fn key_of(&self, client_id: &str) -> PathBuf {
        let clients: Value = get(&format!("{}/sandbox/clients", self.url)).await;
        let mut clients = clients.as_array().expect("clients").iter();
        let client = clients.find(|client| client["client_id"] == client_id).expect("the client");
        let file = temporary_file("client.jwk", &client["private_jwk"].to_string());
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
        file
    }

    /// FREG's newest sequence.
    pub async fn last_sequence(&self) -> i64 {
        let status: Value = get(&format!("{}/sandbox/status", self.url)).await;
        status["lastSequence"].as_i64().expect("a number")
    }
}

/// What is answered at an address.
pub async fn get(url: &str) -> Value {
    reqwest::get(url).await.unwrap().json().await.unwrap()
}

fn temporary_file(name: &str, text: &str) -> PathBuf {
    let file =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", Uuid::new_v4()));
    std::fs::write(&file, text).unwrap();
    file
}

/// A register: its database, its topics and the configuration that names them.
pub struct Register {
    pub database: TestDatabase,
    config: PathBuf,
}

impl Register {
    /// Where the tests' services are.
    pub async fn of(sandbox: &RunningSandbox) -> Register {
        Register::at(sandbox, TestDatabase::create().await, &kafka_bootstrap())
    }

    /// In this database and at this broker.
    pub fn at(sandbox: &RunningSandbox, database: TestDatabase, kafka: &str) -> Register {
        let unique = Uuid::new_v4().simple().to_string();
        // Keys of a test: 32 bytes of the same letter.
        let text = format!(
            r#"
[log]
filter = "warn,librdkafka=error"
[store]
url = "{url}"
[keys]
sealing_key_id = 7
sealing_key = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
number_hash_key = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI="
[ingest.kafka]
bootstrap = "{kafka}"
changes_topic = "changes-{unique}"
snapshot_topic = "snapshot-{unique}"
snapshot_partitions = 3
contacts_topic = "contacts-{unique}"
contacts_partitions = 1
[ingest.apply]
batch_documents_max = 100
[ingest.freg]
base_url = "{sandbox}/folkeregisteret/offentlig-med-hjemmel/api/v1"
poll_interval_ms = 100
extract_poll_ms = 100
[ingest.freg.maskinporten]
token_url = "{sandbox}/maskinporten/token"
audience = "{sandbox}/maskinporten/"
client_id = "persontjenesten-demo"
key_file = "{key_file}"
"#,
            url = database.url(),
            sandbox = sandbox.url,
            key_file = sandbox.key_file.display(),
        );
        Register { database, config: temporary_file("config.toml", &text) }
    }

    /// With contact details, from the sandbox's KRR.
    pub fn with_contacts(self, sandbox: &RunningSandbox) -> Register {
        let mut text = std::fs::read_to_string(&self.config).unwrap();
        text += &format!(
            r#"
[ingest.krr]
base_url = "{sandbox}/krr/rest/v2"
poll_interval_ms = 100
[ingest.krr.maskinporten]
token_url = "{sandbox}/maskinporten/token"
audience = "{sandbox}/maskinporten/"
client_id = "persontjenesten-demo"
key_file = "{key_file}"
"#,
            sandbox = sandbox.url,
            key_file = sandbox.key_file.display(),
        );
        std::fs::write(&self.config, text).unwrap();
        self
    }

    /// A subcommand, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_persontjenesten"));
        command.arg("--config").arg(&self.config).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs a subcommand to its end: how it ended, and all that it said.
    pub fn said(&self, arguments: &[&str]) -> (ExitStatus, String) {
        let output = self.command(arguments).output().expect("the binary starts");
        let said = [output.stdout, output.stderr].concat();
        (output.status, String::from_utf8_lossy(&said).into_owned())
    }

    /// Starts a subcommand.
    pub fn start(&self, arguments: &[&str]) -> Process {
        Process::of(&mut self.command(arguments))
    }

    /// Loads everybody and starts the API; what runs ends with the value.
    pub async fn serve(self, sandbox: &RunningSandbox) -> Served {
        let ingest = self.start(&["ingest"]);
        self.start(&["bulk"]).finish().await;
        self.serve_beside(sandbox, vec![ingest]).await
    }

    /// Starts the API for what is loaded, beside these processes.
    pub async fn serve_beside(
        self,
        sandbox: &RunningSandbox,
        mut processes: Vec<Process>,
    ) -> Served {
        let [api, health] = free_ports();
        let variables = [
            ("PERSONTJENESTEN__API__LISTEN", format!("127.0.0.1:{api}")),
            ("PERSONTJENESTEN__API__HEALTH_LISTEN", format!("127.0.0.1:{health}")),
            ("PERSONTJENESTEN__API__PUBLIC_BASE_URL", format!("http://127.0.0.1:{api}")),
            ("PERSONTJENESTEN__API__HELSEID__ISSUER", sandbox.url.clone()),
        ];
        let mut command = self.command(&["api"]);
        command.envs(variables.clone());
        processes.push(Process::of(&mut command));
        let served = Served {
            register: self,
            url: format!("http://127.0.0.1:{api}"),
            variables,
            _processes: processes,
        };
        let ready = format!("http://127.0.0.1:{health}/health/ready");
        let started = Instant::now();
        while !reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(started.elapsed() < PATIENCE, "the API does not get ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        served
    }

    /// Waits until a half of ingest has ended for good: the kind of fault, and what it says.
    pub async fn await_stopped(&self, task: &str) -> String {
        let started = Instant::now();
        loop {
            let stopped = "select concat_ws(' ', task, reason, message) from stopped_work";
            let stopped = self.database.fetch_text(stopped).await;
            let own = |line: &String| {
                line.split_once(' ')
                    .filter(|(found, _)| *found == task)
                    .map(|(_, said)| said.to_owned())
            };
            if let Some(said) = stopped.iter().find_map(own) {
                return said;
            }
            assert!(started.elapsed() < PATIENCE, "{task} does not stop");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until everything up to this sequence of FREG is applied.
    pub async fn await_sequence(&self, sequence: i64) {
        let started = Instant::now();
        while !self.has_applied(sequence).await {
            assert!(started.elapsed() < PATIENCE, "{sequence} is not applied");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Whether everything up to this sequence of FREG is applied.
    pub async fn has_applied(&self, sequence: i64) -> bool {
        let applied = "select last_sequence::text from position where last_sequence is not null";
        let rows = self.database.fetch_text(applied).await;
        let at: Option<i64> = rows.first().and_then(|text| text.parse().ok());
        at.is_some_and(|at| at >= sequence)
    }
}

/// A register with an API that serves it.
pub struct Served {
    pub register: Register,
    /// The API's public base URL.
    pub url: String,
    variables: [(&'static str, String); 4],
    _processes: Vec<Process>,
}

impl Served {
    /// A subcommand that knows where the API is.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.register.command(arguments);
        command.envs(self.variables.clone());
        command
    }
}

/// Ports that were free a moment ago.
pub fn free_ports() -> [u16; 2] {
    let listeners =
        [0, 1].map(|_| std::net::TcpListener::bind("127.0.0.1:0").expect("there are free ports"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}

/// What a process measures, by name and labels.
pub async fn gauge(port: u16, name: &str) -> Option<f64> {
    let text = reqwest::get(format!("http://127.0.0.1:{port}/metrics")).await.ok()?;
    let text = text.text().await.ok()?;
    let line =
        text.lines().find(|line| line.rsplit_once(' ').is_some_and(|(found, _)| found == name))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// A running subcommand; killed with this value.
pub struct Process(Child);

impl Process {
    /// Starts a command.
    pub fn of(command: &mut Command) -> Process {
        Process(command.spawn().expect("the binary starts"))
    }

    /// SIGKILL: no chance to finish anything.
    pub fn kill(mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it has ended");
    }

    /// Sends a signal by its name: `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        let pid = self.0.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status();
        assert!(sent.expect("there is a kill").success(), "{name} was not sent");
    }

    /// The most memory that it has had, in kB.
    pub fn memory_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("its memory");
        line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number")
    }

    /// Whether it has not ended.
    pub fn runs(&mut self) -> bool {
        self.0.try_wait().expect("it can be asked").is_none()
    }

    /// Waits for its own end, which must be a good one.
    pub async fn finish(mut self) {
        let status = self.end().await;
        assert!(status.success(), "it ended with {status}");
    }

    /// Waits for its own end.
    pub async fn end(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().expect("it can be asked") {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "it does not come to an end");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
