//! Who sees what of a person: the rules of the two rights packages.
//!
//! Which rule a part follows stands in its row in the list; here is what the rules mean. Where
//! something is not known, the rules take the stricter meaning.

mod free_text;

use crate::package::Package;
use crate::part::list::{self, Item, NOT_SERVED, NotServed, SERVED, sort_newest_first};
use crate::part::{AddressConfidentiality as Grade, InformationPart, PartSet};
use crate::person::Person;

/// What restricted access sees of a part.
pub(crate) enum Rule<T> {
    /// What full access sees.
    Open,
    /// Nothing.
    Withheld,
    /// What the function leaves. It says whether it conceals anything, also of an item that it
    /// did not have to change; then source and reason go too.
    Masked(fn(&mut T) -> bool),
    /// A dwelling, in both packages shown by its own grade or the person's, whichever is stricter.
    Dwelling(Dwelling<T>),
}

/// Whether restricted access sees what no longer holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum History {
    /// It does: numbers, names and addresses.
    Shown,
    /// It does not: everything else.
    Withheld,
}

/// How the rules see a part that says where somebody lives.
pub(crate) struct Dwelling<T> {
    /// The item's own grade, if it is known.
    pub(crate) grade: fn(&T) -> Option<Grade>,
    /// The item with this grade.
    pub(crate) graded: fn(T, Grade) -> T,
    /// A current item that has this grade and nothing else.
    pub(crate) only_grade: fn(Grade) -> T,
}

/// What we know besides the document itself that bears on what may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// A change to the person's address protection, or a whole document, is there but could not be
    /// read. Until it can, every address is masked as confidential, for full access too.
    pub protection_uncertain: bool,
}

/// How secret the person's dwelling is: the strictest level that holds now. A level we could not
/// read counts as the strictest there is; a person without any protection is unclassified.
pub fn person_grade(person: &Person) -> Grade {
    let levels = person.address_protection.iter().filter(|item| item.is_current());
    levels
        .map(|item| item.protection_level.unwrap_or(Grade::StrictlyConfidential))
        .max()
        .unwrap_or(Grade::Unclassified)
}

/// The address parts that restricted access does not see in full: masked by the person's grade,
/// or because no item that matters (the current ones; history where there are none) is shown whole.
/// Address parts that are not served yet are always among them.
pub fn masked_parts(person: &Person, circumstances: &Circumstances) -> PartSet {
    let viewer = Viewer::new(person, Package::RestrictedAccess, circumstances);
    let not_served = NOT_SERVED.iter().filter(|(_, rule)| *rule == NotServed::Address);
    list::masked_parts(person, &viewer).union(not_served.map(|(part, _)| *part).collect())
}

/// The parts of which the package is told nothing, for any person.
pub fn withheld_parts(package: Package) -> PartSet {
    if package == Package::FullAccess {
        return PartSet::EMPTY;
    }
    let served = SERVED.iter().filter(|row| row.withheld).map(|row| row.part);
    let not_served = NOT_SERVED.iter().filter(|(_, rule)| *rule == NotServed::Withheld);
    served.chain(not_served.map(|(part, _)| *part)).collect()
}

/// One package's view of one person.
pub(crate) struct Viewer {
    package: Package,
    /// No dwelling is less secret than this.
    floor: Grade,
    protection_uncertain: bool,
}

/// How much of a dwelling is seen, and the grade it is seen with.
enum Sight {
    Whole(Grade),
    OnlyGrade(Grade),
    Nothing,
}

impl Viewer {
    pub(crate) fn new(person: &Person, package: Package, circumstances: &Circumstances) -> Self {
        let protection_uncertain = circumstances.protection_uncertain;
        let least = if protection_uncertain { Grade::Confidential } else { Grade::Unclassified };
        Self { package, floor: person_grade(person).max(least), protection_uncertain }
    }

    /// What is seen of a part, sorted.
    pub(crate) fn shown<T: Item>(&self, items: &[T]) -> Vec<T> {
        let seen = items.iter().filter_map(|item| self.item(item));
        let mut shown: Vec<T> = seen.filter(|item| !item.says_nothing()).collect();
        sort_newest_first(&mut shown);
        shown
    }

    fn item<T: Item>(&self, item: &T) -> Option<T> {
        let seen = match T::RULE {
            Rule::Dwelling(rule) => self.dwelling(item, &rule)?,
            _ => item.clone(),
        };
        match self.package {
            Package::FullAccess => Some(seen),
            Package::RestrictedAccess => restrict(seen),
        }
    }

    fn dwelling<T: Item>(&self, item: &T, rule: &Dwelling<T>) -> Option<T> {
        match self.sight(item, rule) {
            Sight::Whole(grade) => Some((rule.graded)(item.clone(), grade)),
            Sight::OnlyGrade(grade) => Some((rule.only_grade)(grade)),
            Sight::Nothing => None,
        }
    }

    fn sight<T: Item>(&self, item: &T, rule: &Dwelling<T>) -> Sight {
        let grade = (rule.grade)(item).unwrap_or(Grade::Confidential).max(self.floor);
        let trusted = self.package == Package::FullAccess && !self.protection_uncertain;
        match grade {
            Grade::StrictlyConfidential => Sight::Nothing,
            Grade::Unclassified => Sight::Whole(grade),
            Grade::ClientAddress | Grade::Confidential if trusted => Sight::Whole(grade),
            // A client that held the address before must learn that it holds no longer.
            Grade::Confidential if item.is_current() => Sight::OnlyGrade(grade),
            Grade::ClientAddress | Grade::Confidential => Sight::Nothing,
        }
    }

    /// The part, if it is a dwelling that is not seen in full.
    pub(crate) fn masks<T: Item>(&self, items: &[T]) -> Option<InformationPart> {
        let Rule::Dwelling(rule) = T::RULE else {
            return None;
        };
        let has_current = items.iter().any(Item::is_current);
        let mut that_matter = items.iter().filter(|item| item.is_current() == has_current);
        let seen_whole = |item: &T| matches!(self.sight(item, &rule), Sight::Whole(_));
        let hidden = !items.is_empty() && !that_matter.any(seen_whole);
        (hidden || self.floor > Grade::Unclassified).then_some(T::PART)
    }
}

/// What restricted access sees of an item that full access sees.
fn restrict<T: Item>(mut item: T) -> Option<T> {
    if T::HISTORY == History::Withheld && !item.is_current() {
        return None;
    }
    let conceals = match T::RULE {
        Rule::Withheld => return None,
        Rule::Masked(mask) => mask(&mut item),
        Rule::Open | Rule::Dwelling(_) => false,
    };
    let [source, reason] = item.free_texts();
    source.take_if(|text| conceals || !free_text::is_open_source(text));
    reason.take_if(|text| conceals || !free_text::is_open_reason(text));
    Some(item)
}
