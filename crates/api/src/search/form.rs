//! The forms of the searches: their description, and how their fields are read.

use register::part::{Gender, PersonStatusType};
use register::search::{self, Criteria, Form, FormKind};
use utoipa::ToSchema;

use crate::parameters::Fields;
use crate::problem::Faults;

/// The form of a search for persons. A name of at least two letters is required, and one of date of
/// birth, municipality, postal code, and street with at least three letters.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "describes the form; the fields are read one by one")]
pub(crate) struct PersonForm {
    /// Date of birth: a day, a month or a year, as YYYY-MM-DD, YYYY-MM or YYYY.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    birth_date: Option<String>,
    /// Gender.
    gender: Option<Gender>,
    /// Words of the name, of which the first three are used: each must be the beginning of a word
    /// in any part of the name, in any order.
    #[schema(min_length = 1, max_length = 600, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    full_name: Option<String>,
    /// Words of the given name; each must be the beginning of a word in it.
    #[schema(min_length = 1, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    given_name: Option<String>,
    /// Words of the middle name; each must be the beginning of a word in it.
    #[schema(min_length = 1, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    middle_name: Option<String>,
    /// Words of the family name; each must be the beginning of a word in it.
    #[schema(min_length = 1, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    family_name: Option<String>,
    /// The beginning of the name of a street, or the whole name with a house number and perhaps a
    /// letter, such as `Storgata 12B`.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = "[\\s]*[\\p{L}\\p{N}]+[\\p{L}\\s\\p{N}\\-\\.\\'\\,\\/]*"
    )]
    street_address: Option<String>,
    /// Postal code, four digits.
    #[schema(min_length = 4, max_length = 4, pattern = "[0-9]{4}")]
    postal_code: Option<String>,
    /// The beginning of the name of the postal place.
    #[schema(min_length = 1, max_length = 100, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    city_name: Option<String>,
    /// Municipality, four digits.
    #[schema(min_length = 4, max_length = 4, pattern = "[0-9]{4}")]
    municipality_number: Option<String>,
}

/// The form of a count. Nothing is required.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "describes the form; the fields are read one by one")]
pub(crate) struct MatchForm {
    /// Words of the name, of which the first three are used: each must be the beginning of a word
    /// in any part of the name, in any order.
    #[schema(min_length = 3, max_length = 600, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    full_name: Option<String>,
    /// Words of the given name; each must be the beginning of a word in it.
    #[schema(min_length = 3, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    given_name: Option<String>,
    /// Words of the middle name; each must be the beginning of a word in it.
    #[schema(min_length = 3, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    middle_name: Option<String>,
    /// Words of the family name; each must be the beginning of a word in it.
    #[schema(min_length = 3, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    family_name: Option<String>,
    /// The beginning of the name of a street, or the whole name with a house number and perhaps a
    /// letter, such as `Storgata 12B`.
    #[schema(
        min_length = 5,
        max_length = 200,
        pattern = "[\\s]*[\\p{L}\\p{N}]+[\\p{L}\\s\\p{N}\\-\\.\\'\\,\\/]*"
    )]
    street_address: Option<String>,
    /// Postal code, four digits.
    #[schema(min_length = 4, max_length = 4, pattern = "[0-9]{4}")]
    postal_code: Option<String>,
    /// Municipality, four digits.
    #[schema(min_length = 4, max_length = 4, pattern = "[0-9]{4}")]
    municipality_number: Option<String>,
    /// Basic statistical unit in the whole country, eight digits.
    #[schema(min_length = 8, max_length = 8, pattern = "[0-9]{8}")]
    basic_statistical_unit: Option<String>,
    /// The first day on which they may have been born: a day, or the first of a month or a year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    birth_date_from: Option<String>,
    /// The last day on which they may have been born, included: a day, or the last of a month or a
    /// year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    birth_date_to: Option<String>,
    /// The first day on which they may have been alive no longer: a day, or the first of a month or
    /// a year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    death_date_from: Option<String>,
    /// The last day on which they may have died, included: a day, or the last of a month or a year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    death_date_to: Option<String>,
    /// Gender.
    gender: Option<Gender>,
    /// Status: one of these, as this rights package is shown it. The key is repeated, or one key
    /// holds several with commas between.
    person_statuses: Option<Vec<PersonStatusType>>,
}

