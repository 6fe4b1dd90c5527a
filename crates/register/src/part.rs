//! The information parts: one file for each, and the list that ties them together.
//!
//! A part is a file here (its struct, its sample, its masking) and one row in `list`. Everything
//! else that knows about parts follows from the row. The recipe is in
//! `docs/adding-an-information-part.md`.

mod information_part;
pub(crate) mod list;
pub(crate) mod shape;

mod sample;

mod address;
mod address_protection;
mod birth;
mod death;
mod family_relation;
mod gender;
mod marital_status;
mod name;
mod norwegian_identification_number;
mod residential_address;
mod status;

pub use address::*;
pub use address_protection::*;
pub use birth::*;
pub use death::*;
pub use family_relation::*;
pub use gender::*;
pub use information_part::*;
pub use marital_status::*;
pub use name::*;
pub use norwegian_identification_number::*;
pub use residential_address::*;
pub use status::*;
