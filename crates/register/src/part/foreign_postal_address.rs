//! Foreign postal address: where post outside Norway is sent.

use super::address::{AddressConfidentiality, InternationalAddress};
use super::sample;
use super::shape::shape;
use crate::rights::Graded;

shape! {
    /// Where post to the person is sent outside Norway, field by field or in the lines of an
    /// envelope (FREG: KontaktadresseIUtlandet).
    part ForeignContactAddress {
        /// How secret this address is, by its own grade: the person's does not count. Confidential
        /// where the grade is not known (FREG: Adressegradering).
        address_confidentiality: AddressConfidentiality,
        /// The address, field by field (FREG: UtenlandskAdresse).
        foreign_address: InternationalAddress,
        /// The address as it stands on an envelope (FREG: UtenlandskAdresseIFrittFormat).
        free_form_foreign_address: FreeFormInternationalAddress,
    }
}

shape! {
    /// A foreign address as it stands on an envelope (FREG: InternasjonalAdresseIFrittFormat).
    object FreeFormInternationalAddress {
        /// The lines above postal code and place (FREG: Adresselinje).
        address_line: Vec<String>,
        /// Postal code, as the country writes it (FREG: Postkode).
        post_code: String,
        /// City or place (FREG: ByEllerStedsnavn).
        city_or_place_name: String,
        /// Country, two letters; XK for Kosovo, YY or in older items XX where it is not known
        /// (FREG: Landkode).
        country_code: String,
    }
}

impl ForeignContactAddress {
    /// How the rights see a foreign postal address.
    pub(crate) const GRADED: Graded<Self> = Graded {
        grade: |item| item.address_confidentiality,
        graded: |item, grade| Self { address_confidentiality: Some(grade), ..item },
        only_grade: |grade| Self {
            is_valid: Some(true),
            address_confidentiality: Some(grade),
            ..Self::default()
        },
    };

    /// A flat in Göteborg, and the lines of an envelope before that.
    pub fn sample() -> Vec<Self> {
        vec![flat_in_goteborg(), envelope_to_pristina()]
    }
}

fn flat_in_goteborg() -> ForeignContactAddress {
    ForeignContactAddress {
        is_valid: Some(true),
        registered_at: sample::instant("2024-11-19T03:00:00.25+01:00"),
        source: sample::text("dsf-folkeregister-synkronisering"),
        reason: sample::text("Utflytting"),
        valid_from: sample::instant("2024-11-19T00:00:00+01:00"),
        foreign_address: Some(InternationalAddress {
            co_address_name: sample::text("c/o Åkesson"),
            address_name: sample::text("Övre Husargatan 27"),
            building: sample::text("Gårdshus"),
            floor_number: sample::text("3 tr"),
            housing_unit: sample::text("1302"),
            post_box: sample::text("Box 110"),
            post_code: sample::text("413 14"),
            city_or_place_name: sample::text("Göteborg"),
            district_name: sample::text("Haga"),
            region: sample::text("Västra Götaland"),
            country_code: sample::text("SE"),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..ForeignContactAddress::default()
    }
}

fn envelope_to_pristina() -> ForeignContactAddress {
    ForeignContactAddress {
        is_valid: Some(false),
        valid_from: sample::instant("2012-06-30T22:00:00Z"),
        valid_to: sample::instant("2024-03-21T00:00:00+01:00"),
        free_form_foreign_address: Some(FreeFormInternationalAddress {
            address_line: Some(vec!["Bulevardi Nënë Tereza 30".to_owned(), "Kati 2".to_owned()]),
            post_code: sample::text("10000"),
            city_or_place_name: sample::text("Prishtinë"),
            country_code: sample::text("XK"),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..ForeignContactAddress::default()
    }
}
