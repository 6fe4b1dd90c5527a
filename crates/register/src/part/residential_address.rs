//! Residential address: where the person is registered as living.

use super::address::{
    AddressConfidentiality, CadastralAddress, CadastralNumber, City, SeparatelyOccupiedUnitType,
    StreetAddress, StreetAddressNumber, UnknownResidence,
};
use super::sample;
use super::shape::shape;
use crate::rights::Graded;
use crate::time::Day;

shape! {
    /// Where the person is registered as living: a street address, a property, or unknown
    /// (FREG: Bostedsadresse).
    part ResidentialAddress {
        /// An address in a street or road (FREG: Vegadresse).
        street_address: StreetAddress,
        /// An address given by its property (FREG: Matrikkeladresse).
        cadastral_address: CadastralAddress,
        /// Lives in Norway, nobody knows where (FREG: UkjentBosted).
        unknown_residence: UnknownResidence,
        /// The address's key in the cadastre (FREG: AdresseIdentifikatorFraMatrikkelen).
        cadastral_identifier: String,
        /// Key of an address close by, where the address has none itself
        /// (FREG: NaerAdresseIdentifikatorFraMatrikkelen).
        close_cadastral_identifier: String,
        /// How secret the address is: by its own grade or the person's, whichever is stricter, and
        /// confidential where the grade is not known (FREG: Adressegradering).
        address_confidentiality: AddressConfidentiality,
        /// The day the person moved in (FREG: Flyttedato).
        #[schema(value_type = Option<String>, format = DateTime)]
        move_date: Day,
        /// Basic statistical unit within the municipality, without leading zeros
        /// (FREG: Grunnkrets).
        basic_statistical_unit: i64,
        /// Basic statistical unit in the whole country, eight digits (SSB: Grunnkretsnummer).
        full_basic_statistical_unit_number: String,
        /// Name of the basic statistical unit (SSB: Grunnkretsnavn).
        basic_statistical_unit_name: String,
        /// Where the person votes (FREG: Stemmekrets).
        constituency: i64,
        /// School district (FREG: Skolekrets).
        school_district: i64,
        /// Parish (FREG: Kirkekrets).
        church_district: i64,
        /// The urban district that gives the person health and social services, six digits.
        urban_district_code: String,
        /// Name of the urban district that gives the services (SSB: Bydelsnavn).
        urban_district_name: String,
        /// The urban district the address lies in, six digits (SSB: Bydelskode).
        geographical_urban_district_code: String,
        /// Name of the urban district the address lies in (SSB: Bydelsnavn).
        geographical_urban_district_name: String,
    }
}

impl ResidentialAddress {
    /// How the rights see a residential address.
    pub(crate) const GRADED: Graded<Self> = Graded {
        grade: |item| item.address_confidentiality,
        graded: |item, grade| Self { address_confidentiality: Some(grade), ..item },
        only_grade: |grade| Self {
            is_valid: Some(true),
            address_confidentiality: Some(grade),
            ..Self::default()
        },
    };

    /// A flat in Oslo, a farm before that, and at first nobody knew where.
    pub fn sample() -> Vec<Self> {
        vec![flat_in_oslo(), farm_in_lom(), unknown_in_tromso()]
    }
}

fn flat_in_oslo() -> ResidentialAddress {
    ResidentialAddress {
        is_valid: Some(true),
        registered_at: sample::instant("2022-08-01T14:22:33.123456789+02:00"),
        source: sample::text("Matrikkelen"),
        reason: sample::text("Flytting innenlands"),
        valid_from: sample::instant("2022-08-01T00:00:00+02:00"),
        valid_to: None,
        street_address: Some(street_in_oslo()),
        cadastral_address: None,
        unknown_residence: None,
        cadastral_identifier: sample::text("285693267"),
        close_cadastral_identifier: sample::text("285693268"),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        move_date: sample::day("2022-08-01"),
        basic_statistical_unit: Some(401),
        full_basic_statistical_unit_number: sample::text("03010401"),
        basic_statistical_unit_name: sample::text("Frogner rode 1"),
        constituency: Some(3),
        school_district: Some(12),
        church_district: Some(7),
        urban_district_code: sample::text("030105"),
        urban_district_name: sample::text("Frogner"),
        geographical_urban_district_code: sample::text("030116"),
        geographical_urban_district_name: sample::text("Sentrum"),
    }
}

fn street_in_oslo() -> StreetAddress {
    StreetAddress {
        municipality_number: sample::text("0301"),
        municipality_name: sample::text("Oslo"),
        county_number: sample::text("03"),
        county_name: sample::text("Oslo"),
        separately_occupied_unit_number: sample::text("H0203"),
        separately_occupied_unit_type: Some(SeparatelyOccupiedUnitType::Housing),
        address_name: sample::text("Blåbærveien"),
        address_number: Some(StreetAddressNumber {
            house_number: sample::text("8"),
            house_letter: sample::text("B"),
        }),
        address_code: sample::text("06001"),
        address_additional_name: sample::text("Øvre Bærum gård"),
        city: Some(City { city_name: sample::text("OSLO"), postal_code: sample::text("0265") }),
        co_address_name: sample::text("c/o Ås Borettslag"),
    }
}

fn farm_in_lom() -> ResidentialAddress {
    ResidentialAddress {
        is_valid: Some(false),
        registered_at: sample::instant("2015-01-02T00:00:00+01:00"),
        source: sample::text("forelder"),
        reason: sample::text("Farskap"),
        valid_from: sample::instant("2014-12-31T23:00:00Z"),
        valid_to: sample::instant("2022-08-01T00:00:00+02:00"),
        cadastral_address: Some(CadastralAddress {
            separately_occupied_unit_number: sample::text("H0101"),
            separately_occupied_unit_type: Some(
                SeparatelyOccupiedUnitType::UnnumberedSeparatelyOccupiedUnit,
            ),
            cadastral_number: Some(CadastralNumber {
                municipality_number: sample::text("3434"),
                municipality_name: sample::text("Lom"),
                county_number: sample::text("34"),
                county_name: sample::text("Innlandet"),
                municipality_land_number: Some(45),
                title_number: Some(2),
                leasehold_number: Some(0),
            }),
            sub_number: Some(0),
            address_additional_name: sample::text("Søre Gård"),
            city: Some(City { city_name: sample::text("LOM"), postal_code: sample::text("2686") }),
            co_address_name: sample::text("Kari Gård"),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        move_date: sample::day("2015-01-01"),
        ..ResidentialAddress::default()
    }
}

fn unknown_in_tromso() -> ResidentialAddress {
    ResidentialAddress {
        is_valid: Some(false),
        registered_at: sample::instant("2012-03-01T12:00:00Z"),
        valid_from: sample::instant("2012-03-01T00:00:00+01:00"),
        unknown_residence: Some(UnknownResidence {
            municipality_number: sample::text("5501"),
            municipality_name: sample::text("Tromsø"),
            county_number: sample::text("55"),
            county_name: sample::text("Troms"),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..ResidentialAddress::default()
    }
}
