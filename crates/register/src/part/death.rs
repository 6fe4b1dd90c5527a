//! Death: when the person died.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// The person's death (FREG: Doedsfall).
    part Death {
        /// Day of death; missing where it is not known (FREG: Doedsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        deceased_date: Day,
    }
}

impl Death {
    /// A death on a leap day.
    pub fn sample() -> Self {
        Self {
            is_valid: Some(true),
            registered_at: sample::instant("2024-03-01T07:45:12.5+01:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Dødsfall"),
            valid_from: sample::instant("2024-02-29T00:00:00+01:00"),
            valid_to: None,
            deceased_date: sample::day("2024-02-29"),
        }
    }
}
