//! Changes that happen by themselves, at a rate.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{Sandbox, now};

/// How often the changes that are due are made.
const BEAT: Duration = Duration::from_millis(50);
/// No more than this at once: after a pause of the machine the rate is kept, not caught up.
const BURST_MAX: f64 = 1000.0;

/// Makes `per_second` changes a second until the shutdown.
pub(crate) async fn run(sandbox: Arc<Sandbox>, per_second: f64, shutdown: CancellationToken) {
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut last, mut due) = (Instant::now(), 0.0);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = beat.tick() => {}
        }
        let instant = Instant::now();
        due = (due + (instant - last).as_secs_f64() * per_second).min(BURST_MAX);
        last = instant;
        let count = due.floor();
        due -= count;
        if count < 1.0 {
            continue;
        }
        let sandbox = sandbox.clone();
        let work = move || {
            for _ in 0..count as u32 {
                // A kind that fits nobody just now is passed over; another comes next.
                if let Err(error) = sandbox.maker.make_any(now()) {
                    tracing::debug!(%error, "a change did not happen");
                }
            }
        };
        if tokio::task::spawn_blocking(work).await.is_err() {
            tracing::error!("the change generator stopped");
            return;
        }
    }
}
