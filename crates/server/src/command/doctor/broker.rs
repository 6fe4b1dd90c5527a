//! The checks of Kafka: the broker, and whether our topics keep what we still need.

use ingest::config::KafkaConfig;
use ingest::kafka::inspect::{self, KafkaError, Topic};
use store::inspect::{Applied, Server};

use super::finding::{Finding, chain};
use super::patient::Patient;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn cannot_ask(error: &KafkaError, config: &KafkaConfig) -> Vec<Finding> {
    let what = format!("{}: {}", config.bootstrap, chain(error));
    vec![Finding::failure(what, "is Kafka up, and is ingest.kafka.bootstrap right?")]
}

/// The broker is reached.
pub async fn broker(patient: &Patient) -> Vec<Finding> {
    let config = &patient.config.ingest.kafka;
    match inspect::brokers(config).await {
        Ok(count) => vec![Finding::ok(format!("{count} at {}", config.bootstrap))],
        Err(error) => cannot_ask(&error, config),
    }
}

/// Our topics, against what is configured and what is applied.
pub async fn topics(patient: &Patient) -> Vec<Finding> {
    let config = &patient.config.ingest.kafka;
    // Without the database the topics can still be looked at, but for what is needed of them.
    let applied = applied(patient).await.unwrap_or_default();
    let mut findings = Vec::new();
    let topics = [
        (&config.changes_topic, 1),
        (&config.snapshot_topic, config.snapshot_partitions),
        (&config.contacts_topic, config.contacts_partitions),
        (&config.ain_topic, config.ain_partitions),
    ];
    for (name, partitions) in topics {
        match inspect::topic(config, name).await {
            Ok(Some(topic)) => findings.extend(judge(name, &topic, partitions, config, &applied)),
            Ok(None) => findings.push(Finding::warning(
                format!("there is no topic {name}"),
                "`persontjenesten ingest` makes it when it starts",
            )),
            Err(error) => return cannot_ask(&error, config),
        }
    }
    findings
}

async fn applied(patient: &Patient) -> Option<Vec<Applied>> {
    let mut server = Server::connect(&patient.config.store.url).await.ok()?;
    let applied = server.applied().await.ok();
    server.close().await;
    applied
}

fn judge(
    name: &str,
    topic: &Topic,
    partitions: i32,
    config: &KafkaConfig,
    applied: &[Applied],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let count = topic.offsets.len();
    if i64::from(partitions) != count as i64 {
        let what = format!("{name} has {count} partitions, and {partitions} are configured");
        let to_do = if partitions == 1 {
            "the feed is one order and needs one partition: make the topic anew, load in bulk"
        } else {
            "the configuration of a live topic must say what it has: set it in [ingest.kafka]"
        };
        findings.push(Finding::failure(what, to_do));
    }
    let wanted_ms = i64::from(config.retention_days) * DAY_MS;
    if let Some(kept_ms) = topic.retention_ms.filter(|kept| (0..wanted_ms).contains(kept)) {
        let what = format!("{name} keeps records for {} days", kept_ms / DAY_MS);
        let to_do =
            format!("set retention.ms of the topic to {wanted_ms}: {} days", config.retention_days);
        findings.push(Finding::warning(what, to_do));
    }
    // The producer compresses; a broker that is told otherwise would unpack every record.
    if let Some(other) =
        topic.compression.as_ref().filter(|kind| !["producer", "zstd"].contains(&kind.as_str()))
    {
        let what = format!("{name} is stored with compression.type={other}");
        findings.push(Finding::warning(what, "set compression.type of the topic to producer"));
    }
    findings
        .extend(applied.iter().filter(|row| row.topic == name).filter_map(|row| kept(row, topic)));
    if findings.is_empty() {
        let records: i64 = topic.offsets.iter().map(|(low, high)| high - low).sum();
        let waiting = waiting(name, topic, applied);
        let what = format!("{name}: {count} partitions, {records} records, {waiting} not applied");
        findings.push(Finding::ok(what));
    }
    findings
}

fn waiting(name: &str, topic: &Topic, applied: &[Applied]) -> i64 {
    let next = |partition: usize| {
        let row =
            applied.iter().find(|row| row.topic == name && row.partition as usize == partition);
        row.map_or(0, |row| row.next_offset)
    };
    let ends = topic.offsets.iter().enumerate();
    ends.map(|(partition, (low, high))| (high - next(partition).max(*low)).max(0)).sum()
}

/// Whether what comes next for us is there.
fn kept(row: &Applied, topic: &Topic) -> Option<Finding> {
    let Applied { topic: name, partition, next_offset } = row;
    let found = usize::try_from(*partition).ok().and_then(|at| topic.offsets.get(at));
    let Some((low, high)) = found else {
        let what = format!("partition {partition} of {name} is applied from, and is not there");
        return Some(Finding::failure(what, "was the topic made anew? A bulk load is needed"));
    };
    if next_offset < low {
        let what = format!(
            "records of {name}, partition {partition}, were removed before they were applied"
        );
        return Some(Finding::failure(
            what,
            "changes are lost: load in bulk, and keep records longer",
        ));
    }
    if next_offset > high {
        let what = format!("more of {name}, partition {partition}, is applied than there is");
        let to_do = "the topic was made anew, or this is another Kafka: check \
                     ingest.kafka.bootstrap, then load in bulk";
        return Some(Finding::failure(what, to_do));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Severity, worst};
    use super::*;

    fn topic(offsets: &[(i64, i64)]) -> Topic {
        Topic {
            offsets: offsets.to_vec(),
            retention_ms: Some(60 * DAY_MS),
            compression: Some("producer".to_owned()),
        }
    }

    fn judged(topic: &Topic, partitions: i32, next_offset: i64) -> Severity {
        let applied = Applied { topic: "t".to_owned(), partition: 0, next_offset };
        worst(&judge("t", topic, partitions, &KafkaConfig::default(), &[applied]))
    }

    #[test]
    fn a_topic_must_hold_what_is_not_applied_yet() {
        let kept = topic(&[(5, 9)]);
        for (next_offset, expected) in
            [(5, Severity::Ok), (9, Severity::Ok), (4, Severity::Failure), (10, Severity::Failure)]
        {
            assert_eq!(judged(&kept, 1, next_offset), expected, "{next_offset}");
        }
        assert_eq!(judged(&topic(&[]), 0, 0), Severity::Failure);
    }

    #[test]
    fn partitions_retention_and_compression_are_compared() {
        assert_eq!(judged(&topic(&[(0, 0), (0, 0)]), 1, 0), Severity::Failure);
        let short = Topic { retention_ms: Some(DAY_MS), ..topic(&[(0, 0)]) };
        assert_eq!(judged(&short, 1, 0), Severity::Warning);
        let for_ever = Topic { retention_ms: Some(-1), ..topic(&[(0, 0)]) };
        assert_eq!(judged(&for_ever, 1, 0), Severity::Ok);
        let gzip = Topic { compression: Some("gzip".to_owned()), ..topic(&[(0, 0)]) };
        assert_eq!(judged(&gzip, 1, 0), Severity::Warning);
    }

    #[test]
    fn what_waits_is_counted_over_all_partitions() {
        let applied = [("t", 0, 3), ("t", 1, 2), ("u", 0, 9)];
        let applied = applied.map(|(topic, partition, next_offset)| Applied {
            topic: topic.to_owned(),
            partition,
            next_offset,
        });
        assert_eq!(waiting("t", &topic(&[(0, 5), (0, 2), (4, 6)]), &applied), 4);
    }
}
