//! A small Norway: the real municipalities and urban districts of four cities, with units and
//! addresses that are made up.

use register::geography::{
    Address, Builder, Code, District, Door, Exception, Geography, Municipality, NamedCode,
    Property, ServedArea, Unit, UnitDistrict, Validity,
};
use register::time::Day;

/// The urban districts since 2020, by municipality.
pub const DISTRICTS: &[(u32, &[&str])] = &[
    (
        301,
        &[
            "Gamle Oslo",
            "Grünerløkka",
            "Sagene",
            "St. Hanshaugen",
            "Frogner",
            "Ullern",
            "Vestre Aker",
            "Nordre Aker",
            "Bjerke",
            "Grorud",
            "Stovner",
            "Alna",
            "Østensjø",
            "Nordstrand",
            "Søndre Nordstrand",
            "Sentrum",
            "Marka",
        ],
    ),
    (
        1103,
        &[
            "Hundvåg",
            "Tasta",
            "Eiganes og Våland",
            "Madla",
            "Storhaug",
            "Hillevåg",
            "Hinna",
            "Finnøy",
            "Rennesøy",
        ],
    ),
    (
        4601,
        &["Arna", "Bergenhus", "Fana", "Fyllingsdalen", "Laksevåg", "Ytrebygda", "Årstad", "Åsane"],
    ),
    (5001, &["Midtbyen", "Østbyen", "Lerkendal", "Heimdal"]),
];

/// County, name, first day, day after the last.
const COUNTIES: &[(u32, &str, &str, &str)] = &[
    (3, "Oslo", "1977-01-01", "2024-01-01"),
    (3, "Oslo - Oslove", "2024-01-01", ""),
    (11, "Rogaland", "1977-01-01", ""),
    (12, "Hordaland", "1977-01-01", "2020-01-01"),
    (16, "Sør-Trøndelag", "1977-01-01", "2018-01-01"),
    (18, "Nordland - Nordlánda", "1977-01-01", ""),
    (46, "Vestland", "2020-01-01", ""),
    (50, "Trøndelag - Trööndelage", "2018-01-01", ""),
    (56, "Finnmark - Finnmárku - Finmarkku", "2024-01-01", ""),
];

/// Municipality, name, first day, day after the last.
const MUNICIPALITIES: &[(u32, &str, &str, &str)] = &[
    (301, "Oslo", "1977-01-01", "2024-01-01"),
    (301, "Oslo - Oslove", "2024-01-01", ""),
    (1103, "Stavanger", "1977-01-01", ""),
    (1141, "Finnøy", "1977-01-01", "2020-01-01"),
    (1201, "Bergen", "1977-01-01", "2020-01-01"),
    (1601, "Trondheim", "1977-01-01", "2018-01-01"),
    (1804, "Bodø - Bådåddjo", "1977-01-01", ""),
    (4601, "Bergen", "2020-01-01", ""),
    (5001, "Trondheim", "2018-01-01", "2020-01-01"),
    (5001, "Trondheim - Tråante", "2020-01-01", ""),
    (5610, "Kárášjohka - Karasjok", "2024-01-01", ""),
];

pub fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

pub fn valid(from: &str, to: &str) -> Validity {
    Validity { from: day(from), to: (!to.is_empty()).then(|| day(to)) }
}

pub fn code<const DIGITS: u32>(number: u32) -> Code<DIGITS> {
    Code::from_number(number).expect("so many digits")
}

pub fn named<const DIGITS: u32>(number: u32, name: &str, valid: Validity) -> NamedCode<DIGITS> {
    NamedCode { code: code(number), name: name.to_owned(), valid }
}

/// A unit of the district: 0301 and 5 is 03018051. Real units have other numbers.
pub fn unit_of(municipality: u32, district: u32) -> Unit {
    code(municipality * 10_000 + 8001 + district * 10)
}

/// The small Norway, before it becomes a geography.
pub fn norway() -> Builder {
    let mut builder = Builder::default();
    for (number, name, from, to) in COUNTIES {
        builder.county(named(*number, name, valid(from, to)));
    }
    for (number, name, from, to) in MUNICIPALITIES {
        builder.municipality(named(*number, name, valid(from, to)));
    }
    let always = valid("2004-01-01", "");
    for (municipality, names) in DISTRICTS {
        for (place, name) in (1_u32..).zip(*names) {
            let begun = match municipality {
                4601 => "2020-01-01",
                5001 => "2018-01-01",
                _ => "2004-01-01",
            };
            let (begun, number) = (valid(begun, ""), municipality * 100 + place);
            builder.district(named(number, name, begun));
            let unit = unit_of(*municipality, place);
            builder.unit(named(unit.number(), &format!("{name} rode 1"), begun));
            builder.unit_district(UnitDistrict { unit, district: code(number), valid: begun });
        }
        let unspecified = municipality * 10_000 + 9999;
        builder.unit(named(unspecified, "Uoppgitt grunnkrets", always));
    }
    for exception in Exception::oslo(always) {
        builder.exception(exception);
    }
    others(&mut builder);
    addresses(&mut builder);
    builder
}

