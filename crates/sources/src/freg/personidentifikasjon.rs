//! `utenlandskPersonidentifikasjon` and `utlendingsmyndighetenesIdentifikasjonsnummer`: numbers
//! that others than the register gave. They are one type in the source.

use register::id::IdentityNumber;
use register::part::{
    ForeignPersonIdentificationNumber, ImmigrationAuthoritiesIdentificationNumber,
};
use register::time::Instant;
use serde::Deserialize;

use super::field::Field;
use super::mapping::Taker;

/// A number that somebody else gave (FREG: Personidentifikasjon).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UtenlandskPersonidentifikasjon {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    identifikasjonsnummer: Field<IdentityNumber>,
    identifikasjonsnummertype: Field<String>,
    utstederland: Field<String>,
}

impl UtenlandskPersonidentifikasjon {
    pub(super) fn into_part(self, take: &mut Taker) -> ForeignPersonIdentificationNumber {
        let UtenlandskPersonidentifikasjon {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            identifikasjonsnummer,
            identifikasjonsnummertype,
            utstederland,
        } = self;
        ForeignPersonIdentificationNumber {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            identification_number: take.value(identifikasjonsnummer),
            identification_number_type: take.value(identifikasjonsnummertype),
            issuer_country: take.value(utstederland),
        }
    }
}

/// The same, given by the immigration authorities.
#[derive(Deserialize, Default)]
#[serde(transparent)]
pub(super) struct UtlendingsmyndighetenesIdentifikasjonsnummer(UtenlandskPersonidentifikasjon);

impl UtlendingsmyndighetenesIdentifikasjonsnummer {
    pub(super) fn into_part(self, take: &mut Taker) -> ImmigrationAuthoritiesIdentificationNumber {
        let ForeignPersonIdentificationNumber {
            is_valid,
            registered_at,
            source,
            reason,
            valid_from,
            valid_to,
            identification_number,
            identification_number_type,
            issuer_country,
        } = self.0.into_part(take);
        ImmigrationAuthoritiesIdentificationNumber {
            is_valid,
            registered_at,
            source,
            reason,
            valid_from,
            valid_to,
            identification_number,
            identification_number_type,
            issuer_country,
        }
    }
}
