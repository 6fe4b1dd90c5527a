//! Nothing that FREG describes is forgotten: elements, code values, event types.

use std::collections::BTreeSet;
use std::fmt::Debug;

use register::event::EventType;
use register::part::{
    AddressConfidentiality, AddressType, CitizenshipRetentionStatus, FamilyRelationType, Gender,
    GuardianshipScope, GuardianshipType, IdentificationStatus, IdentityVerificationStatus,
    InformationPart, LegalAuthorityScope, LengthOfStay, MaritalStatusType,
    ParentalResponsibilityType, PersonStatusType, ProbateCertificateType, ResidencePermitType,
    SamiLanguageType, SamiParliamentElectoralRegistryStatus, SeparatelyOccupiedUnitType,
    StayElsewhere,
};
use register::person::Person;
use serde_json::Value;
use sources::freg::document::{Document, ELEMENTS, part_of};
use sources::freg::event::{carries_document, must_refetch, public_type};

use crate::fixture;

#[test]
fn every_element_is_known_or_seen_to_be_new() {
    let document: Value = serde_json::from_slice(&fixture("person.json")).unwrap();
    let known: BTreeSet<&str> = ELEMENTS.iter().copied().collect();
    assert_eq!(known.len(), ELEMENTS.len(), "no element is listed twice");
    let elements = document.as_object().unwrap().keys().map(String::as_str);
    let new: Vec<&str> = elements.filter(|name| !known.contains(name)).collect();
    assert_eq!(new, ["noeNyttFraFreg"]);
}

#[test]
fn every_element_becomes_a_part_of_its_own() {
    let parts: BTreeSet<u8> =
        ELEMENTS.iter().map(|element| part_of(element).unwrap() as u8).collect();
    // The one that comes of KRR.
    let others = [InformationPart::CommonContactRegisterInformation as u8];
    assert_eq!(parts.len() + others.len(), InformationPart::ALL.len());
    assert_eq!(part_of("kjoenn"), Some(InformationPart::Gender));
    assert_eq!(part_of("noeNyttFraFreg"), None);
}

