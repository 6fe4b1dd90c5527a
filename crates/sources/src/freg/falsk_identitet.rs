//! `falskIdentitet`: that the identity is false.

use register::id::IdentityNumber;
use register::part::FalseIdentity;
use register::time::Instant;
use serde::Deserialize;

use super::field::Field;
use super::identifiserende_informasjon::IdentifiserendeInformasjon;
use super::mapping::Taker;

/// A false identity (FREG: FalskIdentitet). FREG sends one of the three ways to tell the true one.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FalskIdentitet {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    er_falsk: Field<bool>,
    rett_identitet_ved_opplysninger: Option<IdentifiserendeInformasjon>,
    rett_identitet_er_ukjent: Field<bool>,
    rett_identitet_ved_identifikasjonsnummer: Field<IdentityNumber>,
}

impl FalskIdentitet {
    pub(super) fn into_part(self, take: &mut Taker) -> FalseIdentity {
        let FalskIdentitet {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            er_falsk,
            rett_identitet_ved_opplysninger,
            rett_identitet_er_ukjent,
            rett_identitet_ved_identifikasjonsnummer,
        } = self;
        FalseIdentity {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            correct_identity_from_information: rett_identitet_ved_opplysninger
                .map(|opplysninger| opplysninger.into_information(take)),
            is_correct_identity_unknown: take.value(rett_identitet_er_ukjent),
            correct_identity_from_identification_number: take
                .value(rett_identitet_ved_identifikasjonsnummer),
            is_false_identity: take.value(er_falsk),
        }
    }
}
