//! Birth: when and where.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// When and where the person was born (FREG: Foedsel).
    part Birth {
        /// Day of birth; missing where only the year is known (FREG: Foedselsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        birth_date: Day,
        /// Year of birth, four digits (FREG: Foedselsaar).
        birth_year: String,
        /// Place of birth, in the source's own words (FREG: Foedested).
        birth_place: String,
        /// Municipality of birth, four digits (FREG: FoedekommuneINorge).
        birth_municipality_number: String,
        /// Name of the municipality of birth (SSB: Kommunenavn).
        birth_municipality_name: String,
        /// County of birth, two digits (SSB: Fylkesnummer).
        birth_county_number: String,
        /// Name of the county of birth (SSB: Fylkesnavn).
        birth_county_name: String,
        /// Country of birth, three letters (FREG: Foedeland).
        birth_country: String,
    }
}

impl Birth {
    /// A birth in Tromsø, corrected once.
    pub fn sample() -> Vec<Self> {
        let corrected = Self {
            is_valid: Some(true),
            registered_at: sample::instant("1983-01-03T00:00:00+01:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Fødsel"),
            valid_from: sample::instant("1982-08-30T00:00:00+02:00"),
            valid_to: None,
            birth_date: sample::day("1982-08-30"),
            birth_year: sample::text("1982"),
            birth_place: sample::text("Tromsø sykehus"),
            birth_municipality_number: sample::text("5501"),
            birth_municipality_name: sample::text("Tromsø"),
            birth_county_number: sample::text("55"),
            birth_county_name: sample::text("Troms"),
            birth_country: sample::text("NOR"),
        };
        let first_report = Self {
            is_valid: Some(false),
            registered_at: sample::instant("1982-09-02T00:00:00+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Fødsel"),
            valid_to: sample::instant("1983-01-03T00:00:00+01:00"),
            birth_year: sample::text("1982"),
            birth_country: sample::text("NOR"),
            ..Self::default()
        };
        vec![corrected, first_report]
    }
}
