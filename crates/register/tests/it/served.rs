//! The served form: what is written is read back, and rubbish is refused.

use proptest::prelude::*;
use register::package::Package;
use register::part::{Death, InformationPart, PartSet};
use register::person::Person;
use register::render::{Circumstances, RenderError, ServedForm, differing_parts, render};
use serde_json::{Value, json};

use crate::support::{ID, answer_text, property, served};

fn sample_form() -> Vec<u8> {
    render(&Person::sample(), Package::FullAccess, &Circumstances::default())
}

/// The names of the answer's own properties, in the text's order: the JSON reader sorts them.
fn properties(text: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(text).expect("the answer is JSON");
    let own = value.as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let mut names: Vec<_> = own.collect();
    names.sort_by_key(|name| top_level(text, &format!("\"{name}\":")));
    names
}

/// Where a text stands outside any nested object or array.
fn top_level(text: &str, wanted: &str) -> Option<usize> {
    text.match_indices(wanted).map(|(place, _)| place).find(|place| {
        let count = |letter| text[..*place].matches(letter).count();
        count('{') == count('}') + 1 && count('[') == count(']')
    })
}

#[test]
fn an_answer_holds_the_chosen_parts_in_the_lists_order_then_id_and_number() {
    let text = answer_text(&sample_form(), PartSet::ALL, true);
    assert_eq!(
        properties(&text),
        [
            "name",
            "norwegianIdentificationNumber",
            "birth",
            "gender",
            "status",
            "addressProtection",
            "residentialAddress",
            "familyRelation",
            "maritalStatus",
            "death",
            "sharedResidence",
            "presentAddress",
            "postalAddress",
            "foreignPostalAddress",
            "preferredContactAddress",
            "falseIdentity",
            "parentalResponsibility",
            "identityVerification",
            "immigrationToNorway",
            "emigrationFromNorway",
            "residuaryEstateContactInformation",
            "identificationDocument",
            "citizenship",
            "citizenshipRetention",
            "residencePermit",
            "birthInNorway",
            "stayOnSvalbard",
            "guardianshipOrFuturePowerOfAttorney",
            "legalAuthority",
            "deprivedLegalAuthority",
            "foreignPersonIdentificationNumber",
            "immigrationAuthoritiesIdentificationNumber",
            "useOfSamiLanguage",
            "samiParliamentElectoralRegistryStatus",
            "commonContactRegisterInformation",
            "id",
            "sequenceNumber",
        ]
    );
    let end = r#","id":"1f0e3dad-9990-4345-9743-9f2fd5a88a11","sequenceNumber":7}"#;
    assert!(text.ends_with(end));
    for part in served() {
        let one = answer_text(&sample_form(), PartSet::of(&[part]), true);
        let whole: Value = serde_json::from_str(&text).expect("JSON");
        let alone: Value = serde_json::from_str(&one).expect("JSON");
        assert_eq!(alone[property(part)], whole[property(part)]);
        assert_eq!(
            properties(&one),
            [property(part), "id".to_owned(), "sequenceNumber".to_owned()]
        );
    }
}

#[test]
fn nothing_chosen_or_nothing_known_leaves_id_and_number() {
    let empty = render(&Person::default(), Package::FullAccess, &Circumstances::default());
    assert_eq!(empty, [1, 0]);
    for (form, parts) in [(empty, PartSet::ALL), (sample_form(), PartSet::EMPTY)] {
        let answer: Value = serde_json::from_str(&answer_text(&form, parts, true)).expect("JSON");
        assert_eq!(answer, json!({ "id": ID, "sequenceNumber": 7 }));
    }
}

#[test]
fn numbers_of_any_size_are_spliced_in() {
    for sequence in [0, -1, i64::MAX, i64::MIN] {
        let (mut out, form) = (b"[".to_vec(), sample_form());
        let served = ServedForm::read(&form).expect("a form");
        served.write_json(&mut out, ID, sequence, PartSet::EMPTY, false);
        assert!(out.starts_with(b"[{\"id\":"), "what was there stays");
        assert!(out.ends_with(format!("\"sequenceNumber\":{sequence}}}").as_bytes()));
    }
}

#[test]
fn a_stub_is_a_discontinued_person_and_nothing_else() {
    for package in Package::ALL {
        let form = render(&Person::stub(), package, &Circumstances::default());
        let answer: Value =
            serde_json::from_str(&answer_text(&form, PartSet::ALL, true)).expect("JSON");
        assert_eq!(
            answer,
            json!({
                "status": [{ "isValid": true, "status": "Discontinued" }],
                "id": ID,
                "sequenceNumber": 7,
            })
        );
    }
}

