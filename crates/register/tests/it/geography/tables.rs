//! The tables: what they answer on which day, what they refuse, and the indices against a model.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use register::geography::{
    Address, Area, Builder, Code, Door, Exception, Geography, Place, Property, Report, ServedArea,
    Unit, UnitDistrict, Validity, When,
};
use register::part::{CadastralAddress, CadastralNumber, StreetAddress, StreetAddressNumber};

use super::world::{code, day, district, named, norway, valid};

#[test]
fn a_district_is_split_in_2028() {
    let mut builder = norway();
    let split: Unit = code(3_018_400);
    let moved = |number, from, to| UnitDistrict {
        unit: split,
        district: district(number),
        valid: valid(from, to),
    };
    builder.unit_district(moved(30_101, "2004-01-01", "2028-01-01"));
    builder.unit_district(moved(30_118, "2028-01-01", ""));
    builder.district(named(30_118, "Nye Oslo", Validity::since(day("2028-01-01"))));
    let (geography, report) = builder.build();
    assert_eq!(report, expected());
    assert_eq!(geography.district(split, day("2027-12-31")), Some(district(30_101)));
    assert_eq!(geography.district(split, day("2028-01-01")), Some(district(30_118)));
    assert_eq!(geography.district(split, day("2003-12-31")), None);
}

#[test]
fn who_serves_is_dated_too() {
    let mut builder = norway();
    // From 2028 Sentrum gives services itself.
    builder.exception(Exception {
        area: ServedArea::District(district(30_116)),
        served_by: Some(district(30_116)),
        valid: valid("2028-01-01", ""),
    });
    let geography = builder.build().0;
    let unit = code(3_018_161);
    let served = |on| geography.serving_district(unit, district(30_116), day(on));
    assert_eq!(served("2027-12-31"), Some(district(30_104)));
    assert_eq!(served("2028-01-01"), Some(district(30_116)));
}

#[test]
fn the_units_that_nobody_serves_are_reported() {
    let geography = super::world::geography();
    assert_eq!(geography.unserved_units(day("2026-06-01")), [code(3_018_171)]);
    assert_eq!(geography.unserved_units(day("2003-06-01")), []);
    let mut builder = norway();
    builder.exception(Exception {
        area: ServedArea::Unit(code(3_018_171)),
        served_by: Some(district(30_177)),
        valid: valid("2004-01-01", ""),
    });
    let geography = builder.build().0;
    assert_eq!(geography.unserved_units(day("2026-06-01")), []);
    assert_eq!(geography.unknown_serving_districts(day("2026-06-01")), [district(30_177)]);
}

/// What the small Norway has that does not become part of it.
fn expected() -> Report {
    Report { ambiguous_doors: 1, ambiguous_properties: 1, ..Report::default() }
}

#[test]
fn what_cannot_be_is_counted_and_left_out() {
    let mut builder = norway();
    let always = valid("2004-01-01", "");
    let pair = |unit, to| UnitDistrict { unit: code(unit), district: district(to), valid: always };
    builder.unit_district(pair(3_019_999, 30_101));
    builder.unit_district(pair(46_018_021, 30_101));
    // Says otherwise about the same unit from the same day: neither is believed.
    builder.unit_district(pair(3_018_011, 30_102));
    let address = Address {
        id: Some(1),
        municipality: code(301),
        door: Some(Door { code: 1, number: 1, letter: None }),
        property: None,
        unit: code(3_018_011),
    };
    builder.address(&Address { unit: code(46_018_021), ..address });
    let door = Some(Door { code: 131_072, number: 1, letter: None });
    builder.address(&Address { id: None, door, ..address });
    let (geography, report) = builder.build();
    assert_eq!(
        report,
        Report {
            conflicts: 2,
            misplaced_units: 2,
            misplaced_addresses: 1,
            impossible_addresses: 1,
            ..expected()
        }
    );
    assert_eq!(geography.district(code(3_018_011), day("2026-06-01")), None);
}

#[test]
fn rows_may_come_in_any_order_and_twice() {
    let mut twice = Builder::default();
    twice.county(named(3, "Oslo", valid("1977-01-01", "")));
    for name in ["b", "a", "b"] {
        let from = if name == "a" { "2000-01-01" } else { "2010-01-01" };
        twice.municipality(named(301, name, valid(from, "")));
    }
    let mut once = Builder::default();
    once.municipality(named(301, "a", valid("2000-01-01", "")));
    once.municipality(named(301, "b", valid("2010-01-01", "")));
    once.county(named(3, "Oslo", valid("1977-01-01", "")));
    let ((twice, report), (once, _)) = (twice.build(), once.build());
    assert_eq!(
        (report, twice.sizes(), twice.version()),
        (Report::default(), once.sizes(), once.version())
    );
    let mut other = Builder::default();
    other.county(named(3, "Oslo", valid("1977-01-01", "")));
    assert_ne!(other.build().0.version(), once.version());
    // Pinned: the version of stored tables must not change with the compiler or the machine.
    assert_eq!(Builder::default().build().0.version().to_string(), PINNED);
}

/// FNV-1a of eighty zeros: the lengths of ten empty tables.
const PINNED: &str = "0db7b773180305f8713ca5dab432e14d";

