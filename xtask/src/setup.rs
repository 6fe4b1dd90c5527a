//! What must be on the machine: looked for first, and only what is missing is installed.

use std::fs;
use std::io::{IsTerminal, stdin};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::checkout::{Checkout, is_root};
use crate::process::{check, run_quietly};
use crate::progress::step;
use crate::{kafka, postgres};

/// Something the build or the services need.
pub struct Need {
    what: &'static str,
    is_there: fn(&Checkout) -> bool,
    package: &'static str,
}

/// The Debian package for each thing; a package is only a proposal for whoever has no Debian.
const NEEDS: &[Need] = &[
    Need {
        what: "the PostgreSQL server",
        is_there: |_| postgres::programs().is_some(),
        package: "postgresql",
    },
    Need {
        what: "Java 17 or newer (Kafka runs on it)",
        is_there: |_| kafka::java().is_some(),
        package: "default-jre-headless",
    },
    Need {
        what: "Maven (fetches Kafka)",
        is_there: |checkout| kafka::is_fetched(checkout) || find("mvn").is_some(),
        package: "maven",
    },
    Need { what: "a C compiler", is_there: |_| find("cc").is_some(), package: "gcc" },
    Need { what: "a C++ compiler", is_there: |_| find("c++").is_some(), package: "g++" },
    Need { what: "make", is_there: |_| find("make").is_some(), package: "make" },
    Need { what: "CMake", is_there: |_| find("cmake").is_some(), package: "cmake" },
    Need { what: "pkg-config", is_there: |_| find("pkg-config").is_some(), package: "pkg-config" },
    Need {
        what: "OpenSSL's headers",
        is_there: |_| has_library("openssl", "openssl/ssl.h"),
        package: "libssl-dev",
    },
    // librdkafka is built without libcurl, but includes its header all the same.
    Need {
        what: "curl's headers",
        is_there: |_| has_library("libcurl", "curl/curl.h"),
        package: "libcurl4-openssl-dev",
    },
];

/// What it takes to look at the page.
pub const BROWSER: &[Need] = &[
    Need { what: "Chromium", is_there: |_| find("chromium").is_some(), package: "chromium" },
    Need {
        what: "Chromium's driver",
        is_there: |_| find("chromedriver").is_some(),
        package: "chromium-driver",
    },
];

/// What it takes to generate clients of the API, to compile and to run them.
pub const CLIENTS: &[Need] = &[
    Need {
        what: "a JDK, 17 or newer",
        is_there: |_| find("javac").is_some() && kafka::java().is_some(),
        package: "default-jdk-headless",
    },
    Need { what: "Maven", is_there: |_| find("mvn").is_some(), package: "maven" },
    Need { what: "Node.js", is_there: |_| find("node").is_some(), package: "nodejs" },
    Need { what: "npm", is_there: |_| find("npm").is_some(), package: "npm" },
];

/// Tries, some seconds apart, when another program is installing packages at the same time.
const TRIES: u32 = 60;
const BETWEEN_TRIES: Duration = Duration::from_secs(5);

/// Installs what the build and the services miss, and fetches Kafka.
pub fn ensure(checkout: &Checkout) -> Result<()> {
    install(checkout, NEEDS)?;
    kafka::fetch(checkout)
}

/// Installs what is missing of these.
pub fn install(checkout: &Checkout, needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_there)(checkout)).collect();
    if !missing.is_empty() {
        fetch(checkout, &missing)?;
    }
    let still: Vec<&str> =
        missing.iter().filter(|need| !(need.is_there)(checkout)).map(|need| need.what).collect();
    if !still.is_empty() {
        bail!("installed, but still not found: {}", still.join(", "));
    }
    Ok(())
}

/// A program on the path, or in a folder for administrators that an ordinary path leaves out.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .map(|dir| dir.join(program))
        .find(|candidate| candidate.is_file())
}

fn has_library(name: &str, header: &str) -> bool {
    let mut known = Command::new("pkg-config");
    known.args(["--exists", name]).stderr(Stdio::null());
    known.status().is_ok_and(|status| status.success())
        || PathBuf::from("/usr/include").join(header).is_file()
}

fn fetch(checkout: &Checkout, missing: &[&Need]) -> Result<()> {
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    let by_hand = format!("apt-get update && apt-get install -y {}", packages.join(" "));
    if find("apt-get").is_none() {
        bail!("not found: {}. On Debian they come with: {by_hand}", names.join(", "));
    }
    let before = before_apt(&by_hand)?;
    let log = checkout.local().join("setup.log");
    fs::create_dir_all(checkout.local())?;
    step(&format!("Installing {}", packages.join(", ")), || {
        // Without an answer from the package server the lists already here may still do.
        if let Err(error) = patiently(|| run_quietly(&mut apt(&before, &["update"]), &log)) {
            eprintln!("{error:#}");
        }
        let mut arguments = vec!["install", "-y", "--no-install-recommends"];
        arguments.extend(&packages);
        patiently(|| run_quietly(&mut apt(&before, &arguments), &log))
    })
}

/// What must stand before `apt-get` for it to be root's.
fn before_apt(by_hand: &str) -> Result<Vec<&'static str>> {
    if is_root() {
        return Ok(Vec::new());
    }
    // A password can only be asked for by a program that has the terminal, so before the rest.
    let ask: &[&str] = if stdin().is_terminal() { &["-v"] } else { &["-n", "-v"] };
    let allowed = find("sudo").is_some()
        && Command::new("sudo").args(ask).status().is_ok_and(|status| status.success());
    if !allowed {
        bail!("packages are missing and only root can install them. As root: {by_hand}");
    }
    Ok(vec!["sudo", "-n"])
}

fn apt(before: &[&str], arguments: &[&str]) -> Command {
    let fixed = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
    let mut words = before.iter().chain(&fixed);
    let mut command = Command::new(words.next().unwrap_or(&"env"));
    command.args(words).args(["-o", "DPkg::Lock::Timeout=600"]).args(arguments);
    command
}

/// apt waits for one of its locks only; held up at another it fails at once, so it is asked again.
fn patiently(mut work: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 1..TRIES {
        match work() {
            Err(error) if is_held_up(&error.to_string()) => thread::sleep(BETWEEN_TRIES),
            done => return done,
        }
        check()?;
    }
    work()
}

fn is_held_up(message: &str) -> bool {
    ["Could not get lock", "Unable to lock", "is held by process", "cannot stat"]
        .iter()
        .any(|sign| message.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_or_not() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program-anywhere").is_none());
    }

    #[test]
    fn a_package_is_asked_for_without_questions() {
        let command = apt(&["sudo", "-n"], &["install", "-y", "make"]);
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        assert_eq!(command.get_program(), "sudo");
        assert_eq!(
            words.join(" "),
            "-n env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 install -y make"
        );
    }

    #[test]
    fn only_a_lock_is_waited_for() {
        assert!(is_held_up("E: Could not get lock /var/lib/apt/lists/lock."));
        assert!(!is_held_up("E: Unable to locate package nothing"));
    }
}
