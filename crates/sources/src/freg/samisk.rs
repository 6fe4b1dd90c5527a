//! `brukAvSamiskSpraak` and `forholdTilSametingetsValgmanntall`: what is known of the Sámi.

use register::part::{
    SamiLanguage, SamiLanguageType, SamiParliamentElectoralRegistry,
    SamiParliamentElectoralRegistryStatus,
};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::field::{Field, Scalar, many};
use super::mapping::Taker;

/// Which Sámi languages somebody uses (FREG: SamiskSpraak).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SamiskSpraak {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    #[serde(deserialize_with = "many")]
    spraak: Vec<Field<SamiLanguageType>>,
}

impl SamiskSpraak {
    pub(super) fn into_part(self, take: &mut Taker) -> SamiLanguage {
        let SamiskSpraak {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            spraak,
        } = self;
        SamiLanguage {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            language: take.values(spraak),
        }
    }
}

/// How somebody stands to the electoral roll (FREG: SametingetsValgmanntall). The source refuses to
/// be asked for it since April 2023, but documents from before may have it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SametingetsValgmanntall {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    forhold: Field<SamiParliamentElectoralRegistryStatus>,
    vedtaksdato: Field<Day>,
}

impl SametingetsValgmanntall {
    pub(super) fn into_part(self, take: &mut Taker) -> SamiParliamentElectoralRegistry {
        let SametingetsValgmanntall {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            forhold,
            vedtaksdato,
        } = self;
        SamiParliamentElectoralRegistry {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            status: take.value(forhold),
            resolution_date: take.value(vedtaksdato),
        }
    }
}

impl Scalar for SamiLanguageType {
    fn from_text(text: &str) -> Option<SamiLanguageType> {
        Some(match text {
            "nordsamisk" => SamiLanguageType::Nordsamisk,
            "soersamisk" => SamiLanguageType::Soersamisk,
            "lulesamisk" => SamiLanguageType::Lulesamisk,
            _ => return None,
        })
    }
}

impl Scalar for SamiParliamentElectoralRegistryStatus {
    fn from_text(text: &str) -> Option<SamiParliamentElectoralRegistryStatus> {
        Some(match text {
            "innmeldt" => SamiParliamentElectoralRegistryStatus::Enrolled,
            "utmeldt" => SamiParliamentElectoralRegistryStatus::Unenrolled,
            "aldriInnmeldt" => SamiParliamentElectoralRegistryStatus::NeverEnrolled,
            _ => return None,
        })
    }
}
