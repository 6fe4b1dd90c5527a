//! Traps of the elements that tell how a person stands to Norway: identity, citizenship, permits,
//! moves, stays, and what is left of the dead.

use register::part::{
    ContactAddressForResiduaryEstate, FalseIdentity, IdentityVerificationStatus, Name,
    ParentalResponsibility, RelatedBiPerson,
};
use register::time::{Day, Instant};
use sources::freg::document::{Document, Mapped};

use super::{mapped, person};

#[test]
fn several_citizenships_are_current_at_once_in_any_order() {
    let person = person(
        r#""statsborgerskap":[
            {"erGjeldende":false,"statsborgerskap":"DNK"},
            {"erGjeldende":true,"statsborgerskap":"SWE","ervervsdato":"1982-08-29T22:00:00Z"},
            {"erGjeldende":false,"statsborgerskap":"XUK"},
            {"erGjeldende":true,"statsborgerskap":"NOR","ervervsdato":"2021-05-17"}]"#,
    );
    let sorted = person.sorted().citizenship;
    let listed: Vec<_> =
        sorted.iter().map(|one| (one.country_code.as_deref(), one.is_valid)).collect();
    let (yes, no) = (Some(true), Some(false));
    let expected = [(Some("SWE"), yes), (Some("NOR"), yes), (Some("DNK"), no), (Some("XUK"), no)];
    assert_eq!(listed, expected, "current ones first");
    assert_eq!(sorted[0].aquired_date, Day::parse("1982-08-30").ok());
}

#[test]
fn the_codes_for_no_country_are_kept() {
    for code in ["XXX", "XUK", "XXK", "NOR"] {
        let elements = format!(
            r#""statsborgerskap":[{{"statsborgerskap":"{code}"}}],
               "innflytting":[{{"fraflyttingsland":"{code}"}}],
               "utflytting":[{{"tilflyttingsland":"{code}"}}]"#
        );
        let person = person(&elements);
        assert_eq!(person.citizenship[0].country_code.as_deref(), Some(code));
        let from = person.immigration_to_norway[0].immigrated_from_country.as_deref();
        let to = person.emigration_from_norway[0].emigrated_to_country.as_deref();
        assert_eq!((from, to), (Some(code), Some(code)));
    }
}

