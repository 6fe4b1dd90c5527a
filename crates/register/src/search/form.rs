//! The search forms: what may stand in their fields, and what must.
//!
//! Every fault is told at once, by field, and no text repeats a value.

use std::borrow::Cow;

use super::criteria::{Criteria, NamePart, NameWord};
use super::day::Days;
use super::fold::words;
use super::place::{PlaceCriteria, Street};
use crate::part::{Gender, PersonStatusType};

/// The two forms there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// For up to a hundred persons: a name and one thing more are needed.
    Persons,
    /// For lists of ids and counts: nothing is needed, and no field may be too short.
    Matches,
}

/// The fields of a form as they were sent, trimmed; absent and empty is none.
#[derive(Clone, Default)]
pub struct Form<'a> {
    /// `FullName`.
    pub full_name: Option<&'a str>,
    /// `GivenName`.
    pub given_name: Option<&'a str>,
    /// `MiddleName`.
    pub middle_name: Option<&'a str>,
    /// `FamilyName`.
    pub family_name: Option<&'a str>,
    /// `StreetAddress`.
    pub street_address: Option<&'a str>,
    /// `PostalCode`.
    pub postal_code: Option<&'a str>,
    /// `CityName`; only in the form for persons.
    pub city_name: Option<&'a str>,
    /// `MunicipalityNumber`.
    pub municipality_number: Option<&'a str>,
    /// `BasicStatisticalUnit`; only in the form for matches, as all that follows but the gender.
    pub basic_statistical_unit: Option<&'a str>,
    /// `BirthDate`; only in the form for persons.
    pub birth_date: Option<&'a str>,
    /// `BirthDateFrom`.
    pub birth_date_from: Option<&'a str>,
    /// `BirthDateTo`.
    pub birth_date_to: Option<&'a str>,
    /// `DeathDateFrom`.
    pub death_date_from: Option<&'a str>,
    /// `DeathDateTo`.
    pub death_date_to: Option<&'a str>,
    /// `Gender`.
    pub gender: Option<&'a str>,
    /// `PersonStatuses`.
    pub person_statuses: Vec<&'a str>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field's name in the contract.
    pub field: &'static str,
    /// What is wrong, without the value.
    pub text: Cow<'static, str>,
}

/// How many words of `FullName` are searched for; the contract ignores further ones.
const FULL_NAME_WORDS: usize = 3;

/// The least letters in all names together. The contract's own texts say two and three.
const LETTERS_MIN: usize = 2;

/// The least letters of a street that may stand for a place.
const STREET_LETTERS_MIN: usize = 3;

/// Reads a form.
///
/// # Errors
/// Every fault of every field, in the order of the fields.
pub fn read(form: &Form<'_>, kind: FormKind) -> Result<Criteria, Vec<Fault>> {
    let mut reader = Reader { kind, faults: Vec::new() };
    let criteria = Criteria {
        names: reader.names(form),
        birth: match kind {
            FormKind::Persons => reader.date("BirthDate", form.birth_date),
            FormKind::Matches => reader.dates(
                ("BirthDateFrom", form.birth_date_from),
                ("BirthDateTo", form.birth_date_to),
            ),
        },
        death: reader
            .dates(("DeathDateFrom", form.death_date_from), ("DeathDateTo", form.death_date_to)),
        gender: reader.gender(form.gender),
        statuses: reader.statuses(&form.person_statuses),
        place: reader.place(form),
    };
    if kind == FormKind::Persons {
        reader.must_be_enough(form);
    }
    if reader.faults.is_empty() { Ok(criteria) } else { Err(reader.faults) }
}

struct Reader {
    kind: FormKind,
    faults: Vec<Fault>,
}

impl Reader {
    fn fault(&mut self, field: &'static str, text: impl Into<Cow<'static, str>>) {
        self.faults.push(Fault { field, text: text.into() });
    }

    fn names(&mut self, form: &Form<'_>) -> Vec<NameWord> {
        let mut found = Vec::new();
        let full = self.name("FullName", form.full_name, 600);
        let full = full.into_iter().take(FULL_NAME_WORDS);
        found.extend(full.map(|word| NameWord { part: None, word }));
        for (field, value, part) in [
            ("GivenName", form.given_name, NamePart::Given),
            ("MiddleName", form.middle_name, NamePart::Middle),
            ("FamilyName", form.family_name, NamePart::Family),
        ] {
            let words = self.name(field, value, 200);
            found.extend(words.into_iter().map(|word| NameWord { part: Some(part), word }));
        }
        without_implied(found)
    }

    fn name(&mut self, field: &'static str, value: Option<&str>, most: usize) -> Vec<String> {
        let Some(value) = value else { return Vec::new() };
        let least = if self.kind == FormKind::Matches { 3 } else { 1 };
        if !self.is_long_enough(field, value, least, most) {
            return Vec::new();
        }
        if !is_name(value) {
            self.fault(field, "must begin with a letter, and hold only letters, spaces, - and '");
            return Vec::new();
        }
        words(value)
    }

    fn is_long_enough(
        &mut self,
        field: &'static str,
        value: &str,
        least: usize,
        most: usize,
    ) -> bool {
        let length = value.chars().count();
        if length < least {
            self.fault(field, format!("must be at least {least} characters"));
        } else if length > most {
            self.fault(field, format!("must be at most {most} characters"));
        }
        (least..=most).contains(&length)
    }

    fn place(&mut self, form: &Form<'_>) -> PlaceCriteria {
        PlaceCriteria {
            municipality: self.digits("MunicipalityNumber", form.municipality_number, 4),
            postal_code: self.digits("PostalCode", form.postal_code, 4),
            unit: self.digits("BasicStatisticalUnit", form.basic_statistical_unit, 8),
            street: self.street(form.street_address),
            city: self.city(form.city_name),
        }
    }

