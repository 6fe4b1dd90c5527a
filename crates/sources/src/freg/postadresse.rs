//! `postadresse`: where post within Norway is sent.

use register::part::{
    AddressConfidentiality, ContactAddress, FreeFormPostalAddress, PostBoxAddress,
    StreetAddressForPost,
};
use register::time::Instant;
use serde::Deserialize;

use super::adresse::{Adressenummer, Poststed, unit_number};
use super::adressebeskyttelse::address_grade;
use super::field::{Field, many};
use super::mapping::Taker;

/// A postal address (FREG: Kontaktadresse): one of three kinds.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Postadresse {
    er_gjeldende: Field<bool>,
    ajourholdstidspunkt: Field<Instant>,
    kilde: Field<String>,
    aarsak: Field<String>,
    gyldighetstidspunkt: Field<Instant>,
    opphoerstidspunkt: Field<Instant>,
    adressegradering: Field<AddressConfidentiality>,
    postboksadresse: Option<Postboksadresse>,
    vegadresse: Option<VegadresseForPost>,
    #[serde(rename = "postadresseIFrittFormat")]
    postadresse_i_fritt_format: Option<PostadresseIFrittFormat>,
    adresse_identifikator_fra_matrikkelen: Field<String>,
}

impl Postadresse {
    pub(super) fn into_part(self, take: &mut Taker) -> ContactAddress {
        let Postadresse {
            er_gjeldende,
            ajourholdstidspunkt,
            kilde,
            aarsak,
            gyldighetstidspunkt,
            opphoerstidspunkt,
            adressegradering,
            postboksadresse,
            vegadresse,
            postadresse_i_fritt_format,
            adresse_identifikator_fra_matrikkelen,
        } = self;
        ContactAddress {
            is_valid: take.is_valid(er_gjeldende, &opphoerstidspunkt),
            registered_at: take.value(ajourholdstidspunkt),
            source: take.value(kilde),
            reason: take.value(aarsak),
            valid_from: take.value(gyldighetstidspunkt),
            valid_to: take.value(opphoerstidspunkt),
            address_confidentiality: Some(address_grade(adressegradering, take)),
            post_box_address: postboksadresse.map(|boks| boks.into_post_box_address(take)),
            street_address: vegadresse.map(|adresse| adresse.into_street_address(take)),
            free_form_postal_address: postadresse_i_fritt_format
                .map(|adresse| adresse.into_free_form(take)),
            cadastral_identifier: take.value(adresse_identifikator_fra_matrikkelen),
        }
    }
}

/// A post box (FREG: Postboksadresse). Its number may stand alone ("95") or among the words of
/// the envelope ("Postboks 2094 Vika"); it is kept as it is written.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Postboksadresse {
    postbokseier: Field<String>,
    postboks: Field<String>,
    poststed: Option<Poststed>,
}

impl Postboksadresse {
    fn into_post_box_address(self, take: &mut Taker) -> PostBoxAddress {
        let Postboksadresse { postbokseier, postboks, poststed } = self;
        PostBoxAddress {
            post_box_owner: take.value(postbokseier),
            post_box_identification: take.value(postboks),
            city: poststed.map(|poststed| poststed.into_city(take)),
        }
    }
}

/// A street address that post is sent to (FREG: VegadresseForPost). The other `vegadresse` has a
/// municipality and a kind of unit besides.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct VegadresseForPost {
    co_adressenavn: Field<String>,
    adressenavn: Field<String>,
    adressenummer: Option<Adressenummer>,
    adressekode: Field<String>,
    adressetilleggsnavn: Field<String>,
    poststed: Option<Poststed>,
    bruksenhetsnummer: Field<String>,
}

impl VegadresseForPost {
    fn into_street_address(self, take: &mut Taker) -> StreetAddressForPost {
        let VegadresseForPost {
            co_adressenavn,
            adressenavn,
            adressenummer,
            adressekode,
            adressetilleggsnavn,
            poststed,
            bruksenhetsnummer,
        } = self;
        StreetAddressForPost {
            co_address_name: take.value(co_adressenavn),
            address_name: take.value(adressenavn),
            street_address_number: adressenummer.map(|number| number.into_number(take)),
            city: poststed.map(|poststed| poststed.into_city(take)),
            address_code: take.value(adressekode),
            address_additional_name: take.value(adressetilleggsnavn),
            separately_occupied_unit_number: unit_number(bruksenhetsnummer, take),
        }
    }
}

/// An address as it stands on an envelope (FREG: PostadresseIFrittFormat).
#[derive(Deserialize, Default)]
#[serde(default)]
struct PostadresseIFrittFormat {
    #[serde(deserialize_with = "many")]
    adresselinje: Vec<Field<String>>,
    poststed: Option<Poststed>,
}

impl PostadresseIFrittFormat {
    fn into_free_form(self, take: &mut Taker) -> FreeFormPostalAddress {
        let PostadresseIFrittFormat { adresselinje, poststed } = self;
        let lines = take.values(adresselinje);
        FreeFormPostalAddress {
            // The contract has the same lines under two names.
            adresselinje: lines.clone(),
            address_line: lines,
            city: poststed.map(|poststed| poststed.into_city(take)),
        }
    }
}
