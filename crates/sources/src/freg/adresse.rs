//! `vegadresse`, `matrikkeladresse` and `ukjentBosted`: the kinds of address within Norway.

use register::part::{
    CadastralAddress, CadastralNumber, City, SeparatelyOccupiedUnitType, StreetAddress,
    StreetAddressNumber, UnknownResidence,
};
use serde::Deserialize;

use super::field::{Field, Scalar};
use super::mapping::Taker;

/// A street address (FREG: Vegadresse).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Vegadresse {
    kommunenummer: Field<String>,
    bruksenhetsnummer: Field<String>,
    bruksenhetstype: Field<SeparatelyOccupiedUnitType>,
    adressenavn: Field<String>,
    adressenummer: Option<Adressenummer>,
    /// Kept as it is written, zeros in front included: "06001" and "6001" are both seen.
    adressekode: Field<String>,
    adressetilleggsnavn: Field<String>,
    poststed: Option<Poststed>,
    co_adressenavn: Field<String>,
}

impl Vegadresse {
    pub(super) fn into_street_address(self, take: &mut Taker) -> StreetAddress {
        let Vegadresse {
            kommunenummer,
            bruksenhetsnummer,
            bruksenhetstype,
            adressenavn,
            adressenummer,
            adressekode,
            adressetilleggsnavn,
            poststed,
            co_adressenavn,
        } = self;
        StreetAddress {
            municipality_number: take.value(kommunenummer),
            municipality_name: None,
            county_number: None,
            county_name: None,
            separately_occupied_unit_number: unit_number(bruksenhetsnummer, take),
            separately_occupied_unit_type: take.value(bruksenhetstype),
            address_name: take.value(adressenavn),
            address_number: adressenummer.map(|number| number.into_number(take)),
            address_code: take.value(adressekode),
            address_additional_name: take.value(adressetilleggsnavn),
            city: poststed.map(|poststed| poststed.into_city(take)),
            co_address_name: take.value(co_adressenavn),
        }
    }
}

/// The number of a dwelling, such as `H0101`: a letter for the storey's kind, then four digits.
///
/// `0000` is what older systems wrote where there was no number. It names no dwelling, so it is
/// absent here; a client that joined addresses by it would put strangers under one roof.
pub(super) fn unit_number(bruksenhetsnummer: Field<String>, take: &mut Taker) -> Option<String> {
    take.value(bruksenhetsnummer).filter(|number| number != "0000")
}

/// A number along a street (FREG: Adressenummer).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Adressenummer {
    husnummer: Field<String>,
    husbokstav: Field<String>,
}

impl Adressenummer {
    pub(super) fn into_number(self, take: &mut Taker) -> StreetAddressNumber {
        let Adressenummer { husnummer, husbokstav } = self;
        StreetAddressNumber {
            house_number: take.value(husnummer),
            house_letter: take.value(husbokstav),
        }
    }
}

/// A postal place (FREG: Poststed).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Poststed {
    poststedsnavn: Field<String>,
    postnummer: Field<String>,
}

impl Poststed {
    pub(super) fn into_city(self, take: &mut Taker) -> City {
        let Poststed { poststedsnavn, postnummer } = self;
        City { city_name: take.value(poststedsnavn), postal_code: take.value(postnummer) }
    }
}

/// An address by its number in the land register (FREG: Matrikkeladresse).
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Matrikkeladresse {
    bruksenhetsnummer: Field<String>,
    bruksenhetstype: Field<SeparatelyOccupiedUnitType>,
    matrikkelnummer: Option<Matrikkelnummer>,
    undernummer: Field<i64>,
    adressetilleggsnavn: Field<String>,
    poststed: Option<Poststed>,
    co_adressenavn: Field<String>,
}

impl Matrikkeladresse {
    pub(super) fn into_cadastral_address(self, take: &mut Taker) -> CadastralAddress {
        let Matrikkeladresse {
            bruksenhetsnummer,
            bruksenhetstype,
            matrikkelnummer,
            undernummer,
            adressetilleggsnavn,
            poststed,
            co_adressenavn,
        } = self;
        CadastralAddress {
            separately_occupied_unit_number: unit_number(bruksenhetsnummer, take),
            separately_occupied_unit_type: take.value(bruksenhetstype),
            cadastral_number: matrikkelnummer.map(|number| number.into_cadastral_number(take)),
            sub_number: not_zero(undernummer, take),
            address_additional_name: take.value(adressetilleggsnavn),
            city: poststed.map(|poststed| poststed.into_city(take)),
            co_address_name: take.value(co_adressenavn),
        }
    }
}

/// A number in the land register (FREG: Matrikkelnummer).
#[derive(Deserialize, Default)]
#[serde(default)]
struct Matrikkelnummer {
    kommunenummer: Field<String>,
    gaardsnummer: Field<i64>,
    bruksnummer: Field<i64>,
    festenummer: Field<i64>,
}

impl Matrikkelnummer {
    fn into_cadastral_number(self, take: &mut Taker) -> CadastralNumber {
        let Matrikkelnummer { kommunenummer, gaardsnummer, bruksnummer, festenummer } = self;
        CadastralNumber {
            municipality_number: take.value(kommunenummer),
            municipality_name: None,
            county_number: None,
            county_name: None,
            municipality_land_number: take.value(gaardsnummer),
            title_number: take.value(bruksnummer),
            leasehold_number: not_zero(festenummer, take),
        }
    }
}

/// A leasehold or a sub-number. They are numbered from one; zero is how some systems say none.
fn not_zero(field: Field<i64>, take: &mut Taker) -> Option<i64> {
    take.value(field).filter(|number| *number != 0)
}

/// A residence that nobody knows, at most its municipality (FREG: UkjentBosted).
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct UkjentBosted {
    bostedskommune: Field<String>,
}

impl UkjentBosted {
    pub(super) fn into_unknown_residence(self, take: &mut Taker) -> UnknownResidence {
        let UkjentBosted { bostedskommune } = self;
        UnknownResidence {
            municipality_number: take.value(bostedskommune),
            municipality_name: None,
            county_number: None,
            county_name: None,
        }
    }
}

impl Scalar for SeparatelyOccupiedUnitType {
    fn from_text(text: &str) -> Option<SeparatelyOccupiedUnitType> {
        Some(match text {
            "bolig" => SeparatelyOccupiedUnitType::Housing,
            "annetEnnBolig" => SeparatelyOccupiedUnitType::OtherThanHousing,
            "fritidsbolig" => SeparatelyOccupiedUnitType::HolidayHome,
            "ikkeGodkjentBolig" => SeparatelyOccupiedUnitType::NotApprovedAsHousing,
            "unummerertBruksenhet" => SeparatelyOccupiedUnitType::UnnumberedSeparatelyOccupiedUnit,
            _ => return None,
        })
    }
}
