//! `rettsligHandleevne` and `fratattRettsligHandleevne`: what the person may no longer decide.

use register::part::{DeprivedLegalAuthority, LegalAuthority, LegalAuthorityScope};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A limit to legal authority (FREG: RettsligHandleevne).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct RettsligHandleevne {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    rettslig_handleevneomfang: Field<LegalAuthorityScope>,
}

impl RettsligHandleevne {
    pub(super) fn into_part(self, take: &mut Taker) -> LegalAuthority {
        let RettsligHandleevne {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            rettslig_handleevneomfang,
        } = self;
        LegalAuthority {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            legal_authority_scope: take.value(rettslig_handleevneomfang),
        }
    }
}

/// A loss of legal authority (FREG: FratattRettsligHandleevne). It stands in the source's schema
/// without fields of its own, and has never been delivered.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FratattRettsligHandleevne {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
}

impl FratattRettsligHandleevne {
    pub(super) fn into_part(self, take: &mut Taker) -> DeprivedLegalAuthority {
        let FratattRettsligHandleevne {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
        } = self;
        DeprivedLegalAuthority {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
        }
    }
}

impl Scalar for LegalAuthorityScope {
    fn from_text(text: &str) -> Option<LegalAuthorityScope> {
        (text == "begrenset").then_some(LegalAuthorityScope::Limited)
    }
}
