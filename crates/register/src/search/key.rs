//! Keys: the few indexed texts that lead to a person.
//!
//! A search reads the keys of its rarest criterion and looks at the rows of the persons they lead
//! to. So a key never decides alone; a stale one costs a look and finds nobody. First letters tell
//! the kinds apart, and words of names, which begin with a letter, need none:
//!
//! | key | leads to |
//! |---|---|
//! | `nordmann` | those with this word in their name |
//! | `*` | those born on `day` |
//! | `~` | those who died on `day` |
//! | `@0301` | those in a municipality |
//! | `+0265` | those with a postal code |
//! | `=03010401` | those in a basic statistical unit |
//! | `/storgata|00012b` | those in a street, at a number |
//!
//! A key says more than where it leads: gender and statuses, the municipality, and with which
//! letters the words of the name begin. Most of those who do not match are told by that, from the
//! index alone.

use std::collections::BTreeMap;

use super::criteria::NamePart;
use super::place::Line;
use super::place::Numbered;
use super::rows::{Facets, SearchRows};
use crate::package::Package;

/// How far the facets are shifted in [`Key::facts`].
const FACETS_SHIFT: i16 = 3;

/// The area of those who are shown to be in no municipality.
const NOWHERE: i16 = -1;
/// The area of those of whom the municipality alone says too little: look at the row.
const LOOK_CLOSER: i16 = 0;

/// One key of a person, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The text that is searched.
    pub key: String,
    /// Day of birth of a name and of `*`, day of death of `~`; 0 elsewhere, so that the persons of
    /// a place come in their own order.
    pub day: i32,
    /// The one municipality that both packages are shown, -1 for none, 0 for anything else. For
    /// the kinds that have a `day`; else 0.
    pub area: i16,
    /// In the lowest three bits, for a name the parts it stands in, for a place the packages that
    /// are shown it, for a day all of them. Above them the [`Facets`].
    pub facts: i16,
    /// A bit for each letter that a word of the name begins with; see [`initial`].
    pub initials: i32,
}

/// The bit of the letter that a word begins with: one for each from a to z, and five that all
/// others share.
pub(super) fn initial(word: &str) -> i32 {
    let place = match word.chars().next() {
        Some(letter @ 'a'..='z') => u32::from(letter) - u32::from('a'),
        Some(letter) => 26 + u32::from(letter) % 5,
        None => return 0,
    };
    1 << place
}

/// Facets as the facts of a key have them.
pub fn facts_of(facets: Facets) -> i16 {
    facets.number() << FACETS_SHIFT
}

/// The parts of a name as bits.
pub(super) fn bit_of(mark: &str) -> i16 {
    match mark {
        "g" => NamePart::Given.bit(),
        "m" => NamePart::Middle.bit(),
        _ => NamePart::Family.bit(),
    }
}

/// The bit of a package in the kinds of a place's key.
pub fn bit_of_package(package: Package) -> i16 {
    match package {
        Package::FullAccess => 1,
        Package::RestrictedAccess => 2,
    }
}

/// The key of those who were born on a day.
pub(super) const BIRTH: &str = "*";
/// The key of those who died on a day.
pub(super) const DEATH: &str = "~";
/// Every kind a key can have.
pub(super) const ANY_KIND: i16 = 7;

pub(super) fn key_of_municipality(number: &str) -> String {
    format!("@{number}")
}

pub(super) fn key_of_postal_code(code: &str) -> String {
    format!("+{code}")
}

pub(super) fn key_of_unit(number: &str) -> String {
    format!("={number}")
}

/// The beginning of the keys of a street whose name begins so.
pub(super) fn key_of_street(beginning: &str) -> String {
    format!("/{beginning}")
}

pub(super) fn key_of_number(numbered: &Numbered) -> String {
    format!("/{}", numbered.key_beginning())
}

/// The keys that lead to a person, each once. They follow from the row alone, so that the keys to
/// take away follow from the row that was stored.
pub fn keys(rows: &SearchRows) -> Vec<Key> {
    let facets = facts_of(rows.facets);
    let area = area(rows);
    let mut initials = 0;
    let mut kinds: BTreeMap<(String, i32), i16> = BTreeMap::new();
    let mut add = |key: String, day: i32, kind: i16| *kinds.entry((key, day)).or_default() |= kind;
    for (mark, word) in rows.names.split_ascii_whitespace().filter_map(|word| word.split_once(':'))
    {
        initials |= initial(word);
        add(word.to_owned(), rows.birth, bit_of(mark));
    }
    for (key, day) in [(BIRTH, rows.birth), (DEATH, rows.death)] {
        if day != 0 {
            add(key.to_owned(), day, ANY_KIND);
        }
    }
    for (package, lines) in [
        (Package::FullAccess, &rows.full_places),
        (Package::RestrictedAccess, &rows.restricted_places),
    ] {
        for line in lines.lines().filter_map(Line::read) {
            for key in place_keys(&line) {
                add(key, 0, bit_of_package(package));
            }
        }
    }
    let stored = kinds.into_iter().map(|((key, day), kinds)| {
        let has_area = !key.starts_with(['@', '+', '=', '/']);
        Key { area: if has_area { area } else { 0 }, facts: kinds | facets, initials, key, day }
    });
    stored.collect()
}

