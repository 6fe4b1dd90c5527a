//! What has been seen on KRR's wire, or may come there, one trap each.

use register::part::{
    CommonContactRegisterInformation, ContactInformationResource, ContactRegisterStatus,
    DigitalPostResource, Duplicated, NotificationStatus, Reservation,
};
use serde_json::{Value, json};
use sources::krr::record::Record;

use super::{example, instant, mapped, whole};

/// The whole record with another value in one place.
fn with(pointer: &str, value: Value) -> Value {
    let mut record = whole();
    *record.pointer_mut(pointer).expect("the whole record has it") = value;
    record
}

#[test]
fn what_is_empty_is_absent() {
    let bare = mapped(&json!({ "personidentifikator": "30888212120" }));
    assert_eq!(bare.unknown, Vec::<&str>::new());
    for empty in [json!(""), json!("  \t"), Value::Null] {
        let record = json!({
            "personidentifikator": "30888212120",
            "reservasjon": empty, "reservasjonstidspunkt": empty, "reservasjon_oppdatert": empty,
            "status": empty, "kontaktinformasjon": empty, "digital_post": empty,
            "sertifikat": empty, "sertifikat_utloeper": empty,
            "spraak": empty, "spraak_oppdatert": empty,
        });
        assert_eq!(mapped(&record), bare, "{empty}");
        let record = json!({
            "personidentifikator": "30888212120",
            "kontaktinformasjon": {
                "epostadresse": empty, "epostadresse_oppdatert": empty,
                "epostadresse_duplisert": empty, "mobiltelefonnummer": empty,
            },
            "digital_post": { "postkasseadresse": empty, "postkasseleverandoeradresse": empty },
        });
        let mapped = mapped(&record);
        assert_eq!(mapped.unknown, Vec::<&str>::new());
        let expected = CommonContactRegisterInformation {
            contact_information: Some(ContactInformationResource::default()),
            digital_post: Some(DigitalPostResource::default()),
            ..bare.information.clone()
        };
        assert_eq!(mapped.information, expected);
        let served = serde_json::to_value(&mapped.information).expect("JSON");
        assert_eq!(served, json!({ "notificationStatus": "CanNotBeNotified" }));
    }
}

#[test]
fn every_word_gives_its_value_and_other_words_are_left_out_and_counted() {
    let read = |pointer: &str, word: &str| mapped(&with(pointer, json!(word)));
    let words = ["JA", "NEI", " NEI "].map(|word| read("/reservasjon", word).information);
    let [yes, no, spaced] = words.map(|information| information.reservation);
    assert_eq!([yes, no, spaced].map(Option::unwrap)[..2], *Reservation::ALL);
    assert_eq!(spaced, Some(Reservation::No));
    let words = ["AKTIV", "SLETTET", "IKKE_REGISTRERT"];
    let words = words.map(|word| read("/status", word).information.status.expect("known"));
    assert_eq!(words, *ContactRegisterStatus::ALL);
    for (channel, duplicated) in [
        ("epostadresse", (|c| c.email_duplicated) as fn(ContactInformationResource) -> _),
        ("mobiltelefonnummer", |c| c.phone_number_duplicated),
    ] {
        let pointer = format!("/kontaktinformasjon/{channel}_duplisert");
        let words = ["JA", "NEI"]
            .map(|word| read(&pointer, word).information.contact_information.and_then(duplicated));
        assert_eq!(words.map(Option::unwrap), *Duplicated::ALL);
    }
    for (pointer, name) in [
        ("/reservasjon", "reservasjon"),
        ("/status", "status"),
        ("/kontaktinformasjon/epostadresse_duplisert", "epostadresse_duplisert"),
        ("/kontaktinformasjon/mobiltelefonnummer_duplisert", "mobiltelefonnummer_duplisert"),
    ] {
        let absent = mapped(&with(pointer, Value::Null));
        for other in [json!("KANSKJE"), json!("ja"), json!(true), json!(1), json!(["JA"])] {
            let mapped = mapped(&with(pointer, other));
            assert_eq!(mapped.unknown, [name]);
            assert_eq!(mapped.information, absent.information, "left out");
        }
    }
}

#[test]
fn a_word_that_is_not_understood_is_no_permission() {
    for (pointer, word) in [
        ("/reservasjon", "KANSKJE"),
        ("/reservasjon", "JA"),
        ("/reservasjon", ""),
        ("/status", "SPERRET"),
        ("/status", ""),
        ("/status", "SLETTET"),
        ("/status", "IKKE_REGISTRERT"),
    ] {
        let information = mapped(&with(pointer, json!(word))).information;
        let status = information.notification_status;
        assert_eq!(status, Some(NotificationStatus::CanNotBeNotified), "{pointer} {word}");
        assert_eq!(information.changes_at(), None);
        assert_eq!(information.contact_information, example().contact_information, "still shown");
    }
}

#[test]
fn dates_are_served_as_they_stand_and_used_where_they_can_be_read() {
    let verified = "/kontaktinformasjon/epostadresse_sist_verifisert";
    for (date, end) in [
        ("2024-02-29T10:45:15.768Z", Some("2025-08-29T11:45:15.768+02:00")),
        ("2024-02-29T11:45:15+01", Some("2025-08-29T11:45:15+02:00")),
        ("2024-02-29T11:45:15.000+01:00", Some("2025-08-29T11:45:15+02:00")),
        ("2024-02-29T11:45:15", Some("2025-08-29T11:45:15+02:00")),
        ("29.02.2024", None),
        ("2023-02-29T11:45:15+01", None),
        ("NULL", None),
    ] {
        let mapped = mapped(&with(verified, json!(date)));
        let is_readable = end.is_some();
        let contact = mapped.information.contact_information.as_ref().expect("shown");
        assert_eq!(contact.email_last_verified.as_deref(), Some(date), "as it stands");
        // The telephone number's dates end in February.
        let end = end.unwrap_or("2024-02-29T19:57:52+01:00");
        assert_eq!(mapped.information.changes_at(), Some(instant(end)), "{date}");
        assert_eq!(mapped.unknown.is_empty(), is_readable);
        let status = mapped.information.notification_status;
        assert_eq!(status == Some(NotificationStatus::CanBeNotified), is_readable, "{date}");
    }
}

