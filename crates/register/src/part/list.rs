//! The list of the information parts that are served: one row for each.

use super::shape::Silent;
use super::{
    AddressProtection, Birth, Death, FamilyRelation, InformationPart, MaritalStatus,
    NorwegianIdentificationNumber, PartSet, PersonGender, PersonName, PersonStatus,
    ResidentialAddress,
};
use crate::id::PersonId;
use crate::render::Fragments;
use crate::rights::{History, Rule, Viewer};
use crate::time::Instant;

type Age = (Option<Instant>, Option<Instant>);
type FreeTexts<'a> = [&'a mut Option<String>; 2];

/// What the list knows of one item of a part. Every implementation comes from a row.
pub(crate) trait Item: Clone + serde::Serialize + Silent {
    /// The part's name in the contract.
    const PART: InformationPart;
    /// The part's number in the served form.
    const FRAGMENT: u8;
    /// What restricted access sees of it.
    const RULE: Rule<Self>;
    /// Whether restricted access sees what no longer holds.
    const HISTORY: History;
    /// Whether it holds now. Only what is said to be history is history.
    fn is_current(&self) -> bool;
    /// From when it holds, and when it was written down.
    fn age(&self) -> Age;
    /// The two fields of free text: source and reason.
    fn free_texts(&mut self) -> FreeTexts<'_>;
}

/// Sorts a part: current items before history, in both the newest first, undated ones last.
pub(crate) fn sort_newest_first<T: Item>(items: &mut [T]) {
    items.sort_by_key(|item| std::cmp::Reverse((item.is_current(), item.age())));
}

/// Ties the parts together. Adding a part is adding a row; the row
///
/// ```text
/// 4 Gender gender: Vec<PersonGender>, Rule::Open, History::Withheld;
/// ```
///
/// reads: fragment number 4 (stable, never reused), the name in the contract, the field of
/// [`Person`], `Vec` for a part with many items and `Option` for one, the item's struct, what
/// restricted access sees, and whether it sees history. It becomes
///
/// ```text
/// pub struct Person { …, pub gender: Vec<PersonGender>, … }
/// pub struct PersonDocument { …, pub gender: Vec<PersonGender>, … }   // with id and number
/// const SERVED: &[Served] = &[ …, Served::row::<PersonGender>(true), … ];
/// impl Item for PersonGender { … }                                    // its own six fields
/// // in Person::sorted           sort_newest_first(self.gender.as_mut_slice());
/// // in Person::sample           gender: PersonGender::sample().into(),
/// // in write_fragments          out.write(&viewer.shown(&person.gender));
/// // in masked_parts             viewer.masks(&person.gender)
/// ```
macro_rules! list {
    ($($number:literal $part:ident $field:ident:
        $shape:ident<$item:ident>, $rule:expr, $history:expr;)+) => {
        /// What the register knows of one person: one field for each information part.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each field is described where its part is")]
        pub struct Person { $(pub $field: $shape<$item>,)+ }

        impl Person {
            /// The same person, in every part what holds now before history, the newest first.
            pub fn sorted(mut self) -> Self {
                $(sort_newest_first(self.$field.as_mut_slice());)+
                self
            }
            /// A person with the sample of every part.
            pub fn sample() -> Self {
                Self { $($field: $item::sample().into(),)+ }
            }
        }

        /// What is known of a person. A part that was not asked for, that is withheld, or that
        /// there is nothing of, is left out.
        // Only describes the answers, which are put together from stored text.
        #[derive(utoipa::ToSchema)]
        #[schema(as = Person, rename_all = "camelCase")]
        #[expect(missing_docs, reason = "each field is described where its part is")]
        pub struct PersonDocument {
            $(#[schema(nullable, required = false)] pub $field: $shape<$item>,)+
            /// The register's own id for the person; it never changes.
            #[schema(value_type = Option<String>)]
            pub id: PersonId,
            /// Number of the event that brought the person to this state.
            #[schema(nullable, required = false)]
            pub sequence_number: i64,
        }

        /// The rows, without their types.
        pub(crate) const SERVED: &[Served] =
            &[$(Served::row::<$item>(matches!(stringify!($shape).as_bytes(), b"Vec")),)+];

        $(impl Item for $item {
            const PART: InformationPart = InformationPart::$part;
            const FRAGMENT: u8 = $number;
            const RULE: Rule<Self> = $rule;
            const HISTORY: History = $history;
            fn is_current(&self) -> bool { self.is_valid != Some(false) }
            fn age(&self) -> Age { (self.valid_from, self.registered_at) }
            fn free_texts(&mut self) -> FreeTexts<'_> { [&mut self.source, &mut self.reason] }
        })+

        /// Writes what the viewer sees of each part, in the list's order.
        pub(crate) fn write_fragments(person: &Person, viewer: &Viewer, out: &mut Fragments) {
            $(out.write(&viewer.shown(person.$field.as_slice()));)+
        }
        /// The served address parts that the viewer does not see in full.
        pub(crate) fn masked_parts(person: &Person, viewer: &Viewer) -> PartSet {
            [$(viewer.masks(person.$field.as_slice())),+].into_iter().flatten().collect()
        }
    };
}

list! {
    1 Name name: Vec<PersonName>, Rule::Open, History::Shown;
    2 NorwegianIdentificationNumber norwegian_identification_number:
        Vec<NorwegianIdentificationNumber>, Rule::Open, History::Shown;
    3 Birth birth: Vec<Birth>, Rule::Open, History::Withheld;
    4 Gender gender: Vec<PersonGender>, Rule::Open, History::Withheld;
    5 Status status: Vec<PersonStatus>, Rule::Masked(PersonStatus::mask), History::Withheld;
    6 AddressProtection address_protection: Vec<AddressProtection>, Rule::Open, History::Withheld;
    7 ResidentialAddress residential_address:
        Vec<ResidentialAddress>, Rule::Dwelling(ResidentialAddress::DWELLING), History::Shown;
    8 FamilyRelation family_relation: Vec<FamilyRelation>, Rule::Withheld, History::Withheld;
    9 MaritalStatus marital_status:
        Vec<MaritalStatus>, Rule::Masked(MaritalStatus::mask), History::Withheld;
    10 Death death: Option<Death>, Rule::Open, History::Withheld;
}

/// A row of the list, without its types.
pub(crate) struct Served {
    pub(crate) part: InformationPart,
    pub(crate) fragment: u8,
    /// An array in the answer, else an object.
    pub(crate) many: bool,
    pub(crate) withheld: bool,
}

impl Served {
    const fn row<T: Item>(many: bool) -> Self {
        let withheld = matches!(T::RULE, Rule::Withheld);
        Self { part: T::PART, fragment: T::FRAGMENT, many, withheld }
    }
}

/// What restricted access may know of a part that is not served yet. Its events are there already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotServed {
    /// Something of it, once it is served.
    Open,
    /// Nothing.
    Withheld,
    /// An address. Its grade is not read yet, and what is not known is masked.
    Address,
}