fn place_keys(line: &Line<'_>) -> impl Iterator<Item = String> {
    let known = |text: &str| !text.starts_with('-');
    let street = || format!("/{}|{}", line.street, line.number);
    [
        known(line.municipality).then(|| key_of_municipality(line.municipality)),
        known(line.postal_code).then(|| key_of_postal_code(line.postal_code)),
        known(line.unit).then(|| key_of_unit(line.unit)),
        (!line.street.is_empty()).then(street),
    ]
    .into_iter()
    .flatten()
}

/// The one municipality of all addresses in both packages.
fn area(rows: &SearchRows) -> i16 {
    let of = |lines: &str| -> Vec<i16> {
        let numbers = lines.lines().filter_map(Line::read).map(|line| line.municipality.to_owned());
        numbers.map(|number| number.parse().unwrap_or(NOWHERE)).collect()
    };
    let (full, restricted) = (of(&rows.full_places), of(&rows.restricted_places));
    match (&full[..], &restricted[..]) {
        ([], []) => NOWHERE,
        ([first, ..], [_, ..]) if full.iter().chain(&restricted).all(|area| area == first) => {
            *first
        }
        _ => LOOK_CLOSER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(full_places: &str, restricted_places: &str) -> Vec<Key> {
        keys(&SearchRows {
            names: "g:anne g:kari f:anne ".to_owned(),
            birth: 19_800_501,
            full_places: full_places.to_owned(),
            restricted_places: restricted_places.to_owned(),
            ..SearchRows::default()
        })
    }

    fn key(key: &str, day: i32, area: i16, facts: i16) -> Key {
        // Of `anne` and `kari`.
        Key { key: key.to_owned(), day, area, facts, initials: 1 | 1 << 10 }
    }

    const OSLO: &str = "030102650301040100008bblaabaerveien\toslo";
    const LOM: &str = "34342686-----------00001-\tlom";

    #[test]
    fn a_word_is_one_key_in_whatever_parts_it_stands() {
        let day = 19_800_501;
        let expected = [
            key("*", day, 301, 7),
            key("+0265", 0, 0, 3),
            key("/blaabaerveien|00008b", 0, 0, 3),
            key("=03010401", 0, 0, 3),
            key("@0301", 0, 0, 3),
            key("anne", day, 301, 5),
            key("kari", day, 301, 1),
        ];
        assert_eq!(of(OSLO, OSLO), expected);
    }

    #[test]
    fn an_address_that_one_package_sees_is_that_package_s_alone() {
        let keys = of(OSLO, "");
        assert!(
            keys.contains(&key("@0301", 0, 0, 1)) && keys.contains(&key("kari", 19_800_501, 0, 1))
        );
        assert!(of("", "").contains(&key("kari", 19_800_501, -1, 1)));
    }

    #[test]
    fn two_municipalities_need_a_closer_look() {
        let both = format!("{OSLO}\n{LOM}");
        let keys = of(&both, &both);
        assert!(keys.contains(&key("kari", 19_800_501, 0, 1)));
        assert!(keys.contains(&key("@3434", 0, 0, 3)) && keys.contains(&key("@0301", 0, 0, 3)));
        assert!(!keys.iter().any(|key| key.key.starts_with("=----") || key.key == "/|00001-"));
    }

    #[test]
    fn a_letter_has_a_bit() {
        assert_eq!((initial("anne"), initial("zoe"), initial("")), (1, 1 << 25, 0));
        for word in ["иван", "王", "\u{1e9e}"] {
            assert!((1 << 26..=1 << 30).contains(&initial(word)), "{word}");
        }
    }

    #[test]
    fn a_key_has_the_facets_above_its_kinds() {
        let rows = SearchRows { facets: Facets::from_number(2047), ..SearchRows::default() };
        assert_eq!(keys(&SearchRows { birth: 1, ..rows })[0].facts, 2047 << 3 | 7);
    }

    #[test]
    fn nothing_leads_to_a_person_of_whom_nothing_is_known() {
        assert_eq!(keys(&SearchRows::default()), []);
    }
}
