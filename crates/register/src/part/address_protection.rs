//! Address protection: how secret the person's dwelling is.

use super::address::AddressConfidentiality;
use super::sample;
use super::shape::shape;

shape! {
    /// How secret the person's dwelling is; covers residential, present and shared residence, not
    /// postal addresses (FREG: GraderingAvAdresse).
    part AddressProtection {
        /// The level. Nothing here means a level we could not read (FREG: Graderingsnivaa).
        protection_level: AddressConfidentiality,
    }
}

impl AddressProtection {
    /// A protection that has been lifted.
    pub fn sample() -> Vec<Self> {
        let lifted = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2021-05-01T12:00:00+02:00"),
            source: sample::text("folkeregistermyndigheten"),
            reason: sample::text("Adressebeskyttelse"),
            valid_from: sample::instant("2021-05-01T00:00:00+02:00"),
            valid_to: None,
            protection_level: Some(AddressConfidentiality::Unclassified),
        };
        let protected = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2019-05-01T12:00:00+02:00"),
            source: sample::text("folkeregistermyndigheten"),
            reason: sample::text("Adressebeskyttelse"),
            valid_from: sample::instant("2019-05-01T00:00:00+02:00"),
            valid_to: sample::instant("2021-05-01T00:00:00+02:00"),
            protection_level: Some(AddressConfidentiality::Confidential),
        };
        vec![lifted, protected]
    }
}
