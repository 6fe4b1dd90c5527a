//! The way to those who match: which keys are read to find them.
//!
//! Costs are estimates for a million persons, in looks at a row; all that matters is that the
//! cheapest way is never far from the best one. Which of several words of a name is the rarest is
//! not estimated here: the store counts, and takes that one.

use super::criteria::{Criteria, NameWord};
use super::day::Days;
use super::key::{
    ANY_KIND, BIRTH, DEATH, bit_of_package, initial, key_of_municipality, key_of_number,
    key_of_postal_code, key_of_street, key_of_unit,
};
use super::place::PlaceCriteria;
use super::spelling;
use crate::package::Package;

/// Keys to read.
#[derive(Clone, PartialEq, Eq)]
pub struct Way {
    /// How they are read.
    pub reading: Reading,
    /// All who match are found by each of these groups of keys; the rarest is read.
    pub groups: Vec<Group>,
    /// The days of the keys to read.
    pub days: Days,
    /// The area of the keys to read besides those that need a closer look; none means all.
    pub area: Option<i16>,
    /// The letters with which words of the name must begin, as bits.
    pub initials: i32,
    /// Whether everybody it leads to matches, so that no row has to be looked at but for a key
    /// that needs a closer look.
    pub complete: bool,
    /// Whether so many match a short word that the best of them are better found by reading keys
    /// again than by looking at all rows.
    pub in_tiers: bool,
}

/// How the keys are read: each way has statements of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// One key, in the order of its days.
    OneKey,
    /// All keys from one to another.
    Ranges,
    /// The words of names that lie in ranges, one by one, each on the days.
    WordsByDay,
    /// The words of names that lie in ranges, one by one, each in the area.
    WordsByArea,
}

/// Ranges of keys, read together.
#[derive(Clone, PartialEq, Eq)]
pub struct Group {
    /// From a key on, up to another that is left out. For [`Reading::OneKey`] the first is the key.
    pub ranges: Vec<(String, String)>,
    /// The kinds of keys to read.
    pub kinds: i16,
}

/// The keys of a place have no day.
const NO_DAY: Days = Days { first: 0, last: 0 };
/// All keys with a day, also those of persons whose day is not known.
const ANY_DAY: Days = Days { first: 0, last: i32::MAX };

/// A look at an index entry, and the way down an index, as shares of a look at a row.
const ENTRY: f64 = 0.1;
const DESCENT: f64 = 2.0;
/// How many of a million persons were born on a day, about, and died on one.
const BORN_ON_A_DAY: f64 = 32.0;
const DIED_ON_A_DAY: f64 = 10.0;
/// Of whom a key leads to, how many live in the municipality that is asked for, and how many have
/// a word that begins with the right letter.
const IN_AREA: f64 = 0.05;
const SAME_INITIAL: f64 = 0.25;
/// Looking at more rows than this costs more than further statements.
const MANY: f64 = 300.0;
/// What it costs to look through an index of everybody.
const EVERYBODY: f64 = 100_000.0;

impl Way {
    /// Of a way to those who have a word: the keys of that word just as it is, those of the words
    /// that begin so, and those of other spellings too. Each holds those before it.
    pub fn tiers(&self) -> Vec<Way> {
        let ranges = self.groups.first().map(|group| &group.ranges[..]).unwrap_or_default();
        let exact = ranges.first().map(|(word, _)| only(word));
        let of = |ranges: Vec<(String, String)>| {
            let groups = self.groups.iter().map(|group| Group { ranges: ranges.clone(), ..*group });
            Way { groups: groups.collect(), ..self.clone() }
        };
        let mut tiers = vec![of(exact.into_iter().collect()), of(ranges[..1].to_vec())];
        if ranges.len() > 1 {
            tiers.push(self.clone());
        }
        tiers
    }

    /// The cheapest way to those who match. `others` are further spellings of each word of the
    /// name, in the order of the words; empty without tolerance. None when all that is asked stands
    /// in the index of everybody, and there is no rarer key.
    pub fn cheapest(criteria: &Criteria, others: &[Vec<String>], package: Package) -> Option<Way> {
        let initials = initials(criteria, others);
        let ways = [
            names(criteria, others),
            criteria.birth.map(|days| dated(BIRTH, days, BORN_ON_A_DAY, criteria)),
            criteria.death.map(|days| dated(DEATH, days, DIED_ON_A_DAY, criteria)),
        ];
        let ways = ways.into_iter().flatten().chain(places(criteria, package));
        let (cost, way) = ways.min_by(|one, other| one.0.total_cmp(&other.0))?;
        let in_index = criteria.names.is_empty() && criteria.place.is_empty();
        (!in_index || cost < EVERYBODY).then_some(Way { initials, ..way })
    }
}

