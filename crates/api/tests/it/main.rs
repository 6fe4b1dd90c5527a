//! The API over HTTP, against a real Postgres: each test has a database and a server of its own.

mod alternate;
mod auth;
mod bad_input;
mod connections;
mod coverage;
mod description;
mod drain;
mod events;
mod http2;
mod issuer;
mod keys;
mod logs;
mod lookup;
mod overload;
mod page;
mod persons;
mod raw;
mod refused;
mod search;
mod shapes;
mod simulator;
mod support;
mod version_2;
