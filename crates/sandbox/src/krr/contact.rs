//! What KRR holds on one number, and what can happen to it.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::calendar::Moment;

/// How long an address counts after it was changed or confirmed.
const FRESH_MONTHS: i64 = 18;

static OSLO: TimeZone = jiff::tz::get!("Europe/Oslo");

/// How a number stands in the register (`status`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// `AKTIV`
    Active,
    /// `SLETTET`
    Deleted,
    /// `IKKE_REGISTRERT`
    NotRegistered,
}

/// How the dates of a record are spelled; each record keeps to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `2026-03-04T10:00:00+01`: the offset's hours alone.
    HourOnly,
    /// `2026-03-04T09:00:00.120Z`
    Utc,
    /// `2026-03-04T10:00:00.120+01:00`
    Full,
}

/// One way of reaching a person: an e-mail address or a mobile telephone number.
#[derive(Clone, PartialEq)]
pub(crate) struct Channel {
    pub(crate) address: String,
    pub(crate) updated: Option<Moment>,
    pub(crate) verified: Option<Moment>,
    pub(crate) validated: Option<Moment>,
    /// Others have the same (`_duplisert`).
    pub(crate) shared: bool,
}

/// A digital mailbox.
#[derive(Clone, PartialEq)]
pub(crate) struct Mailbox {
    /// Empty where the supplier is known and the mailbox is not, as is seen.
    pub(crate) address: String,
    /// Which of the two suppliers.
    pub(crate) supplier: usize,
    /// Empty where the mailbox is.
    pub(crate) certificate: String,
    pub(crate) certificate_ends: Option<Moment>,
}

/// What the register holds on a number. It has no `Debug`: it names a person.
#[derive(Clone, PartialEq)]
pub(crate) struct Contact {
    pub(crate) number: String,
    pub(crate) status: Status,
    /// Since when the person refuses digital communication.
    pub(crate) reserved: Option<Moment>,
    /// When the answer to that was last changed.
    pub(crate) answered: Option<Moment>,
    pub(crate) mail: Option<Channel>,
    pub(crate) phone: Option<Channel>,
    pub(crate) mailbox: Option<Mailbox>,
    pub(crate) language: Option<(&'static str, Moment)>,
    pub(crate) form: Form,
    /// Written with fields that no description names.
    pub(crate) extras: bool,
}

/// The instant at which something from `date` is too old: the same hour on Oslo's clock eighteen
/// months on, on the month's last day where it has no such day.
fn stale_from(date: Moment) -> Option<Moment> {
    shifted(date, FRESH_MONTHS)
}

/// The date that is too old from `end` on. There is none on days like 31 March: no September has
/// thirty-one days.
fn date_that_ends(end: Moment) -> Option<Moment> {
    shifted(end, -FRESH_MONTHS).filter(|date| stale_from(*date) == Some(end))
}

/// As [`date_that_ends`], at the same hour of the next day that anything ends on.
pub(crate) fn date_that_ends_from(end: Moment) -> Option<Moment> {
    (0..5).find_map(|days| date_that_ends(end.plus(days * 86_400)))
}

fn shifted(moment: Moment, months: i64) -> Option<Moment> {
    let nanos = i32::try_from(moment.nanos).ok()?;
    let stamp = Timestamp::new(moment.unix, nanos).ok()?;
    let there = stamp.to_zoned(OSLO.clone()).checked_add(Span::new().months(months)).ok()?;
    let there = there.timestamp();
    Some(Moment { unix: there.as_second(), nanos: there.subsec_nanosecond().unsigned_abs() })
}

impl Channel {
    /// One that was registered at this moment.
    pub(crate) fn new(address: String, at: Moment) -> Channel {
        let (updated, verified) = (Some(at), Some(at));
        Channel { address, updated, verified, validated: None, shared: false }
    }

    /// From when on it is too old for notices.
    pub(crate) fn stale_from(&self) -> Option<Moment> {
        [self.updated, self.verified].into_iter().flatten().filter_map(stale_from).max()
    }

