//! `oppholdPaaSvalbard`: when the person lives or lived on Svalbard.

use register::part::{LengthOfStay, StayOnSvalbard};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A stay on Svalbard (FREG: OppholdPaaSvalbard).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct OppholdPaaSvalbard {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    antatt_oppholdsvarighet: Field<LengthOfStay>,
    startdato: Field<Day>,
    sluttdato: Field<Day>,
    fraflyttingskommunenummer: Field<String>,
    fraflyttingsland: Field<String>,
    /// Retired by FREG, and sent with old stays. Zero is a count like any other.
    antall_tidligere_opphold: Field<i64>,
}

impl OppholdPaaSvalbard {
    pub(super) fn into_part(self, take: &mut Taker) -> StayOnSvalbard {
        let OppholdPaaSvalbard {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            antatt_oppholdsvarighet,
            startdato,
            sluttdato,
            fraflyttingskommunenummer,
            fraflyttingsland,
            antall_tidligere_opphold,
        } = self;
        StayOnSvalbard {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            start_date: take.value(startdato),
            end_date: take.value(sluttdato),
            immigrated_from_municipality_number: take.value(fraflyttingskommunenummer),
            immigrated_from_country: take.value(fraflyttingsland),
            number_of_previous_stays: take.value(antall_tidligere_opphold),
            estimated_length_of_stay: take.value(antatt_oppholdsvarighet),
        }
    }
}

impl Scalar for LengthOfStay {
    fn from_text(text: &str) -> Option<LengthOfStay> {
        Some(match text {
            "underSeksMaaneder" => LengthOfStay::UnderSixMonths,
            "overSeksMaaneder" => LengthOfStay::OverSixMonths,
            "overTolvMaaneder" => LengthOfStay::OverTwelveMonths,
            "ukjent" => LengthOfStay::Unknown,
            _ => return None,
        })
    }
}
