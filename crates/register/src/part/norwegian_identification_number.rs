//! Norwegian identification number: every number the person has had.

use super::sample;
use super::shape::shape;
use crate::id::IdentityNumber;

shape! {
    /// A number the person has or has had (FREG: Folkeregisteridentifikator).
    part NorwegianIdentificationNumber {
        /// Whether the number is the one to use (FREG: Status).
        status: IdentificationStatus,
        /// The number (FREG: FoedselsEllerDNummer).
        #[schema(value_type = Option<String>)]
        identification_number: IdentityNumber,
        /// Which kind of number it is (FREG: Identifikatortype).
        identification_number_type: NorwegianIdentificationNumberType,
    }
}

shape! {
    /// Whether a number is the one to use.
    values IdentificationStatus {
        /// The number to use (FREG: IBruk).
        InUse,
        /// No longer to be used; it still finds the person (FREG: Opphoert).
        Discontinued,
    }
}

shape! {
    /// The kinds of number.
    values NorwegianIdentificationNumberType {
        /// For those who are or were resident (FREG: Foedselsnummer).
        NationalIdentityNumber,
        /// For those with a looser tie to the country (FREG: DNummer).
        DNumber,
        /// Given by the health sector to those without another known number.
        AlternateIdentificationNumber,
    }
}

impl NorwegianIdentificationNumber {
    /// A fødselsnummer that took the place of a D-number; both are synthetic.
    pub fn sample() -> Vec<Self> {
        let national = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2012-03-01T12:00:00Z"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Innvandring"),
            valid_from: sample::instant("2012-03-01T00:00:00+01:00"),
            valid_to: None,
            status: Some(IdentificationStatus::InUse),
            identification_number: Some("30888212345".into()),
            identification_number_type: Some(
                NorwegianIdentificationNumberType::NationalIdentityNumber,
            ),
        };
        let d_number = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2010-01-15T00:00:00+01:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Tildele d-nummer"),
            valid_from: sample::instant("2010-01-15T00:00:00+01:00"),
            valid_to: sample::instant("2012-03-01T00:00:00+01:00"),
            status: Some(IdentificationStatus::Discontinued),
            identification_number: Some("70888254321".into()),
            identification_number_type: Some(NorwegianIdentificationNumberType::DNumber),
        };
        vec![national, d_number]
    }
}
