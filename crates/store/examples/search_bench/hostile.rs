//! Searches that nobody means well with: each is refused with its form, or answered in a time that
//! is bounded.

use std::time::{Duration, Instant};

use register::package::Package;
use register::search::{Form, FormKind, read};
use store::{Search, Store};

/// What stands in the field for a name.
const NAMES: [&str; 24] = [
    "%",
    "_",
    "a%",
    "a_b",
    "\\",
    "'; drop table person; --",
    "a' or 'a'='a",
    "😀",
    "\u{200f}kari",
    "ka\u{202e}ri",
    "a\0b",
    "-'",
    "и",
    "王",
    "ﬁ",
    "å",
    "ha",
    "h v",
    "a b",
    "a b c",
    "ha vi to",
    "han ber",
    "h-v'l t-e a n",
    "hansne",
];

/// What is asked besides, in the form for persons and in the one for lists.
const PERSONS: [&[(&str, &str)]; 7] = [
    &[("BirthDate", "1980-05-17")],
    &[("BirthDate", "1980-05")],
    &[("BirthDate", "1980")],
    &[("MunicipalityNumber", "0301")],
    &[("MunicipalityNumber", "0301"), ("BirthDate", "1980"), ("Gender", "Female")],
    &[("PostalCode", "0090")],
    &[("StreetAddress", "Han")],
];
const LISTS: [&[(&str, &str)]; 6] = [
    &[],
    &[("Gender", "Male")],
    &[("MunicipalityNumber", "0301")],
    &[("BirthDateFrom", "1950")],
    &[("DeathDateFrom", "1950"), ("Gender", "Female")],
    &[("StreetAddress", "Hanse"), ("BirthDateFrom", "1950")],
];

/// Where a page begins that lies deep in a list.
const DEEP: i64 = 50_000;

fn names() -> Vec<String> {
    let letters: String = ('a'..='z').flat_map(|letter| [letter, ' ']).collect();
    let long = ["a".repeat(600), "h v ".repeat(150), letters.repeat(3), "hansne ".repeat(28)];
    NAMES.iter().map(|name| (*name).to_owned()).chain(long).collect()
}

fn form<'a>(field: &str, name: &'a str, more: &[(&str, &'a str)]) -> Form<'a> {
    let mut form = Form::default();
    for (field, value) in std::iter::once((field, name)).chain(more.iter().copied()) {
        let slot = match field {
            "FullName" => &mut form.full_name,
            "GivenName" => &mut form.given_name,
            "FamilyName" => &mut form.family_name,
            "BirthDate" => &mut form.birth_date,
            "BirthDateFrom" => &mut form.birth_date_from,
            "DeathDateFrom" => &mut form.death_date_from,
            "MunicipalityNumber" => &mut form.municipality_number,
            "PostalCode" => &mut form.postal_code,
            "StreetAddress" => &mut form.street_address,
            _ => &mut form.gender,
        };
        *slot = Some(value);
    }
    form
}

/// Asks all of them; how long each took that is legal.
pub async fn ask(store: &Store) -> Vec<(Duration, String)> {
    let mut times = Vec::new();
    let mut refused = 0;
    let kinds = [(FormKind::Persons, &PERSONS[..]), (FormKind::Matches, &LISTS[..])];
    for name in names() {
        for field in ["FullName", "GivenName", "FamilyName"] {
            for (kind, others) in kinds {
                for more in others {
                    let Ok(criteria) = read(&form(field, &name, more), kind) else {
                        refused += 1;
                        continue;
                    };
                    let search = Search {
                        criteria,
                        package: Package::RestrictedAccess,
                        include_alternate: true,
                        tolerant: kind == FormKind::Persons,
                    };
                    let shown: String = name.chars().take(20).collect();
                    let told = format!("{field}={shown:?} {more:?}");
                    times.extend(each(store, &search, kind, &told).await);
                }
            }
        }
    }
    times.sort_unstable();
    eprintln!("{} hostile searches answered, {refused} refused", times.len());
    times
}

async fn each(
    store: &Store,
    search: &Search,
    kind: FormKind,
    told: &str,
) -> Vec<(Duration, String)> {
    let mut times = Vec::new();
    let mut started = Instant::now();
    let mut done = |what: &str| {
        times.push((started.elapsed(), format!("{what} {told}")));
        started = Instant::now();
    };
    if kind == FormKind::Persons {
        store.search_best(search).await.expect("an answer");
        done("best");
    } else {
        for (what, offset) in [("first page", 0), ("deep page", DEEP)] {
            store.search_page(search, offset, 10_000).await.expect("an answer");
            done(what);
        }
    }
    store.search_count(search).await.expect("an answer");
    done("count");
    times
}
