//! A person with a felles hjelpenummer, as the health network's own service tells of them.
//!
//! The service is the only source there is, and the form is one that was agreed on with it. So it is
//! read strictly: a field, a word or a date that is not known makes the whole unreadable, because
//! what it says may be what protects somebody.

use std::fmt;

use register::id::IdentityNumber;
use register::part::{
    AddressConfidentiality, Birth, City, Gender, IdentificationStatus, InternationalAddress,
    NorwegianIdentificationNumber, NorwegianIdentificationNumberType, PersonGender, PersonName,
    PersonStatus, PersonStatusType, PresentAddress, StreetAddress, StreetAddressNumber,
};
use register::person::Person;
use register::time::{Day, Instant};
use serde::Deserialize;

/// Why something is not a person in this form. The texts say where, never what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// No JSON, or not of this form: an unknown field or word, a missing or misplaced one.
    ///
    /// serde_json's own error is dropped on purpose: its text can quote what it stumbled over.
    #[error("not the form of a person with a felles hjelpenummer, at line {line}, column {column}")]
    Json {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, in bytes.
        column: usize,
    },
    /// A number that could never be looked up: not 11 or 12 digits.
    #[error("`{0}` is no number that can be looked up")]
    Number(&'static str),
    /// A date or a time that is none.
    #[error("`{0}` is no date or time")]
    Time(&'static str),
    /// A number in use, or one that is continued as itself.
    #[error("`continuedAs` does not go with the rest")]
    ContinuedAs,
    /// An address in Norway and one abroad, or neither.
    #[error("`address` holds not one address")]
    Address,
}

impl From<serde_json::Error> for FormatError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json { line: error.line(), column: error.column() }
    }
}

/// All that is known of a person with a felles hjelpenummer.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlternatePerson {
    /// The felles hjelpenummer.
    number: String,
    /// Whether it is in use.
    state: State,
    /// The number that is used instead, in the end: a fødselsnummer, a D-number, or another felles
    /// hjelpenummer.
    continued_as: Option<String>,
    /// When this was written down, with an offset.
    registered_at: Option<String>,
    /// What the person is called, as far as that is known.
    name: Option<Name>,
    /// The person's sex.
    gender: Option<Sex>,
    /// Day of birth, `yyyy-MM-dd`.
    birth_date: Option<String>,
    /// Where the person stays.
    address: Option<Address>,
}

/// Whether a felles hjelpenummer is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum State {
    /// The number to use.
    InUse,
    /// No longer to be used; it still finds the person.
    Discontinued,
}

/// What a person is called.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Name {
    given_name: Option<String>,
    middle_name: Option<String>,
    family_name: Option<String>,
}

/// A sex, in the words of the Person API.
#[derive(Clone, Copy, Deserialize)]
enum Sex {
    Female,
    Male,
}

/// Where a person stays: one address, in Norway or abroad.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Address {
    /// How secret the address is. It must be said.
    confidentiality: Confidentiality,
    /// An address in Norway.
    street_address: Option<Street>,
    /// An address abroad.
    foreign_address: Option<Foreign>,
}

/// How secret an address is, in the words of the Person API.
#[derive(Clone, Copy, Deserialize)]
enum Confidentiality {
    Unclassified,
    ClientAddress,
    Confidential,
    StrictlyConfidential,
}

/// An address in a street or road in Norway.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Street {
    municipality_number: Option<String>,
    address_name: Option<String>,
    address_code: Option<String>,
    house_number: Option<String>,
    house_letter: Option<String>,
    postal_code: Option<String>,
    city_name: Option<String>,
    co_address_name: Option<String>,
}

/// An address outside Norway.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Foreign {
    co_address_name: Option<String>,
    address_name: Option<String>,
    post_code: Option<String>,
    city_or_place_name: Option<String>,
    region: Option<String>,
    country_code: Option<String>,
}

impl AlternatePerson {
    /// Reads a person, and looks whether all of it can be understood.
    ///
    /// # Errors
    /// [`FormatError`], for the first thing that is wrong.
    pub fn read(json: &[u8]) -> Result<AlternatePerson, FormatError> {
        let person: AlternatePerson = serde_json::from_slice(json)?;
        person.check()?;
        Ok(person)
    }

    fn check(&self) -> Result<(), FormatError> {
        let can_be_found = |number: &str| IdentityNumber::from(number).is_lookup_shaped();
        if !can_be_found(&self.number) {
            return Err(FormatError::Number("number"));
        }
        if let Some(other) = &self.continued_as {
            if !can_be_found(other) {
                return Err(FormatError::Number("continuedAs"));
            }
            if self.is_in_use() || *other == self.number {
                return Err(FormatError::ContinuedAs);
            }
        }
        self.registered_at()?;
        self.birth_date()?;
        let abroad = |address: &Address| address.foreign_address.is_some();
        let at_home = |address: &Address| address.street_address.is_some();
        let is_one = |address: &Address| abroad(address) != at_home(address);
        if self.address.as_ref().is_none_or(is_one) { Ok(()) } else { Err(FormatError::Address) }
    }

