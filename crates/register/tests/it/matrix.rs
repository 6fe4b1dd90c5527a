//! The rights: part × package × grade × history, against expectations written down here.
//!
//! Nothing here is taken from the rules in the crate. An expectation starts from the samples as
//! they are and says in JSON what each package must see of them.

use register::package::Package;
use register::part::{
    AddressConfidentiality, AddressProtection, InformationPart, MaritalStatus, PersonStatus,
    PersonStatusType, ResidentialAddress,
};
use register::person::Person;
use register::render::{Circumstances, masked_parts};
use serde_json::{Value, json};

use crate::support::{answer, property, served};

const GRADES: [(&str, Option<AddressConfidentiality>); 5] = [
    ("unknown", None),
    ("unclassified", Some(AddressConfidentiality::Unclassified)),
    ("client address", Some(AddressConfidentiality::ClientAddress)),
    ("confidential", Some(AddressConfidentiality::Confidential)),
    ("strictly confidential", Some(AddressConfidentiality::StrictlyConfidential)),
];

/// What must be seen of a current address. Rows are the person's grade, columns the address's, in
/// the order of `GRADES`; the first row is a person without any protection. A letter is the grade
/// the address is shown with in full; `?` is an item that has only the grade Confidential; a dot
/// is nothing.
const FULL_ACCESS: [[char; 5]; 6] = [
    // unknown, unclassified, client address, confidential, strictly confidential
    ['C', 'U', 'A', 'C', '.'], // no protection
    ['.', '.', '.', '.', '.'], // unknown
    ['C', 'U', 'A', 'C', '.'], // unclassified
    ['C', 'A', 'A', 'C', '.'], // client address
    ['C', 'C', 'C', 'C', '.'], // confidential
    ['.', '.', '.', '.', '.'], // strictly confidential
];
const RESTRICTED: [[char; 5]; 6] = [
    ['?', 'U', '.', '?', '.'], // no protection
    ['.', '.', '.', '.', '.'], // unknown
    ['?', 'U', '.', '?', '.'], // unclassified
    ['?', '.', '.', '?', '.'], // client address
    ['?', '?', '?', '?', '.'], // confidential
    ['.', '.', '.', '.', '.'], // strictly confidential
];
/// The same in both packages while a change of protection waits to be read.
const UNCERTAIN: [[char; 5]; 6] = [
    ['?', '?', '?', '?', '.'], // no protection
    ['.', '.', '.', '.', '.'], // unknown
    ['?', '?', '?', '?', '.'], // unclassified
    ['?', '?', '?', '?', '.'], // client address
    ['?', '?', '?', '?', '.'], // confidential
    ['.', '.', '.', '.', '.'], // strictly confidential
];

/// A person with the sample of every part, a protection and addresses of a given grade.
fn person(row: usize, column: usize) -> Person {
    let mut person = Person::sample();
    person.address_protection = match row.checked_sub(1) {
        None => Vec::new(),
        Some(grade) => vec![protection(true, GRADES[grade].1)],
    };
    for address in &mut person.residential_address {
        address.address_confidentiality = GRADES[column].1;
    }
    person
}

fn protection(current: bool, level: Option<AddressConfidentiality>) -> AddressProtection {
    AddressProtection {
        is_valid: Some(current),
        protection_level: level,
        ..AddressProtection::default()
    }
}

/// The items of a part as they are, current ones first, before any right is looked at.
fn raw(person: &Person, part: InformationPart) -> Vec<Value> {
    let json = match part {
        InformationPart::Name => json!(person.name),
        InformationPart::NorwegianIdentificationNumber => {
            json!(person.norwegian_identification_number)
        }
        InformationPart::Birth => json!(person.birth),
        InformationPart::Gender => json!(person.gender),
        InformationPart::Status => json!(person.status),
        InformationPart::AddressProtection => json!(person.address_protection),
        InformationPart::ResidentialAddress => json!(person.residential_address),
        InformationPart::FamilyRelation => json!(person.family_relation),
        InformationPart::MaritalStatus => json!(person.marital_status),
        InformationPart::Death => json!([person.death]),
        other => panic!("{other:?} is served: write down here what each package sees of it"),
    };
    json.as_array().cloned().unwrap_or_default()
}

/// Takes away the free texts of the samples that restricted access must not read.
fn without_secret_texts(mut item: Value) -> Value {
    const OPEN: [&str; 10] = [
        "KILDE_DSF",
        "skatteetaten",
        "FREG automatisk",
        "folkeregistermyndigheten",
        "Matrikkelen",
        "Navn",
        "Tildele d-nummer",
        "Fødsel",
        "Patch",
        "Flytting innenlands",
    ];
    for field in ["source", "reason"] {
        if item[field].as_str().is_none_or(|text| !OPEN.contains(&text)) {
            remove(&mut item, &[field]);
        }
    }
    item
}

fn remove(item: &mut Value, fields: &[&str]) {
    let object = item.as_object_mut().expect("an item is an object");
    for field in fields {
        object.remove(*field);
    }
}

