//! What addresses are made of, and how secret they are.

use super::shape::shape;

shape! {
    /// How secret an address is. The order is from the open to the most secret.
    values AddressConfidentiality {
        /// No secret (FREG: Ugradert).
        Unclassified,
        /// This one address tells something about the person, such as an institution
        /// (FREG: Klientadresse).
        ClientAddress,
        /// Only for those with a legal basis (FREG: Fortrolig).
        Confidential,
        /// For nobody (FREG: StrengtFortrolig).
        StrictlyConfidential,
    }
}

shape! {
    /// An address in a street or road (FREG: Vegadresse).
    object StreetAddress {
        /// Municipality, four digits (FREG: Kommunenummer).
        municipality_number: String,
        /// Name of the municipality (SSB: Kommunenavn).
        municipality_name: String,
        /// County, two digits (SSB: Fylkesnummer).
        county_number: String,
        /// Name of the county (SSB: Fylkesnavn).
        county_name: String,
        /// The flat or other unit, a letter and four digits (FREG: Bruksenhetsnummer).
        separately_occupied_unit_number: String,
        /// What the unit is used for (FREG: Bruksenhetstype).
        separately_occupied_unit_type: SeparatelyOccupiedUnitType,
        /// Name of the street or road (FREG: Adressenavn).
        address_name: String,
        /// House number and letter (FREG: Adressenummer).
        address_number: StreetAddressNumber,
        /// The municipality's code for the street (FREG: Adressekode).
        address_code: String,
        /// Name of the farm or house, used beside the address (FREG: Adressetilleggsnavn).
        address_additional_name: String,
        /// Postal code and place (FREG: Poststed).
        city: City,
        /// Whose mailbox it is, when not the person's own (FREG: CoAdressenavn).
        co_address_name: String,
    }
}

shape! {
    /// House number and letter (FREG: Adressenummer).
    object StreetAddressNumber {
        /// Number (FREG: Husnummer).
        house_number: String,
        /// Letter (FREG: Husbokstav).
        house_letter: String,
    }
}

shape! {
    /// Postal code and place (FREG: Poststed).
    object City {
        /// Name of the postal place (FREG: Poststedsnavn).
        city_name: String,
        /// Postal code, four digits (FREG: Postnummer).
        postal_code: String,
    }
}

shape! {
    /// An address given by its property, where there is no street address (FREG: Matrikkeladresse).
    object CadastralAddress {
        /// The flat or other unit, a letter and four digits (FREG: Bruksenhetsnummer).
        separately_occupied_unit_number: String,
        /// What the unit is used for (FREG: Bruksenhetstype).
        separately_occupied_unit_type: SeparatelyOccupiedUnitType,
        /// The property (FREG: Matrikkelnummer).
        cadastral_number: CadastralNumber,
        /// Tells addresses on the same property apart (FREG: Undernummer).
        sub_number: i64,
        /// Name of the farm or house (FREG: Adressetilleggsnavn).
        address_additional_name: String,
        /// Postal code and place (FREG: Poststed).
        city: City,
        /// Whose mailbox it is, when not the person's own (FREG: CoAdressenavn).
        co_address_name: String,
    }
}

shape! {
    /// A property in the cadastre (FREG: Matrikkelnummer).
    object CadastralNumber {
        /// Municipality, four digits (FREG: Kommunenummer).
        municipality_number: String,
        /// Name of the municipality (SSB: Kommunenavn).
        municipality_name: String,
        /// County, two digits (SSB: Fylkesnummer).
        county_number: String,
        /// Name of the county (SSB: Fylkesnavn).
        county_name: String,
        /// Land number within the municipality (FREG: Gaardsnummer).
        municipality_land_number: i64,
        /// Title number within the land number (FREG: Bruksnummer).
        title_number: i64,
        /// Leasehold number within the title; zero when not leased (FREG: Festenummer).
        leasehold_number: i64,
    }
}

shape! {
    /// Lives in Norway, nobody knows where; at most the municipality is known (FREG: UkjentBosted).
    object UnknownResidence {
        /// Municipality, four digits (FREG: Bostedskommune).
        municipality_number: String,
        /// Name of the municipality (SSB: Kommunenavn).
        municipality_name: String,
        /// County, two digits (SSB: Fylkesnummer).
        county_number: String,
        /// Name of the county (SSB: Fylkesnavn).
        county_name: String,
    }
}

shape! {
    /// What a flat or other unit is used for.
    values SeparatelyOccupiedUnitType {
        /// To live in (FREG: Bolig).
        Housing,
        /// Something else than living in it (FREG: AnnetEnnBolig).
        OtherThanHousing,
        /// For holidays (FREG: Fritidsbolig).
        HolidayHome,
        /// To live in, without approval (FREG: IkkeGodkjentBolig).
        NotApprovedAsHousing,
        /// A unit without a number of its own (FREG: UnummerertBruksenhet).
        UnnumberedSeparatelyOccupiedUnit,
    }
}

shape! {
    /// An address outside Norway. Where there is a post box, the fields of the street are not used
    /// (FREG: InternasjonalAdresse).
    object InternationalAddress {
        /// Whose mailbox it is, when not the person's own (FREG: CoAdressenavn).
        co_address_name: String,
        /// Street and number, as the country writes them (FREG: Adressenavn).
        address_name: String,
        /// Building (FREG: Bygning).
        building: String,
        /// Floor (FREG: Etasjenummer).
        floor_number: String,
        /// Flat or room (FREG: Boenhet).
        housing_unit: String,
        /// Post box (FREG: Postboks).
        post_box: String,
        /// Postal code, as the country writes it (FREG: Postkode).
        post_code: String,
        /// City or place (FREG: ByEllerStedsnavn).
        city_or_place_name: String,
        /// District of the city (FREG: Distriktsnavn).
        district_name: String,
        /// Region, state or province (FREG: Region).
        region: String,
        /// Country, two letters; XK for Kosovo, YY or in older items XX where it is not known
        /// (FREG: Landkode).
        country_code: String,
    }
}
