//! What persons are enriched with: which geography, on which day, and how everybody gets there.
//!
//! At any time each person is stored as enriched with one of two: what everybody has been enriched
//! with (done), or what is being reached (the target), which is also what is used for all that is
//! written meanwhile. A newer geography or day is therefore taken up only when the sweep to the one
//! before has come to its end: then what differs between the two names everybody who may have to be
//! rendered anew, and nobody is left behind at something in between.

use std::sync::Arc;
use std::time::{Duration, Instant as Stopwatch, SystemTime};

use register::geography::{Builder, Changes, Geography};
use store::{EnrichedWith, Enrichment, Store};
use tokio::task::JoinHandle;

use super::{ApplyError, metrics};
use crate::clock::Clock;
use crate::geography::{self, GeographyError};

/// How often a newer geography and another day are asked for.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How long to wait after a geography that could not be loaded.
const ASK_AFTER_FAULT: Duration = Duration::from_secs(30);

/// What persons are enriched with, and how far the sweep is.
pub struct Enriching {
    store: Store,
    clock: Clock,
    with: EnrichedWith,
    geography: Arc<Geography>,
    sweep: Option<Sweep>,
    preparing: Option<JoinHandle<Result<Option<Adoption>, GeographyError>>>,
    ask_at: Stopwatch,
}

/// A sweep under way.
#[derive(Clone)]
pub struct Sweep {
    /// What those were enriched with that it has not come to; none where that is not known.
    pub done: Option<EnrichedWith>,
    /// What may come out different; none where everything may.
    pub changes: Option<Arc<Changes>>,
    /// The ordinal of the person that is looked at next.
    pub next_ordinal: i64,
}

/// What is to be taken up, and what it changes.
pub struct Adoption {
    with: EnrichedWith,
    geography: Arc<Geography>,
    loaded_at: Option<SystemTime>,
    changes: Changes,
}

impl Enriching {
    /// Goes on from what is stored. What cannot be gone on from, because nothing is known or a
    /// version is gone, is begun anew: everybody is looked at.
    pub async fn start(store: &Store, clock: &Clock) -> Result<Self, ApplyError> {
        let stored = store.enrichment().await?;
        let today = clock.now().day();
        let current = store.current_geography().await?;
        let known = match stored.target.or(stored.done) {
            Some(with) => load_if_stored(store, with.version).await?.map(|held| (with, held)),
            None => None,
        };
        let (with, geography, sweep) = match known {
            Some((with, geography)) if stored.target.is_some() => {
                let sweep = resume(store, &stored, with, &geography).await?;
                (with, geography, Some(sweep))
            }
            Some((with, geography)) => (with, geography, None),
            None => {
                let version = current.as_ref().map(|version| version.id);
                let geography = load(store, version).await?;
                let sweep = Sweep { done: None, changes: None, next_ordinal: 1 };
                (EnrichedWith { version, day: today }, geography, Some(sweep))
            }
        };
        let same = current.filter(|version| Some(version.id) == with.version);
        metrics::geography(with.version, same.map(|version| version.loaded_at));
        tracing::info!(version = with.version, sizes = ?geography.sizes(), "geography loaded");
        Ok(Self {
            store: store.clone(),
            clock: clock.clone(),
            with,
            geography,
            sweep,
            preparing: None,
            ask_at: Stopwatch::now(),
        })
    }

    /// What is written now is enriched with this.
    pub fn with(&self) -> EnrichedWith {
        self.with
    }

    /// The geography of [`Self::with`].
    pub fn geography(&self) -> &Arc<Geography> {
        &self.geography
    }

    /// The sweep under way.
    pub fn sweep(&self) -> Option<&Sweep> {
        self.sweep.as_ref()
    }

    /// What is to be taken up, if it has been made ready. Asks and loads in the background, never
    /// while a sweep is under way.
    pub async fn ready(&mut self) -> Result<Option<Adoption>, ApplyError> {
        if self.sweep.is_some() {
            return Ok(None);
        }
        let Some(task) = self.preparing.take_if(|task| task.is_finished()) else {
            if self.preparing.is_none() && Stopwatch::now() >= self.ask_at {
                let (store, clock) = (self.store.clone(), self.clock.clone());
                let next = next(store, clock, self.with, Arc::clone(&self.geography));
                self.preparing = Some(tokio::spawn(next));
            }
            return Ok(None);
        };
        self.ask_at = Stopwatch::now() + ASK_EVERY;
        match task.await? {
            Ok(adoption) => Ok(adoption),
            Err(error) => {
                self.ask_at = Stopwatch::now() + ASK_AFTER_FAULT;
                metrics::geography_fault();
                let error = super::chain(&error);
                tracing::warn!(error, "geography cannot be loaded; the one before goes on");
                Ok(None)
            }
        }
    }

