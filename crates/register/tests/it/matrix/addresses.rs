//! The six kinds of address: what must be seen of them, and what a leak would look like.

use register::package::Package;
use register::part::{
    AddressConfidentiality, AddressProtection, ContactAddress, InformationPart, PartSet,
    PresentAddress, ResidentialAddress,
};
use register::person::Person;
use register::render::{Circumstances, masked_parts};
use serde_json::{Value, json};

use super::{expected, without_secret_texts};
use crate::support::{answer, grade_all};

const GRADES: [Option<AddressConfidentiality>; 5] = [None, OPEN, CLIENT, CONFIDENTIAL, STRICT];
const OPEN: Option<AddressConfidentiality> = Some(AddressConfidentiality::Unclassified);
const CLIENT: Option<AddressConfidentiality> = Some(AddressConfidentiality::ClientAddress);
const CONFIDENTIAL: Option<AddressConfidentiality> = Some(AddressConfidentiality::Confidential);
const STRICT: Option<AddressConfidentiality> = Some(AddressConfidentiality::StrictlyConfidential);

const DWELLINGS: [InformationPart; 3] = [
    InformationPart::ResidentialAddress,
    InformationPart::SharedResidence,
    InformationPart::PresentAddress,
];
const POSTAL: [InformationPart; 3] = [
    InformationPart::PostalAddress,
    InformationPart::ForeignPostalAddress,
    InformationPart::PreferredContactAddress,
];

/// What must be seen of an address that holds now and of one that is history, side by side. Rows
/// are the person's grade, columns the address's own. A letter is the grade that an address is
/// shown with in full: Unclassified, client Address, Confidential, Strictly confidential. `?` and
/// `!` are an item with nothing but the grade Confidential or StrictlyConfidential; a dot is
/// nothing.
type Grid = [&'static str; 6];

const DWELLINGS_FULL: Grid = [
    // missing, unclassified, client address, confidential, strictly confidential
    "CC UU AA CC ..", // a person without protection
    ".. .. .. .. ..", // with one that could not be read
    "CC UU AA CC ..", // unclassified
    "CC AA AA CC ..", // client address
    "CC CC CC CC ..", // confidential
    ".. .. .. .. ..", // strictly confidential
];
const DWELLINGS_RESTRICTED: Grid = [
    "?. UU .. ?. ..",
    ".. .. .. .. ..",
    "?. UU .. ?. ..",
    "?. .. .. ?. ..",
    "?. ?. ?. ?. ..",
    ".. .. .. .. ..",
];
/// The same in both packages while a change of protection waits to be read.
const DWELLINGS_UNCERTAIN: Grid = [
    "?. ?. ?. ?. ..",
    ".. .. .. .. ..",
    "?. ?. ?. ?. ..",
    "?. ?. ?. ?. ..",
    "?. ?. ?. ?. ..",
    ".. .. .. .. ..",
];
const POSTAL_FULL: Grid = [
    "CC UU AA CC S.",
    "C. U. A. C. S.",
    "CC UU AA CC S.",
    "CC UU AA CC S.",
    "CC UU AA CC S.",
    "C. U. A. C. S.",
];
const POSTAL_RESTRICTED: Grid = [
    "?. UU .. ?. !.",
    "?. U. .. ?. !.",
    "?. UU .. ?. !.",
    "?. UU .. ?. !.",
    "?. UU .. ?. !.",
    "?. U. .. ?. !.",
];
const POSTAL_UNCERTAIN: Grid = ["?. ?. ?. ?. !."; 6];

/// One set of circumstances: the person's grade and the addresses' own by their place in the
/// grids, and whether a change of protection waits to be read.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    row: usize,
    column: usize,
    pub uncertain: bool,
}

impl Cell {
    pub fn all() -> impl Iterator<Item = Self> {
        let columns = |row| (0..5).map(move |column| (row, column));
        let places = (0..6).flat_map(columns);
        places.flat_map(|(row, column)| {
            [false, true].map(|uncertain| Self { row, column, uncertain })
        })
    }

