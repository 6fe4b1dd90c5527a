//! Times as they are written, digit by digit: a person has a hundred of them, and the formatting of
//! the standard library costs ten times as much.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// The longest: `2022-08-01T14:22:33.1234567+02:00`.
const LONGEST: usize = 33;

/// A time in ASCII.
pub(super) struct TimeText {
    bytes: [u8; LONGEST],
    len: usize,
}

impl TimeText {
    /// A clock with its offset, which is whole hours ahead of UTC. At most seven digits after the
    /// second, and none that is zero at their end.
    pub(super) fn instant(clock: DateTime, offset: Offset) -> Self {
        let mut text = Self::date(clock.date());
        text.two(b'T', clock.hour());
        text.two(b':', clock.minute());
        text.two(b':', clock.second());
        let ticks = clock.subsec_nanosecond() / 100;
        if ticks != 0 {
            text.push(b'.');
            text.digits(ticks.unsigned_abs(), 7);
            while text.bytes[text.len - 1] == b'0' {
                text.len -= 1;
            }
        }
        text.two(b'+', (offset.seconds() / 3600) as i8);
        text.two(b':', 0);
        text
    }

    /// Midnight UTC of a date.
    pub(super) fn day(date: Date) -> Self {
        let mut text = Self::date(date);
        text.two(b'T', 0);
        text.two(b':', 0);
        text.two(b':', 0);
        text.two(b'+', 0);
        text.two(b':', 0);
        text
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("digits and signs are ASCII")
    }

    /// Years have four digits: others are not read, and no clock shows them.
    fn date(date: Date) -> Self {
        let mut text = Self { bytes: [0; LONGEST], len: 0 };
        text.digits(date.year().unsigned_abs().into(), 4);
        text.two(b'-', date.month());
        text.two(b'-', date.day());
        text
    }

    fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    fn two(&mut self, before: u8, number: i8) {
        self.push(before);
        self.digits(number.unsigned_abs().into(), 2);
    }

    fn digits(&mut self, mut number: u32, count: usize) {
        self.len += count;
        for place in (self.len - count..self.len).rev() {
            self.bytes[place] = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }
}
