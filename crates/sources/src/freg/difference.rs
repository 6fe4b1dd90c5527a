//! Which elements differ between two documents of the same person.

use serde_json::{Map, Value};

use super::FormatError;
use super::document::ELEMENTS;
use crate::difference::Members;

/// Stands for every element that is new to us. FREG's own word for it is not repeated: nobody has
/// looked at what it may say.
pub const OTHER: &str = "(new to us)";

/// The elements that are not the same in both documents, in FREG's spelling; [`OTHER`] for those
/// that we do not know. The order of an element's items means nothing.
///
/// # Errors
/// [`FormatError`] if one of them is no JSON object.
pub fn differing_elements(ours: &[u8], theirs: &[u8]) -> Result<Vec<&'static str>, FormatError> {
    Ok(read(ours)?.differing(&read(theirs)?))
}

fn read(json: &[u8]) -> Result<Members, FormatError> {
    let document: Map<String, Value> = serde_json::from_slice(json)?;
    Ok(Members::of(&document, |spelled| Some(element(spelled))))
}

/// FREG has spelled an element with a capital letter before.
fn element(spelled: &str) -> &'static str {
    let known = ELEMENTS.iter().find(|name| name.eq_ignore_ascii_case(spelled));
    known.copied().unwrap_or(OTHER)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = r#"{
        "identifikasjonsnummer": [{"foedselsEllerDNummer": "01819912345", "status": "iBruk"}],
        "navn": [{"fornavn": "Ærlig", "etternavn": "Østgård"}, {"fornavn": "Åse"}],
        "kjoenn": {"kjoenn": "kvinne"},
        "rettsligHandleevne": [{"rettsligHandleevneomfang": "a"}],
        "bostedsadresse": [{"adressegradering": "ugradert", "linjer": ["1", "2"]}]
    }"#;

    fn differing(theirs: &str) -> Vec<&'static str> {
        differing_elements(OURS.as_bytes(), theirs.as_bytes()).unwrap()
    }

    #[test]
    fn what_means_the_same_is_the_same() {
        let theirs = r#"{
            "navn": [{"fornavn": "Åse"}, {"etternavn": "Østgård", "fornavn": "Ærlig", "x": null}],
            "RettsligHandleevne": {"rettsligHandleevneomfang": "a"}, "opphold": [], "status": null,
            "kjoenn": [{"kjoenn": "kvinne"}], "nyttElement": [],
            "bostedsadresse": [{"linjer": ["1", "2"], "adressegradering": "ugradert"}],
            "identifikasjonsnummer": [{"status": "iBruk", "foedselsEllerDNummer": "01819912345"}]
        }"#;
        assert_eq!(differing(theirs), [""; 0]);
    }

    #[test]
    fn every_element_that_differs_is_named_once() {
        let with = |from: &str, to: &str| differing(&OURS.replace(from, to));
        assert_eq!(with(r#"{"fornavn": "Åse"}"#, r#"{"fornavn": "Aase"}"#), ["navn"]);
        assert_eq!(with(r#", {"fornavn": "Åse"}"#, ""), ["navn"]);
        assert_eq!(
            with(r#"{"fornavn": "Åse"}"#, r#"{"fornavn": "Åse"}, {"fornavn": "Åse"}"#),
            ["navn"]
        );
        assert_eq!(with(r#"["1", "2"]"#, r#"["2", "1"]"#), ["bostedsadresse"]);
        assert_eq!(with("kvinne", ""), ["kjoenn"], "an empty text is a text");
        assert_eq!(with(r#""navn""#, r#""oppholdPaaSvalbard""#), ["navn", "oppholdPaaSvalbard"]);
        assert_eq!(with(r#""navn""#, r#""01819912345""#), [OTHER, "navn"]);
        assert_eq!(differing("{}").len(), 5);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for theirs in ["[]", "", "<html>", r#"{"navn":"#] {
            assert!(differing_elements(b"{}", theirs.as_bytes()).is_err(), "{theirs}");
        }
    }
}
