//! The questions that are timed, each about a person who is there.

use register::package::Package;
use register::search::{Criteria, Form, FormKind, read};
use store::{Search, Store};

use crate::population::{Made, Population};

/// A measured kind of question, in microseconds.
pub struct Row {
    pub name: &'static str,
    pub p50: u64,
    pub p99: u64,
    /// The statements alone, the median; of the hostile ones the mean. None of a server that does
    /// not count them.
    pub database: Option<u64>,
    /// What the server's processor did for one, on average.
    pub cpu: u64,
}

impl Row {
    pub fn json(&self) -> String {
        let Self { name, p50, p99, database, cpu } = self;
        let database = database.map_or("null".to_owned(), |us| us.to_string());
        format!(
            r#"{{"name":"{name}","p50_us":{p50},"p99_us":{p99},"database_us":{database},"cpu_us":{cpu}}}"#
        )
    }
}

#[derive(Clone, Copy)]
pub enum Ask {
    NameAndDate,
    NameAndMunicipality,
    FamilyAndYear,
    StreetAndNumber,
    ThreeWords,
    ThreeWordsAndYear,
    TwoLettersAndDate,
    PrefixAndMunicipality,
    PrefixAndYear,
    TwoLettersAndYear,
    TwoLettersAndMunicipality,
    Tolerant,
    CountOfMunicipality,
    PageOfMunicipality,
    CountOfGender,
    PageOfGender,
    CountOfBornInTwentyYears,
    PageOfBornInTwentyYears,
    CountOfOneShortWord,
    CountOfTwoLetters,
    CountOfTwoShortWords,
    FirstPage,
    LastPage,
}

pub const ALL: &[(&str, Ask)] = &[
    ("name + birth date", Ask::NameAndDate),
    ("name + municipality", Ask::NameAndMunicipality),
    ("last name + year", Ask::FamilyAndYear),
    ("street + number", Ask::StreetAndNumber),
    ("three-word full name", Ask::ThreeWords),
    ("three-word full name + year", Ask::ThreeWordsAndYear),
    ("two-letter prefix + date", Ask::TwoLettersAndDate),
    ("prefix of four letters + municipality", Ask::PrefixAndMunicipality),
    ("prefix of four letters + year", Ask::PrefixAndYear),
    ("two-letter prefix + year", Ask::TwoLettersAndYear),
    ("two-letter prefix + largest municipality", Ask::TwoLettersAndMunicipality),
    ("tolerant: misspelt name + year", Ask::Tolerant),
    ("count of a whole municipality", Ask::CountOfMunicipality),
    ("last page of a whole municipality", Ask::PageOfMunicipality),
    ("count of a gender", Ask::CountOfGender),
    ("last page of a gender", Ask::PageOfGender),
    ("count of those born in twenty years", Ask::CountOfBornInTwentyYears),
    ("last page of those born in twenty years", Ask::PageOfBornInTwentyYears),
    ("count of a three-letter prefix", Ask::CountOfOneShortWord),
    ("count of two words of one letter", Ask::CountOfTwoLetters),
    ("count of two words of two letters", Ask::CountOfTwoShortWords),
    ("first page of everything (1000)", Ask::FirstPage),
    ("last page of everything (1000)", Ask::LastPage),
];

/// A question, ready to be asked.
pub enum Question {
    Best(Search),
    Count(Search),
    Page(Search, i64),
    Everybody(i64),
}

impl Question {
    pub async fn ask(&self, store: &Store) {
        let asked = match self {
            Question::Best(search) => store.search_best(search).await.map(drop),
            Question::Count(search) => store.search_count(search).await.map(drop),
            Question::Page(search, offset) => {
                store.search_page(search, *offset, 1000).await.map(drop)
            }
            Question::Everybody(offset) => store.everybody(false, *offset, 1000).await.map(drop),
        };
        asked.expect("an answer");
    }
}

const LARGEST: &str = "0301";

