//! `bostedsadresse`: where the person lives.

use register::part::{AddressConfidentiality, ResidentialAddress};
use register::time::{Day, Instant};
use serde::Deserialize;

use super::adresse::{Matrikkeladresse, UkjentBosted, Vegadresse};
use super::adressebeskyttelse::address_grade;
use super::field::Field;
use super::mapping::Taker;

/// A residential address (FREG: Bostedsadresse): one of three kinds, and where it lies.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Bostedsadresse {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    vegadresse: Option<Vegadresse>,
    matrikkeladresse: Option<Matrikkeladresse>,
    ukjent_bosted: Option<UkjentBosted>,
    adresse_identifikator_fra_matrikkelen: Field<String>,
    naer_adresse_identifikator_fra_matrikkelen: Field<String>,
    adressegradering: Field<AddressConfidentiality>,
    flyttedato: Field<Day>,
    grunnkrets: Field<i64>,
    stemmekrets: Field<i64>,
    skolekrets: Field<i64>,
    kirkekrets: Field<i64>,
}

impl Bostedsadresse {
    pub(super) fn into_part(self, take: &mut Taker) -> ResidentialAddress {
        let Bostedsadresse {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            vegadresse,
            matrikkeladresse,
            ukjent_bosted,
            adresse_identifikator_fra_matrikkelen,
            naer_adresse_identifikator_fra_matrikkelen,
            adressegradering,
            flyttedato,
            grunnkrets,
            stemmekrets,
            skolekrets,
            kirkekrets,
        } = self;
        ResidentialAddress {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            street_address: vegadresse.map(|adresse| adresse.into_street_address(take)),
            cadastral_address: matrikkeladresse.map(|adresse| adresse.into_cadastral_address(take)),
            unknown_residence: ukjent_bosted.map(|bosted| bosted.into_unknown_residence(take)),
            cadastral_identifier: take.value(adresse_identifikator_fra_matrikkelen),
            close_cadastral_identifier: take.value(naer_adresse_identifikator_fra_matrikkelen),
            address_confidentiality: Some(address_grade(adressegradering, take)),
            move_date: take.value(flyttedato),
            basic_statistical_unit: take.value(grunnkrets),
            full_basic_statistical_unit_number: None,
            basic_statistical_unit_name: None,
            constituency: take.value(stemmekrets),
            school_district: take.value(skolekrets),
            church_district: take.value(kirkekrets),
            urban_district_code: None,
            urban_district_name: None,
            geographical_urban_district_code: None,
            geographical_urban_district_name: None,
        }
    }
}