#[test]
fn a_single_part_that_is_history_appears_only_with_history() {
    let annulled = Death { is_valid: Some(false), ..Death::sample() };
    let person = Person { death: Some(annulled), ..Person::default() };
    let death = PartSet::of(&[InformationPart::Death]);
    let full = render(&person, Package::FullAccess, &Circumstances::default());
    assert!(answer_text(&full, death, true).starts_with(r#"{"death":{"isValid":false,"#));
    assert!(!answer_text(&full, death, false).contains("death"));
    assert_eq!(ServedForm::read(&full).map(|form| form.parts(true)), Ok(death));
    assert_eq!(ServedForm::read(&full).map(|form| form.parts(false)), Ok(PartSet::EMPTY));
    let restricted = render(&person, Package::RestrictedAccess, &Circumstances::default());
    assert_eq!(restricted, [1, 0]);
}

#[test]
fn values_that_say_nothing_are_left_out() {
    use register::part::{Birth, City, ResidentialAddress, StreetAddress};
    let nothing = StreetAddress { city: Some(City::default()), ..StreetAddress::default() };
    let address = ResidentialAddress {
        basic_statistical_unit: Some(0),
        cadastral_identifier: Some(String::new()),
        street_address: Some(nothing),
        ..ResidentialAddress::default()
    };
    let person = Person {
        residential_address: vec![address],
        birth: vec![Birth::default()],
        ..Person::default()
    };
    let form = render(&person, Package::FullAccess, &Circumstances::default());
    let answer: Value =
        serde_json::from_str(&answer_text(&form, PartSet::ALL, true)).expect("JSON");
    let address = json!([{ "basicStatisticalUnit": 0, "addressConfidentiality": "Confidential" }]);
    assert_eq!(answer["residentialAddress"], address);
    assert_eq!(answer.get("birth"), None);
}

#[test]
fn a_fragment_from_a_newer_program_is_passed_over() {
    let mut form = vec![1, 2];
    form.extend([250, 3, 0, 0, 0, 5, 0, 0, 0]);
    form.extend([4, 2, 0, 0, 0, 2, 0, 0, 0]);
    form.extend(b"xyzzy{}");
    let text = answer_text(&form, PartSet::ALL, true);
    assert!(text.starts_with(r#"{"gender":[{}],"id""#), "{text}");
}

#[test]
fn what_render_did_not_write_is_refused() {
    let refused = |form: &[u8]| ServedForm::read(form).err();
    assert_eq!(refused(&[]), Some(RenderError::Short));
    assert_eq!(refused(&[1]), Some(RenderError::Short));
    assert_eq!(refused(&[0, 0]), Some(RenderError::Version(0)));
    assert_eq!(refused(&[2, 0]), Some(RenderError::Version(2)));
    assert_eq!(refused(&[1, 1, 4]), Some(RenderError::Short));
    assert_eq!(refused(&[1, 0, b'x']), Some(RenderError::Index));
    let current_beyond_total = [1, 1, 4, 3, 0, 0, 0, 2, 0, 0, 0, b'{', b'}'];
    assert_eq!(refused(&current_beyond_total), Some(RenderError::Index));
    let form = sample_form();
    for len in 0..form.len() {
        assert!(refused(&form[..len]).is_some(), "cut to {len} of {}", form.len());
    }
}

/// Reads, and writes every answer there is when it can be read.
fn exercise(form: &[u8]) {
    if let Ok(served) = ServedForm::read(form) {
        for history in [false, true] {
            let mut out = Vec::new();
            served.write_json(&mut out, ID, 1, served.parts(true), history);
            assert!(out.len() <= form.len() + 1000);
        }
    }
}

proptest! {
    #[test]
    fn rubbish_never_panics(rubbish in prop::collection::vec(any::<u8>(), 0..400)) {
        exercise(&rubbish);
    }

    #[test]
    fn rubbish_with_a_header_never_panics(
        count in 0_u8..4,
        index in prop::collection::vec(0_u8..8, 0..40),
    ) {
        let mut form = vec![1, count];
        form.extend(index);
        exercise(&form);
    }

    #[test]
    fn a_changed_byte_never_panics(place in any::<prop::sample::Index>(), byte: u8) {
        let mut form = sample_form();
        let place = place.index(form.len());
        form[place] = byte;
        exercise(&form);
    }

    #[test]
    fn without_history_is_a_prefix_of_with_history(
        valid in prop::collection::vec(any::<Option<bool>>(), 0..6),
    ) {
        let mut person = Person::default();
        for is_valid in &valid {
            let name = Person::sample().name.remove(0);
            person.name.push(register::part::PersonName { is_valid: *is_valid, ..name });
        }
        let form = render(&person, Package::RestrictedAccess, &Circumstances::default());
        let name = PartSet::of(&[InformationPart::Name]);
        let whole = answer_text(&form, name, true);
        let current = answer_text(&form, name, false);
        let holding = valid.iter().filter(|is_valid| **is_valid != Some(false)).count();
        let answer: Value = serde_json::from_str(&current).expect("JSON");
        prop_assert_eq!(answer["name"].as_array().map_or(0, Vec::len), holding);
        let (items, _) = current.split_once("],\"id\"").unwrap_or_default();
        prop_assert!(whole.starts_with(items));
    }
}

#[test]
fn two_forms_differ_in_the_parts_that_do_not_say_the_same() {
    let sample = sample_form();
    let whole = ServedForm::read(&sample).unwrap();
    assert_eq!(differing_parts(&whole, &whole), PartSet::EMPTY);
    let empty = render(&Person::default(), Package::FullAccess, &Circumstances::default());
    let nothing = ServedForm::read(&empty).unwrap();
    assert_eq!(differing_parts(&whole, &nothing), whole.parts(true));
    assert_eq!(differing_parts(&nothing, &whole), whole.parts(true));

    let mut person = Person::sample();
    person.death = None;
    for name in &mut person.name {
        // Which items hold now is a difference too: the text of an answer without history is.
        name.is_valid = Some(false);
    }
    let other = render(&person, Package::FullAccess, &Circumstances::default());
    let other = ServedForm::read(&other).unwrap();
    let expected = PartSet::of(&[InformationPart::Death, InformationPart::Name]);
    assert_eq!(differing_parts(&whole, &other), expected);
    assert_eq!(other.items(InformationPart::Death), None);
    assert!(whole.items(InformationPart::Death).is_some_and(|items| items.starts_with(b"{")));
}
