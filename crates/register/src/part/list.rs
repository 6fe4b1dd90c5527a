//! The list of the information parts that are served: one row for each.

use super::shape::{Metadata, Silent};
// Every part that has a row, and the names of them all.
use super::*;
use crate::id::PersonId;
use crate::render::Fragments;
use crate::rights::Address::{Dwelling, Postal};
use crate::rights::{History, PartRights, Rule, Seen, Viewer};

/// What the list knows of one item of a part. Every implementation comes from a row.
pub(crate) trait Item: Clone + serde::Serialize + Silent + Metadata {
    /// The part's name in the contract.
    const PART: InformationPart;
    /// The part's number in the served form.
    const FRAGMENT: u8;
    /// What restricted access sees of it.
    const RULE: Rule<Self>;
    /// Whether restricted access sees what no longer holds.
    const HISTORY: History;
}

/// The order of a part's items: current ones before history, in both the newest first, undated
/// ones last.
pub(crate) fn newest_first<T: Item>(item: &T) -> impl Ord + use<T> {
    std::cmp::Reverse((item.is_current(), item.age()))
}

/// Ties the parts together. Adding a part is adding a row; the row
///
/// ```text
/// 4 Gender gender: Vec<PersonGender>, Rule::Open, History::Withheld;
/// ```
///
/// reads: fragment number 4 (stable, never reused), the name in the contract, the field of
/// [`Person`], `Vec` for a part with many items and `Option` for one, the item's struct, what
/// restricted access sees, and whether it sees history. A part that the contract has given up has
/// `#[schema(deprecated)]` before its row. It becomes
///
/// ```text
/// pub struct Person { …, pub gender: Vec<PersonGender>, … }
/// pub struct PersonDocument { …, pub gender: Vec<PersonGender>, … }   // with id and number
/// const SERVED: &[Served] = &[ …, Served::row::<PersonGender>(true), … ];
/// impl Item for PersonGender { … }
/// // in Person::sorted           self.gender.as_mut_slice().sort_by_key(newest_first);
/// // in Person::sample           gender: PersonGender::sample().into(),
/// // in write_fragments          out.write(&viewer.shown(&person.gender));
/// // in masked_parts             viewer.masks(&person.gender)
/// ```
macro_rules! list {
    ($($(#[$schema:meta])* $number:literal $part:ident $field:ident:
        $shape:ident<$item:ident>, $rule:expr, $history:expr;)+) => {
        /// What the register knows of one person: one field for each information part.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each field is described where its part is")]
        pub struct Person { $(pub $field: $shape<$item>,)+ }

        impl Person {
            /// The same person, in every part what holds now before history, the newest first.
            pub fn sorted(mut self) -> Self {
                $(self.$field.as_mut_slice().sort_by_key(newest_first);)+
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
            $($(#[$schema])* #[schema(nullable, required = false)] pub $field: $shape<$item>,)+
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
    7 ResidentialAddress residential_address: Vec<ResidentialAddress>,
        Rule::Address(Dwelling, ResidentialAddress::GRADED), History::Shown;
    8 FamilyRelation family_relation: Vec<FamilyRelation>, Rule::Withheld, History::Withheld;
    9 MaritalStatus marital_status:
        Vec<MaritalStatus>, Rule::Masked(MaritalStatus::mask), History::Withheld;
    10 Death death: Option<Death>, Rule::Open, History::Withheld;
    11 SharedResidence shared_residence: Vec<SharedResidence>,
        Rule::Address(Dwelling, SharedResidence::GRADED), History::Shown;
    12 PresentAddress present_address: Vec<PresentAddress>,
        Rule::Address(Dwelling, PresentAddress::GRADED), History::Shown;
    13 PostalAddress postal_address: Vec<ContactAddress>,
        Rule::Address(Postal, ContactAddress::GRADED), History::Shown;
    14 ForeignPostalAddress foreign_postal_address: Vec<ForeignContactAddress>,
        Rule::Address(Postal, ForeignContactAddress::GRADED), History::Shown;
    #[schema(deprecated)]
    15 PreferredContactAddress preferred_contact_address: Vec<PreferredContactAddress>,
        Rule::Address(Postal, PreferredContactAddress::GRADED), History::Shown;
    16 FalseIdentity false_identity:
        Option<FalseIdentity>, Rule::Masked(FalseIdentity::mask), History::Withheld;
    17 ParentalResponsibility parental_responsibility:
        Vec<ParentalResponsibility>, Rule::Withheld, History::Withheld;
    18 IdentityVerification identity_verification:
        Vec<IdentityVerification>, Rule::Open, History::Withheld;
    19 ImmigrationToNorway immigration_to_norway:
        Vec<ImmigrationToNorway>, Rule::Open, History::Withheld;
    20 EmigrationFromNorway emigration_from_norway:
        Vec<EmigrationFromNorway>, Rule::Open, History::Withheld;
    21 ResiduaryEstateContactInformation residuary_estate_contact_information:
        Vec<ResiduaryEstateContactInformation>, Rule::Open, History::Withheld;
    22 IdentificationDocument identification_document:
        Vec<IdentificationDocument>, Rule::Withheld, History::Withheld;
    23 Citizenship citizenship: Vec<Citizenship>, Rule::Open, History::Withheld;
    24 CitizenshipRetention citizenship_retention:
        Vec<NorwegianCitizenshipRetention>, Rule::Withheld, History::Withheld;
    25 ResidencePermit residence_permit:
        Vec<ResidencePermit>, Rule::Withheld, History::Withheld;
    26 BirthInNorway birth_in_norway: Vec<BirthInNorway>, Rule::Open, History::Withheld;
    27 StayOnSvalbard stay_on_svalbard: Vec<StayOnSvalbard>, Rule::Withheld, History::Withheld;
    28 GuardianshipOrFuturePowerOfAttorney guardianship_or_future_power_of_attorney:
        Vec<GuardianshipOrFuturePowerOfAttorney>, Rule::Open, History::Withheld;
    29 LegalAuthority legal_authority: Vec<LegalAuthority>, Rule::Open, History::Withheld;
    #[schema(deprecated)]
    30 DeprivedLegalAuthority deprived_legal_authority:
        Vec<DeprivedLegalAuthority>, Rule::Open, History::Withheld;
    31 ForeignPersonIdentificationNumber foreign_person_identification_number:
        Vec<ForeignPersonIdentificationNumber>, Rule::Withheld, History::Withheld;
    32 ImmigrationAuthoritiesIdentificationNumber immigration_authorities_identification_number:
        Vec<ImmigrationAuthoritiesIdentificationNumber>, Rule::Withheld, History::Withheld;
    33 UseOfSamiLanguage use_of_sami_language:
        Vec<SamiLanguage>, Rule::Withheld, History::Withheld;
    34 SamiParliamentElectoralRegistryStatus sami_parliament_electoral_registry_status:
        Vec<SamiParliamentElectoralRegistry>, Rule::Withheld, History::Withheld;
    35 CommonContactRegisterInformation common_contact_register_information:
        Option<CommonContactRegisterInformation>, Rule::Withheld, History::Withheld;
}

/// A row of the list, without its types.
pub(crate) struct Served {
    pub(crate) part: InformationPart,
    pub(crate) fragment: u8,
    /// An array in the answer, else an object.
    pub(crate) many: bool,
    pub(crate) rights: PartRights,
}

impl Served {
    const fn row<T: Item>(many: bool) -> Self {
        let rights = PartRights {
            part: T::PART,
            many,
            restricted: Seen::of(&T::RULE),
            restricted_history: matches!(T::HISTORY, History::Shown)
                && !matches!(T::RULE, Rule::Withheld),
        };
        Self { part: T::PART, fragment: T::FRAGMENT, many, rights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Stored forms name parts by these numbers, also those of parts that have left the list.
    const FRAGMENTS: &[(u8, InformationPart)] = &[
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
        (11, InformationPart::SharedResidence),
        (12, InformationPart::PresentAddress),
        (13, InformationPart::PostalAddress),
        (14, InformationPart::ForeignPostalAddress),
        (15, InformationPart::PreferredContactAddress),
        (16, InformationPart::FalseIdentity),
        (17, InformationPart::ParentalResponsibility),
        (18, InformationPart::IdentityVerification),
        (19, InformationPart::ImmigrationToNorway),
        (20, InformationPart::EmigrationFromNorway),
        (21, InformationPart::ResiduaryEstateContactInformation),
        (22, InformationPart::IdentificationDocument),
        (23, InformationPart::Citizenship),
        (24, InformationPart::CitizenshipRetention),
        (25, InformationPart::ResidencePermit),
        (26, InformationPart::BirthInNorway),
        (27, InformationPart::StayOnSvalbard),
        (28, InformationPart::GuardianshipOrFuturePowerOfAttorney),
        (29, InformationPart::LegalAuthority),
        (30, InformationPart::DeprivedLegalAuthority),
        (31, InformationPart::ForeignPersonIdentificationNumber),
        (32, InformationPart::ImmigrationAuthoritiesIdentificationNumber),
        (33, InformationPart::UseOfSamiLanguage),
        (34, InformationPart::SamiParliamentElectoralRegistryStatus),
        (35, InformationPart::CommonContactRegisterInformation),
    ];

    #[test]
    fn fragment_numbers_keep_their_part_and_are_never_used_twice() {
        for (fragment, part) in FRAGMENTS {
            let row = SERVED.iter().find(|row| row.fragment == *fragment);
            assert!(row.is_none_or(|row| row.part == *part), "{fragment} was {part:?}");
        }
        let distinct: BTreeSet<u8> = SERVED.iter().map(|row| row.fragment).collect();
        assert_eq!(distinct.len(), SERVED.len());
    }

    #[test]
    fn every_name_of_the_contract_has_one_row() {
        assert_eq!(SERVED.len(), InformationPart::ALL.len());
        assert_eq!(SERVED.iter().map(|row| row.part).collect::<PartSet>(), PartSet::ALL);
    }

    #[test]
    fn few_parts_are_a_single_object() {
        let single: Vec<_> = SERVED.iter().filter(|row| !row.many).map(|row| row.part).collect();
        let expected = [
            InformationPart::Death,
            InformationPart::FalseIdentity,
            InformationPart::CommonContactRegisterInformation,
        ];
        assert_eq!(single, expected);
    }
}
