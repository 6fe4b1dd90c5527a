//! Reading the query and the form: names and values without regard to case, unknown ones ignored.

use std::borrow::Cow;

use register::event::EventType;
use register::part::{InformationPart, PartSet};
use register::version::Version;

use crate::problem::Faults;
use crate::version::is_newer;

/// The most ids or numbers in one bulk request.
pub const BULK_MAX: usize = 100;

/// The fields of a query or of a form, decoded, in the order sent.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Decodes `name=value&…`. Whatever is sent can be decoded; bytes that are not UTF-8 become
    /// replacement characters and then match nothing.
    pub fn parse(encoded: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// Without the fields that the version does not know: unknown ones are ignored.
    pub fn known_in(self, version: Version) -> Fields {
        match version {
            Version::V2 => Fields(self.0.into_iter().filter(|(name, _)| !is_newer(name)).collect()),
            Version::V3 => self,
        }
    }

    /// Whether a field with this name was sent, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// A single value: the first one sent. Empty counts as absent.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.values(name).map(str::trim).find(|value| !value.is_empty())
    }

    /// A list: repeated fields, each of which may hold several values with commas between.
    /// Empty values are left out.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let values = self.values(name).flat_map(|value| value.split(',')).map(str::trim);
        values.filter(|value| !value.is_empty()).collect()
    }

    fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// `true` or `false` in any case; absent is false.
    pub fn boolean(&self, name: &'static str, faults: &mut Faults) -> bool {
        match self.first(name) {
            None => false,
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if value.eq_ignore_ascii_case("false") => false,
            Some(_) => {
                faults.add(name, "must be true or false");
                false
            }
        }
    }

    /// The information parts that were asked for: at least one, all of them known.
    pub fn information_parts(&self, faults: &mut Faults) -> PartSet {
        const NAME: &str = "informationParts";
        let names = self.list(NAME);
        if names.is_empty() {
            faults.add(NAME, "at least one is required");
        }
        let mut parts = PartSet::default();
        for (index, name) in names.iter().enumerate() {
            match InformationPart::from_name(name) {
                Some(part) => parts.insert(part),
                None => faults.add(NAME, unknown(index, "an information part")),
            }
        }
        parts
    }

    /// The event types that were asked for; empty means all.
    pub fn event_types(&self, faults: &mut Faults) -> Vec<EventType> {
        const NAME: &str = "eventTypes";
        let mut types = Vec::new();
        for (index, name) in self.list(NAME).iter().enumerate() {
            match EventType::from_name(name) {
                Some(event_type) if types.contains(&event_type) => {}
                Some(event_type) => types.push(event_type),
                None => faults.add(NAME, unknown(index, "an event type")),
            }
        }
        types
    }

    /// A whole number within bounds, or the default when absent.
    pub fn number(
        &self,
        name: &'static str,
        bounds: std::ops::RangeInclusive<i64>,
        default: i64,
        faults: &mut Faults,
    ) -> i64 {
        let Some(value) = self.first(name) else {
            return default;
        };
        match value.parse::<i64>() {
            Ok(number) if bounds.contains(&number) => number,
            _ => {
                let (least, most) = (bounds.start(), bounds.end());
                faults.add(name, format!("must be a whole number from {least} to {most}"));
                default
            }
        }
    }

    /// The list of a bulk request: 1 to [`BULK_MAX`] values, as sent.
    pub fn bulk(&self, name: &'static str, faults: &mut Faults) -> Vec<&str> {
        let values = self.list(name);
        if values.is_empty() {
            faults.add(name, "at least one is required");
        }
        if values.len() > BULK_MAX {
            faults.add(name, format!("at most {BULK_MAX} are accepted in one request"));
        }
        values
    }

    /// The one identity number of a lookup: 11 or 12 digits.
    pub fn identity_number(&self, name: &'static str, faults: &mut Faults) -> &str {
        let value = self.first(name).unwrap_or_default();
        if value.is_empty() {
            faults.add(name, "is required");
        } else if !is_identity_number(value) {
            faults.add(name, "must be 11 or 12 digits");
        }
        value
    }
}

/// Whether a value has the form of an identity number: 11 or 12 digits. Check digits are not
/// looked at, since a register's numbers are what the register says they are.
pub fn is_identity_number(value: &str) -> bool {
    matches!(value.len(), 11 | 12) && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn unknown(index: usize, what: &str) -> Cow<'static, str> {
    format!("value {} is not the name of {what}; the description lists them", index + 1).into()
}

/// Whether an address holds what may be an identity number: 11 or 12 digits in a row, anywhere
/// but in the parameter `sequenceNumber` or in a person's id (a UUID may end in twelve digits).
pub fn url_holds_identity_number(path: &str, query: Option<&str>) -> bool {
    path.split('/').any(|segment| {
        form_urlencoded::parse(segment.as_bytes()).any(|(key, value)| suspect(&key, &value))
    }) || form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .any(|(key, value)| !key.eq_ignore_ascii_case("sequenceNumber") && suspect(&key, &value))
}

fn suspect(key: &str, value: &str) -> bool {
    [key, value].iter().any(|text| text.split(',').any(holds_digit_run))
}

fn holds_digit_run(text: &str) -> bool {
    if parse_person_id(text).is_some() {
        return false;
    }
    text.split(|c: char| !c.is_ascii_digit()).any(|run| matches!(run.len(), 11 | 12))
}

/// A person's id: the hyphenated form of a UUID, in any case. Anything else names nobody.
pub fn parse_person_id(text: &str) -> Option<uuid::Uuid> {
    if text.len() != uuid::fmt::Hyphenated::LENGTH {
        return None;
    }
    uuid::Uuid::try_parse(text).ok()
}

#[cfg(test)]
mod tests;