/// Reads one item of an element for each code word, and checks that the words give every value.
fn reads_all<T: Copy + Debug + PartialEq>(
    element: &str,
    words: &[&str],
    item: impl Fn(&str) -> String,
    value: impl Fn(&Person) -> Option<T>,
    all: &[T],
) {
    let mut read = Vec::new();
    for word in words {
        let number = r#"[{"foedselsEllerDNummer":"30888212120"}]"#;
        let item = item(word);
        let json = format!(r#"{{"identifikasjonsnummer":{number},"{element}":[{item}]}}"#);
        let mapped = Document::read(json.as_bytes()).unwrap().into_person();
        assert_eq!(mapped.unknown, Vec::<&str>::new(), "{element}: {word}");
        read.push(value(&mapped.person).unwrap());
    }
    assert_eq!(read, all, "{element}: in the contract's order");
}

#[test]
fn every_code_word_gives_its_value() {
    let plain = |field: &'static str| move |word: &str| format!(r#"{{"{field}":"{word}"}}"#);
    let statuses = "bosatt utflyttet forsvunnet doed opphoert foedselsregistrert midlertidig \
                    inaktiv ikkeBosatt aktiv";
    reads_all(
        "status",
        &statuses.split(' ').collect::<Vec<_>>(),
        plain("status"),
        |person| person.status[0].status,
        PersonStatusType::ALL,
    );
    let marital = "uoppgitt ugift gift enkeEllerEnkemann skilt separert registrertPartner \
                   separertPartner skiltPartner gjenlevendePartner";
    reads_all(
        "sivilstand",
        &marital.split(' ').collect::<Vec<_>>(),
        plain("sivilstand"),
        |person| person.marital_status[0].status,
        MaritalStatusType::ALL,
    );
    reads_all(
        "kjoenn",
        &["kvinne", "mann"],
        plain("kjoenn"),
        |person| person.gender[0].gender,
        Gender::ALL,
    );
    let roles =
        ["mor", "far", "medmor", "barn", "soesken", "ektefelleEllerPartner", "doedfoedtBarn"];
    reads_all(
        "familierelasjon",
        &roles,
        plain("minRolleForPerson"),
        |person| person.family_relation[0].my_role_for_related_person,
        FamilyRelationType::ALL,
    );
    let units = "bolig annetEnnBolig fritidsbolig ikkeGodkjentBolig unummerertBruksenhet";
    reads_all(
        "bostedsadresse",
        &units.split(' ').collect::<Vec<_>>(),
        |word| {
            format!(
                r#"{{"adressegradering":"ugradert","vegadresse":{{"bruksenhetstype":"{word}"}}}}"#
            )
        },
        |person| {
            let street = person.residential_address[0].street_address.as_ref();
            street.and_then(|street| street.separately_occupied_unit_type)
        },
        SeparatelyOccupiedUnitType::ALL,
    );
    assert_eq!(IdentificationStatus::ALL.len(), 2, "both are read in person.json");
}

#[test]
fn every_code_word_of_identity_and_stay_gives_its_value() {
    let plain = |field: &'static str| move |word: &str| format!(r#"{{"{field}":"{word}"}}"#);
    reads_all(
        "identitetsgrunnlag",
        &["ingenStatus", "ikkeKontrollert", "kontrollert"],
        plain("identitetsgrunnlagstatus"),
        |person| person.identity_verification[0].identity_verification_status,
        IdentityVerificationStatus::ALL,
    );
    reads_all(
        "bibehold",
        &["harBibehold", "harIkkeLengerBibehold", "norskStatsborgerTrengerIkkeBibehold"],
        plain("bibeholdstatus"),
        |person| person.citizenship_retention[0].citizenship_retention_status,
        CitizenshipRetentionStatus::ALL,
    );
    reads_all(
        "opphold",
        &["midlertidig", "permanent", "opplysningMangler"],
        plain("oppholdstillatelse"),
        |person| person.residence_permit[0].residence_permit_type,
        ResidencePermitType::ALL,
    );
    reads_all(
        "oppholdPaaSvalbard",
        &["underSeksMaaneder", "overSeksMaaneder", "overTolvMaaneder", "ukjent"],
        plain("antattOppholdsvarighet"),
        |person| person.stay_on_svalbard[0].estimated_length_of_stay,
        LengthOfStay::ALL,
    );
    reads_all(
        "foreldreansvar",
        &["felles", "mor", "far", "medmor", "andre", "ukjent"],
        plain("ansvar"),
        |person| person.parental_responsibility[0].responsibility_type,
        ParentalResponsibilityType::ALL,
    );
    reads_all(
        "kontaktinformasjonForDoedsbo",
        &["offentlig", "annet"],
        plain("skifteform"),
        |person| person.residuary_estate_contact_information[0].probate_certificate_type,
        ProbateCertificateType::ALL,
    );
}

#[test]
fn every_code_word_of_guardians_and_of_the_sami_gives_its_value() {
    let plain = |field: &'static str| move |word: &str| format!(r#"{{"{field}":"{word}"}}"#);
    let types = "ensligMindreaarigAsylsoeker ensligMindreaarigFlyktning voksen \
                 midlertidigForVoksen mindreaarig midlertidigForMindreaarig \
                 forvaltningUtenforVergemaal stadfestetFremtidsfullmakt";
    reads_all(
        "vergemaalEllerFremtidsfullmakt",
        &types.split(' ').collect::<Vec<_>>(),
        plain("vergemaaltype"),
        |person| person.guardianship_or_future_power_of_attorney[0].guardianship_type,
        GuardianshipType::ALL,
    );
    let scopes = "utlendingssakerPersonligeOgOekonomiskeInteresser \
                  personligeOgOekonomiskeInteresser oekonomiskeInteresser personligeInteresser";
    reads_all(
        "vergemaalEllerFremtidsfullmakt",
        &scopes.split(' ').collect::<Vec<_>>(),
        |word| format!(r#"{{"verge":{{"omfang":"{word}"}}}}"#),
        |person| {
            let guardian = &person.guardianship_or_future_power_of_attorney[0].guardian;
            guardian.as_ref().and_then(|guardian| guardian.guardianship_scope)
        },
        GuardianshipScope::ALL,
    );
    reads_all(
        "rettsligHandleevne",
        &["begrenset"],
        plain("rettsligHandleevneomfang"),
        |person| person.legal_authority[0].legal_authority_scope,
        LegalAuthorityScope::ALL,
    );
    reads_all(
        "brukAvSamiskSpraak",
        &["nordsamisk", "soersamisk", "lulesamisk"],
        |word| format!(r#"{{"spraak":["{word}"]}}"#),
        |person| person.use_of_sami_language[0].language.as_ref().map(|all| all[0]),
        SamiLanguageType::ALL,
    );
    reads_all(
        "forholdTilSametingetsValgmanntall",
        &["innmeldt", "utmeldt", "aldriInnmeldt"],
        plain("forhold"),
        |person| person.sami_parliament_electoral_registry_status[0].status,
        SamiParliamentElectoralRegistryStatus::ALL,
    );
}

#[test]
fn every_code_word_of_the_addresses_gives_its_value() {
    let graded = |field: &'static str| {
        move |word: &str| format!(r#"{{"{field}":"{word}","adressegradering":"ugradert"}}"#)
    };
    reads_all(
        "oppholdsadresse",
        &["militaer", "utenriks", "paaSvalbard", "pendler"],
        graded("oppholdAnnetSted"),
        |person| person.present_address[0].stay_elsewhere,
        StayElsewhere::ALL,
    );
    reads_all(
        "preferertKontaktadresse",
        &["bostedsadresse", "oppholdsadresse", "postadresse", "postadresseIUtlandet"],
        graded("valg"),
        |person| person.preferred_contact_address[0].address_type,
        AddressType::ALL,
    );
    reads_all(
        "postadresse",
        &["ugradert", "klientadresse", "fortrolig", "strengtFortrolig"],
        |word| format!(r#"{{"adressegradering":"{word}"}}"#),
        |person| person.postal_address[0].address_confidentiality,
        AddressConfidentiality::ALL,
    );
}

/// FREG's event types, and the public one that each becomes.
const EVENTS: &str = "\
personErOpprettet PersonIsCreated
personErReaktivert PersonIsReactivated
personErOppdatert PersonIsUpdated
personErOpphoert PersonIsDiscontinued
personErViderefoertSomGjeldendeVedSammenslaaing PersonIsContinuedAsValidUponMerger
personErOpphoertSomDublett PersonIsDiscontinuedAsDuplicate
personErEndretVedSplitting PersonIsChangedBySplitting
personErGjenopprettetVedSplitting PersonIsRestoredBySplitting
personErDoed PersonIsDeceased
personErBosatt PersonIsResident
personErUtflyttet PersonIsEmigrated
endringIStatus ChangeInStatus
endringIIdentitetsgrunnlag ChangeInIdentityVerification
endringIUtenlandskPersonidentifikasjon ChangeInForeignPersonIdentificationNumber
endringIUtlendingsmyndighetenesIdentifikasjonsnummer \
ChangeInImmigrationAuthoritiesIdentificationNumber
endringILegitimasjonsdokument ChangeInIdentificationDocument
endringIIdentifikasjonsnummer ChangeInNorwegianIdentificationNumber
endringIFalskIdentitet ChangeInFalseIdentity
endringIKontaktopplysningerForDoedsbo ChangeInResiduaryEstateContactInformation
endringIDeltBosted ChangeInSharedResidence
endringIFoedsel ChangeInBirth
endringIFoedselINorge ChangeInBirthInNorway
endringIKjoenn ChangeInGender
endringIFamilierelasjon ChangeInFamilyRelation
endringISivilstand ChangeInMaritalStatus
endringIDoedsfall ChangeInDeath
endringINavn ChangeInName
endringIAdressebeskyttelse ChangeInAddressProtection
endringIBostedsadresse ChangeInResidentialAddress
endringIBostedsadresseUtenFlytting ChangeInResidentialAddressWithoutRelocation
endringIOppholdsadresse ChangeInPresentAddress
endringIInnflytting ChangeInImmigrationToNorway
endringIUtflytting ChangeInEmigrationFromNorway
endringIBrukAvSamiskSpraak ChangeInUseOfSamiLanguage
endringISametingetsValgmanntall ChangeInSamiParliamentElectoralRegistryStatus
endringIKontaktinformasjon ChangeInContactinformation
endringIForeldreansvar ChangeInParentalResponsibility
endringIStatsborgerskap ChangeInCitizenship
endringIOpphold ChangeInResidency
endringIOppholdPaaSvalbard ChangeInResidencyOnSvalbard
endringIVergemaal ChangeInGuardianship
endringIFratattRettsligHandleevne ChangeInDeprivedLegalAuthority
endringIRettsligHandleevne ChangeInLegalAuthority
endringIPerson ChangeInPerson";

#[test]
fn every_event_type_has_its_public_name() {
    assert_eq!(EVENTS.lines().count(), 44);
    for line in EVENTS.lines() {
        let (hendelsetype, name) = line.split_once(' ').unwrap();
        assert_eq!(public_type(hendelsetype).name(), name);
        assert_eq!(carries_document(hendelsetype), hendelsetype != "personErOpphoertSomDublett");
        assert_eq!(
            must_refetch(hendelsetype),
            hendelsetype == "personErOppdatert",
            "{hendelsetype}"
        );
    }
}

#[test]
fn an_unknown_event_type_means_look_again() {
    for unknown in
        ["", "endringIBostedsadresseVedKommuneregulering", "PersonErDoed", "personErInaktiv"]
    {
        assert_eq!(public_type(unknown), EventType::PersonIsUpdated);
        assert!(carries_document(unknown) && must_refetch(unknown), "{unknown}");
    }
}
