//! Stay on Svalbard: when the person lives or lived there.

use super::sample;
use super::shape::shape;
use crate::time::Day;

shape! {
    /// A stay on Svalbard (FREG: OppholdPaaSvalbard).
    part StayOnSvalbard {
        /// The first day of the stay (FREG: Startdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        start_date: Day,
        /// The last day of the stay (FREG: Sluttdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        end_date: Day,
        /// The municipality on the mainland the person came from, four digits
        /// (FREG: Fraflyttingskommunenummer).
        immigrated_from_municipality_number: String,
        /// The country the person came from, three letters (FREG: Fraflyttingsland).
        immigrated_from_country: String,
        /// How many stays there were before; the source sends it no longer for new ones
        /// (FREG: AntallTidligereOpphold).
        number_of_previous_stays: i64,
        /// How long the stay was meant to be (FREG: AntattOppholdsvarighet).
        estimated_length_of_stay: LengthOfStay,
    }
}

shape! {
    /// How long a stay is meant to be.
    values LengthOfStay {
        /// Less than six months (FREG: UnderSeksMaaneder).
        UnderSixMonths,
        /// More than six months (FREG: OverSeksMaaneder).
        OverSixMonths,
        /// More than twelve months (FREG: OverTolvMaaneder).
        OverTwelveMonths,
        /// Not known (FREG: Ukjent).
        Unknown,
    }
}

impl StayOnSvalbard {
    /// A stay from the mainland, and one before it from abroad.
    pub fn sample() -> Vec<Self> {
        let from_mainland = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2018-02-26T12:00:00.000001+01:00"),
            source: sample::text("Svalbard skattekontor"),
            reason: sample::text("Opphold på Svalbard"),
            valid_from: sample::instant("2018-02-15T00:00:00+01:00"),
            start_date: sample::day("2018-02-15"),
            immigrated_from_municipality_number: sample::text("5501"),
            number_of_previous_stays: Some(0),
            estimated_length_of_stay: Some(LengthOfStay::OverTwelveMonths),
            ..Self::default()
        };
        let from_abroad = Self {
            is_valid: Some(false),
            valid_from: sample::instant("2015-12-31T23:00:00Z"),
            valid_to: sample::instant("2016-02-29T00:00:00+01:00"),
            start_date: sample::day("2016-01-01"),
            end_date: sample::day("2016-02-29"),
            immigrated_from_country: sample::text("THA"),
            estimated_length_of_stay: Some(LengthOfStay::UnderSixMonths),
            ..Self::default()
        };
        vec![from_mainland, from_abroad]
    }
}
