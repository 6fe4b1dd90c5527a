//! What holds now stands before history, and the newest first.

use register::package::Package;
use register::part::{InformationPart, PersonName};
use register::person::Person;
use register::render::Circumstances;
use register::time::Instant;

use crate::support::answer;

/// A name whose given name tells the place it must come to.
fn name(
    place: &str,
    is_valid: Option<bool>,
    valid_from: Option<&str>,
    registered_at: Option<&str>,
) -> PersonName {
    let instant = |text: &str| Instant::parse(text).expect("a time");
    PersonName {
        is_valid,
        valid_from: valid_from.map(instant),
        registered_at: registered_at.map(instant),
        given_name: Some(place.to_owned()),
        ..PersonName::default()
    }
}

fn disordered() -> Person {
    let name = vec![
        name("7", Some(false), None, None),
        name("5", Some(false), Some("2001-01-01"), None),
        name("3", None, None, Some("1999-01-01")),
        name("1", Some(true), Some("2010-01-01"), Some("2010-01-02")),
        name("4", Some(false), Some("2024-01-01"), Some("2024-01-01")),
        name("0", Some(true), Some("2010-01-01"), Some("2010-01-03T00:00:00.000000001Z")),
        name("2", Some(true), Some("2000-01-01"), Some("2020-01-01")),
        name("6", Some(false), None, Some("2020-01-01")),
    ];
    Person { name, ..Person::default() }
}

#[test]
fn sorting_is_by_holding_now_then_by_age() {
    let places: Vec<_> = disordered().sorted().name.into_iter().map(|n| n.given_name).collect();
    let expected: Vec<_> = (0..8).map(|place| Some(place.to_string())).collect();
    assert_eq!(places, expected);
}

#[test]
fn rendering_sorts_by_itself_and_without_history_stops_where_history_begins() {
    let places = |history| {
        let part = InformationPart::Name;
        let circumstances = Circumstances::default();
        let items = answer(&disordered(), Package::FullAccess, circumstances, part, history);
        let items = items.as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["givenName"].as_str().unwrap_or("?").to_owned()).collect()
    };
    let with: Vec<String> = places(true);
    let without: Vec<String> = places(false);
    assert_eq!(with.concat(), "01234567");
    assert_eq!(without.concat(), "0123");
}

#[test]
fn equals_keep_the_order_they_came_in() {
    let twins = |first: &str, second: &str| Person {
        name: vec![name(first, Some(true), None, None), name(second, Some(true), None, None)],
        ..Person::default()
    };
    assert_eq!(twins("a", "b").sorted(), twins("a", "b"));
    assert_eq!(twins("b", "a").sorted(), twins("b", "a"));
}
