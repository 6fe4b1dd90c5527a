//! Postal address: where post within Norway is sent, when not to where the person lives.

use super::address::{AddressConfidentiality, City, StreetAddressNumber};
use super::sample;
use super::shape::shape;
use crate::rights::Graded;

shape! {
    /// Where post to the person is sent in Norway: a post box, a street address, or lines as they
    /// stand on an envelope. May lie far from where the person lives (FREG: Kontaktadresse).
    part ContactAddress {
        /// How secret this address is, by its own grade: the person's does not count. Confidential
        /// where the grade is not known (FREG: Adressegradering).
        address_confidentiality: AddressConfidentiality,
        /// A post box (FREG: Postboksadresse).
        post_box_address: PostBoxAddress,
        /// An address in a street or road (FREG: Vegadresse).
        street_address: StreetAddressForPost,
        /// Lines as they stand on an envelope (FREG: PostadresseIFrittFormat).
        free_form_postal_address: FreeFormPostalAddress,
        /// The address's key in the cadastre (FREG: AdresseIdentifikatorFraMatrikkelen).
        cadastral_identifier: String,
    }
}

shape! {
    /// A post box (FREG: Postboksadresse).
    object PostBoxAddress {
        /// Whose box it is, when not the person's own (FREG: Postbokseier).
        post_box_owner: String,
        /// The box's number, with or without words and the name of the post office
        /// (FREG: Postboks).
        post_box_identification: String,
        /// Postal code and place (FREG: Poststed).
        city: City,
    }
}

shape! {
    /// A street address that post is sent to (FREG: VegadresseForPost).
    object StreetAddressForPost {
        /// Whose mailbox it is, when not the person's own (FREG: CoAdressenavn).
        co_address_name: String,
        /// Name of the street or road (FREG: Adressenavn).
        address_name: String,
        /// House number and letter (FREG: Adressenummer).
        street_address_number: StreetAddressNumber,
        /// Postal code and place (FREG: Poststed).
        city: City,
        /// The municipality's code for the street (FREG: Adressekode).
        address_code: String,
        /// Name of the farm or house, used beside the address (FREG: Adressetilleggsnavn).
        address_additional_name: String,
        /// The flat or other unit, a letter and four digits (FREG: Bruksenhetsnummer).
        separately_occupied_unit_number: String,
    }
}

shape! {
    /// An address as it stands on an envelope (FREG: PostadresseIFrittFormat).
    object FreeFormPostalAddress {
        // The contract shows the lines under two names.
        /// Use `addressLine` instead, which holds the same (FREG: Adresselinje).
        #[schema(deprecated)]
        adresselinje: Vec<String>,
        /// The lines above postal code and place (FREG: Adresselinje).
        address_line: Vec<String>,
        /// Postal code and place (FREG: Poststed).
        city: City,
    }
}

impl ContactAddress {
    /// How the rights see a postal address.
    pub(crate) const GRADED: Graded<Self> = Graded {
        grade: |item| item.address_confidentiality,
        graded: |item, grade| Self { address_confidentiality: Some(grade), ..item },
        only_grade: |grade| Self {
            is_valid: Some(true),
            address_confidentiality: Some(grade),
            ..Self::default()
        },
    };

    /// A post box; a street address and the lines of an envelope before that.
    pub fn sample() -> Vec<Self> {
        vec![box_in_leirfjord(), street_in_alesund(), envelope()]
    }
}

fn box_in_leirfjord() -> ContactAddress {
    ContactAddress {
        is_valid: Some(true),
        registered_at: sample::instant("2026-02-24T09:46:35.471631472+01:00"),
        source: sample::text("skatteetaten"),
        reason: sample::text("Postadresse"),
        valid_from: sample::instant("2026-01-28T23:00:00Z"),
        post_box_address: Some(PostBoxAddress {
            post_box_owner: sample::text("Bjørkås Regnskap"),
            post_box_identification: sample::text("Postboks 95 Leland"),
            city: Some(City {
                city_name: sample::text("LEIRFJORD"),
                postal_code: sample::text("8890"),
            }),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..ContactAddress::default()
    }
}

fn street_in_alesund() -> ContactAddress {
    ContactAddress {
        is_valid: Some(false),
        registered_at: sample::instant("2019-03-01T12:00:00+01:00"),
        source: sample::text("KILDE_DSF"),
        reason: sample::text("Historisk"),
        valid_from: sample::instant("2019-03-01T00:00:00+01:00"),
        valid_to: sample::instant("2024-02-29T00:00:00+01:00"),
        street_address: Some(StreetAddressForPost {
            co_address_name: sample::text("c/o Øyvind Ås"),
            address_name: sample::text("Løvenvoldgata"),
            street_address_number: Some(StreetAddressNumber {
                house_number: sample::text("12"),
                house_letter: sample::text("A"),
            }),
            city: Some(City {
                city_name: sample::text("ÅLESUND"),
                postal_code: sample::text("6002"),
            }),
            address_code: sample::text("06001"),
            address_additional_name: sample::text("Bakgården"),
            separately_occupied_unit_number: sample::text("K0101"),
        }),
        cadastral_identifier: sample::text("285693269"),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..ContactAddress::default()
    }
}

fn envelope() -> ContactAddress {
    let lines = vec!["M/S Sæbjørg".to_owned(), "Pakkeboks 4".to_owned()];
    ContactAddress {
        is_valid: Some(false),
        free_form_postal_address: Some(FreeFormPostalAddress {
            adresselinje: Some(lines.clone()),
            address_line: Some(lines),
            city: Some(City {
                city_name: sample::text("TROMSØ"),
                postal_code: sample::text("9008"),
            }),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..ContactAddress::default()
    }
}
