//! The table of event types, and which events restricted access is shown.

use std::collections::BTreeSet;

use register::event::{Emitter, EventClass, EventType, RENDERED_CODE, visible_to_restricted};
use register::package::Package;
use register::part::{
    AddressConfidentiality as Grade, AddressProtection, InformationPart, PartSet,
};
use register::person::Person;
use register::render::{Circumstances, masked_parts, withheld_parts};

use crate::support::grade_all;

#[test]
fn names_and_codes_lead_back_to_their_type() {
    assert_eq!(EventType::ALL.len(), 53);
    let codes: BTreeSet<i16> = EventType::ALL.iter().map(|event| event.code()).collect();
    assert_eq!(codes, (1..=53).collect());
    for event in EventType::ALL.iter().copied() {
        assert_eq!(EventType::from_code(event.code()), Some(event));
        assert_eq!(EventType::from_name(&event.name().to_uppercase()), Some(event));
        assert_eq!(EventType::from_name(&event.name().to_lowercase()), Some(event));
        assert_eq!(serde_json::to_value(event).ok(), Some(event.name().into()));
    }
    assert_eq!(EventType::from_code(RENDERED_CODE), None);
    assert_eq!(EventType::from_code(54), None);
    assert_eq!(EventType::from_name("Rendered"), None);
    assert_eq!(EventType::from_name(""), None);
}

#[test]
fn codes_that_are_stored_keep_their_meaning() {
    for (code, name) in [
        (1, "Unknown"),
        (7, "PersonIsDiscontinuedAsDuplicate"),
        (29, "ChangeInAddressProtection"),
        (37, "ChangeInContactinformation"),
        (45, "PersonPopulated"),
        (53, "ChangeInCommonContactRegisterInformation"),
    ] {
        assert_eq!(EventType::from_code(code).map(EventType::name), Some(name));
    }
}

#[test]
fn every_part_is_announced_by_a_type_of_its_own_kind() {
    let of_parts = EventType::ALL.iter().filter(|event| event.class() == EventClass::Parts);
    let narrow = of_parts.filter(|event| **event != EventType::ChangeInPerson);
    let announced = narrow.fold(PartSet::EMPTY, |all, event| all.union(event.announces()));
    // The change of protection announces it, and the addresses that it rewrites.
    let protection = EventType::ChangeInAddressProtection.announces();
    assert_eq!(announced.union(protection), PartSet::ALL);
    assert!(protection.contains(InformationPart::ResidentialAddress));
}

#[test]
fn one_type_can_announce_several_parts_and_one_part_can_have_several_types() {
    use InformationPart::{ForeignPostalAddress, PostalAddress, PreferredContactAddress};
    assert_eq!(
        EventType::ChangeInContactinformation.announces(),
        PartSet::of(&[PostalAddress, ForeignPostalAddress, PreferredContactAddress])
    );
    assert_eq!(
        EventType::ChangeInResidentialAddress.announces(),
        EventType::ChangeInResidentialAddressWithoutRelocation.announces()
    );
    assert_eq!(
        EventType::ChangeInResidency.announces(),
        EventType::ChangeInResidencePermit.announces()
    );
}

#[test]
fn life_cycle_types_announce_the_whole_person() {
    let whole: Vec<_> = EventType::ALL.iter().filter(|e| e.announces() == PartSet::ALL).collect();
    assert_eq!(whole.len(), 17);
    for event in whole {
        let is_person = *event == EventType::ChangeInPerson;
        assert_eq!(event.class() == EventClass::LifeCycle, !is_person, "{event:?}");
    }
}

#[test]
fn few_types_come_from_elsewhere_than_the_population_register() {
    let from = |emitter| EventType::ALL.iter().filter(|e| e.emitter() == emitter).count();
    assert_eq!(
        [Emitter::Freg, Emitter::Register, Emitter::Krr, Emitter::Ain].map(from),
        [44, 6, 1, 2]
    );
}

const DWELLING: PartSet = PartSet::of(&[InformationPart::ResidentialAddress]);

#[test]
fn life_cycle_and_protection_are_always_shown() {
    for event in EventType::ALL.iter().filter(|event| event.class() != EventClass::Parts) {
        assert!(visible_to_restricted(*event, PartSet::ALL, PartSet::ALL), "{event:?}");
    }
}

#[test]
fn events_about_nothing_but_withheld_parts_are_never_shown() {
    let hidden = EventType::ALL
        .iter()
        .filter(|event| !visible_to_restricted(**event, PartSet::EMPTY, PartSet::EMPTY));
    let hidden: BTreeSet<&str> = hidden.map(|event| event.name()).collect();
    let expected = [
        "ChangeInCommonContactRegisterInformation",
        "ChangeInFamilyRelation",
        "ChangeInForeignPersonIdentificationNumber",
        "ChangeInIdentificationDocument",
        "ChangeInImmigrationAuthoritiesIdentificationNumber",
        "ChangeInParentalResponsibility",
        "ChangeInResidencePermit",
        "ChangeInResidency",
        "ChangeInResidencyOnSvalbard",
        "ChangeInSamiParliamentElectoralRegistryStatus",
        "ChangeInUseOfSamiLanguage",
    ];
    // A change of citizenship is shown: it may be the citizenship, not its retention.
    assert_eq!(hidden, expected.into_iter().collect());
}

