//! Integration tests: a real Apache Kafka, a real Postgres, and a FREG that does as it is told.

mod apply;
mod bulk;
mod client;
mod collect;
mod kafka;
mod plan;
mod simulator;
mod support;