/// The names of the contract that have no row yet. A part that gets its row leaves this table.
pub(crate) const NOT_SERVED: &[(InformationPart, NotServed)] = &[
    (InformationPart::CitizenshipRetention, NotServed::Withheld),
    (InformationPart::UseOfSamiLanguage, NotServed::Withheld),
    (InformationPart::SharedResidence, NotServed::Address),
    (InformationPart::FalseIdentity, NotServed::Open),
    (InformationPart::BirthInNorway, NotServed::Open),
    (InformationPart::ParentalResponsibility, NotServed::Withheld),
    (InformationPart::SamiParliamentElectoralRegistryStatus, NotServed::Withheld),
    (InformationPart::IdentityVerification, NotServed::Open),
    (InformationPart::ImmigrationToNorway, NotServed::Open),
    (InformationPart::ResiduaryEstateContactInformation, NotServed::Open),
    (InformationPart::IdentificationDocument, NotServed::Withheld),
    (InformationPart::ResidencePermit, NotServed::Withheld),
    (InformationPart::StayOnSvalbard, NotServed::Withheld),
    (InformationPart::PresentAddress, NotServed::Address),
    (InformationPart::PostalAddress, NotServed::Address),
    (InformationPart::ForeignPostalAddress, NotServed::Address),
    (InformationPart::PreferredContactAddress, NotServed::Address),
    (InformationPart::Citizenship, NotServed::Open),
    (InformationPart::ForeignPersonIdentificationNumber, NotServed::Withheld),
    (InformationPart::EmigrationFromNorway, NotServed::Open),
    (InformationPart::ImmigrationAuthoritiesIdentificationNumber, NotServed::Withheld),
    (InformationPart::GuardianshipOrFuturePowerOfAttorney, NotServed::Open),
    (InformationPart::DeprivedLegalAuthority, NotServed::Open),
    (InformationPart::CommonContactRegisterInformation, NotServed::Withheld),
    (InformationPart::LegalAuthority, NotServed::Open),
];

impl InformationPart {
    /// Whether a lookup can answer with this part. Asking for another is no error; the answer
    /// leaves it out.
    pub fn is_served(self) -> bool {
        SERVED.iter().any(|row| row.part == self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Stored forms name parts by these numbers, also those of parts that have left the list.
    const FRAGMENTS: [(u8, InformationPart); 10] = [
        (1, InformationPart::Name),
        (2, InformationPart::NorwegianIdentificationNumber),
        (3, InformationPart::Birth),
        (4, InformationPart::Gender),
        (5, InformationPart::Status),
        (6, InformationPart::AddressProtection),
        (7, InformationPart::ResidentialAddress),
        (8, InformationPart::FamilyRelation),
        (9, InformationPart::MaritalStatus),
        (10, InformationPart::Death),
    ];

    #[test]
    fn fragment_numbers_keep_their_part_and_are_never_used_twice() {
        for (fragment, part) in FRAGMENTS {
            let row = SERVED.iter().find(|row| row.fragment == fragment);
            assert!(row.is_none_or(|row| row.part == part), "{fragment} was {part:?}");
        }
        let distinct: BTreeSet<u8> = SERVED.iter().map(|row| row.fragment).collect();
        assert_eq!(distinct.len(), SERVED.len());
    }

    #[test]
    fn every_name_of_the_contract_is_served_or_in_the_other_table_and_never_in_both() {
        let served = SERVED.iter().map(|row| row.part);
        let listed: Vec<_> = served.chain(NOT_SERVED.iter().map(|(part, _)| *part)).collect();
        assert_eq!(listed.len(), InformationPart::ALL.len());
        assert_eq!(listed.into_iter().collect::<PartSet>(), PartSet::ALL);
        for (part, _) in NOT_SERVED {
            assert!(!part.is_served(), "{part:?}");
        }
    }

    #[test]
    fn only_death_is_a_single_object() {
        let single: Vec<_> = SERVED.iter().filter(|row| !row.many).map(|row| row.part).collect();
        assert_eq!(single, [InformationPart::Death]);
    }
}
