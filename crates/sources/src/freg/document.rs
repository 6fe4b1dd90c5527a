//! The person document (`Folkeregisterperson`): read with tolerance, mapped without gaps.

use std::cmp::Reverse;
use std::fmt;

use register::id::IdentityNumber;
use register::part::Death;
use register::person::Person;
use serde::Deserialize;

use super::FormatError;
use super::adressebeskyttelse::Adressebeskyttelse;
use super::bostedsadresse::Bostedsadresse;
use super::doedsfall::Doedsfall;
use super::familierelasjon::Familierelasjon;
use super::field::many;
use super::foedsel::Foedsel;
use super::identifikasjonsnummer::Identifikasjonsnummer;
use super::kjoenn::Kjoenn;
use super::mapping::each;
use super::navn::Navn;
use super::sivilstand::Sivilstand;
use super::status::Status;

/// What FREG knows about one person: the elements that are mapped, out of those in
/// [`super::part::ELEMENTS`]. The others are passed over in reading.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Document {
    #[serde(deserialize_with = "many")]
    adressebeskyttelse: Vec<Adressebeskyttelse>,
    #[serde(deserialize_with = "many")]
    bostedsadresse: Vec<Bostedsadresse>,
    /// One object by FREG's description, a list if it should change its mind.
    #[serde(deserialize_with = "many")]
    doedsfall: Vec<Doedsfall>,
    #[serde(deserialize_with = "many")]
    familierelasjon: Vec<Familierelasjon>,
    #[serde(deserialize_with = "many")]
    foedsel: Vec<Foedsel>,
    #[serde(deserialize_with = "many")]
    identifikasjonsnummer: Vec<Identifikasjonsnummer>,
    #[serde(deserialize_with = "many")]
    kjoenn: Vec<Kjoenn>,
    #[serde(deserialize_with = "many")]
    navn: Vec<Navn>,
    #[serde(deserialize_with = "many")]
    sivilstand: Vec<Sivilstand>,
    #[serde(deserialize_with = "many")]
    status: Vec<Status>,
}

/// One of the numbers that a document lists for its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedNumber {
    /// The number.
    pub number: IdentityNumber,
    /// FREG says that the number is in use (`iBruk`), and says so now.
    pub in_use: bool,
    /// The entry is current (`erGjeldende`). The last number of a discontinued person may be
    /// current and yet not in use.
    pub current: bool,
}

/// A document in the register's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The person, with nothing that cannot be read.
    pub person: Person,
    /// The element of each value that was left out because it cannot be read, once for each value.
    /// A grade is never left out: an unreadable one is the strictest that it can stand for.
    pub unknown: Vec<&'static str>,
}

impl Document {
    /// Reads a person document, as a lookup answers it or as it lies in a bulk answer.
    ///
    /// Elements, fields and values that we do not know are passed over, because FREG adds them
    /// without a new version.
    ///
    /// # Errors
    /// [`FormatError`] if this is not a JSON object with elements of FREG's shape, and
    /// [`FormatError::NoNumber`] if it lists no identity number.
    pub fn read(json: &[u8]) -> Result<Document, FormatError> {
        let document: Document = serde_json::from_slice(json)?;
        if document.identifikasjonsnummer.iter().all(|entry| entry.number().is_none()) {
            return Err(FormatError::NoNumber);
        }
        Ok(document)
    }

    /// Every number of the person, each once: those in use first, then current ones, then the
    /// newest. So the first is the person's primary number, as far as this document tells.
    pub fn numbers(&self) -> Vec<ListedNumber> {
        let mut entries: Vec<&Identifikasjonsnummer> = self.identifikasjonsnummer.iter().collect();
        entries.sort_by_key(|entry| {
            Reverse((entry.is_in_use(), entry.is_current(), entry.valid_from()))
        });
        let mut numbers: Vec<ListedNumber> = Vec::with_capacity(entries.len());
        for entry in entries {
            let Some(number) = entry.number() else {
                continue;
            };
            if numbers.iter().all(|listed| listed.number != *number) {
                numbers.push(ListedNumber {
                    number: number.clone(),
                    in_use: entry.is_in_use(),
                    current: entry.is_current(),
                });
            }
        }
        numbers
    }

    /// Maps the document. Items keep FREG's order, which means nothing.
    pub fn into_person(self) -> Mapped {
        let Document {
            adressebeskyttelse,
            bostedsadresse,
            doedsfall,
            familierelasjon,
            foedsel,
            identifikasjonsnummer,
            kjoenn,
            navn,
            sivilstand,
            status,
        } = self;
        let mut list = Vec::new();
        let unknown = &mut list;
        let person = Person {
            name: each("navn", navn, unknown, Navn::into_part),
            norwegian_identification_number: each(
                "identifikasjonsnummer",
                identifikasjonsnummer,
                unknown,
                Identifikasjonsnummer::into_part,
            ),
            birth: each("foedsel", foedsel, unknown, Foedsel::into_part),
            gender: each("kjoenn", kjoenn, unknown, Kjoenn::into_part),
            status: each("status", status, unknown, Status::into_part),
            address_protection: each(
                "adressebeskyttelse",
                adressebeskyttelse,
                unknown,
                Adressebeskyttelse::into_part,
            ),
            residential_address: each(
                "bostedsadresse",
                bostedsadresse,
                unknown,
                Bostedsadresse::into_part,
            ),
            family_relation: each(
                "familierelasjon",
                familierelasjon,
                unknown,
                Familierelasjon::into_part,
            ),
            marital_status: each("sivilstand", sivilstand, unknown, Sivilstand::into_part),
            death: only(each("doedsfall", doedsfall, unknown, Doedsfall::into_part)),
        };
        Mapped { person, unknown: list }
    }
}

/// The one death that counts, should a document hold several: the current one, else the first.
fn only(deaths: Vec<Death>) -> Option<Death> {
    let place = deaths.iter().position(|death| death.is_valid == Some(true)).unwrap_or(0);
    deaths.into_iter().nth(place)
}

impl fmt::Debug for Document {
    /// Shows nothing of the person.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Document").finish_non_exhaustive()
    }
}
