//! `innflytting`: that the person moved to Norway.

use register::part::ImmigrationToNorway;
use register::time::Instant;
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// A move to Norway (FREG: InnflyttingTilNorge).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Innflytting {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    fraflyttingsland: Field<String>,
    #[serde(rename = "fraflyttingsstedIUtlandet")]
    fraflyttingssted_i_utlandet: Field<String>,
}

impl Innflytting {
    pub(super) fn into_part(self, take: &mut Taker) -> ImmigrationToNorway {
        let Innflytting {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            fraflyttingsland,
            fraflyttingssted_i_utlandet,
        } = self;
        ImmigrationToNorway {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            immigrated_from_country: take.value(fraflyttingsland),
            immigrated_from_city: take.value(fraflyttingssted_i_utlandet),
        }
    }
}
