//! The judgement behind the confirmed head, without clock or connection.

use std::time::{Duration, Instant};

pub(super) struct WatchRules {
    /// Further behind than this, a replica stops serving.
    pub(super) max_lag: Duration,
    /// How long a replica that has stopped serving still holds the head back.
    pub(super) grace: Duration,
}

pub(super) struct Watch {
    rules: WatchRules,
    confirmed: i64,
    replicas: Vec<Watched>,
}

/// One replica as the last judgement left it.
struct Watched {
    serving: bool,
    /// When it stopped serving, or when the watch began.
    stopped_at: Instant,
    /// The last row it showed; 0 before the first.
    row: i64,
    /// The primary's row that it has been chasing, and since when.
    behind: Option<(i64, Instant)>,
}

impl Watch {
    /// No replica serves before it has answered once.
    pub(super) fn new(rules: WatchRules, replicas: usize, now: Instant) -> Watch {
        let start = || Watched { serving: false, stopped_at: now, row: 0, behind: None };
        Watch { rules, confirmed: 0, replicas: (0..replicas).map(|_| start()).collect() }
    }

    /// Takes one round of counter rows (none: silence) and returns the confirmed head.
    pub(super) fn judge(
        &mut self,
        primary: Option<i64>,
        rows: &[Option<i64>],
        now: Instant,
    ) -> i64 {
        let mut head = primary;
        for (watched, row) in self.replicas.iter_mut().zip(rows) {
            watched.observe(*row, primary, now);
            watched.decide(&self.rules, row.is_some(), self.confirmed, now);
            let recently = now.saturating_duration_since(watched.stopped_at) < self.rules.grace;
            if watched.serving || recently {
                head = head.map(|head| head.min(watched.row));
            }
        }
        // Never backwards: what has been shown stays shown.
        self.confirmed = self.confirmed.max(head.unwrap_or(0));
        self.confirmed
    }

    pub(super) fn serving(&self, index: usize) -> bool {
        self.replicas[index].serving
    }

    /// How long the replica has been chasing the primary's row; zero when it has it.
    pub(super) fn lag(&self, index: usize, now: Instant) -> Duration {
        self.replicas[index].lag(now)
    }
}

impl Watched {
    fn observe(&mut self, row: Option<i64>, primary: Option<i64>, now: Instant) {
        let Some(row) = row else { return };
        self.row = row;
        // Without a primary no replica can catch up: its clock stands still, and it goes on serving
        // what it has.
        let Some(primary) = primary else {
            self.behind = None;
            return;
        };
        if self.behind.is_some_and(|(target, _)| row >= target) {
            self.behind = None;
        }
        if self.behind.is_none() && row < primary {
            self.behind = Some((primary, now));
        }
    }

    fn decide(&mut self, rules: &WatchRules, answered: bool, confirmed: i64, now: Instant) {
        // A replica below the head (one that was rebuilt, say) would show old data behind shown
        // events.
        let serving = answered && self.row >= confirmed && self.lag(now) <= rules.max_lag;
        if self.serving && !serving {
            self.stopped_at = now;
        }
        self.serving = serving;
    }

    fn lag(&self, now: Instant) -> Duration {
        self.behind.map_or(Duration::ZERO, |(_, since)| now.saturating_duration_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAG: Duration = Duration::from_secs(5);
    const GRACE: Duration = Duration::from_secs(2);

    fn watch(replicas: usize) -> (Watch, Instant) {
        let start = Instant::now();
        (Watch::new(WatchRules { max_lag: LAG, grace: GRACE }, replicas, start), start)
    }

    #[test]
    fn without_replicas_the_head_is_the_primarys() {
        let (mut watch, now) = watch(0);
        assert_eq!(watch.judge(Some(7), &[], now), 7);
        assert_eq!(watch.judge(None, &[], now), 7, "no primary: the head stands still");
    }

    #[test]
    fn the_slowest_serving_replica_holds_the_head_back() {
        let (mut watch, now) = watch(2);
        assert_eq!(watch.judge(Some(9), &[Some(9), Some(4)], now), 4);
        assert!(watch.serving(0) && watch.serving(1));
        assert_eq!(watch.judge(Some(9), &[Some(9), Some(9)], now), 9);
    }

    #[test]
    fn a_lagging_replica_stops_serving_then_lets_the_head_go_and_comes_back() {
        let (mut watch, start) = watch(2);
        assert_eq!(watch.judge(Some(5), &[Some(5), Some(5)], start), 5);
        let behind = start + Duration::from_secs(1);
        assert_eq!(watch.judge(Some(8), &[Some(8), Some(5)], behind), 5);
        let late = behind + LAG + Duration::from_millis(1);
        assert_eq!(watch.judge(Some(9), &[Some(9), Some(6)], late), 6, "held back a moment longer");
        assert!(watch.serving(0) && !watch.serving(1));
        let later = late + GRACE;
        assert_eq!(watch.judge(Some(9), &[Some(9), Some(6)], later), 9);
        assert_eq!(watch.judge(Some(9), &[Some(9), Some(8)], later), 9);
        assert!(!watch.serving(1), "below the head it does not come back");
        assert_eq!(watch.judge(Some(9), &[Some(9), Some(9)], later), 9);
        assert!(watch.serving(1));
    }

    #[test]
    fn a_replica_that_is_always_a_little_behind_goes_on_serving() {
        let (mut watch, start) = watch(1);
        for second in 0..60_i32 {
            let row = i64::from(second) * 10;
            let now = start + Duration::from_secs(1) * second.unsigned_abs();
            assert_eq!(watch.judge(Some(row + 15), &[Some(row)], now), row);
            assert!(watch.serving(0));
        }
    }

    #[test]
    fn a_silent_replica_stops_serving_at_once() {
        let (mut watch, start) = watch(1);
        watch.judge(Some(5), &[Some(5)], start);
        assert_eq!(watch.judge(Some(8), &[None], start + LAG), 5);
        assert!(!watch.serving(0));
        assert_eq!(watch.judge(Some(8), &[None], start + LAG + GRACE), 8);
        assert_eq!(watch.judge(Some(8), &[Some(8)], start + LAG + GRACE), 8);
        assert!(watch.serving(0));
    }

    #[test]
    fn a_replica_that_never_answered_holds_the_head_only_for_the_grace() {
        let (mut watch, start) = watch(1);
        assert_eq!(watch.judge(Some(8), &[None], start), 0);
        assert_eq!(watch.judge(Some(8), &[None], start + GRACE), 8);
    }

    #[test]
    fn without_a_primary_replicas_serve_on_however_long() {
        let (mut watch, start) = watch(1);
        assert_eq!(watch.judge(Some(8), &[Some(7)], start), 7);
        let later = start + LAG * 10;
        assert_eq!(watch.judge(None, &[Some(7)], later), 7);
        assert!(watch.serving(0));
    }

    #[test]
    fn a_rebuilt_replica_never_pulls_the_head_back() {
        let (mut watch, start) = watch(1);
        assert_eq!(watch.judge(Some(8), &[Some(8)], start), 8);
        assert_eq!(watch.judge(Some(8), &[Some(2)], start), 8);
        assert!(!watch.serving(0));
    }
}
