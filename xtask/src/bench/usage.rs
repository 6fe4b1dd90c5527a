//! What processes take of the machine, as the system counts it.

use std::fs;

use anyhow::{Context, Result};

/// The unit of processor time under /proc: the same on every Linux that is in use.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of processor that a process and its children have taken, those that have ended included.
pub fn processor_s(pid: i32) -> Result<f64> {
    let own = Times::of(pid).context("a measured process has ended")?;
    let children = processes()?.filter_map(Times::of).filter(|times| times.parent == pid);
    let ticks = own.own + own.ended_children + children.map(|child| child.own).sum::<u64>();
    Ok(ticks as f64 / TICKS_PER_SECOND)
}

/// The most memory that a process has held, in megabytes.
pub fn memory_mb(pid: i32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = most.and_then(|most| most.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    Ok(kilobytes.context("the system does not tell how much memory was used")? / 1024)
}

struct Times {
    parent: i32,
    own: u64,
    ended_children: u64,
}

impl Times {
    fn of(pid: i32) -> Option<Self> {
        Self::read(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    /// The second field may hold anything, so what follows it is counted from its end.
    fn read(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.rsplit_once(')')?.1.split_ascii_whitespace().collect();
        let ticks = |first: usize| -> Option<u64> {
            Some(
                fields.get(first)?.parse::<u64>().ok()?
                    + fields.get(first + 1)?.parse::<u64>().ok()?,
            )
        };
        Some(Self {
            parent: fields.get(1)?.parse().ok()?,
            own: ticks(11)?,
            ended_children: ticks(13)?,
        })
    }
}

fn processes() -> Result<impl Iterator<Item = i32>> {
    let entries = fs::read_dir("/proc")?.flatten();
    Ok(entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_system_is_read() {
        let line = "42 (a) b) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3000 400 20 0 1 0 5";
        let times = Times::read(line).unwrap();
        assert_eq!((times.parent, times.own, times.ended_children), (7, 120, 3400));
        assert!(Times::read("42 (a) S").is_none());
    }

    #[test]
    fn this_process_takes_something() {
        let pid = std::process::id().cast_signed();
        assert!(memory_mb(pid).unwrap() > 0);
        let before = processor_s(pid).unwrap();
        while processor_s(pid).unwrap() < before + 0.02 {}
    }
}
