//! Faults on demand: what the network, the firewall and the register itself do on a bad day.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::freg::refusal::Refusal;
use crate::{Sandbox, krr};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultKind {
    /// The firewall's page instead of an answer, with status 200.
    Html,
    /// The answer ends half-way.
    Truncated,
    /// Throttled; `Retry-After` is in milliseconds, as the register has it.
    #[serde(rename = "429")]
    Throttled,
    /// Down.
    #[serde(rename = "503")]
    Unavailable,
    /// The answer comes two seconds late.
    Slow,
    /// The first document of the answer has no number.
    MissingNumber,
    /// A page of the feed with every third event twice.
    FeedDuplicates,
    /// A page of the feed with neighbours in each other's place.
    FeedOutOfOrder,
    /// The feed leaves out `count` sequences, once, before its next event.
    SequenceHole,
    /// The next `count` events say that they happened days before.
    LateTimestamp,
    /// The feed drops its oldest `count` events, as the register drops those past its retention.
    ForgottenEvents,
}

/// A fault for the next requests that match.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// How many requests it hits; of those that happen to the feed itself, how many events.
    #[serde(default = "once")]
    pub(crate) count: u32,
    /// Only requests whose path contains this; all if empty.
    #[serde(default)]
    pub(crate) path_contains: String,
}

fn once() -> u32 {
    1
}

/// The faults still to come, in the order they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds a fault after those that wait.
    pub(crate) fn add(&self, fault: Fault) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Forgets all that wait.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The faults that wait.
    pub(crate) fn waiting(&self) -> Vec<Fault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn take(&self, path: &str) -> Option<FaultKind> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        faults.retain(|fault| fault.count > 0);
        let fault = faults.iter_mut().find(|fault| path.contains(&fault.path_contains))?;
        fault.count -= 1;
        Some(fault.kind)
    }
}

/// Tells the handler to leave the number out of the first document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WithoutNumber;

/// Tells the feed to answer in disorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Disorder {
    Duplicates,
    OutOfOrder,
}

const THROTTLED_FOR_MS: HeaderValue = HeaderValue::from_static("750");
const LATE: Duration = Duration::from_secs(2);
const FIREWALL_PAGE: &str = "<html><head><title>Request Rejected</title></head><body>The requested \
     URL was rejected. Please consult with your administrator.<br><br>Your support ID is: \
     4242424242424242424</body></html>";

/// Lets the next waiting fault happen to a request.
pub(crate) async fn inject(
    State(sandbox): State<Arc<Sandbox>>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(kind) = sandbox.faults.take(request.uri().path()) else {
        return next.run(request).await;
    };
    let at_krr = request.uri().path().starts_with(krr::BASE);
    match kind {
        FaultKind::Html => {
            ([(CONTENT_TYPE, "text/html; charset=utf-8")], FIREWALL_PAGE).into_response()
        }
        FaultKind::Throttled if at_krr => krr::Refusal::throttled().into_response(),
        FaultKind::Unavailable if at_krr => krr::Refusal::unavailable().into_response(),
        FaultKind::Throttled => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let refusal = Refusal::for_outsiders(status, "FREG-429", "For mange kall");
            ([(RETRY_AFTER, THROTTLED_FOR_MS)], refusal).into_response()
        }
        FaultKind::Unavailable => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Refusal::for_outsiders(status, "FREG-503", "Tjenesten er nede").into_response()
        }
        FaultKind::Slow => {
            tokio::time::sleep(LATE).await;
            next.run(request).await
        }
        FaultKind::Truncated => truncate(next.run(request).await).await,
        FaultKind::MissingNumber => {
            request.extensions_mut().insert(WithoutNumber);
            next.run(request).await
        }
        FaultKind::FeedDuplicates => {
            request.extensions_mut().insert(Disorder::Duplicates);
            next.run(request).await
        }
        FaultKind::FeedOutOfOrder => {
            request.extensions_mut().insert(Disorder::OutOfOrder);
            next.run(request).await
        }
        // These happen to the feed when they are asked for, and never wait.
        FaultKind::SequenceHole | FaultKind::LateTimestamp | FaultKind::ForgottenEvents => {
            next.run(request).await
        }
    }
}

/// Half of the answer, as if it were all.
async fn truncate(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(whole.slice(..whole.len() / 2)))
}