fn prefix(beginning: &str) -> (String, String) {
    // No text holds the last code point, so it sorts behind all that begin so.
    (beginning.to_owned(), format!("{beginning}{}", char::MAX))
}

fn only(key: &str) -> (String, String) {
    // Keys hold no control characters, so nothing lies between the key and this end.
    (key.to_owned(), format!("{key}\u{1}"))
}

/// The letters with which a word of every name that matches begins, as bits.
fn initials(criteria: &Criteria, others: &[Vec<String>]) -> i32 {
    let of_name = |(place, name): (usize, &NameWord)| {
        let bit = initial(&name.word);
        let others = others.get(place).map(Vec::as_slice).unwrap_or_default();
        if others.iter().all(|other| initial(other) == bit) { bit } else { 0 }
    };
    criteria.names.iter().enumerate().map(of_name).fold(0, |all, bit| all | bit)
}

/// Whether the letter alone tells that the name has such a word: others share their bit.
fn is_initial(name: &NameWord) -> bool {
    name.part.is_none() && name.word.len() == 1 && name.word.as_bytes()[0].is_ascii_lowercase()
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

/// How many of those whom a key leads to must be looked at, when so many words of the name are not
/// in the key.
fn looks(words: usize, criteria: &Criteria) -> f64 {
    let near = if criteria.area().is_some() { IN_AREA } else { 1.0 };
    near * SAME_INITIAL.powf(words as f64)
}

fn names(criteria: &Criteria, others: &[Vec<String>]) -> Option<(f64, Way)> {
    let rarest = criteria.names.iter().map(commonness).min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (persons, words) = rarest;
    let each = ENTRY + looks(criteria.names.len() - 1, criteria);
    let whole = (persons * each, Reading::Ranges);
    let mut found = persons;
    let (cost, reading) = match (criteria.birth, criteria.area()) {
        (Some(days), _) => {
            found *= (days.count() as f64 * BORN_ON_A_DAY / 1e6).min(1.0);
            (words * DESCENT + found * each, Reading::WordsByDay)
        }
        (None, Some(_)) => {
            found *= IN_AREA;
            let of_words = (words * DESCENT * 2.0 + found, Reading::WordsByArea);
            if of_words.0 < whole.0 { of_words } else { whole }
        }
        (None, None) => whole,
    };
    let groups = criteria.names.iter().enumerate().map(|(place, name)| {
        let others = others.get(place).map(Vec::as_slice).unwrap_or_default();
        let ranges =
            std::iter::once(prefix(&name.word)).chain(others.iter().map(|word| only(word)));
        Group { ranges: ranges.collect(), kinds: name.kinds() }
    });
    let known = criteria.names.len() == 1 || criteria.names.iter().all(is_initial);
    let rest = Criteria { names: Vec::new(), birth: None, ..criteria.clone() };
    let complete = known && rest.is_in_dated_keys();
    let way = Way {
        reading,
        groups: groups.collect(),
        days: criteria.birth.unwrap_or(ANY_DAY),
        area: criteria.area(),
        initials: 0,
        complete,
        in_tiers: complete && criteria.names.len() == 1 && found > MANY,
    };
    Some((cost, way))
}

fn dated(key: &str, days: Days, on_a_day: f64, criteria: &Criteria) -> (f64, Way) {
    let persons = (days.count() as f64 * on_a_day).min(1e6);
    let mut rest = match key {
        BIRTH => Criteria { birth: None, ..criteria.clone() },
        _ => Criteria { death: None, ..criteria.clone() },
    };
    rest.names.retain(|name| !is_initial(name));
    let way = Way {
        reading: Reading::OneKey,
        groups: vec![Group { ranges: vec![only(key)], kinds: ANY_KIND }],
        days,
        area: criteria.area(),
        initials: 0,
        complete: rest.is_in_dated_keys(),
        in_tiers: false,
    };
    (persons * (ENTRY + looks(criteria.names.len(), criteria)), way)
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
        (cost, Reading::Ranges, ranges.collect(), false)
    });
    let alone = criteria.only_place_key();
    let exact = |key: Option<String>, persons: f64| {
        let key = key?;
        let complete = alone.as_ref() == Some(&key);
        Some((persons, Reading::OneKey, vec![only(&key)], complete))
    };
    let found = [
        exact(place.unit.as_deref().map(key_of_unit), 100.0),
        exact(place.postal_code.as_deref().map(key_of_postal_code), 400.0),
        street,
        exact(place.municipality.as_deref().map(key_of_municipality), 40_000.0),
    ];
    let kinds = bit_of_package(package);
    let each = ENTRY + SAME_INITIAL.powf(criteria.names.len() as f64);
    found.into_iter().flatten().map(move |(persons, reading, ranges, complete)| {
        let groups = vec![Group { ranges, kinds }];
        let way = Way {
            reading,
            groups,
            days: NO_DAY,
            area: None,
            initials: 0,
            complete,
            in_tiers: false,
        };
        (persons * each, way)
    })
}

