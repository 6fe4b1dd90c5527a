//! Times as sources write them, and as the contract wants them.

use register::time::{Day, Instant, TimeError};

fn instant(text: &str) -> String {
    Instant::parse(text).map_or_else(|error| error.to_string(), |instant| instant.to_string())
}

#[test]
fn an_instant_is_written_in_oslos_offset_of_its_own_moment() {
    for (read, written) in [
        ("2024-01-15T12:00:00Z", "2024-01-15T13:00:00+01:00"),
        ("2024-07-15T12:00:00Z", "2024-07-15T14:00:00+02:00"),
        // The last second before summer time and the first in it.
        ("2024-03-31T00:59:59Z", "2024-03-31T01:59:59+01:00"),
        ("2024-03-31T01:00:00Z", "2024-03-31T03:00:00+02:00"),
        // The hour that comes twice.
        ("2024-10-27T00:30:00Z", "2024-10-27T02:30:00+02:00"),
        ("2024-10-27T01:30:00Z", "2024-10-27T02:30:00+01:00"),
        // Midnight in Norway, as it comes from the source.
        ("2023-06-30T22:00:00Z", "2023-07-01T00:00:00+02:00"),
        ("2023-12-31T23:00:00Z", "2024-01-01T00:00:00+01:00"),
        // Leap days, and years that have none.
        ("2024-02-29T23:30:00Z", "2024-03-01T00:30:00+01:00"),
        ("2023-02-28T23:30:00Z", "2023-03-01T00:30:00+01:00"),
        ("2000-02-29T00:00:00+01:00", "2000-02-29T00:00:00+01:00"),
    ] {
        assert_eq!(instant(read), written, "{read}");
    }
}

#[test]
fn any_offset_is_read_and_none_means_oslo() {
    for (read, written) in [
        ("2024-01-15T12:00:00+02", "2024-01-15T11:00:00+01:00"),
        ("2024-01-15T12:00:00+02:00", "2024-01-15T11:00:00+01:00"),
        ("2024-01-15T12:00:00+0200", "2024-01-15T11:00:00+01:00"),
        ("2024-01-15T12:00:00-05:30", "2024-01-15T18:30:00+01:00"),
        ("2024-01-15T12:00:00z", "2024-01-15T13:00:00+01:00"),
        ("2024-01-15T12:00:00", "2024-01-15T12:00:00+01:00"),
        ("2024-07-15T12:00:00", "2024-07-15T12:00:00+02:00"),
        ("2024-07-15T12:00:00.25", "2024-07-15T12:00:00.25+02:00"),
        (" 2024-07-15T12:00:00\n", "2024-07-15T12:00:00+02:00"),
        // A clock time that was skipped, and one that came twice: the first.
        ("2024-03-31T02:30:00", "2024-03-31T03:30:00+02:00"),
        ("2024-10-27T02:30:00", "2024-10-27T02:30:00+02:00"),
        ("2024-07-15", "2024-07-15T00:00:00+02:00"),
    ] {
        assert_eq!(instant(read), written, "{read}");
    }
}

#[test]
fn fractions_have_at_most_seven_digits_and_no_zeros_at_the_end() {
    for (read, written) in [
        ("", ""),
        (".0", ""),
        (".1", ".1"),
        (".12", ".12"),
        (".120", ".12"),
        (".123", ".123"),
        (".1234", ".1234"),
        (".12345", ".12345"),
        (".123456", ".123456"),
        (".1234567", ".1234567"),
        (".12345678", ".1234567"),
        (".123456789", ".1234567"),
        (".999999999", ".9999999"),
        (".000000099", ""),
        (".0000001", ".0000001"),
    ] {
        let read = format!("2024-07-15T12:00:00{read}+02:00");
        assert_eq!(instant(&read), format!("2024-07-15T12:00:00{written}+02:00"), "{read}");
    }
}

