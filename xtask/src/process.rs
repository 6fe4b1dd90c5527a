//! Processes: told apart from later ones with the same number, started in groups of their own,
//! stopped with a deadline, and stopped too when this program is told to stop.

use std::fmt;
use std::fs::{self, File};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{self, Signal};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

static STOP: AtomicBool = AtomicBool::new(false);

/// How often a wait looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// How long a process may take to stop after it was asked to.
const PATIENCE: Duration = Duration::from_secs(15);

/// Somebody asked this program to stop; nothing went wrong.
#[derive(Debug)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

impl std::error::Error for Interrupted {}

/// From now on Ctrl-C, SIGTERM and SIGHUP end waits instead of this process.
pub fn stop_on_signals() -> Result<()> {
    ctrlc::set_handler(|| STOP.store(true, Ordering::SeqCst)).context("cannot catch signals")
}

/// Whether somebody asked this program to stop.
pub fn stop_requested() -> bool {
    STOP.load(Ordering::SeqCst)
}

/// Fails if somebody asked this program to stop.
pub fn check() -> Result<()> {
    if stop_requested() {
        bail!(Interrupted);
    }
    Ok(())
}

/// Looks again and again until there is an answer, an error, a request to stop, or no time left.
pub fn wait_for<T>(
    what: &str,
    limit: Duration,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        check()?;
        if Instant::now() > deadline {
            bail!("{what} did not happen within {} s", limit.as_secs());
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// One particular process: a number alone may by now belong to another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    pid: i32,
    /// Clock ticks between the machine's start and the process's.
    started: u64,
    /// Which start of the machine.
    boot: String,
}

impl Process {
    /// The process that has this number now.
    pub fn with_pid(pid: u32) -> Option<Self> {
        let (_, started) = state_and_start(pid)?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(Self { pid: pid.try_into().ok()?, started, boot: boot.trim().to_owned() })
    }

    /// Its number.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// Whether it still runs. One that ended but was not yet waited for does not.
    pub fn is_alive(&self) -> bool {
        let Ok(pid) = u32::try_from(self.pid) else {
            return false;
        };
        Self::with_pid(pid).as_ref() == Some(self)
            && state_and_start(pid).is_some_and(|(state, _)| !matches!(state, 'Z' | 'X'))
    }

    /// Asks it and its group to stop, waits, and ends what is left of the group by force.
    pub fn stop(&self, polite: Signal) {
        if !self.is_alive() {
            return;
        }
        // An error here means that it ended in the meantime.
        let _ = signal::kill(Pid::from_raw(self.pid), polite);
        let deadline = Instant::now() + PATIENCE;
        while self.is_alive() && Instant::now() < deadline {
            thread::sleep(LOOK_AGAIN);
        }
        self.end_group();
        while self.is_alive() {
            thread::sleep(LOOK_AGAIN);
        }
    }

    /// Ends by force whatever is left of its group, also when it has itself ended.
    pub fn end_group(&self) {
        let _ = signal::killpg(Pid::from_raw(self.pid), Signal::SIGKILL);
    }
}

/// The one-letter state and the start time, from a line whose second field may hold anything.
fn state_and_start(pid: u32) -> Option<(char, u64)> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = line.rsplit_once(')')?.1.split_ascii_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, fields.nth(18)?.parse().ok()?))
}

/// Starts a command as the leader of its own group, so that Ctrl-C on the terminal reaches only
/// this program, which then stops everything in its own order.
pub fn spawn(command: &mut Command) -> Result<(Child, Process)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    match Process::with_pid(child.id()) {
        Some(process) => Ok((child, process)),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            bail!("cannot find {name} under /proc");
        }
    }
}

/// Waits for a started command; a request to stop is passed on to its whole group.
pub fn finish(mut child: Child, process: &Process) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return if stop_requested() { bail!(Interrupted) } else { Ok(status) };
        }
        if stop_requested() {
            let _ = signal::killpg(Pid::from_raw(process.pid), Signal::SIGTERM);
            process.stop(Signal::SIGTERM);
            child.wait()?;
            bail!(Interrupted);
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// Runs a command to its end, its output going where this program's goes.
pub fn run(command: &mut Command) -> Result<ExitStatus> {
    let (child, process) = spawn(command)?;
    finish(child, &process)
}

/// Runs a command that must succeed, its output going to a file whose end is shown if it fails.
pub fn run_quietly(command: &mut Command, log: &Path) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let status = run(command.stdout(file.try_clone()?).stderr(file))?;
    if !status.success() {
        bail!("{name} failed ({status}):\n{}", tail(log));
    }
    Ok(())
}

/// The standard output of a command that must succeed.
pub fn output_of(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{name} failed ({})", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{name} printed no UTF-8"))
}

/// The last lines of a log, indented, for an error message.
pub fn tail(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let last = &lines[lines.len().saturating_sub(25)..];
    let shown: String = last.iter().map(|line| format!("    {line}\n")).collect();
    format!("{shown}    (the end of {})", log.display())
}

/// The exit code to pass on: a command ended by a signal counts as 128 and the signal's number.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    u8::try_from(code).unwrap_or(1).into()
}

/// The cargo that started this program, else the one on the path.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};

    use super::*;

    fn sleeper() -> (Child, Process) {
        spawn(Command::new("sleep").arg("600")).unwrap()
    }

    #[test]
    fn a_process_is_alive_until_it_is_stopped() {
        let (mut child, process) = sleeper();
        assert!(process.is_alive());
        process.stop(Signal::SIGTERM);
        assert!(!process.is_alive());
        child.wait().unwrap();
    }

    #[test]
    fn a_later_process_with_the_same_number_is_another_one() {
        let (mut child, process) = sleeper();
        let earlier = Process { started: process.started - 1, ..process.clone() };
        let boot = "another".to_owned();
        let before_restart = Process { boot, ..process };
        assert!(!earlier.is_alive());
        assert!(!before_restart.is_alive());
        earlier.stop(Signal::SIGKILL);
        assert!(process.is_alive(), "the wrong process was stopped");
        process.stop(Signal::SIGTERM);
        child.wait().unwrap();
    }

    #[test]
    fn a_group_is_ended_whole() {
        let mut command = Command::new("sh");
        let script = command.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
        let (mut child, process) = spawn(script).unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let grandchild = Process::with_pid(said.trim().parse().unwrap()).unwrap();
        process.stop(Signal::SIGTERM);
        wait_for("the end", PATIENCE, || Ok((!grandchild.is_alive()).then_some(()))).unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_wait_ends_at_its_limit() {
        let never = wait_for::<()>("it", Duration::from_millis(1), || Ok(None));
        assert_eq!(never.unwrap_err().to_string(), "it did not happen within 0 s");
    }
}
