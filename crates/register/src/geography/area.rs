//! From an address to its unit, and from the unit to its districts.

use super::address::{Door, Property};
use super::code::{Code, District, Municipality, Unit};
use super::dated::Dated;
use super::digest::Words;
use super::key::{Key, Kind};
use super::lookup::Geography;
use crate::part::{CadastralAddress, StreetAddress};
use crate::time::Day;

/// On which day something is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It holds on this day, today.
    Now(Day),
    /// It is history, and held from this day.
    Then(Day),
}

/// What an address tells about where it lies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place<'a> {
    /// The municipality, as the address names it.
    pub municipality: Option<Municipality>,
    /// The unit's number within the municipality, where the source gives it.
    pub own_unit: Option<i64>,
    /// The id of the address in the land register, as text.
    pub id: Option<&'a str>,
    /// The street address, if it is one.
    pub street: Option<&'a StreetAddress>,
    /// The cadastral address, if it is one.
    pub cadastral: Option<&'a CadastralAddress>,
}

/// Where an address lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area<'a> {
    /// The basic statistical unit.
    pub unit: Option<Unit>,
    /// Its name.
    pub unit_name: Option<&'a str>,
    /// The urban district that it lies in.
    pub district: Option<NamedDistrict<'a>>,
    /// The urban district that gives services there.
    pub serving: Option<NamedDistrict<'a>>,
}

/// An urban district and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedDistrict<'a> {
    /// The district.
    pub code: District,
    /// Its name, where it has one.
    pub name: Option<&'a str>,
}

impl When {
    fn day(self) -> Day {
        match self {
            Self::Now(day) | Self::Then(day) => day,
        }
    }
}

impl Geography {
    /// Where an address lies: its unit by the first of the ways that leads to one, and the unit's
    /// districts.
    pub fn area(&self, place: &Place<'_>, when: When) -> Area<'_> {
        Asker::new(self).area(place, when)
    }
}

/// Asks a geography, and remembers what it asked if somebody wants to know.
pub(super) struct Asker<'g> {
    geography: &'g Geography,
    asked: Option<Vec<Key>>,
}

impl<'g> Asker<'g> {
    pub(super) fn new(geography: &'g Geography) -> Self {
        Self { geography, asked: None }
    }

    pub(super) fn remembering(geography: &'g Geography) -> Self {
        Self { geography, asked: Some(Vec::new()) }
    }

    /// What was asked, each question once.
    pub(super) fn into_keys(self) -> Vec<Key> {
        let mut asked = self.asked.unwrap_or_default();
        asked.sort_unstable();
        asked.dedup();
        asked
    }

    fn ask(&mut self, kind: Kind, code: impl Words) {
        if let Some(asked) = &mut self.asked {
            asked.push(Key::new(kind, code));
        }
    }

