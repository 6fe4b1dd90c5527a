//! The check of the disk: free space where we write, and under Postgres when it is on this machine.

use std::path::Path;

use nix::sys::statvfs::statvfs;

use super::database;
use super::finding::Finding;
use super::patient::Patient;

/// Less free space than this share is worth a look; a tenth of it stops a database soon.
const NOTABLE: f64 = 0.10;
const TOO_LITTLE: f64 = 0.02;

/// The current directory, where reports are written, and the files of Postgres.
pub async fn look(patient: &Patient) -> Vec<Finding> {
    let mut findings = vec![judge_path("here", Path::new("."))];
    match database::data_directory(patient).await {
        Some(directory) => findings.push(judge_path("under Postgres", Path::new(&directory))),
        None => findings.push(Finding::ok(
            "the disk of Postgres cannot be seen from here: watch it where it is",
        )),
    }
    findings
}

fn judge_path(what: &str, path: &Path) -> Finding {
    match statvfs(path) {
        Ok(seen) => {
            let bytes = |blocks: u64| blocks.saturating_mul(seen.fragment_size());
            judge(what, bytes(seen.blocks_available()), bytes(seen.blocks()))
        }
        Err(error) => {
            let told = format!("{what}: the file system cannot be looked at: {error}");
            Finding::warning(told, "may this user see that directory?")
        }
    }
}

fn judge(place: &str, free: u64, whole: u64) -> Finding {
    let share = free as f64 / whole.max(1) as f64;
    let what =
        format!("{place}: {} free of {}, {:.0} %", readable(free), readable(whole), share * 100.0);
    let to_do = "free some space, or give the file system more";
    if share < TOO_LITTLE {
        Finding::failure(what, to_do)
    } else if share < NOTABLE {
        Finding::warning(what, to_do)
    } else {
        Finding::ok(what)
    }
}

/// Bytes as a person reads them.
pub fn readable(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{bytes} B") } else { format!("{value:.1} {}", units[unit]) }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Severity;
    use super::*;

    #[test]
    fn little_space_is_told_and_hardly_any_fails() {
        for (free, expected) in [
            (100, Severity::Ok),
            (99, Severity::Warning),
            (20, Severity::Warning),
            (19, Severity::Failure),
            (0, Severity::Failure),
        ] {
            assert_eq!(judge("x", free, 1000).severity, expected, "{free}");
        }
    }

    #[test]
    fn bytes_are_readable() {
        for (bytes, expected) in
            [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (5_300_000_000, "5.3 GB")]
        {
            assert_eq!(readable(bytes), expected);
        }
    }
}
