//! `deltBosted`: the other home of a child whose parents live apart.

use register::part::{AddressConfidentiality, SharedResidence};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::adresse::{Matrikkeladresse, UkjentBosted, Vegadresse};
use super::adressebeskyttelse::address_grade;
use super::field::Field;
use super::mapping::Taker;

/// A shared residence (FREG: DeltBosted): one of three kinds of address, and the agreement.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DeltBosted {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    vegadresse: Option<Vegadresse>,
    matrikkeladresse: Option<Matrikkeladresse>,
    ukjent_bosted: Option<UkjentBosted>,
    startdato_for_kontrakt: Field<Day>,
    sluttdato_for_kontrakt: Field<Day>,
    adresse_identifikator_fra_matrikkelen: Field<String>,
    naer_adresse_identifikator_fra_matrikkelen: Field<String>,
    adressegradering: Field<AddressConfidentiality>,
}

impl DeltBosted {
    pub(super) fn into_part(self, take: &mut Taker) -> SharedResidence {
        let DeltBosted {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            vegadresse,
            matrikkeladresse,
            ukjent_bosted,
            startdato_for_kontrakt,
            sluttdato_for_kontrakt,
            adresse_identifikator_fra_matrikkelen,
            naer_adresse_identifikator_fra_matrikkelen,
            adressegradering,
        } = self;
        SharedResidence {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            street_address: vegadresse.map(|adresse| adresse.into_street_address(take)),
            cadastral_address: matrikkeladresse.map(|adresse| adresse.into_cadastral_address(take)),
            unknown_residence: ukjent_bosted.map(|bosted| bosted.into_unknown_residence(take)),
            contract_valid_from: take.value(startdato_for_kontrakt),
            contract_valid_to: take.value(sluttdato_for_kontrakt),
            cadastral_identifier: take.value(adresse_identifikator_fra_matrikkelen),
            close_cadastral_identifier: take.value(naer_adresse_identifikator_fra_matrikkelen),
            address_confidentiality: Some(address_grade(adressegradering, take)),
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
