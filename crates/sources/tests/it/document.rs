//! Whole person documents.

use register::id::IdentityNumber;
use register::part::AddressConfidentiality;
use register::person::Person;
use serde::Serialize;
use serde_json::{Value, json};
use sources::freg::FormatError;
use sources::freg::document::{Document, ListedNumber, Mapped};

use crate::fixture;

fn mapped(file: &str) -> Mapped {
    Document::read(&fixture(file)).unwrap().into_person()
}

fn json_of(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap()
}

#[test]
fn every_field_of_every_mapped_element_arrives() {
    let Mapped { person, unknown } = mapped("person.json");
    assert_eq!(unknown, Vec::<&str>::new());
    let Person {
        name,
        norwegian_identification_number,
        birth,
        gender,
        status,
        address_protection,
        residential_address,
        family_relation,
        marital_status,
        death,
        identity_verification,
        birth_in_norway,
        citizenship,
        parental_responsibility,
        // The fields of the other elements are followed one by one from the files in `part`.
        ..
    } = person;
    assert_eq!(json_of(&name), names());
    assert_eq!(json_of(&norwegian_identification_number), numbers());
    assert_eq!(json_of(&birth), births());
    assert_eq!(
        json_of(&gender),
        json!([{ "isValid": true, "source": "KILDE_DSF", "gender": "Female" }])
    );
    assert_eq!(json_of(&status), statuses());
    assert_eq!(json_of(&address_protection), protections());
    assert_eq!(json_of(&residential_address), addresses());
    assert_eq!(json_of(&family_relation), relations());
    assert_eq!(json_of(&marital_status), marriages());
    assert_eq!(death, None);
    let verified = json!([{ "isValid": true, "identityVerificationStatus": "Verified" }]);
    assert_eq!(json_of(&identity_verification), verified);
    let single = json!([{ "isValid": true, "multipleBirthNumber": 11 }]);
    assert_eq!(json_of(&birth_in_norway), single);
    assert_eq!(json_of(&citizenship), json!([{ "isValid": true, "countryCode": "SWE" }]));
    assert_eq!(
        json_of(&parental_responsibility),
        json!([{
            "isValid": true,
            "responsibilityType": "Joint",
            "subjectOfResponsibility": "17811460079"
        }])
    );
}

fn names() -> Value {
    json!([
        {
            "isValid": true,
            "registeredAt": "2013-07-01T00:00:00+02:00",
            "source": "skatteetaten",
            "reason": "Navn",
            "validFrom": "2013-07-01T00:00:00+02:00",
            "givenName": "Åse Märta",
            "middleName": "Sæther",
            "familyName": "Ødegård",
            "shortName": "Ødegård Åse Märta S",
            "originalName": {
                "givenName": "Åsa", "middleName": "Märta", "familyName": "Sætherström"
            }
        },
        {
            "isValid": false,
            "validFrom": "2011-01-10T00:00:00+01:00",
            "validTo": "2013-07-01T00:00:00+02:00",
            "givenName": "Åse Märta",
            "familyName": "Sæther"
        }
    ])
}

fn numbers() -> Value {
    json!([
        {
            "isValid": false,
            "registeredAt": "2012-05-02T12:30:54.299406+02:00",
            "source": "KILDE_DSF",
            "reason": "Tildele d-nummer",
            "validFrom": "2011-01-10T00:00:00+01:00",
            "status": "Discontinued",
            "identificationNumber": "70888213099",
            "identificationNumberType": "DNumber"
        },
        {
            "isValid": true,
            "registeredAt": "2012-05-02T12:30:54.299406+02:00",
            "source": "KILDE_DSF",
            "reason": "Innvandring",
            "validFrom": "2012-05-02T00:00:00+02:00",
            "status": "InUse",
            "identificationNumber": "30888212120",
            "identificationNumberType": "NationalIdentityNumber"
        }
    ])
}

fn births() -> Value {
    json!([{
        "isValid": true,
        "source": "KILDE_DSF",
        "birthDate": "1982-08-30T00:00:00+00:00",
        "birthYear": "1982",
        "birthPlace": "Gällivare",
        "birthMunicipalityNumber": "5501",
        "birthCountry": "SWE"
    }])
}

fn statuses() -> Value {
    json!([
        {
            "isValid": true,
            "registeredAt": "2012-05-02T14:30:54+02:00",
            "source": "Synutopia",
            "reason": "Innvandring",
            "validFrom": "2012-05-02T00:00:00+02:00",
            "status": "Resident"
        },
        { "isValid": false, "validFrom": "2011-01-10T00:00:00+01:00", "status": "Temporary" }
    ])
}

fn protections() -> Value {
    json!([{
        "isValid": true,
        "registeredAt": "2012-05-02T12:30:54+02:00",
        "protectionLevel": "Unclassified"
    }])
}