/// The form of a list of ids. Nothing is required.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "describes the form; the fields are read one by one")]
pub(crate) struct PagedMatchForm {
    /// The most ids to return.
    #[schema(minimum = 1, maximum = 10000, default = 1000)]
    page_size: Option<i32>,
    /// How many ids to pass over.
    #[schema(minimum = 0, maximum = 2147483647, default = 0)]
    index_offset: Option<i32>,
    /// Words of the name, of which the first three are used: each must be the beginning of a word
    /// in any part of the name, in any order.
    #[schema(min_length = 3, max_length = 600, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    full_name: Option<String>,
    /// Words of the given name; each must be the beginning of a word in it.
    #[schema(min_length = 3, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    given_name: Option<String>,
    /// Words of the middle name; each must be the beginning of a word in it.
    #[schema(min_length = 3, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    middle_name: Option<String>,
    /// Words of the family name; each must be the beginning of a word in it.
    #[schema(min_length = 3, max_length = 200, pattern = "[\\s]*[\\p{L}]+[\\p{L}\\s\\-\\']*")]
    family_name: Option<String>,
    /// The beginning of the name of a street, or the whole name with a house number and perhaps a
    /// letter, such as `Storgata 12B`.
    #[schema(
        min_length = 5,
        max_length = 200,
        pattern = "[\\s]*[\\p{L}\\p{N}]+[\\p{L}\\s\\p{N}\\-\\.\\'\\,\\/]*"
    )]
    street_address: Option<String>,
    /// Postal code, four digits.
    #[schema(min_length = 4, max_length = 4, pattern = "[0-9]{4}")]
    postal_code: Option<String>,
    /// Municipality, four digits.
    #[schema(min_length = 4, max_length = 4, pattern = "[0-9]{4}")]
    municipality_number: Option<String>,
    /// Basic statistical unit in the whole country, eight digits.
    #[schema(min_length = 8, max_length = 8, pattern = "[0-9]{8}")]
    basic_statistical_unit: Option<String>,
    /// The first day on which they may have been born: a day, or the first of a month or a year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    birth_date_from: Option<String>,
    /// The last day on which they may have been born, included: a day, or the last of a month or a
    /// year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    birth_date_to: Option<String>,
    /// The first day on which they may have been alive no longer: a day, or the first of a month or
    /// a year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    death_date_from: Option<String>,
    /// The last day on which they may have died, included: a day, or the last of a month or a year.
    #[schema(min_length = 1, max_length = 10, pattern = "^[0-9]{4}[0-9-]{0,6}")]
    death_date_to: Option<String>,
    /// Gender.
    gender: Option<Gender>,
    /// Status: one of these, as this rights package is shown it. The key is repeated, or one key
    /// holds several with commas between.
    person_statuses: Option<Vec<PersonStatusType>>,
}

/// Reads a form, and adds all its faults.
pub(super) fn read(form: &Fields, kind: FormKind, faults: &mut Faults) -> Criteria {
    // A field of the other form is an unknown parameter, and those are ignored.
    let only = |form_kind: FormKind, name: &str| form.first(name).filter(|_| kind == form_kind);
    let (of_persons, of_matches) = (FormKind::Persons, FormKind::Matches);
    let sent = Form {
        full_name: form.first("FullName"),
        given_name: form.first("GivenName"),
        middle_name: form.first("MiddleName"),
        family_name: form.first("FamilyName"),
        street_address: form.first("StreetAddress"),
        postal_code: form.first("PostalCode"),
        city_name: only(of_persons, "CityName"),
        municipality_number: form.first("MunicipalityNumber"),
        basic_statistical_unit: only(of_matches, "BasicStatisticalUnit"),
        birth_date: only(of_persons, "BirthDate"),
        birth_date_from: only(of_matches, "BirthDateFrom"),
        birth_date_to: only(of_matches, "BirthDateTo"),
        death_date_from: only(of_matches, "DeathDateFrom"),
        death_date_to: only(of_matches, "DeathDateTo"),
        gender: form.first("Gender"),
        person_statuses: if kind == of_matches { form.list("PersonStatuses") } else { Vec::new() },
    };
    search::read(&sent, kind).unwrap_or_else(|found| {
        for fault in found {
            faults.add(fault.field, fault.text);
        }
        Criteria::default()
    })
}
