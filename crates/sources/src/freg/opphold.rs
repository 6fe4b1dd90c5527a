//! `opphold`: the right to stay in Norway.

use register::part::{ResidencePermit, ResidencePermitType};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A permit to stay (FREG: Opphold).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Opphold {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    oppholdstillatelse: Field<ResidencePermitType>,
    opphold_fra: Field<Day>,
    opphold_til: Field<Day>,
}

impl Opphold {
    pub(super) fn into_part(self, take: &mut Taker) -> ResidencePermit {
        let Opphold {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            oppholdstillatelse,
            opphold_fra,
            opphold_til,
        } = self;
        ResidencePermit {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            residence_permit_type: take.value(oppholdstillatelse),
            stay_from: take.value(opphold_fra),
            stay_to: take.value(opphold_til),
        }
    }
}

impl Scalar for ResidencePermitType {
    fn from_text(text: &str) -> Option<ResidencePermitType> {
        Some(match text {
            "midlertidig" => ResidencePermitType::Temporary,
            "permanent" => ResidencePermitType::Permanent,
            "opplysningMangler" => ResidencePermitType::InformationMissing,
            _ => return None,
        })
    }
}
