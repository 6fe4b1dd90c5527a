//! The event types of the contract as data.

use super::Emitter::{self, Ain, Freg, Krr, Register};
use super::EventClass::{self, LifeCycle, Parts, Protection};
use super::EventType::{self, *};
use crate::part::InformationPart::{self, *};
use crate::part::PartSet;

/// One type of event.
pub(super) struct Row {
    pub(super) code: i16,
    pub(super) event: EventType,
    pub(super) class: EventClass,
    pub(super) emitter: Emitter,
    pub(super) announces: PartSet,
}

const fn row(
    code: i16,
    event: EventType,
    class: EventClass,
    emitter: Emitter,
    announces: &[InformationPart],
) -> Row {
    Row { code, event, class, emitter, announces: PartSet::of(announces) }
}

/// The entry as a whole.
const WHOLE: &[InformationPart] = InformationPart::ALL;

/// What a change of protection can change: the source rewrites the addresses with it.
const PROTECTED: &[InformationPart] = &[
    AddressProtection,
    ResidentialAddress,
    SharedResidence,
    PresentAddress,
    PostalAddress,
    ForeignPostalAddress,
    PreferredContactAddress,
];

/// Every type, in the order of its variants. A code is never reused; a new type goes last.
#[rustfmt::skip]
pub(super) const EVENTS: [Row; 53] = [
    row(1, Unknown, LifeCycle, Register, WHOLE),
    row(2, PersonIsCreated, LifeCycle, Freg, WHOLE),
    row(3, PersonIsReactivated, LifeCycle, Freg, WHOLE),
    row(4, PersonIsUpdated, LifeCycle, Freg, WHOLE),
    row(5, PersonIsDiscontinued, LifeCycle, Freg, WHOLE),
    row(6, PersonIsContinuedAsValidUponMerger, LifeCycle, Freg, WHOLE),
    row(7, PersonIsDiscontinuedAsDuplicate, LifeCycle, Freg, WHOLE),
    row(8, PersonIsChangedBySplitting, LifeCycle, Freg, WHOLE),
    row(9, PersonIsRestoredBySplitting, LifeCycle, Freg, WHOLE),
    row(10, PersonIsDeceased, LifeCycle, Freg, WHOLE),
    row(11, PersonIsResident, LifeCycle, Freg, WHOLE),
    row(12, PersonIsEmigrated, LifeCycle, Freg, WHOLE),
    row(13, ChangeInStatus, Parts, Freg, &[Status]),
    row(14, ChangeInIdentityVerification, Parts, Freg, &[IdentityVerification]),
    row(15, ChangeInForeignPersonIdentificationNumber, Parts, Freg,
        &[ForeignPersonIdentificationNumber]),
    row(16, ChangeInImmigrationAuthoritiesIdentificationNumber, Parts, Freg,
        &[ImmigrationAuthoritiesIdentificationNumber]),
    row(17, ChangeInIdentificationDocument, Parts, Freg, &[IdentificationDocument]),
    row(18, ChangeInNorwegianIdentificationNumber, Parts, Freg, &[NorwegianIdentificationNumber]),
    row(19, ChangeInFalseIdentity, Parts, Freg, &[FalseIdentity]),
    row(20, ChangeInResiduaryEstateContactInformation, Parts, Freg,
        &[ResiduaryEstateContactInformation]),
    row(21, ChangeInSharedResidence, Parts, Freg, &[SharedResidence]),
    row(22, ChangeInBirth, Parts, Freg, &[Birth]),
    row(23, ChangeInBirthInNorway, Parts, Freg, &[BirthInNorway]),
    row(24, ChangeInGender, Parts, Freg, &[Gender]),
    row(25, ChangeInFamilyRelation, Parts, Freg, &[FamilyRelation]),
    row(26, ChangeInMaritalStatus, Parts, Freg, &[MaritalStatus]),
    row(27, ChangeInDeath, Parts, Freg, &[Death]),
    row(28, ChangeInName, Parts, Freg, &[Name]),
    row(29, ChangeInAddressProtection, Protection, Freg, PROTECTED),
    row(30, ChangeInResidentialAddress, Parts, Freg, &[ResidentialAddress]),
    row(31, ChangeInResidentialAddressWithoutRelocation, Parts, Freg, &[ResidentialAddress]),
    row(32, ChangeInPresentAddress, Parts, Freg, &[PresentAddress]),
    row(33, ChangeInImmigrationToNorway, Parts, Freg, &[ImmigrationToNorway]),
    row(34, ChangeInEmigrationFromNorway, Parts, Freg, &[EmigrationFromNorway]),
    row(35, ChangeInUseOfSamiLanguage, Parts, Freg, &[UseOfSamiLanguage]),
    row(36, ChangeInSamiParliamentElectoralRegistryStatus, Parts, Freg,
        &[SamiParliamentElectoralRegistryStatus]),
    row(37, ChangeInContactinformation, Parts, Freg,
        &[PostalAddress, ForeignPostalAddress, PreferredContactAddress]),
    row(38, ChangeInParentalResponsibility, Parts, Freg, &[ParentalResponsibility]),
    row(39, ChangeInCitizenship, Parts, Freg, &[Citizenship, CitizenshipRetention]),
    row(40, ChangeInResidency, Parts, Freg, &[ResidencePermit]),
    row(41, ChangeInResidencyOnSvalbard, Parts, Freg, &[StayOnSvalbard]),
    row(42, ChangeInGuardianship, Parts, Freg, &[GuardianshipOrFuturePowerOfAttorney]),
    row(43, ChangeInPerson, Parts, Freg, WHOLE),
    row(44, PersonCorrected, LifeCycle, Register, WHOLE),
    row(45, PersonPopulated, LifeCycle, Register, WHOLE),
    row(46, ChangeInPostalAddress, Parts, Register, &[PostalAddress]),
    row(47, ChangeInForeignPostalAddress, Parts, Register, &[ForeignPostalAddress]),
    row(48, ChangeInResidencePermit, Parts, Register, &[ResidencePermit]),
    row(49, ChangeInDeprivedLegalAuthority, Parts, Freg, &[DeprivedLegalAuthority]),
    row(50, CreatedAlternateIdentificationNumber, LifeCycle, Ain, WHOLE),
    row(51, UpdatedAlternateIdentificationNumber, LifeCycle, Ain, WHOLE),
    row(52, ChangeInLegalAuthority, Parts, Freg, &[LegalAuthority]),
    row(53, ChangeInCommonContactRegisterInformation, Parts, Krr,
        &[CommonContactRegisterInformation]),
];
