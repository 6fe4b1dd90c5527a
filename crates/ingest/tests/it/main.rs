//! Integration tests: a real Apache Kafka, a real Postgres, and a FREG that does as it is told.

mod apply;
mod bulk;
mod client;
mod collect;
mod contacts;
mod geography;
mod kafka;
mod plan;
mod reconcile;
mod simulator;
mod stopped;
mod support;
