//! Kafka as this project uses it.

use ingest::kafka::{Outgoing, PublishError, Publisher, end_offsets, ensure_topics};
use ingest::kafka::{consumer, partition_count};
use rdkafka::consumer::Consumer;
use rdkafka::message::Message;
use rdkafka::{Offset, TopicPartitionList};

use crate::support::kafka_config;

fn outgoing(key: &str, value: &str) -> Outgoing {
    Outgoing { key: key.to_owned(), value: value.as_bytes().to_vec() }
}

#[tokio::test]
async fn what_is_published_is_read_back_in_order() {
    let config = kafka_config();
    ensure_topics(&config).await.unwrap();
    let records: Vec<Outgoing> =
        (0..300).map(|n| outgoing("key", &format!("smørbrød {n}"))).collect();
    Publisher::new(&config).publish(&config.changes_topic, &records).await.unwrap();

    let consumer = consumer(&config).unwrap();
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(&config.changes_topic, 0, Offset::Offset(0)).unwrap();
    consumer.assign(&assignment).unwrap();
    for (offset, record) in (0..).zip(&records) {
        let message = consumer.recv().await.unwrap();
        assert_eq!((message.offset(), message.payload()), (offset, Some(&record.value[..])));
        assert_eq!(message.key(), Some(&b"key"[..]));
    }
}

#[tokio::test]
async fn topics_are_made_once_and_left_alone() {
    let config = kafka_config();
    ensure_topics(&config).await.unwrap();
    let mut grown = config.clone();
    grown.snapshot_partitions = 9;
    ensure_topics(&grown).await.unwrap();
    assert_eq!(partition_count(&config, &config.snapshot_topic).await.unwrap(), 3);
    assert_eq!(partition_count(&config, &config.changes_topic).await.unwrap(), 1);
    assert_eq!(end_offsets(&config, &config.snapshot_topic).await.unwrap(), [0, 0, 0]);
}

#[tokio::test]
async fn a_record_larger_than_a_megabyte_is_taken() {
    let config = kafka_config();
    ensure_topics(&config).await.unwrap();
    let large = Outgoing { key: "key".to_owned(), value: vec![7; 3_000_000] };
    Publisher::new(&config).publish(&config.changes_topic, &[large]).await.unwrap();
    assert_eq!(end_offsets(&config, &config.changes_topic).await.unwrap(), [1]);
}

/// A broker that is away is an error after the configured time, and the publisher still works for
/// the next publication.
#[tokio::test]
async fn silence_of_the_broker_ends_a_publication() {
    let mut config = kafka_config();
    config.bootstrap = "127.0.0.1:1".to_owned();
    config.publish_timeout_ms = 300;
    let publisher = Publisher::new(&config);
    for _ in 0..2 {
        let outcome = publisher.publish("nowhere", &[outgoing("key", "value")]).await;
        assert!(matches!(outcome, Err(PublishError::TimedOut)), "{outcome:?}");
    }
}

/// Publications that are given up half-way and done again leave repeats, but never a gap: apply
/// takes a gap for a lost record and stops.
#[tokio::test]
async fn publications_given_up_and_repeated_leave_no_gap() {
    let mut config = kafka_config();
    ensure_topics(&config).await.unwrap();
    let records: Vec<Outgoing> = (0..5_000).map(|n| outgoing("key", &n.to_string())).collect();
    let mut given_up = 0;
    for patience_ms in [1, 2, 4, 8, 16, 32, 10_000] {
        config.publish_timeout_ms = patience_ms;
        // A producer that is warm sends at once; a cold one is given up before it has begun.
        let publisher = Publisher::new(&config);
        for _ in 0..2 {
            given_up +=
                usize::from(publisher.publish(&config.changes_topic, &records).await.is_err());
        }
    }
    assert!(given_up > 0, "a millisecond is too short for anybody");

    let consumer = consumer(&config).unwrap();
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(&config.changes_topic, 0, Offset::Offset(0)).unwrap();
    consumer.assign(&assignment).unwrap();
    let mut next = 0;
    for _ in 0..end_offsets(&config, &config.changes_topic).await.unwrap()[0] {
        let message = consumer.recv().await.unwrap();
        let number: i64 = std::str::from_utf8(message.payload().unwrap()).unwrap().parse().unwrap();
        assert!(number <= next, "{number} follows {next} others");
        next = next.max(number + 1);
    }
    assert_eq!(next, 5_000);
}
