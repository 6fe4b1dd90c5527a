//! Family relation: who the person's closest kin are.

use super::gender::Gender;
use super::name::Name;
use super::sample;
use super::shape::shape;
use crate::id::IdentityNumber;
use crate::time::Day;

shape! {
    /// A tie to a parent, a child, a sibling, a spouse or a partner (FREG: Familierelasjon).
    part FamilyRelation {
        /// The other person's number, where they have one (FREG: RelatertPerson).
        #[schema(value_type = Option<String>)]
        related_person: IdentityNumber,
        /// The other person, where they have no number
        /// (FREG: RelatertPersonUtenFolkeregisteridentifikator).
        related_person_without_identifier: RelatedBiPerson,
        /// What the other is to this person (FREG: RelatertPersonsRolle).
        related_persons_role: FamilyRelationType,
        /// What this person is to the other (FREG: MinRolleForPerson).
        my_role_for_related_person: FamilyRelationType,
    }
}

shape! {
    /// A related person who has no number in the register (FREG: RelatertBiPerson).
    object RelatedBiPerson {
        /// Name (FREG: Navn).
        name: Name,
        /// Day of birth (FREG: Foedselsdato).
        #[schema(value_type = Option<String>, format = DateTime)]
        birth_date: Day,
        /// Citizenship, three letters (FREG: Statsborgerskap).
        citizenship: String,
        /// Recorded sex (FREG: Kjoenn).
        gender: Gender,
    }
}

shape! {
    /// What one relative is to the other.
    values FamilyRelationType {
        /// (FREG: Mor).
        Mother,
        /// (FREG: Far).
        Father,
        /// The other mother of a child with two (FREG: Medmor).
        CoMother,
        /// (FREG: Barn).
        Child,
        /// (FREG: Soesken).
        Sibling,
        /// Married to, or in a registered partnership with (FREG: EktefelleEllerPartner).
        SpouseOrPartner,
        /// A child born without life (FREG: DoedfoedtBarn).
        StillbornChild,
    }
}

impl FamilyRelation {
    /// A child with a number, a father abroad without one, and a marriage that is over.
    pub fn sample() -> Vec<Self> {
        let child = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2014-04-02T00:00:00+02:00"),
            source: sample::text("KILDE_DSF"),
            reason: sample::text("Farskap"),
            valid_from: sample::instant("2014-04-01T00:00:00+02:00"),
            valid_to: None,
            related_person: Some("01841412345".into()),
            related_person_without_identifier: None,
            related_persons_role: Some(FamilyRelationType::Child),
            my_role_for_related_person: Some(FamilyRelationType::Mother),
        };
        let father = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2012-03-01T12:00:00Z"),
            related_person_without_identifier: Some(RelatedBiPerson {
                name: Some(Name {
                    given_name: sample::text("Jürgen"),
                    middle_name: sample::text("Maria"),
                    family_name: sample::text("Groß"),
                }),
                birth_date: sample::day("1952-02-29"),
                citizenship: sample::text("DEU"),
                gender: Some(Gender::Male),
            }),
            related_persons_role: Some(FamilyRelationType::Father),
            my_role_for_related_person: Some(FamilyRelationType::Child),
            ..Self::default()
        };
        let former_spouse = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2005-06-20T00:00:00+02:00"),
            reason: sample::text("Skilsmisse"),
            valid_from: sample::instant("2005-06-20T00:00:00+02:00"),
            valid_to: sample::instant("2010-10-10T00:00:00+02:00"),
            related_person: Some("05858054321".into()),
            related_persons_role: Some(FamilyRelationType::SpouseOrPartner),
            my_role_for_related_person: Some(FamilyRelationType::SpouseOrPartner),
            ..Self::default()
        };
        vec![child, father, former_spouse]
    }
}
