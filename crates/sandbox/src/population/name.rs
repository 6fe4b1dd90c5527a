//! Names as they are: Norwegian, Sámi and foreign letters, names of one letter, middle names.

mod abroad;
mod norwegian;

pub(crate) use abroad::{COUNTRIES, Country};

use crate::dice::Dice;
use crate::population::number::Sex;
use norwegian::{FAMILIES, MEN, WOMEN};

/// A person's names, each as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FullName {
    pub(crate) given: String,
    pub(crate) middle: Option<String>,
    pub(crate) family: String,
}

impl FullName {
    /// The same name in capitals, as the old register kept all names.
    pub(crate) fn in_capitals(&self) -> FullName {
        FullName {
            given: self.given.to_uppercase(),
            middle: self.middle.as_ref().map(|middle| middle.to_uppercase()),
            family: self.family.to_uppercase(),
        }
    }
}

/// A given name; one in five people has two.
pub(crate) fn given(dice: &mut Dice, sex: Sex, country: Option<&Country>) -> String {
    let names = match (country, sex) {
        (None, Sex::Female) => WOMEN,
        (None, Sex::Male) => MEN,
        (Some(country), Sex::Female) => country.women,
        (Some(country), Sex::Male) => country.men,
    };
    let first = common(dice, names);
    let second = common(dice, names);
    if country.is_none() && dice.chance(200) && first != second && first.len() > 2 {
        return format!("{first} {second}");
    }
    first.to_owned()
}

/// A family name.
pub(crate) fn family(dice: &mut Dice, country: Option<&Country>) -> &'static str {
    common(dice, country.map_or(FAMILIES, |country| country.families))
}

/// One of the names, those at the start of the list oftener.
fn common(dice: &mut Dice, names: &[&'static str]) -> &'static str {
    let limit = names.len() as u64;
    names[dice.below(limit).min(dice.below(limit)) as usize]
}
