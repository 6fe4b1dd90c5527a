//! `oppholdsadresse`: where the person stays for a time.

use register::part::{AddressConfidentiality, PresentAddress, StayElsewhere};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::adresse::{Matrikkeladresse, Vegadresse};
use super::adressebeskyttelse::address_grade;
use super::field::{Field, Scalar};
use super::mapping::Taker;
use super::utenlandsk_adresse::UtenlandskAdresse;

/// A present address (FREG: Oppholdsadresse): one of four kinds. Unlike a residence it has no key
/// of an address close by.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Oppholdsadresse {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    utenlandsk_adresse: Option<UtenlandskAdresse>,
    adressen_er_ukjent: Field<bool>,
    vegadresse: Option<Vegadresse>,
    matrikkeladresse: Option<Matrikkeladresse>,
    adresse_identifikator_fra_matrikkelen: Field<String>,
    adressegradering: Field<AddressConfidentiality>,
    oppholdsadressedato: Field<Day>,
    opphold_annet_sted: Field<StayElsewhere>,
}

impl Oppholdsadresse {
    pub(super) fn into_part(self, take: &mut Taker) -> PresentAddress {
        let Oppholdsadresse {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            utenlandsk_adresse,
            adressen_er_ukjent,
            vegadresse,
            matrikkeladresse,
            adresse_identifikator_fra_matrikkelen,
            adressegradering,
            oppholdsadressedato,
            opphold_annet_sted,
        } = self;
        PresentAddress {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            foreign_address: utenlandsk_adresse
                .map(|adresse| adresse.into_international_address(take)),
            is_address_unknown: take.value(adressen_er_ukjent),
            street_address: vegadresse.map(|adresse| adresse.into_street_address(take)),
            cadastral_address: matrikkeladresse.map(|adresse| adresse.into_cadastral_address(take)),
            cadastral_identifier: take.value(adresse_identifikator_fra_matrikkelen),
            address_confidentiality: Some(address_grade(adressegradering, take)),
            present_address_date: take.value(oppholdsadressedato),
            stay_elsewhere: take.value(opphold_annet_sted),
            urban_district_code: None,
            urban_district_name: None,
            geographical_urban_district_code: None,
            geographical_urban_district_name: None,
            basic_statistical_unit: None,
            full_basic_statistical_unit_number: None,
            basic_statistical_unit_name: None,
        }
    }
}

impl Scalar for StayElsewhere {
    fn from_text(text: &str) -> Option<StayElsewhere> {
        Some(match text {
            "militaer" => StayElsewhere::Military,
            "utenriks" => StayElsewhere::Abroad,
            "paaSvalbard" => StayElsewhere::OnSvalbard,
            "pendler" => StayElsewhere::Commuter,
            _ => return None,
        })
    }
}
