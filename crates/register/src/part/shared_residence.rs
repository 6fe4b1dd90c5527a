//! Shared residence: the other home of a child whose parents live apart.

use super::address::{
    AddressConfidentiality, CadastralAddress, CadastralNumber, City, SeparatelyOccupiedUnitType,
    StreetAddress, StreetAddressNumber, UnknownResidence,
};
use super::sample;
use super::shape::shape;
use crate::rights::Graded;
use crate::time::Day;

shape! {
    /// The other home of a child who lives with two parents that do not live together: a street
    /// address, a property, or unknown (FREG: DeltBosted).
    part SharedResidence {
        /// An address in a street or road (FREG: Vegadresse).
        street_address: StreetAddress,
        /// An address given by its property (FREG: Matrikkeladresse).
        cadastral_address: CadastralAddress,
        /// Lives in Norway, nobody knows where (FREG: UkjentBosted).
        unknown_residence: UnknownResidence,
        /// The first day of the parents' agreement (FREG: StartdatoForKontrakt).
        #[schema(value_type = Option<String>, format = DateTime)]
        contract_valid_from: Day,
        /// The last day of the parents' agreement (FREG: SluttdatoForKontrakt).
        #[schema(value_type = Option<String>, format = DateTime)]
        contract_valid_to: Day,
        /// The address's key in the cadastre (FREG: AdresseIdentifikatorFraMatrikkelen).
        cadastral_identifier: String,
        /// Key of an address close by, where the address has none itself
        /// (FREG: NaerAdresseIdentifikatorFraMatrikkelen).
        close_cadastral_identifier: String,
        /// How secret the address is: by its own grade or the person's, whichever is stricter, and
        /// confidential where the grade is not known (FREG: Adressegradering).
        address_confidentiality: AddressConfidentiality,
        /// The urban district that gives the person health and social services, six digits.
        urban_district_code: String,
        /// Name of the urban district that gives the services (SSB: Bydelsnavn).
        urban_district_name: String,
        /// The urban district the address lies in, six digits (SSB: Bydelskode).
        geographical_urban_district_code: String,
        /// Name of the urban district the address lies in (SSB: Bydelsnavn).
        geographical_urban_district_name: String,
        /// Use the number in the whole country instead. Basic statistical unit within the
        /// municipality, without leading zeros.
        #[schema(deprecated)]
        basic_statistical_unit: i64,
        /// Basic statistical unit in the whole country, eight digits (SSB: Grunnkretsnummer).
        full_basic_statistical_unit_number: String,
        /// Name of the basic statistical unit (SSB: Grunnkretsnavn).
        basic_statistical_unit_name: String,
    }
}

impl SharedResidence {
    /// How the rights see a shared residence.
    pub(crate) const GRADED: Graded<Self> = Graded {
        grade: |item| item.address_confidentiality,
        graded: |item, grade| Self { address_confidentiality: Some(grade), ..item },
        only_grade: |grade| Self {
            is_valid: Some(true),
            address_confidentiality: Some(grade),
            ..Self::default()
        },
    };

    /// Row houses in Bergen, a farm at Røros before, and at first nobody knew where.
    pub fn sample() -> Vec<Self> {
        vec![row_house_in_bergen(), farm_at_roros(), unknown_in_trondheim()]
    }
}

fn row_house_in_bergen() -> SharedResidence {
    SharedResidence {
        is_valid: Some(true),
        registered_at: sample::instant("2023-08-15T09:10:11.5+02:00"),
        source: sample::text("folkeregisteret"),
        reason: sample::text("Delt bosted"),
        valid_from: sample::instant("2023-08-14T22:00:00Z"),
        valid_to: None,
        street_address: Some(street_in_bergen()),
        cadastral_address: None,
        unknown_residence: None,
        contract_valid_from: sample::day("2023-08-15"),
        contract_valid_to: sample::day("2028-02-29"),
        cadastral_identifier: sample::text("233215711"),
        close_cadastral_identifier: sample::text("233215712"),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        urban_district_code: sample::text("460107"),
        urban_district_name: sample::text("Årstad"),
        geographical_urban_district_code: sample::text("460108"),
        geographical_urban_district_name: sample::text("Åsane"),
        basic_statistical_unit: Some(102),
        full_basic_statistical_unit_number: sample::text("46010102"),
        basic_statistical_unit_name: sample::text("Møllendal"),
    }
}

fn street_in_bergen() -> StreetAddress {
    StreetAddress {
        municipality_number: sample::text("4601"),
        municipality_name: sample::text("Bergen"),
        county_number: sample::text("46"),
        county_name: sample::text("Vestland"),
        separately_occupied_unit_number: sample::text("U0101"),
        separately_occupied_unit_type: Some(SeparatelyOccupiedUnitType::OtherThanHousing),
        address_name: sample::text("Møllendalsveien"),
        address_number: Some(StreetAddressNumber {
            house_number: sample::text("17"),
            house_letter: sample::text("Å"),
        }),
        address_code: sample::text("6001"),
        address_additional_name: sample::text("Øvre Møllendal"),
        city: Some(City { city_name: sample::text("BERGEN"), postal_code: sample::text("5009") }),
        co_address_name: sample::text("c/o Bjørg Ås"),
    }
}

fn farm_at_roros() -> SharedResidence {
    SharedResidence {
        is_valid: Some(false),
        registered_at: sample::instant("2021-01-02T00:00:00+01:00"),
        source: sample::text("forelder"),
        reason: sample::text("Foreldreansvar"),
        valid_from: sample::instant("2020-12-31T23:00:00Z"),
        valid_to: sample::instant("2023-08-15T00:00:00+02:00"),
        cadastral_address: Some(CadastralAddress {
            separately_occupied_unit_number: sample::text("H0102"),
            separately_occupied_unit_type: Some(SeparatelyOccupiedUnitType::NotApprovedAsHousing),
            cadastral_number: Some(CadastralNumber {
                municipality_number: sample::text("5025"),
                municipality_name: sample::text("Røros"),
                county_number: sample::text("50"),
                county_name: sample::text("Trøndelag"),
                municipality_land_number: Some(131),
                title_number: Some(14),
                leasehold_number: Some(3),
            }),
            sub_number: Some(2),
            address_additional_name: sample::text("Nordistuggu"),
            city: Some(City {
                city_name: sample::text("RØROS"),
                postal_code: sample::text("7374"),
            }),
            co_address_name: sample::text("Ola Ås"),
        }),
        contract_valid_from: sample::day("2021-01-01"),
        contract_valid_to: sample::day("2023-08-14"),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..SharedResidence::default()
    }
}

fn unknown_in_trondheim() -> SharedResidence {
    SharedResidence {
        is_valid: Some(false),
        valid_from: sample::instant("2019-05-01T00:00:00+02:00"),
        unknown_residence: Some(UnknownResidence {
            municipality_number: sample::text("5001"),
            municipality_name: sample::text("Trondheim"),
            county_number: sample::text("50"),
            county_name: sample::text("Trøndelag"),
        }),
        contract_valid_from: sample::day("2019-05-01"),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        ..SharedResidence::default()
    }
}
