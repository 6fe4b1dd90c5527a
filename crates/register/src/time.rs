//! The two kinds of time in the register: an instant, and a day without a clock.
//!
//! An instant is written in the offset that Oslo had at that instant, so that its date part is the
//! Norwegian date. A day is written as midnight UTC, so that no client shifts it to its neighbour.

mod oslo;
mod text;

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use self::text::TimeText;

/// Why a text is not a time.
///
/// Neither form repeats the text: what stands in a date's place may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text has not the shape of a date, or of a date and a time.
    #[error("not a date or time in ISO 8601")]
    Shape,
    /// The year cannot be written with four digits.
    #[error("the year is not between 1 and 9999")]
    Range,
}

/// The first moment of the year 1 in Oslo. The last year that there is has four digits.
const FIRST: Timestamp = Timestamp::constant(-62_135_600_400, 0);

/// A point in time, to the nanosecond.
///
/// Serialises as RFC 3339 in Oslo's offset, with at most seven fractional digits and none when they
/// are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Instant(Timestamp);

impl Instant {
    /// Reads a date and time with `Z`, with an offset of hours or of hours and minutes, or with
    /// none, which means the clock in Oslo. A date alone is its first moment in Oslo.
    ///
    /// # Errors
    /// [`TimeError::Shape`] for other texts, [`TimeError::Range`] for a year without four digits.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let instant = match text.parse::<Timestamp>() {
            Ok(instant) => instant,
            Err(_) => oslo_clock(text)?,
        };
        if instant >= FIRST { Ok(Self(instant)) } else { Err(TimeError::Range) }
    }

    /// The instant so many microseconds after 1970 began in UTC, unless no clock shows it.
    pub fn from_microseconds(microseconds: i64) -> Option<Self> {
        Timestamp::from_microsecond(microseconds).ok().map(Self)
    }

    /// The instant as the time library knows it.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The date in Oslo at this instant.
    pub fn day(self) -> Day {
        Day(oslo::clock(self.0).0.date())
    }
}

/// A text without any offset. jiff also reads a civil time out of a text that has `Z` or an
/// unusable offset; those are refused, because their clock is not Oslo's.
fn oslo_clock(text: &str) -> Result<Timestamp, TimeError> {
    let clock = text.get(10..).unwrap_or_default();
    if clock.contains(['+', '-', 'Z', 'z', '[']) {
        return Err(TimeError::Shape);
    }
    let civil = text.parse::<DateTime>().map_err(|_| TimeError::Shape)?;
    oslo::instant(civil)
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (clock, offset) = oslo::clock(self.0);
        out.write_str(TimeText::instant(clock, offset).as_str())
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (clock, offset) = oslo::clock(self.0);
        serializer.serialize_str(TimeText::instant(clock, offset).as_str())
    }
}

impl From<Timestamp> for Instant {
    fn from(instant: Timestamp) -> Self {
        Self(instant)
    }
}

/// A date without a clock, such as a day of birth. Serialises as midnight UTC of that date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct Day(Date);

impl Day {
    /// Reads a date, or a date with an offset and no clock. Where a source writes a clock as well,
    /// the day is the one in Oslo at that instant: midnight in Norway is `22:00Z` the day before.
    ///
    /// # Errors
    /// [`TimeError::Shape`] for other texts, [`TimeError::Range`] for a year without four digits.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let text = text.trim();
        let day = match text.get(..10).map(str::parse::<Date>) {
            Some(Ok(date)) if has_no_clock(&text[10..]) => Self(date),
            _ => Instant::parse(text)?.day(),
        };
        if (1..=9999).contains(&day.0.year()) { Ok(day) } else { Err(TimeError::Range) }
    }

    /// The day as the time library knows it.
    pub fn date(self) -> Date {
        self.0
    }
}

/// What may follow a date in XML's `date` type: nothing, `Z`, or an offset as `+01:00`.
fn has_no_clock(rest: &str) -> bool {
    match rest.as_bytes() {
        [] | b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|d| d.is_ascii_digit()),
        _ => false,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(TimeText::day(self.0).as_str())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(TimeText::day(self.0).as_str())
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}
