//! The rights: part × package × grade × history, against expectations written down here and, for
//! addresses, in the grids of `addresses`.
//!
//! Nothing here is taken from the rules in the crate. An expectation starts from the samples as
//! they are and says in JSON what each package must see of them.

mod addresses;

use register::package::Package;
use register::part::{
    FalseIdentity, InformationPart, MaritalStatus, PersonStatus, PersonStatusType,
};
use register::person::Person;
use register::render::Circumstances;
use serde_json::{Value, json};

use crate::support::{answer, property, served};
use addresses::{Cell, expected_item, is_address};

/// The items of a part as they are, current ones first, before any right is looked at.
fn raw(person: &Person, part: InformationPart) -> Vec<Value> {
    let json = match part {
        InformationPart::Name => json!(person.name),
        InformationPart::NorwegianIdentificationNumber => {
            json!(person.norwegian_identification_number)
        }
        InformationPart::Birth => json!(person.birth),
        InformationPart::Gender => json!(person.gender),
        InformationPart::Status => json!(person.status),
        InformationPart::AddressProtection => json!(person.address_protection),
        InformationPart::ResidentialAddress => json!(person.residential_address),
        InformationPart::SharedResidence => json!(person.shared_residence),
        InformationPart::PresentAddress => json!(person.present_address),
        InformationPart::PostalAddress => json!(person.postal_address),
        InformationPart::ForeignPostalAddress => json!(person.foreign_postal_address),
        InformationPart::PreferredContactAddress => json!(person.preferred_contact_address),
        InformationPart::FamilyRelation => json!(person.family_relation),
        InformationPart::MaritalStatus => json!(person.marital_status),
        InformationPart::Death => json!([person.death]),
        InformationPart::FalseIdentity => json!([person.false_identity]),
        InformationPart::ParentalResponsibility => json!(person.parental_responsibility),
        InformationPart::IdentityVerification => json!(person.identity_verification),
        InformationPart::ImmigrationToNorway => json!(person.immigration_to_norway),
        InformationPart::EmigrationFromNorway => json!(person.emigration_from_norway),
        InformationPart::ResiduaryEstateContactInformation => {
            json!(person.residuary_estate_contact_information)
        }
        InformationPart::IdentificationDocument => json!(person.identification_document),
        InformationPart::Citizenship => json!(person.citizenship),
        InformationPart::CitizenshipRetention => json!(person.citizenship_retention),
        InformationPart::ResidencePermit => json!(person.residence_permit),
        InformationPart::BirthInNorway => json!(person.birth_in_norway),
        InformationPart::StayOnSvalbard => json!(person.stay_on_svalbard),
        InformationPart::GuardianshipOrFuturePowerOfAttorney => {
            json!(person.guardianship_or_future_power_of_attorney)
        }
        InformationPart::LegalAuthority => json!(person.legal_authority),
        InformationPart::DeprivedLegalAuthority => json!(person.deprived_legal_authority),
        InformationPart::ForeignPersonIdentificationNumber => {
            json!(person.foreign_person_identification_number)
        }
        InformationPart::ImmigrationAuthoritiesIdentificationNumber => {
            json!(person.immigration_authorities_identification_number)
        }
        InformationPart::UseOfSamiLanguage => json!(person.use_of_sami_language),
        InformationPart::SamiParliamentElectoralRegistryStatus => {
            json!(person.sami_parliament_electoral_registry_status)
        }
        InformationPart::CommonContactRegisterInformation => {
            json!([person.common_contact_register_information])
        }
    };
    json.as_array().cloned().unwrap_or_default()
}

/// Takes away the free texts of the samples that restricted access must not read.
fn without_secret_texts(mut item: Value) -> Value {
    const OPEN: &[&str] = &[
        "KILDE_DSF",
        "skatteetaten",
        "FREG automatisk",
        "folkeregistermyndigheten",
        "Matrikkelen",
        "Navn",
        "Tildele d-nummer",
        "Fødsel",
        "Patch",
        "folkeregisteret",
        "dsf-folkeregister-synkronisering",
        "Synutopia",
        "Adresseoppdatering",
        "Historisk",
    ];
    for field in ["source", "reason"] {
        if item[field].as_str().is_none_or(|text| !OPEN.contains(&text)) {
            remove(&mut item, &[field]);
        }
    }
    item
}

fn remove(item: &mut Value, fields: &[&str]) {
    let object = item.as_object_mut().expect("an item is an object");
    for field in fields {
        object.remove(*field);
    }
}

/// What restricted access must see of an item that is no address.
fn expected_restricted(part: InformationPart, mut item: Value) -> Option<Value> {
    let current = item["isValid"] == true;
    match part {
        InformationPart::Name | InformationPart::NorwegianIdentificationNumber => {
            Some(without_secret_texts(item))
        }
        InformationPart::Birth
        | InformationPart::Gender
        | InformationPart::AddressProtection
        | InformationPart::Death
        | InformationPart::IdentityVerification
        | InformationPart::ImmigrationToNorway
        | InformationPart::EmigrationFromNorway
        | InformationPart::ResiduaryEstateContactInformation
        | InformationPart::Citizenship
        | InformationPart::BirthInNorway
        | InformationPart::GuardianshipOrFuturePowerOfAttorney
        | InformationPart::LegalAuthority
        | InformationPart::DeprivedLegalAuthority
        // The sample's current status is Emigrated, which is open.
        | InformationPart::Status => current.then(|| without_secret_texts(item)),
        InformationPart::MaritalStatus => {
            remove(&mut item, &["source", "reason", "relatedByMaritalStatus"]);
            current.then_some(item)
        }
        InformationPart::FalseIdentity => {
            current.then(|| json!({ "isValid": true, "isFalseIdentity": true }))
        }
        InformationPart::FamilyRelation
        | InformationPart::ParentalResponsibility
        | InformationPart::IdentificationDocument
        | InformationPart::CitizenshipRetention
        | InformationPart::ResidencePermit
        | InformationPart::StayOnSvalbard
        | InformationPart::ForeignPersonIdentificationNumber
        | InformationPart::ImmigrationAuthoritiesIdentificationNumber
        | InformationPart::UseOfSamiLanguage
        | InformationPart::SamiParliamentElectoralRegistryStatus
        | InformationPart::CommonContactRegisterInformation => None,
        other => panic!("{other:?} is served: write down here what restricted access sees of it"),
    }
}

