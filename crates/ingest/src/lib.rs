//! Ingest: collects what FREG says, through Kafka, and applies it to the register.
//!
//! The only crate that knows Kafka, and the only writer of person data.

pub mod kafka;
