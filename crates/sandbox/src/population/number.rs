//! National numbers: synthetic, with valid check digits, each with a lane to read back.
//!
//! On any date every decade of individual digits (`07_`) has at least three usable numbers
//! for each sex: of the five candidates one at most fails the first check digit and one the second.
//! A lane is (date, sex, decade, which of the usable ones), so number and lane tell each other.

use crate::calendar::Day;

/// How many numbers of a decade are there on every date, for each sex.
pub(crate) const RANKS: u64 = 3;
/// How many decades of individual digits a century's series has.
pub(crate) const DECADES: u64 = 50;

/// The sex that a number of today's series shows in its ninth digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Female,
    Male,
}

impl Sex {
    /// The other one.
    pub(crate) fn other(self) -> Sex {
        if self == Sex::Female { Sex::Male } else { Sex::Female }
    }
}

/// Which of the two series a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Series {
    /// fødselsnummer.
    National,
    /// D-nummer: four added to the first digit.
    D,
}

/// How a number is written: what marks it as synthetic, and by which rule its check digits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    /// Added to the month: 80 as the register does it, 65 and 40 as others do.
    pub(crate) month: u32,
    /// What the first check digit leaves modulo 11: 0 today, 1 to 3 only in numbers of 2032 on.
    pub(crate) remainder: u8,
}

impl Style {
    /// The register's own synthetic numbers by today's rule.
    pub(crate) const PLAIN: Style = Style { month: 80, remainder: 0 };
}

/// The place in number space that belongs to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    pub(crate) born: Day,
    pub(crate) sex: Sex,
    /// 0 to 49, counted from the start of the century's series.
    pub(crate) decade: u8,
    /// 0 to 2 always exist; 3 and 4 on some dates.
    pub(crate) rank: u8,
}

impl Lane {
    /// The lane's number; always there for ranks below [`RANKS`].
    pub(crate) fn number(self, series: Series) -> Option<String> {
        self.styled(series, Style::PLAIN)
    }

    /// The lane's number in a style, by today's rule where the other leaves no second check digit.
    pub(crate) fn styled(self, series: Series, style: Style) -> Option<String> {
        let stem = stem(self.born, self.decade, series, style.month);
        let digits = usable(stem, self.sex).nth(usize::from(self.rank))?;
        let digits = relaxed(digits, style.remainder).unwrap_or(digits);
        Some(digits.iter().map(|digit| char::from(b'0' + digit)).collect())
    }

    /// The lane of a number, or nothing if no person here can ever have had it.
    pub(crate) fn of(number: &str) -> Option<(Lane, Series)> {
        let digits = digits(number)?;
        let two = |at: usize| u32::from(digits[at]) * 10 + u32::from(digits[at + 1]);
        let series = if digits[0] >= 4 { Series::D } else { Series::National };
        let day = if series == Series::D { two(0).checked_sub(40)? } else { two(0) };
        let mark = [80, 65, 40].into_iter().find(|mark| two(2) > *mark)?;
        let month = two(2) - mark;
        let block = two(6) as u8;
        let (century, decade) = if block < 50 { (1900, block) } else { (2000, block - 50) };
        let year = century + two(4) as i32;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || year > 2039 {
            return None;
        }
        let born = Day::of(year, month, day);
        if born.civil() != (year, month, day) {
            return None;
        }
        let sex = if digits[8] % 2 == 0 { Sex::Female } else { Sex::Male };
        let stem = stem(born, decade, series, mark);
        let rank = usable(stem, sex)
            .position(|found| (0..=3).any(|remainder| relaxed(found, remainder) == Some(digits)))?;
        Some((Lane { born, sex, decade, rank: rank as u8 }, series))
    }
}

/// The eight first digits.
fn stem(born: Day, decade: u8, series: Series, mark: u32) -> [u8; 8] {
    let (year, month, day) = born.civil();
    let day = if series == Series::D { day + 40 } else { day };
    let block = if year < 2000 { u32::from(decade) } else { u32::from(decade) + 50 };
    let mut stem = [0; 8];
    for (pair, value) in [day, month + mark, (year % 100) as u32, block].into_iter().enumerate() {
        stem[pair * 2] = (value / 10) as u8;
        stem[pair * 2 + 1] = (value % 10) as u8;
    }
    stem
}

