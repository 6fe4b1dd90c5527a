//! What SSB and Kartverket publish about the country that the population lives in.
//!
//! The municipalities, counties and urban districts are the real ones, and so are the cities' units
//! but for a few that are made up, so that dated changes happen to somebody. The addresses are
//! those of the population: whoever has one is found in the file, but for some that are too new.

mod address;
mod classification;
mod district;
mod edition;
mod klass;
mod name;

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::Sandbox;
use crate::population::site::{Filed, houses, sites};
use edition::{MOVES, RENAMINGS, Turn};

pub(crate) use edition::{Edition, Editions};

/// The parts that wait to be sent, and how large each is: a slow reader holds up the making.
const PARTS_WAITING: usize = 4;
const PART_BYTES: usize = 64 * 1024;

/// What SSB and Kartverket serve: public, without a token.
pub(crate) fn router(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/klass/v1/classifications/{id}/{resource}", get(klass::get))
        .route(&format!("/kartverket/{}.zip", address::NAME), get(get_addresses))
        .with_state(sandbox)
}

/// The sandbox's own switch between the editions.
pub(crate) fn control(sandbox: Arc<Sandbox>) -> Router {
    Router::new()
        .route("/sandbox/geography", get(get_edition).post(post_edition))
        .with_state(sandbox)
}

async fn get_addresses(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let edition = sandbox.geography.current();
    let houses = houses(sandbox.world.population.persons());
    let (sender, receiver) = mpsc::channel(PARTS_WAITING);
    tokio::task::spawn_blocking(move || {
        let out = BufWriter::with_capacity(PART_BYTES, Parts(sender.clone()));
        if let Err(error) = address::write_archive(out, edition, houses) {
            // Whoever asked may have gone; anyone else learns that the file is not whole.
            let _ = sender.blocking_send(Err(error));
        }
    });
    let parts = stream::unfold(receiver, |mut receiver| async {
        let part = receiver.recv().await?;
        Some((part, receiver))
    });
    ([(CONTENT_TYPE, "application/zip")], Body::from_stream(parts)).into_response()
}

/// Sends what is written to it.
struct Parts(mpsc::Sender<io::Result<Bytes>>);

impl Write for Parts {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(part)));
        sent.map(|()| part.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    edition: Edition,
}

async fn get_edition(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    Json(describe(&sandbox))
}

async fn post_edition(
    State(sandbox): State<Arc<Sandbox>>,
    body: Bytes,
) -> Result<Json<Value>, (StatusCode, Json<Value>)> {
    let wanted: Wanted = serde_json::from_slice(&body).map_err(|_| {
        let message = json!({ "error": "the edition is \"first\" or \"next\"" });
        (StatusCode::BAD_REQUEST, Json(message))
    })?;
    sandbox.geography.serve(wanted.edition);
    Ok(Json(describe(&sandbox)))
}

/// The edition that is served, and what the next has that the first has not.
fn describe(sandbox: &Sandbox) -> Value {
    let edition = sandbox.geography.current();
    let houses = houses(sandbox.world.population.persons());
    let (mut addresses, mut new) = (0_u64, Vec::new());
    for site in sites(houses) {
        addresses += u64::from(edition.has(site.filed()));
        if site.filed() == Filed::Later {
            new.push(site.id().to_string());
        }
    }
    json!({
        "edition": edition,
        "addresses": addresses,
        "next": {
            "movedUnits": turns(MOVES),
            "renamedUnits": turns(RENAMINGS),
            "newAddresses": new,
        },
    })
}

/// What only the next edition tells.
fn turns(table: &[Turn]) -> Vec<Value> {
    let new = table.iter().filter(|turn| turn.since == Edition::Next);
    let shown = new.map(|turn| {
        let (city, unit) = turn.unit;
        json!({
            "unit": format!("{city}{unit:04}"),
            "before": turn.before,
            "after": turn.after,
            "from": turn.on.iso(),
        })
    });
    shown.collect()
}
