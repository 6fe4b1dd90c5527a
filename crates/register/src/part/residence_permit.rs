//! Residence permit: the right to stay in Norway.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// A permit to stay in Norway (FREG: Opphold).
    part ResidencePermit {
        /// The kind of permit (FREG: Oppholdstillatelse).
        residence_permit_type: ResidencePermitType,
        /// The first day it is good for (FREG: OppholdFra).
        #[schema(value_type = Option<String>, format = DateTime)]
        stay_from: Day,
        /// The last day it is good for (FREG: OppholdTil).
        #[schema(value_type = Option<String>, format = DateTime)]
        stay_to: Day,
    }
}

shape! {
    /// The kinds of permit.
    values ResidencePermitType {
        /// For a limited time (FREG: Midlertidig).
        Temporary,
        /// Without an end (FREG: Permanent).
        Permanent,
        /// There is a permit, of a kind that is not known (FREG: OpplysningMangler).
        InformationMissing,
    }
}

impl ResidencePermit {
    /// A permanent permit, and the temporary one before it.
    pub fn sample() -> Vec<Self> {
        let permanent = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2015-05-04T08:00:00.125+02:00"),
            source: sample::text("Utlendingsdirektoratet"),
            reason: sample::text("Oppholdstillatelse"),
            valid_from: sample::instant("2015-05-01T22:00:00Z"),
            residence_permit_type: Some(ResidencePermitType::Permanent),
            stay_from: sample::day("2015-05-02"),
            ..Self::default()
        };
        let temporary = Self {
            is_valid: Some(false),
            valid_from: sample::instant("2012-05-02T00:00:00+02:00"),
            valid_to: sample::instant("2015-05-01T22:00:00Z"),
            residence_permit_type: Some(ResidencePermitType::Temporary),
            stay_from: sample::day("2012-05-02"),
            stay_to: sample::day("2015-05-01"),
            ..Self::default()
        };
        vec![permanent, temporary]
    }
}