    fn digits(&mut self, field: &'static str, value: Option<&str>, width: usize) -> Option<String> {
        let value = value?;
        if value.len() == width && value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(value.to_owned());
        }
        self.fault(field, format!("must be {width} digits"));
        None
    }

    fn street(&mut self, value: Option<&str>) -> Option<Street> {
        const FIELD: &str = "StreetAddress";
        let value = value?;
        let least = if self.kind == FormKind::Matches { 5 } else { 1 };
        if !self.is_long_enough(FIELD, value, least, 200) {
            return None;
        }
        if !is_street(value) {
            self.fault(
                FIELD,
                "must begin with a letter or a digit, and hold only letters, digits, spaces and \
                 - . ' , /",
            );
            return None;
        }
        Some(Street::parse(value))
    }

    fn city(&mut self, value: Option<&str>) -> Option<String> {
        const FIELD: &str = "CityName";
        let value = value?;
        if !self.is_long_enough(FIELD, value, 1, 100) {
            return None;
        }
        if !is_name(value) {
            self.fault(FIELD, "must begin with a letter, and hold only letters, spaces, - and '");
            return None;
        }
        Some(words(value).join(" "))
    }

    fn date(&mut self, field: &'static str, value: Option<&str>) -> Option<Days> {
        let days = Days::parse(value?);
        if days.is_none() {
            self.fault(field, "must be a date that exists, as YYYY, YYYY-MM or YYYY-MM-DD");
        }
        days
    }

    fn dates(
        &mut self,
        from: (&'static str, Option<&str>),
        to: (&'static str, Option<&str>),
    ) -> Option<Days> {
        let asked = from.1.is_some() || to.1.is_some();
        let first = self.date(from.0, from.1).map_or(Days::ALL.first, |days| days.first);
        let last = self.date(to.0, to.1).map_or(Days::ALL.last, |days| days.last);
        asked.then_some(Days { first, last })
    }

    fn gender(&mut self, value: Option<&str>) -> Option<Gender> {
        let gender = Gender::from_name(value?);
        if gender.is_none() {
            self.fault("Gender", "must be Female or Male");
        }
        gender
    }

    fn statuses(&mut self, values: &[&str]) -> Vec<PersonStatusType> {
        let mut statuses = Vec::new();
        for (index, value) in values.iter().enumerate() {
            match PersonStatusType::from_name(value) {
                Some(status) if statuses.contains(&status) => {}
                Some(status) => statuses.push(status),
                None => {
                    let known: Vec<_> =
                        PersonStatusType::ALL.iter().map(|status| status.name()).collect();
                    let known = known.join(", ");
                    let text = format!("value {} must be one of {known}", index + 1);
                    self.fault("PersonStatuses", text);
                }
            }
        }
        statuses
    }

    /// The least that a search for persons must say.
    fn must_be_enough(&mut self, form: &Form<'_>) {
        let names = [form.full_name, form.given_name, form.middle_name, form.family_name];
        if names.iter().all(Option::is_none) {
            self.fault(
                "FullName",
                "one of FullName, GivenName, MiddleName and FamilyName is required",
            );
        } else if self.faults.iter().all(|fault| !fault.field.ends_with("Name")) {
            let names = names.iter().flatten();
            let letters = names.flat_map(|name| name.chars()).filter(|c| c.is_alphabetic()).count();
            if letters < LETTERS_MIN {
                let text = format!("at least {LETTERS_MIN} letters are required in all names");
                self.fault("FullName", text);
            }
        }
        let letters = |street: &&str| street.chars().filter(|c| c.is_alphabetic()).count();
        let street = form.street_address.as_ref().map_or(0, letters) >= STREET_LETTERS_MIN;
        let enough = form.birth_date.or(form.municipality_number).or(form.postal_code).is_some();
        if !enough && !street {
            self.fault(
                "BirthDate",
                format!(
                    "one of BirthDate, MunicipalityNumber, PostalCode and StreetAddress with at \
                     least {STREET_LETTERS_MIN} letters is required"
                ),
            );
        }
    }
}

/// A word that must begin so adds nothing where another that must stand in the same part begins so
/// anyway.
fn without_implied(words: Vec<NameWord>) -> Vec<NameWord> {
    let mut kept: Vec<NameWord> = Vec::with_capacity(words.len());
    for (place, word) in words.iter().enumerate() {
        let implied = words.iter().enumerate().any(|(other_place, other)| {
            let stronger = other.word.len() > word.word.len() || other_place < place;
            let covers = other.part == word.part && other.word.starts_with(&word.word);
            other_place != place && covers && stronger
        });
        if !implied {
            kept.push(word.clone());
        }
    }
    kept
}

fn is_name(value: &str) -> bool {
    is_made_of(value, char::is_alphabetic, &['-', '\''])
}

fn is_street(value: &str) -> bool {
    is_made_of(value, char::is_alphanumeric, &['-', '.', '\'', ',', '/'])
}

/// A letter first, then letters, spaces and these signs. A letter may be written as a base letter
/// and its accent.
fn is_made_of(value: &str, letter: impl Fn(char) -> bool, signs: &[char]) -> bool {
    let mut after_letter = false;
    for (place, c) in value.trim_start().chars().enumerate() {
        let accent = after_letter && unicode_normalization::char::is_combining_mark(c);
        let usable =
            letter(c) || accent || (place > 0 && (c.is_whitespace() || signs.contains(&c)));
        if !usable {
            return false;
        }
        after_letter = accent || letter(c);
    }
    // Letters that fold to nothing would find everybody.
    !super::line(value).is_empty()
}

#[cfg(test)]
mod tests;