    pub fn circumstances(self) -> Circumstances {
        Circumstances { protection_uncertain: self.uncertain }
    }

    /// A person with the sample of every part, a protection and addresses of the cell's grades.
    pub fn person(self) -> Person {
        let mut person = Person::sample();
        person.address_protection = match self.row.checked_sub(1) {
            None => Vec::new(),
            Some(grade) => vec![protection(true, GRADES[grade])],
        };
        grade_all(&mut person, GRADES[self.column]);
        person
    }

    fn letter(self, part: InformationPart, package: Package, current: bool) -> u8 {
        let grid = match (DWELLINGS.contains(&part), self.uncertain, package) {
            (true, true, _) => DWELLINGS_UNCERTAIN,
            (true, false, Package::FullAccess) => DWELLINGS_FULL,
            (true, false, Package::RestrictedAccess) => DWELLINGS_RESTRICTED,
            (false, true, _) => POSTAL_UNCERTAIN,
            (false, false, Package::FullAccess) => POSTAL_FULL,
            (false, false, Package::RestrictedAccess) => POSTAL_RESTRICTED,
        };
        grid[self.row].as_bytes()[3 * self.column + usize::from(!current)]
    }
}

fn protection(current: bool, level: Option<AddressConfidentiality>) -> AddressProtection {
    AddressProtection {
        is_valid: Some(current),
        protection_level: level,
        ..AddressProtection::default()
    }
}

pub fn is_address(part: InformationPart) -> bool {
    DWELLINGS.contains(&part) || POSTAL.contains(&part)
}

/// What must be seen of one address.
pub fn expected_item(
    mut item: Value,
    part: InformationPart,
    package: Package,
    cell: Cell,
) -> Option<Value> {
    let current = item["isValid"] == true;
    let letter = cell.letter(part, package, current);
    let grade = match letter {
        b'U' => "Unclassified",
        b'A' => "ClientAddress",
        b'C' | b'?' => "Confidential",
        b'S' | b'!' => "StrictlyConfidential",
        b'.' => return None,
        other => panic!("{other} is no letter of a grid"),
    };
    if matches!(letter, b'?' | b'!') {
        assert!(current, "nothing is seen of the grade of an old address");
        return Some(json!({ "isValid": true, "addressConfidentiality": grade }));
    }
    item["addressConfidentiality"] = grade.into();
    Some(if package == Package::FullAccess { item } else { without_secret_texts(item) })
}

type Seeing = fn(&Person, Package, Circumstances, InformationPart, bool) -> Value;

/// Whether somebody who sees like this sees a part in some circumstances as the grids do not say.
fn is_mistaken(part: InformationPart, see: Seeing) -> bool {
    let ways = Package::ALL.map(|package| [false, true].map(|history| (package, history)));
    Cell::all().any(|cell| {
        let person = cell.person();
        ways.iter().flatten().any(|(package, history)| {
            let seen = see(&person, *package, cell.circumstances(), part, *history);
            seen != expected(&person, *package, part, *history, cell)
        })
    })
}

#[test]
fn the_matrix_would_catch_a_leak() {
    let leaks: [(&str, Seeing); 6] = [
        ("restricted access sees what full access sees", |person, _, circumstances, part, with| {
            answer(person, Package::FullAccess, circumstances, part, with)
        }),
        ("the person's grade is forgotten", |person, package, circumstances, part, with| {
            let open = Person { address_protection: Vec::new(), ..person.clone() };
            answer(&open, package, circumstances, part, with)
        }),
        ("an unreadable protection is none", |person, package, circumstances, part, with| {
            let mut open = person.clone();
            open.address_protection.retain(|item| item.protection_level.is_some());
            answer(&open, package, circumstances, part, with)
        }),
        ("a missing grade is an open one", |person, package, circumstances, part, with| {
            let mut open = person.clone();
            if open.residential_address[0].address_confidentiality.is_none() {
                grade_all(&mut open, OPEN);
            }
            answer(&open, package, circumstances, part, with)
        }),
        ("what waits to be read is forgotten", |person, package, _, part, with| {
            answer(person, package, Circumstances::default(), part, with)
        }),
        ("history comes unasked", |person, package, circumstances, part, _| {
            answer(person, package, circumstances, part, true)
        }),
    ];
    for part in DWELLINGS.into_iter().chain(POSTAL) {
        assert!(!is_mistaken(part, answer), "{part:?}");
        for (leak, see) in leaks {
            assert!(is_mistaken(part, see), "{part:?}: it is not noticed that {leak}");
        }
    }
}

