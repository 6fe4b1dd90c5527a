//! `statsborgerskap`: of which countries the person is a citizen.

use register::part::Citizenship;
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// A citizenship (FREG: Statsborgerskap). Several can be current.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Statsborgerskap {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    statsborgerskap: Field<String>,
    ervervsdato: Field<Day>,
}

impl Statsborgerskap {
    pub(super) fn into_part(self, take: &mut Taker) -> Citizenship {
        let Statsborgerskap {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            statsborgerskap,
            ervervsdato,
        } = self;
        Citizenship {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            country_code: take.value(statsborgerskap),
            aquired_date: take.value(ervervsdato),
        }
    }
}
