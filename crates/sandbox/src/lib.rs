//! The external test environment: a synthetic population and the services round it.
//!
//! Everything a consumer meets outside this house is here in its wire format: the population
//! register (FREG) with its feed, look-ups and extract, the register of contact details (KRR),
//! Maskinporten, HelseID, and a small control interface under `/sandbox` that makes changes and
//! faults happen on demand.

mod ain;
mod calendar;
mod change;
pub mod client;
mod control;
mod dice;
mod freg;
mod generator;
mod geography;
pub mod helseid;
mod krr;
mod maskinporten;
mod page;
pub mod population;
mod world;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use crate::calendar::Moment;
use crate::change::Maker;
use crate::freg::extract::Extracts;
use crate::freg::fault::{Faults, inject};
use crate::helseid::HelseIdSimulator;
use crate::krr::Krr;
use crate::maskinporten::Maskinporten;
use crate::population::{PERSONS_MAX, Population};
use crate::world::World;

/// What a sandbox needs to know before it starts.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// Where to listen; port 0 takes a free port.
    pub listen: SocketAddr,
    /// The address clients reach the sandbox by, without a trailing slash. Empty means
    /// `http://` and the address that was bound.
    pub public_url: String,
    /// How many persons the population starts with, at most [`population::PERSONS_MAX`].
    pub persons: u64,
    /// The seed that decides every person, document and change.
    pub seed: u64,
    /// How many changes a second happen by themselves; zero for none.
    pub changes_per_second: f64,
}

/// Why the sandbox cannot start or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The configuration asks for more persons than numbers reach for.
    #[error("a population has at most {PERSONS_MAX} persons")]
    TooManyPersons,
    /// The rate is negative or no number.
    #[error("changes per second must be zero or more")]
    Rate,
    /// The listener could not be bound or failed while serving.
    #[error("the sandbox cannot listen")]
    Listen(#[source] std::io::Error),
    /// The keys of HelseID or Maskinporten could not be made.
    #[error("the sandbox cannot make its keys")]
    Keys(#[source] ::helseid::KeyFault),
    /// The thread that makes the keys broke off.
    #[error("the sandbox broke off while it made its keys")]
    KeyThread(#[source] tokio::task::JoinError),
}

/// Everything the simulators share.
pub(crate) struct Sandbox {
    /// Without a trailing slash.
    public_url: String,
    world: Arc<World>,
    krr: Arc<Krr>,
    maker: Maker,
    faults: Faults,
    extracts: Extracts,
    geography: geography::Editions,
    maskinporten: Maskinporten,
}

/// Serves every simulator until `shutdown` is cancelled; `ready` gets the bound address.
///
/// # Errors
/// When the configuration cannot be met, or the listener or the keys cannot be had.
pub async fn serve(
    config: SandboxConfig,
    shutdown: CancellationToken,
    ready: oneshot::Sender<SocketAddr>,
) -> Result<(), SandboxError> {
    if config.persons > PERSONS_MAX {
        return Err(SandboxError::TooManyPersons);
    }
    if !(config.changes_per_second >= 0.0 && config.changes_per_second.is_finite()) {
        return Err(SandboxError::Rate);
    }
    let listener = TcpListener::bind(config.listen).await.map_err(SandboxError::Listen)?;
    let address = listener.local_addr().map_err(SandboxError::Listen)?;
    let public_url = match config.public_url.trim_end_matches('/') {
        "" => format!("http://{address}"),
        url => url.to_owned(),
    };
    let (persons, seed) = (config.persons, config.seed);
    // Making RSA keys takes a second of CPU.
    let made = tokio::task::spawn_blocking(move || make(public_url, persons, seed, now())).await;
    let (sandbox, simulator) =
        made.map_err(SandboxError::KeyThread)?.map_err(SandboxError::Keys)?;
    if config.changes_per_second > 0.0 {
        let stop = shutdown.clone();
        tokio::spawn(generator::run(sandbox.clone(), config.changes_per_second, stop));
    }
    // Nobody may be waiting for the address.
    let _ = ready.send(address);
    axum::serve(listener, router(sandbox, simulator))
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
        .map_err(SandboxError::Listen)
}

fn make(
    public_url: String,
    persons: u64,
    seed: u64,
    start: Moment,
) -> Result<(Arc<Sandbox>, Arc<HelseIdSimulator>), ::helseid::KeyFault> {
    let simulator = HelseIdSimulator::new(&public_url)?;
    let world = Arc::new(World::new(Population::new(seed, persons)));
    let krr = Arc::new(Krr::new(world.clone(), start));
    let sandbox = Sandbox {
        maskinporten: Maskinporten::new(&public_url)?,
        maker: Maker::new(world.clone(), krr.clone()),
        faults: Faults::default(),
        extracts: Extracts::default(),
        geography: geography::Editions::default(),
        world,
        krr,
        public_url,
    };
    Ok((Arc::new(sandbox), Arc::new(simulator)))
}

fn router(sandbox: Arc<Sandbox>, simulator: Arc<HelseIdSimulator>) -> Router {
    let faulty = Router::new()
        .merge(freg::router(sandbox.clone()))
        .merge(krr::router(sandbox.clone()))
        .merge(maskinporten::router(sandbox.clone()))
        .merge(geography::router(sandbox.clone()))
        .layer(from_fn_with_state(sandbox.clone(), inject));
    Router::new()
        .merge(faulty)
        .merge(maskinporten::control(sandbox.clone()))
        .merge(control::router(sandbox.clone()))
        .merge(ain::router(sandbox.clone()))
        .merge(geography::control(sandbox.clone()))
        .merge(page::router(sandbox, simulator.clone()))
        .merge(helseid::router(simulator))
}

/// A name that the control interface takes, and what it stands for in a line.
pub type Listed = (&'static str, &'static str);

/// Every kind of change.
pub fn change_kinds() -> impl Iterator<Item = Listed> {
    change::kinds().map(|kind| (kind.name, kind.about))
}

/// Every correction of many persons at once.
pub fn corrections() -> impl Iterator<Item = Listed> {
    change::CORRECTIONS.iter().map(|row| (row.name, row.about))
}

/// Every scenario.
pub fn scenarios() -> impl Iterator<Item = Listed> {
    change::SCENARIOS.iter().map(|row| (row.name, row.about))
}

/// The moment it is.
fn now() -> Moment {
    let now = jiff::Timestamp::now();
    Moment { unix: now.as_second(), nanos: now.subsec_nanosecond().unsigned_abs() }
}
