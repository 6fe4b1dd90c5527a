//! The way to those who match: which keys are read to find them.
//!
//! Costs are estimates for a million persons, in looks at a row; all that matters is that the
//! cheapest way is never far from the best one. Which of several words of a name is the rarest is
//! not estimated here: the store counts, and takes that one.

use super::criteria::{Criteria, NameWord};
use super::day::Days;
use super::key::{
    ANY_KIND, BIRTH, DEATH, bit_of_package, key_of_municipality, key_of_number, key_of_postal_code,
    key_of_street, key_of_unit,
};
use super::spelling;
use crate::package::Package;

/// Keys to read.
#[derive(Clone, PartialEq, Eq)]
pub struct Way {
    /// All who match are found by each of these groups of keys; the rarest is read.
    pub groups: Vec<Group>,
    /// The days of the keys to read.
    pub days: Days,
    /// Whether the keys are words of names, so that the dictionary knows which there are.
    pub names: bool,
    /// The area of the keys to read besides those that need a closer look; none means all.
    pub area: Option<i16>,
    /// Whether everybody it leads to matches, so that no row has to be looked at.
    pub complete: bool,
}

/// Ranges of keys, read together.
#[derive(Clone, PartialEq, Eq)]
pub struct Group {
    /// From a key on, up to another that is left out; twice the same is that one key.
    pub ranges: Vec<(String, String)>,
    /// The kinds of keys to read.
    pub kinds: i16,
}

/// The keys of a place have no day.
const NO_DAY: Days = Days { first: 0, last: 0 };
/// All keys with a day, also those of persons whose day is not known.
const ANY_DAY: Days = Days { first: 0, last: i32::MAX };

/// A look at an index entry, as a share of a look at a row.
const ENTRY: f64 = 0.1;
/// How many of a million persons were born on a day, about, and died on one.
const BORN_ON_A_DAY: f64 = 32.0;
const DIED_ON_A_DAY: f64 = 10.0;

impl Way {
    /// The cheapest way to those who match. `others` are further spellings of each word of the
    /// name, in the order of the words; empty without tolerance. None when no criterion has keys,
    /// so that everybody must be looked at.
    pub fn cheapest(criteria: &Criteria, others: &[Vec<String>], package: Package) -> Option<Way> {
        let ways = [
            names(criteria, others),
            criteria.birth.map(|days| dated(BIRTH, days, BORN_ON_A_DAY, criteria)),
            criteria.death.map(|days| dated(DEATH, days, DIED_ON_A_DAY, criteria)),
        ];
        let ways = ways.into_iter().flatten().chain(places(criteria, package));
        ways.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, way)| way)
    }
}

fn prefix(beginning: &str) -> (String, String) {
    // No text holds the last code point, so it sorts behind all that begin so.
    (beginning.to_owned(), format!("{beginning}{}", char::MAX))
}

fn only(key: &str) -> (String, String) {
    // Both ends the same: looked up by equality, so that its days bound what is read.
    (key.to_owned(), key.to_owned())
}

/// How many of a million persons have a word that begins so, and how many such words there are.
fn commonness(word: &NameWord) -> (f64, f64) {
    match word.word.chars().count() {
        0 | 1 => (200_000.0, 10_000.0),
        2 => (80_000.0, 1_500.0),
        3 => (25_000.0, 250.0),
        4 => (8_000.0, 40.0),
        _ => (3_000.0, 10.0),
    }
}

fn names(criteria: &Criteria, others: &[Vec<String>]) -> Option<(f64, Way)> {
    let rarest = criteria.names.iter().map(commonness).min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (persons, words) = rarest;
    let near = if criteria.area().is_some() { 0.05 } else { 1.0 };
    let cost = match criteria.birth {
        // Each word is looked up for itself, with its days.
        Some(days) => {
            let born = (days.count() as f64 * BORN_ON_A_DAY / 1e6).min(1.0);
            words * 2.0 + persons * born * (ENTRY + near)
        }
        None => persons * (ENTRY + near),
    };
    let groups = criteria.names.iter().enumerate().map(|(place, name)| {
        let others = others.get(place).map(Vec::as_slice).unwrap_or_default();
        let ranges =
            std::iter::once(prefix(&name.word)).chain(others.iter().map(|word| only(word)));
        Group { ranges: ranges.collect(), kinds: name.kinds() }
    });
    let alone = Criteria { names: Vec::new(), birth: None, ..criteria.clone() }.is_empty();
    let way = Way {
        groups: groups.collect(),
        days: criteria.birth.unwrap_or(ANY_DAY),
        names: true,
        area: criteria.area(),
        complete: alone && criteria.names.len() == 1,
    };
    Some((cost, way))
}

fn dated(key: &str, days: Days, on_a_day: f64, criteria: &Criteria) -> (f64, Way) {
    let persons = (days.count() as f64 * on_a_day).min(1e6);
    let near = if criteria.area().is_some() { 0.05 } else { 1.0 };
    let group = Group { ranges: vec![only(key)], kinds: ANY_KIND };
    let rest = match key {
        BIRTH => Criteria { birth: None, ..criteria.clone() },
        _ => Criteria { death: None, ..criteria.clone() },
    };
    let way = Way {
        groups: vec![group],
        days,
        names: false,
        area: criteria.area(),
        complete: rest.is_empty(),
    };
    (persons * (ENTRY + near), way)
}

