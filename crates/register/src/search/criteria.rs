//! What is searched for, read and folded.

use super::day::Days;
use super::key::{key_of_municipality, key_of_postal_code, key_of_unit};
use super::place::PlaceCriteria;
use crate::part::{Gender, PersonStatusType};

/// What a client searches for. A person must match it all.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// The beginnings of words of the name.
    pub names: Vec<NameWord>,
    /// When they were born.
    pub birth: Option<Days>,
    /// When they died.
    pub death: Option<Days>,
    /// Their gender.
    pub gender: Option<Gender>,
    /// Their status, one of these; empty means any.
    pub statuses: Vec<PersonStatusType>,
    /// Where they are.
    pub place: PlaceCriteria,
}

// What is searched for is about people and does not belong in a log.
impl std::fmt::Debug for Criteria {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Criteria(…)")
    }
}

/// The beginning of a word of the name, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameWord {
    /// The part it must stand in; none means any.
    pub part: Option<NamePart>,
    /// The word.
    pub word: String,
}

/// The parts of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamePart {
    /// Given name.
    Given,
    /// Middle name.
    Middle,
    /// Family name.
    Family,
}

impl NamePart {
    /// Its bit in the kinds of a key.
    pub fn bit(self) -> i16 {
        match self {
            NamePart::Given => 1,
            NamePart::Middle => 2,
            NamePart::Family => 4,
        }
    }

    fn mark(self) -> char {
        match self {
            NamePart::Given => 'g',
            NamePart::Middle => 'm',
            NamePart::Family => 'f',
        }
    }
}

impl NameWord {
    /// The bits of the parts it may stand in.
    pub fn kinds(&self) -> i16 {
        self.part.map_or(7, NamePart::bit)
    }

    fn mark(&self) -> String {
        self.part.map(NamePart::mark).into_iter().chain([':']).collect()
    }

    /// The pattern of names with a word that begins so, for `LIKE`.
    pub fn prefix_pattern(&self) -> String {
        format!("%{}{}%", self.mark(), self.word)
    }

    /// The pattern of names that have just this word, for `LIKE`.
    pub fn exact_pattern(&self) -> String {
        format!("%{}{} %", self.mark(), self.word)
    }

    /// The regular expression of names with a word that begins so, or is one of `others`. Words
    /// hold letters only, so nothing in it needs to be escaped.
    pub fn tolerant_expression(&self, others: &[String]) -> String {
        let mut expression = format!("{}({}", self.mark(), self.word);
        for other in others {
            expression.extend(["|", other, " "]);
        }
        expression.push(')');
        expression
    }
}

impl Criteria {
    /// Whether nothing is asked, so that everybody matches.
    pub fn is_empty(&self) -> bool {
        *self == Criteria::default()
    }

    /// The one key that leads to all who match and to nobody else that the package is shown: of a
    /// municipality, a postal code or a unit, when nothing else is asked.
    pub fn only_place(&self) -> Option<String> {
        let PlaceCriteria { municipality, postal_code, unit, street: None, city: None } =
            &self.place
        else {
            return None;
        };
        let elsewhere = Criteria { place: PlaceCriteria::default(), ..self.clone() };
        let mut keys = [
            municipality.as_deref().map(key_of_municipality),
            postal_code.as_deref().map(key_of_postal_code),
            unit.as_deref().map(key_of_unit),
        ]
        .into_iter()
        .flatten();
        let key = keys.next()?;
        (keys.next().is_none() && elsewhere.is_empty()).then_some(key)
    }

    /// The municipality as the area of a key; none for one that no key has as its area.
    pub(super) fn area(&self) -> Option<i16> {
        self.place.municipality.as_deref()?.parse().ok().filter(|area| *area > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_alone_is_found_by_its_key_alone() {
        let of = |place: PlaceCriteria| Criteria { place, ..Criteria::default() };
        let oslo = PlaceCriteria { municipality: Some("0301".into()), ..PlaceCriteria::default() };
        assert_eq!(of(oslo.clone()).only_place().as_deref(), Some("@0301"));
        let unit = PlaceCriteria { unit: Some("03010401".into()), ..PlaceCriteria::default() };
        assert_eq!(of(unit).only_place().as_deref(), Some("=03010401"));
        let two = PlaceCriteria { postal_code: Some("0265".into()), ..oslo.clone() };
        let city = PlaceCriteria { city: Some("oslo".into()), ..oslo.clone() };
        let gender = Criteria { gender: Some(Gender::Female), ..of(oslo) };
        for criteria in [of(two), of(city), gender, Criteria::default()] {
            assert_eq!(criteria.only_place(), None);
        }
    }

    #[test]
    fn a_word_is_looked_for_at_the_beginning_of_words() {
        let word = |part| NameWord { part, word: "nor".to_owned() };
        assert_eq!(word(None).prefix_pattern(), "%:nor%");
        assert_eq!(word(Some(NamePart::Family)).exact_pattern(), "%f:nor %");
        let others = ["nord".to_owned(), "nar".to_owned()];
        assert_eq!(word(Some(NamePart::Given)).tolerant_expression(&others), "g:(nor|nord |nar )");
    }

    #[test]
    fn criteria_do_not_show_what_is_searched_for() {
        let names = vec![NameWord { part: None, word: "nordmann".to_owned() }];
        let shown = format!("{:?}", Criteria { names, ..Criteria::default() });
        assert_eq!(shown, "Criteria(…)");
    }
}
