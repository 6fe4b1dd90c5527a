//! Name: what a person is called, and was called before.

use super::sample;
use super::shape::shape;

shape! {
    /// A name the person has or has had (FREG: Folkeregisterpersonnavn).
    part PersonName {
        /// Given name or names (FREG: Fornavn).
        given_name: String,
        /// Middle name (FREG: Mellomnavn).
        middle_name: String,
        /// Family name (FREG: Etternavn).
        family_name: String,
        /// The name cut down to at most 40 characters, family name first (FREG: ForkortetNavn).
        short_name: String,
        /// The name as it was before it was adapted to Norwegian letters (FREG: OriginaltNavn).
        original_name: Name,
    }
}

shape! {
    /// A name in its parts (FREG: Personnavn).
    object Name {
        /// Given name or names (FREG: Fornavn).
        given_name: String,
        /// Middle name (FREG: Mellomnavn).
        middle_name: String,
        /// Family name (FREG: Etternavn).
        family_name: String,
    }
}

impl PersonName {
    /// A married name, and the name before it.
    pub fn sample() -> Vec<Self> {
        let taken = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2015-06-20T09:15:30.25+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Navn"),
            valid_from: sample::instant("2015-06-20T00:00:00+02:00"),
            valid_to: None,
            given_name: sample::text("Åse"),
            middle_name: sample::text("Bjørk"),
            family_name: sample::text("Sæther"),
            short_name: sample::text("SÆTHER ÅSE BJØRK"),
            original_name: Some(Name {
                given_name: sample::text("Aase"),
                middle_name: sample::text("Bjoerk"),
                family_name: sample::text("Saether"),
            }),
        };
        let born_with = Self {
            is_valid: Some(false),
            registered_at: sample::instant("1982-09-10T00:00:00+02:00"),
            source: sample::text("forelder"),
            reason: sample::text("Navn på barn"),
            valid_from: sample::instant("1982-09-10T00:00:00+02:00"),
            valid_to: sample::instant("2015-06-20T00:00:00+02:00"),
            given_name: sample::text("Åse"),
            family_name: sample::text("Bjørk"),
            short_name: sample::text("BJØRK ÅSE"),
            ..Self::default()
        };
        vec![taken, born_with]
    }
}
