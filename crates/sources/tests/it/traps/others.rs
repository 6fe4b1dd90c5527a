//! Guardians, legal authority, numbers that others gave, and what is known of the Sámi.

use register::part::{
    GuardianOrProxy, GuardianServiceArea, LegalAuthorityScope, NorwegianIdentificationNumberType,
    SamiLanguageType,
};
use sources::freg::document::{Document, Mapped};

use super::{mapped, person};

/// The guardian of a person with one arrangement, in which everything can be read.
fn guardian(fields: &str) -> GuardianOrProxy {
    let json = format!(r#""vergemaalEllerFremtidsfullmakt":[{{"verge":{{{fields}}}}}]"#);
    let mut arrangements = person(&json).guardianship_or_future_power_of_attorney;
    arrangements.remove(0).guardian.unwrap()
}

#[test]
fn a_guardian_in_the_older_form_has_nothing_of_the_newer() {
    let old = guardian(
        r#""navn":{"fornavn":"Bo","etternavn":"Ek"},"omfang":"oekonomiskeInteresser",
           "tjenesteomraade":null"#,
    );
    assert_eq!(old.name.and_then(|name| name.given_name).as_deref(), Some("Bo"));
    assert_eq!(old.guardian_information, None);
    assert_eq!(old.name_birth_date, None);
    assert_eq!(old.guardian_service_area, None);
    assert_eq!(old.is_guardianship_in_personal_scope, None);
}

#[test]
fn a_guardian_may_be_a_number_alone_or_nothing() {
    let alone = guardian(r#""foedselsEllerDNummer":"17875098164""#);
    let number = Some("17875098164".into());
    assert_eq!(alone, GuardianOrProxy { identification_number: number, ..Default::default() });
    assert_eq!(guardian(""), GuardianOrProxy::default());
}

#[test]
fn a_described_guardian_has_one_citizenship_in_the_deprecated_form() {
    for (wire, all, first) in [
        (r#"["FIN","SWE"]"#, vec!["FIN", "SWE"], Some("FIN")),
        (r#"["","XXX"]"#, vec!["XXX"], Some("XXX")),
        (r#""NOR""#, vec!["NOR"], Some("NOR")),
        ("[]", vec![], None),
        ("null", vec![], None),
    ] {
        let fields = format!(r#""navnFoedselsdato":{{"statsborgerskap":{wire}}}"#);
        let guardian = guardian(&fields);
        let information = guardian.guardian_information.unwrap();
        assert_eq!(information.citizenship.unwrap_or_default(), all, "{wire}");
        assert_eq!(guardian.name_birth_date.unwrap().citizenship.as_deref(), first, "{wire}");
    }
}

#[test]
fn a_task_is_told_once_and_its_words_are_not_ours_to_know() {
    let area = |establishment: &str, task: &str| GuardianServiceArea {
        guardian_service_establishment: Some(establishment.to_owned()),
        guardian_service_task: Some(task.to_owned()),
    };
    let pair = |establishment: &str, task: &str| {
        format!(
            r#"{{"vergeTjenestevirksomhet":"{establishment}","vergeTjenesteoppgave":"{task}"}}"#
        )
    };
    let wire = [
        pair("nav", "sosialeTjenester"),
        pair("kommune", "sosialeTjenester"),
        pair("nav", "sosialeTjenester"),
        pair("enNyEtat", "etNyttAnsvar"),
        "null".to_owned(),
        "{}".to_owned(),
    ];
    let guardian = guardian(&format!(r#""tjenesteomraade":[{}]"#, wire.join(",")));
    let expected = [
        area("nav", "sosialeTjenester"),
        area("kommune", "sosialeTjenester"),
        area("enNyEtat", "etNyttAnsvar"),
    ];
    assert_eq!(guardian.guardian_service_area.unwrap_or_default(), expected);
}

#[test]
fn several_arrangements_hold_at_once_and_offices_are_kept_in_any_spelling() {
    let offices = ["statsforvaltarenIMoereOgRomsdal", "statsforvalterenIOsloogViken", "fylket"];
    let items = offices.map(|office| format!(r#"{{"erGjeldende":true,"embete":"{office}"}}"#));
    let json = format!(r#""vergemaalEllerFremtidsfullmakt":[{}]"#, items.join(","));
    let arrangements = person(&json).guardianship_or_future_power_of_attorney;
    assert!(arrangements.iter().all(|item| item.is_valid == Some(true)));
    let kept: Vec<_> = arrangements.iter().filter_map(|item| item.office.as_deref()).collect();
    assert_eq!(kept, offices);
}

#[test]
fn legal_authority_is_read_with_a_capital_letter_too() {
    for element in ["rettsligHandleevne", "RettsligHandleevne"] {
        let json = format!(r#""{element}":[{{"rettsligHandleevneomfang":"begrenset"}}]"#);
        let limited = person(&json).legal_authority;
        assert_eq!(limited.len(), 1, "{element}");
        assert_eq!(limited[0].legal_authority_scope, Some(LegalAuthorityScope::Limited));
    }
}

#[test]
fn words_that_are_new_to_us_are_left_out_and_counted() {
    let Mapped { person, unknown } = mapped(
        r#""vergemaalEllerFremtidsfullmakt":[
             {"vergemaaltype":"lettVoksen","verge":{"omfang":"alt","omfangetErInnenPersonligOmraade":"ja"}}],
           "rettsligHandleevne":[{"rettsligHandleevneomfang":"opphevet"}],
           "forholdTilSametingetsValgmanntall":[{"forhold":"kanskje"}],
           "brukAvSamiskSpraak":[{"spraak":["nordsamisk","skoltesamisk",7,"lulesamisk"]}]"#,
    );
    let mut counted = unknown;
    counted.sort_unstable();
    let expected = [
        "brukAvSamiskSpraak",
        "brukAvSamiskSpraak",
        "forholdTilSametingetsValgmanntall",
        "rettsligHandleevne",
        "vergemaalEllerFremtidsfullmakt",
        "vergemaalEllerFremtidsfullmakt",
        "vergemaalEllerFremtidsfullmakt",
    ];
    assert_eq!(counted, expected);
    let languages = person.use_of_sami_language[0].language.clone().unwrap_or_default();
    assert_eq!(languages, [SamiLanguageType::Nordsamisk, SamiLanguageType::Lulesamisk]);
}

#[test]
fn foreign_numbers_are_kept_as_they_were_given_and_may_be_several() {
    let person = person(
        r#""utenlandskPersonidentifikasjon":[
             {"erGjeldende":true,"identifikasjonsnummer":" 4711/ÅÄÖ-x ","utstederland":"SWE"},
             {"erGjeldende":true,"identifikasjonsnummer":"4711/ÅÄÖ-X","utstederland":"SWE"},
             {"erGjeldende":true,"identifikasjonsnummertype":"enNyType"}]"#,
    );
    let foreign = person.foreign_person_identification_number;
    let numbers: Vec<_> = foreign.iter().map(|item| item.identification_number.as_ref()).collect();
    let numbers: Vec<_> = numbers.into_iter().map(|number| number.map(|n| n.as_str())).collect();
    assert_eq!(numbers, [Some("4711/ÅÄÖ-x"), Some("4711/ÅÄÖ-X"), None]);
    assert_eq!(foreign[2].identification_number_type.as_deref(), Some("enNyType"));
}

#[test]
fn the_digits_tell_the_kind_of_a_number_where_the_source_does_not() {
    use NorwegianIdentificationNumberType::{
        AlternateIdentificationNumber, DNumber, NationalIdentityNumber,
    };
    for (number, wire, expected, unknown) in [
        // What the source says holds, whatever the digits say.
        ("30888299978", r#","identifikatortype":"dNummer""#, Some(DNumber), 0),
        ("30888299978", "", Some(NationalIdentityNumber), 0),
        ("70888299961", r#","identifikatortype":"""#, Some(DNumber), 0),
        ("70888299961", r#","identifikatortype":"enNyType""#, Some(DNumber), 1),
        ("81234567802", "", Some(AlternateIdentificationNumber), 0),
        // Wrong check digits, and a number of another register: nothing is said.
        ("30888299979", "", None, 0),
        ("201512345678", "", None, 0),
    ] {
        let json =
            format!(r#"{{"identifikasjonsnummer":[{{"foedselsEllerDNummer":"{number}"{wire}}}]}}"#);
        let mapped = Document::read(json.as_bytes()).unwrap().into_person();
        let item = &mapped.person.norwegian_identification_number[0];
        assert_eq!(item.identification_number_type, expected, "{number} {wire}");
        assert_eq!(mapped.unknown.len(), unknown, "{number} {wire}");
    }
}
