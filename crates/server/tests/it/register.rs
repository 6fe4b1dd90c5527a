//! A register of its own for a test: a database, topics, a configuration, and the processes of the
//! binary that a test starts and kills.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
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

async fn get(url: &str) -> Value {
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
    pub async fn of(sandbox: &RunningSandbox) -> Register {
        let database = TestDatabase::create().await;
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
            kafka = kafka_bootstrap(),
            sandbox = sandbox.url,
            key_file = sandbox.key_file.display(),
        );
        Register { database, config: temporary_file("config.toml", &text) }
    }

    /// A subcommand, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_persontjenesten"));
        command.arg("--config").arg(&self.config).args(arguments).stdin(Stdio::null());
        command
    }

    /// Starts a subcommand.
    pub fn start(&self, arguments: &[&str]) -> Process {
        Process(self.command(arguments).spawn().expect("the binary starts"))
    }

    /// Loads everybody and starts the API; what runs ends with the value.
    pub async fn serve(self, sandbox: &RunningSandbox) -> Served {
        let ingest = self.start(&["ingest"]);
        self.start(&["bulk"]).finish().await;
        let [api, health] = free_ports();
        let variables = [
            ("PERSONTJENESTEN__API__LISTEN", format!("127.0.0.1:{api}")),
            ("PERSONTJENESTEN__API__HEALTH_LISTEN", format!("127.0.0.1:{health}")),
            ("PERSONTJENESTEN__API__PUBLIC_BASE_URL", format!("http://127.0.0.1:{api}")),
            ("PERSONTJENESTEN__API__HELSEID__ISSUER", sandbox.url.clone()),
        ];
        let mut command = self.command(&["api"]);
        command.envs(variables.clone());
        let processes = [ingest, Process(command.spawn().expect("the binary starts"))];
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

    /// Waits until everything up to this sequence of FREG is applied.
    pub async fn await_sequence(&self, sequence: i64) {
        let applied = "select last_sequence::text from position where last_sequence is not null";
        let started = Instant::now();
        loop {
            let rows = self.database.fetch_text(applied).await;
            let at: Option<i64> = rows.first().and_then(|text| text.parse().ok());
            if at.is_some_and(|at| at >= sequence) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "applied up to {at:?}, not {sequence}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Every live person by its primary number: the content it is served from, and the numbers that
    /// lead to it.
    pub async fn rows(&self) -> Vec<String> {
        let rows = "select primary_number || ' ' || coalesce(encode(content_hash, 'hex'), '-')
                || ' ' || (select coalesce(string_agg(n.number, ',' order by n.number), '')
                           from person_number n where n.person_id = p.id)
            from person p where not stub order by 1";
        self.database.fetch_text(rows).await
    }
}

/// A register with an API that serves it.
pub struct Served {
    pub register: Register,
    /// The API's public base URL.
    pub url: String,
    variables: [(&'static str, String); 4],
    _processes: [Process; 2],
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
fn free_ports() -> [u16; 2] {
    let listeners =
        [0, 1].map(|_| std::net::TcpListener::bind("127.0.0.1:0").expect("there are free ports"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}

/// A running subcommand; killed with this value.
pub struct Process(Child);

impl Process {
    /// SIGKILL: no chance to finish anything.
    pub fn kill(mut self) {
        self.0.kill().expect("it runs");
        self.0.wait().expect("it has ended");
    }

    /// Waits for its own end, which must be a good one.
    pub async fn finish(mut self) {
        let started = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().expect("it can be asked") {
                assert!(status.success(), "it ended with {status}");
                return;
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
