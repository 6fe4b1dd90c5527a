//! The rows of the classifications: what is called what, and when.

use std::collections::BTreeMap;

use crate::calendar::Day;
use crate::population::place::{Municipality, PLACES, REFORMS};
use crate::population::site::UNSPECIFIED;

use super::district::{DISTRICTS, District};
use super::edition::{self, Edition, MOVES, RENAMINGS};
use super::name::{COUNTIES, UNIT_NAMES, names_of};

/// The day that the classifications begin on here.
const BEGINNING: Day = Day::of(2002, 1, 1);
const UNKNOWN: &str = "Uoppgitt";

/// The days on which something holds; `to` is the first on which it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Day,
    pub(super) to: Option<Day>,
}

impl Span {
    const ALWAYS: Span = Span { from: BEGINNING, to: None };

    /// The days that are in both, if there are any.
    pub(super) fn within(self, other: Span) -> Option<Span> {
        let from = self.from.max(other.from);
        let to = [self.to, other.to].into_iter().flatten().min();
        to.is_none_or(|to| from < to).then_some(Span { from, to })
    }

    fn since(from: Day) -> Span {
        Span { from, to: None }
    }

    fn until(to: Day) -> Span {
        Span { to: Some(to), ..Span::ALWAYS }
    }
}

/// A code and its name.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) code: String,
    pub(super) parent: Option<String>,
    pub(super) level: u8,
    pub(super) name: String,
    pub(super) valid: Span,
}

impl Row {
    fn top(code: impl Into<String>, name: &str, valid: Span) -> Row {
        Row { code: code.into(), parent: None, level: 1, name: name.to_owned(), valid }
    }
}

/// A unit, and the district that it lies in: codes and names.
pub(super) struct Pair {
    pub(super) source: [String; 2],
    pub(super) target: [String; 2],
    pub(super) valid: Span,
}

/// The rows of a classification by its number, in the order of the codes.
pub(super) fn rows(classification: u32, edition: Edition) -> Option<Vec<Row>> {
    let mut rows = match classification {
        104 => counties(),
        131 => municipalities(),
        103 => districts(),
        1 => units(edition),
        _ => return None,
    };
    rows.sort_by(|a, b| (&a.code, a.valid.from).cmp(&(&b.code, b.valid.from)));
    Some(rows)
}

fn counties() -> Vec<Row> {
    let row = |(code, name, from, last): &(&str, &str, i32, Option<i32>)| {
        let to = last.map(|year| Day::of(year + 1, 1, 1));
        Row::top(*code, name, Span { from: Day::of(*from, 1, 1), to })
    };
    COUNTIES.iter().map(row).collect()
}

fn municipalities() -> Vec<Row> {
    let mut rows = vec![Row::top("9999", UNKNOWN, Span::ALWAYS)];
    for place in PLACES {
        for (number, valid) in numbers(place) {
            let names = spans(names_of(place.number));
            let named = names
                .into_iter()
                .filter_map(|(name, span)| Some(Row::top(number, name, span.within(valid)?)));
            rows.extend(named);
        }
    }
    rows
}

fn districts() -> Vec<Row> {
    let row = |district: &District| {
        let numbers = numbers(city(district)).into_iter();
        let name = district.name;
        let since = Span::since(divided_since(district.code));
        numbers
            .filter_map(|(number, valid)| {
                Some(Row::top(code_then(district.code, number), name, valid.within(since)?))
            })
            .collect::<Vec<_>>()
    };
    DISTRICTS.iter().flat_map(row).collect()
}

fn units(edition: Edition) -> Vec<Row> {
    let mut rows = Vec::new();
    for place in PLACES {
        let mut tracts = BTreeMap::new();
        for (unit, names) in unit_names(place, edition) {
            tracts.entry(unit / 100).or_insert(match unit {
                UNSPECIFIED => UNKNOWN.to_owned(),
                _ => format!("Delområde {}", unit / 100),
            });
            for (number, valid) in numbers(place) {
                let named = names.iter().filter_map(|(name, span)| {
                    Some(Row {
                        code: format!("{number}{unit:04}"),
                        parent: Some(format!("{number}{:02}00", unit / 100)),
                        level: 2,
                        name: name.clone(),
                        valid: span.within(valid)?.within(exists(place, unit))?,
                    })
                });
                rows.extend(named);
            }
        }
        for (number, valid) in numbers(place) {
            let tract = |(tract, name): (&i64, &String)| {
                Row::top(format!("{number}{tract:02}00"), name, valid)
            };
            rows.extend(tracts.iter().map(tract));
        }
    }
    rows
}