fn with_grade(mut item: Value, letter: char) -> Value {
    item["addressConfidentiality"] = match letter {
        'U' => "Unclassified".into(),
        'A' => "ClientAddress".into(),
        'C' => "Confidential".into(),
        other => panic!("{other} is no grade"),
    };
    item
}

/// What must be seen of an address.
fn expected_address(item: Value, letter: char, package: Package) -> Option<Value> {
    let current = item["isValid"] == true;
    match (letter, package) {
        ('.', _) => None,
        ('?', _) if current => {
            Some(json!({ "isValid": true, "addressConfidentiality": "Confidential" }))
        }
        ('?', _) => None,
        (letter, Package::FullAccess) => Some(with_grade(item, letter)),
        (letter, Package::RestrictedAccess) => Some(without_secret_texts(with_grade(item, letter))),
    }
}

/// What restricted access must see of an item that is no address.
fn expected_restricted(part: InformationPart, mut item: Value) -> Option<Value> {
    let current = item["isValid"] == true;
    match part {
        InformationPart::Name | InformationPart::NorwegianIdentificationNumber => {
            Some(without_secret_texts(item))
        }
        InformationPart::Birth
        | InformationPart::Gender
        | InformationPart::AddressProtection
        | InformationPart::Death
        // The sample's current status is Emigrated, which is open.
        | InformationPart::Status => current.then(|| without_secret_texts(item)),
        InformationPart::MaritalStatus => {
            remove(&mut item, &["source", "reason", "relatedByMaritalStatus"]);
            current.then_some(item)
        }
        InformationPart::FamilyRelation => None,
        other => panic!("{other:?} is served: write down here what restricted access sees of it"),
    }
}

/// What must be seen of a part.
fn expected(
    person: &Person,
    package: Package,
    part: InformationPart,
    history: bool,
    letter: char,
) -> Value {
    let items = raw(person, part).into_iter().filter(|item| history || item["isValid"] == true);
    let seen: Vec<Value> = items
        .filter_map(|item| match (part, package) {
            (InformationPart::ResidentialAddress, _) => expected_address(item, letter, package),
            (_, Package::FullAccess) => Some(item),
            (_, Package::RestrictedAccess) => expected_restricted(part, item),
        })
        .collect();
    match part {
        _ if seen.is_empty() => Value::Null,
        InformationPart::Death => seen[0].clone(),
        _ => seen.into(),
    }
}

#[test]
fn every_package_sees_of_every_part_what_is_written_here() {
    let mut cells = 0;
    for (row, column) in (0..6).flat_map(|row| (0..5).map(move |column| (row, column))) {
        let person = person(row, column);
        for (package, grid) in
            [(Package::FullAccess, FULL_ACCESS), (Package::RestrictedAccess, RESTRICTED)]
        {
            for (uncertain, grid) in [(false, grid), (true, UNCERTAIN)] {
                for part in served() {
                    for history in [false, true] {
                        let circumstances = Circumstances { protection_uncertain: uncertain };
                        let seen = answer(&person, package, circumstances, part, history);
                        let letter = grid[row][column];
                        assert_eq!(
                            seen,
                            expected(&person, package, part, history, letter),
                            "{package:?} {part:?} history {history} uncertain {uncertain} \
                             person {row} address {}",
                            GRADES[column].0
                        );
                        cells += 1;
                    }
                }
            }
        }
    }
    assert_eq!(cells, 6 * 5 * 2 * 2 * served().count() * 2);
}

#[test]
fn an_address_is_masked_where_restricted_access_does_not_see_it_whole() {
    for (row, column) in (0..6).flat_map(|row| (0..5).map(move |column| (row, column))) {
        for (uncertain, grid) in [(false, RESTRICTED), (true, UNCERTAIN)] {
            let circumstances = Circumstances { protection_uncertain: uncertain };
            let masked = masked_parts(&person(row, column), &circumstances);
            assert_eq!(
                masked.contains(InformationPart::ResidentialAddress),
                grid[row][column] != 'U',
                "person {row} address {} uncertain {uncertain}",
                GRADES[column].0
            );
            assert!(!masked.contains(InformationPart::Name));
        }
    }
}

fn address(current: bool, grade: Option<AddressConfidentiality>) -> ResidentialAddress {
    ResidentialAddress {
        is_valid: Some(current),
        address_confidentiality: grade,
        ..ResidentialAddress::sample().remove(0)
    }
}

fn living_at(addresses: Vec<ResidentialAddress>, levels: Vec<AddressProtection>) -> Person {
    Person { residential_address: addresses, address_protection: levels, ..Person::default() }
}

fn addresses_seen(person: &Person, package: Package) -> Value {
    let part = InformationPart::ResidentialAddress;
    answer(person, package, Circumstances::default(), part, true)
}