#[test]
fn a_move_is_shown_unless_the_address_is_masked_before_and_after() {
    for event in [
        EventType::ChangeInResidentialAddress,
        EventType::ChangeInResidentialAddressWithoutRelocation,
    ] {
        assert!(visible_to_restricted(event, PartSet::EMPTY, PartSet::EMPTY));
        assert!(visible_to_restricted(event, DWELLING, PartSet::EMPTY));
        assert!(visible_to_restricted(event, PartSet::EMPTY, DWELLING));
        assert!(!visible_to_restricted(event, DWELLING, DWELLING));
    }
    assert!(visible_to_restricted(EventType::ChangeInName, DWELLING, DWELLING));
    assert!(visible_to_restricted(EventType::ChangeInPerson, DWELLING, DWELLING));
}

#[test]
fn contact_information_is_shown_when_one_of_its_addresses_is_open() {
    use InformationPart::{ForeignPostalAddress, PostalAddress, PreferredContactAddress};
    let event = EventType::ChangeInContactinformation;
    let two = PartSet::of(&[PostalAddress, PreferredContactAddress]);
    let three = two.union(PartSet::of(&[ForeignPostalAddress]));
    assert!(visible_to_restricted(event, three, two));
    assert!(visible_to_restricted(event, two, three));
    assert!(!visible_to_restricted(event, three, three));
}

/// The type of event that tells of each kind of address.
const TOLD_BY: [(InformationPart, EventType); 6] = [
    (InformationPart::ResidentialAddress, EventType::ChangeInResidentialAddress),
    (InformationPart::SharedResidence, EventType::ChangeInSharedResidence),
    (InformationPart::PresentAddress, EventType::ChangeInPresentAddress),
    (InformationPart::PostalAddress, EventType::ChangeInPostalAddress),
    (InformationPart::ForeignPostalAddress, EventType::ChangeInForeignPostalAddress),
    (InformationPart::PreferredContactAddress, EventType::ChangeInContactinformation),
];

/// What is masked of a person whose addresses of every kind have this grade of their own.
fn masked(person: Option<Grade>, own: Grade) -> PartSet {
    let level = |level| AddressProtection {
        is_valid: Some(true),
        protection_level: Some(level),
        ..AddressProtection::default()
    };
    let mut person =
        Person { address_protection: person.into_iter().map(level).collect(), ..Person::sample() };
    grade_all(&mut person, Some(own));
    masked_parts(&person, &Circumstances::default())
}

#[test]
fn an_address_is_told_of_unless_it_is_masked_before_and_after() {
    let open = masked(None, Grade::Unclassified);
    for own in [Grade::ClientAddress, Grade::Confidential, Grade::StrictlyConfidential] {
        let hidden = masked(None, own);
        for (part, event) in TOLD_BY {
            assert!(visible_to_restricted(event, open, open), "{part:?}");
            assert!(visible_to_restricted(event, open, hidden), "{part:?} {own:?}");
            assert!(visible_to_restricted(event, hidden, open), "{part:?} {own:?}");
            assert!(!visible_to_restricted(event, hidden, hidden), "{part:?} {own:?}");
        }
    }
}

#[test]
fn the_persons_grade_silences_the_dwellings_and_not_the_post() {
    for level in [Grade::ClientAddress, Grade::Confidential, Grade::StrictlyConfidential] {
        let masked = masked(Some(level), Grade::Unclassified);
        let told = TOLD_BY.map(|(_, event)| visible_to_restricted(event, masked, masked));
        assert_eq!(told, [false, false, false, true, true, true], "{level:?}");
    }
}

#[test]
fn an_address_whose_existence_tells_comes_and_goes_in_silence() {
    let nothing = masked_parts(&Person::default(), &Circumstances::default());
    for own in [Grade::ClientAddress, Grade::Confidential, Grade::StrictlyConfidential] {
        let hidden = masked(None, own);
        for (part, event) in TOLD_BY {
            assert!(!visible_to_restricted(event, nothing, hidden), "{part:?} {own:?}");
            assert!(!visible_to_restricted(event, hidden, nothing), "{part:?} {own:?}");
        }
    }
    let open = masked(None, Grade::Unclassified);
    for (part, event) in TOLD_BY {
        assert!(visible_to_restricted(event, nothing, open), "{part:?}");
        assert!(visible_to_restricted(event, open, nothing), "{part:?}");
    }
}

#[test]
fn contact_information_that_is_not_there_does_not_tell_of_what_is_masked() {
    // The one event stands for three parts, of which a person seldom has more than one.
    let mut person =
        Person { postal_address: Person::sample().postal_address, ..Person::default() };
    let told = |person: &Person| {
        let masked = masked_parts(person, &Circumstances::default());
        visible_to_restricted(EventType::ChangeInContactinformation, masked, masked)
    };
    assert!(told(&person));
    grade_all(&mut person, Some(Grade::Confidential));
    assert!(!told(&person));
}

#[test]
fn nothing_is_told_of_addresses_while_a_protection_waits_to_be_read() {
    let uncertain = Circumstances { protection_uncertain: true };
    let masked = masked_parts(&Person::sample(), &uncertain);
    for (part, event) in TOLD_BY {
        assert!(!visible_to_restricted(event, masked, masked), "{part:?}");
    }
}

#[test]
fn withheld_parts_are_named_by_package() {
    use InformationPart::{FamilyRelation, MaritalStatus, ParentalResponsibility};
    assert_eq!(withheld_parts(Package::FullAccess), PartSet::EMPTY);
    let withheld = withheld_parts(Package::RestrictedAccess);
    assert_eq!(withheld.iter().count(), 11);
    assert!(withheld.contains(FamilyRelation) && withheld.contains(ParentalResponsibility));
    assert!(!withheld.contains(MaritalStatus));
}
