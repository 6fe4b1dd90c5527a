//! Present address: where the person stays for a time, somewhere else than registered as living.

use super::address::{
    AddressConfidentiality, CadastralAddress, CadastralNumber, City, InternationalAddress,
    SeparatelyOccupiedUnitType, StreetAddress, StreetAddressNumber,
};
use super::sample;
use super::shape::shape;
use crate::rights::Graded;
use crate::time::Day;

shape! {
    /// Where the person stays without being registered as living there: a commuter's room, a
    /// foreign address, or somewhere unknown (FREG: Oppholdsadresse).
    part PresentAddress {
        /// An address outside Norway; only of those who stay abroad or serve in the armed forces
        /// (FREG: UtenlandskAdresse).
        foreign_address: InternationalAddress,
        /// The person stays somewhere, nobody knows where (FREG: AdressenErUkjent).
        is_address_unknown: bool,
        /// An address in a street or road (FREG: Vegadresse).
        street_address: StreetAddress,
        /// An address given by its property (FREG: Matrikkeladresse).
        cadastral_address: CadastralAddress,
        /// The address's key in the cadastre (FREG: AdresseIdentifikatorFraMatrikkelen).
        cadastral_identifier: String,
        /// How secret the address is: by its own grade or the person's, whichever is stricter, and
        /// confidential where the grade is not known (FREG: Adressegradering).
        address_confidentiality: AddressConfidentiality,
        /// The first day of the stay (FREG: Oppholdsadressedato).
        #[schema(value_type = Option<String>, format = DateTime)]
        present_address_date: Day,
        /// Why the person stays elsewhere (FREG: OppholdAnnetSted).
        stay_elsewhere: StayElsewhere,
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

shape! {
    /// Why somebody stays elsewhere than where they are registered as living.
    values StayElsewhere {
        /// Serves in the armed forces (FREG: Militaer).
        Military,
        /// Is sent abroad by the state (FREG: Utenriks).
        Abroad,
        /// Stays on Svalbard (FREG: PaaSvalbard).
        OnSvalbard,
        /// Lives elsewhere during the week (FREG: Pendler).
        Commuter,
    }
}

impl PresentAddress {
    /// How the rights see a present address.
    pub(crate) const GRADED: Graded<Self> = Graded {
        grade: |item| item.address_confidentiality,
        graded: |item, grade| Self { address_confidentiality: Some(grade), ..item },
        only_grade: |grade| Self {
            is_valid: Some(true),
            address_confidentiality: Some(grade),
            ..Self::default()
        },
    };

    /// A commuter's room in Bodø; a cabin, an embassy and somewhere unknown before that.
    pub fn sample() -> Vec<Self> {
        vec![room_in_bodo(), cabin(), embassy(), unknown()]
    }
}

fn room_in_bodo() -> PresentAddress {
    PresentAddress {
        is_valid: Some(true),
        registered_at: sample::instant("2022-04-04T16:55:01.699504+02:00"),
        source: sample::text("Synutopia"),
        reason: sample::text("Oppholdsadresse og opphold annet sted"),
        valid_from: sample::instant("2022-04-03T22:00:00Z"),
        valid_to: None,
        foreign_address: None,
        is_address_unknown: Some(false),
        street_address: Some(street_in_bodo()),
        cadastral_address: None,
        cadastral_identifier: sample::text("269219256"),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        present_address_date: sample::day("2022-04-04"),
        stay_elsewhere: Some(StayElsewhere::Commuter),
        urban_district_code: sample::text("180401"),
        urban_district_name: sample::text("Rønvik"),
        geographical_urban_district_code: sample::text("180402"),
        geographical_urban_district_name: sample::text("Bodøsjøen"),
        basic_statistical_unit: Some(1203),
        full_basic_statistical_unit_number: sample::text("18041203"),
        basic_statistical_unit_name: sample::text("Rønvikjordene"),
    }
}

fn street_in_bodo() -> StreetAddress {
    StreetAddress {
        municipality_number: sample::text("1804"),
        municipality_name: sample::text("Bodø"),
        county_number: sample::text("18"),
        county_name: sample::text("Nordland"),
        separately_occupied_unit_number: sample::text("L0101"),
        separately_occupied_unit_type: Some(SeparatelyOccupiedUnitType::Housing),
        address_name: sample::text("Sjøgata"),
        address_number: Some(StreetAddressNumber {
            house_number: sample::text("7"),
            house_letter: sample::text("C"),
        }),
        address_code: sample::text("01380"),
        address_additional_name: sample::text("Fjæra"),
        city: Some(City { city_name: sample::text("BODØ"), postal_code: sample::text("8006") }),
        co_address_name: sample::text("c/o Værøy Hybelhus"),
    }
}

fn cabin() -> PresentAddress {
    PresentAddress {
        is_valid: Some(false),
        registered_at: sample::instant("2020-06-01T12:00:00+02:00"),
        source: sample::text("Matrikkelen"),
        reason: sample::text("Adresseoppdatering"),
        valid_from: sample::instant("2020-06-01T00:00:00+02:00"),
        valid_to: sample::instant("2021-12-26T00:00:00+01:00"),
        cadastral_address: Some(CadastralAddress {
            separately_occupied_unit_number: sample::text("H0101"),
            separately_occupied_unit_type: Some(SeparatelyOccupiedUnitType::HolidayHome),
            cadastral_number: Some(CadastralNumber {
                municipality_number: sample::text("3435"),
                municipality_name: sample::text("Vågå"),
                county_number: sample::text("34"),
                county_name: sample::text("Innlandet"),
                municipality_land_number: Some(70),
                title_number: Some(1),
                leasehold_number: Some(12),
            }),
            sub_number: Some(4),
            address_additional_name: sample::text("Gjendebu"),
            city: Some(City {
                city_name: sample::text("VÅGÅ"), postal_code: sample::text("2680")
            }),
            co_address_name: sample::text("Per Ås"),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        present_address_date: sample::day("2020-06-01"),
        ..PresentAddress::default()
    }
}

fn embassy() -> PresentAddress {
    PresentAddress {
        is_valid: Some(false),
        valid_from: sample::instant("2018-01-01T00:00:00+01:00"),
        foreign_address: Some(InternationalAddress {
            co_address_name: sample::text("Kgl. norsk ambassade"),
            address_name: sample::text("Rauchstraße 1"),
            building: sample::text("Haus B"),
            floor_number: sample::text("2. OG"),
            housing_unit: sample::text("204"),
            post_box: sample::text("Postfach 12"),
            post_code: sample::text("10787"),
            city_or_place_name: sample::text("Berlin"),
            district_name: sample::text("Tiergarten"),
            region: sample::text("Brandenburg"),
            country_code: sample::text("DE"),
        }),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        stay_elsewhere: Some(StayElsewhere::Abroad),
        ..PresentAddress::default()
    }
}

fn unknown() -> PresentAddress {
    PresentAddress {
        is_valid: Some(false),
        is_address_unknown: Some(true),
        address_confidentiality: Some(AddressConfidentiality::Unclassified),
        stay_elsewhere: Some(StayElsewhere::Military),
        ..PresentAddress::default()
    }
}