pub fn make(people: &Population, persons: u32, ask: Ask, round: u32) -> Question {
    let made = people.person(1 + (round.wrapping_mul(7919)) % persons);
    let given = made.given.split(' ').next().unwrap_or_default();
    let two = format!("{given} {}", made.family);
    let three = format!("{} {} {}", made.family, made.middle, made.given);
    let (date, year) = (made.birth.to_string(), made.birth.year().to_string());
    let municipality = made.municipality_number();
    let address = format!("{} {}", made.street, made.house);
    let letters = |count: usize, name: &str| name.chars().take(count).collect::<String>();
    let best = |name: &str, change: &dyn Fn(&mut Form<'_>)| Question::Best(search(name, change));
    match ask {
        Ask::NameAndDate => best(&two, &|form| form.birth_date = leak(&date)),
        Ask::NameAndMunicipality => {
            best(&two, &|form| form.municipality_number = leak(&municipality))
        }
        Ask::FamilyAndYear => best("", &|form| {
            form.family_name = leak(&made.family);
            form.birth_date = leak(&year);
        }),
        Ask::StreetAndNumber => {
            best(&letters(3, given), &|form| form.street_address = leak(&address))
        }
        Ask::ThreeWords => Question::Page(list(&|form| form.full_name = leak(&three)), 0),
        Ask::ThreeWordsAndYear => best(&three, &|form| form.birth_date = leak(&year)),
        Ask::PrefixAndMunicipality => {
            best(&letters(4, &made.family), &|form| form.municipality_number = leak(&municipality))
        }
        Ask::PrefixAndYear => {
            best(&letters(4, &made.family), &|form| form.birth_date = leak(&year))
        }
        Ask::TwoLettersAndDate => best(&letters(2, given), &|form| form.birth_date = leak(&date)),
        Ask::TwoLettersAndYear => best(&letters(2, given), &|form| form.birth_date = leak(&year)),
        Ask::TwoLettersAndMunicipality => {
            best(&letters(2, given), &|form| form.municipality_number = Some(LARGEST))
        }
        Ask::Tolerant => Question::Best(tolerant(&made, &year)),
        Ask::CountOfMunicipality => {
            Question::Count(list(&|form| form.municipality_number = Some(LARGEST)))
        }
        Ask::PageOfMunicipality => {
            let of = list(&|form| form.municipality_number = Some(LARGEST));
            Question::Page(of, i64::from(persons) / 8)
        }
        Ask::CountOfGender => Question::Count(list(&|form| form.gender = Some("Female"))),
        Ask::PageOfGender => {
            Question::Page(list(&|form| form.gender = Some("Female")), i64::from(persons) * 2 / 5)
        }
        Ask::CountOfBornInTwentyYears => Question::Count(born_in_twenty_years()),
        Ask::PageOfBornInTwentyYears => {
            Question::Page(born_in_twenty_years(), i64::from(persons) / 5)
        }
        Ask::CountOfTwoLetters => Question::Count(list(&|form| {
            form.full_name = Some(["h v", "l t", "b e"][round as usize % 3]);
        })),
        Ask::CountOfTwoShortWords => Question::Count(list(&|form| {
            form.full_name = Some(["ha vi", "li to", "be ei"][round as usize % 3]);
        })),
        Ask::CountOfOneShortWord => {
            let beginning = letters(3, &made.family);
            Question::Count(list(&|form| form.full_name = leak(&beginning)))
        }
        Ask::FirstPage => Question::Everybody(0),
        Ask::LastPage => Question::Everybody(i64::from(persons) - 1000),
    }
}

/// A form borrows its texts; the few hundred of a measurement may stay.
fn leak(text: &str) -> Option<&'static str> {
    Some(Box::leak(text.to_owned().into_boxed_str()))
}

fn search(name: &str, change: &dyn Fn(&mut Form<'_>)) -> Search {
    let full_name = leak(name).filter(|name| !name.is_empty());
    let mut form = Form { full_name, ..Form::default() };
    change(&mut form);
    of(read(&form, FormKind::Persons).expect("a usable form"))
}

fn list(change: &dyn Fn(&mut Form<'_>)) -> Search {
    let mut form = Form::default();
    change(&mut form);
    of(read(&form, FormKind::Matches).expect("a usable form"))
}

fn of(criteria: Criteria) -> Search {
    Search { criteria, package: Package::FullAccess, include_alternate: false, tolerant: false }
}

fn born_in_twenty_years() -> Search {
    list(&|form| {
        form.birth_date_from = Some("1980-02");
        form.birth_date_to = Some("2000-01");
    })
}

/// Two letters of the family name have changed places.
fn tolerant(made: &Made, year: &str) -> Search {
    let mut letters: Vec<char> = made.family.chars().collect();
    let middle = letters.len() / 2;
    letters.swap(middle - 1, middle);
    let misspelt = format!("{} {}", made.given, letters.iter().collect::<String>());
    let exact = search(&misspelt, &|form| form.birth_date = leak(year));
    Search { tolerant: true, ..exact }
}
