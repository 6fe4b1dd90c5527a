//! `sivilstand`: married, unmarried, and what else there is.

use register::id::IdentityNumber;
use register::part::{MaritalStatus, MaritalStatusType};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A marital status (FREG: Sivilstand).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Sivilstand {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    sivilstand: Field<MaritalStatusType>,
    sivilstandsdato: Field<Day>,
    /// Free text to us: the model writes camel case, the wire has been seen in `UPPER_SNAKE`.
    myndighet: Field<String>,
    kommune: Field<String>,
    sted: Field<String>,
    utland: Field<String>,
    relatert_ved_sivilstand: Field<IdentityNumber>,
}

impl Sivilstand {
    pub(super) fn into_part(self, take: &mut Taker) -> MaritalStatus {
        let Sivilstand {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            sivilstand,
            sivilstandsdato,
            myndighet,
            kommune,
            sted,
            utland,
            relatert_ved_sivilstand,
        } = self;
        MaritalStatus {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            status: take.value(sivilstand),
            status_date: take.value(sivilstandsdato),
            authority: take.value(myndighet),
            municipality_number: take.value(kommune),
            municipality_name: None,
            county_number: None,
            county_name: None,
            place: take.value(sted),
            abroad: take.value(utland),
            related_by_marital_status: take.value(relatert_ved_sivilstand),
        }
    }
}

impl Scalar for MaritalStatusType {
    fn from_text(text: &str) -> Option<MaritalStatusType> {
        Some(match text {
            "uoppgitt" => MaritalStatusType::Unspecified,
            "ugift" => MaritalStatusType::Unmarried,
            "gift" => MaritalStatusType::Married,
            "enkeEllerEnkemann" => MaritalStatusType::WidowOrWidower,
            "skilt" => MaritalStatusType::Divorced,
            "separert" => MaritalStatusType::Separated,
            "registrertPartner" => MaritalStatusType::RegisteredPartner,
            "separertPartner" => MaritalStatusType::SeparatedPartner,
            "skiltPartner" => MaritalStatusType::DivorcedPartner,
            "gjenlevendePartner" => MaritalStatusType::SurvivingPartner,
            _ => return None,
        })
    }
}
