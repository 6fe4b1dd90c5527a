//! Addresses as lines that one pattern can be held against.
//!
//! ```text
//! 0301 0265 03010401 00008 b blaabaerveien ⇥ oslo      without the spaces before the street
//! └─4┘ └─4┘ └───8──┘ └─5─┘ 1
//! municipality, postal code, basic statistical unit, house number, letter; street, tab, place
//! ```
//!
//! What is not known is hyphens. Fields of a fixed width can be skipped by a pattern without the
//! risk that it finds one criterion in one address and the next in another.

use super::fold;
use crate::part::{
    CadastralAddress, City, PresentAddress, ResidentialAddress, SharedResidence, StreetAddress,
    UnknownResidence,
};

/// The widths of the fields before the street.
const WIDTHS: [usize; 5] = [4, 4, 8, 5, 1];
/// Where the street begins.
const STREET: usize = 22;

/// One address, as far as it is searched.
pub(super) struct Place<'a> {
    street: Option<&'a StreetAddress>,
    property: Option<&'a CadastralAddress>,
    unknown: Option<&'a UnknownResidence>,
    unit: Option<&'a str>,
    unit_in_municipality: Option<i64>,
}

impl<'a> Place<'a> {
    pub(super) fn residential(address: &'a ResidentialAddress) -> Self {
        Place {
            street: address.street_address.as_ref(),
            property: address.cadastral_address.as_ref(),
            unknown: address.unknown_residence.as_ref(),
            unit: address.full_basic_statistical_unit_number.as_deref(),
            unit_in_municipality: address.basic_statistical_unit,
        }
    }

    /// A foreign address has nothing that is searched.
    pub(super) fn present(address: &'a PresentAddress) -> Self {
        Place {
            street: address.street_address.as_ref(),
            property: address.cadastral_address.as_ref(),
            unknown: None,
            unit: address.full_basic_statistical_unit_number.as_deref(),
            unit_in_municipality: address.basic_statistical_unit,
        }
    }

    pub(super) fn shared(address: &'a SharedResidence) -> Self {
        Place {
            street: address.street_address.as_ref(),
            property: address.cadastral_address.as_ref(),
            unknown: address.unknown_residence.as_ref(),
            unit: address.full_basic_statistical_unit_number.as_deref(),
            unit_in_municipality: address.basic_statistical_unit,
        }
    }

    fn municipality(&self) -> &str {
        let number = self.street.and_then(|street| street.municipality_number.as_deref());
        let of_property =
            || self.property?.cadastral_number.as_ref()?.municipality_number.as_deref();
        let of_unknown = || self.unknown?.municipality_number.as_deref();
        number.or_else(of_property).or_else(of_unknown).unwrap_or_default()
    }

    fn city(&self) -> Option<&City> {
        let of_property = || self.property?.city.as_ref();
        self.street.and_then(|street| street.city.as_ref()).or_else(of_property)
    }

    /// The number in the whole country: as it is shown, else put together from what is shown.
    fn unit(&self) -> String {
        match (self.unit, self.unit_in_municipality) {
            (Some(unit), _) => unit.to_owned(),
            (None, Some(unit)) if (0..10_000).contains(&unit) => {
                format!("{}{unit:04}", self.municipality())
            }
            _ => String::new(),
        }
    }

    fn line(&self) -> String {
        let city = self.city();
        let number = self.street.and_then(|street| street.address_number.as_ref());
        let house = number.and_then(|number| number.house_number.as_deref()).unwrap_or_default();
        let letter = number.and_then(|number| number.house_letter.as_deref()).unwrap_or_default();
        let name = self.street.and_then(|street| street.address_name.as_deref());
        let mut line = String::with_capacity(STREET + 24);
        line.push_str(&digits(self.municipality(), 4));
        line.push_str(&digits(city.and_then(|c| c.postal_code.as_deref()).unwrap_or_default(), 4));
        line.push_str(&digits(&self.unit(), 8));
        line.push_str(&house_number(house));
        line.push_str(&house_letter(letter));
        line.push_str(&fold::line(name.unwrap_or_default()));
        line.push('\t');
        let place = city.and_then(|city| city.city_name.as_deref());
        line.push_str(&fold::words(place.unwrap_or_default()).join(" "));
        line
    }
}

