//! `utflytting`: that the person moved out of Norway.

use register::part::EmigrationFromNorway;
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// A move out of Norway (FREG: UtflyttingFraNorge).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Utflytting {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    tilflyttingsland: Field<String>,
    #[serde(rename = "tilflyttingsstedIUtlandet")]
    tilflyttingssted_i_utlandet: Field<String>,
    utflyttingsdato: Field<Day>,
}

impl Utflytting {
    pub(super) fn into_part(self, take: &mut Taker) -> EmigrationFromNorway {
        let Utflytting {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            tilflyttingsland,
            tilflyttingssted_i_utlandet,
            utflyttingsdato,
        } = self;
        EmigrationFromNorway {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            emigrated_to_country: take.value(tilflyttingsland),
            emigrated_to_city: take.value(tilflyttingssted_i_utlandet),
            emigrated_move_date: take.value(utflyttingsdato),
        }
    }
}
