//! The 35 names of information parts in the contract, and sets of them.

use super::shape::shape;

shape! {
    // The order is fixed: a variant's place is its bit in a stored `PartSet`. A new name goes last.
    /// A part of what the register knows about a person, by the name a client asks for it with.
    #[expect(missing_docs, reason = "each name is described where its part is")]
    values InformationPart {
        AddressProtection,
        CitizenshipRetention,
        ResidentialAddress,
        UseOfSamiLanguage,
        SharedResidence,
        Death,
        FalseIdentity,
        FamilyRelation,
        Birth,
        BirthInNorway,
        ParentalResponsibility,
        SamiParliamentElectoralRegistryStatus,
        NorwegianIdentificationNumber,
        IdentityVerification,
        ImmigrationToNorway,
        Gender,
        ResiduaryEstateContactInformation,
        IdentificationDocument,
        Name,
        ResidencePermit,
        StayOnSvalbard,
        PresentAddress,
        PostalAddress,
        ForeignPostalAddress,
        PreferredContactAddress,
        MaritalStatus,
        Citizenship,
        Status,
        ForeignPersonIdentificationNumber,
        EmigrationFromNorway,
        ImmigrationAuthoritiesIdentificationNumber,
        GuardianshipOrFuturePowerOfAttorney,
        DeprivedLegalAuthority,
        CommonContactRegisterInformation,
        LegalAuthority,
    }
}

/// A set of information parts: one bit each, so that it can be stored in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PartSet(u64);

impl PartSet {
    /// The set with nothing in it.
    pub const EMPTY: Self = Self(0);
    /// The set of every name in the contract.
    pub const ALL: Self = Self((1 << InformationPart::ALL.len()) - 1);

    /// The set of these parts.
    pub const fn of(parts: &[InformationPart]) -> Self {
        let mut bits = 0;
        let mut place = 0;
        while place < parts.len() {
            bits |= 1 << parts[place] as u8;
            place += 1;
        }
        Self(bits)
    }

    /// Reads the stored form. Bits that name no part are dropped.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The form to store: bit `n` is the part in place `n` of [`InformationPart::ALL`].
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Adds a part.
    pub fn insert(&mut self, part: InformationPart) {
        self.0 |= 1 << part as u8;
    }

    /// Whether the part is in the set.
    pub fn contains(self, part: InformationPart) -> bool {
        self.0 & (1 << part as u8) != 0
    }

    /// Whether there is nothing in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in either set.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this set and not in the other.
    pub fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The parts in the set, in the contract's order.
    pub fn iter(self) -> impl Iterator<Item = InformationPart> {
        InformationPart::ALL.iter().copied().filter(move |part| self.contains(*part))
    }
}

impl FromIterator<InformationPart> for PartSet {
    fn from_iter<I: IntoIterator<Item = InformationPart>>(parts: I) -> Self {
        let mut set = Self::EMPTY;
        for part in parts {
            set.insert(part);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::InformationPart::*;
    use super::*;

    #[test]
    fn a_name_is_found_in_any_case_and_only_whole() {
        for part in InformationPart::ALL.iter().copied() {
            assert_eq!(InformationPart::from_name(&part.name().to_lowercase()), Some(part));
            assert_eq!(InformationPart::from_name(&part.name().to_uppercase()), Some(part));
        }
        for name in ["", "Names", "All", "Name ", "0"] {
            assert_eq!(InformationPart::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn stored_bits_keep_their_meaning() {
        assert_eq!(PartSet::of(&[AddressProtection]).bits(), 1);
        assert_eq!(PartSet::of(&[ResidentialAddress, Name]).bits(), 1 << 2 | 1 << 18);
        assert_eq!(PartSet::of(&[LegalAuthority]).bits(), 1 << 34);
        assert_eq!(PartSet::from_bits(u64::MAX), PartSet::ALL);
    }

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        let set: PartSet = [Name, Death, Name].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Death, Name]);
        assert!(set.contains(Name) && !set.contains(Birth) && !set.is_empty());
        assert_eq!(set.difference(PartSet::of(&[Name])), PartSet::of(&[Death]));
        assert_eq!(set.intersection(PartSet::of(&[Name, Birth])), PartSet::of(&[Name]));
        assert_eq!(set.union(PartSet::ALL).iter().count(), 35);
    }
}
