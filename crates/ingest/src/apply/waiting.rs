//! How many records wait to be applied, and how near they are to being removed, for the metrics.

use std::time::Duration;

use store::Store;
use tokio_util::sync::CancellationToken;

use super::metrics;
use crate::config::KafkaConfig;
use crate::kafka::inspect;

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(5);

/// Tells how many wait, until it is stopped. What cannot be asked is told at the next time.
pub async fn tell(config: KafkaConfig, store: Store, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        let KafkaConfig { changes_topic, snapshot_topic, contacts_topic, ain_topic, .. } = &config;
        for topic in [changes_topic, snapshot_topic, contacts_topic, ain_topic] {
            if let Some(Told { waiting, kept }) = ask(&config, &store, topic).await {
                metrics::waiting(topic, waiting, kept);
            }
        }
    }
}

/// Of the records of a topic.
struct Told {
    /// Not applied yet.
    waiting: i64,
    /// Applied and still kept, in the partition that has the fewest: when it is below nought,
    /// retention has removed what was not applied.
    kept: i64,
}

async fn ask(config: &KafkaConfig, store: &Store, topic: &str) -> Option<Told> {
    let offsets = inspect::topic(config, topic).await.ok()??.offsets;
    let positions = store.positions().await.ok()?;
    let mut told = Told { waiting: 0, kept: i64::MAX };
    for at in positions.iter().filter(|at| at.topic == topic) {
        let (low, high) = *offsets.get(usize::try_from(at.partition).ok()?)?;
        told.waiting += (high - at.next_offset).max(0);
        told.kept = told.kept.min(at.next_offset - low);
    }
    Some(told)
}
