//! The two endpoints: what is asked, and what is answered.

use register::id::IdentityNumber;
use register::part::{ContactRegisterStatus, NotificationStatus};
use serde_json::{Value, json};
use sources::krr::persons::Persons;
use sources::krr::record::Record;
use sources::krr::{FormatError, changes, lookup};

use super::{fixture, instant};

/// The e-mail address, or else the status, of each person in an answer.
fn seen(persons: &Persons) -> Vec<String> {
    let read = |record: &str| {
        let record = Record::read(record.as_bytes()).expect("it was read before");
        let information = record.into_information(instant("2024-07-01")).information;
        let email = information.contact_information.and_then(|contact| contact.email);
        email.unwrap_or_else(|| information.status.map_or("", |status| status.name()).to_owned())
    };
    persons.listed.iter().map(|person| read(person.record.get())).collect()
}

fn numbers(persons: &Persons) -> Vec<&str> {
    persons.listed.iter().map(|person| person.number.as_str()).collect()
}

#[test]
fn numbers_are_asked_for_a_thousand_at_a_time() {
    let number = |place: usize| IdentityNumber::new(format!("1283{place:07}"));
    let all: Vec<_> = (0..2001).map(number).collect();
    let sizes = |count: usize| -> Vec<usize> {
        let requests: Vec<_> = lookup::requests(&all[..count]).collect();
        let asked = requests.iter().flat_map(|(numbers, _)| numbers.iter());
        assert!(asked.eq(&all[..count]), "every number once, in order");
        let body = |body: &[u8]| serde_json::from_slice::<Value>(body).expect("JSON");
        for (numbers, bytes) in &requests {
            assert_eq!(body(bytes), json!({ "personidentifikatorer": numbers }));
        }
        requests.iter().map(|(numbers, _)| numbers.len()).collect()
    };
    for (count, expected) in [
        (0, vec![]),
        (1, vec![1]),
        (1000, vec![1000]),
        (1001, vec![1000, 1]),
        (2001, vec![1000, 1000, 1]),
    ] {
        assert_eq!(sizes(count), expected, "{count}");
    }
}