/// Which district each unit lies in, in the order of the units' codes.
pub(super) fn pairs(edition: Edition) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for district in DISTRICTS {
        let place = city(district);
        for (unit, name) in district.units() {
            for (target, valid) in districts_of(place, unit, district.code, edition) {
                pairs.extend(pairs_of(place, (unit, name), target, valid));
            }
        }
    }
    pairs.sort_by(|a, b| (&a.source, a.valid.from).cmp(&(&b.source, b.valid.from)));
    pairs
}

/// A unit in a district for a time, under each of the numbers that the city had.
fn pairs_of(
    place: &'static Municipality,
    (unit, name): (i64, &'static str),
    district: &'static str,
    valid: Span,
) -> impl Iterator<Item = Pair> {
    let named = DISTRICTS.iter().find(|one| one.code == district).map_or("", |one| one.name);
    let since = Span::since(divided_since(district));
    numbers(place).into_iter().filter_map(move |(number, then)| {
        Some(Pair {
            source: [format!("{number}{unit:04}"), name.to_owned()],
            target: [code_then(district, number), named.to_owned()],
            valid: valid.within(then)?.within(since)?.within(exists(place, unit))?,
        })
    })
}

/// The districts that a unit has lain in and will lie in.
fn districts_of(
    place: &Municipality,
    unit: i64,
    now: &'static str,
    edition: Edition,
) -> Vec<(&'static str, Span)> {
    match edition::of(MOVES, (place.number, unit), edition) {
        None => vec![(now, Span::ALWAYS)],
        Some(turn) => vec![(turn.before, Span::until(turn.on)), (turn.after, Span::since(turn.on))],
    }
}

/// Every unit of a place, each with its names.
fn unit_names(place: &Municipality, edition: Edition) -> BTreeMap<i64, Vec<(String, Span)>> {
    let mut names = BTreeMap::new();
    for unit in place.areas.iter().flat_map(|area| area.units).chain([&UNSPECIFIED]) {
        let named = match edition::of(RENAMINGS, (place.number, *unit), edition) {
            None => vec![(unit_name(place, *unit), Span::ALWAYS)],
            Some(turn) => vec![
                (turn.before.to_owned(), Span::until(turn.on)),
                (turn.after.to_owned(), Span::since(turn.on)),
            ],
        };
        names.insert(*unit, named);
    }
    names
}

/// What a unit is called in the first edition.
fn unit_name(place: &Municipality, unit: i64) -> String {
    if unit == UNSPECIFIED {
        return UNKNOWN.to_owned();
    }
    let districts = DISTRICTS.iter().filter(|district| district.code.starts_with(place.number));
    let mut known = districts.flat_map(District::units).filter(|(number, _)| *number == unit);
    known.next().map_or_else(
        || format!("{} {unit}", UNIT_NAMES[unit as usize % UNIT_NAMES.len()]),
        |(_, name)| name.to_owned(),
    )
}

/// Today's name of every unit of a place in an edition, as the address file has it.
pub(super) fn unit_names_today(place: &Municipality, edition: Edition) -> BTreeMap<i64, String> {
    let names = unit_names(place, edition).into_iter();
    names.filter_map(|(unit, mut names)| Some((unit, names.pop()?.0))).collect()
}

/// A place's numbers, each with the days it was in use.
fn numbers(place: &Municipality) -> Vec<(&'static str, Span)> {
    let mut begins = vec![(BEGINNING, place.number_on(BEGINNING))];
    for day in REFORMS {
        if begins.last().is_some_and(|last| last.1 != place.number_on(day)) {
            begins.push((day, place.number_on(day)));
        }
    }
    spans(begins)
}

/// What holds from each day until the next.
fn spans<T: Copy>(begins: Vec<(Day, T)>) -> Vec<(T, Span)> {
    let ends = begins.iter().skip(1).map(|next| Some(next.0)).chain([None]);
    begins.iter().zip(ends).map(|(&(from, value), to)| (value, Span { from, to })).collect()
}

/// The city that a district is a part of.
fn city(district: &District) -> &'static Municipality {
    let mut cities = PLACES.iter().filter(|place| district.code.starts_with(place.number));
    cities.next().unwrap_or(&PLACES[0])
}

/// A district's code when its city had another number.
fn code_then(code: &str, number: &str) -> String {
    format!("{number}{}", &code[4..])
}

/// When a district was made.
fn divided_since(district: &str) -> Day {
    match district {
        // Two islands' municipalities that became part of Stavanger.
        "110308" | "110309" => REFORMS[1],
        _ if district.starts_with("0301") => Day::of(2004, 1, 1),
        _ => BEGINNING,
    }
}

/// When there was such a unit: those of a district that came with other municipalities, only since.
fn exists(place: &Municipality, unit: i64) -> Span {
    let came_later = DISTRICTS.iter().any(|district| {
        divided_since(district.code) == REFORMS[1]
            && district.code.starts_with(place.number)
            && district.units().any(|(number, _)| number == unit)
    });
    if came_later { Span::since(REFORMS[1]) } else { Span::ALWAYS }
}
