//! How long to wait before the same thing is tried again.

use std::time::Duration;

/// The pause before the second attempt, without jitter.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The pause after `failures` failed attempts in a row (from 1): doubling, at most `longest`.
///
/// `jitter`, from 0 to 1, takes away up to half of it, so that many who failed together do not come
/// back together. What the other side `asked` for is the least that is waited, within `longest`.
pub fn pause(failures: u32, jitter: f64, asked: Option<Duration>, longest: Duration) -> Duration {
    let doublings = failures.saturating_sub(1).min(20);
    let grown = FIRST_PAUSE.saturating_mul(1 << doublings).min(longest);
    let shortened = grown.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0);
    shortened.max(asked.unwrap_or_default()).min(longest)
}

/// A random number from 0 to 1, for [`pause`].
pub fn jitter() -> f64 {
    let mut byte = [0];
    // Without randomness there is no jitter, which is no reason not to wait.
    match aws_lc_rs::rand::fill(&mut byte) {
        Ok(()) => f64::from(byte[0]) / 255.0,
        Err(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_pause_doubles_up_to_the_longest() {
        let pauses: Vec<u128> =
            [1, 2, 3, 9, 10, u32::MAX].map(|n| pause(n, 0.0, None, MINUTE).as_millis()).into();
        assert_eq!(pauses, [200, 400, 800, 51_200, 60_000, 60_000]);
    }

    #[test]
    fn jitter_takes_away_at_most_half() {
        assert_eq!(pause(3, 1.0, None, MINUTE), Duration::from_millis(400));
        assert_eq!(pause(3, 7.0, None, MINUTE), Duration::from_millis(400));
    }

    #[test]
    fn what_was_asked_for_is_kept_to_within_the_longest() {
        let asked = |ms| Some(Duration::from_millis(ms));
        assert_eq!(pause(1, 0.0, asked(1_500), MINUTE), Duration::from_millis(1_500));
        assert_eq!(pause(4, 0.0, asked(1), MINUTE), Duration::from_millis(1_600));
        assert_eq!(pause(1, 0.0, asked(3_600_000), MINUTE), MINUTE);
    }
}