    fn registered_at(&self) -> Result<Option<Instant>, FormatError> {
        let parsed = self.registered_at.as_deref().map(Instant::parse).transpose();
        parsed.map_err(|_| FormatError::Time("registeredAt"))
    }

    fn birth_date(&self) -> Result<Option<Day>, FormatError> {
        let parsed = self.birth_date.as_deref().map(Day::parse).transpose();
        parsed.map_err(|_| FormatError::Time("birthDate"))
    }

    /// The felles hjelpenummer.
    pub fn number(&self) -> IdentityNumber {
        IdentityNumber::from(self.number.as_str())
    }

    /// Whether it is the number to use.
    pub fn is_in_use(&self) -> bool {
        self.state == State::InUse
    }

    /// The number that is used instead.
    pub fn continued_as(&self) -> Option<IdentityNumber> {
        self.continued_as.as_deref().map(IdentityNumber::from)
    }

    /// The person in the register's own words. What ceased says so itself: nothing here is history.
    pub fn into_person(self) -> Person {
        let registered_at = self.registered_at().ok().flatten();
        let born = self.birth_date().ok().flatten();
        let in_use = self.is_in_use();
        let number = NorwegianIdentificationNumber {
            is_valid: Some(in_use),
            registered_at,
            status: Some(if in_use {
                IdentificationStatus::InUse
            } else {
                IdentificationStatus::Discontinued
            }),
            identification_number: Some(IdentityNumber::new(self.number)),
            identification_number_type: Some(
                NorwegianIdentificationNumberType::AlternateIdentificationNumber,
            ),
            ..NorwegianIdentificationNumber::default()
        };
        let discontinued = (!in_use).then(|| PersonStatus {
            is_valid: Some(true),
            registered_at,
            status: Some(PersonStatusType::Discontinued),
            ..PersonStatus::default()
        });
        Person {
            norwegian_identification_number: vec![number],
            status: discontinued.into_iter().collect(),
            name: self.name.map(|name| name.into_part(registered_at)).into_iter().collect(),
            gender: self.gender.map(|sex| sex.into_part(registered_at)).into_iter().collect(),
            birth: born.map(|born| birth(born, registered_at)).into_iter().collect(),
            present_address: self
                .address
                .map(|address| address.into_part(registered_at))
                .into_iter()
                .collect(),
            ..Person::default()
        }
    }
}

/// A text that says something.
fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn birth(day: Day, registered_at: Option<Instant>) -> Birth {
    Birth {
        is_valid: Some(true),
        registered_at,
        birth_date: Some(day),
        birth_year: Some(format!("{:04}", day.date().year())),
        ..Birth::default()
    }
}

impl Name {
    fn into_part(self, registered_at: Option<Instant>) -> PersonName {
        PersonName {
            is_valid: Some(true),
            registered_at,
            given_name: text(self.given_name),
            middle_name: text(self.middle_name),
            family_name: text(self.family_name),
            ..PersonName::default()
        }
    }
}

impl Sex {
    fn into_part(self, registered_at: Option<Instant>) -> PersonGender {
        let gender = match self {
            Sex::Female => Gender::Female,
            Sex::Male => Gender::Male,
        };
        PersonGender {
            is_valid: Some(true),
            registered_at,
            gender: Some(gender),
            ..PersonGender::default()
        }
    }
}

impl Address {
    fn into_part(self, registered_at: Option<Instant>) -> PresentAddress {
        let grade = match self.confidentiality {
            Confidentiality::Unclassified => AddressConfidentiality::Unclassified,
            Confidentiality::ClientAddress => AddressConfidentiality::ClientAddress,
            Confidentiality::Confidential => AddressConfidentiality::Confidential,
            Confidentiality::StrictlyConfidential => AddressConfidentiality::StrictlyConfidential,
        };
        PresentAddress {
            is_valid: Some(true),
            registered_at,
            street_address: self.street_address.map(Street::into_address),
            foreign_address: self.foreign_address.map(Foreign::into_address),
            address_confidentiality: Some(grade),
            ..PresentAddress::default()
        }
    }
}

impl Street {
    fn into_address(self) -> StreetAddress {
        StreetAddress {
            municipality_number: text(self.municipality_number),
            address_name: text(self.address_name),
            address_code: text(self.address_code),
            address_number: Some(StreetAddressNumber {
                house_number: text(self.house_number),
                house_letter: text(self.house_letter),
            }),
            city: Some(City {
                city_name: text(self.city_name),
                postal_code: text(self.postal_code),
            }),
            co_address_name: text(self.co_address_name),
            ..StreetAddress::default()
        }
    }
}

impl Foreign {
    fn into_address(self) -> InternationalAddress {
        InternationalAddress {
            co_address_name: text(self.co_address_name),
            address_name: text(self.address_name),
            post_code: text(self.post_code),
            city_or_place_name: text(self.city_or_place_name),
            region: text(self.region),
            country_code: text(self.country_code),
            ..InternationalAddress::default()
        }
    }
}

impl fmt::Debug for AlternatePerson {
    /// Shows nothing of the person.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("AlternatePerson").finish_non_exhaustive()
    }
}
