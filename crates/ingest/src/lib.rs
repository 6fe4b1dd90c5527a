//! Ingest: collects what FREG says, through Kafka, and applies it to the register.
//!
//! The only crate that knows Kafka, and the only writer of person data.

pub mod ain;
pub mod apply;
pub mod bulk;
pub mod call;
pub mod clock;
pub mod collect;
pub mod config;
pub mod contacts;
mod der;
mod elected;
mod error;
pub mod freg_client;
pub mod gap;
pub mod geography;
pub mod kafka;
mod keys;
pub mod krr_client;
pub mod maskinporten;
mod memory;
mod metrics;
pub mod park;
pub mod reconcile;
pub mod record;
pub mod restored;
mod retry;
mod stop;
pub mod stopped;

pub use error::IngestError;
pub use keys::Keys;
