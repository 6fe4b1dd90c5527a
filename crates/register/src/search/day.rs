//! Days as numbers that sort: a year, a month or a day of a year is a range of them.

use jiff::civil::Date;

use crate::time::Day;

/// A day as `yyyymmdd`. Where only the year is known month and day are zero, so that the year finds
/// it and no month does.
pub(crate) fn number(day: Day) -> i32 {
    let date = day.date();
    i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
}

/// A year of which no day is known, as `yyyy0000`.
pub(crate) fn number_of_year(year: &str) -> Option<i32> {
    let digits = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let year: i32 = year.parse().ok().filter(|year| digits && *year > 0)?;
    Some(year * 10_000)
}

/// The days from the first to the last, both included, as `yyyymmdd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: i32,
    /// The last day.
    pub last: i32,
}

impl Days {
    /// Every day there is. Not the day that is unknown, which is 0.
    pub const ALL: Days = Days { first: 1, last: i32::MAX };

    /// Reads `yyyy`, `yyyy-mm` or `yyyy-mm-dd`: a year, a month or a day that exists.
    pub fn parse(text: &str) -> Option<Days> {
        let figures: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = figures.iter().map(|figure| figure.len()).collect();
        let only_digits = figures.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        if !only_digits || !matches!(lengths[..], [4] | [4, 2] | [4, 2, 2]) {
            return None;
        }
        let figure = |place: usize| figures.get(place).and_then(|text| text.parse::<i16>().ok());
        let (year, month, day) = (figure(0)?, figure(1), figure(2));
        let small = |figure: i16| i8::try_from(figure).ok();
        let date = Date::new(year, small(month.unwrap_or(1))?, small(day.unwrap_or(1))?).ok()?;
        if date.year() < 1 {
            return None;
        }
        let number = number(Day::from(date));
        Some(match (month, day) {
            (None, _) => {
                Days { first: number / 10_000 * 10_000, last: number / 10_000 * 10_000 + 9_999 }
            }
            (_, None) => Days { first: number / 100 * 100, last: number / 100 * 100 + 99 },
            _ => Days { first: number, last: number },
        })
    }

    /// How many days it holds, about: enough to tell a day from a month from a year.
    pub fn count(self) -> i64 {
        let days = |number: i32| {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            i64::from(year) * 365 + i64::from(month.clamp(1, 12)) * 30 + i64::from(day.clamp(1, 31))
        };
        (days(self.last.min(99_991_231)) - days(self.first) + 1).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_a_month_or_a_day_is_a_range() {
        for (text, first, last) in [
            ("1980", 19_800_000, 19_809_999),
            ("1980-02", 19_800_200, 19_800_299),
            ("1980-02-29", 19_800_229, 19_800_229),
            ("0001", 10_000, 19_999),
        ] {
            assert_eq!(Days::parse(text), Some(Days { first, last }), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "198",
            "19800",
            "1980-",
            "1980-1",
            "1980-13",
            "1980-00",
            "1981-02-29",
            "1980-02-2",
            "1980-02-290",
            "19800229",
            "1980--29",
            "0000",
            "0000-01-01",
            "１９８０",
            "1980-02-00",
            "+198",
        ] {
            assert_eq!(Days::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_without_a_day_is_found_by_the_year_alone() {
        let only_year = number_of_year("1980").unwrap_or_default();
        let holds = |text: &str| {
            let days = Days::parse(text).unwrap_or(Days { first: 1, last: 0 });
            (days.first..=days.last).contains(&only_year)
        };
        assert!(holds("1980") && !holds("1980-01") && !holds("1980-01-01") && !holds("1979"));
        for text in ["", "80", "19800", "abcd", "0000", "-198"] {
            assert_eq!(number_of_year(text), None);
        }
    }

    #[test]
    fn days_are_counted_about() {
        let count = |text| Days::parse(text).map(Days::count).unwrap_or_default();
        assert_eq!(count("1980-05-01"), 1);
        assert!((28..=31).contains(&count("1980-05")));
        assert!((355..=366).contains(&count("1980")));
        assert!(Days::ALL.count() > 3_000_000);
    }
}
