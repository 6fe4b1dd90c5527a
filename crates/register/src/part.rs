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
mod birth_in_norway;
mod citizenship;
mod citizenship_retention;
mod contact_register;
mod death;
mod emigration_from_norway;
mod false_identity;
mod family_relation;
mod foreign_postal_address;
mod gender;
mod guardianship;
mod identification_document;
mod identifying_information;
mod identity_verification;
mod immigration_to_norway;
mod legal_authority;
mod marital_status;
mod name;
mod norwegian_identification_number;
mod parental_responsibility;
mod person_identification;
mod postal_address;
mod preferred_contact_address;
mod present_address;
mod residence_permit;
mod residential_address;
mod residuary_estate_contact_information;
mod sami;
mod shared_residence;
mod status;
mod stay_on_svalbard;

pub use address::*;
pub use address_protection::*;
pub use birth::*;
pub use birth_in_norway::*;
pub use citizenship::*;
pub use citizenship_retention::*;
pub use contact_register::*;
pub use death::*;
pub use emigration_from_norway::*;
pub use false_identity::*;
pub use family_relation::*;
pub use foreign_postal_address::*;
pub use gender::*;
pub use guardianship::*;
pub use identification_document::*;
pub use identifying_information::*;
pub use identity_verification::*;
pub use immigration_to_norway::*;
pub use information_part::*;
pub use legal_authority::*;
pub use marital_status::*;
pub use name::*;
pub use norwegian_identification_number::*;
pub use parental_responsibility::*;
pub use person_identification::*;
pub use postal_address::*;
pub use preferred_contact_address::*;
pub use present_address::*;
pub use residence_permit::*;
pub use residential_address::*;
pub use residuary_estate_contact_information::*;
pub use sami::*;
pub use shared_residence::*;
pub use status::*;
pub use stay_on_svalbard::*;
