//! What a person is known by: our own id, and the numbers that others gave.

mod kind;

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use kind::{NumberKind, Series};

/// The register's own name for a person: random, given once, never changed and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct PersonId(pub Uuid);

impl fmt::Display for PersonId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(out)
    }
}

impl From<Uuid> for PersonId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

/// A number that names a person: fødselsnummer, D-number, felles hjelpenummer or DUF number.
///
/// Holds whatever a source wrote: no check digit is tested, and nothing but the [`NumberKind`] is
/// ever derived from the digits.
/// It has no `Display`, and `Debug` shows no digit, so that it cannot slip into a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct IdentityNumber(String);

impl IdentityNumber {
    /// Takes the number as the source wrote it.
    pub fn new(number: impl Into<String>) -> Self {
        Self(number.into())
    }

    /// The number itself, for comparing, storing and answering; never for a log or an error text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the text away.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether this has the shape of something that can be looked up: 11 or 12 ASCII digits.
    pub fn is_lookup_shaped(&self) -> bool {
        matches!(self.0.len(), 11 | 12) && self.0.bytes().all(|byte| byte.is_ascii_digit())
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("IdentityNumber(…)")
    }
}

impl From<String> for IdentityNumber {
    fn from(number: String) -> Self {
        Self(number)
    }
}

impl From<&str> for IdentityNumber {
    fn from(number: &str) -> Self {
        Self(number.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_looked_up_by_its_shape_alone() {
        for number in ["12838212345", "123456789012", "00000000000"] {
            assert!(IdentityNumber::from(number).is_lookup_shaped());
        }
        for number in
            ["", "1283821234", "1283821234567", "1283821234x", "1283821234٣", " 128382123"]
        {
            assert!(!IdentityNumber::from(number).is_lookup_shaped());
        }
    }

    #[test]
    fn debug_shows_no_digit() {
        let shown = format!(
            "{:?} {:#?}",
            IdentityNumber::from("12838212345"),
            [Some(IdentityNumber::from("12838212345"),)]
        );
        assert!(!shown.contains(|letter: char| letter.is_ascii_digit()), "{shown}");
    }

    #[test]
    fn both_kinds_serialise_as_plain_text() {
        let id = PersonId(Uuid::from_u128(0x1234));
        assert_eq!(serde_json::to_value(id).ok(), Some(id.to_string().into()));
        assert_eq!(
            serde_json::to_value(IdentityNumber::from("12838212345")).ok(),
            Some("12838212345".into())
        );
    }
}
