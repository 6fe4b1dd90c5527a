//! The binary itself, against real Postgres, real Kafka and the sandbox.

mod beside;
mod call;
mod checker;
mod configuration;
mod doctor;
mod faults;
mod killed;
mod lab;
mod mass;
mod page;
mod readers;
mod reconcile;
mod register;
mod restored;
mod samples;
