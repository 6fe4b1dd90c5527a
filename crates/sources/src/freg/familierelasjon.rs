//! `familierelasjon`: parents, children, siblings, spouse or partner.

use register::id::IdentityNumber;
use register::part::{FamilyRelation, FamilyRelationType, Gender, RelatedBiPerson};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;
use super::navn::Personnavn;

/// A relation to one relative (FREG: Familierelasjon).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Familierelasjon {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    relatert_person: Field<IdentityNumber>,
    relatert_person_uten_folkeregisteridentifikator: Option<RelatertBiPerson>,
    relatert_persons_rolle: Field<FamilyRelationType>,
    min_rolle_for_person: Field<FamilyRelationType>,
}

impl Familierelasjon {
    pub(super) fn into_part(self, take: &mut Taker) -> FamilyRelation {
        let Familierelasjon {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            relatert_person,
            relatert_person_uten_folkeregisteridentifikator,
            relatert_persons_rolle,
            min_rolle_for_person,
        } = self;
        FamilyRelation {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            related_person: take.value(relatert_person),
            related_person_without_identifier: relatert_person_uten_folkeregisteridentifikator
                .map(|person| person.into_related(take)),
            related_persons_role: take.value(relatert_persons_rolle),
            my_role_for_related_person: take.value(min_rolle_for_person),
        }
    }
}

/// A relative without a number in the register (FREG: RelatertBiPerson).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RelatertBiPerson {
    navn: Option<Personnavn>,
    foedselsdato: Field<Day>,
    statsborgerskap: Field<String>,
    kjoenn: Field<Gender>,
}

impl RelatertBiPerson {
    pub(super) fn into_related(self, take: &mut Taker) -> RelatedBiPerson {
        let RelatertBiPerson { navn, foedselsdato, statsborgerskap, kjoenn } = self;
        RelatedBiPerson {
            name: navn.map(|navn| navn.into_name(take)),
            birth_date: take.value(foedselsdato),
            citizenship: take.value(statsborgerskap),
            gender: take.value(kjoenn),
        }
    }
}

impl Scalar for FamilyRelationType {
    fn from_text(text: &str) -> Option<FamilyRelationType> {
        Some(match text {
            "mor" => FamilyRelationType::Mother,
            "far" => FamilyRelationType::Father,
            "medmor" => FamilyRelationType::CoMother,
            "barn" => FamilyRelationType::Child,
            "soesken" => FamilyRelationType::Sibling,
            "ektefelleEllerPartner" => FamilyRelationType::SpouseOrPartner,
            "doedfoedtBarn" => FamilyRelationType::StillbornChild,
            _ => return None,
        })
    }
}
