//! A private Kafka: one node, broker and controller in one Java process, from jars that Maven
//! fetches once. Its data is made anew at each start.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;

use crate::checkout::{Checkout, hash, random_hex, remove};
use crate::instance::{Instance, Service};
use crate::postgres::free_ports;
use crate::process::{run_quietly, wait_for};
use crate::progress::step;
use crate::setup::find;

/// What the broker is called among the processes of an instance.
pub const SERVICE: &str = "kafka";

/// The list of jars, and the two settings files with holes for ports and folders.
const POM: &str = "deploy/local/kafka/pom.xml";
const SERVER_PROPERTIES: &str = "deploy/local/kafka/server.properties";
const LOG_PROPERTIES: &str = "deploy/local/kafka/log4j2.properties";

/// The name of the filled-in settings in the folder of an instance.
const SETTINGS_FILE: &str = "server.properties";

/// What the broker says when it is registered and answers. An open port alone says too little.
const STARTED: &str = "Kafka Server started";

/// Ending, before the process id, of a folder of jars that is still being filled.
const UNFINISHED: &str = "unfinished-";

const JAVA_MIN: u32 = 17;
const TRIES: u32 = 5;
const DOWNLOAD_TRIES: u32 = 3;

/// A running broker.
pub struct Kafka {
    /// Its process.
    pub service: Service,
    /// `127.0.0.1:port`.
    pub bootstrap: String,
}

/// A Java that is new enough, wherever Debian or a person has put it.
pub fn java() -> Option<PathBuf> {
    let named = std::env::var_os("JAVA_HOME").map(|home| PathBuf::from(home).join("bin/java"));
    let installed = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten();
    let installed = installed.map(|entry| entry.path().join("bin/java"));
    named
        .into_iter()
        .chain(find("java"))
        .chain(installed)
        .find(|java| version(java).is_some_and(|version| version >= JAVA_MIN))
}

fn version(java: &Path) -> Option<u32> {
    let output = Command::new(java).arg("-version").stdin(Stdio::null()).output().ok()?;
    major(&String::from_utf8_lossy(&output.stderr))
}

/// The first number in `openjdk version "17.0.15" …`.
fn major(said: &str) -> Option<u32> {
    let quoted = said.split_once("version \"")?.1;
    quoted.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Where the jars of just this list are kept: outside the checkout, so that a fresh clone and CI
/// find them again; a changed list has another folder.
fn jars(checkout: &Checkout) -> Result<PathBuf> {
    let pom = fs::read(checkout.root.join(POM)).context("the list of Kafka's jars is gone")?;
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .filter(|cache| cache.is_absolute() && fs::create_dir_all(cache).is_ok())
        .map_or_else(|| checkout.local(), |cache| cache.join("persontjenesten"));
    Ok(cache.join(format!("kafka-{}", hash(&pom))))
}

/// Whether the jars are there already.
pub fn is_fetched(checkout: &Checkout) -> bool {
    jars(checkout).is_ok_and(|jars| jars.is_dir())
}

/// Fetches the jars unless they are there. A folder with the final name is always whole.
pub fn fetch(checkout: &Checkout) -> Result<()> {
    let jars = jars(checkout)?;
    if jars.is_dir() {
        return Ok(());
    }
    remove_abandoned(&jars)?;
    let unfinished = jars.with_extension(format!("{UNFINISHED}{}", std::process::id()));
    fs::create_dir_all(&unfinished).context("cannot write in the cache")?;
    fs::create_dir_all(checkout.local())?;
    let log = checkout.local().join("kafka-fetch.log");
    let mut command = Command::new("mvn");
    command.args(["-q", "-B", "-f"]).arg(checkout.root.join(POM));
    command.args(["dependency:copy-dependencies", "-DincludeScope=runtime"]);
    command.arg(format!("-DoutputDirectory={}", unfinished.display()));
    let fetched = step("Fetching Kafka", || {
        for _ in 1..DOWNLOAD_TRIES {
            if run_quietly(&mut command, &log).is_ok() {
                return Ok(());
            }
            crate::process::check()?;
        }
        run_quietly(&mut command, &log)
    });
    // Another checkout may have been faster; then its folder stays.
    if fetched.is_ok() && fs::rename(&unfinished, &jars).is_err() && !jars.is_dir() {
        bail!("cannot make {}", jars.display());
    }
    remove(&unfinished)?;
    fetched
}

/// Removes what a fetch that was killed has left: its process is in the name.
fn remove_abandoned(jars: &Path) -> Result<()> {
    let siblings = jars.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten();
    for sibling in siblings.map(|entry| entry.path()) {
        let pid = sibling.extension().and_then(|it| it.to_str()?.strip_prefix(UNFINISHED));
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            remove(&sibling)?;
        }
    }
    Ok(())
}

