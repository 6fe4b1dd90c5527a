//! KRR, the register of contact details and reservations (Kontakt- og reservasjonsregisteret).
//!
//! Read in this order: [`lookup`] (persons by their numbers), [`changes`] (the feed of changes),
//! [`persons`] (the list that both answer with), [`record`] (one person, and how it becomes ours).
//! [`difference`] is what two states of a person do not agree on.

pub mod changes;
pub mod difference;
pub mod lookup;
pub mod persons;
pub mod record;

mod error;
mod field;

pub use error::FormatError;