impl Criteria {
    /// Whether the keys with a day tell all of this: gender, statuses and a municipality.
    fn is_in_dated_keys(&self) -> bool {
        let municipality = self.place.municipality.clone().filter(|_| self.area().is_some());
        self.names.is_empty()
            && self.birth.is_none()
            && self.death.is_none()
            && self.place == PlaceCriteria { municipality, ..PlaceCriteria::default() }
    }

    /// The key of a place that tells all that is asked besides gender and statuses.
    fn only_place_key(&self) -> Option<String> {
        let initials_only = self.names.iter().all(is_initial);
        let rest =
            Criteria { names: Vec::new(), gender: None, statuses: Vec::new(), ..self.clone() };
        rest.only_place().filter(|_| initials_only)
    }

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
    use super::super::criteria::NamePart;
    use super::super::place::Street;
    use super::*;
    use crate::part::Gender;

    fn named(words: &[&str]) -> Criteria {
        let word = |word: &&str| NameWord { part: None, word: (*word).to_owned() };
        Criteria { names: words.iter().map(word).collect(), ..Criteria::default() }
    }

    fn way(criteria: &Criteria) -> Way {
        Way::cheapest(criteria, &[], Package::FullAccess).expect("a way")
    }

    fn born(text: &str) -> Option<Days> {
        Days::parse(text)
    }

    fn street(text: &str) -> PlaceCriteria {
        PlaceCriteria { street: Some(Street::parse(text)), ..PlaceCriteria::default() }
    }

    fn oslo() -> PlaceCriteria {
        PlaceCriteria { municipality: Some("0301".into()), ..PlaceCriteria::default() }
    }

    fn code() -> PlaceCriteria {
        PlaceCriteria { postal_code: Some("0265".into()), ..PlaceCriteria::default() }
    }

    #[test]
    fn the_rarest_criterion_is_read() {
        use Reading::{OneKey, Ranges, WordsByArea, WordsByDay};
        for (criteria, expected) in [
            (Criteria { birth: born("1980-05-01"), ..named(&["nordmann"]) }, (OneKey, "*")),
            (Criteria { birth: born("1980-05-01"), ..named(&["an"]) }, (OneKey, "*")),
            (Criteria { birth: born("1980"), ..named(&["nordmann"]) }, (WordsByDay, "nordmann")),
            (Criteria { birth: born("1980"), ..named(&["a", "b"]) }, (OneKey, "*")),
            (Criteria { place: oslo(), ..named(&["nordmann"]) }, (WordsByArea, "nordmann")),
            (Criteria { place: oslo(), ..named(&["a", "b"]) }, (OneKey, "@0301")),
            (
                Criteria { place: street("Storgata 12"), ..named(&["nor"]) },
                (Ranges, "/storgata 12"),
            ),
            (Criteria { place: street("Sto"), ..named(&["nordmann"]) }, (Ranges, "nordmann")),
            (
                Criteria { place: oslo(), birth: born("1980-05"), ..Criteria::default() },
                (OneKey, "*"),
            ),
            (Criteria { place: oslo(), death: born("2020"), ..Criteria::default() }, (OneKey, "~")),
            (named(&["a", "nordmann"]), (Ranges, "a")),
        ] {
            let way = way(&criteria);
            assert_eq!((way.reading, way.groups[0].ranges[0].0.as_str()), expected);
        }
    }

