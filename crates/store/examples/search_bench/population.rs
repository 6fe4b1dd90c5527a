//! Synthetic persons whose names are as unevenly common as real ones.

use jiff::civil::Date;
use register::event::EventType;
use register::id::{IdentityNumber, PersonId};
use register::package::Package;
use register::part::{
    AddressConfidentiality, Birth, City, Death, Gender, PartSet, PersonGender, PersonName,
    PersonStatus, PersonStatusType, ResidentialAddress, StreetAddress, StreetAddressNumber,
};
use register::person::Person;
use register::render::Circumstances;
use register::search::rows;
use register::time::Day;
use store::{EventWrite, PersonWrite, ServedBlobs, SourceWrite, Store, WriteBatch, blob};
use uuid::Uuid;

/// Persons in a batch, as the ingest writes them.
const BATCH: u32 = 2_000;

const ONSETS: [&str; 12] = ["Ha", "Jo", "Be", "Sø", "Li", "Ma", "No", "Kr", "Å", "Ei", "Vi", "Tor"];
const MIDDLES: [&str; 12] = ["n", "r", "lv", "ngs", "st", "ndr", "kk", "m", "rd", "ll", "gn", "sk"];
const ENDINGS: [&str; 18] = [
    "sen", "stad", "haug", "vik", "dal", "land", "berg", "rud", "moen", "nes", "heim", "bø",
    "lien", "seth", "ås", "eng", "set", "holm",
];
/// One in so many has a family name that hardly anybody else has: the dictionary is long.
const RARE: u32 = 12;
/// One in so many has died, and one in so many lives abroad.
const DEAD: u32 = 8;
const ABROAD: u32 = 11;

const CONSONANTS: [&str; 18] =
    ["B", "D", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "T", "V", "Z", "C", "W"];
const VOWELS: [&str; 6] = ["a", "e", "i", "o", "u", "y"];
const FEMALE: [&str; 10] = ["a", "e", "ine", "hild", "unn", "borg", "veig", "rid", "vor", "ette"];
const MALE: [&str; 10] = ["", "e", "ar", "ulf", "geir", "leif", "mund", "ve", "stein", "rik"];

/// The people that all persons are drawn from.
pub struct Population {
    families: Vec<String>,
    female: Vec<String>,
    male: Vec<String>,
    streets: Vec<String>,
    seed: u64,
}

/// What a person of the population is like.
pub struct Made {
    pub given: String,
    pub middle: String,
    pub family: String,
    pub birth: Date,
    pub death: Option<Date>,
    pub status: PersonStatusType,
    pub gender: Gender,
    pub municipality: u32,
    pub street: String,
    pub house: u32,
}

fn mixed(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Numbers that follow from a person's own.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mixed(self.0) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.unit() * f64::from(end)) as u32
    }

    /// One of many, the first much more often than the last: as 1 / (rank + 25).
    fn ranked<'a>(&mut self, all: &'a [String]) -> &'a str {
        let rank = 25.0 * ((1.0 + all.len() as f64 / 25.0).powf(self.unit()) - 1.0);
        &all[(rank as usize).min(all.len() - 1)]
    }
}

