//! One set of running services under `.local/<name>/`: a lock so that only one command works with
//! it, its logs, and a record of each process so that the next command finds what was left over.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use crate::checkout::{Checkout, write_private};
use crate::process::{self, Process};

/// The lock on `.local/<name>/`, held until this is dropped (or this program dies).
pub struct Instance {
    /// `up`, `test`, `demo` or `sqlx`.
    pub name: &'static str,
    /// `.local/<name>`.
    pub dir: PathBuf,
    _lock: File,
}

/// What is written down about a process that was started.
#[derive(Serialize, Deserialize)]
struct Record {
    process: Process,
    /// Signal that asks it to stop: Postgres waits for its clients on the usual one.
    polite: String,
    /// Where it was started: a copied checkout must not stop the original's processes.
    dir: PathBuf,
}

impl Instance {
    /// Takes the lock for this command alone.
    pub fn open(checkout: &Checkout, name: &'static str) -> Result<Self> {
        Self::lock(checkout, name, File::try_lock)
    }

    /// Takes the lock together with others who only use what runs there.
    pub fn share(checkout: &Checkout, name: &'static str) -> Result<Self> {
        Self::lock(checkout, name, File::try_lock_shared)
    }

    fn lock(
        checkout: &Checkout,
        name: &'static str,
        take: fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Self> {
        let dir = checkout.local().join(name);
        fs::create_dir_all(dir.join("log")).context("cannot write in the checkout")?;
        fs::create_dir_all(dir.join("pid"))?;
        let path = dir.join("lock");
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        match take(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder)?;
                bail!(
                    "another command works with .local/{name} in this checkout (process {}): \
                     wait for it or stop it first",
                    holder.trim()
                );
            }
            Err(TryLockError::Error(error)) => return Err(error).context("cannot lock"),
        }
        file.set_len(0)?;
        writeln!(file, "{}", std::process::id())?;
        Ok(Self { name, dir, _lock: file })
    }

    /// Stops what a command that was killed has left running, and says so.
    pub fn stop_left_over(&self) -> Result<()> {
        let stopped = self.stop_all()?;
        if stopped > 0 {
            eprintln!("Stopped {stopped} process(es) that an earlier run left behind");
        }
        Ok(())
    }

    /// Stops every process that this or an earlier command started here and that still runs.
    /// Returns how many there were.
    pub fn stop_all(&self) -> Result<usize> {
        let mut stopped = 0;
        for path in self.records()? {
            if let Some(record) = self.read(&path).filter(|record| record.process.is_alive()) {
                let polite = record.polite.parse().unwrap_or(Signal::SIGTERM);
                record.process.stop(polite);
                stopped += 1;
            }
            fs::remove_file(&path)?;
        }
        Ok(stopped)
    }

    /// Whether this service, started by an earlier command, still runs.
    pub fn is_alive(&self, service: &str) -> bool {
        let record = self.read(&self.record_of(service));
        record.is_some_and(|record| record.process.is_alive())
    }

    /// Where the output of a service goes.
    pub fn log_of(&self, service: &str) -> PathBuf {
        self.dir.join("log").join(format!("{service}.log"))
    }

    /// Starts a service in the background.
    pub fn start(&self, name: &str, polite: Signal, command: &mut Command) -> Result<Service> {
        let log = self.log_of(name);
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let (child, process) = process::spawn(command.stdout(file.try_clone()?).stderr(file))?;
        self.record(name, polite, child, process, log)
    }

    /// Runs a command to its end, and ends what it left in its group: that would hold the pipe
    /// that it wrote to open for ever. If this program dies meanwhile, the command is found and
    /// stopped later.
    pub fn run(&self, name: &str, command: &mut Command) -> Result<ExitStatus> {
        let (child, process) = process::spawn(command)?;
        let mut service = self.record(name, Signal::SIGTERM, child, process, self.log_of(name))?;
        let Some(child) = service.child.take() else { bail!("{name} was not started") };
        let status = process::finish(child, &service.process);
        service.process.end_group();
        status
    }

    /// Runs a command that must succeed, its output going to its log.
    pub fn run_quietly(&self, name: &str, command: &mut Command) -> Result<()> {
        let log = self.log_of(name);
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let status = self.run(name, command.stdout(file.try_clone()?).stderr(file))?;
        if !status.success() {
            bail!("{name} failed ({status}):\n{}", process::tail(&log));
        }
        Ok(())
    }

    fn record(
        &self,
        name: &str,
        polite: Signal,
        child: Child,
        process: Process,
        log: PathBuf,
    ) -> Result<Service> {
        let record = self.record_of(name);
        let service = Service {
            name: name.to_owned(),
            log,
            record: record.clone(),
            polite,
            process: process.clone(),
            child: Some(child),
            keep: false,
        };
        let polite = polite.as_str().to_owned();
        let text = serde_json::to_string(&Record { process, polite, dir: self.dir.clone() })?;
        write_private(&record, &text)?;
        Ok(service)
    }

    fn record_of(&self, service: &str) -> PathBuf {
        self.dir.join("pid").join(format!("{service}.json"))
    }

    fn records(&self) -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.dir.join("pid"))?;
        Ok(entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?)
    }

    fn read(&self, path: &Path) -> Option<Record> {
        let record: Record = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        (record.dir == self.dir).then_some(record)
    }
}

