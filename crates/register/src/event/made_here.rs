//! By which types this register tells what it has itself changed.

use super::EventType;
use crate::part::{InformationPart, PartSet};

/// The type that tells a change in a part when no source announced it: another urban district,
/// contact details that have become too old, a rendering that was wrong.
fn type_of(part: InformationPart) -> EventType {
    use {EventType as Type, InformationPart as Part};
    match part {
        Part::AddressProtection => Type::ChangeInAddressProtection,
        Part::Birth => Type::ChangeInBirth,
        Part::BirthInNorway => Type::ChangeInBirthInNorway,
        Part::Citizenship | Part::CitizenshipRetention => Type::ChangeInCitizenship,
        Part::CommonContactRegisterInformation => Type::ChangeInCommonContactRegisterInformation,
        Part::Death => Type::ChangeInDeath,
        Part::DeprivedLegalAuthority => Type::ChangeInDeprivedLegalAuthority,
        Part::EmigrationFromNorway => Type::ChangeInEmigrationFromNorway,
        Part::FalseIdentity => Type::ChangeInFalseIdentity,
        Part::FamilyRelation => Type::ChangeInFamilyRelation,
        Part::ForeignPersonIdentificationNumber => Type::ChangeInForeignPersonIdentificationNumber,
        Part::ForeignPostalAddress => Type::ChangeInForeignPostalAddress,
        Part::Gender => Type::ChangeInGender,
        Part::GuardianshipOrFuturePowerOfAttorney => Type::ChangeInGuardianship,
        Part::IdentificationDocument => Type::ChangeInIdentificationDocument,
        Part::IdentityVerification => Type::ChangeInIdentityVerification,
        Part::ImmigrationAuthoritiesIdentificationNumber => {
            Type::ChangeInImmigrationAuthoritiesIdentificationNumber
        }
        Part::ImmigrationToNorway => Type::ChangeInImmigrationToNorway,
        Part::LegalAuthority => Type::ChangeInLegalAuthority,
        Part::MaritalStatus => Type::ChangeInMaritalStatus,
        Part::Name => Type::ChangeInName,
        Part::NorwegianIdentificationNumber => Type::ChangeInNorwegianIdentificationNumber,
        Part::ParentalResponsibility => Type::ChangeInParentalResponsibility,
        Part::PostalAddress => Type::ChangeInPostalAddress,
        Part::PreferredContactAddress => Type::ChangeInContactinformation,
        Part::PresentAddress => Type::ChangeInPresentAddress,
        Part::ResidencePermit => Type::ChangeInResidencePermit,
        // Nobody has moved.
        Part::ResidentialAddress => Type::ChangeInResidentialAddressWithoutRelocation,
        Part::ResiduaryEstateContactInformation => Type::ChangeInResiduaryEstateContactInformation,
        Part::SamiParliamentElectoralRegistryStatus => {
            Type::ChangeInSamiParliamentElectoralRegistryStatus
        }
        Part::SharedResidence => Type::ChangeInSharedResidence,
        Part::Status => Type::ChangeInStatus,
        Part::StayOnSvalbard => Type::ChangeInResidencyOnSvalbard,
        Part::UseOfSamiLanguage => Type::ChangeInUseOfSamiLanguage,
    }
}

/// The types that tell a change which this register has made in these parts and which no source
/// announced, each once.
pub fn made_here(changed: PartSet) -> Vec<EventType> {
    let mut types: Vec<EventType> = Vec::new();
    for event in changed.iter().map(type_of) {
        if !types.contains(&event) {
            types.push(event);
        }
    }
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_told_by_a_type_that_announces_it_and_not_the_whole_person() {
        for part in InformationPart::ALL.iter().copied() {
            let types = made_here(PartSet::of(&[part]));
            assert_eq!(types.len(), 1, "{part:?}");
            assert!(types[0].announces().contains(part), "{part:?}");
            assert_ne!(types[0].announces(), PartSet::ALL, "{part:?}");
        }
    }

    #[test]
    fn a_type_is_told_once_and_another_district_is_no_move() {
        let both =
            PartSet::of(&[InformationPart::Citizenship, InformationPart::CitizenshipRetention]);
        assert_eq!(made_here(both), [EventType::ChangeInCitizenship]);
        let address = PartSet::of(&[InformationPart::ResidentialAddress]);
        assert_eq!(made_here(address), [EventType::ChangeInResidentialAddressWithoutRelocation]);
        assert_eq!(made_here(PartSet::EMPTY), []);
    }
}
