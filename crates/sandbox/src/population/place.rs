//! Municipalities, postal codes, streets and basic statistical units that belong together.

mod cities;
pub(crate) mod site;
mod table;

pub(crate) use table::PLACES;

use crate::calendar::Day;
use crate::dice::Dice;

/// The days on which municipalities got other numbers.
pub(crate) const REFORMS: [Day; 3] =
    [Day::of(2018, 1, 1), Day::of(2020, 1, 1), Day::of(2024, 1, 1)];

/// A postal area inside a municipality.
#[derive(Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) postcode: &'static str,
    pub(crate) town: &'static str,
    /// Each grunnkrets in it, without the municipality's digits and without leading zeros.
    pub(crate) units: &'static [i64],
}

/// A municipality of today and the numbers it had before.
#[derive(Debug)]
pub(crate) struct Municipality {
    pub(crate) number: &'static str,
    /// Its number from 2020 to 2023, if another.
    pub(crate) number_2020: Option<&'static str>,
    /// Its number before 2020, in Trøndelag before 2018, if another.
    pub(crate) number_before: Option<&'static str>,
    /// Inhabitants, in thousands.
    pub(crate) weight: u64,
    pub(crate) areas: &'static [Area],
    /// Streets that only this place has; every place also has the common ones.
    pub(crate) streets: &'static [&'static str],
}

impl Municipality {
    /// The number on a day.
    pub(crate) fn number_on(&self, day: Day) -> &'static str {
        // Trøndelag was made two years before the other reforms.
        let first = if self.number.starts_with("50") { REFORMS[0] } else { REFORMS[1] };
        if day < first {
            self.number_before.or(self.number_2020).unwrap_or(self.number)
        } else if day < REFORMS[2] {
            self.number_2020.unwrap_or(self.number)
        } else {
            self.number
        }
    }

    /// Whether a Sámi language is an official one here.
    pub(crate) fn is_sami_district(&self) -> bool {
        ["5612", "5610", "5628", "5041", "5025"].contains(&self.number)
    }
}

const fn area(postcode: &'static str, town: &'static str, units: &'static [i64]) -> Area {
    Area { postcode, town, units }
}

const fn place(
    numbers: [&'static str; 3],
    weight: u64,
    areas: &'static [Area],
    streets: &'static [&'static str],
) -> Municipality {
    let [number, then, before] = numbers;
    let number_2020 = if then.is_empty() { None } else { Some(then) };
    let number_before = if before.is_empty() { None } else { Some(before) };
    Municipality { number, number_2020, number_before, weight, areas, streets }
}

/// Streets that stand in every town.
pub(crate) const COMMON_STREETS: &[&str] = &[
    "Storgata",
    "Kirkegata",
    "Skolegata",
    "Bjørkeveien",
    "Granveien",
    "Furuveien",
    "Åsveien",
    "Ringveien",
    "Parkveien",
    "Idrettsveien",
    "Lillevegen",
    "Øvre Bakkegate",
    "Nedre Strandvei",
    "Dr. Holms vei",
    "17. mai-gata",
    "St. Olavs gate",
    "Ærfuglvegen",
    "Rådyrstien",
    "Å-veien",
];

const INHABITANTS: u64 = {
    let mut sum = 0;
    let mut at = 0;
    while at < PLACES.len() {
        sum += PLACES[at].weight;
        at += 1;
    }
    sum
};

/// A place, each as often as it has inhabitants.
pub(crate) fn any(dice: &mut Dice) -> usize {
    let mut left = dice.below(INHABITANTS);
    for (number, place) in PLACES.iter().enumerate() {
        if left < place.weight {
            return number;
        }
        left -= place.weight;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_one_number_and_whole_postal_codes() {
        let mut numbers = std::collections::HashSet::new();
        let mut postcodes = std::collections::HashSet::new();
        for place in PLACES {
            assert!(numbers.insert(place.number), "{}", place.number);
            let old = [Some(place.number), place.number_2020, place.number_before];
            for number in old.into_iter().flatten() {
                assert!(number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit()));
            }
            for area in place.areas {
                assert!(area.postcode.len() == 4 && !area.town.is_empty());
                assert!(area.units.iter().all(|unit| (101..9999).contains(unit)));
                assert!(postcodes.insert(area.postcode), "{} twice", area.postcode);
            }
        }
    }

    #[test]
    fn a_municipality_has_the_number_of_the_day() {
        let on = |number: &str, year| {
            let place = PLACES.iter().find(|place| place.number == number).expect("listed");
            place.number_on(Day::of(year, 6, 1))
        };
        assert_eq!(
            [2017, 2019, 2021, 2024].map(|year| on("3201", year)),
            ["0219", "0219", "3024", "3201"]
        );
        assert_eq!(
            [2017, 2019, 2021, 2024].map(|year| on("5001", year)),
            ["1601", "5001", "5001", "5001"]
        );
        assert_eq!([2017, 2021, 2024].map(|year| on("0301", year)), ["0301"; 3]);
    }

    #[test]
    fn a_city_has_the_real_units_of_its_districts() {
        // One of each: Frogner, Åsane, Heimdal and Rennesøy.
        for (number, unit) in [("0301", 605), ("4601", 915), ("5001", 7516), ("1103", 1401)] {
            let place = PLACES.iter().find(|place| place.number == number).expect("listed");
            let units = || place.areas.iter().flat_map(|area| area.units);
            let near = units().min_by_key(|known| (*known - unit).abs()).expect("some");
            assert!((near - unit).abs() < 300, "{number}: {near}");
        }
    }
}