    #[test]
    fn what_the_keys_tell_needs_no_look_at_the_row() {
        let male = |criteria| Criteria { gender: Some(Gender::Male), ..criteria };
        let in_1980 = Criteria { birth: born("1980"), ..Criteria::default() };
        let in_oslo = |criteria| Criteria { place: oslo(), ..criteria };
        let family = |word: &str| Criteria {
            names: vec![NameWord { part: Some(NamePart::Family), word: word.to_owned() }],
            ..Criteria::default()
        };
        for (criteria, complete) in [
            (named(&["nordmann"]), true),
            (male(in_oslo(named(&["nordmann"]))), true),
            (named(&["kari", "nordmann"]), false),
            (named(&["a", "b"]), true),
            (named(&["и", "b"]), false),
            (family("b"), true),
            (Criteria { death: born("2020"), ..named(&["nordmann"]) }, false),
            (in_1980.clone(), true),
            (male(in_oslo(in_1980.clone())), true),
            (Criteria { birth: born("1980-05-01"), ..named(&["a", "b"]) }, true),
            (Criteria { birth: born("1980-05-01"), ..named(&["an"]) }, false),
            (Criteria { birth: born("1980-05-01"), ..family("b") }, false),
            (Criteria { death: born("2020"), ..in_1980 }, false),
            (in_oslo(Criteria::default()), true),
            (male(in_oslo(named(&["a", "b"]))), true),
            (in_oslo(named(&["an"])), true),
            (Criteria { place: code(), ..named(&["a", "b"]) }, true),
            (Criteria { place: code(), ..named(&["an"]) }, false),
            (Criteria { place: street("Storgata 12"), ..Criteria::default() }, false),
        ] {
            assert_eq!(way(&criteria).complete, complete, "{:?}", criteria.names);
        }
    }

    #[test]
    fn a_municipality_that_is_no_area_needs_a_look_at_the_row() {
        let place = PlaceCriteria { municipality: Some("0000".into()), ..PlaceCriteria::default() };
        let found = way(&Criteria { place, birth: born("1980-05-01"), ..Criteria::default() });
        assert!(!found.complete && found.area.is_none());
    }

    #[test]
    fn initials_are_those_that_every_spelling_has() {
        let of = |others: &[&str]| {
            let others = vec![Vec::new(), others.iter().map(|&other| other.to_owned()).collect()];
            let way = Way::cheapest(&named(&["anne", "hansen"]), &others, Package::FullAccess);
            way.expect("a way").initials
        };
        let (a, h) = (1, 1 << 7);
        assert_eq!((of(&[]), of(&["hanssen"]), of(&["hanssen", "jansen"])), (a | h, a | h, a));
    }

    #[test]
    fn who_asks_for_most_of_the_register_looks_through_its_index() {
        let dates = |from: &str, to: &str| Criteria {
            birth: born(from).zip(born(to)).map(|(a, b)| Days { first: a.first, last: b.last }),
            ..Criteria::default()
        };
        let found = |criteria: &Criteria| Way::cheapest(criteria, &[], Package::FullAccess);
        assert!(found(&dates("1980", "1999")).is_none());
        assert!(found(&dates("1980", "1984")).is_some());
        assert!(found(&Criteria { place: oslo(), ..dates("1900", "2020") }).is_some());
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
        for key in ["@03012", "@0302", "@030"] {
            assert!(within(only("@0301"), "@0301") && !within(only("@0301"), key), "{key}");
        }
    }

    #[test]
    fn the_best_of_many_are_read_tier_by_tier() {
        let in_oslo = |word: &str| Criteria { place: oslo(), ..named(&[word]) };
        assert!(way(&in_oslo("an")).in_tiers && !way(&in_oslo("nordmann")).in_tiers);
        assert!(!way(&Criteria { place: oslo(), ..named(&["an", "be"]) }).in_tiers);
        let others = [vec!["anna".to_owned()]];
        let way = Way::cheapest(&in_oslo("anne"), &others, Package::FullAccess).expect("a way");
        let ends = |way: &Way| way.groups[0].ranges.clone();
        let (exact, begins) = (only("anne"), prefix("anne"));
        let tiers: Vec<_> = way.tiers().iter().map(ends).collect();
        assert_eq!(tiers, [vec![exact], vec![begins.clone()], vec![begins, only("anna")]]);
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
