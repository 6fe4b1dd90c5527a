//! The place of a request among those in progress, and by when it must be answered.
//!
//! A request that waits for the next event works on nothing meanwhile. It gives its place back and
//! gets more time, so that a thousand readers who wait take nothing from those who ask.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::config::ms;
use crate::metrics;
use crate::problem::{Code, Problem};

/// The end of the route that has places of its own: how far the feed has come is asked for to see
/// whether the service lives, and must be answered while lookups are refused.
const FEED_HEAD: &str = "/event/latest";

/// An admitted request.
#[derive(Clone)]
pub(crate) struct Admission(Arc<Mutex<Admitted>>);

struct Admitted {
    place: Option<(OwnedSemaphorePermit, metrics::InProgress)>,
    deadline: Instant,
}

impl Admission {
    /// Gives the place back, and lets the request take so much longer.
    pub(crate) fn step_aside(&self, longer: Duration) {
        let mut admitted = self.lock();
        admitted.place = None;
        admitted.deadline += longer;
    }

    fn deadline(&self) -> Instant {
        self.lock().deadline
    }

    fn lock(&self) -> MutexGuard<'_, Admitted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FromRequestParts<Arc<App>> for Admission {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        // Every route that has handlers with this argument is behind `admit`.
        parts.extensions.get().cloned().ok_or_else(|| Problem::new(Code::InternalError))
    }
}

/// Lets a request in if there is a place, and gives it up when it takes too long. Does not queue:
/// a request without a place is refused at once, so that a rush is over when it is over.
pub(crate) async fn admit(
    State(app): State<Arc<App>>,
    route: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    let is_head = route.as_str().ends_with(FEED_HEAD);
    let places = if is_head { &app.feed_head_places } else { &app.places };
    let Ok(place) = places.clone().try_acquire_owned() else {
        metrics::shed();
        return Problem::new(Code::Overloaded).into_response();
    };
    let deadline = Instant::now() + ms(app.config.timeouts.request_ms);
    let place = Some((place, metrics::InProgress::begun()));
    let admission = Admission(Arc::new(Mutex::new(Admitted { place, deadline })));
    request.extensions_mut().insert(admission.clone());
    let mut answer = std::pin::pin!(next.run(request));
    loop {
        let deadline = admission.deadline();
        tokio::select! {
            response = &mut answer => return response,
            () = sleep_until(deadline) => {
                if admission.deadline() == deadline {
                    return Problem::new(Code::TooSlow).into_response();
                }
            }
        }
    }
}
