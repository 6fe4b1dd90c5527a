//! Immigration: from where the person came to Norway.

use super::sample;
use super::shape::shape;

shape! {
    /// A move to Norway (FREG: InnflyttingTilNorge).
    part ImmigrationToNorway {
        /// The country the person came from, three letters (FREG: Fraflyttingsland).
        immigrated_from_country: String,
        /// The place abroad the person came from, in the source's own words
        /// (FREG: FraflyttingsstedIUtlandet).
        immigrated_from_city: String,
    }
}

impl ImmigrationToNorway {
    /// Somebody who came a second time.
    pub fn sample() -> Vec<Self> {
        let again = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2012-05-02T12:30:54.299406+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Familiegjenforening"),
            valid_from: sample::instant("2012-05-02T00:00:00+02:00"),
            valid_to: None,
            immigrated_from_country: sample::text("SWE"),
            immigrated_from_city: sample::text("Gällivare"),
        };
        let first = Self {
            is_valid: Some(false),
            registered_at: sample::instant("1999-08-16T00:00:00+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Innvandring"),
            valid_from: sample::instant("1999-08-16T00:00:00+02:00"),
            valid_to: sample::instant("2003-02-28T00:00:00+01:00"),
            immigrated_from_country: sample::text("XUK"),
            ..Self::default()
        };
        vec![again, first]
    }
}
