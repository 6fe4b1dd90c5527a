//! A load, step by step: fetch, read, compare, refuse or report, write, make current.
//!
//! Until the last step nothing that others see has changed, and the last step is one transaction. A
//! load that is killed leaves nothing behind.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use register::geography::{Address, Builder, Changes, Geography};
use register::time::Day;
use reqwest::Url;
use store::{Election, GeographyRows, GeographyVersion, NewGeography, Store, WriterLock};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::archive::{self, Rows};
use super::check;
use super::download::{Fetcher, Wanted, unnamed_file};
use super::error::{ArchiveError, GeographyError};
use super::klass;
use super::load;
use super::persons::{self, Comparison};
use super::progress::{GeographyProgress, Progress, Step};
use super::report::{GeographyReport, LeftOut, Outcome, SourceReport, tables};
use crate::Keys;
use crate::config::GeographyConfig;

/// How many addresses are told of, and written, at once.
const CHUNK: usize = 20_000;
/// How many such chunks may wait to be written.
const CHUNKS_AHEAD: usize = 4;

/// How a load is to be done.
#[derive(Clone, Debug)]
pub struct UpdateOptions {
    /// Say what would happen, and no more.
    pub report_only: bool,
    /// Load what would be refused.
    pub force: bool,
    /// A folder with Klass's tables, instead of Klass.
    pub klass_dir: Option<PathBuf>,
    /// The archive of addresses, instead of Kartverket's.
    pub addresses: Option<PathBuf>,
    /// Today in Oslo.
    pub today: Day,
}

/// Loads geography, if it has changed and nothing speaks against it.
///
/// # Errors
/// What cannot be fetched or read, another load under way, the database. Nothing has changed then,
/// but for [`StoreError::CommitUnknown`](store::StoreError::CommitUnknown): loading again tells.
pub async fn update(
    config: &GeographyConfig,
    store: &Store,
    keys: &Keys,
    options: &UpdateOptions,
    progress: &Progress,
    shutdown: &CancellationToken,
) -> Result<GeographyReport, GeographyError> {
    let election = store.elect_writer(WriterLock::Geography).await?;
    let mut election = election.ok_or(GeographyError::Busy)?;
    let load = Load { config, store, keys, options, progress, shutdown };
    let outcome = load.run(&mut election).await;
    election.resign().await;
    outcome
}

struct Load<'a> {
    config: &'a GeographyConfig,
    store: &'a Store,
    keys: &'a Keys,
    options: &'a UpdateOptions,
    progress: &'a Progress,
    shutdown: &'a CancellationToken,
}

/// What was read of the sources.
struct Fresh {
    geography: Arc<Geography>,
    rows: GeographyRows,
    addresses: Rows,
    sources: Vec<SourceReport>,
    left_out: LeftOut,
}

