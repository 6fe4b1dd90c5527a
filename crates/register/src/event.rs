//! Events: what happened to a person, told without saying what changed.
//!
//! The 53 types of the contract are one table. A type can announce several parts, and a part can be
//! announced by several types.

mod made_here;
mod table;

use crate::package::Package;
use crate::part::PartSet;
use crate::part::shape::shape;
use crate::rights::withheld_parts;
pub use made_here::made_here;
use table::{EVENTS, Row};

/// The code that stands in the event log where a person was rendered anew without anything public
/// having happened. It is no type of the contract and is never shown.
pub const RENDERED_CODE: i16 = 0;

shape! {
    /// What happened to a person.
    #[expect(missing_docs, reason = "the names are the contract's; the table has their meaning")]
    values EventType {
        Unknown,
        PersonIsCreated,
        PersonIsReactivated,
        PersonIsUpdated,
        PersonIsDiscontinued,
        PersonIsContinuedAsValidUponMerger,
        PersonIsDiscontinuedAsDuplicate,
        PersonIsChangedBySplitting,
        PersonIsRestoredBySplitting,
        PersonIsDeceased,
        PersonIsResident,
        PersonIsEmigrated,
        ChangeInStatus,
        ChangeInIdentityVerification,
        ChangeInForeignPersonIdentificationNumber,
        ChangeInImmigrationAuthoritiesIdentificationNumber,
        ChangeInIdentificationDocument,
        ChangeInNorwegianIdentificationNumber,
        ChangeInFalseIdentity,
        ChangeInResiduaryEstateContactInformation,
        ChangeInSharedResidence,
        ChangeInBirth,
        ChangeInBirthInNorway,
        ChangeInGender,
        ChangeInFamilyRelation,
        ChangeInMaritalStatus,
        ChangeInDeath,
        ChangeInName,
        ChangeInAddressProtection,
        ChangeInResidentialAddress,
        ChangeInResidentialAddressWithoutRelocation,
        ChangeInPresentAddress,
        ChangeInImmigrationToNorway,
        ChangeInEmigrationFromNorway,
        ChangeInUseOfSamiLanguage,
        ChangeInSamiParliamentElectoralRegistryStatus,
        ChangeInContactinformation,
        ChangeInParentalResponsibility,
        ChangeInCitizenship,
        ChangeInResidency,
        ChangeInResidencyOnSvalbard,
        ChangeInGuardianship,
        ChangeInPerson,
        PersonCorrected,
        PersonPopulated,
        ChangeInPostalAddress,
        ChangeInForeignPostalAddress,
        ChangeInResidencePermit,
        ChangeInDeprivedLegalAuthority,
        CreatedAlternateIdentificationNumber,
        UpdatedAlternateIdentificationNumber,
        ChangeInLegalAuthority,
        ChangeInCommonContactRegisterInformation,
    }
}

/// What an event is about, which decides who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventClass {
    /// The person's entry came, went or changed as a whole; shown to everyone.
    LifeCycle,
    /// The protection of the person's addresses changed; shown to everyone.
    Protection,
    /// Parts changed; shown to those who see any of them.
    Parts,
}

/// Where events of a type come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emitter {
    /// The national population register.
    Freg,
    /// This register itself.
    Register,
    /// The register of contact details and reservations.
    Krr,
    /// The service that gives out alternate identification numbers (felles hjelpenummer).
    Ain,
}

impl EventType {
    /// The number the type is stored as; it never changes.
    pub fn code(self) -> i16 {
        self.row().code
    }

    /// The type that is stored as this number. None for [`RENDERED_CODE`] and unknown numbers.
    pub fn from_code(code: i16) -> Option<Self> {
        EVENTS.iter().find(|row| row.code == code).map(|row| row.event)
    }

    /// What the event is about.
    pub fn class(self) -> EventClass {
        self.row().class
    }

    /// Where events of this type come from.
    pub fn emitter(self) -> Emitter {
        self.row().emitter
    }

    /// The parts that may have changed.
    pub fn announces(self) -> PartSet {
        self.row().announces
    }

    fn row(self) -> &'static Row {
        &EVENTS[self as usize]
    }
}

/// Whether restricted access is shown an event: always when it is about a person's life cycle or
/// protection, else when some part it announces is neither withheld nor, as an address, masked both
/// before the event and after it. The sets are [`masked_parts`](crate::rights::masked_parts) then.
pub fn visible_to_restricted(
    event: EventType,
    masked_before: PartSet,
    masked_after: PartSet,
) -> bool {
    let hidden =
        withheld_parts(Package::RestrictedAccess).union(masked_before.intersection(masked_after));
    match event.class() {
        EventClass::LifeCycle | EventClass::Protection => true,
        EventClass::Parts => !event.announces().difference(hidden).is_empty(),
    }
}
