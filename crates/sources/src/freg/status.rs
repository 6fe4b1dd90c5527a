//! `status`: how the person stands to the register.

use register::part::{PersonStatus, PersonStatusType};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A status of a person (FREG: Folkeregisterpersonstatus).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Status {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    status: Field<PersonStatusType>,
}

impl Status {
    pub(super) fn into_part(self, take: &mut Taker) -> PersonStatus {
        let Status {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            status,
        } = self;
        PersonStatus {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            status: take.value(status),
        }
    }
}

impl Scalar for PersonStatusType {
    fn from_text(text: &str) -> Option<PersonStatusType> {
        Some(match text {
            "bosatt" => PersonStatusType::Resident,
            "utflyttet" => PersonStatusType::Emigrated,
            "forsvunnet" => PersonStatusType::Disappeared,
            "doed" => PersonStatusType::Deceased,
            "opphoert" => PersonStatusType::Discontinued,
            "foedselsregistrert" => PersonStatusType::RegisteredAtBirth,
            "midlertidig" => PersonStatusType::Temporary,
            "inaktiv" => PersonStatusType::Inactive,
            "ikkeBosatt" => PersonStatusType::NotResident,
            "aktiv" => PersonStatusType::Active,
            _ => return None,
        })
    }
}
