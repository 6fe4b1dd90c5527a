//! Tests of reading the query and the form.

use super::*;

fn faults_of(read: impl FnOnce(&mut Faults)) -> serde_json::Value {
    let mut faults = Faults::default();
    read(&mut faults);
    serde_json::to_value(&faults).expect("JSON")
}

fn fields(text: &str) -> Fields {
    Fields::parse(text.as_bytes())
}

#[test]
fn names_and_values_match_in_any_case() {
    let mut faults = Faults::default();
    let sent = fields("INFORMATIONPARTS=nAmE&informationparts=birth,GENDER&IncludeHistory=TRUE");
    let parts = sent.information_parts(&mut faults);
    for part in [InformationPart::Name, InformationPart::Birth, InformationPart::Gender] {
        assert!(parts.contains(part), "{}", part.name());
    }
    assert_eq!(parts.iter().count(), 3);
    assert!(sent.boolean("includeHistory", &mut faults));
    assert!(faults.check().is_ok());
}

#[test]
fn a_list_is_repeated_or_has_commas_or_both() {
    assert_eq!(fields("a=1&A=2, 3 ,&b=4&a=").list("a"), ["1", "2", "3"]);
    assert_eq!(fields("a=1%2C2").list("a"), ["1", "2"]);
    assert!(fields("").list("a").is_empty());
}

#[test]
fn a_single_value_is_the_first_that_is_not_empty() {
    assert_eq!(fields("a=&a=%20x%20&a=y").first("A"), Some("x"));
    assert_eq!(fields("a=").first("a"), None);
    assert!(fields("a=").has("A"));
}

#[test]
fn bytes_that_are_not_text_match_nothing() {
    let faults = faults_of(|faults| {
        fields("informationParts=%FF%FE").information_parts(faults);
    });
    assert_eq!(
        faults["informationParts"][0],
        "value 1 is not the name of an information part; the description lists them"
    );
}

#[test]
fn faulty_parts_are_told_all_at_once_without_repeating_values() {
    let faults = faults_of(|faults| {
        fields("informationParts=Nmae,Name,13897248022").information_parts(faults);
    });
    let told = faults["informationParts"].as_array().expect("a list");
    assert_eq!(told.len(), 2);
    assert!(!faults.to_string().contains("13897248022") && !faults.to_string().contains("Nmae"));
}

#[test]
fn no_parts_is_a_fault() {
    for query in ["", "informationParts=", "informationParts=,,"] {
        let faults = faults_of(|faults| {
            fields(query).information_parts(faults);
        });
        assert_eq!(faults["informationParts"][0], "at least one is required", "{query}");
    }
}

#[test]
fn a_boolean_is_true_or_false() {
    for (sent, expected) in [("h=False", false), ("h=", false), ("", false), ("h=tRue", true)] {
        assert_eq!(fields(sent).boolean("h", &mut Faults::default()), expected, "{sent}");
    }
    for sent in ["h=1", "h=yes"] {
        let faults = faults_of(|faults| {
            fields(sent).boolean("h", faults);
        });
        assert_eq!(faults["h"][0], "must be true or false", "{sent}");
    }
}

#[test]
fn a_number_keeps_to_its_bounds() {
    let limit = |text: &str, faults: &mut Faults| fields(text).number("l", 1..=1000, 1000, faults);
    let mut none = Faults::default();
    assert_eq!(limit("", &mut none), 1000);
    assert_eq!(limit("L=1", &mut none), 1);
    assert_eq!(limit("l=1000", &mut none), 1000);
    assert!(none.check().is_ok());
    for sent in ["l=0", "l=1001", "l=-1", "l=abc", "l=1.5", "l=99999999999999999999"] {
        let faults = faults_of(|faults| {
            limit(sent, faults);
        });
        assert_eq!(faults["l"][0], "must be a whole number from 1 to 1000", "{sent}");
    }
}

#[test]
fn event_types_are_told_once_each() {
    let mut faults = Faults::default();
    let types = fields("eventTypes=ChangeInName,changeinname&eventTypes=PersonIsCreated")
        .event_types(&mut faults);
    assert_eq!(types, [EventType::ChangeInName, EventType::PersonIsCreated]);
    assert!(faults.check().is_ok());
    let faults = faults_of(|faults| {
        fields("eventTypes=Born").event_types(faults);
    });
    assert_eq!(
        faults["eventTypes"][0],
        "value 1 is not the name of an event type; the description lists them"
    );
}

#[test]
fn a_bulk_holds_one_to_a_hundred() {
    let hundred = format!("ids={}", vec!["x"; 100].join(","));
    let mut none = Faults::default();
    assert_eq!(fields(&hundred).bulk("ids", &mut none).len(), 100);
    assert!(none.check().is_ok());
    let more = format!("{hundred}&ids=y");
    let faults = faults_of(|faults| {
        fields(&more).bulk("ids", faults);
    });
    assert_eq!(faults["ids"][0], "at most 100 are accepted in one request");
    let faults = faults_of(|faults| {
        fields("ids=,").bulk("ids", faults);
    });
    assert_eq!(faults["ids"][0], "at least one is required");
}

#[test]
fn a_lookup_takes_eleven_or_twelve_digits() {
    for good in ["13897248022", "201012345678"] {
        let mut faults = Faults::default();
        assert_eq!(fields(&format!("nin={good}")).identity_number("nin", &mut faults), good);
        assert!(faults.check().is_ok());
    }
    for bad in ["1", "1389724802", "1389724802x", "2010123456789", "1389724802\u{0665}"] {
        let faults = faults_of(|faults| {
            fields(&format!("nin={bad}")).identity_number("nin", faults);
        });
        assert_eq!(faults["nin"][0], "must be 11 or 12 digits");
    }
    let faults = faults_of(|faults| {
        fields("nin=").identity_number("nin", faults);
    });
    assert_eq!(faults["nin"][0], "is required");
}

#[test]
fn an_address_with_an_identity_number_is_found() {
    for (path, query) in [
        ("/person/13897248022", None),
        ("/person/%31%33897248022", None),
        ("/person/nin:13897248022;x", None),
        ("/person/x", Some("nin=13897248022")),
        ("/person/x", Some("13897248022")),
        ("/person/x", Some("a=1,201012345678")),
        ("/person/x", Some("a=%31%33897248022")),
    ] {
        assert!(url_holds_identity_number(path, query), "{path} {query:?}");
    }
}

#[test]
fn an_id_or_a_sequence_number_is_no_identity_number() {
    for (path, query) in [
        ("/person/2c37dae1-a161-433f-95b3-123456789012", None),
        ("/person/2C37DAE1-A161-433F-95B3-123456789012", None),
        ("/event", Some("SEQUENCENUMBER=13897248022&maxLimit=10")),
        ("/event", Some("other=1234567890123")),
        ("/event", Some("other=1234567890")),
        ("/event", None),
    ] {
        assert!(!url_holds_identity_number(path, query), "{path} {query:?}");
    }
}

#[test]
fn a_person_id_is_a_hyphenated_uuid() {
    assert!(parse_person_id("2C37dae1-a161-433f-95b3-8a547e82caa5").is_some());
    for bad in ["", "2c37dae1a161433f95b38a547e82caa5", "{2c37dae1-a161-433f-95b3-8a547e82caa}"] {
        assert!(parse_person_id(bad).is_none(), "{bad}");
    }
}