#[test]
fn each_date_that_is_none_is_counted_by_its_name_and_kept() {
    let dates = [
        "/reservasjonstidspunkt",
        "/reservasjon_oppdatert",
        "/kontaktinformasjon/epostadresse_oppdatert",
        "/kontaktinformasjon/epostadresse_sist_verifisert",
        "/kontaktinformasjon/epostadresse_sist_validert",
        "/kontaktinformasjon/mobiltelefonnummer_oppdatert",
        "/kontaktinformasjon/mobiltelefonnummer_sist_verifisert",
        "/kontaktinformasjon/mobiltelefonnummer_sist_validert",
        "/sertifikat_utloeper",
        "/spraak_oppdatert",
    ];
    for pointer in dates {
        let name = pointer.rsplit('/').next().expect("a name");
        let mapped = mapped(&with(pointer, json!("for lenge siden")));
        assert_eq!(mapped.unknown, [name]);
        let served = serde_json::to_string(&mapped.information).expect("JSON");
        assert!(served.contains("for lenge siden"), "{name}");
    }
    for pointer in dates {
        let absent = mapped(&with(pointer, Value::Null)).information;
        let number = mapped(&with(pointer, json!(1_718_046_001)));
        assert_eq!(number.unknown.len(), 1, "{pointer}");
        assert_eq!(number.information, absent, "a date that is no text is left out");
    }
}

#[test]
fn both_forms_of_a_telephone_number_are_served_as_they_stand() {
    for phone in ["+4799999999", "99999999", "+46 70 123 45 67", "004799999999"] {
        let mapped = mapped(&with("/kontaktinformasjon/mobiltelefonnummer", json!(phone)));
        let contact = mapped.information.contact_information.expect("shown");
        assert_eq!(contact.phone_number.as_deref(), Some(phone));
        assert_eq!(mapped.unknown, Vec::<&str>::new());
    }
}

#[test]
fn an_object_of_another_kind_is_left_out_and_counted() {
    for pointer in ["/kontaktinformasjon", "/digital_post"] {
        let absent = mapped(&with(pointer, Value::Null)).information;
        for other in [json!(["a@eksempel.example"]), json!("a"), json!(7), json!(false)] {
            let mapped = mapped(&with(pointer, other));
            assert_eq!(mapped.unknown, [&pointer[1..]]);
            assert_eq!(mapped.information, absent);
        }
    }
    // A field of another kind takes nothing else with it.
    let mut record = with("/kontaktinformasjon/epostadresse", json!({ "verdi": "a" }));
    record["sertifikat"] = json!([1, 2]);
    let mapped = mapped(&record);
    assert_eq!(mapped.unknown, ["epostadresse", "sertifikat"]);
    let mut expected = example();
    expected.certificate = None;
    expected.contact_information.as_mut().expect("shown").email = None;
    assert_eq!(mapped.information, expected.at(instant("2024-06-01")));
}

#[test]
fn what_is_served_is_what_was_mapped_with_the_status_that_is_given() {
    for record in [whole(), with("/kontaktinformasjon/epostadresse_oppdatert", json!("i fjor"))] {
        for status in [NotificationStatus::CanBeNotified, NotificationStatus::CanNotBeNotified] {
            let read = Record::read(record.to_string().as_bytes()).expect("readable");
            let mut expected = mapped(&record).information;
            expected.notification_status = Some(status);
            assert_eq!(read.into_served(status), expected);
        }
    }
}

#[test]
fn krrs_own_status_of_notices_is_never_copied() {
    for word in [json!("KAN_VARSLES"), json!("KAN_IKKE_VARSLES"), json!("NOE_NYTT"), Value::Null] {
        let record = with("/varslingsstatus", word).to_string();
        for (now, expected) in [
            ("2024-06-01T00:00:00+02:00", NotificationStatus::CanBeNotified),
            ("2025-08-29T11:45:15.767+02:00", NotificationStatus::CanBeNotified),
            ("2025-08-29T11:45:15.768+02:00", NotificationStatus::CanNotBeNotified),
        ] {
            let record = Record::read(record.as_bytes()).expect("readable");
            let mapped = record.into_information(instant(now));
            assert_eq!(mapped.information.notification_status, Some(expected), "{now}");
            assert_eq!(mapped.information.contact_information, example().contact_information);
            assert_eq!(mapped.unknown, Vec::<&str>::new());
        }
    }
}

#[test]
fn a_language_is_any_text_and_the_number_and_newest_date_are_told() {
    // A language is text in the contract: whatever KRR calls it is passed on.
    let information = mapped(&with("/spraak", json!("se"))).information;
    assert_eq!(information.language.as_deref(), Some("se"));
    let record = Record::read(whole().to_string().as_bytes()).expect("readable");
    assert_eq!(record.number().as_str(), "30888212120");
    assert_eq!(record.newest_date(), Some(instant("2024-02-29T10:45:15.768Z")));
}
