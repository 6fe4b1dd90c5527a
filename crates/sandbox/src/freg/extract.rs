//! The bulk extract: order a job, wait until it is ready, fetch batches of document identifiers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Sandbox;
use crate::calendar::hex128;
use crate::freg::refusal::Refusal;
use crate::freg::values;

/// The most jobs that are not ready at one time.
const RUNNING_MAX: usize = 10;

/// How jobs behave; the control interface changes it for the jobs to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Pace {
    /// How long a job is not ready, in milliseconds.
    pub(crate) ready_after_ms: u64,
    /// Documents in a batch, at least one.
    pub(crate) batch_size: u64,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { ready_after_ms: 500, batch_size: 5_000 }
    }
}

#[derive(Clone, Copy, Debug)]
struct Job {
    ready: Instant,
    batch_size: u64,
    /// The persons there were when the job was ordered.
    entities: u64,
}

/// All jobs since the start.
#[derive(Debug, Default)]
pub(crate) struct Extracts {
    pace: Mutex<Pace>,
    jobs: Mutex<HashMap<String, Job>>,
}

impl Extracts {
    /// Changes how jobs ordered from now on behave.
    pub(crate) fn set_pace(&self, pace: Pace) {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner) = pace;
    }

    fn order(&self, entities: u64, now: Instant) -> Option<String> {
        let pace = *self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.values().filter(|job| job.ready > now).count() >= RUNNING_MAX {
            return None;
        }
        let id = Uuid::new_v4().to_string();
        let ready = now + Duration::from_millis(pace.ready_after_ms);
        jobs.insert(id.clone(), Job { ready, batch_size: pace.batch_size.max(1), entities });
        Some(id)
    }

    fn job(&self, id: &str) -> Option<Job> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    jobb_id: String,
}

/// A batch; the one after the last has no list.
#[derive(Serialize)]
pub(crate) struct Batch {
    #[serde(skip_serializing_if = "Option::is_none")]
    dokumentidentifikator: Option<Vec<String>>,
}

/// `GET uttrekk/komplett?feedsekvensnr=`.
///
/// A sequence above the newest is taken for the newest. The documents are those that are current
/// when a batch is fetched, so they can be newer than the sequence: the register's own texts
/// disagree on this, and a consumer must cope with the harder case.
pub(crate) async fn get_order(
    State(sandbox): State<Arc<Sandbox>>,
    RawQuery(query): RawQuery,
) -> Result<Json<Order>, Refusal> {
    let query = query.unwrap_or_default();
    let sequence = values(&query, "feedsekvensnr");
    if sequence.first().is_some_and(|text| text.parse::<u64>().is_err()) {
        return Err(Refusal::bad_request("FREG-002", "Ugyldig feedsekvensnr"));
    }
    let jobb_id = sandbox.extracts.order(sandbox.world.entities(), Instant::now());
    let jobb_id = jobb_id.ok_or_else(|| {
        let status = StatusCode::TOO_MANY_REQUESTS;
        Refusal::for_outsiders(status, "FREG-429", "For mange samtidige jobber")
    })?;
    Ok(Json(Order { jobb_id }))
}

/// `GET uttrekk/{jobbid}/batch/{batchnr}`.
pub(crate) async fn get_batch(
    State(sandbox): State<Arc<Sandbox>>,
    Path((id, number)): Path<(String, String)>,
) -> Result<Json<Batch>, Refusal> {
    let number: u64 =
        number.parse().map_err(|_| Refusal::bad_request("FREG-002", "Ugyldig batchnr"))?;
    let gone = || Refusal::gone("FREG-008", "Jobben finnes ikke");
    let job = sandbox.extracts.job(&id).ok_or_else(gone)?;
    if Instant::now() < job.ready {
        return Err(Refusal::not_found("FREG-009", "Jobben er ikke klar"));
    }
    let start = number.saturating_mul(job.batch_size);
    if start >= job.entities {
        return Ok(Json(Batch { dokumentidentifikator: None }));
    }
    let end = start.saturating_add(job.batch_size).min(job.entities);
    let documents = sandbox.world.documents(start..end).into_iter().map(hex128).collect();
    Ok(Json(Batch { dokumentidentifikator: Some(documents) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ten_jobs_run_at_once() {
        let extracts = Extracts::default();
        let now = Instant::now();
        let orders: Vec<_> = (0..11).map(|_| extracts.order(5, now)).collect();
        assert_eq!(orders.iter().filter(|order| order.is_some()).count(), 10);
        assert!(extracts.order(5, now + Duration::from_secs(1)).is_some());
    }
}
