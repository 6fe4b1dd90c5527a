//! Oslo's clock.
//!
//! The time zone database has given Oslo the clock of Berlin before 1970 since 2022. Norway had
//! other summers then, and a name that holds from `1965-07-01T00:00:00+02:00` would be answered as
//! holding from the day before. So those years are written down here.

use jiff::Timestamp;
use jiff::civil::{DateTime, datetime};
use jiff::tz::{Offset, TimeZone};

use super::TimeError;

static SINCE_1970: TimeZone = jiff::tz::get!("Europe/Oslo");

const STANDARD: Offset = Offset::constant(1);
const SUMMER: Offset = Offset::constant(2);

/// Norway's summer times before 1970, in UTC: their first moment, and the first after them.
#[rustfmt::skip]
const SUMMERS: [(DateTime, DateTime); 12] = [
    (hour(1916, 5, 22,  0), hour(1916,  9, 29, 22)),
    (hour(1940, 8, 10, 22), hour(1942, 11,  2,  1)),
    (hour(1943, 3, 29,  1), hour(1943, 10,  4,  1)),
    (hour(1944, 4,  3,  1), hour(1944, 10,  2,  1)),
    (hour(1945, 4,  2,  1), hour(1945, 10,  1,  1)),
    (hour(1959, 3, 15,  1), hour(1959,  9, 20,  1)),
    (hour(1960, 3, 20,  1), hour(1960,  9, 18,  1)),
    (hour(1961, 3, 19,  1), hour(1961,  9, 17,  1)),
    (hour(1962, 3, 18,  1), hour(1962,  9, 16,  1)),
    (hour(1963, 3, 17,  1), hour(1963,  9, 15,  1)),
    (hour(1964, 3, 15,  1), hour(1964,  9, 20,  1)),
    (hour(1965, 4, 25,  1), hour(1965,  9, 19,  1)),
];

const fn hour(year: i16, month: i8, day: i8, hour: i8) -> DateTime {
    datetime(year, month, day, hour, 0, 0, 0)
}

/// The offset of Oslo's clock at an instant. Before standard time (1895) it had seconds, which
/// RFC 3339 cannot write; standard time stands in for it.
pub(super) fn offset(instant: Timestamp) -> Offset {
    if instant >= Timestamp::UNIX_EPOCH {
        return SINCE_1970.to_offset(instant);
    }
    let utc = Offset::UTC.to_datetime(instant);
    let in_summer = SUMMERS.iter().any(|(start, end)| (*start..*end).contains(&utc));
    if in_summer { SUMMER } else { STANDARD }
}

/// What Oslo's clock shows at an instant.
pub(super) fn clock(instant: Timestamp) -> (DateTime, Offset) {
    let offset = offset(instant);
    (offset.to_datetime(instant), offset)
}

/// The instant at which Oslo's clock shows this. A time that came twice means the first, one that
/// was skipped means as long after the skip began.
pub(super) fn instant(clock: DateTime) -> Result<Timestamp, TimeError> {
    if clock.year() >= 1970 {
        return SINCE_1970.to_timestamp(clock).map_err(|_| TimeError::Range);
    }
    let by = |offset: Offset| offset.to_timestamp(clock).map_err(|_| TimeError::Range);
    let in_summer = by(SUMMER)?;
    if offset(in_summer) == SUMMER { Ok(in_summer) } else { by(STANDARD) }
}
