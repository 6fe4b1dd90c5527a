//! Homes: an address whose municipality, postal code, street and statistical unit fit together.

use crate::calendar::Day;
use crate::dice::Dice;
use crate::freg::wire::{
    Adressenummer, Bostedsadresse, Matrikkeladresse, Matrikkelnummer, Meta, Poststed, Text,
    UkjentBosted, Vegadresse,
};
use crate::population::place::{self, Area, COMMON_STREETS, Municipality, PLACES};
use crate::population::rates;

pub(crate) use crate::population::place::REFORMS;

/// The grades an address can have.
pub(crate) mod grade {
    pub(crate) const OPEN: &str = "ugradert";
    pub(crate) const CLIENT: &str = "klientadresse";
    pub(crate) const CONFIDENTIAL: &str = "fortrolig";
    pub(crate) const STRICT: &str = "strengtFortrolig";
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Road,
    Cadastral,
    /// Known to live in the municipality, or not even that.
    Unknown {
        municipality: bool,
    },
}

/// One home, the same for everyone who lives in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Home {
    kind: Kind,
    place: usize,
    area: &'static Area,
    street: &'static str,
    code: u64,
    house: u64,
    /// Decides what is left: unit, letter, cadastral numbers, the key in the cadastre.
    key: u64,
}

impl Home {
    /// A home decided by the dice.
    pub(crate) fn new(dice: &mut Dice) -> Home {
        let place = place::any(dice);
        let kind = match dice.below(100_000) {
            roll if roll < rates::HOME_UNKNOWN => Kind::Unknown { municipality: dice.chance(700) },
            roll if roll < rates::HOME_UNKNOWN + rates::HOME_CADASTRAL => Kind::Cadastral,
            _ => Kind::Road,
        };
        let town: &Municipality = &PLACES[place];
        let own = town.streets.len();
        let number = dice.below((own + COMMON_STREETS.len()) as u64) as usize;
        let street = if number < own { town.streets[number] } else { COMMON_STREETS[number - own] };
        // A street lies in one postal area.
        let area = &town.areas[number % town.areas.len()];
        Home {
            kind,
            place,
            area,
            street,
            code: 1000 + number as u64 * 37 + place as u64 * 11,
            house: 1 + dice.below(140),
            key: dice.roll(),
        }
    }

