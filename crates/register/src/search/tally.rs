//! Tallies: how many persons a key leads to, kept with each write, so that most counts of many are
//! read and not counted.
//!
//! Keys of days are tallied by year and those of municipalities as they are, apart for each set of
//! facts. Everybody is tallied under the empty key, by block of ordinals, so that a page deep in a
//! list is found without reading what lies before it.

use super::criteria::Criteria;
use super::day::Days;
use super::key::{BIRTH, DEATH, Key, key_of_municipality};
use super::place::PlaceCriteria;

/// The key of everybody.
pub const EVERYBODY: &str = "";

/// Blocks have so many ordinals, as a power of two.
const BLOCK_BITS: i32 = 13;

/// The block of ordinals that one lies in, 8192 to each.
pub fn block(ordinal: i32) -> i32 {
    ordinal >> BLOCK_BITS
}

impl Key {
    /// What it is tallied under besides its text and facts; none for a key that is not tallied.
    pub fn tallied_day(&self) -> Option<i32> {
        match self.key.get(..1)? {
            BIRTH | DEATH => Some(self.day / 10_000),
            "@" => Some(0),
            _ => None,
        }
    }
}

/// Where a count is read: whole tallies, and keys of the years that are not whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The key.
    pub key: String,
    /// The years, from the first to the last; all tallies where there are no days.
    pub years: (i32, i32),
    /// Days to count among the keys besides; a range that ends before it begins is empty.
    pub edges: [Days; 2],
}

const NO_DAYS: Days = Days { first: 1, last: 0 };

impl Tally {
    /// None when the criteria ask for more than gender and statuses, and one of the day of birth,
    /// the day of death and the municipality.
    pub fn of(criteria: &Criteria) -> Option<Tally> {
        let Criteria { names, birth, death, place, gender: _, statuses: _ } = criteria;
        let municipality = place.municipality.clone();
        let only_municipality =
            *place == PlaceCriteria { municipality, ..PlaceCriteria::default() };
        if !names.is_empty() || !only_municipality {
            return None;
        }
        match (birth, death, &place.municipality) {
            (None, None, None) => Some(Tally::whole(EVERYBODY.to_owned())),
            (None, None, Some(number)) => Some(Tally::whole(key_of_municipality(number))),
            (Some(days), None, None) => Some(Tally::of_days(BIRTH, *days)),
            (None, Some(days), None) => Some(Tally::of_days(DEATH, *days)),
            _ => None,
        }
    }

    fn whole(key: String) -> Tally {
        Tally { key, years: (0, i32::MAX), edges: [NO_DAYS; 2] }
    }

    fn of_days(key: &str, days: Days) -> Tally {
        let Days { first, last } = days;
        let years = (first.saturating_add(9_999) / 10_000, last.saturating_add(1) / 10_000 - 1);
        let edges = if years.0 > years.1 {
            [days, NO_DAYS]
        } else {
            let (before, after) = (years.0 * 10_000 - 1, (years.1 + 1) * 10_000);
            [Days { first, last: before }, Days { first: after, last }]
        };
        Tally { key: key.to_owned(), years, edges }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::Gender;

    fn of(from: &str, to: &str) -> Tally {
        let days = Days {
            first: Days::parse(from).expect("a date").first,
            last: Days::parse(to).expect("a date").last,
        };
        let criteria = Criteria { birth: Some(days), ..Criteria::default() };
        Tally::of(&criteria).expect("a tally")
    }

    /// Every day lies in the years or in one edge, and no other day does.
    #[test]
    fn days_are_whole_years_and_edges() {
        for (from, to, years, edges) in [
            ("1980", "1999", (1980, 1999), [(19_800_000, 19_799_999), (20_000_000, 19_999_999)]),
            (
                "1980-05-17",
                "1999",
                (1981, 1999),
                [(19_800_517, 19_809_999), (20_000_000, 19_999_999)],
            ),
            ("1980-05", "1980-07", (1981, 1979), [(19_800_500, 19_800_799), (1, 0)]),
            ("1979-12-31", "1980-01-01", (1980, 1979), [(19_791_231, 19_800_101), (1, 0)]),
            (
                "1980-01-01",
                "1982-12-31",
                (1981, 1981),
                [(19_800_101, 19_809_999), (19_820_000, 19_821_231)],
            ),
        ] {
            let tally = of(from, to);
            let found = tally.edges.map(|days| (days.first, days.last));
            assert_eq!((tally.years, found), (years, edges), "{from} {to}");
        }
    }

    #[test]
    fn open_ends_are_whole_years() {
        let criteria = Criteria { birth: Some(Days::ALL), ..Criteria::default() };
        let tally = Tally::of(&criteria).expect("a tally");
        assert!(tally.years.0 == 1 && tally.years.1 > 9_999, "{tally:?}");
    }

    #[test]
    fn a_tally_tells_one_thing_besides_gender_and_status() {
        let woman = Criteria { gender: Some(Gender::Female), ..Criteria::default() };
        assert_eq!(Tally::of(&woman).map(|tally| tally.key).as_deref(), Some(EVERYBODY));
        let oslo = PlaceCriteria { municipality: Some("0301".into()), ..PlaceCriteria::default() };
        let in_oslo = Criteria { place: oslo.clone(), ..woman.clone() };
        assert_eq!(Tally::of(&in_oslo).map(|tally| tally.key).as_deref(), Some("@0301"));
        let died = Criteria { death: Some(Days::ALL), ..woman };
        assert_eq!(Tally::of(&died).map(|tally| tally.key).as_deref(), Some("~"));
        assert_eq!(Tally::of(&Criteria { birth: Some(Days::ALL), ..died }), None);
        assert_eq!(Tally::of(&Criteria { birth: Some(Days::ALL), ..in_oslo }), None);
        let code = PlaceCriteria { postal_code: Some("0265".into()), ..oslo };
        assert_eq!(Tally::of(&Criteria { place: code, ..Criteria::default() }), None);
    }
}
