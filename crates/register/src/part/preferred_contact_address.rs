//! Preferred contact address: which address the person once chose to be reached at.

use super::address::AddressConfidentiality;
use super::sample;
use super::shape::shape;
use crate::rights::Graded;

shape! {
    /// Which of the addresses the person chose to be reached at. The source emptied it in 2021
    /// (FREG: PreferertKontaktadresse).
    part PreferredContactAddress {
        /// The kind of address that was chosen (FREG: Valg).
        address_type: AddressType,
        /// How secret this address is, by its own grade: the person's does not count. Confidential
        /// where the grade is not known (FREG: Adressegradering).
        address_confidentiality: AddressConfidentiality,
        /// The address in lines (FREG: KontaktadresseIFrittFormat).
        freeform_contact_address: FreeformAddress,
    }
}

shape! {
    /// An address in lines, in Norway or outside it (FREG: AdresseIFrittFormat).
    object FreeformAddress {
        /// The lines (FREG: Adresselinje).
        address_line: Vec<String>,
        /// Country, two letters (FREG: Landkode).
        country_code: String,
    }
}

shape! {
    /// A kind of address that can be chosen.
    values AddressType {
        /// Where the person is registered as living (FREG: Bostedsadresse).
        ResidentialAddress,
        /// Where the person stays for a time; the part is called present address
        /// (FREG: Oppholdsadresse).
        LivingAddress,
        /// Where post in Norway is sent (FREG: Postadresse).
        PostalAddress,
        /// Where post outside Norway is sent (FREG: PostadresseIUtlandet).
        ForeignPostalAddress,
    }
}

impl PreferredContactAddress {
    /// How the rights see a preferred contact address.
    pub(crate) const GRADED: Graded<Self> = Graded {
        grade: |item| item.address_confidentiality,
        graded: |item, grade| Self { address_confidentiality: Some(grade), ..item },
        only_grade: |grade| Self {
            is_valid: Some(true),
            address_confidentiality: Some(grade),
            ..Self::default()
        },
    };

    /// The postal address, and the present address before that.
    pub fn sample() -> Vec<Self> {
        let postal = Self {
            is_valid: Some(true),
            registered_at: sample::instant("2021-10-16T00:00:00+02:00"),
            source: sample::text("skatteetaten"),
            reason: sample::text("Patch"),
            valid_from: sample::instant("2020-02-29T00:00:00+01:00"),
            address_type: Some(AddressType::PostalAddress),
            address_confidentiality: Some(AddressConfidentiality::Unclassified),
            freeform_contact_address: Some(FreeformAddress {
                address_line: Some(vec!["Postboks 7 Sæter".to_owned(), "9008 TROMSØ".to_owned()]),
                country_code: sample::text("NO"),
            }),
            ..Self::default()
        };
        let present = Self {
            is_valid: Some(false),
            registered_at: sample::instant("2018-01-02T00:00:00+01:00"),
            valid_to: sample::instant("2020-02-29T00:00:00+01:00"),
            address_type: Some(AddressType::LivingAddress),
            address_confidentiality: Some(AddressConfidentiality::Unclassified),
            ..Self::default()
        };
        vec![postal, present]
    }
}
