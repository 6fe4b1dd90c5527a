//! The register crate from outside: what two packages see of a person, and in which form.

mod debug;
mod event;
mod geography;
mod matrix;
mod number_kind;
mod order;
mod schema;
mod served;
mod support;
mod time;