const OPEN: Option<AddressConfidentiality> = Some(AddressConfidentiality::Unclassified);
const CLIENT: Option<AddressConfidentiality> = Some(AddressConfidentiality::ClientAddress);
const CONFIDENTIAL: Option<AddressConfidentiality> = Some(AddressConfidentiality::Confidential);
const STRICT: Option<AddressConfidentiality> = Some(AddressConfidentiality::StrictlyConfidential);

#[test]
fn old_addresses_of_the_strictly_confidential_are_hidden_though_they_are_graded_open() {
    let person =
        living_at(vec![address(false, OPEN), address(true, OPEN)], vec![protection(true, STRICT)]);
    for package in Package::ALL {
        assert_eq!(addresses_seen(&person, package), Value::Null);
    }
}

#[test]
fn the_strictest_level_that_holds_now_counts() {
    let open = vec![address(true, OPEN)];
    let seen = |levels| addresses_seen(&living_at(open.clone(), levels), Package::FullAccess);
    let shown = |levels| seen(levels) != Value::Null;
    assert!(!shown(vec![protection(true, OPEN), protection(true, STRICT)]));
    assert!(!shown(vec![protection(true, STRICT), protection(true, CONFIDENTIAL)]));
    assert!(!shown(vec![protection(true, None), protection(true, OPEN)]));
    // A protection that is history holds no longer; one that is not said to be history does.
    assert!(shown(vec![
        protection(true, OPEN),
        protection(false, STRICT),
        protection(false, None)
    ]));
    let unsaid = AddressProtection { is_valid: None, ..protection(true, STRICT) };
    assert!(!shown(vec![unsaid]));
}

#[test]
fn each_address_has_its_own_grade() {
    let person = living_at(
        vec![address(true, OPEN), address(false, CLIENT), address(false, CONFIDENTIAL)],
        Vec::new(),
    );
    let grades = |package| {
        let seen = addresses_seen(&person, package);
        let items = seen.as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["addressConfidentiality"].clone()).collect::<Value>()
    };
    assert_eq!(
        grades(Package::FullAccess),
        json!(["Unclassified", "ClientAddress", "Confidential"])
    );
    assert_eq!(grades(Package::RestrictedAccess), json!(["Unclassified"]));
}

#[test]
fn whether_an_address_counts_as_masked_hangs_on_what_holds_now() {
    let masked = |addresses, levels| {
        masked_parts(&living_at(addresses, levels), &Circumstances::default())
            .contains(InformationPart::ResidentialAddress)
    };
    // What holds now is seen, so its events are: an old secret must not hide a new move.
    assert!(!masked(vec![address(true, OPEN), address(false, CLIENT)], vec![]));
    assert!(masked(vec![address(true, CLIENT), address(false, OPEN)], vec![]));
    // Nothing holds now: history decides.
    assert!(!masked(vec![address(false, CLIENT), address(false, OPEN)], vec![]));
    assert!(masked(vec![address(false, CLIENT), address(false, None)], vec![]));
    // Nothing at all: the person's grade decides.
    assert!(!masked(vec![], vec![]));
    assert!(masked(vec![], vec![protection(true, STRICT)]));
    assert!(!masked(vec![], vec![protection(false, STRICT)]));
}

#[test]
fn restricted_access_sees_five_statuses_and_the_others_as_one() {
    use PersonStatusType::{Deceased, Discontinued, Emigrated, Inactive, Resident};
    let statuses = PersonStatusType::ALL.iter().copied().map(Some).chain([None]);
    for status in statuses {
        let open = [Resident, Emigrated, Deceased, Discontinued, Inactive];
        let is_open = status.is_some_and(|status| open.contains(&status));
        let item = PersonStatus {
            is_valid: Some(true),
            source: Some("skatteetaten".to_owned()),
            reason: Some("Patch".to_owned()),
            status,
            ..PersonStatus::default()
        };
        let person = Person { status: vec![item.clone()], ..Person::default() };
        let part = InformationPart::Status;
        let seen = |package| answer(&person, package, Circumstances::default(), part, true);
        assert_eq!(seen(Package::FullAccess), json!([item]));
        let expected = if is_open {
            json!([item])
        } else {
            // Without reason and source, for an Active from the source too: all look alike.
            json!([{ "isValid": true, "status": "Active" }])
        };
        assert_eq!(seen(Package::RestrictedAccess), expected, "{status:?}");
    }
}

#[test]
fn marital_statuses_look_alike_with_a_spouse_and_without() {
    let with = MaritalStatus::sample().remove(0);
    let without = MaritalStatus { related_by_marital_status: None, ..with.clone() };
    let [with, without] = [with, without].map(|item| {
        let person = Person { marital_status: vec![item], ..Person::default() };
        let part = InformationPart::MaritalStatus;
        answer(&person, Package::RestrictedAccess, Circumstances::default(), part, true)
    });
    assert_eq!(with, without);
    assert_eq!(with[0]["place"], "Førde kyrkje");
}

#[test]
fn the_matrix_covers_every_served_part() {
    let person = Person::sample();
    for part in served() {
        assert!(!raw(&person, part).is_empty(), "{}", property(part));
    }
}
