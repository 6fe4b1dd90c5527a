//! What kind of number a number is, by its digits.
//!
//! For where the source does not say, and for tests. Never a reason to refuse a number or to miss a
//! person: numbers without valid check digits are in use, and the rules change. Nothing but the kind
//! is taken from the digits: neither a day of birth nor a sex, which are the register's to tell.

use super::IdentityNumber;
use crate::part::NorwegianIdentificationNumberType;

/// The kinds of number that can be told by their digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberKind {
    /// Fødselsnummer: begins with a day and a month.
    NationalIdentityNumber(Series),
    /// D-number: the same with four added to the first digit.
    DNumber(Series),
    /// Felles hjelpenummer: begins with 8 or 9, and the rest has no meaning.
    AlternateIdentificationNumber,
    /// DUF number of the immigration authorities: twelve digits.
    DufNumber,
}

/// The series that numbers of one kind are given in, told apart by what is added to the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// Nothing is added: a real person.
    Real,
    /// 40 is added: a help number that an institution gave (H-number), or a synthetic person in
    /// some test environments. The digits do not tell which.
    HelpOrSynthetic,
    /// 65 is added: a synthetic person of the health sector's test environments.
    HealthSynthetic,
    /// 80 is added: a synthetic person of the population register's test environments.
    RegisterSynthetic,
}

impl NumberKind {
    /// The kind as the contract names it; none where the contract has no name for it, or where it
    /// cannot be told.
    pub fn contract_type(self) -> Option<NorwegianIdentificationNumberType> {
        use NorwegianIdentificationNumberType as Type;
        match self {
            Self::NationalIdentityNumber(Series::HelpOrSynthetic)
            | Self::DNumber(Series::HelpOrSynthetic)
            | Self::DufNumber => None,
            Self::NationalIdentityNumber(_) => Some(Type::NationalIdentityNumber),
            Self::DNumber(_) => Some(Type::DNumber),
            Self::AlternateIdentificationNumber => Some(Type::AlternateIdentificationNumber),
        }
    }
}

impl IdentityNumber {
    /// The kind of the number. None if it is of no kind we know, or a digit of it is wrong.
    pub fn kind(&self) -> Option<NumberKind> {
        let digits = self.as_str().bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0'));
        let digits: Vec<u8> = digits.collect::<Option<_>>()?;
        match <[u8; 11]>::try_from(digits) {
            Ok(digits) => eleven(digits),
            Err(digits) => (digits.len() == 12).then_some(NumberKind::DufNumber),
        }
    }
}

/// The weights of the first ten digits in the first sum, whose last is the check digit itself.
const FIRST: [u8; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
/// The weights of all digits in the second sum.
const SECOND: [u8; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];

/// What the weighted sum of the digits leaves when it is divided by 11.
fn remainder(digits: &[u8], weights: &[u8]) -> u32 {
    let products = digits.iter().zip(weights);
    products.map(|(digit, weight)| u32::from(*digit) * u32::from(*weight)).sum::<u32>() % 11
}

fn eleven(digits: [u8; 11]) -> Option<NumberKind> {
    let first = remainder(&digits, &FIRST);
    if remainder(&digits, &SECOND) != 0 {
        return None;
    }
    if digits[0] >= 8 {
        return (first == 0).then_some(NumberKind::AlternateIdentificationNumber);
    }
    let pair = |place: usize| digits[place] * 10 + digits[place + 1];
    let (series, month) = series(pair(2))?;
    let is_d_number = digits[0] >= 4;
    let day = if is_d_number { pair(0) - 40 } else { pair(0) };
    // Numbers given from 2032 on may leave 0 to 3, older ones leave 0. Nothing in a number tells
    // when it was given, so both are taken.
    let is_valid = first <= 3 && is_day(day, month, pair(4));
    is_valid.then_some(match is_d_number {
        true => NumberKind::DNumber(series),
        false => NumberKind::NationalIdentityNumber(series),
    })
}

/// The series, and the month without what is added to it.
fn series(month: u8) -> Option<(Series, u8)> {
    Some(match month {
        1..=12 => (Series::Real, month),
        41..=52 => (Series::HelpOrSynthetic, month - 40),
        66..=77 => (Series::HealthSynthetic, month - 65),
        81..=92 => (Series::RegisterSynthetic, month - 80),
        _ => return None,
    })
}

/// Whether there is such a day in some century: of years with the same last two digits, all but
/// those of 1900 are leap years together.
fn is_day(day: u8, month: u8, year: u8) -> bool {
    let last = match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=last).contains(&day)
}
