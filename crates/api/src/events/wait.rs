//! Waiting for the next event: whoever has caught up need not ask every second.

use std::sync::Arc;
use std::time::Duration;

use register::package::Package;
use store::EventRow;

use super::EventQuery;
use crate::admission::Admission;
use crate::app::App;
use crate::metrics;
use crate::problem::{Code, Problem};

/// How often somebody who waits compares the head of the feed with the one seen; reads memory only.
const HEAD_POLL: Duration = Duration::from_millis(100);

/// The shortest time between two looks into the feed for one who waits for rare types while others
/// happen all the time.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

/// The events asked for: at once if there are any, else when there are some, when the time is up,
/// or when the server is about to stop.
pub(super) async fn events(
    app: &Arc<App>,
    admission: &Admission,
    query: &EventQuery,
    package: Package,
) -> Result<Vec<EventRow>, Problem> {
    // Read before the feed is: what comes in between is looked for once more.
    let seen = app.store.confirmed_head();
    let found = look(app, query, package).await?;
    if !found.is_empty() || query.wait().is_zero() {
        return Ok(found);
    }
    let Ok(_place) = app.waiting_places.try_acquire() else {
        metrics::shed();
        return Err(Code::Overloaded.into());
    };
    let _counted = metrics::Waiting::begun();
    admission.step_aside(query.wait());
    tokio::select! {
        () = app.draining.cancelled() => Ok(found),
        () = tokio::time::sleep(query.wait()) => Ok(found),
        found = next(app, query, package, seen) => found,
    }
}

/// The next events, however long they take.
async fn next(
    app: &App,
    query: &EventQuery,
    package: Package,
    mut seen: i64,
) -> Result<Vec<EventRow>, Problem> {
    let mut pause = HEAD_POLL;
    loop {
        tokio::time::sleep(pause).await;
        let head = app.store.confirmed_head();
        if head <= seen || head < query.sequence_number {
            pause = HEAD_POLL;
            continue;
        }
        seen = head;
        pause = LOOK_PAUSE;
        // The semaphore is never closed: without a permit there is nothing else to go wrong.
        let _turn = app.waiting_looks.acquire().await;
        let found = look(app, query, package).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
}

async fn look(app: &App, query: &EventQuery, package: Package) -> Result<Vec<EventRow>, Problem> {
    let EventQuery { sequence_number, event_types, max_limit, .. } = query;
    Ok(app.store.events(*sequence_number, event_types, *max_limit, package).await?)
}
