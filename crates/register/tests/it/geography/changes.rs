//! What a new geography, or a new day, touches: everybody who comes out different, and few else.

use proptest::prelude::*;
use register::geography::{
    Address, Builder, Changes, Difference, Door, Exception, Geography, Property, ServedArea,
    UnitDistrict, enrich, enrich_with_keys,
};
use register::person::Person;

use super::golden::people;
use super::world::{code, day, district, geography, named, norway, unit_of, valid};

fn enriched(person: &Person, geography: &Geography, today: &str) -> Person {
    let mut person = person.clone();
    enrich(&mut person, geography, day(today));
    person
}

fn touched(changes: &Changes, geography: &Geography, today: &str) -> usize {
    let keys = |mut person| enrich_with_keys(&mut person, geography, day(today));
    let asked = people().into_iter().map(keys);
    asked.filter(|asked| changes.touch(asked)).count()
}

#[test]
fn the_same_geography_on_the_same_day_touches_nobody() {
    let today = day("2026-06-01");
    let changes = Changes::between((&geography(), today), (&geography(), today));
    assert!(changes.is_empty());
    assert_eq!(touched(&changes, &geography(), "2026-06-01"), 0);
}

#[test]
fn a_new_name_touches_those_who_have_it() {
    let today = day("2026-06-01");
    let mut builder = norway();
    builder.district(named(110_304, "Madla-Kvernevik", valid("2025-01-01", "")));
    let new = builder.build().0;
    let changes = Changes::between((&geography(), today), (&new, today));
    assert_eq!(changes.districts, Difference { added: 1, ..Difference::default() });
    assert_eq!(changes.keys().len(), 1);
    assert_eq!(touched(&changes, &new, "2026-06-01"), 1);
    let back = Changes::between((&new, today), (&geography(), today));
    assert_eq!(back.districts, Difference { removed: 1, ..Difference::default() });
    assert_eq!(back.keys(), changes.keys());
}

#[test]
fn the_day_of_a_change_touches_without_a_new_table() {
    let mut builder = norway();
    let split = |number, from, to| UnitDistrict {
        unit: unit_of(301, 20),
        district: district(number),
        valid: valid(from, to),
    };
    builder.unit_district(split(30_101, "2004-01-01", "2028-01-01"));
    builder.unit_district(split(30_118, "2028-01-01", ""));
    let geography = builder.build().0;
    let between = |a, b| Changes::between((&geography, day(a)), (&geography, day(b))).keys().len();
    assert_eq!(between("2026-06-01", "2027-12-31"), 0);
    assert_eq!(between("2027-12-31", "2028-01-01"), 1);
    assert_eq!(between("2028-01-01", "2028-01-02"), 0);
}

#[test]
fn an_address_that_nobody_had_an_answer_for_touches_them_when_it_comes() {
    let today = day("2026-06-01");
    let mut builder = norway();
    let door = Some(Door { code: 6001, number: 8, letter: Some('C') });
    builder.address(&Address {
        id: None,
        municipality: code(301),
        door,
        property: None,
        unit: unit_of(301, 1),
    });
    let new = builder.build().0;
    let changes = Changes::between((&geography(), today), (&new, today));
    assert_eq!(changes.doors, Difference { added: 1, ..Difference::default() });
    assert_eq!(touched(&changes, &geography(), "2026-06-01"), 1);
    assert_eq!(touched(&changes, &new, "2026-06-01"), 1);
}

/// One thing that can be different in a geography.
fn apply(builder: &mut Builder, number: usize, place: u32) {
    let since = valid("2012-01-01", "");
    let unit = unit_of(301, place);
    let address = Address {
        id: None,
        municipality: code(301),
        door: Some(Door { code: 1000 + place, number: 1, letter: None }),
        property: Some(Property { land: 10, title: place, leasehold: 0, sub: 0 }),
        unit: unit_of(301, 1),
    };
    match number {
        0 => builder.county(named(46, "Vestlandet", since)),
        1 => builder.municipality(named(4601, "Bjørgvin", since)),
        2 => builder.municipality(named(1601, "Nidaros", since)),
        3 => builder.unit(named(unit.number(), "Nytt navn", valid("2012-01-01", "2020-06-01"))),
        4 => builder.district(named(30_100 + place, "Ny bydel", since)),
        5 => builder.unit_district(UnitDistrict { unit, district: district(30_105), valid: since }),
        6 => builder.unit_district(UnitDistrict {
            unit,
            district: district(30_106),
            valid: valid("2027-01-01", "2029-01-01"),
        }),
        7 => builder.exception(Exception {
            area: ServedArea::Unit(unit),
            served_by: Some(district(30_107)),
            valid: since,
        }),
        8 => builder.exception(Exception {
            area: ServedArea::District(district(30_100 + place)),
            served_by: Some(district(30_108)),
            valid: valid("2012-01-01", "2027-06-01"),
        }),
        9 => builder.address(&Address { door: None, ..address }),
        10 => builder.address(&Address { property: None, ..address }),
        // A unit that the addresses know already, and that begins later.
        11 => builder.unit(named(3_018_888, "Fremtidens rode", valid("2027-01-01", ""))),
        _ => builder.address(&Address {
            id: Some(u64::from(30_100_000 + place)),
            door: None,
            property: None,
            ..address
        }),
    }
}

const DAYS: &[&str] = &["2011-06-01", "2019-12-31", "2026-06-01", "2027-01-01", "2028-01-01"];

fn a_geography() -> impl Strategy<Value = (Geography, &'static str)> {
    let things = prop::collection::vec((0_usize..13, 1_u32..18), 0..8);
    (things, prop::sample::select(DAYS)).prop_map(|(things, today)| {
        let mut builder = norway();
        things.into_iter().for_each(|(number, place)| apply(&mut builder, number, place));
        (builder.build().0, today)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whether the old geography is asked or the new, nobody who comes out different is missed.
    #[test]
    fn nobody_who_comes_out_different_is_missed(old in a_geography(), new in a_geography()) {
        let changes = Changes::between((&old.0, day(old.1)), (&new.0, day(new.1)));
        for person in people() {
            if enriched(&person, &old.0, old.1) == enriched(&person, &new.0, new.1) {
                continue;
            }
            for (geography, today) in [&old, &new] {
                let asked = enrich_with_keys(&mut person.clone(), geography, day(today));
                prop_assert!(changes.touch(&asked), "{:?}", person);
            }
        }
    }
}
