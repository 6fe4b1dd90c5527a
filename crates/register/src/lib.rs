//! The register's own language: persons, information parts, rights, events and the form that is
//! served.
//!
//! Pure: no clock, no randomness, no input or output. Everything here speaks the English of the
//! public Person API; the words of the sources stay in the `sources` crate.

pub mod event;
pub mod geography;
pub mod id;
pub mod package;
pub mod part;
pub mod person;
pub mod render;
pub mod rights;
pub mod search;
pub mod time;
pub mod version;
