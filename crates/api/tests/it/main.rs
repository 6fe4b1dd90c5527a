//! The API over HTTP, against a real Postgres: each test has a database and a server of its own.

mod auth;
mod bad_input;
mod connections;
mod description;
mod drain;
mod events;
mod issuer;
mod keys;
mod logs;
mod lookup;
mod persons;
mod support;
