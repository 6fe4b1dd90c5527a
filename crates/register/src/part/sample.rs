//! Short ways to write the fields of the parts' samples.

use crate::time::{Day, Instant};

/// A sample's text.
pub(super) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A sample's instant. A text that is none leaves the field out, which the golden files show.
pub(super) fn instant(text: &str) -> Option<Instant> {
    Instant::parse(text).ok()
}

/// A sample's day. A text that is none leaves the field out, which the golden files show.
pub(super) fn day(text: &str) -> Option<Day> {
    Day::parse(text).ok()
}
