//! Contacts: one process brings what KRR says of everybody, and publishes it to `krr.contacts`.
//!
//! Two readers work side by side, so that neither waits for the other: the [`feed`] of changes, from
//! where KRR stood when we began, and the [`lookups`] of everybody in the register whose number in
//! use nothing is stored about. The cursor of each moves only when the broker has acknowledged, so
//! whatever ends a run, the step is done again: it may come twice, which apply recognises, and it
//! is never left out.

mod feed;
mod lookups;
mod metrics;

use std::time::Duration;

use sources::krr::persons::Listed;
use store::{Election, Store, WriterLock};
use tokio_util::sync::CancellationToken;

use crate::config::IngestConfig;
use crate::error::{IngestError, chain};
use crate::kafka::{self, Outgoing, Publisher};
use crate::krr_client::KrrClient;
use crate::record::{ContactRecord, RecordError, seal_record};
use crate::stop::unless_stopped;
use crate::{Keys, elected, retry};

/// The name of the feed's cursor in the store. It is KRR's id of the last change that has been
/// collected: what the next page is asked to begin after.
pub const FEED: &str = "krr";
/// The name of the lookups' cursor in the store: the ordinal of the next person to look at.
pub const LOOKUPS: &str = "krr.lookup";
/// How long to wait before looking again whether we are still elected, or for the feed's first
/// reading.
const PAUSE: Duration = Duration::from_secs(1);

/// Collects until shutdown is asked for; where no KRR is configured, it only waits for that. Of
/// several processes one collects and the others wait. KRR being away, or refusing us, is told and
/// waited out: nobody else must stop for it.
///
/// # Errors
/// When KRR's configuration or our keys cannot be used.
pub async fn run(
    config: &IngestConfig,
    store: &Store,
    keys: &Keys,
    shutdown: &CancellationToken,
) -> Result<(), IngestError> {
    if !config.krr.is_used() {
        tracing::info!("ingest.krr.base_url is empty: no contact details are collected");
        shutdown.cancelled().await;
        return Ok(());
    }
    let client = KrrClient::new(&config.krr, shutdown.clone())?;
    let publisher = Publisher::new(&config.kafka);
    let collector = Collector { config, store, keys, client, publisher, shutdown };
    let work = |election| collector.while_elected(election);
    elected::run(store, WriterLock::Contacts, "collecting contact details", shutdown, work).await
}

struct Collector<'a> {
    config: &'a IngestConfig,
    store: &'a Store,
    keys: &'a Keys,
    client: KrrClient,
    publisher: Publisher,
    shutdown: &'a CancellationToken,
}

impl Collector<'_> {
    async fn while_elected(&self, election: Election) -> Result<(), IngestError> {
        unless_stopped(self.shutdown, kafka::ensure_topics(&self.config.kafka)).await?;
        let held = elected::hold(election, self.shutdown);
        tokio::try_join!(held, self.follow(), self.look_up()).map(|_| ())
    }

    /// Waits after a step: as long as it says, or longer and longer while KRR refuses us, which an
    /// operator on one side or the other will mend.
    async fn rest(
        &self,
        step: Result<Duration, IngestError>,
        failures: &mut u32,
        reader: &'static str,
    ) -> Result<(), IngestError> {
        let pause = match step {
            Ok(pause) => {
                *failures = 0;
                pause
            }
            Err(error @ IngestError::Source(_)) => {
                *failures += 1;
                tracing::warn!(error = %chain(&error), reader, "KRR refuses us; trying again");
                let longest = Duration::from_millis(self.config.krr.retry_pause_max_ms);
                retry::pause(*failures, retry::jitter(), None, longest)
            }
            Err(error) => return Err(error),
        };
        if self.shutdown.is_cancelled() {
            return Err(IngestError::Stopped);
        }
        Ok(self.client.sleep(pause).await?)
    }

    /// Publishes what KRR says of `persons`; it is at least as new as the change `as_of`.
    async fn publish(&self, as_of: i64, persons: Vec<Listed>) -> Result<(), IngestError> {
        let topic = self.config.kafka.contacts_topic.clone();
        let keys = self.keys.clone();
        let sealing = move || seal(persons, as_of, &topic, &keys);
        let sealed = tokio::task::spawn_blocking(sealing).await??;
        let publishing = self.publisher.publish(&self.config.kafka.contacts_topic, &sealed);
        unless_stopped(self.shutdown, publishing).await
    }
}

/// Whether all records of contact details that have been published can be found in the store.
///
/// # Errors
/// What the broker or the store refuses.
pub(crate) async fn all_is_applied(
    config: &IngestConfig,
    store: &Store,
    shutdown: &CancellationToken,
) -> Result<bool, IngestError> {
    let topic = &config.kafka.contacts_topic;
    let ends = unless_stopped(shutdown, kafka::end_offsets(&config.kafka, topic)).await?;
    let applied = store.positions().await?;
    let is_applied = |(partition, end): (i32, i64)| {
        let at = applied.iter().find(|at| at.topic == *topic && at.partition == partition);
        at.map_or(0, |at| at.next_offset) >= end
    };
    Ok((0..).zip(ends).all(is_applied))
}

/// Seals what KRR says of persons into records; it is at least as new as the change `as_of`.
///
/// # Errors
/// When there is no key to seal with.
pub(crate) fn seal(
    persons: Vec<Listed>,
    as_of: i64,
    topic: &str,
    keys: &Keys,
) -> Result<Vec<Outgoing>, RecordError> {
    let sealed = persons.into_iter().map(|Listed { number, record: json }| {
        let key = keys.record_key(number.as_str());
        let record = ContactRecord { number: number.as_str().to_owned(), as_of, json };
        let value = seal_record(&keys.sealer, topic, key.as_bytes(), &record)?;
        Ok(Outgoing { key, value })
    });
    sealed.collect()
}
