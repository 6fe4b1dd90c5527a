//! Citizenship: of which countries the person is a citizen.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// A citizenship. Several can hold at once (FREG: Statsborgerskap).
    part Citizenship {
        /// The country, three letters; `XXX` is stateless, `XUK` not known, `XXK` Kosovo
        /// (FREG: Statsborgerskap).
        country_code: String,
        /// The day it was acquired; the contract spells it so (FREG: Ervervsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        aquired_date: Day,
    }
}

impl Citizenship {
    /// Two citizenships at once, and one that was given up.
    pub fn sample() -> Vec<Self> {
        let acquired = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2021-05-18T09:00:00.25+02:00"),
            source: sample::text("Utlendingsdirektoratet"),
            reason: sample::text("Statsborgerskap"),
            valid_from: sample::instant("2021-05-17T00:00:00+02:00"),
            valid_to: None,
            country_code: sample::text("NOR"),
            aquired_date: sample::day("2021-05-17"),
        };
        let born_with = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2012-05-02T12:30:54+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Fødsel"),
            valid_from: sample::instant("1982-08-30T00:00:00+02:00"),
            country_code: sample::text("SWE"),
            aquired_date: sample::day("1982-08-30"),
            ..Self::default()
        };
        let given_up = Self {
            is_valid: Some(false),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Historisk"),
            valid_from: sample::instant("1990-01-01T00:00:00+01:00"),
            valid_to: sample::instant("2012-05-02T00:00:00+02:00"),
            country_code: sample::text("XXK"),
            ..Self::default()
        };
        vec![acquired, born_with, given_up]
    }
}
