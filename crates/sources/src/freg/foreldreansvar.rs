//! `foreldreansvar`: who decides for a child.

use register::id::IdentityNumber;
use register::part::{ParentalResponsibility, ParentalResponsibilityType};
use register::time::Instant;
use serde::Deserialize;

use super::familierelasjon::RelatertBiPerson;
use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A parental responsibility (FREG: Foreldreansvar), as it stands with the child or with the one
/// who has it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Foreldreansvar {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    ansvar: Field<ParentalResponsibilityType>,
    ansvarssubjekt: Field<IdentityNumber>,
    ansvarlig: Field<IdentityNumber>,
    ansvarlig_organisasjon: Field<String>,
    ansvarlig_uten_identifikator: Option<RelatertBiPerson>,
    ansvarssubjekt_uten_identifikator: Option<RelatertBiPerson>,
}

impl Foreldreansvar {
    pub(super) fn into_part(self, take: &mut Taker) -> ParentalResponsibility {
        let Foreldreansvar {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            ansvar,
            ansvarssubjekt,
            ansvarlig,
            ansvarlig_organisasjon,
            ansvarlig_uten_identifikator,
            ansvarssubjekt_uten_identifikator,
        } = self;
        ParentalResponsibility {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            responsibility_type: take.value(ansvar),
            subject_of_responsibility: take.value(ansvarssubjekt),
            responsible: take.value(ansvarlig),
            responsible_organization: take.value(ansvarlig_organisasjon),
            responsible_without_identifier: ansvarlig_uten_identifikator
                .map(|person| person.into_related(take)),
            subject_of_responsibility_without_identifier: ansvarssubjekt_uten_identifikator
                .map(|person| person.into_related(take)),
        }
    }
}

impl Scalar for ParentalResponsibilityType {
    fn from_text(text: &str) -> Option<ParentalResponsibilityType> {
        Some(match text {
            "felles" => ParentalResponsibilityType::Joint,
            "mor" => ParentalResponsibilityType::Mother,
            "far" => ParentalResponsibilityType::Father,
            "medmor" => ParentalResponsibilityType::CoMother,
            "andre" => ParentalResponsibilityType::Other,
            "ukjent" => ParentalResponsibilityType::Unknown,
            _ => return None,
        })
    }
}
