//! Emigration: to where the person left Norway, and when.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// A move out of Norway (FREG: UtflyttingFraNorge).
    part EmigrationFromNorway {
        /// The country the person went to, three letters (FREG: Tilflyttingsland).
        emigrated_to_country: String,
        /// The place abroad the person went to, in the source's own words
        /// (FREG: TilflyttingsstedIUtlandet).
        emigrated_to_city: String,
        /// The day of the move (FREG: Utflyttingsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        emigrated_move_date: Day,
    }
}

impl EmigrationFromNorway {
    /// Somebody who left on a leap day, and had left before.
    pub fn sample() -> Vec<Self> {
        let again = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2020-02-29T22:30:00Z"),
            source: sample::text("FREG automatisk"),
            reason: sample::text("Utflytting"),
            valid_from: sample::instant("2020-02-29T00:00:00+01:00"),
            valid_to: None,
            emigrated_to_country: sample::text("ESP"),
            emigrated_to_city: sample::text("A Coruña"),
            emigrated_move_date: sample::day("2020-02-29"),
        };
        let first = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2003-03-03T00:00:00+01:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Patch"),
            valid_from: sample::instant("2003-02-28T00:00:00+01:00"),
            valid_to: sample::instant("2012-05-02T00:00:00+02:00"),
            emigrated_to_country: sample::text("SWE"),
            ..Self::default()
        };
        vec![again, first]
    }
}