#[test]
fn codes_keep_their_zeros() {
    assert_eq!(
        Code::<8>::parse("03010401").map(|unit| unit.to_string()).as_deref(),
        Some("03010401")
    );
    for wrong in ["3010401", "030104011", "0301040x", "+3010401", ""] {
        assert_eq!(Code::<8>::parse(wrong), None, "{wrong}");
    }
    assert_eq!(Code::<2>::from_number(100), None);
    assert_eq!(Unit::within(code(301), 401), Some(code(3_010_401)));
    for wrong in [0, -1, 10_000, i64::MAX] {
        assert_eq!(Unit::within(code(301), wrong), None, "{wrong}");
    }
}

/// Few values of each, so that addresses meet.
fn addresses() -> impl Strategy<Value = Vec<Address>> {
    let letters = prop::sample::select(vec![None, Some('A'), Some('a'), Some('Æ'), Some('æ')]);
    let door = (1_u32..4, 1_u32..4, letters).prop_map(|(code, number, letter)| Door {
        code,
        number,
        letter,
    });
    let property = (1_u32..3, 1_u32..3, 0_u32..2, 0_u32..2)
        .prop_map(|(land, title, leasehold, sub)| Property { land, title, leasehold, sub });
    let unit = (prop::sample::select(vec![301_u32, 4601]), 101_u32..104);
    let row =
        (prop::option::of(1_u64..30), unit, prop::option::of(door), prop::option::of(property));
    let row = row.prop_map(|(id, (municipality, unit), door, property)| Address {
        id,
        municipality: code(municipality),
        door,
        property,
        unit: code(municipality * 10_000 + unit),
    });
    prop::collection::vec(row, 0..60)
}

fn area<'g>(geography: &'g Geography, place: &Place<'_>) -> Area<'g> {
    geography.area(place, When::Now(day("2026-06-01")))
}

fn street(door: &Door) -> StreetAddress {
    StreetAddress {
        address_code: Some(format!("{:05}", door.code)),
        address_number: Some(StreetAddressNumber {
            house_number: Some(door.number.to_string()),
            house_letter: door.letter.map(String::from),
        }),
        ..StreetAddress::default()
    }
}

fn cadastral(property: &Property) -> CadastralAddress {
    CadastralAddress {
        cadastral_number: Some(CadastralNumber {
            municipality_land_number: Some(property.land.into()),
            title_number: Some(property.title.into()),
            leasehold_number: Some(property.leasehold.into()),
            ..CadastralNumber::default()
        }),
        sub_number: Some(property.sub.into()),
        ..CadastralAddress::default()
    }
}

/// The one unit of a set.
fn only(units: &BTreeSet<Unit>) -> Option<Unit> {
    units.first().copied().filter(|_| units.len() == 1)
}

proptest! {
    #[test]
    fn the_indices_answer_as_a_plain_map_does(rows in addresses()) {
        let mut builder = Builder::default();
        let mut ids: BTreeMap<u64, BTreeSet<Unit>> = BTreeMap::new();
        let mut doors: BTreeMap<_, BTreeSet<Unit>> = BTreeMap::new();
        // Units by own addresses, and by street addresses.
        let mut properties: BTreeMap<_, [BTreeSet<Unit>; 2]> = BTreeMap::new();
        let key = |property: &Property| {
            (property.land, property.title, property.leasehold, property.sub)
        };
        let letter = |door: &Door| door.letter.map(|letter| letter.to_uppercase().to_string());
        for row in &rows {
            builder.address(row);
            if let Some(id) = row.id {
                ids.entry(id).or_default().insert(row.unit);
            }
            if let Some(door) = &row.door {
                let key = (row.municipality, door.code, door.number, letter(door));
                doors.entry(key).or_default().insert(row.unit);
            }
            if let Some(property) = &row.property {
                let units = properties.entry((row.municipality, key(property))).or_default();
                units[usize::from(row.door.is_some())].insert(row.unit);
            }
        }
        let (geography, report) = builder.build();
        let several = |units: &&BTreeSet<Unit>| units.len() > 1;
        prop_assert_eq!(report.ambiguous_ids, ids.values().filter(several).count() as u64);
        prop_assert_eq!(report.ambiguous_doors, doors.values().filter(several).count() as u64);
        prop_assert_eq!(geography.sizes().properties, properties.len());
        for (id, units) in &ids {
            let id = id.to_string();
            let found = area(&geography, &Place { id: Some(&id), ..Place::default() }).unit;
            prop_assert_eq!(found, only(units));
        }
        for row in &rows {
            let municipality = Some(row.municipality);
            if let Some(door) = &row.door {
                let street = street(door);
                let place = Place { municipality, street: Some(&street), ..Place::default() };
                let units = &doors[&(row.municipality, door.code, door.number, letter(door))];
                prop_assert_eq!(area(&geography, &place).unit, only(units));
            }
            if let Some(property) = &row.property {
                let cadastral = cadastral(property);
                let place = Place { municipality, cadastral: Some(&cadastral), ..Place::default() };
                let [own, of_streets] = &properties[&(row.municipality, key(property))];
                let units = if own.is_empty() { of_streets } else { own };
                prop_assert_eq!(area(&geography, &place).unit, only(units));
            }
        }
        let nobody = Place { id: Some("4711"), ..Place::default() };
        prop_assert_eq!(area(&geography, &nobody).unit, None);
    }

    #[test]
    fn the_version_does_not_depend_on_order(rows in addresses()) {
        let build = |rows: &mut dyn Iterator<Item = &Address>| {
            let mut builder = Builder::default();
            rows.for_each(|row| builder.address(row));
            builder.build().0.version()
        };
        prop_assert_eq!(build(&mut rows.iter()), build(&mut rows.iter().rev()));
    }
}