#[test]
fn an_answer_to_a_lookup_is_read() {
    let persons = lookup::read(&fixture("persons.json")).expect("readable");
    assert_eq!(numbers(&persons), ["30888212120", "12838212345"]);
    assert_eq!(seen(&persons), ["ærlig@eksempel.example", "NotRegistered"]);
    assert!(persons.repeated.is_empty() && persons.unreadable.is_empty());
    let nobody = lookup::read(br#"{"personer": []}"#).expect("readable");
    assert!(nobody.listed.is_empty());
}

#[test]
fn a_page_of_changes_is_read() {
    let page = changes::read(&fixture("changes.json")).expect("readable");
    assert_eq!((page.from, page.to), (200_000_000_123, 200_000_001_123));
    assert_eq!(page.last, 9_007_199_254_740_993, "more than a floating number holds");
    assert!(!page.is_last());
    assert_eq!(numbers(&page.persons), ["30888212120", "52888212341", "12838212345"]);
    assert_eq!(seen(&page.persons), ["øyvind@eksempel.example", "Active", "Deleted"]);
    let repeated: Vec<_> = page.persons.repeated.iter().map(IdentityNumber::as_str).collect();
    assert_eq!(repeated, ["30888212120"]);
    let unreadable: Vec<_> = page.persons.unreadable.iter().map(|raw| raw.get()).collect();
    assert_eq!(unreadable, [r#"{ "reservasjon": "NEI", "status": "AKTIV" }"#]);
}

#[test]
fn the_feed_is_followed_until_it_is_caught_up() {
    assert_eq!(changes::request(0), br#"{"fraEndringsId":0}"#);
    assert_eq!(changes::request(i64::MAX), br#"{"fraEndringsId":9223372036854775807}"#);
    let page = |list: &str, from: i64, to: i64, last: i64| {
        let ids =
            format!(r#""fraEndringsId":{from},"tilEndringsId":{to},"sisteEndringsId":{last}"#);
        changes::read(format!("{{{list}{ids}}}").as_bytes()).map(|page| page.is_last())
    };
    for (list, from, to, last, expected) in [
        (r#""list":[],"#, 23, 33, 38, Ok(false)),
        (r#""list":[],"#, 33, 38, 38, Ok(true)),
        // More happened while the page was made.
        (r#""list":[],"#, 33, 39, 38, Ok(true)),
        // Nothing new, said in three ways.
        (r#""list":[],"#, 38, 38, 38, Ok(true)),
        (r#""list":null,"#, 38, 38, 38, Ok(true)),
        ("", 38, 38, 38, Ok(true)),
        (r#""list":[],"#, 0, 0, 0, Ok(true)),
        (r#""list":[],"#, i64::MAX - 1, i64::MAX, i64::MAX, Ok(true)),
        // Whoever went on from here would ask for ever, or lose something.
        (r#""list":[],"#, 33, 33, 38, Err(FormatError::NoHeadway)),
        (r#""list":[],"#, 33, 32, 38, Err(FormatError::NoHeadway)),
        ("", 33, 38, 38, Err(FormatError::Missing { field: "list" })),
        (r#""personer":[],"#, 33, 38, 40, Err(FormatError::Missing { field: "list" })),
    ] {
        assert_eq!(page(list, from, to, last), expected, "{list} {from} {to} {last}");
    }
}

#[test]
fn an_answer_that_says_too_little_is_refused() {
    let missing = |field| Err(FormatError::Missing { field });
    for (body, expected) in [
        (r#"{"tilEndringsId":1,"sisteEndringsId":1,"list":[]}"#, missing("fraEndringsId")),
        (r#"{"fraEndringsId":1,"sisteEndringsId":1,"list":[]}"#, missing("tilEndringsId")),
        (r#"{"fraEndringsId":1,"tilEndringsId":null,"list":[]}"#, missing("tilEndringsId")),
        (r#"{"fraEndringsId":1,"tilEndringsId":1,"list":[]}"#, missing("sisteEndringsId")),
    ] {
        assert_eq!(changes::read(body.as_bytes()).map(|_| ()), expected, "{body}");
    }
    for body in ["{}", r#"{"personer":null}"#, r#"{"list":[]}"#] {
        assert_eq!(lookup::read(body.as_bytes()).map(|_| ()), missing("personer"), "{body}");
    }
    for body in [
        "",
        "[]",
        "null",
        "30888212120",
        "<html>30888212120</html>",
        r#"{"personer":["30888212120"#,
        r#"{"personer":"30888212120"}"#,
        r#"{"personer":{"personidentifikator":"30888212120"}}"#,
        r#"{"personer":[]} 30888212120"#,
    ] {
        let error = lookup::read(body.as_bytes()).expect_err(body);
        assert!(matches!(error, FormatError::Json { .. }), "{body}: {error}");
        assert!(!format!("{error} {error:?}").contains("308"), "{body}: {error}");
    }
    let wide = r#"{"list":[],"fraEndringsId":0,"tilEndringsId":9223372036854775808}"#;
    assert!(matches!(changes::read(wide.as_bytes()), Err(FormatError::Json { .. })));
}

/// A record of one person, told apart by its address, with dates where KRR writes them.
fn version(name: &str, dates: Value) -> Value {
    let mut record = json!({
        "personidentifikator": "30888212120",
        "reservasjon": "NEI",
        "status": "AKTIV",
        "kontaktinformasjon": { "epostadresse": name },
    });
    for (field, date) in dates.as_object().expect("an object") {
        let of_contact = field.starts_with("epost") || field.starts_with("mobil");
        let place = if of_contact { &mut record["kontaktinformasjon"] } else { &mut record };
        place[field] = date.clone();
    }
    record
}

#[test]
fn the_newest_of_several_counts() {
    let (first, last) = ("2024-06-10T21:00:01+02", "2024-06-10T19:00:01.500Z");
    let a = |field: &str, date: &str| version("a", json!({ field: date }));
    let b = |field: &str, date: &str| version("b", json!({ field: date }));
    let c = || version("c", json!({}));
    let mail = "epostadresse_oppdatert";
    for field in [
        mail,
        "epostadresse_sist_verifisert",
        "epostadresse_sist_validert",
        "mobiltelefonnummer_oppdatert",
        "mobiltelefonnummer_sist_verifisert",
        "mobiltelefonnummer_sist_validert",
        "reservasjonstidspunkt",
        "reservasjon_oppdatert",
        "spraak_oppdatert",
    ] {
        for (list, newest) in [
            (vec![a(field, first), b(mail, last)], "b"),
            (vec![b(mail, last), a(field, first)], "b"),
            (vec![a(mail, first), b(field, last)], "b"),
            (vec![b(field, last), a(mail, first)], "b"),
            // Alike, and in another time zone: the later place.
            (vec![a(mail, first), b(field, "2024-06-10T19:00:01Z")], "b"),
            (vec![b(field, "2024-06-10T19:00:01Z"), a(mail, first)], "a"),
            // What has no date cannot be compared: the later place, whatever came before.
            (vec![a(field, last), c()], "c"),
            (vec![c(), a(field, last)], "a"),
            (vec![a(field, last), c(), b(mail, first)], "c"),
            (vec![c(), a(field, last), b(mail, first)], "a"),
            (vec![a(field, first), c(), b(mail, last)], "b"),
            (vec![b(field, "i fjor"), a(mail, first), b(field, "i år")], "b"),
            (vec![a(mail, first)], "a"),
        ] {
            let count = list.len();
            let body = json!({ "personer": list }).to_string();
            let persons = lookup::read(body.as_bytes()).expect("readable");
            assert_eq!(seen(&persons), [newest], "{field}: {body}");
            assert_eq!(persons.repeated.len(), usize::from(count > 1));
        }
    }
    // The end of the certificate is no date of the record.
    let body = json!({ "personer": [a(mail, last), b("sertifikat_utloeper", "2030-01-01")] });
    let persons = lookup::read(body.to_string().as_bytes()).expect("readable");
    assert_eq!(seen(&persons), ["b"], "it has no date, and stands later");
    let body = json!({ "personer": [b("sertifikat_utloeper", "2030-01-01"), a(mail, last)] });
    let persons = lookup::read(body.to_string().as_bytes()).expect("readable");
    assert_eq!(seen(&persons), ["a"]);
}

#[test]
fn what_names_nobody_is_laid_aside_and_the_others_are_read() {
    let body = json!({ "personer": [
        null, "30888212120", ["30888212120"], {}, { "personidentifikator": " " },
        { "personidentifikator": 308 }, { "personidentifikator": " 12838212345\n" },
    ] });
    let persons = lookup::read(body.to_string().as_bytes()).expect("readable");
    assert_eq!(numbers(&persons), ["12838212345"]);
    assert_eq!(persons.unreadable.len(), 6);
    let errors = [
        (r#"["30888212120"]"#, FormatError::NoPerson),
        ("{}", FormatError::NoNumber),
        (r#"{"personidentifikator":30888212120}"#, FormatError::NoNumber),
        (r#"{"personidentifikator":"3088"#, FormatError::Json { line: 1, column: 28 }),
    ];
    for (body, expected) in errors {
        let error = Record::read(body.as_bytes()).expect_err(body);
        assert_eq!(error, expected, "{body}");
        assert!(!error.to_string().contains("308"), "{error}");
    }
}

#[test]
fn nothing_of_a_person_is_printed() {
    let body = fixture("changes.json");
    let page = changes::read(&body).expect("readable");
    let record = Record::read(&fixture("person.json")).expect("readable");
    let printed = format!("{page:?} {:#?} {:?} {record:?}", page, page.persons.listed);
    let mapped = record.into_information(instant("2024-06-01"));
    let status = mapped.information.notification_status;
    assert_eq!(status, Some(NotificationStatus::CanBeNotified));
    assert_eq!(mapped.information.status, Some(ContactRegisterStatus::Active));
    let printed = format!("{printed} {mapped:?} {mapped:#?}");
    for secret in ["30888212120", "52888212341", "eksempel", "9999", "MIIE", "0K5X", "Digipost"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("unreadable: 1"), "the control: {printed}");
}