#[test]
fn an_address_is_masked_where_restricted_access_does_not_see_it_whole() {
    for cell in Cell::all() {
        let masked = masked_parts(&cell.person(), &cell.circumstances());
        for part in InformationPart::ALL.iter().copied() {
            let open = cell.letter(part, Package::RestrictedAccess, true) == b'U';
            assert_eq!(masked.contains(part), is_address(part) && !open, "{part:?} {cell:?}");
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

fn seen(person: &Person, package: Package, part: InformationPart) -> Value {
    answer(person, package, Circumstances::default(), part, true)
}

fn addresses_seen(person: &Person, package: Package) -> Value {
    seen(person, package, InformationPart::ResidentialAddress)
}

#[test]
fn old_addresses_of_the_strictly_confidential_are_hidden_though_they_are_graded_open() {
    let person =
        living_at(vec![address(false, OPEN), address(true, OPEN)], vec![protection(true, STRICT)]);
    for package in Package::ALL {
        assert_eq!(addresses_seen(&person, package), Value::Null);
    }
}

#[test]
fn post_to_the_strictly_confidential_goes_to_the_open_box_they_have_now() {
    let mut items = ContactAddress::sample();
    items.truncate(2);
    let person = Person {
        postal_address: items,
        address_protection: vec![protection(true, STRICT)],
        ..Person::default()
    };
    for package in Package::ALL {
        let seen = seen(&person, package, InformationPart::PostalAddress);
        assert_eq!(seen.as_array().map(Vec::len), Some(1), "{package:?}");
        let name = &seen[0]["postBoxAddress"]["postBoxIdentification"];
        assert_eq!(*name, "Postboks 95 Leland", "{package:?}");
    }
}

#[test]
fn that_an_address_is_unknown_or_abroad_is_as_secret_as_a_street() {
    let stays = PresentAddress::sample().into_iter().skip(2);
    for stay in stays {
        assert!(stay.foreign_address.is_some() || stay.is_address_unknown == Some(true));
        let stay = PresentAddress { is_valid: Some(true), ..stay };
        let person = |level| Person {
            present_address: vec![stay.clone()],
            address_protection: vec![protection(true, level)],
            ..Person::default()
        };
        let part = InformationPart::PresentAddress;
        let masked = json!([{ "isValid": true, "addressConfidentiality": "Confidential" }]);
        assert_eq!(seen(&person(CONFIDENTIAL), Package::RestrictedAccess, part), masked);
        assert_eq!(seen(&person(STRICT), Package::RestrictedAccess, part), Value::Null);
        assert_eq!(seen(&person(STRICT), Package::FullAccess, part), Value::Null);
        let whole = seen(&person(CONFIDENTIAL), Package::FullAccess, part);
        assert_eq!(whole[0]["stayElsewhere"], json!(stay.stay_elsewhere));
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
    // Nothing at all looks like an address that nothing is seen of.
    assert!(masked(vec![], vec![]));
    assert!(masked(vec![], vec![protection(true, STRICT)]));
}

#[test]
fn a_person_without_addresses_has_every_address_masked() {
    let expected: PartSet = DWELLINGS.into_iter().chain(POSTAL).collect();
    assert_eq!(masked_parts(&Person::default(), &Circumstances::default()), expected);
}
