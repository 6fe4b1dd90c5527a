//! The rule of eighteen months against tables, and against arithmetic on the letters of a date.

use proptest::prelude::*;

use super::super::ContactInformationResource;
use super::*;

fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// So many seconds later.
fn later(instant: Instant, seconds: i64) -> Instant {
    let span = jiff::SignedDuration::from_secs(seconds);
    Instant::from(instant.timestamp().checked_add(span).expect("within the years there are"))
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Somebody registered who has refused nothing; each way to them as address, changed, confirmed.
fn person(email: [&str; 3], phone: [&str; 3]) -> CommonContactRegisterInformation {
    CommonContactRegisterInformation {
        reservation: Some(Reservation::No),
        status: Some(ContactRegisterStatus::Active),
        contact_information: Some(ContactInformationResource {
            email: text(email[0]),
            email_last_updated: text(email[1]),
            email_last_verified: text(email[2]),
            phone_number: text(phone[0]),
            phone_number_last_updated: text(phone[1]),
            phone_number_last_verified: text(phone[2]),
            ..ContactInformationResource::default()
        }),
        ..CommonContactRegisterInformation::default()
    }
}

const NOBODY: [&str; 3] = ["", "", ""];
const MAIL: &str = "asbjørg@eksempel.example";
const PHONE: &str = "+4799999999";

/// A date, and the first instant at which it is too old.
const ENDS: &[(&str, &str)] = &[
    // The forms that the contact register has been seen to write.
    ("2023-06-10T21:00:01+02", "2024-12-10T21:00:01+01:00"),
    ("2023-08-05T10:45:15.768Z", "2025-02-05T12:45:15.768+01:00"),
    ("2015-03-11T19:57:52.000+01:00", "2016-09-11T19:57:52+02:00"),
    // Without an offset it is Oslo's clock, without a clock the day's first moment there.
    ("2023-06-10T21:00:01", "2024-12-10T21:00:01+01:00"),
    ("2023-06-10", "2024-12-10T00:00:00+01:00"),
    // Still the 30th in UTC, already the 31st in Oslo; February has neither.
    ("2023-08-30T23:30:00Z", "2025-02-28T01:30:00+01:00"),
    ("2022-08-31T12:00:00+02", "2024-02-29T12:00:00+01:00"),
    ("2022-08-30T12:00:00+02", "2024-02-29T12:00:00+01:00"),
    ("2022-08-29T12:00:00+02", "2024-02-29T12:00:00+01:00"),
    ("2022-08-28T12:00:00+02", "2024-02-28T12:00:00+01:00"),
    ("2023-08-29T12:00:00+02", "2025-02-28T12:00:00+01:00"),
    ("2022-09-01T00:00:00+02", "2024-03-01T00:00:00+01:00"),
    // From a leap day, from the days around it, and from the last day of a longer month.
    ("2024-02-28T23:59:59+01", "2025-08-28T23:59:59+02:00"),
    ("2024-02-29T00:00:00+01", "2025-08-29T00:00:00+02:00"),
    ("2024-02-29T23:59:59+01", "2025-08-29T23:59:59+02:00"),
    ("2024-03-01T00:00:00+01", "2025-09-01T00:00:00+02:00"),
    ("2024-05-31T08:00:00+02", "2025-11-30T08:00:00+01:00"),
    // Over the turn of a year, in Oslo an hour before UTC.
    ("2023-12-31T23:30:00Z", "2025-07-01T00:30:00+02:00"),
    // Oslo's clock skips from two to three on 2025-03-30.
    ("2023-09-30T01:59:59+02", "2025-03-30T01:59:59+01:00"),
    ("2023-09-30T02:00:00+02", "2025-03-30T03:00:00+02:00"),
    ("2023-09-30T02:30:00+02", "2025-03-30T03:30:00+02:00"),
    ("2023-09-30T03:00:00+02", "2025-03-30T03:00:00+02:00"),
    // The hour from two to three comes twice on 2025-10-26.
    ("2024-04-26T02:30:00+02", "2025-10-26T02:30:00+02:00"),
    ("2024-04-26T03:00:00+02", "2025-10-26T03:00:00+01:00"),
    // A date out of each of the two hours from two to three on 2024-10-27.
    ("2024-10-27T02:30:00+02", "2026-04-27T02:30:00+02:00"),
    ("2024-10-27T02:30:00+01", "2026-04-27T02:30:00+02:00"),
];

#[test]
fn each_way_ends_to_the_second_whichever_date_and_way_it_is() {
    for (date, end) in ENDS {
        let end = instant(end);
        for person in [
            person([MAIL, date, ""], NOBODY),
            person([MAIL, "", date], NOBODY),
            person([MAIL, date, date], [PHONE, "2001-01-01T00:00:00Z", ""]),
            person(NOBODY, [PHONE, date, ""]),
            person(NOBODY, [PHONE, "", date]),
            person([MAIL, "", "in the spring"], ["99999999", "2001-01-01", date]),
        ] {
            assert_eq!(person.changes_at(), Some(end), "{date}");
            for (seconds, status) in [
                (-86_400 * 400, NotificationStatus::CanBeNotified),
                (-1, NotificationStatus::CanBeNotified),
                (0, NotificationStatus::CanNotBeNotified),
                (1, NotificationStatus::CanNotBeNotified),
                (86_400 * 400, NotificationStatus::CanNotBeNotified),
            ] {
                let seen = person.notification_status_at(later(end, seconds));
                assert_eq!(seen, status, "{date}, {seconds} s after");
            }
        }
    }
}

#[test]
fn the_way_and_the_date_that_last_longest_count() {
    let [early, late] = ["2023-01-01T12:00:00+01", "2024-01-01T12:00:00+01"];
    let end = Some(instant("2025-07-01T12:00:00+02:00"));
    for (email, phone) in [
        ([MAIL, early, late], NOBODY),
        ([MAIL, late, early], NOBODY),
        ([MAIL, early, ""], [PHONE, late, ""]),
        ([MAIL, late, ""], [PHONE, early, early]),
        ([MAIL, "", ""], [PHONE, "", late]),
        // A date without what it is the date of is nobody's.
        ([MAIL, late, ""], ["", "2025-01-01", "2025-01-01"]),
        (["  ", "2025-01-01", "2025-01-01"], [PHONE, late, ""]),
    ] {
        assert_eq!(person(email, phone).changes_at(), end, "{email:?} {phone:?}");
    }
    // Both end on the month's last day, and the earlier date at the later hour.
    let both = person([MAIL, "2022-08-29T23:00:00+02", "2022-08-31T01:00:00+02"], NOBODY);
    assert_eq!(both.changes_at(), Some(instant("2024-02-29T23:00:00+01:00")));
}

#[test]
fn who_may_never_be_sent_notices_changes_at_no_time() {
    let fresh = person([MAIL, "2024-01-01", ""], [PHONE, "2024-01-01", ""]);
    assert!(fresh.changes_at().is_some(), "the control");
    let mut cases = vec![
        ("nothing at all", CommonContactRegisterInformation::default()),
        ("no way", person(NOBODY, NOBODY)),
        ("no date", person([MAIL, "", ""], [PHONE, "", ""])),
        ("dates alone", person(["", "2024-01-01", "2024-01-01"], ["", "2024-01-01", ""])),
        ("unreadable", person([MAIL, "01.01.2024", "2024-02-30"], [PHONE, "2024", "NULL"])),
    ];
    for reservation in [Some(Reservation::Yes), None] {
        cases.push(("reserved", CommonContactRegisterInformation { reservation, ..fresh.clone() }));
    }
    for status in
        [Some(ContactRegisterStatus::Deleted), Some(ContactRegisterStatus::NotRegistered), None]
    {
        cases.push(("not active", CommonContactRegisterInformation { status, ..fresh.clone() }));
    }
    let without = CommonContactRegisterInformation { contact_information: None, ..fresh };
    cases.push(("no contact", without));
    for (case, person) in cases {
        assert_eq!(person.changes_at(), None, "{case}");
        for now in ["2024-01-01T00:00:01Z", "2024-06-01T00:00:00Z", "2030-01-01T00:00:00Z"] {
            let status = person.notification_status_at(instant(now));
            assert_eq!(status, NotificationStatus::CanNotBeNotified, "{case}");
        }
    }
}

#[test]
fn a_date_ahead_of_the_clock_counts_and_the_last_year_has_an_end() {
    let ahead = person([MAIL, "2026-06-01T12:00:00+02", ""], NOBODY);
    let status = ahead.notification_status_at(instant("2026-06-01T11:59:00+02"));
    assert_eq!(status, NotificationStatus::CanBeNotified);
    assert_eq!(ahead.changes_at(), Some(instant("2027-12-01T12:00:00+01:00")));
    let far = person([MAIL, "9999-12-01T00:00:00Z", ""], NOBODY);
    assert_eq!(far.changes_at(), Some(Instant::from(Timestamp::MAX)));
    assert!(far.changes_at().is_some_and(|end| end.to_string().starts_with("9999-12-30")));
}

#[test]
fn the_status_is_ours_and_nothing_is_hidden() {
    let mut old = person([MAIL, "2020-01-01", ""], [PHONE, "2020-01-01", ""]);
    old.notification_status = Some(NotificationStatus::CanBeNotified);
    let seen = old.clone().at(instant("2024-01-01"));
    assert_eq!(seen.notification_status, Some(NotificationStatus::CanNotBeNotified));
    assert_eq!(seen.contact_information, old.contact_information);
    let mut fresh = person([MAIL, "2023-12-01", ""], NOBODY);
    fresh.notification_status = Some(NotificationStatus::CanNotBeNotified);
    let seen = fresh.at(instant("2024-01-01")).notification_status;
    assert_eq!(seen, Some(NotificationStatus::CanBeNotified));
}

/// Eighteen months later by arithmetic on the letters that Oslo's clock shows, to the second.
fn counted_by_hand(date: Instant) -> Instant {
    let shown = date.to_string();
    let number = |from: usize, to: usize| shown[from..to].parse::<u32>().expect("digits");
    let months = number(0, 4) * 12 + number(5, 7) - 1 + 18;
    let (year, month) = (months / 12, months % 12 + 1);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let day = number(8, 10).min(last);
    instant(&format!("{year:04}-{month:02}-{day:02}{}", &shown[10..19]))
}

/// A date of whole seconds in one of the forms of the wire, or something that is none.
fn date() -> impl Strategy<Value = (String, Option<Instant>)> {
    // 1971 to 2099: before, Oslo's clock is another matter.
    (0_usize..7, 31_536_000_i64..4_102_444_800).prop_map(|(form, seconds)| {
        let stamp = Timestamp::from_second(seconds).expect("within the years there are");
        let shifted = |hours| jiff::tz::offset(hours).to_datetime(stamp).to_string();
        let text = match form {
            0 => format!("{}+02", shifted(2)),
            1 => format!("{}.000Z", shifted(0)),
            2 => format!("{}.000+01:00", shifted(1)),
            3 => format!("{}-11:00", shifted(-11)),
            4 => stamp.to_string(),
            5 => return (String::new(), None),
            _ => return (format!("{} ikke", shifted(0)), None),
        };
        (text, Some(Instant::from(stamp)))
    })
}

/// One way of reaching somebody: address, dates as they stand and as they are.
type Way = (bool, [(String, Option<Instant>); 2]);

fn way() -> impl Strategy<Value = Way> {
    (any::<bool>(), [date(), date()])
}

fn info(may: bool, mail: &Way, phone: &Way) -> CommonContactRegisterInformation {
    let columns = |(there, [updated, verified]): &Way, address| -> [String; 3] {
        let address = if *there { address } else { "" };
        [address.to_owned(), updated.0.clone(), verified.0.clone()]
    };
    let [mail, phone] = [columns(mail, MAIL), columns(phone, PHONE)];
    let mut info =
        person(mail.each_ref().map(String::as_str), phone.each_ref().map(String::as_str));
    if !may {
        info.reservation = Some(Reservation::Yes);
    }
    info
}

/// The rule as it is told: somebody has not refused, and one way has a date that is young enough.
fn may_be_notified(may: bool, ways: [&Way; 2], now: Instant) -> bool {
    let is_fresh = |(there, dates): &Way| {
        let mut read = dates.iter().filter_map(|(_, date)| *date);
        *there && read.any(|date| now < counted_by_hand(date))
    };
    may && ways.into_iter().any(is_fresh)
}

proptest! {
    #[test]
    fn the_status_is_what_the_rule_says(may: bool, mail in way(), phone in way()) {
        let info = info(may, &mail, &phone);
        let ways = [&mail, &phone];
        let read = ways.into_iter().flat_map(|(_, dates)| dates).filter_map(|(_, date)| *date);
        for edge in read.flat_map(|date| [date, counted_by_hand(date)]) {
            for now in [-3600, -1, 0, 1, 3600].map(|seconds| later(edge, seconds)) {
                let expected = may_be_notified(may, ways, now);
                let status = info.notification_status_at(now);
                prop_assert_eq!(status == NotificationStatus::CanBeNotified, expected);
            }
        }
    }

    #[test]
    fn the_status_changes_at_that_instant_and_at_no_other(
        may: bool,
        mail in way(),
        phone in way(),
        mut clock in prop::collection::vec(0_i64..4_300_000_000, 2..40),
    ) {
        let info = info(may, &mail, &phone);
        let change = info.changes_at();
        clock.extend(change.map(|change| change.timestamp().as_second()));
        clock.extend(change.map(|change| change.timestamp().as_second() - 1));
        clock.sort_unstable();
        let at = |second| Instant::from(Timestamp::from_second(second).expect("a second"));
        for pair in clock.windows(2) {
            let [before, after] = [at(pair[0]), at(pair[1])];
            let changes = info.notification_status_at(before) != info.notification_status_at(after);
            let is_between = change.is_some_and(|change| before < change && change <= after);
            prop_assert_eq!(changes, is_between, "between {} and {}", before, after);
        }
        prop_assert_eq!(change.is_some(), change.is_some_and(|change| {
            let status = info.notification_status_at(later(change, -1));
            status == NotificationStatus::CanBeNotified
        }));
    }
}
