//! False identity: that an identity was assumed, and whose it really is.

use super::sample;
use super::shape::shape;
use super::{Gender, IdentifyingInformation, Name};
use crate::id::IdentityNumber;

shape! {
    /// That the identity behind the entry is false. A person whose identity was misused by another
    /// bears no such mark (FREG: FalskIdentitet).
    part FalseIdentity {
        /// The true identity as far as it is described; not for restricted access
        /// (FREG: RettIdentitetVedOpplysninger).
        correct_identity_from_information: IdentifyingInformation,
        /// True where nobody knows who it really is; not for restricted access
        /// (FREG: RettIdentitetErUkjent).
        is_correct_identity_unknown: bool,
        /// The number of the true identity; not for restricted access
        /// (FREG: RettIdentitetVedIdentifikasjonsnummer).
        #[schema(value_type = Option<String>)]
        correct_identity_from_identification_number: IdentityNumber,
        /// Whether the identity is false (FREG: ErFalsk).
        is_false_identity: bool,
    }
}

impl FalseIdentity {
    /// Leaves that the identity is false, and nothing of how or when that was found out.
    pub(crate) fn mask(&mut self) -> bool {
        *self = Self {
            is_valid: self.is_valid,
            is_false_identity: self.is_false_identity,
            ..Self::default()
        };
        true
    }

    /// Every way to tell the true identity at once; the source sends one of them.
    pub fn sample() -> Self {
        Self {
            is_valid: Some(true),
            registered_at: sample::instant("2021-11-03T14:05:09.75+01:00"),
            source: sample::text("skatteetaten"),
            reason: sample::text("Falsk identitet"),
            valid_from: sample::instant("2021-10-31T00:00:00+02:00"),
            valid_to: None,
            correct_identity_from_information: Some(IdentifyingInformation {
                person_name: Some(Name {
                    given_name: sample::text("Željka"),
                    middle_name: sample::text("Ó"),
                    family_name: sample::text("Đorđević"),
                }),
                birth_date: sample::day("1976-02-29"),
                citizenship: Some(vec!["SRB".to_owned(), "XXK".to_owned()]),
                gender: Some(Gender::Female),
            }),
            is_correct_identity_unknown: Some(false),
            correct_identity_from_identification_number: Some("69827698765".into()),
            is_false_identity: Some(true),
        }
    }
}
