//! Citizenship retention: whether a Norwegian citizen abroad keeps the citizenship.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// Whether Norwegian citizenship is kept by somebody who grew up abroad
    /// (FREG: BibeholdAvNorskStatsborgerskap).
    part NorwegianCitizenshipRetention {
        /// Whether it is kept (FREG: Bibeholdstatus).
        citizenship_retention_status: CitizenshipRetentionStatus,
        /// The day it was decided (FREG: DatoForBibehold).
        #[schema(value_type = Option<String>, format = DateTime)]
        retention_resolution_date: Day,
    }
}

shape! {
    /// The ways of keeping Norwegian citizenship or not.
    values CitizenshipRetentionStatus {
        /// It is kept (FREG: HarBibehold).
        CitizenshipRetained,
        /// It is kept no longer (FREG: HarIkkeLengerBibehold).
        CitizenshipNoLongerRetained,
        /// It is kept without being asked for (FREG: NorskStatsborgerTrengerIkkeBibehold).
        NorwegianCitizenRetentionNotRequired,
    }
}

impl NorwegianCitizenshipRetention {
    /// A retention that had not been needed before.
    pub fn sample() -> Vec<Self> {
        let kept = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2003-12-01T00:00:00+01:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Statsborgerskap"),
            valid_from: sample::instant("2003-11-28T00:00:00+01:00"),
            valid_to: None,
            citizenship_retention_status: Some(CitizenshipRetentionStatus::CitizenshipRetained),
            retention_resolution_date: sample::day("2003-11-28"),
        };
        let not_needed = Self {
            is_valid: Some(false),
            valid_from: sample::instant("1982-08-30T00:00:00+02:00"),
            valid_to: sample::instant("2003-11-28T00:00:00+01:00"),
            citizenship_retention_status: Some(
                CitizenshipRetentionStatus::NorwegianCitizenRetentionNotRequired,
            ),
            ..Self::default()
        };
        vec![kept, not_needed]
    }
}