/// What must be seen of a part.
fn expected(
    person: &Person,
    package: Package,
    part: InformationPart,
    history: bool,
    cell: Cell,
) -> Value {
    // What does not say whether it holds, such as contact details, does.
    let items = raw(person, part).into_iter().filter(|item| history || item["isValid"] != false);
    let seen: Vec<Value> = items
        .filter_map(|item| match (part, package) {
            (address, _) if is_address(address) => expected_item(item, address, package, cell),
            (_, Package::FullAccess) => Some(item),
            (_, Package::RestrictedAccess) => expected_restricted(part, item),
        })
        .collect();
    match part {
        _ if seen.is_empty() => Value::Null,
        InformationPart::Death
        | InformationPart::FalseIdentity
        | InformationPart::CommonContactRegisterInformation => seen[0].clone(),
        _ => seen.into(),
    }
}

#[test]
fn every_package_sees_of_every_part_what_is_written_here() {
    let mut cells = 0;
    for cell in Cell::all() {
        let person = cell.person();
        for (package, part) in
            Package::ALL.iter().flat_map(|package| served().map(move |part| (*package, part)))
        {
            for history in [false, true] {
                let seen = answer(&person, package, cell.circumstances(), part, history);
                let expected = expected(&person, package, part, history, cell);
                assert_eq!(seen, expected, "{package:?} {part:?} history {history} {cell:?}");
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 6 * 5 * 2 * 2 * served().count() * 2);
}

#[test]
fn restricted_access_sees_five_statuses_and_the_others_as_one() {
    use PersonStatusType::{Deceased, Discontinued, Emigrated, Inactive, Resident};
    let statuses = PersonStatusType::ALL.iter().copied().map(Some).chain([None]);
    for status in statuses {
        let open = [Resident, Emigrated, Deceased, Discontinued, Inactive];
        let is_open = status.is_some_and(|status| open.contains(&status));
        let item = PersonStatus {
            is_valid: Some(true),
            source: Some("skatteetaten".to_owned()),
            reason: Some("Patch".to_owned()),
            status,
            ..PersonStatus::default()
        };
        let person = Person { status: vec![item.clone()], ..Person::default() };
        let part = InformationPart::Status;
        let seen = |package| answer(&person, package, Circumstances::default(), part, true);
        assert_eq!(seen(Package::FullAccess), json!([item]));
        let expected = if is_open {
            json!([item])
        } else {
            // Without reason and source, for an Active from the source too: all look alike.
            json!([{ "isValid": true, "status": "Active" }])
        };
        assert_eq!(seen(Package::RestrictedAccess), expected, "{status:?}");
    }
}

#[test]
fn marital_statuses_look_alike_with_a_spouse_and_without() {
    let with = MaritalStatus::sample().remove(0);
    let without = MaritalStatus { related_by_marital_status: None, ..with.clone() };
    let [with, without] = [with, without].map(|item| {
        let person = Person { marital_status: vec![item], ..Person::default() };
        let part = InformationPart::MaritalStatus;
        answer(&person, Package::RestrictedAccess, Circumstances::default(), part, true)
    });
    assert_eq!(with, without);
    assert_eq!(with[0]["place"], "Førde kyrkje");
}

#[test]
fn false_identities_look_alike_whatever_is_known_of_the_true_one() {
    let described = FalseIdentity::sample();
    let bare = FalseIdentity {
        is_valid: Some(true),
        is_false_identity: Some(true),
        ..FalseIdentity::default()
    };
    let nobody_knows = FalseIdentity { is_correct_identity_unknown: Some(true), ..bare.clone() };
    for identity in [described, bare.clone(), nobody_knows] {
        let person = Person { false_identity: Some(identity), ..Person::default() };
        let part = InformationPart::FalseIdentity;
        let seen = answer(&person, Package::RestrictedAccess, Circumstances::default(), part, true);
        assert_eq!(seen, json!({ "isValid": true, "isFalseIdentity": true }));
    }
    // One that was taken back is history, and history of identities is not for restricted access.
    let taken_back = FalseIdentity { is_valid: Some(false), ..bare };
    let person = Person { false_identity: Some(taken_back), ..Person::default() };
    let seen = |package| {
        answer(&person, package, Circumstances::default(), InformationPart::FalseIdentity, true)
    };
    assert_eq!(seen(Package::RestrictedAccess), Value::Null);
    assert_eq!(seen(Package::FullAccess), json!({ "isValid": false, "isFalseIdentity": true }));
}

#[test]
fn the_matrix_covers_every_served_part() {
    let person = Person::sample();
    for part in served() {
        assert!(!raw(&person, part).is_empty(), "{}", property(part));
    }
}
