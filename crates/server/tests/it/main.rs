//! The binary itself, against real Postgres, real Kafka and the sandbox.

mod configuration;
mod killed;
mod register;