    /// The municipality's number on a day.
    pub(crate) fn municipality(&self, day: Day) -> &'static str {
        PLACES[self.place].number_on(day)
    }

    /// Whether the home is where a Sámi language is an official one.
    pub(crate) fn is_sami_district(&self) -> bool {
        PLACES[self.place].is_sami_district()
    }

    /// Whether nobody knows where the home is.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown { .. })
    }

    /// The key of the home's address in the cadastre.
    pub(crate) fn cadastre_key(&self) -> Option<Text> {
        (!self.is_unknown()).then(|| (self.key % 590_000_000 + 10_000_000).to_string().into())
    }

    /// The grunnkrets: the same for every home in a house.
    fn unit(&self) -> i64 {
        self.area.units[(self.house + self.code) as usize % self.area.units.len()]
    }

    /// The home as a residential address of someone who moved in on `moved`; the address is written
    /// with the municipality number of `written`.
    pub(crate) fn residence(
        &self,
        meta: Meta,
        moved: Day,
        written: Day,
        grade: &'static str,
    ) -> Bostedsadresse {
        let known = !self.is_unknown();
        let unit = |value: i64| known.then_some(value);
        Bostedsadresse {
            meta,
            vegadresse: self.road(written),
            matrikkeladresse: self.cadastral(written),
            ukjent_bosted: self.unknown(written),
            adresse_identifikator_fra_matrikkelen: self.cadastre_key(),
            naer_adresse_identifikator_fra_matrikkelen: self.near_key(),
            adressegradering: grade.into(),
            flyttedato: Some(moved.iso().into()),
            grunnkrets: unit(self.unit()),
            stemmekrets: unit((self.key >> 8) as i64 % 9 + 1),
            skolekrets: unit((self.key >> 12) as i64 % 9 + 1),
            kirkekrets: unit((self.key >> 16) as i64 % 6 + 1),
        }
    }

    /// The road address, if the home has one.
    pub(crate) fn road(&self, day: Day) -> Option<Vegadresse> {
        (self.kind == Kind::Road).then(|| Vegadresse {
            kommunenummer: self.municipality(day).into(),
            bruksenhetsnummer: Some(self.unit_number().into()),
            bruksenhetstype: Some(self.unit_type().into()),
            adressenavn: self.street.into(),
            adressenummer: (!self.key.is_multiple_of(211)).then(|| self.house_number()),
            // The register writes the street's code with and without leading zeros.
            adressekode: Some(match self.key % 4 {
                0 => format!("{:05}", self.code).into(),
                _ => self.code.to_string().into(),
            }),
            adressetilleggsnavn: (self.key.is_multiple_of(31)).then_some("Nordgården".into()),
            poststed: (!self.key.is_multiple_of(97)).then(|| self.town()),
            co_adressenavn: match self.key % 113 {
                0 => Some("c/o Storhaug borettslag".into()),
                1 => Some(Text::Borrowed("")),
                _ => None,
            },
        })
    }

    /// The key of an address near by, which some homes without one of their own have.
    pub(crate) fn near_key(&self) -> Option<Text> {
        let has_one = self.kind == Kind::Cadastral && self.key.is_multiple_of(3);
        self.cadastre_key().filter(|_| has_one)
    }

    /// The cadastral address, if the home has one.
    pub(crate) fn cadastral(&self, day: Day) -> Option<Matrikkeladresse> {
        (self.kind == Kind::Cadastral).then(|| Matrikkeladresse {
            bruksenhetsnummer: Some(self.unit_number().into()),
            bruksenhetstype: Some(self.unit_type().into()),
            matrikkelnummer: Matrikkelnummer {
                kommunenummer: self.municipality(day).into(),
                gaardsnummer: (self.key >> 20) as i64 % 220 + 1,
                bruksnummer: (self.key >> 24) as i64 % 90 + 1,
                festenummer: Some(if self.key.is_multiple_of(5) { 3 } else { 0 }),
            },
            undernummer: Some((self.key >> 28) as i64 % 2),
            adressetilleggsnavn: (self.key.is_multiple_of(2)).then_some("Søndre Ås".into()),
            poststed: Some(self.town()),
            co_adressenavn: (self.key % 5 < 3).then_some("c/o Sæterstua".into()),
        })
    }

    /// What is known of where the home is, if not an address.
    pub(crate) fn unknown(&self, day: Day) -> Option<UkjentBosted> {
        let Kind::Unknown { municipality } = self.kind else {
            return None;
        };
        let bostedskommune = municipality.then(|| self.municipality(day).into());
        Some(UkjentBosted { bostedskommune })
    }

    /// The postal town of the home.
    pub(crate) fn town(&self) -> Poststed {
        Poststed {
            poststedsnavn: Some(self.area.town.into()),
            postnummer: Some(self.area.postcode.into()),
        }
    }

    /// Street and house number in one line.
    pub(crate) fn street_and_number(&self) -> String {
        format!("{} {}", self.street, self.house)
    }

    fn house_number(&self) -> Adressenummer {
        let letter = match self.key % 7 {
            0 => Some("A"),
            1 => Some("B"),
            2 => Some(""),
            _ => None,
        };
        Adressenummer {
            husnummer: self.house.to_string().into(),
            husbokstav: letter.map(Text::Borrowed),
        }
    }

    fn unit_number(&self) -> &'static str {
        const UNITS: [&str; 8] = ["H0101", "H0101", "H0102", "H0201", "H0303", "U0101", "0000", ""];
        UNITS[(self.key >> 32) as usize % UNITS.len()]
    }

    fn unit_type(&self) -> &'static str {
        match self.key % 60 {
            0 => "fritidsbolig",
            1 => "annetEnnBolig",
            2 => "ikkeGodkjentBolig",
            3 => "unummerertBruksenhet",
            _ => "bolig",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn homes() -> impl Iterator<Item = Home> {
        (0..20_000).map(|number| Home::new(&mut Dice::new(&[3, number])))
    }

    #[test]
    fn a_home_is_exactly_one_kind_of_address() {
        let day = Day::of(2024, 5, 1);
        let mut kinds = [0; 3];
        for home in homes() {
            let found = [
                home.road(day).is_some(),
                home.cadastral(day).is_some(),
                home.unknown(day).is_some(),
            ];
            assert_eq!(found.iter().filter(|is| **is).count(), 1);
            kinds[found.iter().position(|is| *is).expect("one")] += 1;
        }
        assert!(kinds.iter().all(|count| *count > 100), "{kinds:?}");
    }

    #[test]
    fn a_street_lies_in_one_postal_area_of_its_municipality() {
        let mut areas = std::collections::HashMap::new();
        for home in homes() {
            let town = &PLACES[home.place];
            assert!(town.areas.iter().any(|area| area.postcode == home.area.postcode));
            let area = areas.entry((home.place, home.code)).or_insert(home.area.postcode);
            assert_eq!(*area, home.area.postcode);
        }
    }
}
