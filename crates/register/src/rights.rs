//! Who sees what of a person: the rules of the two rights packages.
//!
//! Which rule a part follows stands in its row in the list; here is what the rules mean. Where
//! something is not known, the rules take the stricter meaning.

mod free_text;

use std::borrow::Cow;

use crate::package::Package;
use crate::part::list::{self, Item, SERVED, newest_first};
use crate::part::shape::Metadata;
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
    /// An address, in both packages shown by its grade.
    Address(Address, Graded<T>),
}

/// Whether restricted access sees what no longer holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum History {
    /// It does: numbers, names and addresses.
    Shown,
    /// It does not: everything else.
    Withheld,
}

/// The two kinds of address, on which the person's own grade bears differently.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Address {
    /// Where somebody lives: at least as secret as the person, and seen by nobody in the strictest
    /// grade.
    Dwelling,
    /// Where somebody gets post: as secret as itself. Who lives in secret gets post at a box that
    /// is open and tells nothing of the dwelling; where post was sent before may tell.
    Postal,
}

/// How the rules see a part that is an address.
pub(crate) struct Graded<T> {
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

/// The address parts of which restricted access sees no item whole that matters: the current ones,
/// or history where there are none. A part without items is among them, so that an address that
/// restricted access is told nothing of can come and go without an event.
pub fn masked_parts(person: &Person, circumstances: &Circumstances) -> PartSet {
    list::masked_parts(person, &Viewer::new(person, Package::RestrictedAccess, circumstances))
}

/// The parts of which the package is told nothing, for any person.
pub fn withheld_parts(package: Package) -> PartSet {
    if package == Package::FullAccess {
        return PartSet::EMPTY;
    }
    let nothing = SERVED.iter().filter(|row| row.rights.restricted == Seen::Nothing);
    nothing.map(|row| row.part).collect()
}

/// What restricted access sees of a part, in a word. What it means for one person is decided by
/// that person's items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// What full access sees.
    Whole,
    /// Items from which something may have been taken out.
    Masked,
    /// An address, in both packages as far as its grade and the person's allow.
    ByGrade,
    /// Nothing, of any person.
    Nothing,
}

/// One row of the list of parts, for those who explain it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartRights {
    /// The part.
    pub part: InformationPart,
    /// An array in the answer, else an object.
    pub many: bool,
    /// What restricted access sees of what holds now.
    pub restricted: Seen,
    /// Whether restricted access sees what no longer holds.
    pub restricted_history: bool,
}

/// Every part that is served with its rights, in the contract's order.
pub fn part_rights() -> Vec<PartRights> {
    let mut rows: Vec<PartRights> = SERVED.iter().map(|row| row.rights).collect();
    rows.sort_by_key(|row| row.part as u8);
    rows
}

impl Seen {
    pub(crate) const fn of<T>(rule: &Rule<T>) -> Self {
        match rule {
            Rule::Open => Self::Whole,
            Rule::Withheld => Self::Nothing,
            Rule::Masked(_) => Self::Masked,
            Rule::Address(..) => Self::ByGrade,
        }
    }
}

/// One package's view of one person.
pub(crate) struct Viewer {
    package: Package,
    person: Grade,
    /// No address is less secret than this.
    floor: Grade,
}

/// How much of an address is seen, and the grade it is seen with.
enum Sight {
    Whole(Grade),
    OnlyGrade(Grade),
    Nothing,
}

impl Viewer {
    pub(crate) fn new(person: &Person, package: Package, circumstances: &Circumstances) -> Self {
        let uncertain = circumstances.protection_uncertain;
        let floor = if uncertain { Grade::Confidential } else { Grade::Unclassified };
        Self { package, person: person_grade(person), floor }
    }

    /// What is seen of a part, sorted. Most items are seen as they stand, and are borrowed: to copy
    /// them costs more than all the rules.
    pub(crate) fn shown<'p, T: Item>(&self, items: &'p [T]) -> Vec<Cow<'p, T>> {
        let seen = items.iter().filter_map(|item| self.item(item));
        let mut shown: Vec<Cow<'p, T>> = seen.filter(|item| !item.says_nothing()).collect();
        shown.sort_by_key(|item| newest_first(item.as_ref()));
        shown
    }

    fn item<'p, T: Item>(&self, item: &'p T) -> Option<Cow<'p, T>> {
        let seen = match T::RULE {
            Rule::Address(kind, rule) => match self.sight(item, kind, &rule) {
                Sight::Whole(grade) if (rule.grade)(item) == Some(grade) => Cow::Borrowed(item),
                Sight::Whole(grade) => Cow::Owned((rule.graded)(item.clone(), grade)),
                Sight::OnlyGrade(grade) => Cow::Owned((rule.only_grade)(grade)),
                Sight::Nothing => return None,
            },
            _ => Cow::Borrowed(item),
        };
        match self.package {
            Package::FullAccess => Some(seen),
            Package::RestrictedAccess => restrict(seen),
        }
    }

    fn sight<T: Item>(&self, item: &T, kind: Address, rule: &Graded<T>) -> Sight {
        let own = (rule.grade)(item).unwrap_or(Grade::Confidential);
        let strictest = own.max(self.person);
        let current = item.is_current();
        let gets_post_now = kind == Address::Postal && current;
        if strictest == Grade::StrictlyConfidential && !gets_post_now {
            return Sight::Nothing;
        }
        let grade = if kind == Address::Dwelling { strictest } else { own }.max(self.floor);
        let trusted = self.package == Package::FullAccess && self.floor == Grade::Unclassified;
        match grade {
            Grade::Unclassified => Sight::Whole(grade),
            _ if trusted => Sight::Whole(grade),
            // That there is such an address tells something.
            Grade::ClientAddress => Sight::Nothing,
            // A client that held the address before must learn that it holds no longer.
            _ if current => Sight::OnlyGrade(grade),
            _ => Sight::Nothing,
        }
    }

    /// The part, if it is an address of which nothing that matters is seen whole.
    pub(crate) fn masks<T: Item>(&self, items: &[T]) -> Option<InformationPart> {
        let Rule::Address(kind, rule) = T::RULE else {
            return None;
        };
        let has_current = items.iter().any(Metadata::is_current);
        let mut that_matter = items.iter().filter(|item| item.is_current() == has_current);
        let seen_whole = |item: &T| matches!(self.sight(item, kind, &rule), Sight::Whole(_));
        (!that_matter.any(seen_whole)).then_some(T::PART)
    }
}

/// What restricted access sees of an item that full access sees.
fn restrict<T: Item>(mut item: Cow<'_, T>) -> Option<Cow<'_, T>> {
    if T::HISTORY == History::Withheld && !item.is_current() {
        return None;
    }
    let conceals = match T::RULE {
        Rule::Withheld => return None,
        Rule::Masked(mask) => mask(item.to_mut()),
        Rule::Open | Rule::Address(..) => false,
    };
    let [source, reason] = item.free_texts();
    let closed_source = source.is_some_and(|text| conceals || !free_text::is_open_source(text));
    let closed_reason = reason.is_some_and(|text| conceals || !free_text::is_open_reason(text));
    if closed_source || closed_reason {
        item.to_mut().close_free_texts(closed_source, closed_reason);
    }
    Some(item)
}