/// What is not in the lists: a second unit of Marka that somebody serves, a statistical tract in
/// two districts, units of other times and places.
fn others(builder: &mut Builder) {
    let always = valid("2004-01-01", "");
    let mut unit = |number: u32, name: &str, district: u32, valid| {
        builder.unit(named(number, name, valid));
        if district != 0 {
            builder.unit_district(UnitDistrict {
                unit: code(number),
                district: code(district),
                valid,
            });
        }
    };
    unit(3_018_172, "Skogen", 30_117, always);
    unit(3_018_301, "Delt 1", 30_101, always);
    unit(3_018_302, "Delt 2", 30_102, always);
    unit(3_010_401, "Null foran", 30_105, always);
    unit(12_018_021, "Bergenhus gamle rode", 120_102, valid("2004-01-01", "2020-01-01"));
    unit(16_018_011, "Midtbyen gamle rode", 160_101, valid("2004-01-01", "2018-01-01"));
    unit(18_041_203, "Rønvikjordene", 0, always);
    let old = valid("2004-01-01", "2020-01-01");
    builder.district(named(120_102, "Bergenhus", old));
    builder.district(named(160_101, "Midtbyen", valid("2004-01-01", "2018-01-01")));
    builder.exception(Exception {
        area: ServedArea::Unit(code(3_018_172)),
        served_by: Some(code(30_108)),
        valid: always,
    });
}

/// Every district has one address: id 100 000 × municipality + district, door 1000 + district
/// number 1, property 10 / district. What the golden table tries beyond that follows.
fn addresses(builder: &mut Builder) {
    for (municipality, names) in DISTRICTS {
        for place in (1_u32..).take(names.len()) {
            builder.address(&Address {
                id: Some(u64::from(municipality * 100_000 + place)),
                municipality: code(*municipality),
                door: Some(Door { code: 1000 + place, number: 1, letter: None }),
                property: Some(Property { land: 10, title: place, leasehold: 0, sub: 0 }),
                unit: unit_of(*municipality, place),
            });
        }
    }
    let oslo = |place| unit_of(301, place);
    for (id, number, letter, unit) in [
        (1, 8, None, oslo(1)),
        (2, 8, Some('A'), oslo(2)),
        (3, 8, Some('b'), oslo(3)),
        (4, 8, Some('Å'), oslo(5)),
        (5, 9, None, code(3_018_301)),
        (6, 10, None, code(3_018_302)),
        (7, 11, None, code(3_018_172)),
    ] {
        address(builder, id, 301, Some(Door { code: 6001, number, letter }), None, unit);
    }
    // One door, two units.
    for (id, place) in [(8, 6), (9, 7)] {
        let door = Door { code: 6002, number: 1, letter: None };
        address(builder, id, 301, Some(door), None, oslo(place));
    }
    let property = |sub, leasehold| Some(Property { land: 45, title: 2, leasehold, sub });
    address(builder, 20, 301, None, property(0, 0), oslo(8));
    address(builder, 21, 301, None, property(1, 0), oslo(9));
    address(builder, 22, 301, None, property(0, 3), oslo(10));
    // Its own address goes before a street address on the same property.
    let door = Some(Door { code: 6003, number: 1, letter: None });
    address(builder, 23, 301, door, property(0, 0), oslo(11));
    // Only street addresses, in two units.
    for (id, number, place) in [(24, 2, 12), (25, 4, 13)] {
        let door = Some(Door { code: 6003, number, letter: None });
        let large = Some(Property { land: 46, title: 1, leasehold: 0, sub: 0 });
        address(builder, id, 301, door, large, oslo(place));
    }
    address(builder, 30, 1804, None, property(0, 0), code(18_041_203));
    // In a unit that has no row yet.
    let door = Some(Door { code: 6004, number: 1, letter: None });
    address(builder, 31, 301, door, None, code(3_018_888));
    // Where nobody knows the unit.
    let door = Some(Door { code: 6005, number: 1, letter: None });
    address(builder, 32, 301, door, None, code(3_019_999));
}

fn address(
    builder: &mut Builder,
    id: u64,
    municipality: u32,
    door: Option<Door>,
    property: Option<Property>,
    unit: Unit,
) {
    let municipality: Municipality = code(municipality);
    builder.address(&Address { id: Some(id), municipality, door, property, unit });
}

/// The small Norway.
pub fn geography() -> Geography {
    norway().build().0
}

/// A district by its number, without the zero in front.
pub fn district(number: u32) -> District {
    code(number)
}
