//! The codes of areas: digits with zeros in front, kept as numbers.

use std::fmt;

/// A code of exactly so many digits. Written with its zeros in front, kept as a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<const DIGITS: u32>(u32);

/// A county: two digits.
pub type County = Code<2>;
/// A municipality: four digits, the first two its county's.
pub type Municipality = Code<4>;
/// An urban district: six digits, the first four its municipality's.
pub type District = Code<6>;
/// A basic statistical unit: eight digits, the first four its municipality's.
pub type Unit = Code<8>;

impl<const DIGITS: u32> Code<DIGITS> {
    /// Reads a text of exactly so many digits. A code that has lost its zeros in front is not
    /// read, because what it has lost could be something else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == DIGITS as usize && text.bytes().all(|b| b.is_ascii_digit());
        if digits { text.parse().ok().map(Self) } else { None }
    }

    /// The code with this number, unless it has more digits.
    pub fn from_number(number: u32) -> Option<Self> {
        (number < 10_u32.pow(DIGITS)).then_some(Self(number))
    }

    /// The code as a number.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl Municipality {
    /// The county that the number is of.
    pub fn county(self) -> County {
        Code(self.0 / 100)
    }
}

impl District {
    /// The municipality that the district is a part of.
    pub fn municipality(self) -> Municipality {
        Code(self.0 / 100)
    }
}

impl Unit {
    /// The unit with this number within a municipality: 401 in 0301 is 03010401. Nothing for a
    /// number that cannot be one, such as zero.
    pub fn within(municipality: Municipality, number: i64) -> Option<Self> {
        let number = u32::try_from(number).ok().filter(|number| (1..=9999).contains(number))?;
        Some(Code(municipality.0 * 10_000 + number))
    }

    /// The municipality that the unit is a part of.
    pub fn municipality(self) -> Municipality {
        Code(self.0 / 10_000)
    }

    /// The number within the municipality: 401 for 03010401.
    pub fn number_within(self) -> i64 {
        i64::from(self.0 % 10_000)
    }

    /// Whether it is the unit of those whose unit nobody knows. It lies nowhere.
    pub fn is_unspecified(self) -> bool {
        self.0 % 10_000 == 9999
    }
}

impl<const DIGITS: u32> fmt::Display for Code<DIGITS> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:0width$}", self.0, width = DIGITS as usize)
    }
}

impl<const DIGITS: u32> fmt::Debug for Code<DIGITS> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
