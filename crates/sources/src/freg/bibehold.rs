//! `bibehold`: whether Norwegian citizenship is kept.

use register::part::{CitizenshipRetentionStatus, NorwegianCitizenshipRetention};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A decision on keeping Norwegian citizenship (FREG: BibeholdAvNorskStatsborgerskap).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Bibehold {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    bibeholdstatus: Field<CitizenshipRetentionStatus>,
    dato_for_bibehold: Field<Day>,
}

impl Bibehold {
    pub(super) fn into_part(self, take: &mut Taker) -> NorwegianCitizenshipRetention {
        let Bibehold {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            bibeholdstatus,
            dato_for_bibehold,
        } = self;
        NorwegianCitizenshipRetention {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            citizenship_retention_status: take.value(bibeholdstatus),
            retention_resolution_date: take.value(dato_for_bibehold),
        }
    }
}

impl Scalar for CitizenshipRetentionStatus {
    fn from_text(text: &str) -> Option<CitizenshipRetentionStatus> {
        use CitizenshipRetentionStatus::{
            CitizenshipNoLongerRetained, CitizenshipRetained, NorwegianCitizenRetentionNotRequired,
        };
        Some(match text {
            "harBibehold" => CitizenshipRetained,
            "harIkkeLengerBibehold" => CitizenshipNoLongerRetained,
            "norskStatsborgerTrengerIkkeBibehold" => NorwegianCitizenRetentionNotRequired,
            _ => return None,
        })
    }
}
