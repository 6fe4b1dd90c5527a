//! The people of the search tests. Each is there for a trap; they come into the register in this
//! order.

use std::collections::HashMap;

use jiff::civil::Date;
use register::event::EventType;
use register::id::PersonId;
use register::part::{
    AddressConfidentiality as Grade, AddressProtection, Birth, City, Death, Gender, PersonGender,
    PersonName, PersonStatus, PersonStatusType as Status, PresentAddress, ResidentialAddress,
    SharedResidence, StreetAddress, StreetAddressNumber,
};
use register::person::Person;
use register::render::Circumstances;
use register::search::rows;
use register::time::Day;
use store::{PersonWrite, Store, WriteBatch};

use crate::support::*;

pub const NAMES: [&str; 20] = [
    "kari",
    "ola",
    "bjorn",
    "double",
    "obrien",
    "secret",
    "strict",
    "client",
    "moved",
    "present",
    "shared",
    "dead",
    "yearonly",
    "temporary",
    "alternate",
    "ivan",
    "hansen",
    "hanssen",
    "stub",
    "nobody",
];

pub struct People {
    ids: HashMap<PersonId, &'static str>,
}

impl People {
    pub async fn write(store: &Store) -> People {
        let mut batch = arrivals(1..=NAMES.len() as u32);
        for (write, name) in batch.persons.iter_mut().zip(NAMES) {
            write.alternate = name == "alternate";
            let mut rows = rows(&person(name), &Circumstances::default());
            rows.facets = rows.facets.with_alternate(write.alternate);
            write.search = Some(rows);
        }
        store.commit(&batch).await.expect("the batch is written");
        let ids = batch.persons.iter().map(|write| write.id).zip(NAMES);
        People { ids: ids.collect() }
    }

    /// The names of those who were found, in their order.
    pub fn named(&self, found: &[PersonId]) -> String {
        found.iter().map(|id| self.ids[id]).collect::<Vec<_>>().join(" ")
    }

    pub async fn rename(&self, store: &Store, name: &str, given: &str, family: &str) {
        let mut changed = person(name);
        changed.name = vec![called(given, "", family)];
        self.change(store, name, &changed).await;
    }

    pub async fn becomes_stub(&self, store: &Store, name: &str) {
        self.change(store, name, &Person::stub()).await;
    }