fn places(criteria: &Criteria, package: Package) -> impl Iterator<Item = (f64, Way)> {
    let place = &criteria.place;
    let street = place.street.as_ref().map(|street| {
        let numbered = street.numbered.as_ref().map(|numbered| prefix(&key_of_number(numbered)));
        let cost = match (&numbered, street.beginning.chars().count()) {
            (Some(_), _) => 30.0,
            (None, 0..=2) => 50_000.0,
            (None, 3) => 20_000.0,
            (None, 4) => 8_000.0,
            (None, 5..=7) => 3_000.0,
            (None, _) => 1_500.0,
        };
        // The end may be a house number or belong to the name of the street.
        let ranges = std::iter::once(prefix(&key_of_street(&street.beginning))).chain(numbered);
        (cost, ranges.collect())
    });
    let exact = |key: Option<String>, cost: f64| key.map(|key| (cost, vec![only(&key)]));
    let found = [
        exact(place.unit.as_deref().map(key_of_unit), 100.0),
        exact(place.postal_code.as_deref().map(key_of_postal_code), 400.0),
        street,
        exact(place.municipality.as_deref().map(key_of_municipality), 20_000.0),
    ];
    let kinds = bit_of_package(package);
    found.into_iter().flatten().map(move |(cost, ranges)| {
        let groups = vec![Group { ranges, kinds }];
        (cost, Way { groups, days: NO_DAY, names: false, area: None, complete: false })
    })
}

impl Criteria {
    /// The words of which other spellings may be looked for, each with its shortened forms; empty
    /// for a word that is not tolerated.
    pub fn shortened_names(&self) -> Vec<Vec<String>> {
        let forms = |name: &NameWord| {
            let tolerated = spelling::is_tolerated(&name.word);
            if tolerated { spelling::shortened(&name.word) } else { Vec::new() }
        };
        self.names.iter().map(forms).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::{PlaceCriteria, Street};
    use super::*;
    use crate::part::Gender;

    fn named(words: &[&str]) -> Criteria {
        let word = |word: &&str| NameWord { part: None, word: (*word).to_owned() };
        Criteria { names: words.iter().map(word).collect(), ..Criteria::default() }
    }

    /// The first key that is read first.
    fn begins(criteria: &Criteria) -> String {
        let way = Way::cheapest(criteria, &[], Package::FullAccess).expect("a way");
        way.groups[0].ranges[0].0.clone()
    }

    #[test]
    fn the_rarest_criterion_is_read() {
        let born = |text: &str| Days::parse(text);
        let street = |text: &str| PlaceCriteria {
            street: Some(Street::parse(text)),
            ..PlaceCriteria::default()
        };
        let oslo = PlaceCriteria { municipality: Some("0301".into()), ..PlaceCriteria::default() };
        for (criteria, expected) in [
            (Criteria { birth: born("1980-05-01"), ..named(&["nordmann"]) }, "nordmann"),
            (Criteria { birth: born("1980-05-01"), ..named(&["an"]) }, "*"),
            (Criteria { birth: born("1980"), ..named(&["nordmann"]) }, "nordmann"),
            (Criteria { birth: born("1980"), ..named(&["an"]) }, "an"),
            (Criteria { place: oslo.clone(), ..named(&["nordmann"]) }, "nordmann"),
            (Criteria { place: street("Storgata 12"), ..named(&["nordmann"]) }, "/storgata 12"),
            (Criteria { place: street("Sto"), ..named(&["nordmann"]) }, "nordmann"),
            (Criteria { place: oslo.clone(), birth: born("1980-05"), ..Criteria::default() }, "*"),
            (Criteria { place: oslo, death: born("2020"), ..Criteria::default() }, "~"),
            (named(&["a", "nordmann"]), "a"),
        ] {
            assert_eq!(begins(&criteria), expected);
        }
    }

    #[test]
    fn one_word_or_one_range_of_days_alone_needs_no_look_at_the_row() {
        let complete = |criteria: &Criteria| {
            Way::cheapest(criteria, &[], Package::FullAccess).is_some_and(|way| way.complete)
        };
        assert!(complete(&named(&["nordmann"])));
        assert!(!complete(&named(&["kari", "nordmann"])));
        assert!(!complete(&Criteria { gender: Some(Gender::Male), ..named(&["kari"]) }));
        let born = Criteria { birth: Days::parse("1980"), ..Criteria::default() };
        assert!(complete(&born) && !complete(&Criteria { gender: Some(Gender::Male), ..born }));
    }

    #[test]
    fn who_asks_for_a_gender_alone_looks_at_everybody() {
        let criteria = Criteria { gender: Some(Gender::Male), ..Criteria::default() };
        assert!(Way::cheapest(&criteria, &[], Package::FullAccess).is_none());
        assert!(Way::cheapest(&Criteria::default(), &[], Package::FullAccess).is_none());
    }

    #[test]
    fn a_range_holds_what_begins_so_and_an_only_key_nothing_else() {
        let within =
            |(low, high): (String, String), key: &str| low.as_str() <= key && key < high.as_str();
        for key in ["nor", "nordmann", "norж", "nor|1"] {
            assert!(within(prefix("nor"), key), "{key}");
        }
        assert!(!within(prefix("nor"), "no") && !within(prefix("nor"), "nos"));
        assert_eq!(only("@0301"), ("@0301".to_owned(), "@0301".to_owned()));
    }

    #[test]
    fn further_spellings_are_read_as_whole_words() {
        let others = [vec!["nordman".to_owned()]];
        let way =
            Way::cheapest(&named(&["nordmann"]), &others, Package::FullAccess).expect("a way");
        assert_eq!(way.groups[0].ranges.len(), 2);
        assert_eq!(way.groups[0].ranges[1].0, "nordman");
    }
}
