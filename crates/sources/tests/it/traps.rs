//! The traps of single fields, each as it has been seen on the wire or as the schema allows it.
//! Those that any element may have and those of the first ten are here, the others in modules.

mod addresses;
mod anywhere;
mod others;
mod standing;

use register::part::{
    AddressConfidentiality, CadastralAddress, CadastralNumber, StreetAddress, UnknownResidence,
};
use register::person::Person;
use register::time::{Day, Instant};
use sources::freg::document::{Document, Mapped};

/// Maps a document that holds these elements beside a number.
fn mapped(elements: &str) -> Mapped {
    let number = r#"[{"erGjeldende":true,"status":"iBruk","foedselsEllerDNummer":"30888212120"}]"#;
    let json = format!(r#"{{"identifikasjonsnummer":{number},{elements}}}"#);
    Document::read(json.as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}")).into_person()
}

/// Maps elements in which everything can be read.
fn person(elements: &str) -> Person {
    let Mapped { person, unknown } = mapped(elements);
    assert_eq!(unknown, Vec::<&str>::new(), "{elements}");
    person
}

fn street(fields: &str) -> StreetAddress {
    let grade = r#""adressegradering":"ugradert""#;
    let json = format!(r#""bostedsadresse":[{{"vegadresse":{{{fields}}},{grade}}}]"#);
    person(&json).residential_address.remove(0).street_address.unwrap()
}

fn cadastral(fields: &str) -> CadastralAddress {
    let grade = r#""adressegradering":"ugradert""#;
    let json = format!(r#""bostedsadresse":[{{"matrikkeladresse":{{{fields}}},{grade}}}]"#);
    person(&json).residential_address.remove(0).cadastral_address.unwrap()
}

fn valid_from(text: &str) -> Option<String> {
    let person = person(&format!(r#""kjoenn":[{{"gyldighetstidspunkt":"{text}"}}]"#));
    person.gender[0].valid_from.map(|instant| instant.to_string())
}

#[test]
fn seconds_have_none_to_nine_digits() {
    for digits in 0..=9 {
        let fraction = &".123456789"[..if digits == 0 { 0 } else { digits + 1 }];
        let person = person(&format!(
            r#""kjoenn":[{{"ajourholdstidspunkt":"2026-02-24T09:46:34{fraction}+01:00"}}]"#
        ));
        let expected = Instant::parse(&format!("2026-02-24T08:46:34{fraction}Z")).unwrap();
        assert_eq!(person.gender[0].registered_at, Some(expected), "{fraction}");
    }
}

#[test]
fn offsets_are_z_winter_summer_or_missing() {
    let moment = Some("2026-07-01T14:00:00+02:00".to_owned());
    for text in [
        "2026-07-01T12:00:00Z",
        "2026-07-01T13:00:00+01:00",
        "2026-07-01T14:00:00+02:00",
        "2026-07-01T14:00:00",
    ] {
        assert_eq!(valid_from(text), moment, "{text}");
    }
    assert_eq!(valid_from("2026-01-01T12:00:00"), Some("2026-01-01T12:00:00+01:00".into()));
    assert_eq!(valid_from("2025-12-31T23:00:00Z"), Some("2026-01-01T00:00:00+01:00".into()));
}

#[test]
fn an_instant_given_as_a_date_is_its_norwegian_midnight() {
    assert_eq!(valid_from("2026-07-01"), Some("2026-07-01T00:00:00+02:00".into()));
    assert_eq!(valid_from("2024-02-29"), Some("2024-02-29T00:00:00+01:00".into()));
}

#[test]
fn a_date_given_as_an_instant_is_the_day_in_norway() {
    for text in [
        "1982-08-30",
        "1982-08-29T22:00:00Z",
        "1982-08-29T22:00:00.000Z",
        "1982-08-30T00:00:00+02:00",
        "1982-08-30T00:00:00",
        "1982-08-30T12:00:00Z",
        "1982-08-30T21:59:59.999999999Z",
        "1982-08-30+02:00",
        "1982-08-30Z",
    ] {
        let person = person(&format!(r#""foedsel":[{{"foedselsdato":"{text}"}}]"#));
        assert_eq!(person.birth[0].birth_date, Day::parse("1982-08-30").ok(), "{text}");
    }
    let person = person(r#""doedsfall":{"doedsdato":"2020-12-31T23:00:00Z"}"#);
    assert_eq!(person.death.unwrap().deceased_date, Day::parse("2021-01-01").ok());
}

#[test]
fn an_unreadable_date_is_left_out_and_counted() {
    let Mapped { person, unknown } = mapped(
        r#""foedsel":[{"foedselsdato":"2023-02-29","gyldighetstidspunkt":"i fjor"}],
           "sivilstand":[{"sivilstandsdato":20130622,"sivilstand":"gift"}]"#,
    );
    assert_eq!(unknown, ["foedsel", "foedsel", "sivilstand"]);
    assert_eq!((person.birth[0].birth_date, person.birth[0].valid_from), (None, None));
    assert_eq!(person.marital_status[0].status_date, None);
    assert!(person.marital_status[0].status.is_some());
}

#[test]
fn blank_text_and_null_are_absent() {
    let person = person(
        r#""navn":[{"fornavn":"","mellomnavn":"  ","etternavn":null,"forkortetNavn":" A ",
            "kilde":"","aarsak":"Årsakskode fra DSF: ","gyldighetstidspunkt":"",
            "originaltNavn":null}],
           "kjoenn":null,"status":[null],"doedsfall":null,"familierelasjon":[],
           "sivilstand":[{"sivilstand":"","relatertVedSivilstand":"","erGjeldende":null}]"#,
    );
    let name = &person.name[0];
    assert_eq!((&name.given_name, &name.middle_name, &name.family_name), (&None, &None, &None));
    assert_eq!((&name.source, &name.valid_from, &name.original_name), (&None, &None, &None));
    assert_eq!(name.short_name.as_deref(), Some(" A "), "text that is there is kept as it is");
    assert_eq!(name.reason.as_deref(), Some("Årsakskode fra DSF: "));
    assert!(person.gender.is_empty() && person.status.is_empty() && person.death.is_none());
    let marital = &person.marital_status[0];
    assert_eq!((marital.status, &marital.related_by_marital_status), (None, &None));
    assert_eq!(marital.is_valid, Some(true));
}

#[test]
fn a_unit_number_that_names_no_dwelling_is_absent() {
    for nothing in ["", "0000"] {
        let field = format!(r#""bruksenhetsnummer":"{nothing}""#);
        assert_eq!(street(&field).separately_occupied_unit_number, None, "{nothing}");
        assert_eq!(cadastral(&field).separately_occupied_unit_number, None, "{nothing}");
    }
    for number in ["H0101", "U0102", "L0000"] {
        let kept = street(&format!(r#""bruksenhetsnummer":"{number}""#));
        assert_eq!(kept.separately_occupied_unit_number.as_deref(), Some(number));
    }
}

#[test]
fn a_street_code_keeps_its_zeros() {
    for code in ["06001", "6001", "00001"] {
        let kept = street(&format!(r#""adressekode":"{code}""#));
        assert_eq!(kept.address_code.as_deref(), Some(code));
    }
}

#[test]
fn a_street_address_may_lack_number_and_place() {
    assert_eq!(street(""), StreetAddress::default());
    let sparse = street(r#""adressenummer":null,"poststed":null,"adressenavn":"Kågsundveien""#);
    assert_eq!((sparse.address_number, sparse.city), (None, None));
}

#[test]
fn zero_is_how_a_missing_leasehold_and_sub_number_are_written() {
    let zeros =
        r#""matrikkelnummer":{"gaardsnummer":0,"bruksnummer":0,"festenummer":0},"undernummer":0"#;
    let address = cadastral(zeros);
    assert_eq!(address.sub_number, None);
    let number = address.cadastral_number.unwrap();
    let expected = CadastralNumber {
        municipality_land_number: Some(0),
        title_number: Some(0),
        leasehold_number: None,
        ..CadastralNumber::default()
    };
    assert_eq!(number, expected);
    let text = cadastral(r#""undernummer":"3","matrikkelnummer":{"festenummer":4}"#);
    assert_eq!(
        (text.sub_number, text.cadastral_number.unwrap().leasehold_number),
        (Some(3), Some(4))
    );
}

#[test]
fn an_unknown_residence_may_have_no_municipality() {
    let json = r#""bostedsadresse":{"ukjentBosted":{},"adressegradering":"ugradert"}"#;
    let address = person(json).residential_address.remove(0);
    assert_eq!(address.unknown_residence, Some(UnknownResidence::default()));
}

#[test]
fn a_birth_may_have_a_year_alone_as_text_or_number() {
    for year in ["\"1936\"", "1936"] {
        let person = person(&format!(r#""foedsel":[{{"foedselsaar":{year}}}]"#));
        assert_eq!(person.birth[0].birth_year.as_deref(), Some("1936"));
        assert_eq!(person.birth[0].birth_date, None);
    }
    let Mapped { person, unknown } = mapped(r#""foedsel":[{"foedselsaar":0}]"#);
    assert_eq!((&person.birth[0].birth_year, unknown), (&None, vec!["foedsel"]));
}

#[test]
fn a_death_may_lack_its_date_and_is_a_death_all_the_same() {
    let death = person(r#""doedsfall":{"erGjeldende":true}"#).death.unwrap();
    assert_eq!((death.is_valid, death.deceased_date), (Some(true), None));
    assert!(person(r#""doedsfall":{}"#).death.is_some());
}

#[test]
fn a_list_of_deaths_gives_the_current_one() {
    let dead = |list: &str| person(&format!(r#""doedsfall":[{list}]"#)).death;
    let old = r#"{"erGjeldende":false,"doedsdato":"2019-01-01"}"#;
    let new = r#"{"erGjeldende":true,"doedsdato":"2020-01-01"}"#;
    let day = |text| Day::parse(text).ok();
    assert_eq!(dead(&format!("{old},{new}")).unwrap().deceased_date, day("2020-01-01"));
    assert_eq!(dead(old).unwrap().deceased_date, day("2019-01-01"));
    assert_eq!(dead(""), None);
}

#[test]
fn an_object_alone_is_a_list_of_one() {
    let person = person(r#""navn":{"fornavn":"ØYVIND"},"status":{"status":"bosatt"}"#);
    assert_eq!((person.name.len(), person.status.len()), (1, 1));
}

#[test]
fn unknown_values_are_left_out_and_counted_by_element() {
    let Mapped { person, unknown } = mapped(
        r#""status":[{"status":"permittert"},{"status":"Bosatt"},{"status":7}],
           "kjoenn":[{"kjoenn":{"verdi":["kvinne"]}}],
           "familierelasjon":[{"relatertPersonsRolle":"steforelder","minRolleForPerson":"barn",
              "relatertPersonUtenFolkeregisteridentifikator":{"kjoenn":"annet"}}],
           "bostedsadresse":[{"adressegradering":"ugradert",
              "vegadresse":{"bruksenhetstype":"bod"}}]"#,
    );
    let mut counted = unknown;
    counted.sort_unstable();
    let expected = [
        "bostedsadresse",
        "familierelasjon",
        "familierelasjon",
        "kjoenn",
        "status",
        "status",
        "status",
    ];
    assert_eq!(counted, expected);
    assert_eq!(person.gender[0].gender, None);
    assert_eq!(person.status[0].status, None);
    let relation = &person.family_relation[0];
    assert_eq!(relation.related_persons_role, None);
    assert!(relation.my_role_for_related_person.is_some());
}

#[test]
fn an_address_grade_that_is_missing_or_new_is_confidential_and_counted() {
    for grade in [
        "",
        r#""adressegradering":null"#,
        r#""adressegradering":"""#,
        r#""adressegradering":"klientadresseOgFortrolig""#,
        r#""adressegradering":"UGRADERT""#,
        r#""adressegradering":{"kode":"ugradert"}"#,
    ] {
        let Mapped { person, unknown } = mapped(&format!(r#""bostedsadresse":[{{{grade}}}]"#));
        let given = person.residential_address[0].address_confidentiality;
        assert_eq!(given, Some(AddressConfidentiality::Confidential), "{grade}");
        assert_eq!(unknown, ["bostedsadresse"], "{grade}");
    }
}

#[test]
fn a_person_grade_that_is_missing_or_new_is_strictly_confidential_and_counted() {
    for grade in [
        "",
        r#""graderingsnivaa":null"#,
        r#""graderingsnivaa":"hemmelig""#,
        r#""graderingsnivaa":"klientadresse""#,
        r#""graderingsnivaa":6"#,
    ] {
        let Mapped { person, unknown } = mapped(&format!(r#""adressebeskyttelse":[{{{grade}}}]"#));
        let given = person.address_protection[0].protection_level;
        assert_eq!(given, Some(AddressConfidentiality::StrictlyConfidential), "{grade}");
        assert_eq!(unknown, ["adressebeskyttelse"], "{grade}");
    }
}

#[test]
fn grades_are_read_as_they_are_written() {
    use AddressConfidentiality::{ClientAddress, Confidential, StrictlyConfidential, Unclassified};
    for (text, grade) in [
        ("ugradert", Unclassified),
        ("klientadresse", ClientAddress),
        ("fortrolig", Confidential),
        ("strengtFortrolig", StrictlyConfidential),
    ] {
        let person = person(&format!(r#""bostedsadresse":[{{"adressegradering":"{text}"}}]"#));
        assert_eq!(person.residential_address[0].address_confidentiality, Some(grade));
    }
}

#[test]
fn authorities_are_kept_in_either_spelling() {
    for authority in
        ["DEN_NORSKE_KIRKE", "STATSFORVALTEREN", "denNorskeKirke", "sysselmannenPåSvalbard"]
    {
        let person = person(&format!(r#""sivilstand":[{{"myndighet":"{authority}"}}]"#));
        assert_eq!(person.marital_status[0].authority.as_deref(), Some(authority));
    }
}

#[test]
fn an_item_that_does_not_say_whether_it_is_current_is_unless_it_ended() {
    let person = person(
        r#""navn":[{"fornavn":"A"},{"fornavn":"B","opphoerstidspunkt":"2020-01-01T00:00:00Z"},
            {"fornavn":"C","erGjeldende":"false"},{"fornavn":"D","erGjeldende":true,
             "opphoerstidspunkt":"2020-01-01T00:00:00Z"}]"#,
    );
    let valid: Vec<_> = person.name.iter().map(|name| name.is_valid).collect();
    assert_eq!(valid, [Some(true), Some(false), Some(false), Some(true)]);
}

#[test]
fn a_protection_holds_until_it_is_said_to_be_history() {
    let person = person(
        r#""adressebeskyttelse":[
            {"graderingsnivaa":"fortrolig","opphoerstidspunkt":"2020-01-01T00:00:00Z"},
            {"graderingsnivaa":"fortrolig"},
            {"graderingsnivaa":"fortrolig","erGjeldende":false}]"#,
    );
    let valid: Vec<_> = person.address_protection.iter().map(|item| item.is_valid).collect();
    assert_eq!(valid, [Some(true), Some(true), Some(false)]);
}

#[test]
fn the_same_thing_twice_is_there_once_and_order_means_nothing() {
    let person = person(
        r#""familierelasjon":[
            {"relatertPerson":"17811460079","relatertPersonsRolle":"barn","erGjeldende":false},
            {"relatertPerson":"17811460079","relatertPersonsRolle":"barn","erGjeldende":true},
            {"relatertPerson":"17811460079","relatertPersonsRolle":"barn","erGjeldende":false},
            {"relatertPerson":"03814831077","relatertPersonsRolle":"barn","erGjeldende":true}]"#,
    );
    let listed: Vec<_> = person
        .family_relation
        .iter()
        .map(|item| (item.related_person.as_ref().unwrap().as_str(), item.is_valid.unwrap()))
        .collect();
    let expected = [("17811460079", false), ("17811460079", true), ("03814831077", true)];
    assert_eq!(listed, expected);
}

#[test]
fn escaped_letters_are_letters() {
    let person = person(r#""navn":[{"fornavn":"\u00c5SE \ud83d\ude00","etternavn":"\u00f8"}]"#);
    assert_eq!(person.name[0].given_name.as_deref(), Some("ÅSE 😀"));
    assert_eq!(person.name[0].family_name.as_deref(), Some("ø"));
}

#[test]
fn check_digits_refuse_no_number() {
    for number in ["30888212121", "00000000000", "90080012345", "308882121201"] {
        let json =
            format!(r#"{{"identifikasjonsnummer":[{{"foedselsEllerDNummer":"{number}"}}]}}"#);
        let document = Document::read(json.as_bytes()).unwrap();
        assert_eq!(document.numbers()[0].number.as_str(), number);
    }
}

#[test]
fn a_relative_without_a_number_may_be_known_by_anything_or_nothing() {
    for (fields, filled) in [
        ("", [false; 4]),
        (r#""navn":{"etternavn":"Ó"}"#, [true, false, false, false]),
        (r#""foedselsdato":"1952-02-29""#, [false, true, false, false]),
        (r#""statsborgerskap":"XUK""#, [false, false, true, false]),
        (r#""kjoenn":"mann","navn":null"#, [false, false, false, true]),
    ] {
        let person = person(&format!(
            r#""familierelasjon":[{{"relatertPersonsRolle":"far",
                "relatertPersonUtenFolkeregisteridentifikator":{{{fields}}}}}]"#
        ));
        let relation = &person.family_relation[0];
        let relative = relation.related_person_without_identifier.as_ref().unwrap();
        let known = [
            relative.name.is_some(),
            relative.birth_date.is_some(),
            relative.citizenship.is_some(),
            relative.gender.is_some(),
        ];
        assert_eq!((known, &relation.related_person), (filled, &None), "{fields}");
    }
}
