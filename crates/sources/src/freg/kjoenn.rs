//! `kjoenn`: the recorded sex.

use register::part::{Gender, PersonGender};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A recorded sex (FREG: Personkjoenn).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Kjoenn {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    kjoenn: Field<Gender>,
}

impl Kjoenn {
    pub(super) fn into_part(self, take: &mut Taker) -> PersonGender {
        let Kjoenn {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            kjoenn,
        } = self;
        PersonGender {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            gender: take.value(kjoenn),
        }
    }
}

impl Scalar for Gender {
    fn from_text(text: &str) -> Option<Gender> {
        Some(match text {
            "kvinne" => Gender::Female,
            "mann" => Gender::Male,
            _ => return None,
        })
    }
}
