//! The binary itself, against real Postgres, real Kafka and the sandbox.

mod call;
mod configuration;
mod doctor;
mod killed;
mod page;
mod reconcile;
mod register;
mod samples;
