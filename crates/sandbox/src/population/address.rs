//! Homes: an address whose municipality, postal code, street and statistical unit fit together.

use crate::calendar::Day;
use crate::dice::{Dice, mix};
use crate::freg::wire::{
    Adressenummer, Bostedsadresse, Matrikkeladresse, Matrikkelnummer, Meta, Poststed, Text,
    UkjentBosted, Vegadresse,
};
use crate::population::place;
use crate::population::place::site::{HOUSES_MIN, Site, streets};
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
    Cadastral(Site),
    /// Known to live in the municipality, or not even that.
    Unknown {
        municipality: bool,
    },
}

/// One home, the same for everyone who lives in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Home {
    kind: Kind,
    /// The home's door; of homes without one, one in the same municipality.
    door: Site,
    /// Decides what is left: the dwelling in the house, and how the address is written.
    key: u64,
}

impl Home {
    /// A home decided by the dice, at an address that every population has.
    pub(crate) fn new(dice: &mut Dice) -> Home {
        Home::within(dice, HOUSES_MIN)
    }

    /// A home decided by the dice, in streets with so many house numbers.
    pub(crate) fn within(dice: &mut Dice, houses: u64) -> Home {
        let place = place::any(dice);
        let kind = dice.below(100_000);
        let unknown = kind < rates::HOME_UNKNOWN;
        let municipality = unknown && dice.chance(700);
        let street = dice.below(streets(place));
        let house = 1 + dice.below(houses);
        let key = dice.roll();
        let door = Site::door(place, street, house, key >> 40);
        let farm = Site::farm(place, houses, key >> 20);
        if unknown {
            Home { kind: Kind::Unknown { municipality }, door, key }
        } else if kind < rates::HOME_UNKNOWN + rates::HOME_CADASTRAL {
            Home { kind: Kind::Cadastral(farm), door: farm.near(), key }
        } else {
            Home { kind: Kind::Road, door, key }
        }
    }

    /// The address of the home, if it is known.
    pub(crate) fn site(&self) -> Option<Site> {
        match self.kind {
            Kind::Road => Some(self.door),
            Kind::Cadastral(farm) => Some(farm),
            Kind::Unknown { .. } => None,
        }
    }

    /// True of that many homes in a hundred thousand; `which` tells the questions apart.
    fn falls(&self, which: u64, rate: u64) -> bool {
        mix(self.key ^ which) % 100_000 < rate
    }

    /// The municipality's number on a day.
    pub(crate) fn municipality(&self, day: Day) -> &'static str {
        self.door.municipality().number_on(day)
    }

    /// Whether the home is where a Sámi language is an official one.
    pub(crate) fn is_sami_district(&self) -> bool {
        self.door.municipality().is_sami_district()
    }

    /// Whether nobody knows where the home is.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown { .. })
    }

    /// The key of the home's address in the cadastre, if the register has written it.
    pub(crate) fn cadastre_key(&self) -> Option<Text> {
        let without = self.near_key().is_some() || self.falls(0x1D, rates::HOME_WITHOUT_KEY);
        self.site().filter(|_| !without).map(|site| site.id().to_string().into())
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
            grunnkrets: self.unit(),
            stemmekrets: unit((self.key >> 8) as i64 % 9 + 1),
            skolekrets: unit((self.key >> 12) as i64 % 9 + 1),
            kirkekrets: unit((self.key >> 16) as i64 % 6 + 1),
        }
    }

    /// The grunnkrets, if the register has written it.
    fn unit(&self) -> Option<i64> {
        let without = self.falls(0x61, rates::HOME_WITHOUT_UNIT);
        self.site().filter(|_| !without).map(|site| site.unit())
    }

    /// The road address, if the home has one.
    pub(crate) fn road(&self, day: Day) -> Option<Vegadresse> {
        let (street, code) = self.site().and_then(|site| site.street().zip(site.code()))?;
        let coded = !self.falls(0xC0, rates::HOME_WITHOUT_CODE);
        Some(Vegadresse {
            kommunenummer: self.municipality(day).into(),
            bruksenhetsnummer: Some(self.unit_number().into()),
            bruksenhetstype: Some(self.unit_type().into()),
            adressenavn: street.into(),
            adressenummer: (!self.key.is_multiple_of(211)).then(|| self.house_number()),
            // The register writes the street's code with and without leading zeros.
            adressekode: coded.then(|| match self.key % 4 {
                0 => format!("{code:05}").into(),
                _ => code.to_string().into(),
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
        let has_one = matches!(self.kind, Kind::Cadastral(_)) && self.key.is_multiple_of(3);
        has_one.then(|| self.door.id().to_string().into())
    }

    /// The cadastral address, if the home has one.
    pub(crate) fn cadastral(&self, day: Day) -> Option<Matrikkeladresse> {
        let Kind::Cadastral(farm) = self.kind else { return None };
        let [land, title, leasehold, sub] = farm.property();
        Some(Matrikkeladresse {
            bruksenhetsnummer: Some(self.unit_number().into()),
            bruksenhetstype: Some(self.unit_type().into()),
            matrikkelnummer: Matrikkelnummer {
                kommunenummer: self.municipality(day).into(),
                gaardsnummer: land,
                bruksnummer: title,
                festenummer: Some(leasehold),
            },
            undernummer: Some(sub),
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
        let area = self.site().unwrap_or(self.door).area();
        Poststed { poststedsnavn: Some(area.town.into()), postnummer: Some(area.postcode.into()) }
    }

    /// Street and house number in one line.
    pub(crate) fn street_and_number(&self) -> String {
        format!("{} {}", self.door.street().unwrap_or_default(), self.house())
    }

    fn house(&self) -> u64 {
        self.door.house().unwrap_or_default()
    }

    fn house_number(&self) -> Adressenummer {
        let letter = match self.door.letter() {
            None if self.key % 7 == 2 => Some(String::new()),
            None => None,
            Some(letter) if self.falls(0xA1, rates::LETTER_SMALL) => {
                Some(letter.to_ascii_lowercase().to_string())
            }
            Some(letter) => Some(letter.to_string()),
        };
        Adressenummer {
            husnummer: self.house().to_string().into(),
            husbokstav: letter.map(Text::Owned),
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
            let Some((site, code)) = home.site().and_then(|site| Some((site, site.code()?))) else {
                continue;
            };
            let postcode = home.town().postnummer.expect("always written");
            assert!(site.municipality().areas.iter().any(|area| area.postcode == postcode));
            let area = areas.entry((site.place(), code)).or_insert_with(|| postcode.clone());
            assert_eq!(*area, postcode);
        }
    }
}