    /// What the store is to be told before this is taken up.
    pub fn row_of(&self, adoption: &Adoption) -> Enrichment {
        let (old, new) = (Some(self.with), Some(adoption.with));
        if adoption.changes.is_empty() {
            Enrichment { done: new, target: None, next_ordinal: 1 }
        } else {
            Enrichment { done: old, target: new, next_ordinal: 1 }
        }
    }

    /// Takes it up.
    pub fn adopt(&mut self, adoption: Adoption) {
        let Adoption { with, geography, loaded_at, changes } = adoption;
        let (version, keys) = (with.version, changes.keys().len());
        tracing::info!(version, day = %with.day.date(), changes = keys, "another geography or day");
        metrics::geography(version, loaded_at);
        if !changes.is_empty() {
            let (done, changes) = (Some(self.with), Some(Arc::new(changes)));
            self.sweep = Some(Sweep { done, changes, next_ordinal: 1 });
        }
        (self.with, self.geography) = (with, geography);
    }

    /// What the store is to be told with a round that ends before the person with this ordinal.
    pub fn row_after(&self, sweep: &Sweep, next_ordinal: i64, finished: bool) -> Enrichment {
        let with = Some(self.with);
        if finished {
            Enrichment { done: with, target: None, next_ordinal: 1 }
        } else {
            Enrichment { done: sweep.done, target: with, next_ordinal }
        }
    }

    /// Notes a round that is written.
    pub fn swept(&mut self, next_ordinal: i64, finished: bool) {
        match &mut self.sweep {
            Some(sweep) if !finished => sweep.next_ordinal = next_ordinal,
            sweep => *sweep = None,
        }
    }
}

/// A sweep that another process has begun. Where what was before is gone, everybody who is left is
/// looked at.
async fn resume(
    store: &Store,
    stored: &Enrichment,
    with: EnrichedWith,
    geography: &Arc<Geography>,
) -> Result<Sweep, ApplyError> {
    let before = match stored.done {
        Some(done) => load_if_stored(store, done.version).await?.map(|held| (done, held)),
        None => None,
    };
    let changes = match before {
        Some((done, before)) => {
            Some(Arc::new(between((before, done), (Arc::clone(geography), with)).await?))
        }
        None => None,
    };
    Ok(Sweep { done: stored.done, changes, next_ordinal: stored.next_ordinal })
}

/// What is newer than this, if anything is.
async fn next(
    store: Store,
    clock: Clock,
    with: EnrichedWith,
    geography: Arc<Geography>,
) -> Result<Option<Adoption>, GeographyError> {
    let current = store.current_geography().await?;
    let version = current.as_ref().map(|version| version.id);
    let new = EnrichedWith { version, day: clock.now().day() };
    if new == with {
        return Ok(None);
    }
    let held = Arc::clone(&geography);
    let new_geography = if version == with.version { held } else { load(&store, version).await? };
    let changes = between((geography, with), (Arc::clone(&new_geography), new)).await?;
    let loaded_at = current.map(|version| version.loaded_at);
    Ok(Some(Adoption { with: new, geography: new_geography, loaded_at, changes }))
}

type At = (Arc<Geography>, EnrichedWith);

async fn between(old: At, new: At) -> Result<Changes, GeographyError> {
    let changes = tokio::task::spawn_blocking(move || {
        Changes::between((&old.0, old.1.day), (&new.0, new.1.day))
    });
    Ok(changes.await?)
}

/// Without a version there is nothing in it.
async fn load(store: &Store, version: Option<i64>) -> Result<Arc<Geography>, GeographyError> {
    Ok(Arc::new(match version {
        Some(version) => geography::load(store, version).await?,
        None => Builder::default().build().0,
    }))
}

async fn load_if_stored(
    store: &Store,
    version: Option<i64>,
) -> Result<Option<Arc<Geography>>, GeographyError> {
    match load(store, version).await {
        Ok(geography) => Ok(Some(geography)),
        Err(GeographyError::Missing { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// True when trying again may help.
pub fn passes(error: &GeographyError) -> bool {
    match error {
        GeographyError::Store(error) => super::store_fault_passes(error),
        GeographyError::Missing { .. } => true,
        _ => false,
    }
}
