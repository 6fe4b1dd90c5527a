//! The store against a real Postgres: each test has a database of its own.

mod alternate;
mod commit;
mod contact;
mod contact_lookup;
mod cursor;
mod election;
mod events;
mod geography;
mod head;
mod lookup;
mod migrations;
mod plans;
mod search;
mod silence;
mod support;