fn addresses() -> Value {
    json!([
        {
            "isValid": true,
            "registeredAt": "2022-08-01T14:22:33.1234567+02:00",
            "source": "Matrikkelen",
            "reason": "Flytting innenlands",
            "validFrom": "2022-08-01T00:00:00+02:00",
            "streetAddress": {
                "municipalityNumber": "0301",
                "separatelyOccupiedUnitNumber": "H0203",
                "separatelyOccupiedUnitType": "Housing",
                "addressName": "Blåbærveien",
                "addressNumber": { "houseNumber": "8", "houseLetter": "B" },
                "addressCode": "06001",
                "addressAdditionalName": "Øvre gård",
                "city": { "cityName": "OSLO", "postalCode": "0265" },
                "coAddressName": "c/o Ås"
            },
            "cadastralIdentifier": "285693267",
            "closeCadastralIdentifier": "285693268",
            "addressConfidentiality": "Unclassified",
            "moveDate": "2022-08-01T00:00:00+00:00",
            "basicStatisticalUnit": 401,
            "constituency": 3,
            "schoolDistrict": 12,
            "churchDistrict": 7
        },
        {
            "isValid": false,
            "validFrom": "2015-01-01T00:00:00+01:00",
            "cadastralAddress": {
                "separatelyOccupiedUnitNumber": "H0101",
                "separatelyOccupiedUnitType": "HolidayHome",
                "cadastralNumber": {
                    "municipalityNumber": "3434",
                    "municipalityLandNumber": 45,
                    "titleNumber": 2,
                    "leaseholdNumber": 7
                },
                "subNumber": 1,
                "addressAdditionalName": "Søre",
                "city": { "cityName": "LOM", "postalCode": "2686" },
                "coAddressName": "Kari"
            },
            "addressConfidentiality": "ClientAddress",
            "moveDate": "2015-01-01T00:00:00+00:00"
        },
        {
            "isValid": false,
            "unknownResidence": { "municipalityNumber": "5501" },
            "addressConfidentiality": "Unclassified"
        }
    ])
}

fn relations() -> Value {
    json!([
        {
            "isValid": true,
            "registeredAt": "2014-11-20T08:00:00.5+01:00",
            "source": "forelder",
            "reason": "Fødsel",
            "validFrom": "2014-11-17T00:00:00+01:00",
            "relatedPerson": "17811460079",
            "relatedPersonsRole": "Child",
            "myRoleForRelatedPerson": "Mother"
        },
        {
            "isValid": true,
            "relatedPersonWithoutIdentifier": {
                "name": { "givenName": "Jürgen", "middleName": "von", "familyName": "Groß" },
                "birthDate": "1950-02-28T00:00:00+00:00",
                "citizenship": "DEU",
                "gender": "Male"
            },
            "relatedPersonsRole": "Father",
            "myRoleForRelatedPerson": "Child"
        }
    ])
}

fn marriages() -> Value {
    json!([{
        "isValid": true,
        "registeredAt": "2013-06-24T09:00:00+02:00",
        "source": "KILDE_DSF",
        "reason": "Vigsel",
        "validFrom": "2013-06-22T00:00:00+02:00",
        "status": "Married",
        "statusDate": "2013-06-22T00:00:00+00:00",
        "authority": "DEN_NORSKE_KIRKE",
        "municipalityNumber": "0301",
        "place": "Gamle Aker",
        "abroad": "SWE",
        "relatedByMaritalStatus": "05897921008"
    }])
}

#[test]
fn a_death_is_one_object() {
    let person = mapped("person-dead.json").person;
    assert_eq!(
        json_of(&person.death),
        json!({
            "isValid": true,
            "registeredAt": "2021-12-15T11:05:23.316149+01:00",
            "source": "Synutopia",
            "reason": "Dødsfall",
            "validFrom": "2020-12-22T11:05:23.316152+01:00",
            "deceasedDate": "2020-12-22T00:00:00+00:00"
        })
    );
    assert_eq!(json_of(&person.status), json!([{ "isValid": true, "status": "Deceased" }]));
}

#[test]
fn a_strictly_confidential_person_keeps_the_grades_that_freg_left_on_old_addresses() {
    let Mapped { person, unknown } = mapped("person-strictly-confidential.json");
    assert_eq!(unknown, Vec::<&str>::new());
    let levels: Vec<_> = person.address_protection.iter().map(|p| p.protection_level).collect();
    let strict = Some(AddressConfidentiality::StrictlyConfidential);
    assert_eq!(levels, [strict, Some(AddressConfidentiality::Confidential)]);
    assert_eq!(person.address_protection[0].is_valid, Some(true));
    assert_eq!(person.address_protection[1].is_valid, Some(false));
    // Masking history by the person's grade is the register's work, not the reader's.
    let open = Some(AddressConfidentiality::Unclassified);
    assert_eq!(person.residential_address[0].address_confidentiality, open);
}