#[test]
fn a_unique_identity_is_a_verified_one_in_both_ways_it_may_be_told() {
    use IdentityVerificationStatus::{NotVerified, Verified};
    for (fields, status) in [
        (r#""identitetsgrunnlagstatus":"unik""#, Some(Verified)),
        (r#""identitetsgrunnlagstatus":"kontrollert","unikhet":"unik""#, Some(Verified)),
        (r#""identitetsgrunnlagstatus":"ikkeKontrollert","unikhet":"unik""#, Some(Verified)),
        (r#""unikhet":"unik""#, Some(Verified)),
        (r#""identitetsgrunnlagstatus":"ikkeKontrollert","unikhet":"ikkeUnik""#, Some(NotVerified)),
        (r#""identitetsgrunnlagstatus":"ikkeKontrollert","unikhet":"""#, Some(NotVerified)),
        (r#""unikhet":"ikkeUnik""#, None),
    ] {
        let person = person(&format!(r#""identitetsgrunnlag":[{{{fields}}}]"#));
        let read = person.identity_verification[0].identity_verification_status;
        assert_eq!(read, status, "{fields}");
    }
    let fields = r#""identitetsgrunnlagstatus":"kontrollert","unikhet":"kanskje""#;
    let Mapped { person, unknown } = mapped(&format!(r#""identitetsgrunnlag":[{{{fields}}}]"#));
    let read = person.identity_verification[0].identity_verification_status;
    assert_eq!((read, unknown), (Some(Verified), vec!["identitetsgrunnlag"]));
}

#[test]
fn a_false_identity_is_one_object_and_of_several_the_current_one() {
    let read = |json: &str| person(&format!(r#""falskIdentitet":{json}"#)).false_identity;
    let number = |identity: Option<FalseIdentity>| {
        let number = identity.and_then(|one| one.correct_identity_from_identification_number);
        number.map(|number| number.as_str().to_owned())
    };
    let old = r#"{"erGjeldende":false,"rettIdentitetVedIdentifikasjonsnummer":"70888213099"}"#;
    let new = r#"{"erGjeldende":true,"rettIdentitetVedIdentifikasjonsnummer":"30888212120"}"#;
    assert_eq!(number(read(old)).as_deref(), Some("70888213099"));
    assert_eq!(number(read(&format!("[{old},{new}]"))).as_deref(), Some("30888212120"));
    assert_eq!(read("null"), None);
    assert_eq!(read("[]"), None);
}

#[test]
fn a_false_identity_may_say_that_nobody_knows_the_true_one() {
    let read = |json: &str| person(&format!(r#""falskIdentitet":{json}"#)).false_identity.unwrap();
    let unknown = read(r#"{"erFalsk":true,"rettIdentitetErUkjent":true}"#);
    assert_eq!(
        (unknown.is_false_identity, unknown.is_correct_identity_unknown),
        (Some(true), Some(true))
    );
    let unsaid = read("{}");
    assert_eq!((unsaid.is_valid, unsaid.is_false_identity), (Some(true), None));
    let described = read(r#"{"rettIdentitetVedOpplysninger":{"statsborgerskap":"SRB"}}"#);
    let citizenship = described.correct_identity_from_information.unwrap().citizenship;
    assert_eq!(citizenship, Some(vec!["SRB".to_owned()]), "one alone is a list of one");
}

#[test]
fn a_responsibility_stands_with_the_child_and_with_the_parent() {
    let person = person(
        r#""foreldreansvar":[
            {"ansvar":"felles","ansvarssubjekt":"17811460079"},
            {"ansvar":"felles","ansvarlig":"30888212120"},
            {"ansvar":"andre","ansvarligOrganisasjon":"310111222"},
            {"ansvarligUtenIdentifikator":{},"ansvarssubjektUtenIdentifikator":null},
            {"ansvarssubjektUtenIdentifikator":{"navn":{"fornavn":"Ib"},"kjoenn":""}}]"#,
    );
    let [child, parent, organization, nobody, child_abroad] =
        <[ParentalResponsibility; 5]>::try_from(person.parental_responsibility).unwrap();
    assert_eq!((child.responsible, child.subject_of_responsibility.is_some()), (None, true));
    assert_eq!((parent.responsible.is_some(), parent.subject_of_responsibility), (true, None));
    assert_eq!(organization.responsible_organization.as_deref(), Some("310111222"));
    assert_eq!(nobody.responsible_without_identifier, Some(RelatedBiPerson::default()));
    assert_eq!(nobody.subject_of_responsibility_without_identifier, None);
    let name = Name { given_name: Some("Ib".into()), ..Name::default() };
    let child = RelatedBiPerson { name: Some(name), ..RelatedBiPerson::default() };
    assert_eq!(child_abroad.subject_of_responsibility_without_identifier, Some(child));
}

#[test]
fn the_same_responsibility_twice_is_there_once() {
    let one = r#"{"ansvar":"felles","ansvarssubjekt":"17811460079","erGjeldende":true}"#;
    let person = person(&format!(r#""foreldreansvar":[{one},{one}]"#));
    assert_eq!(person.parental_responsibility.len(), 1);
}

fn estate_address(adresselinje: &str) -> (ContactAddressForResiduaryEstate, usize) {
    let address = format!(r#"{{"adresselinje":{adresselinje},"postnummer":"0151"}}"#);
    let Mapped { person, unknown } =
        mapped(&format!(r#""kontaktinformasjonForDoedsbo":[{{"adresse":{address}}}]"#));
    assert!(unknown.iter().all(|element| *element == "kontaktinformasjonForDoedsbo"));
    let estate = person.residuary_estate_contact_information.into_iter().next().unwrap();
    (estate.contact_address.unwrap(), unknown.len())
}

#[test]
fn the_lines_of_an_address_are_a_list_and_blank_ones_are_none() {
    for (json, lines, counted) in [
        (r#"["c/o Ås","Bakken 1"]"#, Some(vec!["c/o Ås", "Bakken 1"]), 0),
        (r#"["Bakken 1",""]"#, Some(vec!["Bakken 1"]), 0),
        (r#"["","Bakken 1"]"#, Some(vec!["Bakken 1"]), 0),
        (r#""Bakken 1""#, Some(vec!["Bakken 1"]), 0),
        (r#"["",null," "]"#, None, 0),
        (r#""""#, None, 0),
        ("[]", None, 0),
        ("null", None, 0),
        (r#"["Bakken 1",2,["3"],{"linje":"4"}]"#, Some(vec!["Bakken 1"]), 3),
        ("17", None, 1),
        ("1.5", None, 1),
        ("-1", None, 1),
        ("true", None, 1),
        (r#"{"linje":"4"}"#, None, 1),
    ] {
        let (address, unknown) = estate_address(json);
        let lines = lines.map(|lines| lines.into_iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!((address.address_line, unknown), (lines, counted), "{json}");
        assert_eq!(address.postal_code.as_deref(), Some("0151"));
    }
}

#[test]
fn a_scalar_for_an_element_or_an_object_is_no_document() {
    for elements in [
        r#""statsborgerskap":"NOR""#,
        r#""statsborgerskap":["NOR"]"#,
        r#""falskIdentitet":true"#,
        r#""opphold":7"#,
        r#""opphold":-7.5"#,
        r#""kontaktinformasjonForDoedsbo":[{"advokat":"Næss"}]"#,
        r#""legitimasjonsdokument":[{"dokumentkontroll":"kontrollert"}]"#,
    ] {
        let json = format!(
            r#"{{"identifikasjonsnummer":[{{"foedselsEllerDNummer":"30888212120"}}],{elements}}}"#
        );
        assert!(Document::read(json.as_bytes()).is_err(), "{elements}");
    }
}

#[test]
fn the_kind_and_the_examination_of_a_document_are_kept_in_any_spelling() {
    for kind in ["pass", "noedpass", "nødpass", "dnaRapport", "NOE_NYTT"] {
        let person = person(&format!(
            r#""legitimasjonsdokument":[{{"identifikasjonsdokumenttype":"{kind}",
                "identifikasjonsdokumentnummer":"007","gyldigTil":"2024-02-29",
                "dokumentkontroll":{{"dokumentkontrollstatus":"{kind}"}}}}]"#
        ));
        let document = &person.identification_document[0];
        assert_eq!(document.document_type.as_deref(), Some(kind));
        assert_eq!(document.document_number.as_deref(), Some("007"));
        assert_eq!(document.document_valid_to, Day::parse("2024-02-29").ok());
        let examined = document.document_verification.as_ref().unwrap();
        assert_eq!(examined.verification_status.as_deref(), Some(kind));
        assert_eq!(examined.verified_at, None);
    }
}

#[test]
fn when_a_document_was_examined_is_an_instant_and_how_long_it_is_good_for_a_day() {
    let person = person(
        r#""legitimasjonsdokument":[{"gyldigFra":"2020-02-28T23:00:00Z",
            "dokumentkontroll":{"dokumentkontrolltidspunkt":"2022-10-30T00:59:59.123456789Z"}}]"#,
    );
    let document = &person.identification_document[0];
    assert_eq!(document.document_valid_from, Day::parse("2020-02-29").ok());
    let examined = document.document_verification.as_ref().unwrap();
    // The last second of summer time, in the hour that comes twice that night.
    let expected = Instant::parse("2022-10-30T02:59:59.123456789+02:00").ok();
    assert_eq!(examined.verified_at, expected);
}

#[test]
fn the_order_of_a_birth_is_two_digits_and_zero_is_none() {
    for (json, number, counted) in [
        ("11", Some(11), 0),
        ("21", Some(21), 0),
        (r#""22""#, Some(22), 0),
        ("0", None, 0),
        (r#""""#, None, 0),
        ("null", None, 0),
        ("2.5", None, 1),
        (r#""to""#, None, 1),
        ("true", None, 1),
    ] {
        let Mapped { person, unknown } =
            mapped(&format!(r#""foedselINorge":[{{"rekkefoelgenummer":{json}}}]"#));
        let read = person.birth_in_norway[0].multiple_birth_number;
        assert_eq!((read, unknown.len()), (number, counted), "{json}");
    }
}

#[test]
fn no_stay_before_is_a_number_of_stays() {
    for (json, number) in [("0", 0), ("3", 3), (r#""0""#, 0)] {
        let person =
            person(&format!(r#""oppholdPaaSvalbard":[{{"antallTidligereOpphold":{json}}}]"#));
        assert_eq!(person.stay_on_svalbard[0].number_of_previous_stays, Some(number));
    }
}

#[test]
fn unknown_values_of_these_elements_are_left_out_and_counted_by_element() {
    let Mapped { person, unknown } = mapped(
        r#""bibehold":[{"bibeholdstatus":"HarBibehold","datoForBibehold":"2023-02-29"}],
           "falskIdentitet":{"erFalsk":"ja","rettIdentitetVedOpplysninger":{"kjoenn":"x"}},
           "foreldreansvar":[{"ansvar":"delt","ansvarligUtenIdentifikator":{"kjoenn":"x"}}],
           "identitetsgrunnlag":[{"identitetsgrunnlagstatus":"paavist"}],
           "kontaktinformasjonForDoedsbo":[{"skifteform":"privat","attestutstedelsesdato":"i går"}],
           "opphold":[{"oppholdstillatelse":"asyl","oppholdFra":20230101}],
           "oppholdPaaSvalbard":[{"antattOppholdsvarighet":"overTiAar"}],
           "utflytting":[{"utflyttingsdato":"0000-00-00"}]"#,
    );
    let counted = [
        ("bibehold", 2),
        ("falskIdentitet", 2),
        ("foreldreansvar", 2),
        ("identitetsgrunnlag", 1),
        ("kontaktinformasjonForDoedsbo", 2),
        ("opphold", 2),
        ("oppholdPaaSvalbard", 1),
        ("utflytting", 1),
    ];
    for (element, count) in counted {
        let noted = unknown.iter().filter(|noted| **noted == element).count();
        assert_eq!(noted, count, "{element}");
    }
    assert_eq!(unknown.len(), 13);
    assert_eq!(person.citizenship_retention[0].citizenship_retention_status, None);
    assert_eq!(person.residence_permit[0].residence_permit_type, None);
    assert_eq!(person.identity_verification[0].identity_verification_status, None);
    assert_eq!(person.parental_responsibility[0].responsibility_type, None);
    assert_eq!(person.stay_on_svalbard[0].estimated_length_of_stay, None);
    assert!(person.false_identity.is_some(), "what can be read is there");
}
