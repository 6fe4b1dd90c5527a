//! What a person's parts gain from geography.

use super::area::{Area, Asker, NamedDistrict, Place, When};
use super::code::Municipality;
use super::key::Key;
use super::lookup::Geography;
use crate::part::shape::Metadata;
use crate::part::{
    Birth, CadastralAddress, MaritalStatus, PresentAddress, ResidentialAddress, SharedResidence,
    StreetAddress, UnknownResidence,
};
use crate::person::Person;
use crate::time::Day;

/// Fills in what the tables know: names of municipalities and counties wherever the source gives a
/// municipality's number, and unit and urban districts of the three kinds of dwelling. `today` is
/// the day on which what holds now is looked up.
///
/// The person is one as the source gave it: what an earlier enrichment filled in would be taken for
/// the source's own.
pub fn enrich(person: &mut Person, geography: &Geography, today: Day) {
    fill_in(person, &mut Asker::new(geography), today);
}

/// As [`enrich`]; returns what was asked, each question once. See the module for what that is good
/// for.
pub fn enrich_with_keys(person: &mut Person, geography: &Geography, today: Day) -> Vec<Key> {
    let mut asker = Asker::remembering(geography);
    fill_in(person, &mut asker, today);
    asker.into_keys()
}

fn fill_in(person: &mut Person, asker: &mut Asker<'_>, today: Day) {
    for item in &mut person.residential_address {
        residential(item, asker, today);
    }
    for item in &mut person.present_address {
        present(item, asker, today);
    }
    for item in &mut person.shared_residence {
        shared(item, asker, today);
    }
    for item in &mut person.birth {
        birth(item, asker, today);
    }
    for item in &mut person.marital_status {
        marital_status(item, asker, today);
    }
}

/// On which day an item is looked up: today what holds now, history on the day it began.
fn when(item: &impl Metadata, today: Day) -> When {
    if item.is_current() {
        return When::Now(today);
    }
    let (valid_from, registered_at) = item.age();
    let day = valid_from.or(registered_at).map(|instant| instant.day());
    When::Then(day.unwrap_or(today))
}

fn residential(item: &mut ResidentialAddress, asker: &mut Asker<'_>, today: Day) {
    let when = when(item, today);
    let street = street_municipality(&mut item.street_address, asker, when);
    let cadastral = cadastral_municipality(&mut item.cadastral_address, asker, when);
    let unknown = unknown_municipality(&mut item.unknown_residence, asker, when);
    let place = Place {
        municipality: street.or(cadastral).or(unknown),
        own_unit: item.basic_statistical_unit,
        id: item.cadastral_identifier.as_deref(),
        street: item.street_address.as_ref(),
        cadastral: item.cadastral_address.as_ref(),
    };
    write(
        asker.area(&place, when),
        AreaFields {
            number: &mut item.basic_statistical_unit,
            full_number: &mut item.full_basic_statistical_unit_number,
            name: &mut item.basic_statistical_unit_name,
            serving: [&mut item.urban_district_code, &mut item.urban_district_name],
            geographical: [
                &mut item.geographical_urban_district_code,
                &mut item.geographical_urban_district_name,
            ],
        },
    );
}

fn present(item: &mut PresentAddress, asker: &mut Asker<'_>, today: Day) {
    let when = when(item, today);
    let street = street_municipality(&mut item.street_address, asker, when);
    let cadastral = cadastral_municipality(&mut item.cadastral_address, asker, when);
    let place = Place {
        municipality: street.or(cadastral),
        own_unit: None,
        id: item.cadastral_identifier.as_deref(),
        street: item.street_address.as_ref(),
        cadastral: item.cadastral_address.as_ref(),
    };
    write(
        asker.area(&place, when),
        AreaFields {
            number: &mut item.basic_statistical_unit,
            full_number: &mut item.full_basic_statistical_unit_number,
            name: &mut item.basic_statistical_unit_name,
            serving: [&mut item.urban_district_code, &mut item.urban_district_name],
            geographical: [
                &mut item.geographical_urban_district_code,
                &mut item.geographical_urban_district_name,
            ],
        },
    );
}

