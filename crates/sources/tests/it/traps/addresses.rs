//! The traps of the addresses other than the residential one.

use register::part::{
    AddressConfidentiality, FreeFormPostalAddress, PresentAddress, StreetAddressForPost,
};
use register::person::Person;
use register::time::Day;
use sources::freg::document::Mapped;

use super::{mapped, person};

const GRADED: &str = r#""adressegradering":"ugradert""#;

/// A person with one item of this element.
fn with(element: &str, fields: &str) -> Person {
    person(&format!(r#""{element}":[{{{GRADED},{fields}}}]"#))
}

fn staying(fields: &str) -> PresentAddress {
    with("oppholdsadresse", fields).present_address.remove(0)
}

fn post_street(fields: &str) -> StreetAddressForPost {
    let mut person = with("postadresse", &format!(r#""vegadresse":{{{fields}}}"#));
    person.postal_address.remove(0).street_address.unwrap()
}

fn envelope(fields: &str) -> FreeFormPostalAddress {
    let mut person = with("postadresse", &format!(r#""postadresseIFrittFormat":{{{fields}}}"#));
    person.postal_address.remove(0).free_form_postal_address.unwrap()
}

#[test]
fn the_key_of_an_address_is_not_the_key_of_one_close_by() {
    let own = r#""adresseIdentifikatorFraMatrikkelen":"1""#;
    let close = r#""naerAdresseIdentifikatorFraMatrikkelen":"2""#;
    let keys = |fields: &str| {
        let shared = with("deltBosted", fields).shared_residence.remove(0);
        (shared.cadastral_identifier, shared.close_cadastral_identifier)
    };
    let [one, two] = ["1", "2"].map(|key| Some(key.to_owned()));
    assert_eq!(keys(&format!("{own},{close}")), (one.clone(), two.clone()));
    assert_eq!(keys(own), (one.clone(), None));
    assert_eq!(keys(close), (None, two));
    // A present and a postal address have their own key alone.
    let both = format!("{own},{close}");
    assert_eq!(staying(&both).cadastral_identifier, one);
    assert_eq!(staying(close).cadastral_identifier, None);
    assert_eq!(with("postadresse", &both).postal_address[0].cadastral_identifier, one);
    assert_eq!(with("postadresse", close).postal_address[0].cadastral_identifier, None);
}

#[test]
fn a_unit_number_that_names_no_dwelling_is_absent_in_every_address() {
    for (number, read) in [("", None), ("0000", None), ("H0101", Some("H0101"))] {
        let field = format!(r#""bruksenhetsnummer":"{number}""#);
        let stay = staying(&format!(r#""vegadresse":{{{field}}}"#)).street_address.unwrap();
        assert_eq!(stay.separately_occupied_unit_number.as_deref(), read);
        let farm = with("deltBosted", &format!(r#""matrikkeladresse":{{{field}}}"#));
        let farm = farm.shared_residence[0].cadastral_address.as_ref().unwrap();
        assert_eq!(farm.separately_occupied_unit_number.as_deref(), read);
        assert_eq!(post_street(&field).separately_occupied_unit_number.as_deref(), read);
    }
}

#[test]
fn a_street_code_keeps_its_zeros_in_every_address() {
    for code in ["06001", "6001"] {
        let field = format!(r#""adressekode":"{code}""#);
        let stay = staying(&format!(r#""vegadresse":{{{field}}}"#)).street_address.unwrap();
        assert_eq!(stay.address_code.as_deref(), Some(code));
        assert_eq!(post_street(&field).address_code.as_deref(), Some(code));
    }
}

#[test]
fn zeros_for_leasehold_and_sub_number_are_absent_in_every_address() {
    let zeros = r#""matrikkeladresse":{"matrikkelnummer":{"bruksnummer":0,"festenummer":0},
        "undernummer":0}"#;
    let stay = staying(zeros).cadastral_address.unwrap();
    let shared = with("deltBosted", zeros).shared_residence.remove(0).cadastral_address.unwrap();
    for address in [stay, shared] {
        let number = address.cadastral_number.unwrap();
        assert_eq!((address.sub_number, number.leasehold_number), (None, None));
        assert_eq!(number.title_number, Some(0));
    }
}

#[test]
fn the_postal_place_may_be_missing_everywhere() {
    assert_eq!(staying(r#""vegadresse":{"poststed":null}"#).street_address.unwrap().city, None);
    assert_eq!(staying(r#""matrikkeladresse":{}"#).cadastral_address.unwrap().city, None);
    assert_eq!(post_street("").city, None);
    assert_eq!(envelope("").city, None);
    let mut person = with("postadresse", r#""postboksadresse":{"postboks":"95"}"#);
    let post_box = person.postal_address.remove(0).post_box_address.unwrap();
    assert_eq!(post_box.post_box_identification.as_deref(), Some("95"));
    assert_eq!(post_box.city, None);
}

#[test]
fn the_words_of_a_post_box_stay_with_its_number() {
    let json = r#""postboksadresse":{"postboks":"Postboks 2094 Vika","postbokseier":""}"#;
    let post_box = with("postadresse", json).postal_address.remove(0).post_box_address.unwrap();
    assert_eq!(post_box.post_box_identification.as_deref(), Some("Postboks 2094 Vika"));
    assert_eq!(post_box.post_box_owner, None);
}

#[test]
fn a_street_to_live_in_and_one_to_send_post_to_are_read_each_in_their_own_way() {
    let street = r#""vegadresse":{"kommunenummer":"1804","bruksenhetstype":"bolig",
        "adressenavn":"Sjøgata","adressenummer":{"husnummer":"7","husbokstav":"C"}}"#;
    let living = staying(street).street_address.unwrap();
    assert_eq!(living.municipality_number.as_deref(), Some("1804"));
    assert!(living.separately_occupied_unit_type.is_some());
    // Municipality and kind of unit are not asked for where post is sent.
    let post = with("postadresse", street).postal_address.remove(0).street_address.unwrap();
    assert_eq!(post.address_name, living.address_name);
    assert_eq!(post.street_address_number, living.address_number);
    assert!(post.street_address_number.is_some());
}

#[test]
fn country_codes_of_no_standard_are_kept() {
    for code in ["YY", "XX", "XK", "SE"] {
        let fields = format!(r#""utenlandskAdresse":{{"landkode":"{code}"}}"#);
        let stay = staying(&fields).foreign_address.unwrap();
        assert_eq!(stay.country_code.as_deref(), Some(code));
        let post = with("postadresseIUtlandet", &fields).foreign_postal_address.remove(0);
        assert_eq!(post.foreign_address.unwrap().country_code.as_deref(), Some(code));
        let lines = format!(r#""utenlandskAdresseIFrittFormat":{{"landkode":"{code}"}}"#);
        let post = with("postadresseIUtlandet", &lines).foreign_postal_address.remove(0);
        assert_eq!(post.free_form_foreign_address.unwrap().country_code.as_deref(), Some(code));
    }
}

#[test]
fn lines_are_there_under_both_names_and_blank_ones_are_not() {
    let two = Some(vec!["Øvre gård".to_owned(), "Øvre gård".to_owned()]);
    for lines in [r#"["Øvre gård","Øvre gård"]"#, r#"["",null,"Øvre gård","  ","Øvre gård"]"#]
    {
        let read = envelope(&format!(r#""adresselinje":{lines}"#));
        assert_eq!((&read.adresselinje, &read.address_line), (&two, &two), "{lines}");
    }
    let alone = envelope(r#""adresselinje":"Øvre gård""#);
    assert_eq!(alone.address_line, Some(vec!["Øvre gård".to_owned()]));
    for nothing in ["[]", "null", r#""""#, r#"[""]"#] {
        let read = envelope(&format!(r#""adresselinje":{nothing}"#));
        assert_eq!(read, FreeFormPostalAddress::default(), "{nothing}");
    }
    let json = r#""preferertKontaktadresse":[{"valg":"postadresse",
        "kontaktadresseIFrittFormat":{"adresselinje":["A",7]}}]"#;
    let Mapped { person, unknown } = mapped(json);
    let chosen = person.preferred_contact_address[0].freeform_contact_address.as_ref().unwrap();
    assert_eq!(chosen.address_line, Some(vec!["A".to_owned()]));
    assert_eq!(unknown, ["preferertKontaktadresse"]);
}

#[test]
fn that_an_address_is_unknown_is_said_and_so_is_that_it_is_not() {
    for (field, read) in [
        (r#""adressenErUkjent":true"#, Some(true)),
        (r#""adressenErUkjent":"true""#, Some(true)),
        (r#""adressenErUkjent":false"#, Some(false)),
        (r#""adressenErUkjent":null"#, None),
    ] {
        assert_eq!(staying(field).is_address_unknown, read, "{field}");
    }
}

#[test]
fn a_contract_starts_on_a_day_in_norway() {
    let json = r#""startdatoForKontrakt":"2023-08-14T22:00:00Z",
        "sluttdatoForKontrakt":"2028-02-29""#;
    let shared = with("deltBosted", json).shared_residence.remove(0);
    assert_eq!(shared.contract_valid_from, Day::parse("2023-08-15").ok());
    assert_eq!(shared.contract_valid_to, Day::parse("2028-02-29").ok());
}

/// The own grade of a person's only address.
fn grade(person: Person) -> Option<AddressConfidentiality> {
    let shared = person.shared_residence.into_iter().map(|item| item.address_confidentiality);
    let present = person.present_address.into_iter().map(|item| item.address_confidentiality);
    let postal = person.postal_address.into_iter().map(|item| item.address_confidentiality);
    let foreign = person.foreign_postal_address.into_iter();
    let foreign = foreign.map(|item| item.address_confidentiality);
    let chosen = person.preferred_contact_address.into_iter();
    let chosen = chosen.map(|item| item.address_confidentiality);
    shared.chain(present).chain(postal).chain(foreign).chain(chosen).next().flatten()
}

#[test]
fn the_grade_of_any_address_is_confidential_unless_it_can_be_read() {
    use AddressConfidentiality::{ClientAddress, Confidential, StrictlyConfidential, Unclassified};
    // Of the retired one FREG may leave out the grade, so that there is nothing to count.
    const RETIRED: &str = "preferertKontaktadresse";
    let elements =
        ["deltBosted", "oppholdsadresse", "postadresse", "postadresseIUtlandet", RETIRED];
    for element in elements {
        for (fields, read, unread) in [
            ("", Confidential, element != RETIRED),
            (r#""adressegradering":"""#, Confidential, element != RETIRED),
            (r#""adressegradering":"klientadresseOgFortrolig""#, Confidential, true),
            (r#""adressegradering":7"#, Confidential, true),
            (r#""adressegradering":"ugradert""#, Unclassified, false),
            (r#""adressegradering":"klientadresse""#, ClientAddress, false),
            (r#""adressegradering":"fortrolig""#, Confidential, false),
            (r#""adressegradering":"strengtFortrolig""#, StrictlyConfidential, false),
        ] {
            let Mapped { person, unknown } = mapped(&format!(r#""{element}":[{{{fields}}}]"#));
            assert_eq!(grade(person), Some(read), "{element} {fields}");
            let counted: &[&str] = if unread { &[element] } else { &[] };
            assert_eq!(unknown, counted, "{element} {fields}");
        }
    }
}
