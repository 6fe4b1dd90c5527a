//! Who may be sent notices, and until when: the rule of eighteen months.
//!
//! The regulation on electronic communication with public authorities (eForvaltningsforskriften,
//! section 32) forbids notices to an address that nobody has changed or confirmed for eighteen
//! months. Nothing happens in the contact register on the day a person falls out, so we work the
//! answer out ourselves and know beforehand when it will be another one.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{
    CommonContactRegisterInformation, ContactRegisterStatus, NotificationStatus, Reservation,
};
use crate::time::Instant;

/// How long an address or a number counts after it was changed or confirmed.
const FRESH_MONTHS: i64 = 18;

static OSLO: TimeZone = jiff::tz::get!("Europe/Oslo");

impl CommonContactRegisterInformation {
    /// The instant at which the passing of time alone makes notices forbidden: the first at which
    /// they are. `None` for somebody who may not be sent notices at any time as things stand.
    ///
    /// There is never a second one, because time only makes data older: from here on the status
    /// stays what it is until the contact register says something new. A date ahead of the clock
    /// counts as any other, so that a clock that is a little slow takes nobody out.
    pub fn changes_at(&self) -> Option<Instant> {
        // What is not said, or not understood, may be a refusal.
        let is_open = self.status == Some(ContactRegisterStatus::Active)
            && self.reservation == Some(Reservation::No);
        let contact = self.contact_information.as_ref().filter(|_| is_open)?;
        let email = fresh_until(
            contact.email.as_deref(),
            [&contact.email_last_updated, &contact.email_last_verified],
        );
        let phone = fresh_until(
            contact.phone_number.as_deref(),
            [&contact.phone_number_last_updated, &contact.phone_number_last_verified],
        );
        email.max(phone)
    }

    /// Whether notices may be sent at this instant: the person is registered, has not refused, and
    /// has an address or a number that was changed or confirmed within the last eighteen months.
    pub fn notification_status_at(&self, now: Instant) -> NotificationStatus {
        match self.changes_at() {
            Some(end) if now < end => NotificationStatus::CanBeNotified,
            _ => NotificationStatus::CanNotBeNotified,
        }
    }

    /// The same, with the status that holds at this instant. Data that is too old for notices stays
    /// visible: it may still serve for other messages.
    pub fn at(mut self, now: Instant) -> Self {
        self.notification_status = Some(self.notification_status_at(now));
        self
    }
}

/// Until when one way of reaching a person is fresh: as long as one of its dates makes it so.
/// `None` if it is not there, or has no date that can be read.
fn fresh_until(address: Option<&str>, dates: [&Option<String>; 2]) -> Option<Instant> {
    address.filter(|address| !address.trim().is_empty())?;
    // Not the end of the later date: the 29th and the 31st of August both end on the last day of
    // February, and the earlier of the two may do so at a later hour.
    dates.into_iter().filter_map(|date| Some(end_of(Instant::parse(date.as_deref()?).ok()?))).max()
}

/// The first instant that is eighteen months away: the same hour on Oslo's clock on the day of the
/// same number, or on the month's last day where it has no such day. An hour that the clock skips
/// is as long after the skip began; of one that comes twice the first counts.
fn end_of(date: Instant) -> Instant {
    let clock = date.timestamp().to_zoned(OSLO.clone());
    let end = clock.checked_add(Span::new().months(FRESH_MONTHS));
    // Only a date at the end of the year 9999 has no such day.
    Instant::from(end.map_or(Timestamp::MAX, |end| end.timestamp()))
}

#[cfg(test)]
mod tests;