#[test]
fn a_document_without_a_number_is_refused() {
    for body in [
        &fixture("person-without-number.json")[..],
        b"{}",
        br#"{"identifikasjonsnummer":null}"#,
        br#"{"identifikasjonsnummer":[{"foedselsEllerDNummer":"","status":"iBruk"}]}"#,
        br#"{"identifikasjonsnummer":[{"status":"iBruk"},null]}"#,
    ] {
        assert_eq!(Document::read(body).unwrap_err(), FormatError::NoNumber);
    }
}

#[test]
fn a_broken_document_is_refused_without_quoting_it() {
    let truncated = Document::read(&fixture("person-truncated.json")).unwrap_err();
    assert!(matches!(truncated, FormatError::Truncated { line: 20.., .. }), "{truncated}");
    let number = r#""identifikasjonsnummer":[{"foedselsEllerDNummer":"30888212120"}]"#;
    for body in [
        format!(r#"{{{number},"navn":"30888212120"}}"#),
        format!(r#"{{{number},"navn":[12]}}"#),
        format!(r#"{{{number},"bostedsadresse":[{{"vegadresse":"30888212120"}}]}}"#),
        format!(r#"{{{number},{number}}}"#),
        format!(r#"{{{number}}} trailing"#),
        format!(r#"{{{number},"navn":[{{"fornavn":"{}"}}]}}"#, "\u{1}"),
        "\"30888212120\"".to_owned(),
    ] {
        let error = Document::read(body.as_bytes()).unwrap_err();
        let said = format!("{error} {error:?}");
        assert!(!said.contains("30888212120") && error != FormatError::NoNumber, "{said}");
    }
    assert!(Document::read(b"{\"navn\":[{\"fornavn\":\"\xff\"}]}").is_err());
}

#[test]
fn no_part_of_a_document_passes_for_the_whole() {
    let whole = fixture("person.json");
    let end = whole.trim_ascii_end().len();
    for cut in 0..end {
        let error = Document::read(&whole[..cut]).unwrap_err();
        // A number cut behind its decimal point is no number, anything else is cut off.
        let in_number = whole[..cut].ends_with(b"2.");
        let truncated = matches!(error, FormatError::Truncated { .. });
        assert_ne!(truncated, in_number, "at {cut}: {error:?}");
    }
    assert!(Document::read(&whole[..end]).is_ok());
}

#[test]
fn numbers_come_primary_first_and_each_once() {
    let document = Document::read(&fixture("person.json")).unwrap();
    let listed = |number: &str, in_use, current| ListedNumber {
        number: IdentityNumber::new(number),
        in_use,
        current,
    };
    assert_eq!(
        document.numbers(),
        [listed("30888212120", true, true), listed("70888213099", false, false)]
    );

    let history = br#"{"identifikasjonsnummer":[
        {"foedselsEllerDNummer":"1","erGjeldende":false,"status":"iBruk",
         "gyldighetstidspunkt":"2001-01-01T00:00:00Z"},
        {"foedselsEllerDNummer":"2","erGjeldende":false,"status":"opphoert",
         "gyldighetstidspunkt":"2002-01-01T00:00:00Z"},
        {"foedselsEllerDNummer":"3","erGjeldende":false,"status":"opphoert",
         "gyldighetstidspunkt":"2003-01-01T00:00:00Z"},
        {"foedselsEllerDNummer":" 1 ","erGjeldende":true,"status":"opphoert",
         "gyldighetstidspunkt":"2000-01-01T00:00:00Z"}]}"#;
    assert_eq!(
        Document::read(history).unwrap().numbers(),
        [listed("1", false, true), listed("3", false, false), listed("2", false, false)],
        "of two entries for a number the current one counts; nothing is in use"
    );
}

#[test]
fn a_number_that_does_not_say_whether_it_is_current_is_judged_by_its_status() {
    let current = |entry: &str| {
        let json = format!(r#"{{"identifikasjonsnummer":{{"foedselsEllerDNummer":"1",{entry}}}}}"#);
        let document = Document::read(json.as_bytes()).unwrap();
        let listed = document.numbers().remove(0);
        let number = &document.into_person().person.norwegian_identification_number[0];
        assert_eq!(number.is_valid, Some(listed.current), "{entry}");
        (listed.in_use, listed.current)
    };
    assert_eq!(current(r#""status":"iBruk""#), (true, true));
    assert_eq!(current(r#""status":"opphoert""#), (false, false));
    assert_eq!(current(r#""status":"noeNytt""#), (false, true));
    assert_eq!(current(r#""status":"iBruk","opphoerstidspunkt":"2020-01-01""#), (false, false));
    assert_eq!(current(r#""status":"iBruk","erGjeldende":false"#), (false, false));
}

#[test]
fn a_document_shows_nothing_of_its_person() {
    let document = Document::read(&fixture("person.json")).unwrap();
    let shown = format!("{document:?} {:?}", document.numbers());
    assert!(!shown.contains("deg") && !shown.contains("3088"), "{shown}");
}