#[test]
fn old_instants_keep_their_moment_and_their_norwegian_day() {
    for (read, written) in [
        // Norway had summer time in these years, and Germany had not.
        ("1965-07-01T00:00:00+02:00", "1965-07-01T00:00:00+02:00"),
        ("1960-06-15T22:00:00Z", "1960-06-16T00:00:00+02:00"),
        ("1959-03-15T00:59:59Z", "1959-03-15T01:59:59+01:00"),
        ("1959-03-15T01:00:00Z", "1959-03-15T03:00:00+02:00"),
        ("1965-09-19T01:00:00Z", "1965-09-19T02:00:00+01:00"),
        // Germany had, and Norway had not.
        ("1947-07-01T00:00:00+01:00", "1947-07-01T00:00:00+01:00"),
        ("1917-07-01T00:00:00+01:00", "1917-07-01T00:00:00+01:00"),
        // Both had, through two winters.
        ("1941-12-24T12:00:00Z", "1941-12-24T14:00:00+02:00"),
        // Without an offset; skipped, and come twice.
        ("1965-07-01T00:00:00", "1965-07-01T00:00:00+02:00"),
        ("1965-04-25T02:30:00", "1965-04-25T03:30:00+02:00"),
        ("1965-09-19T02:30:00", "1965-09-19T02:30:00+02:00"),
        ("1958-07-01", "1958-07-01T00:00:00+01:00"),
        // The border between the two ways of knowing.
        ("1969-12-31T23:00:00Z", "1970-01-01T00:00:00+01:00"),
        ("1970-01-01T00:00:00", "1970-01-01T00:00:00+01:00"),
        ("1979-07-01T00:00:00", "1979-07-01T00:00:00+01:00"),
        ("1980-07-01T00:00:00", "1980-07-01T00:00:00+02:00"),
        // Before standard time the offset had seconds, which cannot be written.
        ("1890-01-01T12:00:00Z", "1890-01-01T13:00:00+01:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T01:00:00+01:00"),
    ] {
        assert_eq!(instant(read), written, "{read}");
    }
}

#[test]
fn a_day_is_midnight_utc_whatever_clock_came_with_it() {
    for (read, written) in [
        ("1982-08-30", "1982-08-30T00:00:00+00:00"),
        ("1952-02-29", "1952-02-29T00:00:00+00:00"),
        ("1982-08-30Z", "1982-08-30T00:00:00+00:00"),
        ("1982-08-30+02:00", "1982-08-30T00:00:00+00:00"),
        ("1982-08-29T22:00:00Z", "1982-08-30T00:00:00+00:00"),
        ("1982-12-31T23:00:00Z", "1983-01-01T00:00:00+00:00"),
        ("1982-08-30T00:00:00+00:00", "1982-08-30T00:00:00+00:00"),
        ("1982-08-30T00:00:00", "1982-08-30T00:00:00+00:00"),
        ("1854-01-01", "1854-01-01T00:00:00+00:00"),
    ] {
        assert_eq!(Day::parse(read).map(|day| day.to_string()).as_deref(), Ok(written), "{read}");
    }
}

#[test]
fn what_is_no_time_is_refused_without_being_repeated() {
    for text in [
        "",
        " ",
        "2024",
        "2024-13-01",
        "2023-02-29",
        "2024-02-30T00:00:00Z",
        "12:00:00",
        "i dag",
        "2024-07-15T12:00:00+99:00",
        "2024-07-15T25:00:00Z",
        "2024-07-15Tåå",
        "æøåæøåæøåæøå",
        "12838212345",
        "1982-08-30+2",
        "1982-08-30 x",
    ] {
        assert_eq!(Instant::parse(text), Err(TimeError::Shape), "{text}");
        assert_eq!(Day::parse(text), Err(TimeError::Shape), "{text}");
    }
    assert_eq!(Instant::parse("-000001-01-01T00:00:00Z"), Err(TimeError::Range));
    assert_eq!(Instant::parse("0000-06-01T00:00:00Z"), Err(TimeError::Range));
    assert_eq!(Day::parse("0000-06-01"), Err(TimeError::Range));
}

#[test]
fn both_serialise_as_they_are_displayed() {
    let instant = Instant::parse("2024-07-15T12:00:00.5Z").ok();
    let day = Day::parse("1982-08-30").ok();
    assert_eq!(
        serde_json::json!([instant, day]).to_string(),
        r#"["2024-07-15T14:00:00.5+02:00","1982-08-30T00:00:00+00:00"]"#
    );
    assert_eq!(instant.map(Instant::day), Day::parse("2024-07-15").ok());
}