/// A process in the background. Dropping it stops it.
pub struct Service {
    /// What it is called in messages and file names.
    pub name: String,
    /// Where its output goes.
    pub log: PathBuf,
    record: PathBuf,
    polite: Signal,
    process: Process,
    child: Option<Child>,
    keep: bool,
}

impl Service {
    /// Fails, with the end of its log, if it has ended by itself.
    pub fn must_run(&mut self) -> Result<()> {
        let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
        match ended {
            Some(status) => {
                bail!("{} ended by itself ({status}):\n{}", self.name, process::tail(&self.log))
            }
            None => Ok(()),
        }
    }

    /// Its number among all processes.
    pub fn pid(&self) -> i32 {
        self.process.pid()
    }

    /// Whether its log says that another program took its port meanwhile.
    pub fn lost_its_port(&self) -> bool {
        fs::read_to_string(&self.log)
            .is_ok_and(|log| log.to_lowercase().contains("address already in use"))
    }

    /// Stops it as a fault would.
    pub fn stop_by(mut self, signal: Signal) {
        self.polite = signal;
    }

    /// Lets it run on after this program has ended.
    pub fn keep(mut self) {
        self.keep = true;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        self.process.stop(self.polite);
        if let Some(mut child) = self.child.take() {
            let _ = child.wait();
        }
        let _ = fs::remove_file(&self.record);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn scratch() -> Checkout {
        let name = format!("xtask-test-{}", crate::checkout::random_hex::<8>().unwrap());
        let root = std::env::temp_dir().join(name);
        fs::create_dir_all(&root).unwrap();
        Checkout { root }
    }

    /// A process that another test is just starting holds every open file, locks too, until it
    /// has become its program.
    fn soon(open: impl Fn() -> Result<Instance>) -> Instance {
        process::wait_for("the lock", Duration::from_secs(10), || Ok(open().ok())).unwrap()
    }

    #[test]
    fn a_second_command_is_refused_and_told_who_is_there() {
        let checkout = scratch();
        let first = Instance::open(&checkout, "test").unwrap();
        let refused = Instance::open(&checkout, "test").err().unwrap().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        assert!(Instance::share(&checkout, "test").is_err());
        Instance::open(&checkout, "demo").unwrap();
        drop(first);
        let shared = soon(|| Instance::share(&checkout, "test"));
        Instance::share(&checkout, "test").unwrap();
        assert!(Instance::open(&checkout, "test").is_err());
        drop(shared);
        fs::remove_dir_all(checkout.root).unwrap();
    }

    #[test]
    fn what_a_killed_command_left_is_found_and_stopped() {
        let checkout = scratch();
        let instance = Instance::open(&checkout, "test").unwrap();
        let sleep = || {
            let mut command = Command::new("sleep");
            command.arg("600");
            command
        };
        let left = instance.start("sleeper", Signal::SIGTERM, &mut sleep()).unwrap();
        let process = left.process.clone();
        left.keep();
        assert!(instance.is_alive("sleeper"));
        assert!(!instance.is_alive("another"));
        drop(instance);
        let next = soon(|| Instance::open(&checkout, "test"));
        assert_eq!(next.stop_all().unwrap(), 1);
        assert!(!process.is_alive());
        assert_eq!(next.stop_all().unwrap(), 0);
        fs::remove_dir_all(checkout.root).unwrap();
    }

    #[test]
    fn a_copied_checkout_leaves_the_originals_processes_alone() {
        let (original, copy) = (scratch(), scratch());
        let instance = Instance::open(&original, "test").unwrap();
        let mut command = Command::new("sleep");
        let running = instance.start("sleeper", Signal::SIGTERM, command.arg("600")).unwrap();
        let other = Instance::open(&copy, "test").unwrap();
        fs::copy(instance.record_of("sleeper"), other.record_of("sleeper")).unwrap();
        assert_eq!(other.stop_all().unwrap(), 0);
        assert!(running.process.is_alive());
        drop(running);
        fs::remove_dir_all(original.root).unwrap();
        fs::remove_dir_all(copy.root).unwrap();
    }

    #[test]
    fn a_service_that_ends_by_itself_shows_its_last_words() {
        let checkout = scratch();
        let instance = Instance::open(&checkout, "test").unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo bind: Address already in use; exit 3"]);
        let mut service = instance.start("short", Signal::SIGTERM, &mut command).unwrap();
        let ended =
            process::wait_for("the end", Duration::from_secs(10), || Ok(service.must_run().err()));
        let message = ended.unwrap().to_string();
        assert!(message.starts_with("short ended by itself (exit status: 3)"), "{message}");
        assert!(message.contains("Address already in use"), "{message}");
        assert!(service.lost_its_port());
        fs::remove_dir_all(checkout.root).unwrap();
    }
}
