//! How many records wait to be applied, for the metrics.

use std::time::Duration;

use store::Store;
use tokio_util::sync::CancellationToken;

use super::metrics;
use crate::config::KafkaConfig;
use crate::kafka;

/// How often it is asked.
const EVERY: Duration = Duration::from_secs(5);

/// Tells how many wait, until it is stopped. What cannot be asked is told at the next time.
pub async fn tell(config: KafkaConfig, store: Store, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        for topic in [&config.changes_topic, &config.snapshot_topic, &config.contacts_topic] {
            if let Some(waiting) = waiting(&config, &store, topic).await {
                metrics::waiting(topic, waiting);
            }
        }
    }
}

async fn waiting(config: &KafkaConfig, store: &Store, topic: &str) -> Option<i64> {
    let ends = kafka::end_offsets(config, topic).await.ok()?;
    let positions = store.positions().await.ok()?;
    let of_topic = positions.iter().filter(|at| at.topic == topic);
    let waiting = of_topic.map(|at| {
        let end = usize::try_from(at.partition).ok().and_then(|at| ends.get(at));
        end.map_or(0, |end| (end - at.next_offset).max(0))
    });
    Some(waiting.sum())
}