    /// A municipality's name.
    pub(super) fn municipality(&mut self, code: Municipality, when: When) -> Option<&'g str> {
        self.ask(Kind::Municipality, code.number());
        name(&self.geography.municipalities, code, when)
    }

    /// A county's name.
    pub(super) fn county(&mut self, code: Code<2>, when: When) -> Option<&'g str> {
        self.ask(Kind::County, code.number());
        name(&self.geography.counties, code, when)
    }

    /// Where an address lies. The first of these that says something is believed: the source's own
    /// unit; the address's id; street code, number and letter; the property. All eight digits of
    /// the unit count: units of one statistical tract may lie in different districts. The id of an
    /// address close by is not used, because close by may be across the border.
    pub(super) fn area(&mut self, place: &Place<'_>, when: When) -> Area<'g> {
        let own = place.own_unit.zip(place.municipality);
        let own = own.and_then(|(number, municipality)| Unit::within(municipality, number));
        let Some(unit) = own.or_else(|| self.register_unit(place, when)) else {
            return Area::default();
        };
        self.ask(Kind::Unit, unit.number());
        let district = self.district(unit, when);
        let serving = district.and_then(|district| {
            self.ask(Kind::District, district.number());
            self.geography.serving_district(unit, district, when.day())
        });
        Area {
            unit: Some(unit),
            unit_name: name(&self.geography.units, unit, when),
            district: district.map(|code| self.named(code, when)),
            serving: serving.map(|code| self.named(code, when)),
        }
    }

    fn district(&self, unit: Unit, when: When) -> Option<District> {
        let table = &self.geography.unit_districts;
        let district = match when {
            When::Now(day) => table.in_force(unit.number(), day),
            When::Then(day) => table.nearest(unit.number(), day),
        };
        district.copied().and_then(District::from_number)
    }

    fn named(&mut self, code: District, when: When) -> NamedDistrict<'g> {
        self.ask(Kind::District, code.number());
        NamedDistrict { code, name: name(&self.geography.districts, code, when) }
    }

    /// The unit that the land register has the address in.
    fn register_unit(&mut self, place: &Place<'_>, when: When) -> Option<Unit> {
        self.by_id(place, when)
            .or_else(|| self.by_door(place, when))
            .or_else(|| self.by_property(place, when))
    }

    fn by_id(&mut self, place: &Place<'_>, when: When) -> Option<Unit> {
        let id: u64 = number(place.id?)?;
        self.ask(Kind::AddressId, id);
        let unit = self.geography.ids.get(id)?;
        self.believed(unit, place.municipality, when)
    }

    fn by_door(&mut self, place: &Place<'_>, when: When) -> Option<Unit> {
        let municipality = place.municipality?;
        let key = door(place.street?)?.key(municipality)?;
        self.ask(Kind::Door, key);
        let unit = self.geography.doors.get(key)?;
        self.believed(unit, Some(municipality), when)
    }

    fn by_property(&mut self, place: &Place<'_>, when: When) -> Option<Unit> {
        let municipality = place.municipality?;
        let key = property(place.cadastral?)?.key(municipality)?;
        self.ask(Kind::Property, key);
        let unit = self.geography.properties.get(key)?;
        self.believed(unit, Some(municipality), when)
    }

    /// The land register knows only today's units, so a unit that was not there on the day is not
    /// believed; one that has no row at all is newer than the table. Nor is a unit in another
    /// municipality than the address's, unless that municipality's number is out of use.
    fn believed(&mut self, unit: Unit, said: Option<Municipality>, when: When) -> Option<Unit> {
        self.ask(Kind::Unit, unit.number());
        let units = &self.geography.units;
        let known = !units.of(unit.number()).is_empty();
        if known && units.in_force(unit.number(), when.day()).is_none() {
            return None;
        }
        let Some(said) = said.filter(|said| *said != unit.municipality()) else {
            return Some(unit);
        };
        self.ask(Kind::Municipality, said.number());
        let in_use = self.geography.municipalities.in_force(said.number(), when.day()).is_some();
        (!in_use).then_some(unit)
    }
}

fn name<const DIGITS: u32>(
    table: &Dated<Box<str>>,
    code: Code<DIGITS>,
    when: When,
) -> Option<&str> {
    table.nearest(code.number(), when.day()).map(AsRef::as_ref)
}

/// A number in text, with or without zeros in front: "06001" and "6001" are one street.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let text = text.trim();
    // The sign that Rust would read is not the sources' idea of a number.
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

fn door(street: &StreetAddress) -> Option<Door> {
    let at = street.address_number.as_ref()?;
    let letter = at.house_letter.as_deref().map_or("", str::trim);
    let mut letters = letter.chars();
    let letter = letters.next();
    if letters.next().is_some() {
        return None;
    }
    let code = number(street.address_code.as_deref()?)?;
    Some(Door { code, number: number(at.house_number.as_deref()?)?, letter })
}

/// Leasehold and sub-number may be absent or zero, which both mean that there is none.
fn property(cadastral: &CadastralAddress) -> Option<Property> {
    let at = cadastral.cadastral_number.as_ref()?;
    let optional = |number: Option<i64>| u32::try_from(number.unwrap_or(0)).ok();
    Some(Property {
        land: u32::try_from(at.municipality_land_number?).ok()?,
        title: u32::try_from(at.title_number?).ok()?,
        leasehold: optional(at.leasehold_number)?,
        sub: optional(cadastral.sub_number)?,
    })
}
