//! `preferertKontaktadresse`: which address the person once chose. FREG emptied it in 2021.

use register::part::{
    AddressConfidentiality, AddressType, FreeformAddress, PreferredContactAddress,
};
use register::time::Instant;
use serde::Deserialize;

use super::field::{Field, Scalar, many};
use super::mapping::Taker;

/// A choice of address (FREG: PreferertKontaktadresse).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PreferertKontaktadresse {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    valg: Field<AddressType>,
    adressegradering: Field<AddressConfidentiality>,
    #[serde(rename = "kontaktadresseIFrittFormat")]
    kontaktadresse_i_fritt_format: Option<AdresseIFrittFormat>,
}

impl PreferertKontaktadresse {
    pub(super) fn into_part(self, take: &mut Taker) -> PreferredContactAddress {
        let PreferertKontaktadresse {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            valg,
            adressegradering,
            kontaktadresse_i_fritt_format,
        } = self;
        // The one address whose grade FREG may leave out: nothing to count, and confidential still.
        let grade = take.value(adressegradering).unwrap_or(AddressConfidentiality::Confidential);
        PreferredContactAddress {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            address_type: take.value(valg),
            address_confidentiality: Some(grade),
            freeform_contact_address: kontaktadresse_i_fritt_format
                .map(|adresse| adresse.into_freeform(take)),
        }
    }
}

/// An address in lines (FREG: AdresseIFrittFormat).
#[derive(Deserialize, Default)]
#[serde(default)]
struct AdresseIFrittFormat {
    #[serde(deserialize_with = "many")]
    adresselinje: Vec<Field<String>>,
    landkode: Field<String>,
}

impl AdresseIFrittFormat {
    fn into_freeform(self, take: &mut Taker) -> FreeformAddress {
        let AdresseIFrittFormat { adresselinje, landkode } = self;
        FreeformAddress {
            address_line: take.values(adresselinje),
            country_code: take.value(landkode),
        }
    }
}

impl Scalar for AddressType {
    fn from_text(text: &str) -> Option<AddressType> {
        Some(match text {
            "bostedsadresse" => AddressType::ResidentialAddress,
            "oppholdsadresse" => AddressType::LivingAddress,
            "postadresse" => AddressType::PostalAddress,
            "postadresseIUtlandet" => AddressType::ForeignPostalAddress,
            _ => return None,
        })
    }
}
