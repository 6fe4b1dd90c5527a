//! Numbers that others than the register gave: foreign ones, and the immigration authorities'.
//!
//! The contract has one schema for both parts. They are two structs here, alike in every letter,
//! because the list tells parts apart by their struct.

use super::sample;
use super::shape::shape;
use crate::id::IdentityNumber;

shape! {
    /// A number that somebody else than the register gave (FREG: Personidentifikasjon).
    #[schema(as = PersonIdentification)]
    part ForeignPersonIdentificationNumber {
        /// The number, in the form its issuer gave it (FREG: Identifikasjonsnummer).
        #[schema(value_type = Option<String>)]
        identification_number: IdentityNumber,
        /// What kind of number it is, in the source's own words (FREG: Identifikasjonsnummertype).
        identification_number_type: String,
        /// The country that gave it, three letters (FREG: Utstederland).
        issuer_country: String,
    }
}

shape! {
    /// A number that somebody else than the register gave (FREG: Personidentifikasjon).
    #[schema(as = PersonIdentification)]
    part ImmigrationAuthoritiesIdentificationNumber {
        /// The number, in the form its issuer gave it (FREG: Identifikasjonsnummer).
        #[schema(value_type = Option<String>)]
        identification_number: IdentityNumber,
        /// What kind of number it is, in the source's own words (FREG: Identifikasjonsnummertype).
        identification_number_type: String,
        /// The country that gave it, three letters (FREG: Utstederland).
        issuer_country: String,
    }
}

impl ForeignPersonIdentificationNumber {
    /// Two numbers that hold at once, and one that was corrected.
    pub fn sample() -> Vec<Self> {
        let personal = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2019-09-02T13:00:00+02:00"),
            source: sample::text("skatteetaten"),
            reason: sample::text("Tildele d-nummer"),
            valid_from: sample::instant("2019-09-02T00:00:00+02:00"),
            valid_to: None,
            identification_number: Some("820830-004X".into()),
            identification_number_type: sample::text("utenlandskIdentifikasjonsnummer"),
            issuer_country: sample::text("SWE"),
        };
        let tax = Self {
            identification_number: Some("PL 7788 Ł".into()),
            identification_number_type: sample::text("taxIdentificationNumber"),
            issuer_country: sample::text("POL"),
            ..personal.clone()
        };
        let mistaken = Self {
            is_valid: Some(false),
            valid_to: sample::instant("2019-09-03T00:00:00+02:00"),
            identification_number: Some("820830-0040".into()),
            ..personal.clone()
        };
        vec![personal, tax, mistaken]
    }
}

impl ImmigrationAuthoritiesIdentificationNumber {
    /// A number, and the one before it.
    pub fn sample() -> Vec<Self> {
        let now = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2016-01-18T09:00:00+01:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Patch"),
            valid_from: sample::instant("2016-01-18T00:00:00+01:00"),
            valid_to: None,
            identification_number: Some("201608830412".into()),
            identification_number_type: sample::text(
                "utlendingsmyndighetenesIdentifikasjonsnummer",
            ),
            issuer_country: sample::text("NOR"),
        };
        let before = Self {
            is_valid: Some(false),
            valid_to: sample::instant("2016-01-18T00:00:00+01:00"),
            valid_from: sample::instant("2015-12-31T23:59:59+01:00"),
            identification_number: Some("201508830499".into()),
            ..now.clone()
        };
        vec![now, before]
    }
}
