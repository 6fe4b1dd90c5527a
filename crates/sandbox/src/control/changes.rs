//! Changes on demand: one, many of a kind, a correction of many at once, a scenario.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Fails, fails, read};
use crate::change::{
    CORRECTIONS, Correction, Done, EXPIRES, Kind, PlanError, Played, SCENARIOS, Scenario, kinds,
};
use crate::{Sandbox, now};

/// The most changes in one call.
const COUNT_MAX: u32 = 100_000;

/// `GET /sandbox/kinds`: everything that can be asked for.
pub(super) async fn get_kinds() -> Json<Value> {
    let kinds: Vec<Value> = kinds()
        .map(|kind| {
            json!({
                "name": kind.name,
                "about": kind.about,
                "events": kind.events,
                "weekly": kind.weekly,
            })
        })
        .collect();
    let corrections: Vec<Value> = CORRECTIONS
        .iter()
        .map(|row| json!({ "name": row.name, "about": row.about, "event": row.event }))
        .collect();
    let scenarios: Vec<Value> =
        SCENARIOS.iter().map(|row| json!({ "name": row.name, "about": row.about })).collect();
    Json(json!({ "kinds": kinds, "corrections": corrections, "scenarios": scenarios }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeAsked {
    kind: String,
    number: Option<String>,
    count: Option<u32>,
    /// For what happens by itself later: in how many seconds.
    seconds: Option<u32>,
}

/// `POST /sandbox/changes`: one change, told in full, or so many of a kind, counted.
pub(super) async fn post_change(
    State(sandbox): State<Arc<Sandbox>>,
    body: Bytes,
) -> Result<Json<Value>, Fails> {
    let asked: ChangeAsked = read(&body)?;
    let kind = Kind::from_name(&asked.kind)
        .ok_or_else(|| unknown("kind", kinds().map(|kind| kind.name)))?;
    if asked.seconds.is_some() && kind.name != EXPIRES {
        let message = format!("seconds belong to {EXPIRES} alone");
        return Err(fails(StatusCode::BAD_REQUEST, message));
    }
    let maker = Arc::clone(&sandbox);
    let make = move || maker.maker.make_ahead(kind, asked.number.as_deref(), asked.seconds, now());
    let Some(count) = asked.count else {
        let done = run(make).await?;
        let mut answer = told(&done);
        if kind.name == EXPIRES {
            // Later than asked for on the few days of a year that nothing ends on.
            let end = sandbox.krr.record(&done.number).expires();
            answer["expiresInSeconds"] = json!(end.map(|end| end.unix - now().unix));
        }
        return Ok(Json(answer));
    };
    if count > COUNT_MAX {
        let message = format!("count must be at most {COUNT_MAX}");
        return Err(fails(StatusCode::BAD_REQUEST, message));
    }
    let work = move || (0..count).map(|_| make()).collect::<Result<Vec<Done>, PlanError>>();
    Ok(Json(counted(&run(work).await?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionAsked {
    name: String,
    count: Option<u64>,
}

/// `POST /sandbox/corrections`: a correction of up to `count` persons at once, all without one.
pub(super) async fn post_correction(
    State(sandbox): State<Arc<Sandbox>>,
    body: Bytes,
) -> Result<Json<Value>, Fails> {
    let asked: CorrectionAsked = read(&body)?;
    let correction = Correction::from_name(&asked.name)
        .ok_or_else(|| unknown("name", CORRECTIONS.iter().map(|row| row.name)))?;
    let count = asked.count.unwrap_or(u64::MAX);
    let mass = run(move || sandbox.maker.correct(correction, count, now())).await?;
    let persons = mass.entities.len();
    let first = mass.first;
    Ok(Json(json!({
        "name": correction.name,
        "persons": persons,
        "type": correction.event,
        "firstSequence": first,
        "lastSequence": first.map(|first| first + persons as i64 - 1),
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioAsked {
    name: String,
}

/// `POST /sandbox/scenarios`.
pub(super) async fn post_scenario(
    State(sandbox): State<Arc<Sandbox>>,
    body: Bytes,
) -> Result<Json<Value>, Fails> {
    let asked: ScenarioAsked = read(&body)?;
    let scenario = Scenario::from_name(&asked.name)
        .ok_or_else(|| unknown("name", SCENARIOS.iter().map(|row| row.name)))?;
    let played: Played = run(move || sandbox.maker.play(scenario, now())).await?;
    let mut answer = counted(&played.changes);
    answer["scenario"] = json!(scenario.name);
    let kinds: Vec<&str> = played.changes.iter().map(|done| done.kind).collect();
    answer["kinds"] = json!(kinds);
    let masses = played.masses.iter();
    let masses = masses.map(|(name, persons)| json!({ "name": name, "persons": persons }));
    answer["corrections"] = masses.collect();
    Ok(Json(answer))
}

fn unknown(field: &str, names: impl Iterator<Item = &'static str>) -> Fails {
    let names: Vec<&str> = names.collect();
    fails(StatusCode::BAD_REQUEST, format!("{field} must be one of {}", names.join(", ")))
}

/// Runs what takes a while beside the server's own threads.
async fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PlanError> + Send + 'static,
) -> Result<T, Fails> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|_| fails(StatusCode::INTERNAL_SERVER_ERROR, "the change failed"))?;
    done.map_err(|error| match error {
        PlanError::UnknownNumber => fails(StatusCode::NOT_FOUND, error),
        _ => fails(StatusCode::CONFLICT, error),
    })
}

fn told(done: &Done) -> Value {
    let event =
        |event: &crate::world::Event| json!({ "sequence": event.sequence, "type": event.kind });
    json!({
        "events": done.events.iter().map(event).collect::<Vec<Value>>(),
        "number": done.number,
        "numbers": done.numbers,
        "personsTouched": done.persons_touched,
        "contactChanges": done.contacts,
    })
}

fn counted(changes: &[Done]) -> Value {
    let sequences = || changes.iter().flat_map(|done| &done.events).map(|event| event.sequence);
    json!({
        "changes": changes.len(),
        "events": sequences().count(),
        "firstSequence": sequences().min(),
        "lastSequence": sequences().max(),
        "contactChanges": changes.iter().map(|done| done.contacts.len()).sum::<usize>(),
    })
}
