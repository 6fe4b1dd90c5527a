//! `doedsfall`: that the person is dead.

use register::part::Death;
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// A death (FREG: Doedsfall). The date may be missing: a person found dead, or declared so.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Doedsfall {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    doedsdato: Field<Day>,
}

impl Doedsfall {
    pub(super) fn into_part(self, take: &mut Taker) -> Death {
        let Doedsfall {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            doedsdato,
        } = self;
        Death {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            deceased_date: take.value(doedsdato),
        }
    }
}