    async fn change(&self, store: &Store, name: &str, changed: &Person) {
        let n = 1 + NAMES.iter().position(|known| *known == name).expect("one of us") as u32;
        let search = Some(rows(changed, &Circumstances::default()));
        let batch = WriteBatch {
            persons: vec![PersonWrite { new: false, search, ..new_person(n) }],
            events: vec![event(n.into(), EventType::ChangeInPerson)],
            ..WriteBatch::default()
        };
        store.commit(&batch).await.expect("the batch is written");
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn called(given: &str, middle: &str, family: &str) -> PersonName {
    PersonName {
        given_name: text(given),
        middle_name: text(middle),
        family_name: text(family),
        ..PersonName::default()
    }
}

/// `0301 0155 Oslo, Storgata 12B`.
fn street(address: &str) -> StreetAddress {
    let (place, rest) = address.split_once(", ").expect("a comma");
    let (name, number) = rest.rsplit_once(' ').expect("a number");
    let place: Vec<&str> = place.splitn(3, ' ').collect();
    let letter = number.trim_start_matches(|c: char| c.is_ascii_digit());
    StreetAddress {
        municipality_number: text(place[0]),
        address_name: text(name),
        address_number: Some(StreetAddressNumber {
            house_number: text(number.trim_end_matches(|c: char| !c.is_ascii_digit())),
            house_letter: text(letter),
        }),
        city: Some(City { city_name: text(place[2]), postal_code: text(place[1]) }),
        ..StreetAddress::default()
    }
}

fn lives(address: &str, grade: Grade) -> Vec<ResidentialAddress> {
    vec![ResidentialAddress {
        street_address: Some(street(address)),
        address_confidentiality: Some(grade),
        full_basic_statistical_unit_number: Some(format!("{}0401", &address[..4])),
        ..ResidentialAddress::default()
    }]
}

fn born(year: i16, month: i8, day: i8) -> Vec<Birth> {
    let date = Day::from(Date::constant(year, month, day));
    vec![Birth { birth_date: Some(date), ..Birth::default() }]
}

fn is(status: Status) -> Vec<PersonStatus> {
    vec![PersonStatus { status: Some(status), ..PersonStatus::default() }]
}

fn resident(name: PersonName, gender: Gender, birth: Vec<Birth>, address: &str) -> Person {
    Person {
        name: vec![name],
        gender: vec![PersonGender { gender: Some(gender), ..PersonGender::default() }],
        birth,
        status: is(Status::Resident),
        residential_address: lives(address, Grade::Unclassified),
        ..Person::default()
    }
}

fn graded(person: Person, address: &str, grade: Grade) -> Person {
    Person { residential_address: lives(address, grade), ..person }
}

fn protected(person: Person, level: Grade) -> Person {
    let protection =
        AddressProtection { protection_level: Some(level), ..AddressProtection::default() };
    Person { address_protection: vec![protection], ..person }
}

const OSLO: &str = "0301 0155 OSLO, Storgata 12B";
const LOM: &str = "3434 2686 LOM, Sognefjellsvegen 3";

fn person(name: &str) -> Person {
    use Gender::{Female, Male};
    match name {
        "kari" => resident(called("Kari Anne", "Berg", "Nordmann"), Female, born(1980, 5, 1), OSLO),
        "ola" => resident(
            called("Ola", "", "Nordmann"),
            Male,
            born(1980, 5, 2),
            "0301 0155 OSLO, Storgata 12",
        ),
        "bjorn" => resident(called("Bjørn Åge", "", "Sæther"), Male, born(1950, 1, 31), LOM),
        "double" => resident(
            called("Anne-Marie", "", "Berg-Hansen"),
            Female,
            born(2000, 2, 29),
            "0301 0160 OSLO, Karl Johans gate 22",
        ),
        "obrien" => resident(
            called("André", "", "O'Brien"),
            Male,
            born(1975, 12, 31),
            "5501 9008 TROMSØ, 7. juni-plassen 2",
        ),
        "ivan" => resident(called("Иван", "", "Петров"), Male, born(1970, 4, 5), LOM),
        "hansen" => resident(called("Hans", "", "Hansen"), Male, born(1960, 8, 8), LOM),
        "hanssen" => resident(called("Hans", "", "Hanssen"), Male, born(1960, 8, 9), LOM),
        "secret" => {
            let open = resident(called("Siri", "", "Skjult"), Female, born(1985, 3, 3), OSLO);
            graded(open, OSLO, Grade::Confidential)
        }
        "strict" => {
            let open = resident(called("Stein", "", "Skjult"), Male, born(1985, 3, 4), OSLO);
            protected(open, Grade::StrictlyConfidential)
        }
        "client" => {
            let open = resident(called("Kristin", "", "Klient"), Female, born(1985, 3, 5), OSLO);
            graded(open, OSLO, Grade::ClientAddress)
        }
        other => unusual(other),
    }
}

/// Those of whom more is to be told than a name, a birth and a dwelling.
fn unusual(name: &str) -> Person {
    use Gender::{Female, Male};
    match name {
        "moved" => moved(),
        "present" => Person {
            present_address: vec![PresentAddress {
                street_address: Some(street("1804 8003 BODØ, Rønvikveien 7")),
                address_confidentiality: Some(Grade::Unclassified),
                ..PresentAddress::default()
            }],
            ..resident(called("Per", "", "Pendler"), Male, born(1990, 6, 15), LOM)
        },
        "shared" => Person {
            shared_residence: vec![SharedResidence {
                street_address: Some(street("4601 5003 BERGEN, Strandgaten 1")),
                address_confidentiality: Some(Grade::Unclassified),
                ..SharedResidence::default()
            }],
            ..resident(called("Delt", "", "Barn"), Female, born(2015, 9, 9), LOM)
        },
        "dead" => Person {
            death: Some(Death {
                deceased_date: Some(Day::from(Date::constant(2024, 2, 29))),
                ..Death::default()
            }),
            status: is(Status::Deceased),
            residential_address: Vec::new(),
            ..resident(called("Dødis", "", "Avliden"), Male, born(1930, 7, 7), LOM)
        },
        "yearonly" => {
            let birth = Birth { birth_year: text("1980"), ..Birth::default() };
            resident(called("Aar", "", "Kjent"), Male, vec![birth], LOM)
        }
        "temporary" => Person {
            status: is(Status::Temporary),
            residential_address: Vec::new(),
            ..resident(called("Tom", "", "Midlertidig"), Male, born(1999, 1, 1), LOM)
        },
        "alternate" => resident(called("Turid", "", "Turist"), Female, born(1970, 4, 4), LOM),
        "stub" => Person::stub(),
        "nobody" => Person::default(),
        other => panic!("nobody is called {other}"),
    }
}

/// Another name and another address before.
fn moved() -> Person {
    let now = resident(
        called("Flytte", "", "Nynavn"),
        Gender::Female,
        born(1988, 8, 8),
        "1103 4006 STAVANGER, Pedersgata 5",
    );
    let before = PersonName { is_valid: Some(false), ..called("Flytte", "", "Gammelnavn") };
    let mut left = lives("0301 0155 OSLO, Storgata 99", Grade::Unclassified);
    left.iter_mut().for_each(|address| address.is_valid = Some(false));
    Person {
        name: [now.name.clone(), vec![before]].concat(),
        residential_address: [now.residential_address.clone(), left].concat(),
        ..now
    }
}
