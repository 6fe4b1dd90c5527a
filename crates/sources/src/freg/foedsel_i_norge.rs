//! `foedselINorge`: what the birth register adds about a birth in Norway.

use register::part::BirthInNorway;
use register::time::Instant;
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// A birth in Norway (FREG: FoedselINorge).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FoedselINorge {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    foedselsinstitusjonsnavn: Field<String>,
    /// How many were born, then which of them; there is no birth of none.
    rekkefoelgenummer: Field<i64>,
}

impl FoedselINorge {
    pub(super) fn into_part(self, take: &mut Taker) -> BirthInNorway {
        let FoedselINorge {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            foedselsinstitusjonsnavn,
            rekkefoelgenummer,
        } = self;
        BirthInNorway {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            organization_name: take.value(foedselsinstitusjonsnavn),
            multiple_birth_number: take.value(rekkefoelgenummer).filter(|number| *number != 0),
        }
    }
}
