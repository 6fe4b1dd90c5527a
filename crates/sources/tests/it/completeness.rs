//! Nothing that FREG describes is forgotten: elements, code values, event types.

use std::collections::BTreeSet;
use std::fmt::Debug;

use register::event::EventType;
use register::part::{
    FamilyRelationType, Gender, IdentificationStatus, MaritalStatusType, PersonStatusType,
    SeparatelyOccupiedUnitType,
};
use register::person::Person;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use sources::freg::document::Document;
use sources::freg::event::{carries_document, must_refetch, public_type};
use sources::freg::part::{ELEMENTS, Reading};

use crate::fixture;

#[test]
fn the_document_reads_exactly_the_elements_that_are_marked_as_mapped() {
    let mapped: Vec<&str> =
        ELEMENTS.iter().filter(|(_, how)| *how == Reading::Mapped).map(|(name, _)| *name).collect();
    let mut fields = fields_of::<Document>().to_vec();
    fields.sort_unstable();
    assert_eq!(fields, mapped);
}

#[test]
fn every_element_is_known_or_seen_to_be_new() {
    let document: Value = serde_json::from_slice(&fixture("person.json")).unwrap();
    let known: BTreeSet<&str> = ELEMENTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(known.len(), ELEMENTS.len(), "no element is listed twice");
    let elements = document.as_object().unwrap().keys().map(String::as_str);
    let new: Vec<&str> = elements.filter(|name| !known.contains(name)).collect();
    assert_eq!(new, ["noeNyttFraFreg"]);
}

/// The field names by which a struct asks serde for its content.
fn fields_of<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    struct Asked(&'static [&'static str]);

    struct Ear<'a>(&'a mut Asked);

    impl<'de> Deserializer<'de> for Ear<'_> {
        type Error = de::value::Error;

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
            Err(de::Error::custom("only structs are listened to"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            visitor: V,
        ) -> Result<V::Value, Self::Error> {
            self.0.0 = fields;
            self.deserialize_any(visitor)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    let mut asked = Asked(&[]);
    let _ = T::deserialize(Ear(&mut asked));
    asked.0
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