/// The addresses of which anything is known, one line for each, each once.
pub(super) fn lines(places: &[Place<'_>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in places.iter().map(Place::line) {
        let says_nothing = line.bytes().all(|byte| matches!(byte, b'-' | b'\t'));
        if !says_nothing && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn digits(text: &str, width: usize) -> String {
    let usable = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    if usable { text.to_owned() } else { "-".repeat(width) }
}

fn house_number(text: &str) -> String {
    let bare = text.trim().trim_start_matches('0');
    let usable = (1..=5).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_digit());
    if usable { format!("{bare:0>5}") } else { "-----".to_owned() }
}

/// One letter. Folding writes three of the letters with two, and a field has room for one.
fn house_letter(text: &str) -> String {
    match fold::line(text).as_str() {
        "oe" => "ø".to_owned(),
        "ae" => "æ".to_owned(),
        "aa" => "å".to_owned(),
        letter if letter.chars().count() == 1 && letter.chars().all(char::is_alphabetic) => {
            letter.to_owned()
        }
        _ => "-".to_owned(),
    }
}

/// A stored line, read again.
pub(super) struct Line<'a> {
    pub(super) municipality: &'a str,
    pub(super) postal_code: &'a str,
    pub(super) unit: &'a str,
    /// House number and letter.
    pub(super) number: &'a str,
    pub(super) street: &'a str,
}

impl<'a> Line<'a> {
    /// None for a line that no version of this code has written.
    pub(super) fn read(line: &'a str) -> Option<Line<'a>> {
        let (municipality, rest) = line.split_at_checked(WIDTHS[0])?;
        let (postal_code, rest) = rest.split_at_checked(WIDTHS[1])?;
        let (unit, rest) = rest.split_at_checked(WIDTHS[2])?;
        // The letter may be one of several bytes, such as Ø.
        let letter = rest.get(WIDTHS[3]..)?.chars().next()?;
        let (number, rest) = rest.split_at_checked(WIDTHS[3] + letter.len_utf8())?;
        let (street, _) = rest.split_once('\t')?;
        Some(Line { municipality, postal_code, unit, number, street })
    }
}

/// What is asked of an address. One and the same address must have it all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceCriteria {
    /// Municipality, four digits.
    pub municipality: Option<String>,
    /// Postal code, four digits.
    pub postal_code: Option<String>,
    /// Basic statistical unit in the whole country, eight digits.
    pub unit: Option<String>,
    /// Street, perhaps with a number.
    pub street: Option<Street>,
    /// The beginning of the postal place, folded.
    pub city: Option<String>,
}

/// A street as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Street {
    /// All of it folded: the beginning of a street's name.
    pub beginning: String,
    /// When it ends in a house number: the whole name before it, the number and the letter.
    pub numbered: Option<Numbered>,
}

/// A whole street name with a house number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    name: String,
    /// Five digits and the letter; `_` where no letter was said.
    number: String,
}

impl Street {
    /// Reads `Storgata`, `Storgata 12`, `Storgata 12B`, `Storgata 12 b`.
    pub fn parse(text: &str) -> Street {
        let beginning = fold::line(text);
        let words: Vec<&str> = beginning.split(' ').collect();
        let numbered = match words[..] {
            [ref name @ .., number, letter] if is_letter(letter) && is_number(number) => {
                Numbered::new(name, number, Some(letter))
            }
            [ref name @ .., last] => {
                let end = last.find(|c: char| !c.is_ascii_digit()).unwrap_or(last.len());
                let (number, letter) = last.split_at(end);
                let usable = is_number(number) && (letter.is_empty() || is_letter(letter));
                usable.then(|| Numbered::new(name, number, Some(letter))).flatten()
            }
            [] => None,
        };
        Street { beginning, numbered }
    }
}

