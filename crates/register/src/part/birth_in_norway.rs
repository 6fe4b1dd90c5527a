//! Birth in Norway: at which institution, and which of several children.

use super::sample;
use super::shape::shape;

shape! {
    /// What the birth register adds about a birth in Norway (FREG: FoedselINorge).
    part BirthInNorway {
        /// The institution where the person was born (FREG: Foedselsinstitusjonsnavn).
        organization_name: String,
        /// Two digits: how many were born together, then which of them the person is. 21 is the
        /// first of twins; 11, a single birth, is sometimes given and sometimes not
        /// (FREG: Rekkefoelgenummer).
        multiple_birth_number: i64,
    }
}

impl BirthInNorway {
    /// The second of twins, corrected once.
    pub fn sample() -> Vec<Self> {
        let corrected = Self {
            is_valid: Some(true),
            registered_at: sample::instant("1982-09-06T00:00:00+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Fødsel"),
            valid_from: sample::instant("1982-08-30T00:00:00+02:00"),
            valid_to: None,
            organization_name: sample::text("Regionsykehuset i Tromsø, fødeavdelingen"),
            multiple_birth_number: Some(22),
        };
        let first_report = Self {
            is_valid: Some(false),
            registered_at: sample::instant("1982-09-02T00:00:00+02:00"),
            reason: sample::text("Fødsel"),
            valid_to: sample::instant("1982-09-06T00:00:00+02:00"),
            multiple_birth_number: Some(21),
            ..Self::default()
        };
        vec![corrected, first_report]
    }
}
