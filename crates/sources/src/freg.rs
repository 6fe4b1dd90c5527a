//! FREG, the national population register (Det moderniserte Folkeregisteret).
//!
//! Read in this order: [`feed`] (what changed), [`bulk`] (the documents behind the changes),
//! [`document`] (one person's document and how it becomes ours), then one module for each element
//! of the document, named as FREG names it. [`extract`] is the first load, [`fault`] the answers
//! that are not data.

pub mod bulk;
pub mod document;
pub mod event;
pub mod extract;
pub mod fault;
pub mod feed;
pub mod part;

mod error;
mod field;
mod mapping;

mod adresse;
mod adressebeskyttelse;
mod bostedsadresse;
mod doedsfall;
mod familierelasjon;
mod foedsel;
mod identifikasjonsnummer;
mod kjoenn;
mod navn;
mod sivilstand;
mod status;

pub use error::FormatError;
pub use part::PARTS;