/// Makes a node with empty storage and starts it.
pub fn start(checkout: &Checkout, instance: &Instance) -> Result<Kafka> {
    for _ in 1..TRIES {
        if let Some(kafka) = start_once(checkout, instance)? {
            return Ok(kafka);
        }
    }
    bail!("Kafka found no free port, see {}", instance.log_of(SERVICE).display())
}

/// Removes the data of a stopped broker.
pub fn remove_data(instance: &Instance) -> Result<()> {
    remove(&instance.dir.join("kafka"))
}

/// `None` when another program took a port first.
fn start_once(checkout: &Checkout, instance: &Instance) -> Result<Option<Kafka>> {
    let home = instance.dir.join("kafka");
    remove(&home)?;
    fs::create_dir(&home)?;
    let [broker, controller] = free_ports::<2>()?;
    let settings = home.join(SETTINGS_FILE);
    let template = fs::read_to_string(checkout.root.join(SERVER_PROPERTIES))?;
    fs::write(&settings, filled(&template, broker, controller, &home.join("data")))?;
    format_storage(checkout, instance, &settings)?;
    let service = serve(checkout, instance)?;
    Ok(service.map(|service| Kafka { service, bootstrap: format!("127.0.0.1:{broker}") }))
}

/// Starts a broker that was stopped again, where it was and with what it had.
pub fn start_again(checkout: &Checkout, instance: &Instance) -> Result<Service> {
    serve(checkout, instance)?.context("another program has taken Kafka's port")
}

/// `None` when another program took a port first.
fn serve(checkout: &Checkout, instance: &Instance) -> Result<Option<Service>> {
    let mut command = class(checkout, "kafka.Kafka")?;
    command.arg(instance.dir.join("kafka").join(SETTINGS_FILE));
    let mut service = instance.start(SERVICE, Signal::SIGTERM, &mut command)?;
    let log = service.log.clone();
    let started = wait_for("the start of Kafka", Duration::from_secs(120), || {
        if service.must_run().is_err() && service.lost_its_port() {
            return Ok(Some(false));
        }
        service.must_run()?;
        Ok(fs::read_to_string(&log)?.contains(STARTED).then_some(true))
    })?;
    Ok(started.then_some(service))
}

fn filled(template: &str, broker: u16, controller: u16, data: &Path) -> String {
    template
        .replace("{broker_port}", &broker.to_string())
        .replace("{controller_port}", &controller.to_string())
        // In a properties file a backslash starts an escape.
        .replace("{data}", &data.display().to_string().replace('\\', "\\\\"))
}

fn format_storage(checkout: &Checkout, instance: &Instance, settings: &Path) -> Result<()> {
    let mut command = class(checkout, "kafka.tools.StorageTool")?;
    command.args(["format", "--standalone", "-t", &cluster_id()?, "-c"]).arg(settings);
    instance.run_quietly("kafka-format", &mut command)
}

/// Kafka reads 16 random bytes in the alphabet of base64 for addresses: 22 digits, the last of
/// which has four spare bits that must be nought.
fn cluster_id() -> Result<String> {
    Ok(format!("{}A", &random_hex::<11>()?[..21]))
}

fn class(checkout: &Checkout, class: &str) -> Result<Command> {
    let mut command = Command::new(java().context("Java is not installed")?);
    let log_settings = checkout.root.join(LOG_PROPERTIES);
    command
        .args(["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"])
        .arg(format!("-Dlog4j2.configurationFile={}", log_settings.display()))
        .arg("-cp")
        .arg(jars(checkout)?.join("*"))
        .arg(class)
        // A person's own Java settings are for other programs.
        .env_remove("JAVA_TOOL_OPTIONS")
        .env_remove("CLASSPATH");
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_java_version_is_read_in_both_styles() {
        assert_eq!(major("openjdk version \"17.0.15\" 2025-04-15"), Some(17));
        assert_eq!(major("java version \"21\" 2023-09-19 LTS"), Some(21));
        assert_eq!(major("openjdk version \"1.8.0_412\""), Some(1));
        assert_eq!(major("sh: java: not found"), None);
    }

    #[test]
    fn the_settings_file_has_no_hole_left() {
        let checkout = Checkout::find().unwrap();
        let template = fs::read_to_string(checkout.root.join(SERVER_PROPERTIES)).unwrap();
        let settings = filled(&template, 40001, 40002, Path::new("/a/b"));
        let lines = || settings.lines().filter(|line| !line.starts_with('#'));
        assert!(lines().all(|line| !line.contains('{')));
        assert!(lines().any(|line| line == "log.dirs=/a/b"));
        assert!(lines().any(|line| line == "advertised.listeners=PLAINTEXT://127.0.0.1:40001"));
        assert!(lines().any(|line| line.ends_with("=127.0.0.1:40002")));
    }

    #[test]
    fn a_cluster_id_has_the_length_of_sixteen_bytes() {
        let id = cluster_id().unwrap();
        assert_eq!(id.len(), 22);
        assert!(id.ends_with('A'));
    }
}