    /// Makes these the dates at which it was changed and confirmed.
    pub(crate) fn date(&mut self, updated: Moment, verified: Option<Moment>) {
        self.updated = Some(updated);
        self.verified = verified;
        self.validated = self.validated.map(|_| updated);
    }
}

impl Contact {
    /// A number that nobody ever registered.
    pub(crate) fn not_registered(number: &str) -> Contact {
        Contact {
            number: number.to_owned(),
            status: Status::NotRegistered,
            reserved: None,
            answered: None,
            mail: None,
            phone: None,
            mailbox: None,
            language: None,
            form: Form::HourOnly,
            extras: false,
        }
    }

    /// Whether the number is registered.
    pub(crate) fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// The ways of reaching the person.
    pub(crate) fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.mail.iter().chain(&self.phone)
    }

    /// The same, to change.
    pub(crate) fn channels_mut(&mut self) -> impl Iterator<Item = &mut Channel> {
        self.mail.iter_mut().chain(&mut self.phone)
    }

    /// From when on the passing of time alone forbids notices, if they ever were allowed.
    pub(crate) fn expires(&self) -> Option<Moment> {
        if !self.is_active() || self.reserved.is_some() {
            return None;
        }
        self.channels().filter_map(Channel::stale_from).max()
    }

    /// Whether notices may be sent (`varslingsstatus`).
    pub(crate) fn can_be_notified(&self, now: Moment) -> bool {
        self.expires().is_some_and(|end| now < end)
    }

    /// Takes everything out but the number and the answer to whether the person refuses.
    pub(crate) fn delete(&mut self) {
        let (reserved, answered, form) = (self.reserved, self.answered, self.form);
        let bare = Contact::not_registered(&self.number);
        *self = Contact { status: Status::Deleted, reserved, answered, form, ..bare };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;

    fn noon(year: i32, month: u32, day: u32) -> Moment {
        Moment::at(Day::of(year, month, day), 43_200, 0)
    }

    #[test]
    fn eighteen_months_are_counted_on_the_calendar_in_oslo() {
        let cases = [
            (noon(2025, 1, 10), noon(2026, 7, 10)),
            (noon(2022, 8, 31), noon(2024, 2, 29)),
            (noon(2024, 2, 29), noon(2025, 8, 29)),
        ];
        for (date, end) in cases {
            assert_eq!(stale_from(date), Some(end));
        }
    }

    #[test]
    fn a_date_is_found_for_every_end_but_on_days_that_no_date_ends_on() {
        let mut without = Vec::new();
        for days in 0..365 {
            let end = noon(2026, 1, 1).plus(days * 86_400);
            // The clock may have been turned in between: noon stays noon.
            let end = Moment::at(end.day(), 43_200, 0);
            match date_that_ends(end) {
                Some(date) => assert_eq!(stale_from(date), Some(end)),
                None => without.push(end.day().iso()),
            }
        }
        let wanted = [
            "2026-03-31",
            "2026-05-31",
            "2026-08-29",
            "2026-08-30",
            "2026-08-31",
            "2026-10-31",
            "2026-12-31",
        ];
        assert_eq!(without, wanted);
    }

    #[test]
    fn notices_need_an_active_number_that_is_not_reserved_and_one_fresh_channel() {
        let now = noon(2026, 3, 4);
        let channel = |days: i64| Some(Channel::new("x".to_owned(), now.plus(-days * 86_400)));
        let bare = Contact::not_registered("1");
        let mut contact = Contact { status: Status::Active, mail: channel(600), ..bare };
        assert!(!contact.can_be_notified(now));
        contact.phone = channel(10);
        assert!(contact.can_be_notified(now));
        contact.reserved = Some(now);
        assert!(!contact.can_be_notified(now));
        contact.reserved = None;
        contact.delete();
        assert!(!contact.can_be_notified(now) && contact.channels().next().is_none());
    }
}
