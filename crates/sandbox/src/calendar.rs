//! Days and moments as the register writes them: Norwegian midnight, many spellings of one instant.

use std::fmt::Write as _;

use crate::dice::Dice;

/// A calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) i32);

impl Day {
    /// The day with this date in the Gregorian calendar (days-from-civil, era by era).
    pub(crate) const fn of(year: i32, month: u32, day: u32) -> Day {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted = (month + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100;
        Day(era * 146_097 + day_of_era + day_of_year as i32 - 719_468)
    }

    /// Year, month and day.
    pub(crate) const fn civil(self) -> (i32, u32, u32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_shifted + 2) / 5 + 1;
        let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month as u32, day as u32)
    }

    /// The year.
    pub(crate) fn year(self) -> i32 {
        self.civil().0
    }

    /// So many days later.
    pub(crate) const fn plus(self, days: i32) -> Day {
        Day(self.0 + days)
    }

    /// So many years later, near enough.
    pub(crate) const fn plus_years(self, years: i32) -> Day {
        Day(self.0 + years * 1461 / 4)
    }

    /// Whole years from `earlier` to this day, near enough.
    pub(crate) const fn years_since(self, earlier: Day) -> i32 {
        (self.0 - earlier.0) * 4 / 1461
    }

    /// `2010-02-20`.
    pub(crate) fn iso(self) -> String {
        let mut text = String::with_capacity(10);
        self.write(&mut text);
        text
    }

    fn write(self, out: &mut String) {
        let (year, month, day) = self.civil();
        push_digits(out, year as u32, 4);
        out.push('-');
        push_digits(out, month, 2);
        out.push('-');
        push_digits(out, day, 2);
    }

    /// Monday is 0.
    const fn weekday(self) -> i32 {
        (self.0 + 3).rem_euclid(7)
    }

    /// The last Sunday of a month that has `days` days.
    const fn last_sunday(year: i32, month: u32, days: u32) -> Day {
        let last = Day::of(year, month, days);
        last.plus(-((last.weekday() + 1) % 7))
    }
}

/// An instant with nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    pub(crate) unix: i64,
    pub(crate) nanos: u32,
}

/// How an instant is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    /// 0 to 9 digits after the decimal point.
    pub(crate) fraction: u32,
    pub(crate) zone: Zone,
}

/// The offset that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// `Z`.
    Utc,
    /// `+01:00` or `+02:00`.
    Oslo,
    /// Norwegian time without an offset, as old documents have it.
    Missing,
}

impl Spelling {
    /// The form the register writes today.
    pub(crate) const PLAIN: Spelling = Spelling { fraction: 6, zone: Zone::Oslo };

    /// A spelling as found in the wild: mostly six digits, any other now and then.
    pub(crate) fn any(dice: &mut Dice) -> Spelling {
        let fraction = dice.pick(&[6, 6, 6, 9, 9, 3, 0, 7, 5, 1, 2, 4, 8]);
        let zone = match dice.below(300) {
            0 => Zone::Missing,
            1..120 => Zone::Utc,
            _ => Zone::Oslo,
        };
        Spelling { fraction, zone }
    }
}

impl Moment {
    /// Midnight in Norway at the start of the day.
    pub(crate) fn midnight(day: Day) -> Moment {
        Moment::at(day, 0, 0)
    }

    /// So many seconds after midnight in Norway.
    pub(crate) fn at(day: Day, second: u32, nanos: u32) -> Moment {
        let local = i64::from(day.0) * 86_400 + i64::from(second);
        let summer = local - 7200;
        let unix = if oslo_offset(summer) == 7200 { summer } else { local - 3600 };
        Moment { unix, nanos }
    }

    /// The day it is in Norway.
    pub(crate) fn day(self) -> Day {
        Day((self.unix + oslo_offset(self.unix)).div_euclid(86_400) as i32)
    }

    /// The same instant `seconds` later.
    pub(crate) fn plus(self, seconds: i64) -> Moment {
        Moment { unix: self.unix + seconds, ..self }
    }

