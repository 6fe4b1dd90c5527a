//! `postadresseIUtlandet`: where post outside Norway is sent.

use register::part::{AddressConfidentiality, ForeignContactAddress};
use register::time::Instant;
use serde::Deserialize;

use super::adressebeskyttelse::address_grade;
use super::field::Field;
use super::mapping::Taker;
use super::utenlandsk_adresse::{UtenlandskAdresse, UtenlandskAdresseIFrittFormat};

/// A foreign postal address (FREG: KontaktadresseIUtlandet): one of two kinds.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PostadresseIUtlandet {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    adressegradering: Field<AddressConfidentiality>,
    utenlandsk_adresse: Option<UtenlandskAdresse>,
    #[serde(rename = "utenlandskAdresseIFrittFormat")]
    utenlandsk_adresse_i_fritt_format: Option<UtenlandskAdresseIFrittFormat>,
}

impl PostadresseIUtlandet {
    pub(super) fn into_part(self, take: &mut Taker) -> ForeignContactAddress {
        let PostadresseIUtlandet {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            adressegradering,
            utenlandsk_adresse,
            utenlandsk_adresse_i_fritt_format,
        } = self;
        ForeignContactAddress {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            address_confidentiality: Some(address_grade(adressegradering, take)),
            foreign_address: utenlandsk_adresse
                .map(|adresse| adresse.into_international_address(take)),
            free_form_foreign_address: utenlandsk_adresse_i_fritt_format
                .map(|adresse| adresse.into_free_form(take)),
        }
    }
}
