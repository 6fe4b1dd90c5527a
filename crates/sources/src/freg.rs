//! FREG, the national population register (Det moderniserte Folkeregisteret).
//!
//! Read in this order: [`feed`] (what changed), [`bulk`] (the documents behind the changes),
//! [`document`] (one person's document and how it becomes ours), then one module for each element
//! of the document, named as FREG names it. [`extract`] is the first load, [`fault`] the answers
//! that are not data, [`difference`] what two documents of a person do not agree on.

pub mod bulk;
pub mod difference;
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
mod bibehold;
mod bostedsadresse;
mod delt_bosted;
mod doedsfall;
mod falsk_identitet;
mod familierelasjon;
mod foedsel;
mod foedsel_i_norge;
mod foreldreansvar;
mod identifikasjonsnummer;
mod identifiserende_informasjon;
mod identitetsgrunnlag;
mod innflytting;
mod kjoenn;
mod kontaktinformasjon_for_doedsbo;
mod legitimasjonsdokument;
mod navn;
mod opphold;
mod opphold_paa_svalbard;
mod oppholdsadresse;
mod personidentifikasjon;
mod postadresse;
mod postadresse_i_utlandet;
mod preferert_kontaktadresse;
mod rettslig_handleevne;
mod samisk;
mod sivilstand;
mod statsborgerskap;
mod status;
mod utenlandsk_adresse;
mod utflytting;
mod vergemaal_eller_fremtidsfullmakt;

pub use error::FormatError;
pub use part::PARTS;