impl Numbered {
    fn new(name: &[&str], number: &str, letter: Option<&str>) -> Option<Numbered> {
        let letter = letter.filter(|letter| !letter.is_empty());
        let letter = letter.map_or_else(|| "_".to_owned(), house_letter);
        let number = format!("{}{letter}", house_number(number));
        (!name.is_empty()).then(|| Numbered { name: name.join(" "), number })
    }

    /// The range of keys in which the addresses with this number lie.
    pub(super) fn key_beginning(&self) -> String {
        format!("{}|{}", self.name, self.number.trim_end_matches('_'))
    }
}

fn is_number(text: &str) -> bool {
    house_number(text) != "-----"
}

fn is_letter(text: &str) -> bool {
    house_letter(text) != "-"
}

impl PlaceCriteria {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == PlaceCriteria::default()
    }

    /// The patterns of which an address must match one, for `LIKE`. There are two where the end of
    /// the street may be a house number or belong to the street's name.
    pub fn patterns(&self) -> Vec<String> {
        let fields = |number: &str| {
            let field = |value: &Option<String>, width: usize| {
                value.clone().unwrap_or_else(|| "_".repeat(width))
            };
            let municipality = field(&self.municipality, WIDTHS[0]);
            let postal_code = field(&self.postal_code, WIDTHS[1]);
            let unit = field(&self.unit, WIDTHS[2]);
            format!("{municipality}{postal_code}{unit}{number}")
        };
        let any_number = fields("______");
        let Some(street) = &self.street else {
            return vec![format!("{any_number}%")];
        };
        let mut patterns = vec![format!("{any_number}{}%", street.beginning)];
        if let Some(Numbered { name, number }) = &street.numbered {
            patterns.push(format!("{}{name}\t%", fields(number)));
        }
        patterns
    }

    /// The pattern that the address must match besides.
    pub fn city_pattern(&self) -> String {
        self.city.as_ref().map_or_else(|| "%".to_owned(), |city| format!("%\t{city}%"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_read_with_its_number() {
        for (text, expected) in [
            ("Storgata", None),
            ("Storgata 12", Some(("storgata", "00012_"))),
            ("Storgata 12B", Some(("storgata", "00012b"))),
            ("Storgata 12 b", Some(("storgata", "00012b"))),
            ("STORGATA 012b", Some(("storgata", "00012b"))),
            ("Karl Johans gate 22", Some(("karl johans gate", "00022_"))),
            ("7. juni plassen", None),
            ("7. juni plassen 2", Some(("7 juni plassen", "00002_"))),
            ("Gate 1 5 Ø", Some(("gate 1", "00005ø"))),
            ("Gate 1 5å", Some(("gate 1", "00005å"))),
            ("12", None),
            ("12B", None),
            ("Storgata 0", None),
            ("Storgata 123456", None),
            ("Storgata 12BC", None),
            ("", None),
        ] {
            let numbered = Street::parse(text).numbered;
            let expected = expected.map(|(name, number)| Numbered {
                name: name.to_owned(),
                number: number.to_owned(),
            });
            assert_eq!(numbered, expected, "{text}");
        }
    }

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let sample = ResidentialAddress::sample();
        let written = lines(&[Place::residential(&sample[0])]);
        assert_eq!(written, "030102650301040100008bblaabaerveien\toslo");
        let line = Line::read(&written).expect("a line");
        assert_eq!((line.municipality, line.postal_code, line.unit), ("0301", "0265", "03010401"));
        assert_eq!((line.number, line.street), ("00008b", "blaabaerveien"));
        assert!(Line::read("").is_none() && Line::read("0301").is_none());
    }

    #[test]
    fn an_address_that_says_nothing_has_no_line() {
        let silent = [ResidentialAddress::default()];
        assert_eq!(lines(&silent.iter().map(Place::residential).collect::<Vec<_>>()), "");
    }

    #[test]
    fn odd_numbers_are_unknown_ones() {
        assert_eq!(house_number("12-14"), "-----");
        assert_eq!(house_number(" 7 "), "00007");
        assert_eq!(house_number(""), "-----");
        assert_eq!(house_letter("AB"), "-");
        assert_eq!(digits("30", 4), "----");
        assert_eq!(digits("03O1", 4), "----");
    }
}
