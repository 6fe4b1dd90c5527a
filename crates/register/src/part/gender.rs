//! Gender: the recorded sex.

use super::sample;
use super::shape::shape;

shape! {
    /// The recorded sex (FREG: Personkjoenn).
    part PersonGender {
        /// The recorded sex (FREG: Kjoenn).
        gender: Gender,
    }
}

shape! {
    /// The sexes the register records.
    values Gender {
        /// (FREG: Kvinne).
        Female,
        /// (FREG: Mann).
        Male,
    }
}

impl PersonGender {
    /// A recorded sex that has been changed.
    pub fn sample() -> Vec<Self> {
        let now = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2018-11-05T08:00:00.1234567+01:00"),
            source: sample::text("skatteetaten"),
            reason: sample::text("Endring av juridisk kjønn"),
            valid_from: sample::instant("2018-11-05T00:00:00+01:00"),
            valid_to: None,
            gender: Some(Gender::Female),
        };
        let before = Self {
            is_valid: Some(false),
            registered_at: sample::instant("1982-09-02T00:00:00+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Fødsel"),
            valid_from: sample::instant("1982-08-30T00:00:00+02:00"),
            valid_to: sample::instant("2018-11-05T00:00:00+01:00"),
            gender: Some(Gender::Male),
        };
        vec![now, before]
    }
}
