//! What comparing the register with its sources needs to know.

use std::time::Duration;

use serde::Deserialize;

/// How often and how fast the register is compared with its sources.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReconcileConfig {
    /// How often a window of the comparison begins; 0: never by itself.
    pub interval_s: u64,
    /// How many persons a window compares, going on where the one before it ended.
    pub window_persons: u32,
    /// The most persons that are looked up in a minute, at each source.
    pub persons_per_minute: u32,
    /// Whether what differs is put right, by the way that every change takes.
    pub repair: bool,
}

impl Default for ReconcileConfig {
    fn default() -> Self {
        ReconcileConfig {
            interval_s: 3_600,
            window_persons: 50_000,
            persons_per_minute: 1_000,
            repair: true,
        }
    }
}

impl ReconcileConfig {
    /// The time from the beginning of one window to that of the next; none when none begins by
    /// itself.
    pub fn interval(&self) -> Option<Duration> {
        (self.interval_s > 0).then(|| Duration::from_secs(self.interval_s))
    }

    /// Every fault that can be seen without calling anybody.
    pub(super) fn faults(&self) -> Vec<String> {
        let least = [
            ("window_persons", self.window_persons),
            ("persons_per_minute", self.persons_per_minute),
        ];
        let none = least.into_iter().filter(|(_, value)| *value == 0);
        none.map(|(name, _)| format!("reconcile.{name} must be at least 1")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_begins_by_itself_without_an_interval() {
        let config = ReconcileConfig { interval_s: 0, window_persons: 0, ..Default::default() };
        assert_eq!(config.interval(), None);
        assert_eq!(config.faults(), ["reconcile.window_persons must be at least 1"]);
        assert_eq!(ReconcileConfig::default().faults(), Vec::<String>::new());
    }
}