/// The numbers of a decade that have two real check digits, in order.
fn usable(stem: [u8; 8], sex: Sex) -> impl Iterator<Item = [u8; 11]> {
    let first = if sex == Sex::Female { 0 } else { 1 };
    (first..10).step_by(2).filter_map(move |ninth| {
        let mut digits = [0; 11];
        digits[..8].copy_from_slice(&stem);
        digits[8] = ninth;
        digits[9] = check_digit(&digits[..9], &[3, 7, 6, 1, 8, 9, 4, 5, 2])?;
        digits[10] = check_digit(&digits[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])?;
        Some(digits)
    })
}

/// The number with the same nine first digits whose first check digit leaves `remainder`.
fn relaxed(digits: [u8; 11], remainder: u8) -> Option<[u8; 11]> {
    let mut digits = digits;
    digits[9] = (digits[9] + remainder) % 11;
    if digits[9] > 9 {
        return None;
    }
    digits[10] = check_digit(&digits[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])?;
    Some(digits)
}

/// The number that begins with these nine digits; none if it has no check digits.
pub(crate) fn check_digits(first_nine: u64) -> Option<String> {
    let mut digits = digits(&format!("{first_nine}00"))?;
    digits[9] = check_digit(&digits[..9], &[3, 7, 6, 1, 8, 9, 4, 5, 2])?;
    digits[10] = check_digit(&digits[..10], &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])?;
    Some(digits.iter().map(|digit| char::from(b'0' + digit)).collect())
}

fn check_digit(digits: &[u8], weights: &[u32]) -> Option<u8> {
    let sum: u32 =
        digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let check = (11 - sum % 11) % 11;
    (check < 10).then_some(check as u8)
}

fn digits(number: &str) -> Option<[u8; 11]> {
    let bytes: [u8; 11] = number.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|byte| byte - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks both digits by the published rule, written another way than above.
    fn is_valid(number: &str) -> bool {
        let digit = |at: usize| i32::from(number.as_bytes()[at] - b'0');
        let sum =
            |weights: &[i32]| weights.iter().enumerate().map(|(at, w)| w * digit(at)).sum::<i32>();
        sum(&[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0
            && sum(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
    }

    #[test]
    fn every_lane_has_its_own_valid_number_and_leads_back() {
        let mut seen = std::collections::HashSet::new();
        for day in (Day::of(1928, 1, 1).0..Day::of(2027, 1, 1).0).step_by(171) {
            for series in [Series::National, Series::D] {
                for sex in [Sex::Female, Sex::Male] {
                    for flat in 0..(DECADES * RANKS) as u8 {
                        let lane = Lane { born: Day(day), sex, decade: flat / 3, rank: flat % 3 };
                        let number = lane.number(series).expect("three always exist");
                        assert!(is_valid(&number));
                        assert_eq!(Lane::of(&number), Some((lane, series)));
                        assert!(seen.insert(number));
                    }
                }
            }
        }
    }

    #[test]
    fn every_style_of_a_lane_leads_back_and_is_its_own() {
        let mut seen = std::collections::HashSet::new();
        let mut newer = 0;
        for day in (Day::of(1931, 5, 1).0..Day::of(2026, 7, 1).0).step_by(97) {
            for rank in 0..3 {
                let lane = Lane { born: Day(day), sex: Sex::Female, decade: 7, rank };
                for month in [80, 65, 40] {
                    let styled = |remainder| {
                        let style = Style { month, remainder };
                        lane.styled(Series::D, style).expect("three always exist")
                    };
                    for number in (0..=3).map(styled).collect::<std::collections::HashSet<_>>() {
                        assert_eq!(Lane::of(&number), Some((lane, Series::D)));
                        newer += usize::from(!is_valid(&number));
                        assert!(seen.insert(number));
                    }
                }
            }
        }
        assert!(newer > 5_000, "{newer}");
    }

    #[test]
    fn numbers_from_elsewhere_have_no_lane() {
        for number in ["", "1", "x2818012345", "00000000000", "99999999999", "3181000000012"] {
            assert_eq!(Lane::of(number), None);
        }
        let lane = Lane { born: Day::of(1980, 2, 29), sex: Sex::Male, decade: 3, rank: 1 };
        let number = lane.number(Series::National).expect("rank 1 exists");
        assert_eq!(&number[..6], "298280");
        let wrong = if number.ends_with('0') { '1' } else { '0' };
        assert_eq!(Lane::of(&format!("{}{wrong}", &number[..10])), None);
    }
}
