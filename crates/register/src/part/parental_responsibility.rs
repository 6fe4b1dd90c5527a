//! Parental responsibility: who decides for a child.

use super::sample;
use super::shape::shape;
use super::{Gender, Name, RelatedBiPerson};
use crate::id::IdentityNumber;

shape! {
    /// Responsibility for a child. It stands with the child, naming the one who has it, and with
    /// the one who has it, naming the child; several hold at once (FREG: Foreldreansvar).
    part ParentalResponsibility {
        /// How the responsibility is held (FREG: Ansvar).
        responsibility_type: ParentalResponsibilityType,
        /// The child's number (FREG: Ansvarssubjekt).
        #[schema(value_type = Option<String>)]
        subject_of_responsibility: IdentityNumber,
        /// The number of the one who has the responsibility (FREG: Ansvarlig).
        #[schema(value_type = Option<String>)]
        responsible: IdentityNumber,
        /// The organization that has the responsibility (FREG: AnsvarligOrganisasjon).
        responsible_organization: String,
        /// The one who has the responsibility, if without a number
        /// (FREG: AnsvarligUtenIdentifikator).
        responsible_without_identifier: RelatedBiPerson,
        /// The child, if without a number (FREG: AnsvarssubjektUtenIdentifikator).
        subject_of_responsibility_without_identifier: RelatedBiPerson,
    }
}

shape! {
    /// The ways of holding parental responsibility.
    values ParentalResponsibilityType {
        /// Both parents together (FREG: Felles).
        Joint,
        /// The mother alone (FREG: Mor).
        Mother,
        /// The father alone (FREG: Far).
        Father,
        /// The other mother of a child with two, alone (FREG: Medmor).
        CoMother,
        /// Somebody who is no parent (FREG: Andre).
        Other,
        /// Not known (FREG: Ukjent).
        Unknown,
    }
}

impl ParentalResponsibility {
    /// A child shared with a parent abroad, one placed with an organization, one that came of age.
    pub fn sample() -> Vec<Self> {
        let shared = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2014-04-02T00:00:00+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Foreldreansvar"),
            valid_from: sample::instant("2014-04-01T00:00:00+02:00"),
            responsibility_type: Some(ParentalResponsibilityType::Joint),
            subject_of_responsibility: Some("01841412345".into()),
            responsible_without_identifier: Some(RelatedBiPerson {
                name: Some(Name {
                    given_name: sample::text("Søren"),
                    middle_name: sample::text("Aagaard"),
                    family_name: sample::text("Kjær"),
                }),
                birth_date: sample::day("1980-12-31"),
                citizenship: sample::text("DNK"),
                gender: Some(Gender::Male),
            }),
            ..Self::default()
        };
        let placed = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2013-05-17T08:00:00Z"),
            responsibility_type: Some(ParentalResponsibilityType::Other),
            responsible_organization: sample::text("310111222"),
            subject_of_responsibility_without_identifier: Some(RelatedBiPerson {
                name: Some(Name {
                    given_name: sample::text("Lý"),
                    middle_name: sample::text("Thị"),
                    family_name: sample::text("Nguyễn"),
                }),
                birth_date: sample::day("2012-02-29"),
                citizenship: sample::text("VNM"),
                gender: Some(Gender::Female),
            }),
            ..Self::default()
        };
        let of_age = Self {
            is_valid: Some(false),
            valid_from: sample::instant("2002-01-15T00:00:00+01:00"),
            valid_to: sample::instant("2020-01-15T00:00:00+01:00"),
            responsibility_type: Some(ParentalResponsibilityType::Mother),
            subject_of_responsibility: Some("15810254321".into()),
            responsible: Some("30888212120".into()),
            ..Self::default()
        };
        vec![shared, placed, of_age]
    }
}