    /// RFC 3339 in the chosen spelling.
    pub(crate) fn write(self, spelling: Spelling) -> String {
        let offset = if spelling.zone == Zone::Utc { 0 } else { oslo_offset(self.unix) };
        let local = self.unix + offset;
        let mut text = String::with_capacity(36);
        Day(local.div_euclid(86_400) as i32).write(&mut text);
        let second = local.rem_euclid(86_400) as u32;
        for (mark, value) in [('T', second / 3600), (':', second / 60 % 60), (':', second % 60)] {
            text.push(mark);
            push_digits(&mut text, value, 2);
        }
        if spelling.fraction > 0 {
            text.push('.');
            let kept = self.nanos / 10_u32.pow(9 - spelling.fraction);
            push_digits(&mut text, kept, spelling.fraction as usize);
        }
        match spelling.zone {
            Zone::Utc => text.push('Z'),
            Zone::Oslo if offset == 7200 => text.push_str("+02:00"),
            Zone::Oslo => text.push_str("+01:00"),
            Zone::Missing => {}
        }
        text
    }
}

/// What the clock in Oslo shows ahead of UTC, in seconds; summer time from 1980 on.
fn oslo_offset(unix: i64) -> i64 {
    let year = Day(unix.div_euclid(86_400) as i32).year();
    let (first, last) = match year {
        ..1980 => return 3600,
        1980 => (Day::of(1980, 4, 6), Day::of(1980, 9, 28)),
        1981..1996 => (Day::last_sunday(year, 3, 31), Day::last_sunday(year, 9, 30)),
        _ => (Day::last_sunday(year, 3, 31), Day::last_sunday(year, 10, 31)),
    };
    let turn = |day: Day| i64::from(day.0) * 86_400 + 3600;
    if (turn(first)..turn(last)).contains(&unix) { 7200 } else { 3600 }
}

/// Writes `value` with exactly `width` digits.
pub(crate) fn push_digits(out: &mut String, value: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut rest = value;
    for digit in digits[..width].iter_mut().rev() {
        *digit += (rest % 10) as u8;
        rest /= 10;
    }
    for digit in &digits[..width] {
        out.push(char::from(*digit));
    }
}

/// `value` in lower-case hex, 32 characters: the form of a document identifier.
pub(crate) fn hex128(value: u128) -> String {
    let mut text = String::with_capacity(32);
    let _ = write!(text, "{value:032x}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_to_dates_and_back_over_leap_years() {
        for number in -40_000..40_000 {
            let (year, month, day) = Day(number).civil();
            assert_eq!(Day::of(year, month, day), Day(number));
        }
        assert_eq!(Day::of(1970, 1, 1), Day(0));
        assert_eq!(Day::of(2024, 2, 29).plus(1).iso(), "2024-03-01");
        assert_eq!(Day::of(1900, 2, 28).plus(1).iso(), "1900-03-01");
    }

    #[test]
    fn the_offset_is_the_one_of_the_time_zone_database() {
        let oslo = jiff::tz::get!("Europe/Oslo");
        let start = Moment::midnight(Day::of(1980, 1, 2)).unix;
        for hour in 0..(50 * 365 * 24) {
            let unix = start + hour * 3600;
            let stamp = jiff::Timestamp::from_second(unix).expect("in range");
            assert_eq!(oslo_offset(unix), i64::from(oslo.to_offset(stamp).seconds()), "{stamp}");
        }
    }

    #[test]
    fn one_instant_has_many_spellings() {
        let moment = Moment::at(Day::of(2024, 7, 1), 0, 120_300_000);
        let write = |fraction, zone| moment.write(Spelling { fraction, zone });
        assert_eq!(write(0, Zone::Oslo), "2024-07-01T00:00:00+02:00");
        assert_eq!(write(3, Zone::Utc), "2024-06-30T22:00:00.120Z");
        assert_eq!(write(9, Zone::Missing), "2024-07-01T00:00:00.120300000");
        let winter = Moment::midnight(Day::of(2024, 1, 1));
        assert_eq!(winter.write(Spelling { fraction: 0, zone: Zone::Utc }), "2023-12-31T23:00:00Z");
        assert_eq!(winter.day(), Day::of(2024, 1, 1));
    }

    #[test]
    fn midnight_holds_on_the_days_the_clock_turns() {
        for day in [Day::of(2024, 3, 31), Day::of(2024, 10, 27)] {
            for day in [day, day.plus(1)] {
                assert_eq!(Moment::midnight(day).day(), day);
                assert_eq!(Moment::midnight(day).plus(-1).day(), day.plus(-1));
            }
        }
    }
}