fn shared(item: &mut SharedResidence, asker: &mut Asker<'_>, today: Day) {
    let when = when(item, today);
    let street = street_municipality(&mut item.street_address, asker, when);
    let cadastral = cadastral_municipality(&mut item.cadastral_address, asker, when);
    let unknown = unknown_municipality(&mut item.unknown_residence, asker, when);
    let place = Place {
        municipality: street.or(cadastral).or(unknown),
        own_unit: None,
        id: item.cadastral_identifier.as_deref(),
        street: item.street_address.as_ref(),
        cadastral: item.cadastral_address.as_ref(),
    };
    write(
        asker.area(&place, when),
        AreaFields {
            number: &mut item.basic_statistical_unit,
            full_number: &mut item.full_basic_statistical_unit_number,
            name: &mut item.basic_statistical_unit_name,
            serving: [&mut item.urban_district_code, &mut item.urban_district_name],
            geographical: [
                &mut item.geographical_urban_district_code,
                &mut item.geographical_urban_district_name,
            ],
        },
    );
}

fn birth(item: &mut Birth, asker: &mut Asker<'_>, today: Day) {
    let when = when(item, today);
    municipality(
        asker,
        when,
        item.birth_municipality_number.as_deref(),
        [
            &mut item.birth_municipality_name,
            &mut item.birth_county_number,
            &mut item.birth_county_name,
        ],
    );
}

fn marital_status(item: &mut MaritalStatus, asker: &mut Asker<'_>, today: Day) {
    let when = when(item, today);
    municipality(
        asker,
        when,
        item.municipality_number.as_deref(),
        [&mut item.municipality_name, &mut item.county_number, &mut item.county_name],
    );
}

fn street_municipality(
    address: &mut Option<StreetAddress>,
    asker: &mut Asker<'_>,
    when: When,
) -> Option<Municipality> {
    let address = address.as_mut()?;
    municipality(
        asker,
        when,
        address.municipality_number.as_deref(),
        [&mut address.municipality_name, &mut address.county_number, &mut address.county_name],
    )
}

fn cadastral_municipality(
    address: &mut Option<CadastralAddress>,
    asker: &mut Asker<'_>,
    when: When,
) -> Option<Municipality> {
    let number = address.as_mut()?.cadastral_number.as_mut()?;
    municipality(
        asker,
        when,
        number.municipality_number.as_deref(),
        [&mut number.municipality_name, &mut number.county_number, &mut number.county_name],
    )
}

fn unknown_municipality(
    residence: &mut Option<UnknownResidence>,
    asker: &mut Asker<'_>,
    when: When,
) -> Option<Municipality> {
    let residence = residence.as_mut()?;
    municipality(
        asker,
        when,
        residence.municipality_number.as_deref(),
        [
            &mut residence.municipality_name,
            &mut residence.county_number,
            &mut residence.county_name,
        ],
    )
}

/// Fills in a municipality's name, and its county's number and name. The county follows from the
/// number, so it is known even where the municipality is not.
fn municipality(
    asker: &mut Asker<'_>,
    when: When,
    number: Option<&str>,
    [name, county_number, county_name]: [&mut Option<String>; 3],
) -> Option<Municipality> {
    let code = Municipality::parse(number?.trim())?;
    *name = asker.municipality(code, when).map(str::to_owned);
    let county = asker.county(code.county(), when);
    *county_number = county.map(|_| code.county().to_string());
    *county_name = county.map(str::to_owned);
    Some(code)
}

/// The seven fields that tell where a dwelling lies.
struct AreaFields<'a> {
    number: &'a mut Option<i64>,
    full_number: &'a mut Option<String>,
    name: &'a mut Option<String>,
    /// Code and name.
    serving: [&'a mut Option<String>; 2],
    /// Code and name.
    geographical: [&'a mut Option<String>; 2],
}

/// Writes an area. The number within the municipality may be the source's own, which stays even
/// where it is none that we understand.
fn write(area: Area<'_>, fields: AreaFields<'_>) {
    *fields.number = area.unit.map(|unit| unit.number_within()).or(*fields.number);
    *fields.full_number = area.unit.map(|unit| unit.to_string());
    *fields.name = area.unit_name.map(str::to_owned);
    write_district(area.serving, fields.serving);
    write_district(area.district, fields.geographical);
}

fn write_district(district: Option<NamedDistrict<'_>>, [code, name]: [&mut Option<String>; 2]) {
    *code = district.map(|district| district.code.to_string());
    *name = district.and_then(|district| district.name).map(str::to_owned);
}
