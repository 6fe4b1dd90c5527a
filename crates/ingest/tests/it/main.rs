//! Integration tests: a real Apache Kafka and a real Postgres.

use std::time::Duration;

use rdkafka::consumer::Consumer;
use rdkafka::message::Message;
use rdkafka::producer::FutureRecord;
use rdkafka::{Offset, TopicPartitionList};

#[tokio::test]
async fn a_record_produced_is_read_back() {
    let bootstrap = std::env::var("PERSONTJENESTEN_TEST_KAFKA").unwrap();
    let topic = format!("round-trip-{}", uuid::Uuid::new_v4());
    ingest::kafka::ensure_topic(&bootstrap, &topic, 1).await.unwrap();

    let producer = ingest::kafka::producer(&bootstrap).unwrap();
    let record = FutureRecord::to(&topic).key("key").payload("smørbrød");
    producer.send(record, Duration::from_secs(10)).await.unwrap();

    let consumer = ingest::kafka::consumer(&bootstrap).unwrap();
    let mut assignment = TopicPartitionList::new();
    assignment.add_partition_offset(&topic, 0, Offset::Offset(0)).unwrap();
    consumer.assign(&assignment).unwrap();
    let message = tokio::time::timeout(Duration::from_secs(20), consumer.recv());
    let message = message.await.unwrap().unwrap();
    assert_eq!(message.payload(), Some("smørbrød".as_bytes()));
    assert_eq!((message.key(), message.offset()), (Some(&b"key"[..]), 0));
}