/// A word that hardly anybody else has, of two hundred thousand.
fn rare(dice: &mut Dice) -> String {
    let mut of = |parts: &[&'static str]| parts[dice.below(parts.len() as u32) as usize];
    [of(&CONSONANTS), of(&VOWELS), of(&CONSONANTS), of(&VOWELS), of(&ENDINGS)].concat()
}

fn combined(parts: [&[&str]; 3]) -> Vec<String> {
    let mut all = Vec::new();
    for first in parts[0] {
        for second in parts[1] {
            all.extend(parts[2].iter().map(|third| format!("{first}{second}{third}")));
        }
    }
    // So that the common ones do not all begin alike.
    all.sort_by_key(|name| name.bytes().fold(7, |hash, byte| mixed(hash ^ u64::from(byte))));
    all
}

impl Population {
    pub fn new(seed: u64) -> Population {
        let families = combined([&ONSETS, &MIDDLES, &ENDINGS]);
        Population {
            streets: families.iter().map(|name| format!("{name}veien")).collect(),
            families,
            female: combined([&ONSETS, &MIDDLES, &FEMALE]),
            male: combined([&ONSETS, &MIDDLES, &MALE]),
            seed,
        }
    }

    pub fn person(&self, n: u32) -> Made {
        let mut dice = Dice(mixed(self.seed ^ (u64::from(n) << 20)));
        let gender = if dice.below(2) == 0 { Gender::Female } else { Gender::Male };
        let names = if gender == Gender::Female { &self.female } else { &self.male };
        let second = if dice.below(3) == 0 { dice.ranked(names) } else { "" };
        let given = format!("{} {second}", dice.ranked(names));
        let middle = if dice.below(4) == 0 { dice.ranked(&self.families) } else { "" };
        let birth = Date::constant(1930, 1, 1)
            .saturating_add(jiff::Span::new().days(i64::from(dice.below(34_000))));
        let size = dice.unit();
        let family = match dice.below(RARE) {
            0 => rare(&mut dice),
            _ => dice.ranked(&self.families).to_owned(),
        };
        let died = (dice.below(DEAD) == 0)
            .then(|| birth.saturating_add(jiff::Span::new().days(i64::from(dice.below(30_000)))));
        let status = match (died, dice.below(ABROAD)) {
            (Some(_), _) => PersonStatusType::Deceased,
            (None, 0) => PersonStatusType::Emigrated,
            _ => PersonStatusType::Resident,
        };
        Made {
            given: given.trim().to_owned(),
            middle: middle.to_owned(),
            family,
            birth,
            death: died,
            status,
            gender,
            // The largest has one in eight, most have one in a thousand.
            municipality: 301 + (360.0 * size * size * size) as u32,
            street: dice.ranked(&self.streets).to_owned(),
            house: 1 + dice.below(120),
        }
    }

    /// Writes persons 1 to `count`.
    pub async fn load(&self, store: &Store, count: u32, with_search: bool) {
        for first in (1..=count).step_by(BATCH as usize) {
            let mut batch = WriteBatch::default();
            for n in first..first.saturating_add(BATCH).min(count + 1) {
                self.write(n, &mut batch, with_search);
            }
            store.commit(&batch).await.expect("the batch is written");
            if (first - 1) % 100_000 == 0 {
                eprintln!("{} of {count} persons", first - 1);
            }
        }
    }

    fn write(&self, n: u32, batch: &mut WriteBatch, with_search: bool) {
        let person = self.person(n).person();
        let id = PersonId(Uuid::from_u128(u128::from(mixed(u64::from(n))) << 64 | u128::from(n)));
        let served = |package| blob::compress(package, &[n as u8; 300]).expect("a blob");
        batch.persons.push(PersonWrite {
            id,
            new: true,
            alternate: false,
            primary_number: IdentityNumber::from(format!("n{n}")),
            stub: false,
            as_of: 1,
            content_hash: None,
            masked_parts: PartSet::EMPTY,
            masked_before: PartSet::EMPTY,
            parked: false,
            protection_uncertain: false,
            contact_digest: None,
            served: Some(ServedBlobs {
                full: served(Package::FullAccess),
                restricted: served(Package::RestrictedAccess),
                rendered_by: 1,
            }),
            source: SourceWrite::Keep,
            search: with_search.then(|| rows(&person, &Circumstances::default())),
        });
        batch.events.push(EventWrite {
            person_id: id,
            event_type: Some(EventType::PersonPopulated),
            visible_restricted: true,
            nin: None,
            source_sequence: None,
        });
    }
}

impl Made {
    pub fn municipality_number(&self) -> String {
        format!("{:04}", self.municipality)
    }

    fn person(&self) -> Person {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let municipality = self.municipality_number();
        let code = format!("{:04}", self.municipality % 100 * 90 + self.house % 12);
        let address = StreetAddress {
            municipality_number: text(&municipality),
            address_name: text(&self.street),
            address_number: Some(StreetAddressNumber {
                house_number: Some(self.house.to_string()),
                house_letter: text(if self.house.is_multiple_of(4) { "B" } else { "" }),
            }),
            city: Some(City { city_name: text("BYEN"), postal_code: Some(code) }),
            ..StreetAddress::default()
        };
        let name = PersonName {
            given_name: text(&self.given),
            middle_name: text(&self.middle),
            family_name: text(&self.family),
            ..PersonName::default()
        };
        let residential = ResidentialAddress {
            street_address: Some(address),
            address_confidentiality: Some(AddressConfidentiality::Unclassified),
            basic_statistical_unit: Some(i64::from(self.house % 60 + 101)),
            ..ResidentialAddress::default()
        };
        Person {
            name: vec![name],
            birth: vec![Birth { birth_date: Some(Day::from(self.birth)), ..Birth::default() }],
            gender: vec![PersonGender { gender: Some(self.gender), ..PersonGender::default() }],
            death: self
                .death
                .map(|date| Death { deceased_date: Some(Day::from(date)), ..Death::default() }),
            status: vec![PersonStatus { status: Some(self.status), ..PersonStatus::default() }],
            residential_address: vec![residential],
            ..Person::default()
        }
    }
}