impl Load<'_> {
    async fn run(&self, election: &mut Election) -> Result<GeographyReport, GeographyError> {
        let (answers, archive) = self.sources().await?;
        let exceptions = self.config.exceptions();
        let exceptions =
            exceptions.map_err(|faults| GeographyError::Configuration(faults.join("; ")))?;
        let (rows, sources) = answers.read(exceptions)?;
        let archive = Arc::new(archive);
        let fresh = self.read(rows, sources, Arc::clone(&archive)).await?;
        let current = self.store.current_geography().await?;
        let mut report = self.compare(&fresh, current.as_ref()).await?;
        match report.outcome {
            Outcome::Unchanged if !self.options.report_only => {
                self.store.geography_checked(report.version.unwrap_or_default()).await?;
            }
            Outcome::Loaded => {
                report.version = Some(self.write(&fresh, &report, archive, election).await?);
            }
            Outcome::Unchanged | Outcome::Reported | Outcome::Refused => {}
        }
        Ok(report)
    }

    /// Fetches or opens the sources.
    async fn sources(&self) -> Result<(klass::Answers, File), GeographyError> {
        let fetcher = Fetcher::new(self.config, self.progress, self.shutdown)?;
        let answers = match &self.options.klass_dir {
            Some(folder) => klass::open(folder, self.config)?,
            None => klass::fetch(&fetcher, self.config, self.options.today).await?,
        };
        let archive = match &self.options.addresses {
            Some(path) => File::open(path)
                .map_err(|source| GeographyError::File { path: path.clone(), source })?,
            None => fetcher.fetch(&self.wanted_archive()?, unnamed_file).await?,
        };
        Ok((answers, archive))
    }

    fn wanted_archive(&self) -> Result<Wanted, GeographyError> {
        let url = Url::parse(&self.config.address_url).map_err(|_| {
            GeographyError::Configuration("geography.address_url cannot be used".to_owned())
        })?;
        Ok(Wanted {
            what: "the archive of addresses",
            url,
            accept: "application/zip, */*",
            bytes_max: self.config.archive_bytes_max,
            step: Step::Archive,
        })
    }

    /// Builds the geography of the sources.
    async fn read(
        &self,
        rows: GeographyRows,
        mut sources: Vec<SourceReport>,
        archive: Arc<File>,
    ) -> Result<Fresh, GeographyError> {
        let (bytes_max, mut told) = (self.config.unpacked_bytes_max, self.told(Step::Reading));
        let reading = tokio::task::spawn_blocking(move || {
            let mut builder = Builder::default();
            rows.clone().add_to(&mut builder);
            let addresses = archive::read(&archive, bytes_max, |address| {
                builder.address(&address);
                told(1)
            })?;
            let (geography, left_out) = builder.build();
            sources.push(SourceReport::addresses(&addresses));
            let left_out = LeftOut::of(&left_out);
            Ok(Fresh { geography: Arc::new(geography), rows, addresses, sources, left_out })
        });
        reading.await?.map_err(|error| self.unless_stopped(error))
    }

    /// What stopped somebody who was told to stop is that.
    fn unless_stopped(&self, error: ArchiveError) -> GeographyError {
        match error {
            ArchiveError::Unwanted if self.shutdown.is_cancelled() => GeographyError::Stopped,
            error => error.into(),
        }
    }

    /// Counts addresses and tells how many; a break when the load is to stop.
    fn told(&self, step: Step) -> impl FnMut(usize) -> ControlFlow<()> + Send + use<> {
        let (progress, shutdown) = (self.progress.clone(), self.shutdown.clone());
        let (mut done, mut next) = (0, 0);
        move |more| {
            done += more;
            if done < next {
                return ControlFlow::Continue(());
            }
            next = done + CHUNK;
            progress.send_replace(GeographyProgress::new(step, done as u64, None));
            if shutdown.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    /// Compares with what is current, and decides.
    async fn compare(
        &self,
        fresh: &Fresh,
        current: Option<&GeographyVersion>,
    ) -> Result<GeographyReport, GeographyError> {
        let today = self.options.today;
        let new = Arc::clone(&fresh.geography);
        let digest = tokio::task::spawn_blocking(move || new.version().to_string()).await?;
        let old = match current {
            Some(current) if current.digest == digest => Arc::clone(&fresh.geography),
            Some(current) => Arc::new(load(self.store, current.id).await?),
            None => Arc::new(Builder::default().build().0),
        };
        let unchanged = Arc::ptr_eq(&old, &fresh.geography);
        let comparison = self.comparison(old, Arc::clone(&fresh.geography)).await?;
        let geography = &fresh.geography;
        let sizes = (comparison.old.sizes(), geography.sizes());
        let tables = tables(&sizes.0, &sizes.1, &comparison.changes);
        let cities = check::cities(&self.config.cities(), &fresh.rows, geography, today);
        let refusals =
            check::refusals(self.config, &fresh.sources, &tables, &cities, geography, today);
        let unserved = geography.unserved_units(today);
        let mut report = GeographyReport {
            outcome: self.outcome(unchanged, !refusals.is_empty()),
            version: current.filter(|_| unchanged).map(|current| current.id),
            digest,
            previous_digest: current.map(|current| current.digest.clone()),
            sources: fresh.sources.clone(),
            tables,
            left_out: fresh.left_out,
            cities,
            unserved_units: unserved.iter().map(ToString::to_string).collect(),
            persons: None,
            refusals: refusals.iter().map(ToString::to_string).collect(),
        };
        if self.options.report_only && !unchanged || report.outcome == Outcome::Loaded {
            let (store, keys) = (self.store, self.keys);
            let persons = persons::count(store, keys, comparison, self.progress, self.shutdown);
            report.persons = Some(persons.await?);
        }
        Ok(report)
    }

    async fn comparison(
        &self,
        old: Arc<Geography>,
        new: Arc<Geography>,
    ) -> Result<Comparison, GeographyError> {
        let today = self.options.today;
        let comparing = tokio::task::spawn_blocking(move || {
            let changes = Changes::between((&old, today), (&new, today));
            Comparison { old, new, changes, today }
        });
        Ok(comparing.await?)
    }

    fn outcome(&self, unchanged: bool, refused: bool) -> Outcome {
        if unchanged {
            Outcome::Unchanged
        } else if refused && !self.options.force {
            Outcome::Refused
        } else if self.options.report_only {
            Outcome::Reported
        } else {
            Outcome::Loaded
        }
    }

    /// Writes the version and makes it current. Returns its id.
    async fn write(
        &self,
        fresh: &Fresh,
        report: &GeographyReport,
        archive: Arc<File>,
        election: &mut Election,
    ) -> Result<i64, GeographyError> {
        let deleted = self.store.delete_old_geographies().await?;
        tracing::debug!(deleted, "old versions of the geography deleted");
        let text = serde_json::to_string(report).unwrap_or_else(|_| "null".to_owned());
        let new = NewGeography {
            digest: &report.digest,
            rows: &fresh.rows,
            unserved_units: report.unserved_units.len() as i64,
            report: &text,
        };
        let mut stage = self.store.stage_geography(&new).await?;
        let (sender, mut chunks) = mpsc::channel::<Vec<Address>>(CHUNKS_AHEAD);
        let bytes_max = self.config.unpacked_bytes_max;
        let reading = tokio::task::spawn_blocking(move || send(&archive, bytes_max, &sender));
        let mut told = self.told(Step::Writing);
        while let Some(chunk) = chunks.recv().await {
            stage.addresses(&chunk).await?;
            if told(chunk.len()).is_break() {
                return Err(GeographyError::Stopped);
            }
        }
        if reading.await?? != fresh.addresses {
            return Err(GeographyError::Changed);
        }
        if self.shutdown.is_cancelled() {
            return Err(GeographyError::Stopped);
        }
        if !election.still_held().await {
            return Err(GeographyError::Busy);
        }
        Ok(stage.activate().await?)
    }
}

/// Reads the archive again, for the store: millions of rows are not kept in between.
fn send(
    archive: &File,
    bytes_max: u64,
    to: &mpsc::Sender<Vec<Address>>,
) -> Result<Rows, ArchiveError> {
    let mut chunk = Vec::with_capacity(CHUNK);
    let rows = archive::read(archive, bytes_max, |address| {
        chunk.push(address);
        if chunk.len() < CHUNK {
            return ControlFlow::Continue(());
        }
        match to.blocking_send(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    to.blocking_send(chunk).map_err(|_| ArchiveError::Unwanted)?;
    Ok(rows)
}
